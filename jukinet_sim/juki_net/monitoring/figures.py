"""What a run tells of monitoring and attacks: alerts, what an alarm is worth, who was noticed and when, and what logs hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.calendar import DAY_S
from jukinet_sim.juki_net.monitoring.names import (
    ALERT,
    ANALYSTS,
    ATTACK,
    BY_MUNICIPALITY,
    BY_PREFECTURE,
    DROP_LOG,
    FALSE,
    FROM_LOG,
    INCIDENT,
    NOTICED,
)
from jukinet_sim.statistics.intervals import over_replications

Document = Mapping[str, Any]
Value = Mapping[str, Any]
"""A figure with its interval over replications, as the result document has it."""
_BY_IDS = ("", BY_PREFECTURE)
_LATE = ("late_fraction", "throughput_per_s")
_ENDS = (*_BY_IDS, FROM_LOG, BY_MUNICIPALITY)


@dataclass(frozen=True)
class LogLines:
    """Lines in the log of one firewall, or of machines that refuse: those of one attack, and their share of the log."""

    where: str
    attack: str
    lines: int
    share: float


@dataclass(frozen=True)
class AttackFigures:
    """One attack over all replications: attempts, repeated ones included, what became of them, and whether it was noticed.

    `detected` is the share of its beginnings that somebody noticed, `time_to_detect_s` from the beginning of those that were;
    both are None for an attack that has no beginning.
    """

    name: str
    attempts: int
    got_through: int
    limited: int
    alerts: int
    detected: Value | None
    time_to_detect_s: Value | None


@dataclass(frozen=True)
class Watched:
    """Monitoring as a whole: alerts a day, P(intrusion | alarm), the share of stale alerts, and the analysts' load."""

    alerts_per_day: Value
    intrusion_given_alarm: Value
    stale: Value
    utilisation: Value | None
    busiest_hour: Value | None
    attacks: tuple[AttackFigures, ...]
    logs: tuple[LogLines, ...]


def watched(document: Document) -> Watched | None:
    """Return what a result document tells of monitoring and attacks; None where a scenario has neither."""
    flows, stations = document["flows"], document["stations"]
    attacks = tuple(_attacks(flows))
    if ANALYSTS not in stations and not attacks:
        return None
    true = [ALERT + one.name + end for one in attacks for end in _BY_IDS]
    raised = [*true, *(FALSE + end for end in _BY_IDS)]
    analysts = stations.get(ANALYSTS)
    return Watched(
        _sum(flows, raised, DAY_S),
        _ratio(_rates(flows, true), _rates(flows, raised)),
        _stale(flows, [name for name in flows if name.startswith(ALERT) and not name.startswith(INCIDENT)]),
        None if analysts is None else analysts["utilisation"],
        None if analysts is None or "busiest_hour" not in analysts else analysts["busiest_hour"]["utilisation"],
        attacks,
        tuple(_logs(stations)),
    )


def _attacks(flows: Document) -> Iterator[AttackFigures]:
    for flow, part in flows.items():
        if not flow.startswith(ATTACK) or flow.endswith(NOTICED):
            continue
        name, seen = flow.removeprefix(ATTACK), flows.get(flow + NOTICED)
        yield AttackFigures(
            name,
            part["arrived"] + part["retried"],
            part["completed"],
            part["abandoned"],
            sum(flows[ALERT + name + end]["arrived"] for end in _ENDS if ALERT + name + end in flows),
            None if seen is None else _detected(seen),
            None if seen is None else seen["sojourn_s"]["mean"],
        )


def _detected(seen: Document) -> Value:
    """Return the share of beginnings that were noticed: what was not noticed in time is lost."""
    missed = seen["loss_fraction"]
    level = missed["level"]
    return over_replications((None if one is None else 1.0 - one for one in missed["per_replication"]), level).as_json()


def _logs(stations: Document) -> Iterator[LogLines]:
    """Yield the lines of each log, those of one log together."""
    found: dict[str, dict[str, int]] = {}
    for name, part in stations.items():
        if name.startswith(DROP_LOG):
            where, _, attack = name.removeprefix(DROP_LOG).rpartition(".")
            found.setdefault(where, {})[attack] = part["refused"]
    for where, lines in found.items():
        whole = sum(lines.values())
        for attack, number in lines.items():
            yield LogLines(where, attack, number, number / whole if whole else 0.0)


def _rates(flows: Document, names: Iterable[str]) -> list[list[float]]:
    """Return the completed jobs a second in each replication, of each flow by these names that there is."""
    return [
        [one or 0.0 for one in flows[name]["throughput_per_s"]["per_replication"]] for name in names if name in flows
    ]


def _level(flows: Document) -> float:
    return next((float(part["throughput_per_s"]["level"]) for part in flows.values()), 0.95)


def _sum(flows: Document, names: Iterable[str], times: float) -> Value:
    rates = _rates(flows, names)
    return over_replications((times * math.fsum(one) for one in zip(*rates, strict=True)), _level(flows)).as_json()


def _ratio(some: list[list[float]], every: list[list[float]]) -> Value:
    """Return the share of some rates in all of them; undefined in replications in which there are none."""
    whole = [math.fsum(one) for one in zip(*every, strict=True)]
    parts = [math.fsum(one) for one in zip(*some, strict=True)] if some else [0.0] * len(whole)
    return over_replications(a / b if b else None for a, b in zip(parts, whole, strict=True)).as_json()


def _stale(flows: Document, names: Iterable[str]) -> Value:
    """Return the share of late alerts, each flow of them weighted by how many it had; undefined where none can be late."""
    timed = [flows[name] for name in names if "late_fraction" in flows[name]]
    late = [
        [(a or 0.0) * (b or 0.0) for a, b in zip(*(part[key]["per_replication"] for key in _LATE), strict=True)]
        for part in timed
    ]
    every = [[one or 0.0 for one in part["throughput_per_s"]["per_replication"]] for part in timed]
    return _ratio(late, every)

