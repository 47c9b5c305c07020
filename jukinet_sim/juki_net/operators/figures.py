"""What a run tells of operators: how log-ons went, by occasion and by method, and which wrong persons got in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.juki_net.operators.names import BEGUN, CHANGE, COUNTED, GOT_IN, MISUSE, OPENING, OPERATOR, TIME_OUT

Document = Mapping[str, Any]
Value = Mapping[str, Any]
"""A figure with its interval over replications, as the result document has it."""
OCCASIONS = (OPENING, CHANGE, TIME_OUT)


@dataclass(frozen=True)
class Occasion:
    """Log-ons at one occasion, such as the opening of the counters, and the time of one, waiting for help included."""

    name: str
    log_ons: int
    mean_s: Value
    p50_s: Value
    p99_s: Value


@dataclass(frozen=True)
class MethodFigures:
    """Log-ons by one method over all replications, None where they are not counted apart, and events by their names."""

    name: str
    log_ons: int | None
    events: Mapping[str, int]


@dataclass(frozen=True)
class WayIn:
    """Attempts of wrong persons by one way over all replications, and those that led in."""

    name: str
    attempts: int
    got_in: int


@dataclass(frozen=True)
class Operated:
    """Operators as a whole."""

    occasions: tuple[Occasion, ...]
    methods: tuple[MethodFigures, ...]
    ways: tuple[WayIn, ...]


def operated(document: Document) -> Operated | None:
    """Return what a result document tells of operators; None where a scenario has none."""
    flows, stations = document["flows"], document["stations"]
    if OPENING not in flows:
        return None
    occasions = tuple(_occasions(flows))
    return Operated(occasions, tuple(_methods(stations, sum(one.log_ons for one in occasions))), tuple(_ways(flows)))


def is_count(station: str) -> bool:
    """Tell whether a station stands for a count of log-ons."""
    return station.startswith(COUNTED)


def is_person(flow: str) -> bool:
    """Tell whether the jobs of a flow stand for people who sit at terminals, not for anything that is done there."""
    return flow.startswith(OPERATOR)


def _occasions(flows: Document) -> Iterator[Occasion]:
    for name, part in flows.items():
        if name.startswith(OCCASIONS) and part["arrived"]:
            times = part["sojourn_s"]
            yield Occasion(name, part["arrived"], times["mean"], times["p50"], times["p99"])


def _methods(stations: Document, log_ons: int) -> Iterator[MethodFigures]:
    """Yield the events of each method; where there is one method, all log-ons are by it."""
    found: dict[str, dict[str, int]] = {}
    for name, part in stations.items():
        if is_count(name):
            event, _, method = name.removeprefix(COUNTED).partition(".")
            found.setdefault(method, {})[event] = part["arrived"]
    for method, events in found.items():
        begun = events.pop(BEGUN, log_ons if len(found) == 1 else None)
        yield MethodFigures(method, begun, events)


def _ways(flows: Document) -> Iterator[WayIn]:
    for name, part in flows.items():
        if name.startswith(MISUSE) and not name.endswith(GOT_IN):
            yield WayIn(name.removeprefix(MISUSE), part["arrived"], flows[name + GOT_IN]["arrived"])
