"""Combinations of several keys to the cheapest that meets all targets, where more of any key only helps.

What one combination shows spares others: one that misses rules out all with no more of any key, one that meets all with no
less. So few are simulated; where costs are random themselves, the feasible ones are then selected from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.statistics import selection
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL
from jukinet_sim.statistics.selection import Selected, Values, select_smallest
from jukinet_sim.statistics.sequential import FIRST, INDIFFERENCE, MOST, Evaluate, Evaluated, Judgement, Plan, judge, share

Item = TypeVar("Item")
Index = tuple[int, ...]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cheapest(Generic[Item]):
    """The cheapest combination that meets all targets, one item per key; None where no combination does.

    It is right with probability `confidence` at least. `distinguishable` is False where the answer, or the failure of one that
    would be cheaper, could not be told from the bounds; point estimates decided there. `selection` is that among feasible
    combinations where costs are random, else None.
    """

    answer: tuple[Item, ...] | None
    cost: float | None
    distinguishable: bool
    confidence: float
    evaluated: tuple[Evaluated[tuple[Item, ...]], ...]
    selection: Selected[tuple[Item, ...]] | None

    @property
    def replications(self) -> int:
        """Replications of all combinations together; a run that tells margins and cost counts once."""
        counts = {each.value: each.judgement.replications for each in self.evaluated}
        if self.selection is not None:
            for system, count in zip(self.selection.systems, self.selection.replications, strict=True):
                counts[system] = max(count, counts.get(system, 0))
        return sum(counts.values())


class _Feasibility(Generic[Item]):
    """What is known of the feasibility of a grid of combinations, and the error spent to know it."""

    def __init__(self, keys: Sequence[Sequence[Item]], evaluate: Evaluate[tuple[Item, ...]], plan: Plan, error: float) -> None:
        self.keys, self.evaluate, self.plan, self.error = keys, evaluate, plan, error
        self.shape = tuple(len(key) for key in keys)
        self.meets: Mask = np.zeros(self.shape, dtype=np.bool_)
        self.misses: Mask = np.zeros(self.shape, dtype=np.bool_)
        self.surely_meets, self.surely_misses = self.meets.copy(), self.misses.copy()
        self.judged: dict[Index, Judgement] = {}

    @property
    def unknown(self) -> Mask:
        """Which combinations nothing is known of."""
        return ~(self.meets | self.misses)

    def combination(self, at: Index) -> tuple[Item, ...]:
        """Return the items of a place in the grid."""
        return tuple(key[i] for key, i in zip(self.keys, at, strict=True))

    def learn(self, at: Index) -> None:
        """Simulate a combination until it is judged, and take in what that says of others."""
        spent = self.error * share(len(self.judged), sum(self.shape))
        found = self.judged[at] = judge(partial(self.evaluate, self.combination(at)), self.plan, spent)
        meets = found.estimate if found.meets is None else found.meets
        part = tuple(slice(i, None) if meets else slice(None, i + 1) for i in at)
        (self.meets if meets else self.misses)[part] = True
        if found.meets is not None:
            (self.surely_meets if meets else self.surely_misses)[part] = True

    @property
    def evaluated(self) -> tuple[Evaluated[tuple[Item, ...]], ...]:
        """What was simulated, in order."""
        return tuple(Evaluated(self.combination(at), judgement) for at, judgement in self.judged.items())


def cheapest(
    keys: Sequence[Sequence[Item]],
    cost: Callable[[tuple[Item, ...]], float],
    evaluate: Evaluate[tuple[Item, ...]],
    bounds: Sequence[float],
    *,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
    indifference: float = INDIFFERENCE,
) -> Cheapest[Item]:
    """Return the cheapest combination of one item of each key, of known cost, whose mean margins are all positive.

    Each key's items are ordered so that later ones only help; costs may be any. Feasibility is determined combination by
    combination (Batur and Kim 2010 check all; here monotonicity spares most, and so does a cheaper one that is feasible), each
    by `sequential.judge`, the errors of however many tests adding up to 1 - `confidence` (Bonferroni), whence the probability
    of a correct selection. Next comes the combination that leaves fewest to be known in the worse case. Raises ValueError for
    no key, a key without items, a confidence outside (0, 1), costs that are no numbers, and whatever `Plan` refuses.
    """
    _check(keys, confidence)
    known = _Feasibility(keys, evaluate, Plan(tuple(bounds), first, most, indifference), 1.0 - confidence)
    costs = np.array([cost(known.combination(at)) for at in np.ndindex(known.shape)], dtype=np.float64).reshape(known.shape)
    if not np.isfinite(costs).all():
        raise ValueError("every combination needs a cost that is a number")
    ranks = np.unique(costs, return_inverse=True)[1].reshape(known.shape)
    while (wanted := known.unknown & (costs < _least(costs, known.meets))).any():
        no_cheaper = np.cumsum(np.bincount(ranks[wanted], minlength=ranks.max() + 1)[::-1])[::-1][ranks]
        known.learn(_most_telling(wanted, no_cheaper, _no_more(wanted)))
    least = _least(costs, known.meets)
    sure = bool(known.surely_misses[costs < least].all())
    if least == math.inf:
        return Cheapest(None, None, sure, confidence, known.evaluated, None)
    at = _first(known.meets & (costs == least))
    sure = sure and bool(known.surely_meets[at])
    return Cheapest(known.combination(at), least, sure, confidence, known.evaluated, None)


def cheapest_measured(
    keys: Sequence[Sequence[Item]],
    cost: Values[tuple[Item, ...]],
    worth: float,
    evaluate: Evaluate[tuple[Item, ...]],
    bounds: Sequence[float],
    *,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
    indifference: float = INDIFFERENCE,
) -> Cheapest[Item]:
    """Return the combination of smallest mean cost whose mean margins are all positive, where a run says what it costs.

    Two phases, one after the other, each with half the error (Andradottir and Kim 2010, serial procedure; Healey, Andradottir
    and Kim 2014 for several constraints under common random numbers): all combinations are found feasible or not, then
    `select_smallest` selects among the feasible; `worth` is the difference in cost that is worth telling. Both hold with
    probability `confidence` at least (Bonferroni). Everything else is as in `cheapest`.
    """
    _check(keys, confidence)
    error = 0.5 * (1.0 - confidence)
    known = _Feasibility(keys, evaluate, Plan(tuple(bounds), first, most, indifference), error)
    while (wanted := known.unknown).any():
        known.learn(_most_telling(wanted, _no_less(wanted), _no_more(wanted)))
    sure = bool((known.surely_meets | known.surely_misses).all())
    feasible = [known.combination(tuple(at)) for at in np.argwhere(known.meets).tolist()]
    if not feasible:
        return Cheapest(None, None, sure, confidence, known.evaluated, None)
    chosen = select_smallest(feasible, cost, worth, confidence=1.0 - error, first=max(first, selection.FIRST))
    mean = None
    if chosen.selected is not None:
        n = chosen.replications[feasible.index(chosen.selected)]
        mean = float(np.asarray(cost(chosen.selected, n), dtype=np.float64).mean())
    return Cheapest(chosen.selected, mean, sure and chosen.guaranteed, confidence, known.evaluated, chosen)


def _least(costs: NDArray[np.float64], meets: Mask) -> float:
    """Return the least cost of what meets; infinite while nothing does."""
    return float(costs[meets].min()) if meets.any() else math.inf


def _first(mask: Mask) -> Index:
    """Return the first place of a grid where the mask holds."""
    return tuple(np.argwhere(mask)[0].tolist())


def _most_telling(wanted: Mask, if_met: NDArray[np.int_], if_missed: NDArray[np.int_]) -> Index:
    """Return the wanted place that settles most in the worse of the two cases; of equals, most in both together."""
    worse = np.where(wanted, np.minimum(if_met, if_missed), -1)
    both = np.where(worse == worse.max(), if_met + if_missed, -1)
    return _first(both == both.max())


def _no_more(wanted: Mask) -> NDArray[np.int_]:
    """Return for each place how many wanted ones have no more of any key."""
    found = wanted.astype(np.int_)
    for axis in range(found.ndim):
        found = np.cumsum(found, axis=axis)
    return found


def _no_less(wanted: Mask) -> NDArray[np.int_]:
    """Return for each place how many wanted ones have no less of any key."""
    return np.flip(_no_more(np.flip(wanted)))


def _check(keys: Sequence[Sequence[Item]], confidence: float) -> None:
    """Raise ValueError for what is no grid, or no confidence."""
    if not keys or not all(len(key) for key in keys):
        raise ValueError("a combination needs a key, and every key an item")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"no search with confidence {confidence}; give one between 0 and 1")
