"""Random place levels, and which groups of stations, pools and states a job with its places can use."""

from __future__ import annotations

from collections.abc import Iterable

from jukinet_sim.network.model import Floats, PlaceLevel, Pool, State, Station, Which, frozen_floats
from jukinet_sim.verify.random_networks.chooser import Chooser

TOWN, COUNTY = "town", "county"
Levels = tuple[PlaceLevel, ...]
Named = tuple[tuple[str, Which], ...]
"""Groups, each with the place of the job that selects one of the group."""
_WITHIN: dict[str | None, tuple[str | None, ...]] = {None: (None,), TOWN: (None, TOWN, COUNTY), COUNTY: (None, COUNTY)}
"""The levels whose groups a job with a place on this level can use."""


def make_levels(choose: Chooser) -> Levels:
    """Choose towns within counties."""
    towns, counties = choose.choice((1, 3, 5)), choose.choice((1, 2))
    parents = tuple(choose.integer(0, counties - 1) for _ in range(towns))
    labels = tuple(f"town of {i}" for i in range(towns)) if choose.boolean() else ()
    return (
        PlaceLevel(TOWN, towns, make_weights(choose, towns), COUNTY, parents, labels),
        PlaceLevel(COUNTY, counties, make_weights(choose, counties)),
    )


def make_weights(choose: Chooser, count: int) -> Floats:
    """Choose weights of which at least one is above 0."""
    weights = [choose.choice((1.0, 0.0, 0.5, 3.0)) for _ in range(count)]
    weights[choose.integer(0, count - 1)] = 1.0
    return frozen_floats(weights)


def one_level(choose: Chooser, levels: Levels) -> PlaceLevel | None:
    """Choose a level, or none."""
    return choose.choice((None, *levels))


def one_place(choose: Chooser, level: PlaceLevel | None) -> int | None:
    """Choose one place of a level, or None for all."""
    return choose.choice((None, *range(level.count))) if level is not None else None


def amounts(choose: Chooser, level: PlaceLevel | None, options: tuple[int, ...]) -> tuple[int, ...] | int:
    """Choose one amount for all places of a level, or one for each."""
    if level is None or choose.boolean():
        return choose.choice(options)
    return tuple(choose.choice(options) for _ in range(level.count))


def usable(groups: Iterable[Station | Pool | State], origin: str | None, destination: str | None) -> Named:
    """Name the groups of which a job's origin or destination selects a member."""
    sides: tuple[tuple[Which, str | None], ...] = (("origin", origin), ("destination", destination))
    return tuple((group.name, side) for group in groups for side, level in sides if group.per in _WITHIN[level])
