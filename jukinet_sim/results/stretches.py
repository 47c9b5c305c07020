"""What a replication counted within stretches of time: in the hours of a calendar, and at the queues watched in an incident.

In a digest, and in the result document, the figures of a calendar `counter` are `inside_s.counter` (job-seconds in the system,
per flow) and `held_s.counter` (token-seconds, per pool); those of an incident `x` are `incident_waited_s.x` (job-seconds waited
while it lasted) and `incident_waiting.x` (how many waited when it ended), in all and per place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from jukinet_sim.engine.protocol import Replication
from jukinet_sim.metrics import HELD, INSIDE
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import Part

Metrics = dict[str, float | None]
WAITED, WAITING = "incident_waited_s", "incident_waiting"


def within_hours(replication: Replication, network: Network) -> tuple[list[Metrics], list[Metrics]]:
    """Return what each flow and each pool group has of every calendar of the network, in their order."""
    counted = list(zip(network.hours, replication.hours, strict=True))
    flows: list[Metrics] = [
        {f"{INSIDE}.{hours.name}": float(areas["inside"][f]) for hours, areas in counted} for f in range(len(network.flows))
    ]
    pools: list[Metrics] = [
        {
            f"{HELD}.{hours.name}": None if pool.refill_per_s is not None else float(areas["held"][group])
            for hours, areas in counted
        }
        for group, pool in enumerate(network.pools)
    ]
    return flows, pools


def with_metrics(part: Part, further: Metrics) -> Part:
    """Return a part with further metrics."""
    return replace(part, metrics={**part.metrics, **further}) if further else part


def with_watches(
    parts: Mapping[str, Part], kind: Literal["station", "pool"], replication: Replication, network: Network
) -> dict[str, Part]:
    """Return stations or pools with what was counted at those that are watched; where a server is shared nobody waits."""
    found = dict(parts)
    shared = {station.name for station in network.stations if station.discipline == "ps"} if kind == "station" else set()
    for watch, counted in zip(network.watches, replication.waited, strict=True):
        if watch.kind != kind or watch.part in shared:
            continue
        numbers = {f"{WAITED}.{watch.name}": counted["area"].tolist(), f"{WAITING}.{watch.name}": counted["at_end"].tolist()}
        part = found[watch.part]
        places = {**part.places, **{key: tuple(each) for key, each in numbers.items()}} if part.places else part.places
        whole = {key: math.fsum(each) for key, each in numbers.items()}
        found[watch.part] = replace(part, metrics={**part.metrics, **whole}, places=places)
    return found
