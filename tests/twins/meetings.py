"""What a run of a network meets, and which parts of the vocabulary make a difference to it.

A part makes a difference if some visit has other times or another end without it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Flow, Network, Station
from tests.twins.compare import run_fast

MET = frozenset(
    {
        "waited at a station", "waited for a token", "servers down", "spawned", "left in the system",
        "refused", "blocked", "gave up waiting", "broken off", "lost", "abandoned", "retried", "retried at once",
        "retried later", "worked for nobody", "limit of events", "limit of one instant", "limit of jobs",
    }
)  # fmt: skip

Stations = tuple[Callable[[Station], bool], dict[str, Any]]
_SHARED: Callable[[Station], bool] = lambda s: s.discipline == "ps"  # noqa: E731
_OWN: Callable[[Station], bool] = lambda s: s.discipline != "ps"  # noqa: E731
OF_STATIONS: dict[str, Stations] = {
    "outages": (_OWN, {"outages": ()}),
    "outages of shared servers": (_SHARED, {"outages": ()}),
    "schedule": (_OWN, {"schedule": None}),
    "schedule of shared servers": (_SHARED, {"schedule": None}),
    "speed": (_OWN, {"speed": ()}),
    "speed of shared servers": (_SHARED, {"speed": ()}),
    "server breakdowns": (lambda s: _OWN(s) and _per(s) == "server", {"breakdowns": None}),
    "station breakdowns": (lambda s: _OWN(s) and _per(s) == "station", {"breakdowns": None}),
    "breakdowns of shared servers": (_SHARED, {"breakdowns": None}),
    "breakdowns beside a schedule": (lambda s: s.schedule is not None, {"breakdowns": None}),
    "breakdowns beside outages": (lambda s: bool(s.outages), {"breakdowns": None}),
    "speed beside breakdowns": (lambda s: s.breakdowns is not None, {"speed": ()}),
    "capacity": (_OWN, {"capacity": None}),
    "capacity of shared servers": (_SHARED, {"capacity": None}),
    "priority": (lambda s: s.discipline == "priority", {"discipline": "fifo"}),
    "pre-emption": (lambda s: s.preemptive is not None, {"preemptive": None}),
    "beginning anew": (lambda s: s.preemptive == "restart", {"preemptive": "resume"}),
    "last come": (lambda s: s.discipline == "lifo", {"discipline": "fifo"}),
    "random order": (lambda s: s.discipline == "random", {"discipline": "fifo"}),
    "sharing": (_SHARED, {"discipline": "fifo"}),
}
"""Which stations a part is taken from, and how."""
OF_FLOWS: dict[str, dict[str, Any]] = {
    "patience": {"patience": None},
    "timeout": {"timeout": None, "zombie": False},
    "zombie": {"zombie": False},
    "retry": {"retry": None},
}
DIFFERENCES = frozenset({*OF_STATIONS, *OF_FLOWS, "growing back-off", "token bucket", "dated state"})
"""Parts that must have made a difference somewhere."""


def _per(station: Station) -> str | None:
    return None if station.breakdowns is None else station.breakdowns.per


def differences_made(network: Network, run: Replication, names: Collection[str] = DIFFERENCES) -> set[str]:
    """Name the parts, among these, without which the run would have been another."""
    return {
        name
        for name, other in _without(network).items()
        if name in names
        if (other.stations, other.pools, other.states) != (network.stations, network.pools, network.states)
        or any(a is not b for a, b in zip(other.flows, network.flows, strict=True))
        if _visits(run) != _visits(run_fast(other))
    }


def _visits(run: Replication) -> bytes:
    assert run.visit_rows is not None
    return b"".join(part.tobytes() for part in run.visit_rows)


def _without(network: Network) -> dict[str, Network]:
    """The network without each part it may have."""
    found = {}
    for name, (concerns, change) in OF_STATIONS.items():
        stations = tuple(replace(s, **change) if concerns(s) else s for s in network.stations)
        found[name] = replace(network, stations=stations)
    for name, change in OF_FLOWS.items():
        found[name] = replace(network, flows=tuple(_changed(flow, change) for flow in network.flows))
    found["growing back-off"] = replace(network, flows=tuple(_steady(flow) for flow in network.flows))
    pools = tuple(pool if pool.refill_per_s is None else replace(pool, refill_per_s=1e9) for pool in network.pools)
    found["token bucket"] = replace(network, pools=pools)
    found["dated state"] = replace(network, states=tuple(replace(state, changes=()) for state in network.states))
    return found


def _changed(flow: Flow, change: dict[str, Any]) -> Flow:
    """The flow with this change; the same object where it changes nothing."""
    return flow if all(getattr(flow, name) == value for name, value in change.items()) else replace(flow, **change)


def _steady(flow: Flow) -> Flow:
    return flow if flow.retry is None else replace(flow, retry=replace(flow.retry, factor=1.0))


def meetings(network: Network, run: Replication) -> set[str]:
    """Name what the run met."""
    flows, stations, limit = run.flow_counts, run.station_counts, run.limit or ""
    told = {
        "waited at a station": stations["waited"].any(),
        "waited for a token": run.pool_sums["wait"].any(),
        "servers down": run.station_sums["down_area"].any(),
        "spawned": any(flow.arrivals is None and flows["arrived"][i] for i, flow in enumerate(network.flows)),
        "left in the system": flows["in_system"].any(),
        "refused": stations["refused"].any(),
        "blocked": run.station_sums["kept_area"].any(),
        "gave up waiting": stations["abandoned"].any(),
        "lost": flows["lost"].any(),
        "abandoned": flows["abandoned"].any(),
        "retried": flows["retried"].any(),
        "limit of events": "event budget" in limit,
        "limit of one instant": "one instant" in limit,
        "limit of jobs": "jobs are in the system" in limit,
    }
    return {name for name, met in told.items() if met} | _of_visits(run)


def _of_visits(run: Replication) -> set[str]:
    """What the rows of visits tell: how jobs left, and when they came again."""
    assert run.visit_rows is not None
    rows, times = run.visit_rows
    found = {"broken off"} if (rows[:, 4] == L.BROKEN_OFF).any() else set()
    # The visits of each job in the order in which they began.
    order = np.lexsort((times[:, 2], times[:, 0], rows[:, 1]))
    rows, times = rows[order], times[order]
    same = rows[1:, 1] == rows[:-1, 1]
    failed = same & (rows[:-1, 4] != L.SERVED)
    found |= {"retried at once"} if (failed & (times[1:, 0] == times[:-1, 2])).any() else set()
    found |= {"retried later"} if (failed & (times[1:, 0] > times[:-1, 2])).any() else set()
    # Only work that goes on for nobody lets a job be at two stations at once.
    found |= {"worked for nobody"} if (same & (times[1:, 0] < times[:-1, 2])).any() else set()
    return found
