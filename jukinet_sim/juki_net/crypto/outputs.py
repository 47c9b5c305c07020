"""What a planner looks at when suites are compared: latency of what travels most, the busiest hours of machines, sessions."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.juki_net.crypto.compile import MODULES, SERVERS
from jukinet_sim.juki_net.crypto.sessions import HELD, SESSION
from jukinet_sim.juki_net.machines.compile import LINES
from jukinet_sim.network import model as M

FLOWS = 5
"""Flows whose latency is shown where nobody says which: those that most messages and records travel by."""
_FIREWALLS = ("prefecture_firewall", "national_firewall", "network_firewall")


def usual_outputs(network: M.Network) -> Iterator[str]:
    """Yield the figures by the names by which one asks for them."""
    on_lines = [flow for flow in network.flows if _travels(flow)]
    single = [flow for flow in on_lines if isinstance(flow.arrivals, M.ExactCount) and _volume(flow)]
    for flow in sorted(single, key=_volume, reverse=True)[:FLOWS]:
        yield from (f"{flow.name} sojourn.{point}" for point in ("p50", "p99"))
    files = [flow for flow in on_lines if isinstance(flow.arrivals, M.Scheduled) and _volume(flow)]
    if files:
        yield f"{max(files, key=_volume).name} sojourn.max"
    machines = {*SERVERS, *MODULES, *LINES, *_FIREWALLS}
    for station in network.stations:
        if station.name in machines:
            worst = ", worst place" if station.per is not None else ""
            yield f"station {station.name} utilisation, busiest 1 h{worst}"
    for flow in network.flows:
        if flow.name.startswith(SESSION) and HELD not in flow.name:
            yield f"{flow.name} throughput, busiest 1 h"


def _travels(flow: M.Flow) -> bool:
    """Tell whether jobs of a flow pass a line."""
    return any(isinstance(step, M.Visit) and step.station in LINES for step in M.all_steps(flow.route))


def _volume(flow: M.Flow) -> int:
    """Return how many jobs or records a flow brings, as far as that is known beforehand."""
    match flow.arrivals:
        case M.ExactCount(count=count):
            return count * flow.records
        case M.Scheduled(records=records):
            return sum(records)
    return 0
