"""Values of several systems, stage by stage, to the one with the smallest mean: who is clearly worse leaves early.

What is smaller than the zone of indifference is not worth telling apart; any system that close to the best is a right answer
then. Replications may share their random numbers between systems, and then need to be fewer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL

System = TypeVar("System")
Values = Callable[[System, int], ArrayLike]
"""From a system and a number of replications to its values, one a replication; the first n are the same whenever asked for."""

FIRST = 20
"""Replications of every system from which variances are estimated."""
MOST = 10_000
"""Replications of one system beyond which none is added."""


@dataclass(frozen=True, slots=True)
class Stage:
    """After how many replications of each who was left."""

    replications: int
    survivors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Selected(Generic[System]):
    """The system selected; None where each had an undefined value.

    It has the smallest mean with probability `confidence` at least if the others are `indifference` larger or more, and one
    within `indifference` of the smallest if they are not. `guaranteed` is False where replications ended before that could be
    said. `replications` are per system, in the order given; `path` has a stage whenever some left, systems by their place.
    """

    systems: tuple[System, ...]
    selected: System | None
    confidence: float
    indifference: float
    guaranteed: bool
    replications: tuple[int, ...]
    path: tuple[Stage, ...]


def select_smallest(
    systems: Sequence[System],
    values: Values[System],
    indifference: float,
    *,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
) -> Selected[System]:
    """Return the system with the smallest mean by the fully sequential procedure of Kim and Nelson (2001), with c = 1.

    After `first` replications the variances S_il^2 of all differences are known. From then on, after r replications, a system
    stays while its sum is no larger than any other's plus max(0, (h^2 S_il^2/d - d r)/2), where d is the indifference,
    h^2 = 2 eta (first - 1) and eta = ((2 alpha/(k-1))^(-2/(first-1)) - 1)/2 for k systems and alpha = 1 - `confidence`
    (valid under common random numbers). One replication of each survivor is added at a time. A system with an undefined value
    leaves. Raises ValueError for no system, an indifference that is not positive, a confidence not between 1/k and 1, or
    first < 2 or > most, and where values have another shape than was asked for.
    """
    _check(len(systems), indifference, confidence, first, most)
    table, counts = _columns(values, systems, first), [first] * len(systems)
    alive = np.flatnonzero(np.isfinite(table).all(axis=0))
    reach = _factor(len(systems), confidence, first) * _variances(table) / indifference
    sums, n, path = table.sum(axis=0), first, [Stage(first, tuple(alive.tolist()))]
    while True:
        room = np.maximum(0.0, 0.5 * (reach[np.ix_(alive, alive)] - indifference * n))
        stays = (sums[alive, None] <= sums[None, alive] + room).all(axis=1)
        alive = alive[stays]
        if tuple(alive.tolist()) != path[-1].survivors:
            path.append(Stage(n, tuple(alive.tolist())))
        decided = len(alive) < 2 or not room[np.ix_(stays, stays)].any()
        if decided or n == most:
            break
        n += 1
        newest = _columns(values, [systems[i] for i in alive], n)[-1]
        for at, value in zip(alive.tolist(), newest.tolist(), strict=True):
            counts[at] = n
            sums[at] += value
        alive = alive[np.isfinite(newest)]
    best = systems[int(alive[np.argmin(sums[alive])])] if len(alive) else None
    return Selected(tuple(systems), best, confidence, indifference, decided, tuple(counts), tuple(path))


def _factor(systems: int, confidence: float, first: int) -> float:
    """Return h^2 = 2 eta (first - 1); a single system needs no comparison."""
    if systems < 2:
        return 0.0
    eta = 0.5 * ((2.0 * (1.0 - confidence) / (systems - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return max(0.0, 2.0 * eta * (first - 1))


def _variances(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variances of all pairs' differences, of a table [replication, system]; exactly 0 for a constant difference."""
    found = np.zeros((table.shape[1],) * 2)
    for i in range(len(found)):
        with np.errstate(invalid="ignore"):
            gaps = table[:, i : i + 1] - table
            constant = (gaps == gaps[0]).all(axis=0)
            found[i] = np.where(constant, 0.0, gaps.var(axis=0, ddof=1))
    return found


def _columns(values: Values[System], systems: Sequence[System], n: int) -> NDArray[np.float64]:
    """Return the values of systems as a table [replication, system]. Raises ValueError where they are not n each."""
    columns = [np.asarray(values(system, n), dtype=np.float64) for system in systems]
    for column in columns:
        if column.shape != (n,):
            raise ValueError(f"values of shape {column.shape}; {n} replications were asked for")
    return np.stack(columns, axis=1)


def _check(systems: int, indifference: float, confidence: float, first: int, most: int) -> None:
    """Raise ValueError for what cannot be selected from."""
    if systems < 1:
        raise ValueError("a selection needs a system")
    if not 0.0 < indifference < math.inf:
        raise ValueError(f"an indifference of {indifference}; give a difference above 0 that is worth telling")
    if not (1.0 / systems if systems > 1 else 0.0) < confidence < 1.0:
        raise ValueError(f"no selection with confidence {confidence}; give one below 1 and above that of a blind guess")
    if not 2 <= first <= most:
        raise ValueError(f"first {first} and most {most} replications; give 2 <= first <= most")
