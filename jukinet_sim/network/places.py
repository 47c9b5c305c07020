"""Places at which jobs begin and end: levels of equal rank, one within another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.floats import Floats

Which = Literal["origin", "destination"]
"""The side of a job whose place counts."""
OTHERS = -1
"""In place of a number: all other places, by their weights."""


class NowhereError(ValueError):
    """Places stand for each other in a circle, or nobody is left to stand for others, from a change of this number on."""

    def __init__(self, what: str, change: int) -> None:
        super().__init__(what)
        self.change = change


@dataclass(frozen=True)
class PlaceFrom:
    """From `at_s` on a job that would begin or end at `place` does so at `to`: another place, any of the OTHERS, or its own.

    A place that stands for another may be away itself; then whatever stands for it stands for both.
    """

    at_s: float
    place: int
    to: int


@dataclass(frozen=True)
class PlaceLevel:
    """A set of equal-ranking places; `parent[i]` is the index of place i in the level named `within`."""

    name: str
    count: int
    weights: Floats
    within: str | None = None
    parent: tuple[int, ...] = ()
    labels: Sequence[str] = ()
    """What people call each place; its number where empty."""
    changes: tuple[PlaceFrom, ...] = ()
    """Which places are away from when on, in order of time; jobs under way keep the places they have."""

    def label(self, place: int) -> str:
        """Return what people call a place."""
        return self.labels[place] if self.labels else str(place)

    def standing_in(self) -> tuple[tuple[float, dict[int, int]], ...]:
        """Return for each instant of a change which place, or OTHERS, stands from then on for each that is away.

        Raises NowhereError where that is nobody.
        """
        to: dict[int, int] = {}
        found: list[tuple[float, dict[int, int]]] = []
        for number, change in enumerate(self.changes):
            to[change.place] = change.to
            if number + 1 < len(self.changes) and self.changes[number + 1].at_s == change.at_s:
                continue
            away = self._away(to, number)
            nobody = [place for place, end in away.items() if end == OTHERS]
            if nobody and not np.any(np.delete(self.weights, nobody)):
                raise NowhereError(f'nobody of "{self.name}" is left to stand for those who are away', number)
            found.append((change.at_s, away))
        return tuple(found)

    def given(self, places: NDArray[np.intp], at_s: Floats) -> NDArray[np.intp]:
        """Return where jobs with given places are that begin at these instants; OTHERS where any other place will do."""
        found = places.copy()
        instants = self.standing_in()
        for number, (begins_s, away) in enumerate(instants):
            ends_s = instants[number + 1][0] if number + 1 < len(instants) else np.inf
            for place, to in away.items():
                found[(places == place) & (at_s >= begins_s) & (at_s < ends_s)] = to
        return found

    def moved(self, weights: Floats, horizon_s: float) -> Floats:
        """Return shares of places as they are on average over the time up to a horizon, with those away elsewhere."""
        found = np.zeros(self.count)
        whole: Floats = weights / weights.sum()
        ahead = [(0.0, {}), *((at_s, away) for at_s, away in self.standing_in() if at_s < horizon_s)]
        ends_s = [*(at_s for at_s, _ in ahead[1:]), horizon_s]
        for (begins_s, away), until_s in zip(ahead, ends_s, strict=True):
            found += (until_s - begins_s) / horizon_s * _with_away(whole, away)
        return found

    def _away(self, to: dict[int, int], change: int) -> dict[int, int]:
        """Return what stands in the end for each place that is away. Raises NowhereError for a circle."""
        ends: dict[int, int] = {}
        for place in to:
            passed: dict[int, None] = {}
            end = place
            while end not in ends and end != OTHERS and to.get(end, end) != end:
                if end in passed:
                    steps = [*list(passed)[list(passed).index(end) :], end]
                    circle = ", ".join(f"{after} for {before}" for before, after in pairwise(steps))
                    raise NowhereError(f'places of "{self.name}" stand for each other in a circle: {circle}', change)
                passed[end] = None
                end = to[end]
            end = ends.get(end, end)
            ends.update(dict.fromkeys(passed, end))
        return {place: end for place, end in ends.items() if end != place}


def _with_away(shares: Floats, away: dict[int, int]) -> Floats:
    """Return shares in which those of places away are with whoever stands for them."""
    if not away:
        return shares
    there = shares.copy()
    there[[place for place, to in away.items() if to == OTHERS]] = 0.0
    if not there.any():
        return shares
    there /= there.sum()
    found = there.copy()
    for place, to in away.items():
        if to != OTHERS:
            found[place] -= there[place]
            found[to] += there[place]
    return found
