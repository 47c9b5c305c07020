"""Paired differences: what is in them, that simultaneous intervals cover, and what common random numbers are worth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from jukinet_sim.statistics.paired import compare, difference, independent_replications

TRIALS = 1000
ACCEPTED = range(930, 971)
"""Joint coverage of 1,000 trials at 95 %: binomial with standard deviation 6.9, so a right program is outside in 0.3 %."""


def test_differences_are_to_the_first() -> None:
    """Values, half-widths and verdicts of two further scenarios and two metrics, by the textbook formula."""
    a, b, c = [1.0, 2.0, 3.0, 5.0], [3.0, 5.0, 4.0, 8.0], [1.0, 2.0, 4.0, 4.0]
    found = compare([[a, a], [b, a], [c, c]], level=0.9)
    gaps = np.subtract(b, a)
    half = stats.t.isf(0.1 / 4 / 2, 3) * gaps.std(ddof=1) / 2
    assert found[0][0].value == pytest.approx(gaps.mean())
    assert found[0][0].half_width == pytest.approx(half, rel=1e-9)
    assert (found[0][0].level, found[0][0].n) == (0.9, 4)
    assert found[0][0].correlation == pytest.approx(np.corrcoef(a, b)[0, 1], rel=1e-12)
    assert (found[0][1].value, found[0][1].half_width, found[0][1].verdict) == (0.0, 0.0, "no difference")
    assert found[1][0] == found[1][1]
    assert (len(found), len(found[0])) == (2, 2)


def test_verdicts() -> None:
    """An interval clear of 0 says on which side it lies; the same runs the other way round say the opposite."""
    a, b = [5.0, 6.0, 7.0, 6.5], [2.0, 3.1, 3.9, 3.4]
    assert (difference(a, b).verdict, difference(b, a).verdict) == ("less", "more")
    assert difference(a, [6.0, 5.0, 7.1, 6.4]).verdict == "no difference"


def test_undefined_pairs_are_left_out() -> None:
    """A pair counts only where both runs have a finite value; a run with fewer replications has none beyond them."""
    found = difference([1.0, None, 3.0, 4.0, 5.0, 9.0], [2.0, 2.0, math.nan, 5.5, 5.0])
    assert (found.value, found.n) == (pytest.approx(2.5 / 3), 3)


@pytest.mark.parametrize(("a", "b", "value", "n"), [([1.0], [3.0], 2.0, 1), ([None, 1.0], [1.0, None], None, 0)])
def test_too_few_pairs_show_nothing(a: list[float | None], b: list[float | None], value: float | None, n: int) -> None:
    """One pair has a difference without an interval, none has neither; nothing is claimed of them."""
    found = difference(a, b)
    assert (found.value, found.n) == (value, n)
    assert (found.half_width, found.verdict, found.correlation) == (None, "no difference", None)
    assert found.independent_replications is None


def test_a_constant_difference_is_exact() -> None:
    """Where every pair differs by the same, the interval has no width and the sign decides."""
    a = [1.0, 2.0, 4.0, 8.0]
    found = difference(a, [x + 0.25 for x in a])
    assert (found.value, found.half_width, found.verdict) == (0.25, 0.0, "more")
    assert found.correlation == pytest.approx(1.0)
    assert found.independent_replications is None, "no number of independent replications gives a half-width of 0"


def test_constant_figures() -> None:
    """Figures that never vary have no correlation, differ exactly, and two replications of each would show it."""
    found = difference([1 / 3] * 49, [1 / 49] * 49)
    assert (found.value, found.half_width, found.verdict) == (1 / 49 - 1 / 3, 0.0, "less")
    assert (found.correlation, found.independent_replications) == (None, 2)


def test_the_document() -> None:
    """The keys are those that `compare` prints."""
    assert set(difference([1.0, 2.0], [2.0, 1.0]).as_json()) == {
        "value", "half_width", "level", "n", "verdict", "correlation", "independent_replications",
    }  # fmt: skip


@pytest.mark.parametrize("values", [[], [[[1.0]]], [[[1.0]], [[1.0], [2.0]]]])
def test_nothing_to_compare(values: Any) -> None:
    """One scenario, or scenarios with unequal metrics, are refused."""
    with pytest.raises(ValueError, match="two scenarios or more"):
        compare(values)


def test_no_level() -> None:
    """A level that is no probability is refused."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare([[[1.0]], [[1.0]]], level=95)


@pytest.mark.parametrize(("one", "two"), [(1.0, 1.0), (0.1, 2.0), (0.0, 3.0)])
@pytest.mark.parametrize("half_width", [0.01, 0.2, 1.0, 30.0])
def test_independent_replications_are_the_least(one: float, two: float, half_width: float) -> None:
    """At the number found Welch's half-width is within what is asked, and with one replication less it is not."""

    def welch(n: int) -> float:
        a, b = one**2 / n, two**2 / n
        degrees = (a + b) ** 2 / (a * a / (n - 1) + b * b / (n - 1))
        return stats.t.isf(0.025, degrees) * math.sqrt(a + b)

    n = independent_replications(one, two, half_width, 0.95)
    assert n is not None
    assert welch(n) <= half_width
    assert n == 2 or welch(n - 1) > half_width


def test_what_common_random_numbers_are_worth() -> None:
    """For equal variances and correlation r independent sampling needs 1/(1-r) times as many, by and by: here 25 times."""
    rng = np.random.default_rng(20120401)
    common, own = rng.normal(size=2000), rng.normal(size=(2, 2000))
    a, b = (math.sqrt(0.96) * common + math.sqrt(0.04) * each for each in own)
    found = difference(a.tolist(), b.tolist())
    assert found.correlation == pytest.approx(0.96, abs=0.01)
    assert found.independent_replications is not None
    # A ratio of variances from 2,000 pairs has a relative standard error of sqrt(4/2000) = 4.5 %.
    assert found.independent_replications == pytest.approx(25 * 2000, rel=0.14)


def test_a_half_width_out_of_reach() -> None:
    """Pairs that are equal to the last digits would need more independent replications than can be counted."""
    assert independent_replications(1.0, 1.0, 1e-12, 0.95) is None


def covered(values: NDArray[np.float64], truth: NDArray[np.float64]) -> int:
    """In how many trials all intervals cover: `values` [trial, scenario, metric, replication], `truth` [scenario-1, metric]."""
    count = 0
    for trial in values:
        found = compare(trial.tolist())
        pairs = [(d, t) for ds, ts in zip(found, truth, strict=True) for d, t in zip(ds, ts, strict=True)]
        count += all(d.value is not None and abs(d.value - t) <= (d.half_width or 0.0) for d, t in pairs)
    return count


def test_one_interval_covers() -> None:
    """One difference of correlated normals is covered in exactly 95 % of trials."""
    rng = np.random.default_rng(1)
    common = rng.normal(size=(TRIALS, 1, 1, 12))
    values = 2.0 * common + rng.normal(size=(TRIALS, 2, 1, 12)) * np.array([1.0, 0.5]).reshape(1, 2, 1, 1)
    values[:, 1] += 0.7
    assert covered(values, np.array([[0.7]])) in ACCEPTED


def test_independent_intervals_cover_together() -> None:
    """Four independent metrics are covered together in (1 - 0.05/4)^4 = 95.1 % of trials."""
    rng = np.random.default_rng(2)
    gaps = np.array([0.0, 1.0, -2.0, 30.0])
    values = rng.normal(size=(TRIALS, 1, 4, 10)) + 0.3 * rng.normal(size=(TRIALS, 2, 4, 10))
    values[:, 1] += gaps[:, np.newaxis]
    assert covered(values, gaps[np.newaxis]) in ACCEPTED


def test_three_scenarios_cover_together() -> None:
    """Two scenarios beside a first that varies little have nearly independent differences, hence 1 - 2 x 0.025 + 0.025^2."""
    rng = np.random.default_rng(3)
    spread = np.array([0.05, 1.0, 1.0]).reshape(1, 3, 1, 1)
    values = spread * rng.normal(size=(TRIALS, 3, 1, 15)) + np.array([0.0, 1.0, 2.0]).reshape(1, 3, 1, 1)
    assert covered(values, np.array([[1.0], [2.0]])) in ACCEPTED


def test_means_of_exponentials_cover() -> None:
    """Replications that are means of 400 exponentials from the same uniforms, as of a simulation, are covered as normals are.

    The difference of two such means is a scaled gamma with skewness 2/sqrt(400) = 0.1; with 20 replications this moves the
    coverage of 95 % by less than 0.1 % (Hall 1983: the error is of order skewness^2/n).
    """
    rng = np.random.default_rng(4)
    common = rng.exponential(size=(TRIALS, 1, 1, 20, 400)).mean(axis=-1)
    values = common * np.array([1.0, 1.25]).reshape(1, 2, 1, 1)
    assert covered(values, np.array([[0.25]])) in ACCEPTED
