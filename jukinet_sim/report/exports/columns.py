"""Names of columns for the figures of a run, each with its unit at the end: `sojourn_s.p99` is kept as `sojourn_p99_s`."""

from __future__ import annotations

from functools import cache

from jukinet_sim import metrics
from jukinet_sim.metrics import Kind

_SUFFIXES = {"/s": "per_s"}
_COUNTED = {"flow": "jobs", "station": "visits", "pool": "tokens", "measure": ""}
_OF_ITS_OWN = {"records": "records", "late_records": "records", "retried": "retries"}
_SERIES = {
    "arrived": {"flow": "jobs", "station": "visits"},
    "completed": {"flow": "jobs", "station": "visits"},
    "in_system": {"flow": "jobs", "station": "jobs"},
    "in_system_at_bin_end": {"flow": "jobs", "station": "jobs"},
    "queue": {"station": "jobs", "pool": "jobs"},
    "busy": {"station": "servers"},
    "in_use": {"pool": "tokens"},
}
_BY_GROUP = {"incident_waiting": "jobs"}
"""Figures that parts have by name and whose names in digests do not end with their unit."""


@cache
def figure_column(kind: Kind, path: str) -> str:
    """Return the column of a figure that digests keep at a path such as `wait_s.max` or `throughput_per_s`."""
    for metric in metrics.of_kind(kind).values():
        if metric.path == path:
            return _named(metric.name, metric)
    group, _, key = path.partition(".")
    # A figure by name, such as seconds inside while a calendar is open: the name comes before the unit.
    stem, unit = (group.removesuffix("_s"), "s") if group.endswith("_s") else (group, _BY_GROUP.get(group, ""))
    return "_".join(part for part in (stem, key, unit) if part)


def _named(name: str, metric: metrics.Metric) -> str:
    plain = name.replace(".", "_")
    unit = _SUFFIXES.get(metric.unit, metric.unit)
    if metric.dimension == "fraction":
        unit = "fraction"
    return plain if not unit or plain.endswith(f"_{unit}") else f"{plain}_{unit}"


def count_column(kind: Kind, key: str) -> str:
    """Return the column of what digests count under a key such as `completed`."""
    unit = _OF_ITS_OWN.get(key, _COUNTED[kind])
    return key if key == unit or key.endswith(f"_{unit}") else f"{key}_{unit}"


def half_width_column(column: str) -> str:
    """Return the column of the half-width of a figure's interval, which is in the figure's unit: `sojourn_p99_s_half_width`."""
    return f"{column}_half_width"


def series_column(kind: Kind, quantity: str) -> str:
    """Return the column of a quantity in bins: counts in the bin, or time averages over it."""
    return f"{quantity}_{_SERIES[quantity][kind]}"
