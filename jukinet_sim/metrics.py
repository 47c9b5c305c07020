"""Every figure that can be asked of a flow, a station, a pool or a measure: its one name, its unit, and where it is found.

Scenarios judge and sum by these names, result documents and rankings are read by them, `explain` tells them. Whatever a
result holds of a part under a name of its own is here, and nothing is known of a figure elsewhere but how it is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, get_args

Kind = Literal["flow", "station", "pool", "measure"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What a figure can be about."""
Dimension = Literal["time", "rate", "fraction", "number"]
"""How a bound is written: with a unit of time, per time, as a share, or as a plain number."""
Trait = Literal["due", "servers", "tokens", "target", "kept"]
"""What some parts lack: a time at which jobs are due, servers of one's own for each job, tokens that are given back, a wait
that is to be kept, servers that jobs keep after service."""
Sense = Literal["largest", "smallest"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of its own: it stands at these keys below its part, in the result document and in a replication's digest."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number per replication, under this key; counts add up."""

    key: str


@dataclass(frozen=True, slots=True)
class HoursEach:
    """Hours that so many took in all: a count times the figure that is their mean in seconds."""

    count: str
    mean: str


@dataclass(frozen=True, slots=True)
class HoursOf:
    """Hours behind a time average (less others): as many as there were on average, for the length of the window.

    A part that has none of the others has nothing to subtract.
    """

    mean: str
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursAway:
    """Hours of servers that were scheduled and not there, from availability, utilisation and busy hours."""


Source = Figure | Count | HoursEach | HoursOf | HoursAway


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of one kind of part.

    `by_place` figures are kept for every single place of a group, so that places can be ranked; an `amount` grows in
    proportion to the load; `needs` is what a part must have for the figure to exist.
    """

    kind: Kind
    name: str
    unit: str
    dimension: Dimension
    source: Source
    meaning: str
    by_place: bool = False
    amount: bool = False
    needs: Trait | None = None
    within: str | None = None
    """Under which key, before the name of a calendar, digests hold what of it falls into the calendar's open hours."""
    windowed: bool = True
    """Whether it can be judged in a window of the run."""
    worst: Sense = "largest"
    """Which value is the worst, of places that are compared."""
    busiest: Sense = "largest"
    """Which value the busiest bin has; where the largest would be the best one, it is the worst bin."""
    path: str = field(init=False)
    """`keys` as one dotted text, such as `wait_s.max`, by which digests and rankings know it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", ".".join(self.keys))

    @property
    def placed(self) -> bool:
        """Whether it can be judged at one place; what follows from a histogram is counted for a group as a whole."""
        counted_whole = self.name.partition(".")[2] in _HISTOGRAM or self.name == SERVED_WITHIN
        return self.kind in ("station", "pool") and not counted_whole and not self.is_instant

    @property
    def is_instant(self) -> bool:
        """Whether it is an instant of the run, of which none is worse than another."""
        return self.name == "longest_queue_from"

    @property
    def keys(self) -> tuple[str, ...]:
        """Where it stands below its part in the result document; empty for one that is only summed."""
        return self.source.keys if isinstance(self.source, Figure) else ()

    @property
    def summed(self) -> bool:
        """Whether it is counted over a whole replication, never an average, so that a sum over any parts has a meaning."""
        return not isinstance(self.source, Figure)


INSIDE, HELD = "inside_s", "held_s"
"""What digests hold within the open hours of a calendar: job-seconds in the system, and token-seconds."""
SERVED_WITHIN = "served_within"
"""Key of the visits that began within the wait that a station is to keep, of those that began or gave up."""
BLOCKED, BLOCKED_SERVERS = "blocked", "blocked_servers"
"""Keys of the servers that jobs keep after service, as a share and as a number."""
BESIDES = ("queue_length", BLOCKED_SERVERS)
"""Who is at a station and not in service."""
_HISTOGRAM = ("p50", "p90", "p95", "p99")
_POINTS = {
    "mean": "the mean",
    "p50": "the median",
    "p90": "the 90th percentile",
    "p95": "the 95th percentile",
    "p99": "the 99th percentile",
    "max": "the longest",
}


def _latency(kind: Kind, name: str, of: str, *, by_place: str = "") -> Iterator[Metric]:
    """Yield the figures of one latency in seconds; `by_place` names those kept per place."""
    for point in _POINTS:
        at = Figure((f"{name}_s", point))
        yield Metric(kind, f"{name}.{point}", "s", "time", at, f"{of}: {_POINTS[point]}", by_place=point in by_place.split())


def _figure(
    kind: Kind,
    name: str,
    unit: str,
    dimension: Dimension,
    meaning: str,
    *keys: str,
    by_place: bool = False,
    amount: bool = False,
    needs: Trait | None = None,
    windowed: bool = True,
    worst: Sense = "largest",
    busiest: Sense = "largest",
) -> Metric:
    """Return a figure that stands under its own name, or under other keys."""
    at = Figure(keys or (name,))
    return Metric(
        kind, name, unit, dimension, at, meaning, by_place, amount, needs, windowed=windowed, worst=worst, busiest=busiest
    )


def _sum(
    kind: Kind, name: str, unit: str, source: Source, meaning: str, *, needs: Trait | None = None, within: str | None = None
) -> Metric:
    """Return what is counted over a replication."""
    return Metric(kind, name, unit, "number", source, meaning, amount=True, needs=needs, within=within)


def _queues(kind: Kind) -> Iterator[Metric]:
    """Yield the history of a queue: for a group, its fullest and its longest one, and all who wait at the end."""
    yield _figure(kind, "queue.max", "jobs", "number", "most that waited at once at any one place", "queue_peak", by_place=True)
    whole = partial(_figure, kind, by_place=True, windowed=False)
    yield whole("queue_at_end", "jobs", "number", "who waits at the end of the run")
    yield whole("longest_queue", "s", "time", "the longest unbroken time in which somebody waited", "longest_queue_s")
    yield whole("longest_queue_from", "s", "time", "when that queue began", "longest_queue_from_s")


CATALOGUE: tuple[Metric, ...] = (
    *_latency("flow", "sojourn", "time from arrival to the end of the route"),
    *_latency("flow", "wait", "time queueing at stations and pools, of completed jobs"),
    *_latency("flow", "wait_all", "the same of jobs that were lost or gave up as well"),
    _figure("flow", "throughput", "/s", "rate", "completed jobs per time", "throughput_per_s", amount=True, worst="smallest"),
    _figure("flow", "loss_fraction", "", "fraction", "lost jobs of those that arrived"),
    _figure("flow", "abandon_fraction", "", "fraction", "abandoned jobs of those that arrived"),
    _figure("flow", "late_fraction", "", "fraction", "jobs that took longer than their due, of those judged", needs="due"),
    _figure("flow", "in_system", "jobs", "number", "jobs inside, on average over time", "in_system_mean", amount=True),
    _sum("flow", "arrived", "jobs", Count("arrived"), "jobs that arrived"),
    _sum("flow", "completed", "jobs", Count("completed"), "jobs that reached the end of their route"),
    _sum("flow", "records", "records", Count("records"), "records of completed jobs"),
    _sum("flow", "lost", "jobs", Count("lost"), "jobs that found a station full and did not try again"),
    _sum("flow", "abandoned", "jobs", Count("abandoned"), "jobs that gave up and did not try again"),
    _sum("flow", "retried", "retries", Count("retried"), "further attempts of jobs"),
    _sum("flow", "late", "jobs", Count("late"), "jobs that left after their due", needs="due"),
    _sum("flow", "late_records", "records", Count("late_records"), "records of those jobs", needs="due"),
    _sum("flow", "sojourn_hours", "h", HoursEach("completed", "sojourn_s.mean"), "hours that completed jobs took in all"),
    _sum("flow", "wait_hours", "h", HoursEach("completed", "wait_s.mean"), "hours that completed jobs waited in all"),
    _sum("flow", "inside_hours", "h", HoursOf("in_system_mean"), "hours that jobs were inside in all", within=INSIDE),
    _figure("station", "utilisation", "", "fraction", "busy server-time of scheduled server-time", by_place=True, amount=True),
    _figure("station", "queue_length", "jobs", "number", "jobs that wait, on average over time", by_place=True),
    _figure(
        "station", "in_station", "jobs", "number", "jobs that wait, are served or are blocked, on average",
        amount=True,
    ),
    _figure(
        "station", "throughput", "/s", "rate", "finished visits per time", "throughput_per_s", by_place=True, amount=True,
        worst="smallest",
    ),
    _figure(
        "station", "availability", "", "fraction", "working server-time of scheduled server-time", worst="smallest",
        busiest="smallest",
    ),
    _figure(
        "station", BLOCKED, "", "fraction", "blocked server-time of scheduled server-time", by_place=True,
        needs="kept",
    ),
    _figure(
        "station", BLOCKED_SERVERS, "servers", "number", "servers kept by served jobs, on average over time", needs="kept"
    ),
    _figure("station", "loss_fraction", "", "fraction", "visits that found the station full, of those offered"),
    *_latency("station", "wait", "wait of each visit until service began", by_place="mean max"),
    *_latency("station", "wait_all", "the same of every visit, those that gave up included"),
    _figure(
        "station", SERVED_WITHIN, "", "fraction", "visits that began within target_wait",
        needs="target", windowed=False, worst="smallest", busiest="smallest",
    ),
    *_queues("station"),
    _sum("station", "visits", "visits", Count("completed"), "finished visits"),
    _sum("station", "busy_hours", "h", HoursOf("in_station", BESIDES), "hours of service given", needs="servers"),
    _sum("station", "queue_hours", "h", HoursOf("queue_length"), "hours that jobs waited in all"),
    _sum(
        "station", "blocked_hours", "h", HoursOf(BLOCKED_SERVERS), "hours for which served jobs kept servers in all",
        needs="kept",
    ),
    _sum("station", "down_hours", "h", HoursAway(), "hours in which scheduled servers did not work"),
    _figure(
        "pool", "in_use", "tokens", "number", "tokens held, on average over time", by_place=True, amount=True, needs="tokens"
    ),
    _figure("pool", "queue_length", "jobs", "number", "jobs that wait for a token, on average over time", by_place=True),
    *_latency("pool", "wait", "wait for a token", by_place="mean max"),
    *_queues("pool"),
    _sum("pool", "wait_hours", "h", HoursEach("taken", "wait_s.mean"), "hours that jobs waited for a token in all"),
    _sum("pool", "held_hours", "h", HoursOf("in_use"), "hours for which tokens were held in all", needs="tokens", within=HELD),
    _figure("measure", "value", "", "number", "a measure of the scenario, in its own unit", amount=True, windowed=False),
)  # fmt: skip
"""Every metric, by kind; the first of a kind is the one that people ask for when they name none."""

_BY_NAME: dict[Kind, dict[str, Metric]] = {kind: {m.name: m for m in CATALOGUE if m.kind == kind} for kind in KINDS}


def of_kind(kind: Kind) -> dict[str, Metric]:
    """Return every metric of a kind by its name."""
    return _BY_NAME[kind]


def named(name: str) -> tuple[Metric, ...]:
    """Return the metrics of that name, of every kind that has one; the kinds of a latency alone, such as `wait`, as well."""
    return tuple(metric for metric in CATALOGUE if name in (metric.name, metric.path, metric.name.partition(".")[0]))


def summed(kind: Kind) -> dict[str, Metric]:
    """Return the metrics of a kind that measures may sum, by name."""
    return {name: metric for name, metric in _BY_NAME[kind].items() if metric.summed}


def ranked(kind: Kind) -> dict[str, Metric]:
    """Return the metrics of a kind that are kept for every place, by their path, the usual one first."""
    return {metric.path: metric for metric in _BY_NAME[kind].values() if metric.by_place}
