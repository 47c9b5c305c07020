"""The result document as types: what `run --json` prints, key by key.

Keys that stand in every document come first; the others are there when they have something to say. Names of figures are those
of the catalogue (`metrics`); times are in seconds, rates per second, fractions between 0 and 1.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

Status = Literal["complete", "partial", "interrupted"]


class Value(TypedDict):
    """A figure over replications: its mean, the half-width of its interval at `level`, how many values were defined."""

    value: float | None
    half_width: float | None
    level: float
    n: int
    per_replication: list[float | None]


class Points(TypedDict, total=False):
    """A latency in seconds."""

    mean: Value
    p50: Value
    p90: Value
    p95: Value
    p99: Value
    max: Value


class Series(TypedDict, total=False):
    """Means over replications for each bin of `bin_s` seconds; which quantities there are depends on the part."""

    bin_s: float
    arrived: list[float]
    completed: list[float]
    in_system: list[float]
    in_system_at_bin_end: list[float]
    queue: list[float]
    busy: list[float]
    in_use: list[float]


class Queue(TypedDict):
    """The history of a queue: for a group, its fullest and its longest one, and who waits at the end in all."""

    queue_length: Value
    queue_peak: Value
    queue_at_end: Value
    longest_queue_s: Value
    longest_queue_from_s: Value


class Flow(TypedDict):
    """A flow: counts over all replications, and figures."""

    arrived: int
    completed: int
    lost: int
    abandoned: int
    retried: int
    in_system: int
    in_system_at_start: int
    records: int
    throughput_per_s: Value
    loss_fraction: Value
    abandon_fraction: Value
    in_system_mean: Value
    sojourn_s: Points
    wait_s: Points
    wait_all_s: Points
    late: NotRequired[int]
    late_records: NotRequired[int]
    late_fraction: NotRequired[Value]
    inside_s: NotRequired[dict[str, Value]]
    series: NotRequired[Series]


class Place(TypedDict):
    """One place of a station or pool group; figures as the catalogue keeps them by place."""

    place: int
    name: str
    utilisation: NotRequired[Value]
    blocked: NotRequired[Value]
    in_use: NotRequired[Value]
    throughput_per_s: NotRequired[Value]
    wait_s: Points
    queue_length: Value
    queue_peak: Value
    queue_at_end: Value
    longest_queue_s: Value
    longest_queue_from_s: Value
    incident_waited_s: NotRequired[dict[str, Value]]
    incident_waiting: NotRequired[dict[str, Value]]


When = TypedDict("When", {"from": str | None, "from_s": float | None, "place": str | None})
"""When and where something was found: `from` is a date and hour, or the time since the start of the run, as is `from_s`."""


class At(When):
    """The same in the replication with the worst value, and in each of them."""

    per_replication: list[When]


class BusiestHour(TypedDict):
    """The clock hour in which a station, at its busiest place, was busy most."""

    utilisation: Value
    at: At | None


class Station(Queue):
    """A station, or a group of one per place as a whole."""

    discipline: str
    arrived: int
    started: int
    waited: int
    completed: int
    refused: int
    abandoned: int
    utilisation: Value
    in_station: Value
    throughput_per_s: Value
    availability: Value
    served_within: NotRequired[Value]
    blocked: NotRequired[Value]
    blocked_servers: NotRequired[Value]
    loss_fraction: Value
    wait_s: Points
    wait_all_s: Points
    incident_waited_s: NotRequired[dict[str, Value]]
    incident_waiting: NotRequired[dict[str, Value]]
    busiest_hour: NotRequired[BusiestHour]
    series: NotRequired[Series]
    places: NotRequired[list[Place]]


class Pool(Queue):
    """A pool, or a group of one per place as a whole."""

    taken: int
    in_use: Value
    wait_s: Points
    held_s: NotRequired[dict[str, Value]]
    incident_waited_s: NotRequired[dict[str, Value]]
    incident_waiting: NotRequired[dict[str, Value]]
    series: NotRequired[Series]
    places: NotRequired[list[Place]]


class Measured(TypedDict):
    """A measure of the scenario."""

    unit: str
    value: Value


class Level(TypedDict):
    """A service level; `met` is null where the run cannot decide it."""

    text: str
    value: Value
    met: bool | None
    verdict: Literal["met", "missed", "undecided"]
    at: NotRequired[At | None]


class StuckHolder(TypedDict):
    """Jobs of a flow that hold something and wait for something."""

    flow: str
    holds: str
    waits_for: str
    jobs: Value
    since_s: Value


class StuckJobs(TypedDict):
    """Jobs that wait for ever for one thing, over the replications that have them."""

    kind: Literal["deadlock", "blocked", "pool", "station", "gate"]
    where: list[str]
    place: str | None
    places: Value
    since_s: Value
    jobs: Value
    holders: list[StuckHolder]
    in_replications: int
    of_replications: int


class Document(TypedDict):
    """The result of a run."""

    schema: int
    scenario: str
    hash: str
    status: Status
    seed: int
    rule_version: int
    replications: int
    engine: str
    fingerprint: str
    warm_up_s: float
    events: int
    visits: int
    identities: dict[str, float]
    flows: dict[str, Flow]
    stations: dict[str, Station]
    pools: dict[str, Pool]
    slo: list[Level]
    title: NotRequired[str]
    variant: NotRequired[list[str]]
    """What was laid over the scenario file, as options of the command line."""
    limit: NotRequired[str]
    stuck: NotRequired[list[StuckJobs]]
    warm_up_note: NotRequired[str]
    measures: NotRequired[dict[str, Measured]]
    outputs: NotRequired[list[dict[str, Any]]]
    """Figures that the scenario shows beside those it judges, see `objectives.values_of`."""
    monthly: NotRequired[dict[str, Any]]
    """The table by months, see `monthly.monthly`."""
    record: NotRequired[list[dict[str, Any]]]
    """What is on record beside what was simulated, see `recorded.beside`."""
    incidents: NotRequired[list[dict[str, Any]]]
    """See `backlogs.backlogs`."""
    assumptions: NotRequired[dict[str, Any]]
    """See `experiments.assumptions.outcome`."""
    places_note: NotRequired[str]
    worst: NotRequired[list[dict[str, Any]]]
    """Rankings of places that were asked for, see `rankings.rank`."""
    levels: NotRequired[dict[str, list[dict[str, Any]]]]
    """Sums over the places of a level that were asked for, see `levels.by_level`."""
