"""What happens to one job, as the reference engine tells it, written down: the record of a life.

Jobs are named `flow:number`, the number counting the arrivals of the flow from 1 in one replication.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Holder, Host, Job, Visit
from jukinet_sim.engine.reference.pools import Pool
from jukinet_sim.network.model import Flow, Network, unrolled

FIRST, LAST = 1000, 200
"""So many entries are kept from the beginning and from the end of a life."""
_OUTCOMES = {News.COMPLETED, News.LOST, News.ABANDONED}
_BEGINS_TO_WAIT = {News.QUEUED, News.PREEMPTED, News.WAITS_FOR_TOKEN}
_WAITS_NO_LONGER = {News.STARTED, News.RESUMED, News.TOOK_TOKEN, News.LOST_PATIENCE, News.TIMED_OUT}
_GOES_BEFORE = {News.STARTED, News.RESUMED, News.TOOK_TOKEN}
_LASTS = {
    News.CAME, News.STARTED, News.PREEMPTED, News.RESUMED, News.RESCALED, News.DELAYED, News.AT_A_GATE, News.RETRIES,
}  # fmt: skip
INSIDE, CUT_OFF = "still in the system", "cut off by a limit"


@dataclass(frozen=True)
class Other:
    """Another job, and since when it has been there, or when it went before."""

    job: str
    at_s: float


@dataclass(frozen=True)
class Entry:
    """One thing that happened to the job; `news` says what `seconds` and `detail` are.

    `waited_s` and `served_before` belong to the entry that ends a wait.
    """

    at_s: float
    what: str
    step: str = ""
    where: str = ""
    seconds: float | None = None
    detail: str = ""
    waited_s: float | None = None
    in_service: tuple[Other, ...] = ()
    ahead: tuple[Other, ...] = ()
    served_before: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Life:
    """A job from its arrival to its end; `left_out` entries are missing after the first 1,000."""

    network: str
    job: str
    seed: int
    replication: int
    outcome: str
    arrived_s: float
    ended_s: float
    """When it left; where it has not, how far the run went."""
    waited_s: float
    attempts: int
    left_out: int
    entries: tuple[Entry, ...]


class Names:
    """What jobs, steps, stations and places of a network are called."""

    def __init__(self, network: Network, step_names: tuple[str, ...]) -> None:
        self.network, self._steps = network, step_names

    def flow(self, job: Job) -> Flow:
        """Return the flow of a job."""
        return self.network.flows[job.flow]

    def other(self, job: Job, at_s: float) -> Other:
        """Return a job that is not the one followed."""
        return Other(f"{self.flow(job).name}:{job.number}", at_s)

    def step(self, job: Job, number: int) -> str:
        """Return the path of a step of a job's route."""
        return self._steps[number].removeprefix(f"{self.flow(job).name}: ")

    def site(self, site: Host | Holder | None) -> str:
        """Return a station or pool by its name, and its place if it is one of a group."""
        if site is None:
            return ""
        level = site.model.per
        return site.model.name if level is None else f"{site.model.name} at {self.place(level, site.place)}"

    def place(self, level: str, number: int) -> str:
        """Return a place by its label, or its number where places have none."""
        labels = self.network.level(level).labels
        return labels[number] if labels else f"{level} {number}"

    def load(self, job: Job) -> str:
        """Return the records and places that a job arrives with."""
        flow = self.flow(job)
        said = [f"records {job.records:,}"] if job.records != 1 else []
        for word, level, slot in (("from", flow.origin, L.ORIGIN), ("to", flow.destination, L.DESTINATION)):
            if level is not None:
                said.append(f"{word} {self.place(level, job.places[slot])}")
        return ", ".join(said)


@dataclass
class _Wait:
    """A wait in progress: for what, since when, and who went before in the meantime."""

    at: Host | Holder
    since_s: float
    before: list[Other] = field(default_factory=list)


class Recorder:
    """Listens to the engine and writes down what concerns one job."""

    engine: ReferenceEngine

    def __init__(self, program: Program, flow: int, number: int) -> None:
        self.network, self.flow, self.number = program.network, flow, number
        self._names = Names(program.network, program.step_names)
        self.job: Job | None = None
        self.ended = False
        self.arrived = 0
        """Jobs of the flow so far."""
        self._outcome: str = INSIDE
        self._wait: _Wait | None = None
        self._first: list[Entry] = []
        self._last: deque[Entry] = deque(maxlen=LAST)
        self._entries = 0

    def __call__(self, what: News, job: Job, about: Any = None, seconds: float = 0.0) -> None:
        """Take note that this has happened to a job at this instant."""
        if what is News.ARRIVED and job.flow == self.flow:
            self.arrived = job.number
            if job.number == self.number:
                self.job = job
        if self.job is None or self.ended:
            return
        if job is self.job:
            self._write(what, job, about, seconds)
        elif self._wait is not None and what in _GOES_BEFORE and _site(about) is self._wait.at:
            self._wait.before.append(self._names.other(job, self.engine.env.now))

    def life(self, flow: str, number: int, seed: int, replication: int, cut_off: bool) -> Life:
        """Return the record, once the job has ended or the run is over."""
        job, entries = self.job, (*self._first, *self._last)
        assert job is not None
        return Life(
            network=self.network.name, job=f"{flow}:{number}", seed=seed, replication=replication,
            outcome=self._outcome if self.ended or not cut_off else CUT_OFF,
            arrived_s=job.birth, ended_s=entries[-1].at_s if self.ended else self._over_s(cut_off),
            waited_s=self._waited(job, cut_off), attempts=job.attempt + 1,
            left_out=self._entries - len(entries), entries=entries,
        )  # fmt: skip

    def _over_s(self, cut_off: bool) -> float:
        """How far a run went that the job has not left."""
        last = self.engine.last_event_s
        return last if cut_off else max(last, self.network.horizon_s)

    def _waited(self, job: Job, cut_off: bool) -> float:
        """How long the job has waited by now, a wait that is not over included."""
        if self._wait is None or (job.visit is not None and job.visit.started):
            # Waiting to be resumed is no queueing time, here as in the tables.
            return job.waited
        return job.waited + self._over_s(cut_off) - self._wait.since_s

    def _write(self, what: News, job: Job, about: Any, seconds: float) -> None:
        now = self.engine.env.now
        site, visit = _site(about), about if isinstance(about, Visit) else None
        for_nobody = visit is not None and visit.job is None
        waited: float | None = None
        before: tuple[Other, ...] = ()
        if self._wait is not None and what in _WAITS_NO_LONGER and not for_nobody:
            waited, before = now - self._wait.since_s, tuple(self._wait.before)
            self._wait = None
        in_service, ahead = self._company(what, job, about)
        if what in _BEGINS_TO_WAIT and site is not None and not for_nobody:
            self._wait = _Wait(site, now)
        if what is News.TIMED_OUT:
            site = job.visit.station if job.visit else job.queued[0] if job.queued else None
        step = "" if what is News.ARRIVED else self._names.step(job, job.step if visit is None else visit.step)
        entry = Entry(
            at_s=now, what=str(what), step=step, where=self._names.site(site),
            seconds=seconds if what in _LASTS and math.isfinite(seconds) else None,
            detail="for nobody" if for_nobody else self._detail(what, job, about), waited_s=waited, in_service=in_service,
            ahead=ahead, served_before=before,
        )  # fmt: skip
        self._entries += 1
        (self._first if len(self._first) < FIRST else self._last).append(entry)
        if what in _OUTCOMES:
            self.ended, self._outcome = True, str(what)

    def _company(self, what: News, job: Job, about: Any) -> tuple[tuple[Other, ...], tuple[Other, ...]]:
        """Who is in service and who waits ahead, where the job comes to a station or begins to wait for a token."""
        if what is News.CAME:
            serving, ahead = about.station.company(about)
            return (
                tuple(self._names.other(visit.owner, visit.start) for visit in serving),
                tuple(self._names.other(visit.owner, visit.arrive) for visit in ahead),
            )
        if what is News.WAITS_FOR_TOKEN:
            others = [other for other in about.queue if other is not job]
            return (), tuple(self._names.other(other, other.queued[1]) for other in others)
        return (), ()

    def _detail(self, what: News, job: Job, about: Any) -> str:
        """Return what else there is to say, in a word or a label."""
        match what:
            case News.ARRIVED:
                return self._names.load(job)
            case News.CAME if about.station.crew.working == 0:
                return "no server is working"
            case News.PREEMPTED:
                return self._why_stopped(about.station)
            case News.TIMED_OUT:
                return self._held_up(job)
            case News.BRANCHED:
                return "out" if about is None else f'"{about}"'
            case News.SWITCHED:
                state, value, target = about
                to = "out" if target is None else f'to "{target}"' if target else "on"
                return f"{state} is {value}: goes {to}"
            case News.ASSIGNED:
                return f"{about[0]} is {about[1]}"
            case News.ROUND:
                return f"{about[0]:,}, records in hand {about[1]:,}"
            case News.SPAWNED:
                return self._names.other(about, 0.0).job
            case News.RETRIES:
                return "refused" if about else "given up"
            case News.STARTED if about.station.model.discipline == "ps":
                return "shared"
        return ""

    def _why_stopped(self, station: Host) -> str:
        """Whether an outage, the end of a shift, a breakdown or a job of a higher class stopped a server just now."""
        now, schedule = self.engine.env.now, station.model.schedule
        if schedule is not None and schedule.interrupts and now in unrolled(schedule, math.nextafter(now, math.inf))[0]:
            return "end of a shift"
        planned = any(o.at_s == now and o.place in (None, station.place) for o in station.model.outages)
        if planned or station.model.preemptive is None or station.model.discipline != "priority":
            return "outage" if planned else "breakdown"
        return "interrupted" if station.model.breakdowns is None else "interrupted, or breakdown"

    def _held_up(self, job: Job) -> str:
        """Where a job is when its time is up."""
        if job.visit is not None:
            if job.kept is not None:
                return "keeping a server until there is room"
            if not any(job.visit is other for other in job.visit.station.company(job.visit)[0]):
                return "in the queue"
            return "in service, which goes on for nobody" if self._names.flow(job).zombie else "in service, which is broken off"
        return "waiting for a token" if job.queued is not None else "on the way"


def _site(about: Any) -> Host | Holder | None:
    """Return the station or pool that news is about."""
    return about.station if isinstance(about, Visit) else about if isinstance(about, Pool) else None
