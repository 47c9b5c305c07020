"""Random networks that use the whole vocabulary at once: stations, outages, pools, places, arrivals of all kinds, long routes.

Stability is not asked for; a short horizon and small budgets bound each run. Most times are multiples of 1/4 s, so ties abound.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from jukinet_sim.distributions import constant, empirical, erlang, exponential, geometric
from jukinet_sim.network.model import (
    Arrivals,
    BatchPoisson,
    ExactCount,
    Flow,
    Network,
    Outage,
    Piecewise,
    PlaceLevel,
    Poisson,
    Pool,
    Renewal,
    Scheduled,
    Station,
    Which,
    frozen_floats,
)
from tests.twins.routes import Draw, Means, make_route

TOWN, COUNTY = "town", "county"
EVENT_BUDGETS = (2000, 2000, 300)
SAME_INSTANT_BUDGETS = (400, 400, 15)
_RATES = (2.0, 1.0, 0.5, 5.0)
_SERVERS = st.sampled_from((1, 2, 1, 3, 4))


@st.composite
def networks(draw: Draw) -> Network:
    """Draw a network; its flows spawn only flows behind them, so that no spawning goes in circles."""
    horizon_s = draw(st.sampled_from((60.0, 20.25, 150.0)))
    levels = _levels(draw) if draw(st.sampled_from((True, True, False))) else ()
    stations = tuple(_station(draw, i, levels, horizon_s) for i in range(draw(st.sampled_from((2, 3, 1, 4)))))
    pools = tuple(_pool(draw, i, levels) for i in range(draw(st.sampled_from((2, 1, 0)))))
    flows: list[Flow] = []
    for number in reversed(range(draw(st.sampled_from((2, 3, 1, 4))))):
        flows.insert(0, _flow(draw, number, flows, levels, stations, pools, horizon_s))
    return Network(
        name="random",
        horizon_s=horizon_s,
        stations=stations,
        flows=tuple(flows),
        pools=pools,
        levels=levels,
        warm_up_s=draw(st.sampled_from((0.0, 10.25, 7.1))),
        drain=draw(st.booleans()),
        series_bin_s=draw(st.sampled_from((None, 10.0, 4.7))),
        event_budget=draw(st.sampled_from(EVENT_BUDGETS)),
        same_instant_budget=draw(st.sampled_from(SAME_INSTANT_BUDGETS)),
    )


def _quarters(most_s: float) -> st.SearchStrategy[float]:
    """Draw an instant that is a multiple of 1/4 s."""
    return st.integers(0, int(4 * most_s)).map(lambda quarters: quarters / 4)


def _levels(draw: Draw) -> tuple[PlaceLevel, ...]:
    towns, counties = draw(st.sampled_from((3, 5, 1))), draw(st.sampled_from((2, 1)))
    parents = draw(st.lists(st.integers(0, counties - 1), min_size=towns, max_size=towns))
    return (
        PlaceLevel(TOWN, towns, _weights(draw, towns), COUNTY, tuple(parents)),
        PlaceLevel(COUNTY, counties, _weights(draw, counties)),
    )


def _weights(draw: Draw, count: int) -> Any:
    """Draw weights of which at least one is above 0."""
    weights = draw(st.lists(st.sampled_from((0.0, 0.5, 1.0, 3.0)), min_size=count, max_size=count).filter(any))
    return frozen_floats(weights)


def _per(draw: Draw, levels: tuple[PlaceLevel, ...]) -> PlaceLevel | None:
    level: PlaceLevel | None = draw(st.sampled_from((None, *levels)))
    return level


def _station(draw: Draw, number: int, levels: tuple[PlaceLevel, ...], horizon_s: float) -> Station:
    # The first station stands everywhere, so that every flow has one to visit.
    per = _per(draw, levels) if number else None
    servers: tuple[int, ...] | int = draw(_SERVERS)
    if per is not None and draw(st.booleans()):
        servers = tuple(draw(st.lists(_SERVERS, min_size=per.count, max_size=per.count)))
    places = (None, *range(per.count)) if per is not None else (None,)
    outages = [
        Outage(draw(_quarters(horizon_s)), draw(_quarters(4.0).map(lambda s: s + 0.25)), draw(st.sampled_from(places)))
        for _ in range(draw(st.sampled_from((0, 0, 1, 2, 4))))
    ]
    return Station(f"station{number}", servers, per.name if per else None, tuple(outages))


def _pool(draw: Draw, number: int, levels: tuple[PlaceLevel, ...]) -> Pool:
    per = _per(draw, levels)
    return Pool(f"pool{number}", draw(st.sampled_from((1, 2, 3))), per.name if per else None)


def _flow(
    draw: Draw,
    number: int,
    behind: list[Flow],
    levels: tuple[PlaceLevel, ...],
    stations: tuple[Station, ...],
    pools: tuple[Pool, ...],
    horizon_s: float,
) -> Flow:
    """Draw a flow that may spawn those behind it whose places it can hand on."""
    ends = (None, *(level.name for level in levels))
    origin, destination = draw(st.sampled_from(ends[::-1])), draw(st.sampled_from(ends[::-1]))
    children = tuple(flow.name for flow in behind if flow.origin in (None, origin) and flow.destination in (None, destination))
    means = Means(_usable(stations, origin, destination), _usable(pools, origin, destination), children, horizon_s)
    share = None
    if origin is not None and draw(st.booleans()):
        share = _weights(draw, next(level.count for level in levels if level.name == origin))
    return Flow(
        name=f"flow{number}",
        route=make_route(draw, means),
        arrivals=_arrivals(draw, horizon_s) if number == 0 or draw(st.integers(0, 3)) else None,
        records=draw(st.sampled_from((5, 12, 1, 0))),
        last_job_records=draw(st.sampled_from((None, 5))),
        origin=origin,
        destination=destination,
        share=share,
    )


def _usable(groups: Iterable[Station | Pool], origin: str | None, destination: str | None) -> tuple[tuple[str, Which], ...]:
    """Name the groups of which a job's origin or destination selects a member."""
    within: dict[str | None, tuple[str | None, ...]] = {None: (None,), TOWN: (None, TOWN, COUNTY), COUNTY: (None, COUNTY)}
    sides: tuple[tuple[Which, str | None], ...] = (("origin", origin), ("destination", destination))
    return tuple((group.name, side) for group in groups for side, level in sides if group.per in within[level])


def _arrivals(draw: Draw, horizon_s: float) -> Arrivals:
    kind = draw(st.sampled_from(("poisson", "piecewise", "exact", "scheduled", "batch", "renewal")))
    if kind == "poisson":
        return Poisson(draw(st.sampled_from(_RATES)))
    if kind == "batch":
        size = draw(st.sampled_from((constant(3.0), geometric(2.5), empirical((0.0, 2.0, 5.0), (1.0, 1.0, 1.0)))))
        return BatchPoisson(draw(st.sampled_from(_RATES)) / 3.0, size)
    if kind == "renewal":
        return Renewal(draw(st.sampled_from((constant(0.75), exponential(1.5), erlang(2, 1.0)))))
    if kind == "scheduled":
        at_s = sorted(draw(st.lists(_quarters(horizon_s), min_size=1, max_size=6)) * draw(st.sampled_from((9, 1, 0, 25))))
        records = draw(st.lists(st.integers(0, 12), min_size=3, max_size=3))
        return Scheduled(frozen_floats(at_s), tuple(records[i % 3] for i in range(len(at_s))))
    starts = [0.0, *sorted(draw(st.sets(_quarters(horizon_s).filter(bool), max_size=3)))]
    levels = st.lists(st.sampled_from((0.0, *_RATES)), min_size=len(starts), max_size=len(starts))
    end_s = starts[-1] + draw(st.sampled_from((0.25, 5.0)))
    if kind == "piecewise":
        repeat_s = draw(st.sampled_from((None, end_s)))
        return Piecewise(frozen_floats(starts), frozen_floats(draw(levels)), repeat_s)
    weights = frozen_floats(draw(levels.filter(any)))
    return ExactCount(draw(st.sampled_from((80, 1, 0, 300))), frozen_floats(starts), weights, end_s)
