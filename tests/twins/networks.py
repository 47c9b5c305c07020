"""Random networks in which every part of the vocabulary may meet every other: stations, pools, states, places, flows, routes.

Stability is not asked for; a short horizon and small budgets bound each run. Most times are multiples of 1/4 s, so ties abound.
"""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from jukinet_sim.network.model import Closed, Flow, Network, Pool, Retry, State, Station, Which
from tests.twins.arrivals import make_arrivals
from tests.twins.routes import Means, make_route
from tests.twins.stations import COUNTY, TOWN, Levels, make_levels, make_pool, make_state, make_station, make_weights
from tests.twins.times import Draw, limits, short

EVENT_BUDGETS = (2000, 300, 2000)
SAME_INSTANT_BUDGETS = (400, 15, 400)
JOB_BUDGETS = (4_000_000, 4_000_000, 4_000_000, 60, 12)
_ONE_IN_THREE = st.sampled_from((False, False, True))


@st.composite
def networks(draw: Draw) -> Network:
    """Draw a network; its flows spawn only flows behind them, so that no spawning goes in circles."""
    horizon_s = draw(st.sampled_from((20.25, 60.0, 150.0)))
    drain = draw(st.booleans())
    levels = make_levels(draw) if draw(st.sampled_from((False, True, True))) else ()
    stations = tuple(make_station(draw, i, levels, horizon_s, drain) for i in range(draw(st.sampled_from((1, 2, 3, 4)))))
    pools = tuple(make_pool(draw, i, levels) for i in range(draw(st.sampled_from((0, 1, 2)))))
    states = tuple(make_state(draw, i, levels, horizon_s) for i in range(draw(st.sampled_from((0, 0, 1, 2)))))
    flows: list[Flow] = []
    for number in reversed(range(draw(st.sampled_from((1, 2, 3, 4))))):
        flows.insert(0, _flow(draw, number, flows, levels, stations, pools, states, horizon_s))
    return Network(
        name="random",
        horizon_s=horizon_s,
        stations=stations,
        flows=tuple(flows),
        pools=pools,
        levels=levels,
        states=states,
        warm_up_s=draw(st.sampled_from((0.0, 10.25, 7.1))),
        drain=drain,
        series_bin_s=draw(st.sampled_from((None, 10.0, 4.7))),
        event_budget=draw(st.sampled_from(EVENT_BUDGETS)),
        same_instant_budget=draw(st.sampled_from(SAME_INSTANT_BUDGETS)),
        job_budget=draw(st.sampled_from(JOB_BUDGETS)),
    )


def _flow(
    draw: Draw,
    number: int,
    behind: list[Flow],
    levels: Levels,
    stations: tuple[Station, ...],
    pools: tuple[Pool, ...],
    states: tuple[State, ...],
    horizon_s: float,
) -> Flow:
    """Draw a flow that may spawn those behind it whose places it can hand on."""
    ends = (None, *(level.name for level in levels))
    origin, destination = draw(st.sampled_from(ends)), draw(st.sampled_from(ends))
    heirs = (flow for flow in behind if flow.origin in (None, origin) and flow.destination in (None, destination))
    children = tuple(flow.name for flow in heirs if not isinstance(flow.arrivals, Closed))
    kept = tuple(pool for pool in pools if pool.refill_per_s is None)
    buckets = tuple(pool for pool in pools if pool.refill_per_s is not None)
    means = Means(
        _usable(stations, origin, destination),
        _usable(kept, origin, destination),
        _usable(buckets, origin, destination),
        _usable(states, origin, destination),
        children,
        horizon_s,
    )
    share = None
    if origin is not None and draw(st.booleans()):
        share = make_weights(draw, next(level.count for level in levels if level.name == origin))
    timeout = draw(limits()) if draw(st.booleans()) else None
    return Flow(
        name=f"flow{number}",
        route=make_route(draw, means),
        arrivals=make_arrivals(draw, horizon_s) if number == 0 or draw(st.integers(0, 3)) else None,
        records=draw(st.sampled_from((1, 5, 12, 0))),
        last_job_records=draw(st.sampled_from((None, 5))),
        origin=origin,
        destination=destination,
        share=share,
        priority=draw(st.sampled_from((0, 1, -2))),
        patience=draw(short()) if draw(_ONE_IN_THREE) else None,
        timeout=timeout,
        zombie=timeout is not None and draw(st.booleans()),
        retry=_retry(draw) if draw(st.booleans()) else None,
        due_s=draw(st.sampled_from((None, 2.5, 0.75))),
    )


def _retry(draw: Draw) -> Retry:
    return Retry(draw(st.sampled_from((2, 3, 1, None))), draw(short()), draw(st.sampled_from((1.0, 2.0, 0.5))))


def _usable(
    groups: Iterable[Station | Pool | State], origin: str | None, destination: str | None
) -> tuple[tuple[str, Which], ...]:
    """Name the groups of which a job's origin or destination selects a member."""
    within: dict[str | None, tuple[str | None, ...]] = {None: (None,), TOWN: (None, TOWN, COUNTY), COUNTY: (None, COUNTY)}
    sides: tuple[tuple[Which, str | None], ...] = (("origin", origin), ("destination", destination))
    return tuple((group.name, side) for group in groups for side, level in sides if group.per in within[level])
