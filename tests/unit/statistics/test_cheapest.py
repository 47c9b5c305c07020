"""The cheapest combination that meets its targets: found among all, with few of them simulated, at the confidence stated."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.statistics.cheapest import cheapest, cheapest_measured

SEARCHES = 1000
RIGHT = 936
"""Of 1,000 searches right with probability 0.95 at least, 936 or more are right in all but 2.1 % of cases."""
KEYS = (range(1, 9), range(1, 9))
Floats = NDArray[np.float64]
Combination = tuple[int, ...]


def yen(combination: Combination) -> float:
    """A unit of the first key costs 3, one of the second 5."""
    return 3.0 * combination[0] + 5.0 * combination[1]


def mean(combination: Combination) -> float:
    """Met where the product is above 17.5: by (3, 6), (4, 5), (5, 4), (6, 3) and whatever has more."""
    return math.log(math.prod(combination) / 17.5)


def oracle(margin: Callable[[Combination], float], errors: Floats) -> Callable[[Combination, int], Floats]:
    """Margins around those of a combination; the errors are common to all, as under common random numbers."""
    return lambda combination, replications: margin(combination) + errors[:replications]


def exact(margin: Callable[[Combination], float]) -> Callable[[Combination, int], Floats]:
    """Margins with next to no noise."""
    return oracle(margin, 1e-9 * np.random.default_rng(1).normal(size=(100, 1)))


def test_right_as_often_as_stated() -> None:
    """Of 64 combinations (6, 3) for 33 yen is the cheapest that meets; it is found with few of them simulated."""
    rng = np.random.default_rng(2010)
    answers: Counter[Any] = Counter()
    certain, tried = 0, 0
    for _ in range(SEARCHES):
        found = cheapest(KEYS, yen, oracle(mean, 0.04 * rng.normal(size=(100, 1))), [1.0])
        answers[found.answer] += 1
        certain += found.distinguishable
        tried += len(found.evaluated)
    assert answers[6, 3] >= RIGHT
    assert certain >= RIGHT
    assert tried / SEARCHES < 10


@pytest.mark.parametrize("seed", range(40))
def test_no_cheaper_one_is_overlooked(seed: int) -> None:
    """Whatever the costs, and for one to three keys, the answer costs what the cheapest of all feasible ones costs."""
    rng = np.random.default_rng(seed)
    keys = [range(int(n)) for n in rng.integers(1, 7, size=rng.integers(1, 4))]
    weights, costs = rng.uniform(0.2, 2.0, size=len(keys)), {}
    for combination in itertools.product(*keys):
        costs[combination] = float(rng.integers(1, 60))
    bound = rng.uniform(0.0, sum(w * len(key) for w, key in zip(weights, keys, strict=True)))

    def margin(combination: Combination) -> float:
        return float(np.dot(weights, combination)) - bound

    found = cheapest(keys, costs.__getitem__, exact(margin), [1e-6])
    feasible = [cost for combination, cost in costs.items() if margin(combination) > 0.0]
    assert found.cost == (min(feasible) if feasible else None)
    assert found.answer is None or (margin(found.answer) > 0.0 and costs[found.answer] == found.cost)
    assert found.distinguishable
    assert len({each.value for each in found.evaluated}) == len(found.evaluated) <= len(costs)


def test_a_target_equal_to_a_cheaper_one() -> None:
    """Where a cheaper combination has a margin of exactly 0, the answer cannot be told from it."""
    rng = np.random.default_rng(3)
    certain = 0
    for _ in range(100):
        margins = oracle(lambda c: math.log(math.prod(c) / 15.0), 0.04 * rng.normal(size=(100, 1)))
        found = cheapest(KEYS, yen, margins, [1.0])
        assert found.answer in {(5, 3), (8, 2), (4, 4)}
        certain += found.distinguishable
    assert certain <= 5


def test_none_is_feasible() -> None:
    """That none is feasible is sure once the combination with the most of all keys is known to miss."""
    found = cheapest(KEYS, yen, exact(lambda _: -1.0), [1.0])
    assert (found.answer, found.cost, found.distinguishable) == (None, None, True)
    assert (8, 8) in {each.value for each in found.evaluated}


def test_costs_that_runs_tell() -> None:
    """Among feasible combinations the one of smallest mean cost is selected; there the cost falls with more, then rises."""
    rng = np.random.default_rng(2014)
    right = 0
    for _ in range(300):
        errors = rng.normal(size=(2000, 2))
        found = cheapest_measured(
            ([3, 4, 5], [3, 4, 5]),
            lambda c, n, e=errors: (c[0] - 4) ** 2 + 2.0 * (c[1] - 4) + e[:n, 0],  # type: ignore[misc]
            0.9,
            oracle(lambda c: c[1] - 3.5, 0.2 * errors[:, 1:]),
            [1.0],
        )
        right += (found.answer, found.distinguishable) == ((4, 4), True)
        assert found.selection is not None
        assert found.selection.systems == tuple(itertools.product([3, 4, 5], [4, 5]))
    assert right >= 0.936 * 300
    assert found.cost == pytest.approx(0.0, abs=1.0)


def test_runs_count_once() -> None:
    """A combination that was judged and selected from is counted with the larger of its two numbers of replications."""
    errors = np.random.default_rng(5).normal(size=(300, 1))
    margins = oracle(lambda c: c[0] - 0.5, errors / 9)
    found = cheapest_measured(([0, 1],), lambda c, n: 9.0 * c[0] + errors[:n, 0], 1.0, margins, [1.0])
    assert found.answer == (1,)
    assert [each.value for each in found.evaluated] == [(0,), (1,)]
    assert found.selection is not None
    assert found.selection.replications == (20,)
    assert found.replications == found.evaluated[0].judgement.replications + 20


def test_nothing_feasible_is_not_selected_from() -> None:
    """Without a feasible combination there is no selection, and no cost."""
    found = cheapest_measured(KEYS, lambda _, n: np.zeros(n), 1.0, exact(lambda _: -1.0), [1.0])
    assert (found.answer, found.selection, found.distinguishable) == (None, None, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"keys": []}, "needs a key"),
        ({"keys": [[1], []]}, "every key an item"),
        ({"confidence": 0.0}, "confidence 0.0"),
        ({"cost": lambda _: math.nan}, "cost that is a number"),
        ({"bounds": []}, "needs a target"),
    ],
)
def test_what_cannot_be_searched(options: dict[str, Any], message: str) -> None:
    """Wrong arguments are named."""
    arguments: dict[str, Any] = {"keys": KEYS, "cost": yen, "evaluate": exact(mean), "bounds": [1.0], **options}
    with pytest.raises(ValueError, match=message):
        cheapest(**arguments)
