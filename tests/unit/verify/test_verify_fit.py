"""Goodness of fit without a library, against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from jukinet_sim.chance import distributions as dist
from jukinet_sim.verify import randomness
from jukinet_sim.verify.acceptance import UNLIKELY
from jukinet_sim.verify.fit import chi_square_p_value, distribution_function, gamma_tail, ks_p_value
from jukinet_sim.verify.randomness import KNOWN_ANSWERS, LAWS, randomness_claims

X = np.array([1e-9, 1e-3, 0.1, 0.7, 2.0, 5.0, 30.0])


@pytest.mark.parametrize("shape", [0.5, 1.0, 1.5, 2.5, 4.0, 9.5])
def test_gamma_tail(shape: float) -> None:
    """The upper incomplete gamma function of whole and half shapes is scipy's."""
    np.testing.assert_allclose(gamma_tail(shape, X), special.gammaincc(shape, X), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("shape", [0.0, -1.0, 0.3])
def test_other_shapes_are_refused(shape: float) -> None:
    """A shape without a closed form is an error."""
    with pytest.raises(ValueError, match="whole or half"):
        gamma_tail(shape, X)


@pytest.mark.parametrize("shift", [0.0, 0.002, 0.01])
def test_kolmogorov_and_smirnov(shift: float) -> None:
    """The p-value is scipy's, for values that fit and values that do not."""
    values = np.random.default_rng(3).random(20_000) * (1.0 - shift)
    ours = ks_p_value(values, lambda x: x)
    assert ours == pytest.approx(stats.kstest(values, "uniform").pvalue, abs=2e-3)


def test_chi_square() -> None:
    """The p-value is scipy's, with an odd and an even number of degrees of freedom."""
    for counts in ([20.0, 31.0, 49.0], [20.0, 31.0, 49.0, 60.0]):
        shares = np.arange(1.0, len(counts) + 1.0)
        shares /= shares.sum()
        expected = stats.chisquare(counts, shares * sum(counts)).pvalue
        assert chi_square_p_value(np.array(counts), shares) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_distribution_functions(name: str) -> None:
    """A law's function gives its mean: the integral of 1 - F over all x."""
    law = LAWS[name]
    x = np.concatenate([np.linspace(0.0, 1.0, 20_001)[1:] ** 3, np.geomspace(1.0, 1e4, 200_000)[1:]]) * law.mean
    tail = 1.0 - distribution_function(law)(x)
    assert float(np.trapezoid(tail, x)) + x[0] == pytest.approx(law.mean, rel=2e-3)


def test_claims_hold() -> None:
    """Every claim about random numbers holds at a small size."""
    claims = list(randomness_claims(10, 2000))
    assert [claim.name for claim in claims if not claim.holds] == []
    assert len(claims) == len(KNOWN_ANSWERS) + 7 + len(LAWS) + 4


def test_a_wrong_law_is_found() -> None:
    """20,000 exponential values held against a law with a mean 5 % larger are refused."""
    values = randomness._values(dist.exponential(0.300), randomness._uniforms("wrong law", 20_000))
    assert ks_p_value(values, distribution_function(dist.exponential(0.315))) < UNLIKELY


def test_a_copied_stream_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two streams that are the same numbers break the bound on correlations."""
    monkeypatch.setattr(randomness, "_stream", lambda coordinate, i, real=randomness._stream: real(coordinate, i % 9))
    assert not randomness._uncorrelated("step", 10).holds


def test_a_wrong_answer_is_found() -> None:
    """One changed bit of a known answer is noticed."""
    name, key, counter, answer = KNOWN_ANSWERS[2]
    assert not randomness._known_answer(name, key, counter, (answer[0] ^ 1, *answer[1:])).holds
