"""Random stations, pools, states, watches and hours; servers come, go, stop, share and change their speed in every way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jukinet_sim.network.model import (
    Breakdowns,
    Discipline,
    Hours,
    Outage,
    PlaceLevel,
    Pool,
    Schedule,
    SpeedFrom,
    State,
    Station,
    Watch,
    frozen_floats,
)
from jukinet_sim.verify.random_networks.chooser import Chooser, several
from jukinet_sim.verify.random_networks.places import Levels, amounts, one_level, one_place
from jukinet_sim.verify.random_networks.times import between_failures, duration, instant, quarters

VALUES = (0, 1, 2)
"""What states may be."""
_DISCIPLINES: tuple[Discipline, ...] = ("fifo", "ps", "priority", "ps", "lifo", "random")
_SERVERS = (1, 2, 3, 4)


def make_station(choose: Chooser, number: int, levels: Levels, horizon_s: float, *, drain: bool) -> Station:
    """Choose a station; the first one stands everywhere, so that every flow has one to visit."""
    level = one_level(choose, levels) if number else None
    schedule = _schedule(choose, horizon_s, drain=drain) if choose.boolean() else None
    discipline = choose.choice(_DISCIPLINES)
    if schedule is not None and discipline != "ps":
        schedule = replace(schedule, interrupts=choose.boolean())
    interrupts = discipline == "priority" or (schedule is not None and schedule.interrupts)
    return Station(
        name=f"station{number}",
        servers=amounts(choose, level, _SERVERS) if schedule is None else max(1, *schedule.servers),
        per=level.name if level else None,
        outages=_outages(choose, level, horizon_s) if choose.boolean(3) else (),
        discipline=discipline,
        capacity=choose.integer(1, 6) if choose.boolean(3) else None,
        schedule=schedule,
        breakdowns=_breakdowns(choose) if choose.boolean() else None,
        speed=_speed(choose, level, horizon_s) if choose.boolean() else (),
        preemptive=choose.choice((None, "resume", "restart")) if interrupts else None,
        target_wait_s=choose.choice((None, None, 0.25, 2.0)),
    )


def _schedule(choose: Chooser, horizon_s: float, *, drain: bool) -> Schedule:
    """Up to four numbers of servers, none at times; the table may repeat every few seconds.

    Where the run is drained it repeats every hour only, as its changes are written out for two weeks beyond the horizon.
    """
    repeats = choose.boolean()
    latest_s = 8.0 if repeats else horizon_s
    starts = [0.0, *sorted(set(several(choose, 0, 3, lambda: instant(choose, latest_s))) - {0.0})]
    servers = tuple(choose.choice((1, 2, 0, 3, 4)) for _ in starts)
    period_s = 3600.0 if drain else starts[-1] + choose.choice((4.0, 0.25))
    return Schedule(tuple(starts), servers, period_s if repeats else None)


def _outages(choose: Chooser, level: PlaceLevel | None, horizon_s: float) -> tuple[Outage, ...]:
    def one() -> Outage:
        return Outage(instant(choose, horizon_s), quarters(choose, 4.0) + 0.25, one_place(choose, level))

    return tuple(several(choose, 1, 4, one))


def _breakdowns(choose: Chooser) -> Breakdowns:
    return Breakdowns(between_failures(choose), duration(choose), choose.choice(("server", "station")))


def _speed(choose: Chooser, level: PlaceLevel | None, horizon_s: float) -> tuple[SpeedFrom, ...]:
    """Return changes in the order of their dates, of all places or of one, the first of them often at time 0."""
    dates = sorted(several(choose, 0, 4, lambda: instant(choose, min(horizon_s, 30.0))))
    if choose.boolean():
        dates.insert(0, 0.0)
    factors = (2.0, 0.5, 1.0, 0.75, 1.3, 0.7)
    return tuple(SpeedFrom(at_s, choose.choice(factors), one_place(choose, level)) for at_s in dates)


def make_pool(choose: Chooser, number: int, levels: Levels) -> Pool:
    """Choose a pool whose tokens come back, or a token bucket."""
    level = one_level(choose, levels)
    refill_per_s = choose.choice((None, None, None, 1.0, 4.0, 0.7))
    tokens = amounts(choose, level, (1, 2, 3))
    ranked = refill_per_s is None and choose.boolean(3)
    return Pool(f"pool{number}", tokens, level.name if level else None, refill_per_s, "priority" if ranked else "fifo")


def make_state(choose: Chooser, number: int, levels: Levels, horizon_s: float) -> State:
    """Choose a state with its dated changes."""
    level = one_level(choose, levels)
    dates = sorted(several(choose, 0, 3, lambda: instant(choose, horizon_s)))
    changes = tuple((at_s, one_place(choose, level), choose.choice(VALUES)) for at_s in dates)
    return State(f"state{number}", choose.choice(VALUES), level.name if level else None, changes)


def make_watch(choose: Chooser, number: int, stations: tuple[Station, ...], horizon_s: float) -> Watch:
    """Choose queues of a station to look at for a while."""
    begins_s = instant(choose, horizon_s)
    places = choose.choice((None, (0,)))
    return Watch(f"watch{number}", begins_s, begins_s + 5.0, "station", choose.choice(stations).name, places)


def make_hours(choose: Chooser, number: int) -> Hours:
    """Choose stretches of time, one behind the other, in which results count apart."""
    edges = np.cumsum([choose.choice((0.25, 3.5, 7.1, 20.0)) for _ in range(2 * choose.integer(1, 3))])
    return Hours(f"hours{number}", frozen_floats(edges[::2]), frozen_floats(edges[1::2]))
