"""Each metric of a part as a formula over what its records count: sums over sums, extremes, or quantiles.

Quantities are named as in `protocol.Replication`; `time` is the length of the window. What the formulas say of a whole run is
what `results.summary` makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jukinet_sim.engine.focus.quantiles import PROBABILITIES
from jukinet_sim.metrics import Kind

_HOUR = 1.0 / 3600.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A sum of quantities (less those with a minus) over a sum of others, undefined where that is 0; or times a `scale`."""

    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Longest:
    """The largest of some kept extremes; undefined where nothing of `counted` happened, 0 where nothing need have."""

    extremes: tuple[str, ...]
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """The quantile at `p` of the waits or sojourns of all that were `counted`; a histogram may leave zeros out.

    The second histogram, if any, is of those who left without what the first one counts. `low` and `high` are exact extremes.
    """

    p: float
    histograms: tuple[str, ...]
    counted: str
    low: str | None
    high: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtEnd:
    """A figure of the history of a queue, as it is at the end of the run: a key of `protocol.Replication.station_queues`."""

    figure: str
    summed: bool = False
    """Whether a group as a whole has the sum over its places."""


Formula = Ratio | Longest | Point | AtEnd


def _points(
    name: str, histograms: tuple[str, ...], counted: str, low: str | None, high: tuple[str, ...]
) -> Iterator[tuple[str, Formula]]:
    for point, p in PROBABILITIES.items():
        yield f"{name}.{point}", Point(p, histograms, counted, low, high)


def _queue_history() -> dict[str, Formula]:
    return {
        "queue.max": Longest(("peak",)),
        "queue_at_end": AtEnd("at_end", summed=True),
        "longest_queue": AtEnd("longest"),
        "longest_queue_from": AtEnd("longest_from"),
    }


_LEFT = ("completed", "lost", "abandoned")
_FLOW: dict[str, Formula] = {
    "sojourn.mean": Ratio(("sojourn",), ("completed",)),
    "sojourn.max": Longest(("sojourn_max",), ("completed",)),
    **dict(_points("sojourn", ("sojourn_histogram",), "completed", "sojourn_min", ("sojourn_max",))),
    "wait.mean": Ratio(("wait",), ("completed",)),
    "wait.max": Longest(("wait_max",), ("completed",)),
    **dict(_points("wait", ("wait_histogram",), "completed", "wait_min", ("wait_max",))),
    "wait_all.mean": Ratio(("wait", "wait_gone"), _LEFT),
    "wait_all.max": Longest(("wait_max", "wait_gone_max"), _LEFT),
    **dict(_points("wait_all", ("wait_histogram", "gone_histogram"), "completed", "wait_min", ("wait_max", "wait_gone_max"))),
    "throughput": Ratio(("completed",), ("time",)),
    "loss_fraction": Ratio(("lost",), ("arrived",)),
    "abandon_fraction": Ratio(("abandoned",), ("arrived",)),
    "late_fraction": Ratio(("late", "late_inside"), (*_LEFT, "late_inside")),
    "in_system": Ratio(("in_system_area",), ("time",)),
    **{name: Ratio((name,)) for name in ("arrived", "completed", "records", "lost", "abandoned", "retried")},
    "late": Ratio(("late", "late_inside")),
    "late_records": Ratio(("late_records", "late_records_inside")),
    "sojourn_hours": Ratio(("sojourn",), scale=_HOUR),
    "wait_hours": Ratio(("wait",), scale=_HOUR),
    "inside_hours": Ratio(("in_system_area",), scale=_HOUR),
}
_STATION: dict[str, Formula] = {
    "utilisation": Ratio(("busy_area",), ("server_area",)),
    "queue_length": Ratio(("queue_area",), ("time",)),
    "in_station": Ratio(("present_area",), ("time",)),
    "throughput": Ratio(("completed",), ("time",)),
    "availability": Ratio(("server_area", "-down_area"), ("server_area",)),
    "blocked": Ratio(("kept_area",), ("server_area",)),
    "blocked_servers": Ratio(("kept_area",), ("time",)),
    "loss_fraction": Ratio(("refused",), ("arrived",)),
    "wait.mean": Ratio(("wait",), ("started",)),
    "wait.max": Longest(("wait_max",), ("started",)),
    **dict(_points("wait", ("wait_histogram",), "started", None, ("wait_max",))),
    "wait_all.mean": Ratio(("wait", "wait_gone"), ("started", "abandoned")),
    "wait_all.max": Longest(("wait_max", "wait_gone_max"), ("started", "abandoned")),
    **dict(_points("wait_all", ("wait_histogram", "gone_histogram"), "started", None, ("wait_max", "wait_gone_max"))),
    **_queue_history(),
    "visits": Ratio(("completed",)),
    "busy_hours": Ratio(("busy_area",), scale=_HOUR),
    "queue_hours": Ratio(("queue_area",), scale=_HOUR),
    "blocked_hours": Ratio(("kept_area",), scale=_HOUR),
    "down_hours": Ratio(("down_area",), scale=_HOUR),
}
_POOL: dict[str, Formula] = {
    "in_use": Ratio(("in_use_area",), ("time",)),
    "queue_length": Ratio(("queue_area",), ("time",)),
    "wait.mean": Ratio(("wait",), ("taken",)),
    "wait.max": Longest(("wait_max",), ("taken",)),
    **dict(_points("wait", ("wait_histogram",), "taken", None, ("wait_max",))),
    **_queue_history(),
    "wait_hours": Ratio(("wait",), scale=_HOUR),
    "held_hours": Ratio(("in_use_area",), scale=_HOUR),
}
FORMULAS: dict[Kind, dict[str, Formula]] = {"flow": _FLOW, "station": _STATION, "pool": _POOL}
"""By kind and by the metric's name in the catalogue."""
