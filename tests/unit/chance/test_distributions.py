"""Distributions as descriptions: the moments asked for are the moments described."""

from __future__ import annotations

import math

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution


@pytest.mark.parametrize(
    ("distribution", "mean", "cv"),
    [
        (dist.constant(0.3), 0.3, 0.0),
        (dist.exponential(0.3), 0.3, 1.0),
        (dist.uniform(1.0, 4.0), 2.5, 3.0 / math.sqrt(12.0) / 2.5),
        (dist.erlang(4, 0.3), 0.3, 0.5),
        (dist.erlang(1, 0.3), 0.3, 1.0),
        (dist.gamma(0.3, 0.5), 0.3, 0.5),
        (dist.gamma(0.3, 3.0), 0.3, 3.0),
        (dist.lognormal(0.3, 1.5), 0.3, 1.5),
        (dist.hyperexponential(0.3, 2.0), 0.3, 2.0),
        (dist.weibull(0.3, 0.25), 0.3, 0.25),
        (dist.weibull(0.3, 1.0), 0.3, 1.0),
        (dist.weibull(0.3, 4.0), 0.3, 4.0),
        (dist.geometric(5.0), 5.0, math.sqrt(1.0 - 1.0 / 5.0)),
    ],
    ids=repr,
)
def test_moments_are_those_asked_for(distribution: Distribution, mean: float, cv: float) -> None:
    """Mean and coefficient of variation of each constructor's result are its arguments or the textbook values."""
    assert distribution.mean == pytest.approx(mean, rel=1e-9)
    assert distribution.scv == pytest.approx(cv**2, rel=1e-9, abs=1e-15)


def test_mixture_moments() -> None:
    """A mixture of exponentials has the weighted means and twice the weighted squares."""
    found = dist.mixture((0.9, 0.1), (1.0, 20.0))
    assert found.moments == pytest.approx((0.9 + 2.0, 2.0 * (0.9 + 0.1 * 400.0)), rel=1e-12)


def test_empirical_weights_need_not_sum_to_one() -> None:
    """Weights 5 : 3 : 2 of the values 1, 2, 5 give the mean 2.1 and the second moment 6.7."""
    assert dist.empirical((1.0, 2.0, 5.0), (5.0, 3.0, 2.0)).moments == pytest.approx((2.1, 6.7), rel=1e-12)


def test_hyperexponential_has_balanced_means() -> None:
    """Both branches carry half of the mean."""
    found = dist.hyperexponential(1.0, 3.0)
    products = [p * mean for p, mean in zip(found.weights, found.values, strict=True)]
    assert products == pytest.approx([0.5, 0.5], rel=1e-12)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        (dist.exponential(0.0), dist.constant(0.0)),
        (dist.erlang(4, 0.0), dist.constant(0.0)),
        (dist.gamma(0.0, 0.5), dist.constant(0.0)),
        (dist.gamma(2.0, 0.0), dist.constant(2.0)),
        (dist.lognormal(2.0, 0.0), dist.constant(2.0)),
        (dist.weibull(2.0, 0.0), dist.constant(2.0)),
        (dist.uniform(2.0, 2.0), dist.constant(2.0)),
        (dist.geometric(1.0), dist.constant(1.0)),
        (dist.erlang(1, 2.0), dist.exponential(2.0)),
        (dist.hyperexponential(2.0, 1.0), dist.exponential(2.0)),
    ],
    ids=lambda value: value.kind,
)
def test_limits_are_the_simpler_distribution(found: Distribution, same: Distribution) -> None:
    """Where a parameter leaves nothing to draw, or one branch, the description is that of the simpler kind."""
    assert found == same


def test_a_mean_of_zero_has_no_variation() -> None:
    """The squared coefficient of variation of the constant 0 is 0."""
    assert dist.constant(0.0).scv == 0.0


@pytest.mark.parametrize("k", [2, 1_000, 11_000_000, 12_000_000, 10**15])
def test_an_erlang_of_any_number_of_stages_can_be_drawn(k: int) -> None:
    """So many stages that a gamma's quantile would take steps without end become the log-normal of the same moments."""
    made = dist.erlang(k, 2.0)
    assert made.kind == ("gamma" if k < 1.0 / dist.SMALLEST_GAMMA_CV**2 else "lognormal")
    assert made.mean == pytest.approx(2.0)
    assert made.scv == pytest.approx(1.0 / k, rel=1e-6, abs=1e-12)
