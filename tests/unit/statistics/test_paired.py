"""Paired differences against what is known of normal samples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.statistics.paired import Difference, differences, independent_replications
from jukinet_sim.statistics.student import two_sided_quantile

TRIALS, REPLICATIONS = 1000, 10


def normals(seed: int, correlation: float, shift: float, number: int = REPLICATIONS) -> list[list[float | None]]:
    """Two scenarios of unit variance whose replications are correlated, the second one larger by a shift."""
    first, own = np.random.default_rng(seed).standard_normal((2, number))
    return [first.tolist(), (correlation * first + math.sqrt(1.0 - correlation**2) * own + shift).tolist()]


def one(figures: list[list[float | None]], level: float = 0.95) -> Difference:
    """The only difference of the only figure."""
    return differences({"f": figures}, level)["f"][0]


def test_a_single_difference_is_the_paired_t_interval() -> None:
    """Of differences 1, 2, 3 the mean is 2, the deviation 1, and the half-width t(0.95, 2) / sqrt(3)."""
    found = one([[10.0, 20.0, 30.0], [11.0, 22.0, 33.0]])
    assert found.value == pytest.approx(2.0)
    assert found.half_width == pytest.approx(two_sided_quantile(0.95, 2) / math.sqrt(3.0))
    assert found.correlation == pytest.approx(1.0)
    assert (found.n, found.verdict) == (3, "no difference")


def test_intervals_hold_together() -> None:
    """Simultaneous 95 % intervals of three figures and two differences hold all at once in 930 to 970 of 1,000 trials.

    The six are independent here, so with Bonferroni's 1 - 0.05 / 6 each the expected number is 1,000 (1 - 0.05 / 6)^6 = 951.
    """
    shifts, held = (0.0, 0.5, -1.0), 0
    for trial in range(TRIALS):
        figures = {}
        for number, shift in enumerate(shifts):
            for side in (1, 2):
                figures[f"{number} {side}"] = normals(10_000 * side + 10 * trial + number, 0.9, side * shift)
        found = differences(figures)
        held += all(
            abs(found[f"{number} {side}"][0].value - side * shift) <= found[f"{number} {side}"][0].half_width  # type: ignore[operator]
            for number, shift in enumerate(shifts)
            for side in (1, 2)
        )
    assert 930 <= held <= 970


def test_many_scenarios_share_the_level() -> None:
    """With m figures and k scenarios each interval has the level 1 - 0.05 / (m (k - 1))."""
    values = [[0.0, 1.0], [0.0, 3.0], [1.0, 2.0]]
    found = differences({"f": values, "g": values})
    each = 1.0 - 0.05 / 4.0
    assert found["f"][0].half_width == pytest.approx(two_sided_quantile(each, 1) * math.sqrt(2.0) / math.sqrt(2.0))
    assert found["f"] == found["g"]
    assert {one.level for both in found.values() for one in both} == {0.95}


@pytest.mark.parametrize(("shift", "verdict"), [(5.0, "more"), (-5.0, "less"), (0.0, "no difference")])
def test_verdicts(shift: float, verdict: str) -> None:
    """The verdict tells on which side of 0 the whole interval lies."""
    assert one(normals(1, 0.9, shift)).verdict == verdict


def test_what_is_undefined_is_left_out() -> None:
    """A pair in which a figure is undefined on one side does not count; without pairs there is nothing to say."""
    assert one([[1.0, None, 3.0], [2.0, 2.0, 4.0]]).n == 2
    assert one([[None], [2.0]]) == Difference(None, None, 0.95, 0, "no difference", None, None)
    single = one([[1.0, None], [3.0, 1.0]])
    assert (single.value, single.half_width, single.n, single.verdict) == (2.0, None, 1, "no difference")


def test_differences_that_do_not_vary() -> None:
    """Equal replications differ by exactly nothing; a constant difference is known exactly, whatever rounding makes of it."""
    same = one([[1.0, 2.0], [1.0, 2.0]])
    assert (same.value, same.half_width, same.verdict, same.independent_replications) == (0.0, 0.0, "no difference", None)
    shifted = one([[0.1, 0.2, 0.3], [0.3, 0.4, 0.5]])
    assert (shifted.half_width, shifted.verdict) == (0.0, "more")
    assert one([[1.0, 1.0], [2.0, 2.0]]).correlation is None


@pytest.mark.parametrize("correlation", [0.0, 0.8, 0.98])
def test_what_pairing_saves(correlation: float) -> None:
    """Independent sampling needs 1 / (1 - correlation) times as many replications, for equal variances and many of them.

    The variance of a difference of pairs is 2 (1 - correlation) where that of independent ones is 2.
    """
    number = 2000
    found = one(normals(3, correlation, 0.1, number))
    assert found.independent_replications is not None
    assert found.independent_replications / number == pytest.approx(1.0 / (1.0 - correlation), rel=0.1)
    assert found.correlation == pytest.approx(correlation, abs=0.05)


def test_the_least_number_is_found() -> None:
    """With one replication less the interval would be wider than asked, with so many it is not."""
    found = independent_replications(1.0, 2.0, 0.3, 0.95)
    assert found is not None

    def half_width(n: int) -> float:
        return two_sided_quantile(0.95, 2 * n - 2) * math.sqrt(5.0 / n)

    assert half_width(found) <= 0.3 < half_width(found - 1)
