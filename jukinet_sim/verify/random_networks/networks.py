"""Whole random networks: levels, stations, pools, states, flows with their behaviour, and how a run is bounded and observed.

Stability is not asked for; a short horizon and small budgets bound each run. Most times are multiples of 1/4 s, so ties abound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from jukinet_sim.network.model import Closed, Flow, Network, Pool, Retry, Scheduled, State, Station
from jukinet_sim.verify.random_networks.arrivals import make_arrivals, make_origins
from jukinet_sim.verify.random_networks.chooser import Chooser, KeyedChooser
from jukinet_sim.verify.random_networks.focuses import make_focuses
from jukinet_sim.verify.random_networks.places import Levels, make_levels, make_weights, usable, with_changes
from jukinet_sim.verify.random_networks.routes import Means, make_route
from jukinet_sim.verify.random_networks.stations import make_hours, make_pool, make_state, make_station, make_watch
from jukinet_sim.verify.random_networks.times import duration, limit

EVENT_BUDGETS = (2000, 300, 2000)
SAME_INSTANT_BUDGETS = (400, 15, 400)
JOB_BUDGETS = (4_000_000, 4_000_000, 4_000_000, 60, 12)


@dataclass(frozen=True)
class _House:
    """What the flows of one network share."""

    levels: Levels
    stations: tuple[Station, ...]
    pools: tuple[Pool, ...]
    states: tuple[State, ...]
    horizon_s: float


def random_network(seed: int, number: int) -> Network:
    """Return the network of this seed and number."""
    return make_network(KeyedChooser(seed, number), f"random {seed}/{number}")


def make_network(choose: Chooser, name: str) -> Network:
    """Choose a network; its flows spawn only flows behind them, so that no spawning goes in circles."""
    horizon_s, drain = choose.choice((20.25, 60.0, 150.0)), choose.boolean()
    levels = make_levels(choose) if choose.choice((False, True, True)) else ()
    stations = tuple(make_station(choose, i, levels, horizon_s, drain=drain) for i in range(choose.integer(1, 4)))
    pools = tuple(make_pool(choose, i, levels) for i in range(choose.integer(0, 3)))
    states = tuple(make_state(choose, i, levels, horizon_s) for i in range(choose.choice((0, 0, 1, 2))))
    house = _House(levels, stations, pools, states, horizon_s)
    flows: list[Flow] = []
    for number in reversed(range(choose.integer(1, 4))):
        flows.insert(0, _flow(choose, number, flows, house))
    made = Network(
        name=name,
        horizon_s=horizon_s,
        stations=stations,
        flows=tuple(flows),
        pools=pools,
        levels=levels,
        states=states,
        watches=tuple(make_watch(choose, i, stations, horizon_s) for i in range(choose.choice((0, 0, 1)))),
        hours=tuple(make_hours(choose, i) for i in range(choose.choice((0, 0, 1, 2)))),
        warm_up_s=choose.choice((0.0, 10.25, 7.1)),
        drain=drain,
        series_bin_s=choose.choice((None, 10.0, 4.7)),
        event_budget=choose.choice(EVENT_BUDGETS),
        same_instant_budget=choose.choice(SAME_INSTANT_BUDGETS),
        job_budget=choose.choice(JOB_BUDGETS),
        focuses=make_focuses(choose, stations, pools, flows, horizon_s),
        busiest_hours=choose.boolean(),
    )
    return replace(made, levels=with_changes(choose, levels, horizon_s))


def _flow(choose: Chooser, number: int, behind: list[Flow], house: _House) -> Flow:
    """Choose a flow that may spawn those behind it whose places it can hand on; all but the first may have no arrivals."""
    ends = (None, *(level.name for level in house.levels))
    origin, destination = choose.choice(ends), choose.choice(ends)
    counts = {level.name: level.count for level in house.levels}
    timeout = limit(choose) if choose.boolean() else None
    arrivals = make_arrivals(choose, house.horizon_s) if number == 0 or not choose.boolean(4) else None
    if isinstance(arrivals, Scheduled) and origin is not None:
        arrivals = replace(arrivals, places=make_origins(choose, len(arrivals.at_s), counts[origin]))
    return Flow(
        name=f"flow{number}",
        route=make_route(choose, replace(_means(origin, destination, behind, house), held=_held(choose, house))),
        arrivals=arrivals,
        records=choose.choice((1, 5, 12, 0)),
        last_job_records=choose.choice((None, 5)),
        origin=origin,
        destination=destination,
        share=make_weights(choose, counts[origin]) if origin is not None and choose.boolean() else None,
        priority=choose.choice((0, 1, 2, -2)),
        patience=duration(choose) if choose.boolean(3) else None,
        timeout=timeout,
        zombie=timeout is not None and choose.boolean(),
        retry=_retry(choose) if choose.boolean() else None,
        due_s=choose.choice((None, 2.5, 0.75)),
    )


def _held(choose: Chooser, house: _House) -> frozenset[str]:
    """Choose whether jobs of a flow keep servers, which nobody can where they are shared."""
    return frozenset(s.name for s in house.stations if s.discipline != "ps") if choose.boolean(3) else frozenset()


def _means(origin: str | None, destination: str | None, behind: list[Flow], house: _House) -> Means:
    """Return what the steps of a flow with these places may name."""
    heirs = (flow for flow in behind if flow.origin in (None, origin) and flow.destination in (None, destination))
    return Means(
        usable(house.stations, origin, destination),
        usable((pool for pool in house.pools if pool.refill_per_s is None), origin, destination),
        usable((pool for pool in house.pools if pool.refill_per_s is not None), origin, destination),
        usable(house.states, origin, destination),
        tuple(flow.name for flow in heirs if not isinstance(flow.arrivals, Closed)),
        house.horizon_s,
    )


def _retry(choose: Chooser) -> Retry:
    return Retry(choose.choice((2, 1, 4, None)), duration(choose), choose.choice((1.0, 2.0, 0.5)))
