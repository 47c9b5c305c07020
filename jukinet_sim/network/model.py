"""A queueing network as frozen descriptions: stations, pools, places, routes and flows, in seconds and plain numbers.

Both compilers write this and both engines read it (through `seal`). Whom stations and jobs stand for is not known
here or below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.focus import Focus

Floats = NDArray[np.float64]
Which = Literal["origin", "destination"]
DRAIN_CALENDAR_S = 14 * 86_400.0
"""How far the calendar reaches beyond the horizon of a run that is drained."""
Rule = Literal["shortest_queue", "least_utilised", "first_idle", "round_robin"]
Discipline = Literal["fifo", "priority", "ps", "lifo", "random"]
EXIT = "exit"
"""In place of a label: out of the network, the route done. No step is labelled so."""


def frozen_floats(values: object) -> Floats:
    """Return a read-only float64 copy."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True)
class PlaceLevel:
    """A set of equal-ranking places; `parent[i]` is the index of place i in the level named `within`."""

    name: str
    count: int
    weights: Floats
    within: str | None = None
    parent: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()
    """What people call each place; its number where empty."""

    def label(self, place: int) -> str:
        """Return what people call a place."""
        return self.labels[place] if self.labels else str(place)


@dataclass(frozen=True)
class Outage:
    """Every server of a station (of one place of the group, or of all) is down from `at_s` for `for_s`."""

    at_s: float
    for_s: float
    place: int | None = None


@dataclass(frozen=True)
class Schedule:
    """`servers[i]` servers from `start_s[i]` on; the table repeats every `repeat_s` if given. The first start is 0.

    Servers that are too many finish their job before they go; where a shift `interrupts`, they stop, the highest first, and
    their jobs stand before the queue, to go on later, or anew where the station's `preemptive` says so.
    """

    start_s: tuple[float, ...]
    servers: tuple[int, ...]
    repeat_s: float | None = None
    interrupts: bool = False


@dataclass(frozen=True)
class Breakdowns:
    """Failures after an `up` time and repairs after a `down` time, per server or of the whole station at once."""

    up: Distribution
    down: Distribution
    per: Literal["server", "station"] = "server"


@dataclass(frozen=True)
class SpeedFrom:
    """From `at_s` on the servers work `factor` times as fast (at one place of the group, or at all)."""

    at_s: float
    factor: float
    place: int | None = None


@dataclass(frozen=True)
class Station:
    """A group of stations, one per place of the level `per` (or a single one).

    Disciplines: first come first served, non-preemptive priority of flows, processor sharing, or last come and random order
    of service, neither of which breaks a service off. A job that finds `capacity` jobs waiting and in service is refused.
    With a `schedule`, `servers` is the most it ever has.
    """

    name: str
    servers: tuple[int, ...] | int
    per: str | None = None
    outages: tuple[Outage, ...] = ()
    discipline: Discipline = "fifo"
    capacity: int | None = None
    schedule: Schedule | None = None
    breakdowns: Breakdowns | None = None
    speed: tuple[SpeedFrom, ...] = ()
    preemptive: Literal["resume", "restart"] | None = None
    """With priorities, whether a job that finds no idle server interrupts one of a lower class, whose service then goes on
    later or anew; elsewhere which of the two it is where the ends of shifts interrupt."""
    target_wait_s: float | None = None
    """Results say how many visits began within this wait; it moves no event."""

    def servers_at(self, place: int) -> int:
        """Servers of the station at this place; the most it ever has."""
        return self.servers if isinstance(self.servers, int) else self.servers[place]

    def servers_by_place(self, places: int) -> NDArray[np.int64]:
        """Return the same for each of so many places."""
        return np.full(places, self.servers) if isinstance(self.servers, int) else np.array(self.servers, dtype=np.int64)

    def speed_at_start(self, place: int) -> float:
        """Return the speed factor at time 0; the last one written for it holds."""
        factors = [s.factor for s in self.speed if s.at_s == 0.0 and s.place in (None, place)]
        return factors[-1] if factors else 1.0


@dataclass(frozen=True)
class Pool:
    """Tokens that a job holds across steps; one pool per place of the level `per` (or a single one).

    With `refill_per_s` it is a token bucket: it holds up to `tokens`, a token taken is not given back, and new ones
    come at that rate. Who waits stands in the order of asking, or by the priority of its flow first; nobody overtakes, so
    that whoever asks for more tokens than are free holds up those behind.
    """

    name: str
    tokens: tuple[int, ...] | int
    per: str | None = None
    refill_per_s: float | None = None
    discipline: Literal["fifo", "priority"] = "fifo"

    def tokens_at(self, place: int) -> int:
        """Tokens of the pool at this place."""
        return self.tokens if isinstance(self.tokens, int) else self.tokens[place]


@dataclass(frozen=True)
class State:
    """An integer per place of the level `per` (or a single one): `start`, then what dated changes and jobs make of it.

    `changes` holds (at_s, place or None for all, new value).
    """

    name: str
    start: int = 0
    per: str | None = None
    changes: tuple[tuple[float, int | None, int], ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a demand: `scale_s` times (a drawn number less `less`) seconds; a drawn time has scale 1 and less 0."""

    value: Distribution
    scale_s: float = 1.0
    less: float = 0.0


@dataclass(frozen=True)
class Visit:
    """Service at a station: a drawn demand in seconds plus `per_record_s` for each record in hand plus every part.

    A job that is refused, or loses patience in the queue, goes on at the label `on_refused` or `on_abandon` of its list, at
    this instant and with what it holds; `EXIT` leaves the network. Without a label its attempt is at an end.
    """

    station: str
    demand: Distribution
    per_record_s: float = 0.0
    at: Which = "origin"
    label: str | None = None
    parts: tuple[Part, ...] = ()
    on_refused: str | None = None
    on_abandon: str | None = None
    balk: tuple[tuple[int, float], ...] = ()
    """With which probability a job turns away that finds at least so many at the station, as if it were refused; the last entry
    that the number reaches holds."""
    hold: bool = False
    """Whether the job keeps its server after service until it has come in at the next station of its route, or leaves. Where
    that station is full such a job is not refused but waits for room: who waits longest comes in first."""


@dataclass(frozen=True)
class Delay:
    """A wait that nobody competes for (an infinite-server station)."""

    delay: Distribution
    label: str | None = None


@dataclass(frozen=True)
class Gate:
    """Hold the job until one of the opening intervals; `spread_s` staggers places evenly over that long after opening."""

    opens_s: Floats
    closes_s: Floats
    spread_s: float = 0.0
    label: str | None = None


@dataclass(frozen=True)
class Acquire:
    """Take so many tokens at once, waiting for one's turn.

    With `patience` a job that has no token by then gives up, as at a station: it is abandoned, or tries again. Whose patience
    is 0 s does not wait at all; at a pool that refills by itself no other patience is possible. `on_abandon` is the label at
    which it goes on instead, as at a station.
    """

    pool: str
    at: Which = "origin"
    label: str | None = None
    patience: Distribution | None = None
    on_abandon: str | None = None
    tokens: int = 1


@dataclass(frozen=True)
class Release:
    """Give so many tokens back, those taken first before others."""

    pool: str
    at: Which = "origin"
    label: str | None = None
    tokens: int = 1


@dataclass(frozen=True)
class Branch:
    """Continue at one of the labels (None leaves the network), drawn by probability."""

    targets: tuple[tuple[str | None, float], ...]
    label: str | None = None


@dataclass(frozen=True)
class Loop:
    """Repeat the body `times` times, or once per lot of `per_records` records with that lot in hand."""

    body: tuple[Step, ...]
    times: int | None = None
    per_records: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Spawn:
    """Start a job of another flow at this instant, with the same places, and go on."""

    flow: str
    label: str | None = None


@dataclass(frozen=True)
class Switch:
    """Continue at the label of the state's present value (None leaves the network), or at the next step if it has none."""

    state: str
    targets: tuple[tuple[int, str | None], ...]
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Choose:
    """Continue at the label of one of some stations (None leaves the network), by the state in which the job finds them.

    Of equals the first written is chosen. The shortest queue is the one with the fewest jobs, waiting and in service; the
    least utilised station has the fewest for each server that works; if no station is idle, `first_idle` goes on at the next
    step; round robin takes one after the other, at each place of the job for itself.
    """

    targets: tuple[tuple[str, str | None], ...]
    by: Rule
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Assign:
    """Give the state at the job's place a value."""

    state: str
    value: int
    at: Which = "origin"
    label: str | None = None


Step = Visit | Delay | Gate | Acquire | Release | Branch | Loop | Spawn | Switch | Choose | Assign


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps of a route, bodies of loops included."""
    for step in steps:
        yield step
        if isinstance(step, Loop):
            yield from all_steps(step.body)


def jumps(step: Step) -> Iterator[str | None]:
    """Yield the labels at which a job may go on in place of the next step; None where it leaves the network or cannot."""
    match step:
        case Branch(targets=chances):
            yield from (label for label, _ in chances)
        case Switch(targets=values):
            yield from (label for _, label in values)
        case Choose(targets=stations):
            yield from (label for _, label in stations)
        case Visit():
            yield step.on_refused
            yield step.on_abandon
        case Acquire():
            yield step.on_abandon


def counted_pools(network: Network) -> set[str]:
    """Name the pools of which jobs take or give back several tokens at once, or in whose line some stand before others."""
    named = {pool.name for pool in network.pools if pool.discipline != "fifo"}
    steps = (step for flow in network.flows for step in all_steps(flow.route))
    return named | {step.pool for step in steps if isinstance(step, Acquire | Release) and step.tokens > 1}


def keeps_servers(flow: Flow) -> bool:
    """Tell whether jobs of a flow keep servers after service."""
    return any(isinstance(step, Visit) and step.hold for step in all_steps(flow.route))


def kept_stations(network: Network) -> frozenset[str]:
    """Name the stations of which jobs keep servers after service."""
    steps = (step for flow in network.flows for step in all_steps(flow.route))
    return frozenset(step.station for step in steps if isinstance(step, Visit) and step.hold)


def draws_again(station: Station, flow: Flow, visit: Visit) -> bool:
    """Tell whether jobs of a flow may draw for more on a visit than what they ask for: patience, a place, whether to stay."""
    return flow.patience is not None or station.discipline == "random" or bool(visit.balk)


def unrolled(schedule: Schedule, until_s: float) -> Iterator[tuple[float, int]]:
    """Return changes of a schedule after time 0 and before `until_s`, its repeats written out: when, and how many servers."""
    base, first = 0.0, 1
    rounds = 0
    while True:
        for start_s, servers in list(zip(schedule.start_s, schedule.servers, strict=True))[first:]:
            if base + start_s >= until_s:
                return
            yield base + start_s, servers
        if schedule.repeat_s is None:
            return
        rounds, first = rounds + 1, 0
        base = rounds * schedule.repeat_s


def step_path(prefix: str, number: int, step: Step) -> str:
    """Return what names a step's random numbers: its label, or its position below the enclosing loop's path."""
    return step.label or f"{prefix}{number}"


@dataclass(frozen=True)
class Poisson:
    """Arrivals at a constant rate per second."""

    rate_per_s: float


@dataclass(frozen=True)
class BatchPoisson:
    """Arrival instants at a constant rate per second, each of a whole number of jobs (a drawn size below 1 counts as 1)."""

    rate_per_s: float
    size: Distribution


@dataclass(frozen=True)
class Renewal:
    """Independent times between arrivals; the first job arrives after one full draw."""

    interarrival: Distribution


@dataclass(frozen=True)
class Piecewise:
    """Poisson arrivals whose rate is `rate_per_s[i]` from `start_s[i]` on; the table repeats every `repeat_s` if given."""

    start_s: Floats
    rate_per_s: Floats
    repeat_s: float | None = None


@dataclass(frozen=True)
class ExactCount:
    """Exactly `count` arrivals: a Poisson process with intensity proportional to `weight`, conditioned on its count."""

    count: int
    start_s: Floats
    weight: Floats
    end_s: float


@dataclass(frozen=True)
class Scheduled:
    """Arrivals at given instants, each with its own number of records.

    `places` are the origins of these jobs, one for each, or nothing at all; a job at -1 has its origin drawn as usual.
    """

    at_s: Floats
    records: tuple[int, ...]
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sinusoid:
    """Poisson arrivals with rate mean + amplitude sin(2 pi t / period) per second."""

    mean_per_s: float
    amplitude_per_s: float
    period_s: float


@dataclass(frozen=True)
class Modulated:
    """Poisson arrivals at `rates_per_s[i]` while a Markov chain is in state i; `switch_per_s[i][j]` moves it from i to j.

    The chain starts in its stationary law; the diagonal is ignored.
    """

    rates_per_s: tuple[float, ...]
    switch_per_s: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Closed:
    """So many jobs that think, run the route and think again; all think at time 0, each cycle is a job of its own."""

    jobs: int
    think: Distribution


Arrivals = Poisson | BatchPoisson | Renewal | Piecewise | ExactCount | Scheduled | Sinusoid | Modulated | Closed


@dataclass(frozen=True)
class Retry:
    """Begin again after loss or abandonment: at most `attempts` tries (None: no limit), after back-off x factor^(k-1)."""

    attempts: int | None
    backoff: Distribution
    factor: float = 1.0


@dataclass(frozen=True)
class Flow:
    """A class of jobs. `origin` and `destination` name the place levels drawn for each job, by weight.

    `share`, when given, replaces the level's weights for this flow's origin. `last_job_records`, when given, is what the
    last of an exact count of jobs carries, so that volumes that do not divide evenly still come out exact. A job that
    has not started service within its `patience` leaves the queue; one that has not completed within `timeout` of the
    beginning of this attempt leaves from wherever it is (service included, unless `zombie` work goes on to its end).
    A job that is in the system for more than `due_s`, over all its attempts, is late.
    """

    name: str
    route: tuple[Step, ...]
    arrivals: Arrivals | None = None
    records: int = 1
    last_job_records: int | None = None
    origin: str | None = None
    destination: str | None = None
    share: Floats | None = None
    priority: int = 0
    patience: Distribution | None = None
    timeout: Distribution | None = None
    zombie: bool = False
    retry: Retry | None = None
    due_s: float | None = None
    """A job that takes longer from its arrival to its end is late."""

    def origin_shares(self, level: PlaceLevel) -> Floats:
        """Return the part of this flow's jobs that come from each place of `level`, its origin, on average."""
        weights = level.weights if self.share is None else self.share
        places = self.arrivals.places if isinstance(self.arrivals, Scheduled) else ()
        drawn: Floats = weights / weights.sum()
        if not places:
            return drawn
        given = np.array([place for place in places if place >= 0], dtype=np.intp)
        return (np.bincount(given, minlength=level.count) + (len(places) - len(given)) * drawn) / len(places)


@dataclass(frozen=True)
class Watch:
    """Queues to look at because of something that happens from `begins_s` to `ends_s`: of a station or pool, at some places."""

    name: str
    begins_s: float
    ends_s: float
    kind: Literal["station", "pool"]
    part: str
    places: tuple[int, ...] | None = None
    """Numbers of the places; all of them where None."""


@dataclass(frozen=True)
class Hours:
    """Stretches of time in which results count something apart, such as opening hours: from `opens_s[i]` to `closes_s[i]`."""

    name: str
    opens_s: Floats
    closes_s: Floats


@dataclass(frozen=True)
class Network:
    """Everything an engine needs to know, but for seed and replication."""

    name: str
    horizon_s: float
    stations: tuple[Station, ...]
    flows: tuple[Flow, ...]
    pools: tuple[Pool, ...] = ()
    levels: tuple[PlaceLevel, ...] = ()
    states: tuple[State, ...] = ()
    watches: tuple[Watch, ...] = ()
    """What is reported of incidents; it moves no event."""
    hours: tuple[Hours, ...] = ()
    """In which hours measures count; it moves no event."""
    focuses: tuple[Focus, ...] = ()
    """Which metrics are looked at in a window or at a place; it moves no event."""
    busiest_hours: bool = True
    """Whether the busiest hour of every station is looked for as well, in a run of several; it moves no event."""
    warm_up_s: float = 0.0
    warm_up_auto: bool = False
    """Whether a pilot has still to find the warm-up."""
    drain: bool = False
    series_bin_s: float | None = None
    event_budget: int = 20_000_000_000
    same_instant_budget: int = 1_000_000
    job_budget: int = 4_000_000
    notes: tuple[str, ...] = field(default=())
    """What is legal in the data it was made from and probably not meant, in words; no engine looks at it."""

    @property
    def calendar_s(self) -> float:
        """Until when schedules are written out: beyond the horizon where a drained run may need them."""
        return self.horizon_s + (DRAIN_CALENDAR_S if self.drain else 0.0)

    def level(self, name: str) -> PlaceLevel:
        """Return the place level of this name (KeyError if there is none)."""
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(name)
