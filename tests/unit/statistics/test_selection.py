"""Selection of the smallest mean: right as often as stated where it is hardest, and cheap where it is easy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.statistics.selection import Stage, select_smallest

SELECTIONS = 1000
RIGHT = 936
"""Of 1,000 selections right with probability 0.95 at least, 936 or more are right in all but 2.1 % of cases."""
SYSTEMS = range(10)
Floats = NDArray[np.float64]


def from_table(table: Floats) -> Callable[[int, int], Floats]:
    """An oracle that hands out the columns of a table [replication, system]."""
    return lambda system, n: table[:n, system]


def selections(shared: float) -> tuple[int, float]:
    """How many of many selections are right in the slippage configuration, and replications of all systems on average.

    Ten systems, the best (7) a third of a standard deviation below all others, its distance just the indifference; `shared` is
    the correlation of the systems.
    """
    rng = np.random.default_rng(2001)
    means = np.where(np.arange(10) == 7, 0.0, 1.0 / 3.0)
    right, replications = 0, 0
    for _ in range(SELECTIONS):
        common = math.sqrt(shared) * rng.normal(size=(400, 1))
        table = means + common + math.sqrt(1.0 - shared) * rng.normal(size=(400, 10))
        found = select_smallest(SYSTEMS, from_table(table), 1.0 / 3.0, most=400)
        right += found.selected == 7
        replications += sum(found.replications)
    return right, replications / SELECTIONS


def test_right_in_the_slippage_configuration() -> None:
    """The hardest case of all that the guarantee is about: all others equally close."""
    right, _ = selections(0.0)
    assert right >= RIGHT


def test_common_random_numbers_save_replications() -> None:
    """With a correlation of 0.8 differences have a fifth of the variance, and the same is told by far less than half."""
    right, fewer = selections(0.8)
    assert right >= RIGHT
    assert fewer < 10 * 20 * 2.5


def test_the_clearly_worse_leave_first() -> None:
    """Who is far behind leaves after the first stage, the path says when each left, and survivors alone go on."""
    table = np.random.default_rng(1).normal(size=(2000, 4)) + np.array([0.0, 0.25, 9.0, 9.0])
    found = select_smallest(["a", "b", "c", "d"], lambda name, n: table[:n, "abcd".index(name)], 0.2)
    assert (found.selected, found.guaranteed, found.confidence, found.indifference) == ("a", True, 0.95, 0.2)
    assert found.path[:2] == (Stage(20, (0, 1, 2, 3)), Stage(20, (0, 1)))
    assert found.path[-1].survivors == (0,)
    assert found.replications[2:] == (20, 20)
    assert found.replications[0] == found.replications[1] == found.path[-1].replications > 20


def test_the_boundary_is_kim_and_nelsons() -> None:
    """Two systems are told apart at the first r at which their sums differ by more than (h^2 S^2/d - d r)/2."""
    table = np.random.default_rng(3).normal(size=(3000, 2)) + np.array([0.0, 0.3])
    first, d, alpha = 10, 0.3, 0.05
    gaps = table[:, 1] - table[:, 0]
    eta = 0.5 * ((2 * alpha) ** (-2 / (first - 1)) - 1)
    reach = 2 * eta * (first - 1) * gaps[:first].var(ddof=1)
    r = np.arange(1, 3001)
    crossed = (r >= first) & (np.abs(np.cumsum(gaps)) > np.maximum(0.0, 0.5 * (reach / d - d * r)))
    found = select_smallest([0, 1], from_table(table), d, first=first)
    assert found.replications == (np.argmax(crossed) + 1,) * 2
    assert found.selected == 0


def test_differences_that_never_vary() -> None:
    """Constant differences are exact: the smallest is known after the first stage, and of equals the first is taken."""
    common = np.random.default_rng(4).normal(size=30)
    found = select_smallest([3.0, 1.0, 2.0, 1.0], lambda shift, n: common[:n] * 0.0 + shift, 0.5)
    assert (found.selected, found.guaranteed, found.replications) == (1.0, True, (20,) * 4)


def test_a_single_system() -> None:
    """It is the best there is."""
    assert select_smallest(["only"], lambda _, n: np.arange(n), 1.0).selected == "only"


def test_undefined_systems_leave() -> None:
    """A system with an undefined value, in the first stage or later, is not selected; None where that leaves none."""
    table = np.random.default_rng(5).normal(size=(400, 3)) * 3.0
    table[4, 0] = np.nan
    table[25, 1] = np.nan
    found = select_smallest([0, 1, 2], from_table(table), 0.4)
    assert found.selected == 2
    assert found.replications[0] == 20
    assert select_smallest([0], from_table(table), 0.4).selected is None
    table[4] = np.nan
    assert select_smallest([0, 1, 2], from_table(table), 0.4).selected is None


def test_replications_end() -> None:
    """Where they end too early the smaller mean is given, without a guarantee."""
    table = np.random.default_rng(6).normal(size=(40, 2))
    found = select_smallest([0, 1], from_table(table), 1e-3, most=40)
    assert (found.guaranteed, found.replications) == (False, (40, 40))
    assert found.selected == int(np.argmin(table.sum(axis=0)))


@pytest.mark.parametrize(
    ("systems", "options", "message"),
    [
        ([], {}, "needs a system"),
        ([0], {"indifference": 0.0}, "above 0"),
        ([0, 1], {"confidence": 0.5}, "blind guess"),
        ([0, 1], {"confidence": 1.0}, "below 1"),
        ([0, 1], {"first": 1}, "2 <= first <= most"),
        ([0, 1], {"first": 30, "most": 20}, "2 <= first <= most"),
        ([0, 1], {"first": 31}, "31 replications were asked for"),
    ],
)
def test_what_cannot_be_selected(systems: list[int], options: dict[str, Any], message: str) -> None:
    """Wrong arguments, and values of another shape, are named."""
    with pytest.raises(ValueError, match=message):
        select_smallest(systems, from_table(np.zeros((30, 2))), **{"indifference": 1.0, **options})
