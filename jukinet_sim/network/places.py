"""Places at which jobs begin and end: levels of equal rank, one within another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jukinet_sim.network.floats import Floats

Which = Literal["origin", "destination"]
"""The side of a job whose place counts."""


@dataclass(frozen=True)
class PlaceLevel:
    """A set of equal-ranking places; `parent[i]` is the index of place i in the level named `within`."""

    name: str
    count: int
    weights: Floats
    within: str | None = None
    parent: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    """What people call each place; its number where empty."""

    def label(self, place: int) -> str:
        """Return what people call a place."""
        return self.labels[place] if self.labels else str(place)
