"""Random networks that use the whole vocabulary at once, each a pure function of a seed and a number.

Stability is not asked for; a short horizon and small budgets bound each run. Many times are multiples of 1/4 s, so ties
abound.
"""

from __future__ import annotations

from collections.abc import Iterable

from jukinet_sim.network.model import (
    Breakdowns,
    Discipline,
    Flow,
    Network,
    Outage,
    PlaceLevel,
    Pool,
    Schedule,
    SpeedFrom,
    State,
    Station,
    Which,
    frozen_floats,
)
from jukinet_sim.verify.chooser import Chooser
from jukinet_sim.verify.flows import random_flow
from jukinet_sim.verify.routes import Means, Place

_TOWN, _COUNTY = "town", "county"
_WITHIN: dict[str | None, tuple[str | None, ...]] = {None: (None,), _TOWN: (None, _TOWN, _COUNTY), _COUNTY: (None, _COUNTY)}
"""The levels whose groups a job with a place on this level can use."""
Levels = tuple[PlaceLevel, ...]
_DISCIPLINES: tuple[Discipline, ...] = ("fifo", "fifo", "priority", "ps")


def random_network(seed: int, number: int) -> Network:
    """Make a network; its flows spawn only flows behind them, so that no spawning goes in circles."""
    choose = Chooser(seed, number)
    horizon_s = choose.of((60.0, 20.25, 150.0))
    levels = _levels(choose) if choose.chance(0.6) else ()
    stations = tuple(_station(choose, i, levels, horizon_s) for i in range(choose.number(1, 4)))
    pools = tuple(_pool(choose, i, levels) for i in range(choose.number(0, 3)))
    states = tuple(_state(choose, i, levels, horizon_s) for i in range(choose.number(0, 2)))
    flows: list[Flow] = []
    for i in reversed(range(choose.number(1, 4))):
        ends: tuple[str | None, ...] = (None, *(level.name for level in levels))
        origin, destination = choose.of(ends), choose.of(ends)
        children = tuple(f.name for f in flows if f.origin in (None, origin) and f.destination in (None, destination))
        sides: tuple[tuple[Which, str | None], ...] = (("origin", origin), ("destination", destination))
        means = Means(
            _usable(stations, sides),
            _usable((pool for pool in pools if pool.refill_per_s is None), sides),
            _usable((pool for pool in pools if pool.refill_per_s is not None), sides),
            _usable(states, sides),
            children,
            horizon_s,
        )
        count = next((level.count for level in levels if level.name == origin), 0)
        share = frozen_floats(_weights(choose, count)) if count and choose.chance(0.3) else None
        flows.insert(0, random_flow(choose, f"flow{i}", means, origin, destination, share, first=i == 0))
    return Network(
        name=f"random {seed}/{number}",
        horizon_s=horizon_s,
        stations=stations,
        flows=tuple(flows),
        pools=pools,
        levels=levels,
        states=states,
        warm_up_s=choose.of((0.0, 10.25, 7.1)),
        drain=choose.chance(0.4),
        series_bin_s=choose.of((None, 10.0, 4.7)),
        event_budget=choose.of((2000, 2000, 300)),
        same_instant_budget=choose.of((400, 400, 15)),
    )


def _usable(groups: Iterable[Station | Pool | State], sides: Iterable[tuple[Which, str | None]]) -> tuple[Place, ...]:
    """Name the groups of which a job's origin or destination selects a member."""
    sides = tuple(sides)
    return tuple((group.name, side) for group in groups for side, level in sides if group.per in _WITHIN[level])


def _levels(choose: Chooser) -> Levels:
    towns, counties = choose.of((3, 5, 1)), choose.of((2, 1))
    parents = tuple(choose.number(0, counties - 1) for _ in range(towns))
    return (
        PlaceLevel(_TOWN, towns, frozen_floats(_weights(choose, towns)), _COUNTY, parents),
        PlaceLevel(_COUNTY, counties, frozen_floats(_weights(choose, counties))),
    )


def _weights(choose: Chooser, count: int) -> list[float]:
    """Make weights of which at least one is above 0."""
    return [1.0, *(choose.of((0.0, 0.5, 1.0, 3.0)) for _ in range(count - 1))]


def _per(choose: Chooser, levels: Levels) -> tuple[str | None, int]:
    """Choose a level, or none, and how many places it has."""
    level = choose.of((None, *levels))
    return (level.name, level.count) if level else (None, 1)


def _station(choose: Chooser, number: int, levels: Levels, horizon_s: float) -> Station:
    # The first station stands everywhere, so that every flow has one to visit.
    per, count = _per(choose, levels) if number else (None, 1)
    places = (None, *range(count)) if per else (None,)
    servers: tuple[int, ...] | int = choose.of((1, 2, 1, 3, 4))
    schedule = _schedule(choose, horizon_s) if choose.chance(0.25) else None
    if schedule is not None:
        servers = max(schedule.servers)
    elif per is not None and choose.chance(0.4):
        servers = tuple(choose.number(1, 3) for _ in range(count))

    def outage() -> Outage:
        return Outage(choose.quarters(horizon_s), choose.quarters(4.0) + 0.25, choose.of(places))

    def speed() -> SpeedFrom:
        return SpeedFrom(choose.of((0.0, choose.quarters(horizon_s))), choose.of((0.5, 2.0, 0.7, 1.0)), choose.of(places))

    speeds = choose.some(3, speed) if choose.chance(0.25) else []
    return Station(
        f"station{number}",
        servers,
        per,
        outages=tuple(choose.some(3, outage)) if choose.chance(0.5) else (),
        discipline=choose.of(_DISCIPLINES),
        capacity=choose.number(1, 6) if choose.chance(0.3) else None,
        schedule=schedule,
        breakdowns=_breakdowns(choose) if choose.chance(0.25) else None,
        speed=tuple(sorted(speeds, key=lambda change: change.at_s)),
    )


def _schedule(choose: Chooser, horizon_s: float) -> Schedule:
    later = sorted({choose.quarters(horizon_s / 3.0) for _ in range(choose.number(1, 3))} - {0.0})
    servers = tuple(choose.number(0, 4) for _ in later)
    repeat_s = (later[-1] if later else 0.0) + choose.of((0.25, 5.0)) if choose.chance(0.5) else None
    return Schedule((0.0, *later), (choose.number(1, 3), *servers), repeat_s)


def _breakdowns(choose: Chooser) -> Breakdowns:
    up, down = choose.duration(), choose.duration()
    return Breakdowns(up, down, "server" if choose.chance(0.6) else "station")


def _pool(choose: Chooser, number: int, levels: Levels) -> Pool:
    per, _ = _per(choose, levels)
    return Pool(f"pool{number}", choose.number(1, 3), per, choose.of((None, None, 1.0, 4.0)))


def _state(choose: Chooser, number: int, levels: Levels, horizon_s: float) -> State:
    per, count = _per(choose, levels)
    places = (None, *range(count)) if per else (None,)
    changes = choose.some(3, lambda: (choose.quarters(horizon_s), choose.of(places), choose.number(0, 2)))
    return State(f"state{number}", choose.number(0, 2), per, tuple(sorted(changes, key=lambda change: change[0])))
