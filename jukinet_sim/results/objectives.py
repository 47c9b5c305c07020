"""Service levels held against the result document: the point estimate decides, its interval is shown beside it.

`METRICS` names what can be asked of a flow, a station, a pool or a measure, and where it stands in the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jukinet_sim.errors import UsageError
from jukinet_sim.scenario.suggest import one_of

Kind = Literal["flow", "station", "pool", "measure"]

_POINTS = ("mean", "p50", "p90", "p95", "p99", "max")


def _latency(name: str, points: tuple[str, ...] = _POINTS) -> dict[str, tuple[str, ...]]:
    return {f"{name}.{point}": (f"{name}_s", point) for point in points}


def _plain(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: (name,) for name in names}


METRICS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "flow": {
        **_latency("sojourn"),
        **_latency("wait"),
        **_latency("wait_all"),
        **_plain("loss_fraction", "abandon_fraction", "late_fraction"),
        "throughput": ("throughput_per_s",),
        "in_system": ("in_system_mean",),
    },
    "station": {
        **_latency("wait"),
        **_latency("wait_all"),
        **_plain("utilisation", "queue_length", "in_station", "availability", "loss_fraction"),
        "throughput": ("throughput_per_s",),
    },
    "pool": {**_latency("wait", ("mean", "max")), **_plain("in_use", "queue_length")},
    "measure": _plain("value"),
}


@dataclass(frozen=True, slots=True)
class Objective:
    """One metric of one flow, station, pool or measure on one side of a bound in SI; `text` is how its author wrote it."""

    kind: Kind
    name: str
    metric: str
    bound: float
    direction: Literal["below", "above"]
    text: str


def metric_path(kind: Kind, metric: str) -> tuple[str, ...]:
    """Return the keys of a metric below its subject in the document; UsageError where there is no such metric."""
    known = METRICS[kind]
    if metric not in known:
        raise UsageError(f'unknown metric "{metric}" of a {kind}; {one_of(metric, known, "")}')
    return known[metric]


def verdicts(
    document: Mapping[str, Any], objectives: Iterable[Objective], *, decided: bool = True
) -> list[dict[str, Any]]:
    """Return `{text, value, met, verdict}` for each objective; one whose value is undefined is not met.

    The verdict is met, missed or, where a run is not `decided` because it is only part of one, undecided: `met` is None then.
    Raises UsageError for an unknown flow, station, pool, measure or metric, and for lateness of a flow that is never due.
    """
    return [_verdict(document, objective, decided=decided) for objective in objectives]


def _verdict(document: Mapping[str, Any], objective: Objective, *, decided: bool) -> dict[str, Any]:
    subjects = document.get(f"{objective.kind}s", {})
    if objective.name not in subjects:
        cure = one_of(objective.name, subjects, f"the scenario has no {objective.kind}s")
        raise UsageError(f'unknown {objective.kind} "{objective.name}"; {cure}')
    found = subjects[objective.name]
    for key in metric_path(objective.kind, objective.metric):
        if key not in found:
            raise UsageError(f'{objective.kind} "{objective.name}" has no {objective.metric}; a flow with "due" has late jobs')
        found = found[key]
    estimate = found["value"]
    if estimate is None:
        met = False
    else:
        met = estimate < objective.bound if objective.direction == "below" else estimate > objective.bound
    if not decided:
        return {"text": objective.text, "value": found, "met": None, "verdict": "undecided"}
    return {"text": objective.text, "value": found, "met": met, "verdict": "met" if met else "missed"}
