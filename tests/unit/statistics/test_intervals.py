"""Student's t and the intervals made of it, against scipy and the textbook formula."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from jukinet_sim.statistics.intervals import over_replications
from jukinet_sim.statistics.student import incomplete_beta, two_sided_quantile, two_sided_tail


@pytest.mark.parametrize("degrees", [1, 2, 3, 9, 19, 30, 99, 999, 100_000])
@pytest.mark.parametrize("level", [0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1 - 1e-6])
def test_quantile_equals_scipy(level: float, degrees: int) -> None:
    """The two-sided quantile of t agrees with scipy's for few and many degrees of freedom."""
    expected = stats.t.isf((1.0 - level) / 2.0, degrees)
    assert two_sided_quantile(level, degrees) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("degrees", [1.5, 7.25, 37.9, 99_999.5, 100_000.5, 1e7])
def test_quantile_takes_fractions(degrees: float) -> None:
    """Degrees of freedom by Welch are no whole numbers, and may be many."""
    for level in (0.5, 0.95, 1 - 1e-6):
        expected = stats.t.isf((1.0 - level) / 2.0, degrees)
        assert two_sided_quantile(level, degrees) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("level", [0.1, 0.5, 0.95, 0.999])
def test_quantile_of_one_degree_is_the_tangent(level: float) -> None:
    """With one degree of freedom t is Cauchy, whose two-sided quantile is tan(pi level / 2)."""
    assert two_sided_quantile(level, 1) == pytest.approx(math.tan(math.pi * level / 2.0), rel=1e-12)


@pytest.mark.parametrize(("t", "degrees"), [(1e-3, 4), (0.5, 1), (2.0, 7), (12.0, 19), (60.0, 5)])
def test_tail_equals_scipy(t: float, degrees: int) -> None:
    """The two-sided tail keeps its relative accuracy far out."""
    assert two_sided_tail(t, degrees) == pytest.approx(2.0 * stats.t.sf(t, degrees), rel=1e-11)


@pytest.mark.parametrize("x", [0.0, 0.01, 0.3, 0.7, 0.99, 1.0])
def test_incomplete_beta_of_whole_numbers_is_a_binomial_sum(x: float) -> None:
    """I_x(2, 3) is the probability of at least 2 successes in 4 trials (DLMF 8.17.5)."""
    expected = sum(math.comb(4, k) * x**k * (1.0 - x) ** (4 - k) for k in range(2, 5))
    assert incomplete_beta(2.0, 3.0, x, 1.0 - x) == pytest.approx(expected, rel=1e-13, abs=1e-300)


@pytest.mark.parametrize(("level", "degrees"), [(0.0, 5), (1.0, 5), (0.95, 0), (math.nan, 5)])
def test_quantile_refuses_what_has_none(level: float, degrees: int) -> None:
    """Levels outside (0, 1) and no degrees of freedom are refused."""
    with pytest.raises(ValueError, match="no t quantile"):
        two_sided_quantile(level, degrees)


def test_half_width_is_the_textbook_formula() -> None:
    """The half-width is t(0.95, n-1) s / sqrt(n)."""
    values = [1.0, 2.0, 4.0, 7.0]
    mean = 3.5
    s = math.sqrt(sum((v - mean) ** 2 for v in values) / 3)
    value = over_replications(values)
    assert (value.value, value.n, value.level) == (mean, 4, 0.95)
    assert value.half_width == pytest.approx(stats.t.ppf(0.975, 3) * s / 2.0, rel=1e-12)


def test_intervals_cover_at_their_level() -> None:
    """90 % intervals on normal samples contain the true mean in 90 % of 2,000 cases, within four standard errors."""
    samples = stats.norm.rvs(loc=5.0, size=(2000, 6), random_state=20120401)
    covered = 0
    for sample in samples:
        value = over_replications(sample.tolist(), level=0.9)
        assert value.value is not None
        assert value.half_width is not None
        covered += abs(value.value - 5.0) <= value.half_width
    assert abs(covered / 2000 - 0.9) < 4.0 * math.sqrt(0.9 * 0.1 / 2000)


def test_undefined_values_are_left_out_but_shown() -> None:
    """A replication without a value keeps its place and counts in neither mean nor n."""
    value = over_replications([1.0, None, 3.0])
    assert (value.value, value.n, value.per_replication) == (2.0, 2, (1.0, None, 3.0))


def test_one_replication_has_no_half_width() -> None:
    """A single value has a mean but no interval."""
    value = over_replications([4.0])
    assert (value.value, value.half_width, value.n) == (4.0, None, 1)


def test_no_value_at_all_is_undefined() -> None:
    """Without any defined value the mean is undefined too."""
    value = over_replications([None, None])
    assert (value.value, value.half_width, value.n) == (None, None, 0)


def test_what_is_not_finite_is_undefined() -> None:
    """NaN and infinity never reach a document."""
    value = over_replications([math.nan, math.inf, 2.0])
    assert value.as_json() == {
        "value": 2.0, "half_width": None, "level": 0.95, "n": 1, "per_replication": [None, None, 2.0],
    }  # fmt: skip


def test_equal_values_have_an_interval_of_no_width() -> None:
    """A figure that is the same in all replications is known exactly."""
    for number in (0.1, 1 / 49, 1 / 3, 1e300):
        for n in (2, 20, 49, 103):
            value = over_replications([number] * n)
            assert (value.value, value.half_width) == (number, 0.0)


def test_huge_deviations_do_not_overflow() -> None:
    """Deviations whose squares exceed the range of a float still give the half-width of the formula."""
    value = over_replications([-1e200, 1e200])
    assert value.half_width == pytest.approx(stats.t.ppf(0.975, 1) * 1e200, rel=1e-12)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_quantiles_of_infinitely_many_degrees(level: float) -> None:
    """Student's t with infinitely many degrees of freedom is the normal distribution."""
    assert two_sided_quantile(level, math.inf) == pytest.approx(stats.norm.ppf(0.5 + level / 2.0))
