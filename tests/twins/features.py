"""Which parts of the vocabulary a network uses and which of them a run of it met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Loop, Network, Step

STATIC = frozenset(
    {
        "Visit", "Delay", "Gate", "Acquire", "Release", "Branch", "Loop", "Spawn",
        "Poisson", "BatchPoisson", "Renewal", "Piecewise", "ExactCount", "Scheduled",
        "loop in a loop", "loop over records", "labelled loop", "labelled branch", "branch with exit", "seconds per record",
        "place level", "station per place", "servers per place", "pool per place", "station at a destination",
        "overlapping outages", "outage of one place", "several servers",
        "zero rate", "repeated rates", "tied schedule", "own shares", "last job of its own",
        "warm-up", "series", "drain",
    }
)  # fmt: skip
DYNAMIC = frozenset(
    {"waited at a station", "waited for a token", "outage in the window", "spawned", "left in the system", "limit"}
)
FEATURES = STATIC | DYNAMIC


def steps_of(steps: Iterable[Step], inside: bool = False) -> Iterator[tuple[Step, bool]]:
    """Every step of a route, and whether it stands in a loop."""
    for step in steps:
        yield step, inside
        if isinstance(step, Loop):
            yield from steps_of(step.body, True)


def features(network: Network, run: Replication) -> set[str]:
    """Name what the network uses and the run met."""
    return _of_routes(network) | _of_stations(network) | _of_arrivals(network) | _of_run(network, run)


def _met(**conditions: object) -> set[str]:
    return {name.replace("_", " ") for name, met in conditions.items() if met}


def _of_routes(network: Network) -> set[str]:
    found: set[str] = set()
    for step, inside in (pair for flow in network.flows for pair in steps_of(flow.route)):
        kind = type(step).__name__
        found |= {kind} | _met(
            loop_in_a_loop=kind == "Loop" and inside,
            loop_over_records=getattr(step, "per_records", None),
            labelled_loop=kind == "Loop" and step.label,
            labelled_branch=kind == "Branch" and step.label,
            branch_with_exit=any(target is None for target, _ in getattr(step, "targets", ())),
            seconds_per_record=getattr(step, "per_record_s", 0.0),
            station_at_a_destination=kind == "Visit" and getattr(step, "at", None) == "destination",
        )
    return found


def _of_stations(network: Network) -> set[str]:
    found = _met(
        place_level=network.levels,
        pool_per_place=any(pool.per for pool in network.pools),
        series=network.series_bin_s,
        drain=network.drain,
    ) | ({"warm-up"} if network.warm_up_s else set())
    for station in network.stations:
        outages = sorted((o.at_s, o.at_s + o.for_s) for o in station.outages)
        found |= _met(
            station_per_place=station.per,
            servers_per_place=isinstance(station.servers, tuple),
            several_servers=station.servers_at(0) > 1,
            outage_of_one_place=any(o.place is not None for o in station.outages),
            overlapping_outages=any(after < end for (_, end), (after, _) in pairwise(outages)),
        )
    return found


def _of_arrivals(network: Network) -> set[str]:
    found: set[str] = set()
    for flow in network.flows:
        kind = type(flow.arrivals).__name__
        at_s = getattr(flow.arrivals, "at_s", ())
        found |= {kind} | _met(
            zero_rate=kind == "Piecewise" and not all(getattr(flow.arrivals, "rate_per_s", ())),
            repeated_rates=getattr(flow.arrivals, "repeat_s", None),
            tied_schedule=len(set(at_s)) < len(at_s),
            own_shares=flow.share is not None,
            last_job_of_its_own=flow.last_job_records is not None,
        )
    return found


def _of_run(network: Network, run: Replication) -> set[str]:
    arrived = run.flow_counts["arrived"]
    return _met(
        waited_at_a_station=run.station_counts["waited"].any(),
        waited_for_a_token=run.pool_sums["wait"].any(),
        outage_in_the_window=run.station_sums["down_area"].any(),
        spawned=any(flow.arrivals is None and arrived[i] for i, flow in enumerate(network.flows)),
        left_in_the_system=run.flow_counts["in_system"].any(),
        limit=run.limit,
    )
