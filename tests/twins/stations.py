"""Random stations, pools and states, with every way in which servers come, go, stop, share and change their speed."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from jukinet_sim.network.model import (
    Breakdowns,
    Discipline,
    Outage,
    PlaceLevel,
    Pool,
    Schedule,
    SpeedFrom,
    State,
    Station,
    frozen_floats,
)
from tests.twins.times import Draw, between_failures, quarters, short

TOWN, COUNTY = "town", "county"
Levels = tuple[PlaceLevel, ...]
DISCIPLINES: tuple[Discipline, ...] = ("fifo", "ps", "priority")
VALUES = (0, 1, 2)
"""What states may be."""
_SERVERS = st.sampled_from((1, 2, 3, 4))
_ONE_IN_THREE = st.sampled_from((False, False, True))


def make_levels(draw: Draw) -> Levels:
    """Draw towns within counties."""
    towns, counties = draw(st.sampled_from((1, 3, 5))), draw(st.sampled_from((1, 2)))
    parents = draw(st.lists(st.integers(0, counties - 1), min_size=towns, max_size=towns))
    return (
        PlaceLevel(TOWN, towns, make_weights(draw, towns), COUNTY, tuple(parents)),
        PlaceLevel(COUNTY, counties, make_weights(draw, counties)),
    )


def make_weights(draw: Draw, count: int) -> Any:
    """Draw weights of which at least one is above 0."""
    weights = draw(st.lists(st.sampled_from((1.0, 0.0, 0.5, 3.0)), min_size=count, max_size=count).filter(any))
    return frozen_floats(weights)


def _per(draw: Draw, levels: Levels) -> PlaceLevel | None:
    level: PlaceLevel | None = draw(st.sampled_from((None, *levels)))
    return level


def _place(draw: Draw, per: PlaceLevel | None) -> int | None:
    """One place of a level, or None for all."""
    place: int | None = draw(st.sampled_from((None, *range(per.count)))) if per is not None else None
    return place


def make_station(draw: Draw, number: int, levels: Levels, horizon_s: float, drain: bool) -> Station:
    """Draw a station; the first one stands everywhere, so that every flow has one to visit."""
    per = _per(draw, levels) if number else None
    schedule = _schedule(draw, horizon_s, drain) if draw(st.booleans()) else None
    servers: tuple[int, ...] | int = max(1, *schedule.servers) if schedule is not None else draw(_SERVERS)
    if per is not None and schedule is None and draw(st.booleans()):
        servers = tuple(draw(st.lists(_SERVERS, min_size=per.count, max_size=per.count)))
    return Station(
        f"station{number}",
        servers,
        per.name if per else None,
        _outages(draw, per, horizon_s) if draw(_ONE_IN_THREE) else (),
        draw(st.sampled_from((*DISCIPLINES, "ps"))),
        draw(st.sampled_from((None, None, None, 2, 4, 1))),
        schedule,
        _breakdowns(draw) if draw(st.booleans()) else None,
        _speed(draw, per, horizon_s) if draw(st.booleans()) else (),
    )


def _schedule(draw: Draw, horizon_s: float, drain: bool) -> Schedule:
    """Up to four numbers of servers, none at times; the table may repeat every few seconds.

    Where the run is drained it repeats every hour only, as its changes are written out for two weeks beyond the horizon.
    """
    repeats = draw(st.booleans())
    starts = [0.0, *sorted(draw(st.sets(quarters(8.0 if repeats else horizon_s).filter(bool), min_size=1, max_size=3)))]
    servers = draw(st.lists(st.sampled_from((1, 2, 0, 3)), min_size=len(starts), max_size=len(starts)))
    period_s = 3600.0 if drain else starts[-1] + draw(st.sampled_from((4.0, 0.25)))
    return Schedule(tuple(starts), tuple(servers), period_s if repeats else None)


def _outages(draw: Draw, per: PlaceLevel | None, horizon_s: float) -> tuple[Outage, ...]:
    return tuple(
        Outage(draw(quarters(horizon_s)), draw(quarters(4.0).map(lambda s: s + 0.25)), _place(draw, per))
        for _ in range(draw(st.sampled_from((1, 2, 4))))
    )


def _breakdowns(draw: Draw) -> Breakdowns:
    return Breakdowns(draw(between_failures()), draw(short()), draw(st.sampled_from(("server", "station"))))


def _speed(draw: Draw, per: PlaceLevel | None, horizon_s: float) -> tuple[SpeedFrom, ...]:
    """Changes in the order of their dates, of all places or of one, the first of them often at time 0."""
    dates = sorted(draw(st.lists(quarters(min(horizon_s, 30.0)), max_size=5)))
    if draw(st.booleans()):
        dates.insert(0, 0.0)
    factors = st.sampled_from((2.0, 0.5, 1.0, 0.75, 1.3))
    return tuple(SpeedFrom(at_s, draw(factors), _place(draw, per)) for at_s in dates)


def make_pool(draw: Draw, number: int, levels: Levels) -> Pool:
    """Draw a pool whose tokens come back, or a token bucket."""
    per = _per(draw, levels)
    refill_per_s = draw(st.sampled_from((None, None, 2.0, 0.5, 0.7)))
    return Pool(f"pool{number}", draw(st.sampled_from((1, 2, 3))), per.name if per else None, refill_per_s)


def make_state(draw: Draw, number: int, levels: Levels, horizon_s: float) -> State:
    """Draw a state with its dated changes."""
    per = _per(draw, levels)
    dates = sorted(draw(st.lists(quarters(horizon_s), max_size=3)))
    changes = tuple((at_s, _place(draw, per), draw(st.sampled_from(VALUES))) for at_s in dates)
    return State(f"state{number}", draw(st.sampled_from(VALUES)), per.name if per else None, changes)
