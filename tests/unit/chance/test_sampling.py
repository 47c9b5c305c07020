"""Values drawn from uniforms against scipy's distributions: quantiles, goodness of fit, moments."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.sampling import Samplers, sample, sample_block

Floats = NDArray[np.float64]
SEED = 2013
DRAWS = 100_000
LEVEL = 0.001

GAMMAS = [0.05, 0.5, 1.5, 3.0]
"""Coefficients of variation."""
WEIBULLS = [0.2, 0.5, 2.0]
SMOOTH: dict[str, tuple[Distribution, Any]] = {
    "exponential": (dist.exponential(0.3), stats.expon(scale=0.3)),
    "uniform": (dist.uniform(1.0, 4.0), stats.uniform(1.0, 3.0)),
    "erlang": (dist.erlang(4, 2.0), stats.gamma(4.0, scale=0.5)),
    **{f"gamma {cv}": (dist.gamma(2.0, cv), stats.gamma(cv**-2, scale=2.0 * cv**2)) for cv in GAMMAS},
    "lognormal": (dist.lognormal(2.0, 1.5), stats.lognorm(math.sqrt(math.log(3.25)), scale=2.0 / math.sqrt(3.25))),
    **{
        f"weibull {cv}": (d, stats.weibull_min(d.parameters[0], scale=d.parameters[1]))
        for cv, d in ((cv, dist.weibull(2.0, cv)) for cv in WEIBULLS)
    },
}
"""Distributions with a density, and scipy's of the same parameters."""
HYPER = dist.hyperexponential(1.0, 2.0)
THREE = dist.mixture((0.5, 0.3, 0.2), (1.0, 0.1, 7.0))
GEOMETRIC = dist.geometric(3.5)
VALUES = dist.empirical((5.0, 1.0, 2.0), (2.0, 5.0, 3.0))
EVERY: dict[str, Distribution] = {
    **{name: d for name, (d, _) in SMOOTH.items()},
    "constant": dist.constant(0.3),
    "hyperexponential": HYPER,
    "mixture": THREE,
    "geometric": GEOMETRIC,
    "empirical": VALUES,
}


def values(distribution: Distribution, u: Floats) -> Floats:
    """Sample at these uniforms, from the second row of a table so that offsets count."""
    samplers = Samplers()
    samplers.add(dist.gamma(1.0, 0.7))
    row = samplers.add(distribution)
    rows, tail = samplers.arrays()
    found = np.empty_like(u)
    sample_block(rows, tail, row, u, found)
    return found


def uniforms(count: int = DRAWS) -> Floats:
    """Draw uniforms of the form that `draws` makes: odd multiples of 2^-53."""
    n = np.random.default_rng(SEED).integers(0, 1 << 52, count)
    return np.asarray((n + 0.5) * 2.0**-52, dtype=np.float64)


def extremes() -> Floats:
    """Give uniforms from the smallest to the largest that `draws` can make."""
    n = np.unique((2.0 ** np.linspace(0.0, 51.9, 2000)).astype(np.int64)) - 1
    low = (n + 0.5) * 2.0**-52
    return np.concatenate([low, 1.0 - low[::-1]])


@pytest.mark.parametrize("name", SMOOTH)
def test_quantiles(name: str) -> None:
    """From 2^-53 to 1 - 2^-53 the value is scipy's quantile, to 1e-11, or to 1e-7 for the tabulated gamma."""
    ours, scipys = SMOOTH[name]
    u = np.concatenate([extremes(), uniforms(2000)])
    np.testing.assert_allclose(values(ours, u), scipys.ppf(u), rtol=1e-7 if ours.kind == "gamma" else 1e-11)


@pytest.mark.parametrize("name", SMOOTH)
def test_fit_of_densities(name: str) -> None:
    """100,000 values pass Kolmogorov and Smirnov's test at the level .001."""
    ours, scipys = SMOOTH[name]
    assert stats.kstest(values(ours, uniforms()), scipys.cdf).pvalue > LEVEL


@pytest.mark.parametrize("mixture", [HYPER, THREE], ids=["hyperexponential", "mixture"])
def test_fit_of_mixtures(mixture: Distribution) -> None:
    """Mixtures of exponentials pass the same test against the weighted sum of their distribution functions."""

    def cdf(t: Floats) -> Floats:
        parts = zip(mixture.weights, mixture.values, strict=True)
        return np.asarray(sum(p * -np.expm1(-t / mean) for p, mean in parts))

    assert stats.kstest(values(mixture, uniforms()), cdf).pvalue > LEVEL


def test_fit_of_the_geometric() -> None:
    """Counts of 1, 2, ..., 19 and more pass a chi-square test at the level .001."""
    found = values(GEOMETRIC, uniforms())
    assert np.all(found == np.floor(found))
    trials = stats.geom(1.0 / 3.5)
    counts = np.bincount(np.minimum(found, 20.0).astype(np.int64), minlength=21)[1:]
    shares = np.append(trials.pmf(np.arange(1, 20)), trials.sf(19))
    assert stats.chisquare(counts, shares * DRAWS).pvalue > LEVEL


def test_fit_of_given_values() -> None:
    """The values given, and no others, come in the proportions of their weights (chi-square, level .001)."""
    found, counts = np.unique(values(VALUES, uniforms()), return_counts=True)
    assert found.tolist() == [1.0, 2.0, 5.0]
    assert stats.chisquare(counts, np.array([0.5, 0.3, 0.2]) * DRAWS).pvalue > LEVEL


def test_geometric_quantiles() -> None:
    """The value is the least number of trials whose probability reaches the uniform."""
    u = np.concatenate([extremes(), uniforms(2000)])
    np.testing.assert_array_equal(values(GEOMETRIC, u), np.maximum(1.0, np.ceil(np.log1p(-u) / math.log1p(-1.0 / 3.5))))


@pytest.mark.parametrize("name", list(EVERY))
def test_larger_uniforms_never_give_smaller_values(name: str) -> None:
    """Over random, extreme and directly neighbouring uniforms the value does not decrease."""
    first = np.random.default_rng(SEED).integers(0, (1 << 52) - 100, 500)
    neighbours = ((first[:, None] + np.arange(100)).ravel() + 0.5) * 2.0**-52
    u = np.sort(np.concatenate([neighbours, extremes(), uniforms()]))
    assert np.diff(values(EVERY[name], u)).min() >= 0.0


@pytest.mark.parametrize("name", EVERY)
def test_values_are_finite_and_not_negative(name: str) -> None:
    """The extreme uniforms give finite values of at least 0."""
    found = values(EVERY[name], extremes())
    assert np.all(np.isfinite(found))
    assert found.min() >= 0.0


@pytest.mark.parametrize("name", EVERY)
def test_block_and_single_values_agree(name: str) -> None:
    """A block gives the same bits as one value at a time."""
    samplers = Samplers()
    row = samplers.add(EVERY[name])
    rows, tail = samplers.arrays()
    u = np.concatenate([extremes(), uniforms(2000)])
    block = np.empty_like(u)
    sample_block(rows, tail, row, u, block)
    assert block.tolist() == [sample(rows, tail, row, one) for one in u.tolist()]


def jumps(distribution: Distribution) -> Floats:
    """Give the uniforms between which a distribution's values change smoothly."""
    if distribution.kind == "geometric":
        inner = 1.0 - (1.0 - 1.0 / distribution.parameters[0]) ** np.arange(1, 100)
    elif distribution.kind == "empirical":
        inner = np.array([0.5, 0.8])
    else:
        inner = np.cumsum(distribution.weights)[:-1]
    return np.concatenate([[0.0], inner, [1.0]])


@pytest.mark.parametrize("name", EVERY)
def test_moments_are_integrals_of_the_value(name: str) -> None:
    """Mean and squared coefficient of variation are those of the values integrated over the unit interval.

    Between jumps at a and b the uniform is a + (b - a) F(z) with F the normal distribution function, whose density
    makes the trapezoidal rule converge fast although values grow without bound at the ends.
    """
    distribution = EVERY[name]
    z = np.linspace(-8.0, 8.0, 4001)
    inside, density = stats.norm.cdf(z), stats.norm.pdf(z) * (z[1] - z[0])
    first = second = 0.0
    edges = jumps(distribution)
    for low, high in pairwise(edges.tolist()):
        x = values(distribution, np.clip(low + (high - low) * inside, 2.0**-53, 1.0 - 2.0**-53))
        first += (high - low) * float(np.dot(x, density))
        second += (high - low) * float(np.dot(x * x, density))
    assert first == pytest.approx(distribution.mean, rel=1e-6)
    assert second / first**2 - 1.0 == pytest.approx(distribution.scv, rel=1e-5, abs=1e-9)


def test_equal_distributions_share_a_row() -> None:
    """Adding a description twice gives the same row, and another one the next."""
    samplers = Samplers()
    assert [samplers.add(d) for d in (HYPER, VALUES, dist.hyperexponential(1.0, 2.0))] == [0, 1, 0]
