"""Random place levels, and which groups of stations, pools and states a job with its places can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jukinet_sim.network.model import (
    OTHERS,
    Floats,
    NowhereError,
    PlaceFrom,
    PlaceLevel,
    Pool,
    State,
    Station,
    Which,
    frozen_floats,
)
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


def with_changes(choose: Chooser, levels: Levels, horizon_s: float) -> Levels:
    """Choose whether some places of the first level are away now and then."""
    if not levels or choose.boolean(3):
        return levels
    first, *above = levels
    return (_where_possible(replace(first, changes=_changes(choose, first.count, horizon_s))), *above)


def _changes(choose: Chooser, count: int, horizon_s: float) -> tuple[PlaceFrom, ...]:
    """Choose who is away from when on; every change comes when no other does."""
    options = (OTHERS, *range(count))
    number = choose.integer(1, 4)
    instants_s = [choose.choice((0.0, 0.125, 0.25)) * horizon_s + k * horizon_s / 8.0 for k in range(number)]
    places = [choose.integer(0, count - 1) for _ in range(number)]
    return tuple(PlaceFrom(at_s, place, choose.choice(options)) for at_s, place in zip(sorted(instants_s), places, strict=True))


def _where_possible(level: PlaceLevel) -> PlaceLevel:
    """Return a level with as many of its changes, from the first on, as leave somebody."""
    while True:
        try:
            level.standing_in()
        except NowhereError as error:
            level = replace(level, changes=level.changes[: error.change])
        else:
            return level


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
