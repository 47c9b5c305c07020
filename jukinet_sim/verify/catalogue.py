"""Every point that the engines are held to, by name."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from jukinet_sim.verify import disciplines, limited, linked, single
from jukinet_sim.verify.point import Point


@lru_cache(maxsize=1)
def catalogue() -> dict[str, Point]:
    """Return all points by key, families together."""
    points = [*single.points(), *limited.points(), *disciplines.points(), *linked.points()]
    return {point.key: point for point in points}


def families() -> tuple[str, ...]:
    """Return the names of the families in their order."""
    return tuple(dict.fromkeys(point.family for point in catalogue().values()))


def chosen(only: Collection[str]) -> list[Point]:
    """Return the points of the named families, of all where none is named."""
    return [point for point in catalogue().values() if not only or point.family in only]
