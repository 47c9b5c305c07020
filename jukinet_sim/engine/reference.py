"""The reference engine: the network run as SimPy processes, written to be read; the fast engine must match it bit for bit.

One agenda carries everything that happens because of an event at the same instant: a job moves until it blocks or leaves, and
the jobs it wakes are appended, never run inside it. In SimPy terms the agenda is `schedule(event, priority=0)`; dated changes
have priority 1 and all other timed events priority 2.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from heapq import heappush
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event, EventPriority

from jukinet_sim.distributions import Distribution
from jukinet_sim.draws import job_key, name_hash, replication_key, spawned_key
from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.program import A_HASH, A_KIND, NONE, Program
from jukinet_sim.engine.reference_parts import AGENDA, DATED, TIMED, Job, Limit, Pool, Station
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network import model as M
from jukinet_sim.sampling import Samplers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Life = Generator[Event, None, bool]


class _Environment(simpy.Environment):
    """SimPy's environment with absolute times: now + (t - now) is not always t."""

    def at(self, time: float, priority: int, action: Callable[[Event], None]) -> Event:
        """Call `action` at `time`."""
        event = Event(self)
        event._ok, event._value = True, None
        event.callbacks = [action]
        heappush(self._queue, (time, EventPriority(priority), next(self._eid), event))
        return event

    def next_up(self) -> tuple[float, int]:
        """Time and priority of the next event; (infinity, 2) when there is none."""
        return (self._queue[0][0], self._queue[0][1]) if self._queue else (np.inf, TIMED)


class ReferenceEngine:
    """One replication under SimPy."""

    name = "reference"

    def __init__(
        self, program: Program, seed: int, replication: int, *, keep_rows: bool = False, same_instant_budget: int | None = None
    ) -> None:
        self.program, self.network = program, program.network
        self.tally = Tally(program)
        self.journal = J.Journal(self.tally)
        self.keeps_rows = keep_rows
        self.env = _Environment()
        self.key = replication_key(seed, replication)
        self._instants = same_instant_budget or self.network.same_instant_budget
        self._rows: list[tuple[int, int, int, int, float, float, float]] = []
        self._events = self._at_instant = 0
        self._instant = 0.0
        self.last_event_s = 0.0
        self._closed = False
        self._last_step = 0
        self._why = L.REACHED
        self._jobs: dict[int, Job] = {}
        self._samplers = Samplers()
        self._sampler_arrays = self._samplers.arrays()
        self._sampler_row: dict[Distribution, int] = {}
        self._step_number = {name: i for i, name in enumerate(program.step_names)}
        self._stations = [
            [Station(self, program.station_first[g] + place, s.servers_at(place)) for place in range(program.station_count[g])]
            for g, s in enumerate(self.network.stations)
        ]
        self._pools = [
            [Pool(self, program.pool_first[g] + place, p.tokens) for place in range(program.pool_count[g])]
            for g, p in enumerate(self.network.pools)
        ]
        self._group = {s.name: g for g, s in enumerate(self.network.stations)}
        self._pool_group = {p.name: g for g, p in enumerate(self.network.pools)}
        self._flow = {f.name: i for i, f in enumerate(self.network.flows)}
        self._schedule_outages()
        self._streams = [_Stream(self, f) for f in range(len(self.network.flows)) if program.flow_i[f, A_KIND] != NONE]
        for stream in self._streams:
            stream.schedule()

    def _schedule_outages(self) -> None:
        dated = []
        for group, station in enumerate(self.network.stations):
            for outage in station.outages:
                for member in self._stations[group] if outage.place is None else [self._stations[group][outage.place]]:
                    dated.append((outage.at_s, 1, member.index, member))
                    dated.append((outage.at_s + outage.for_s, -1, member.index, member))
        for time, change, _, member in sorted(dated, key=lambda d: (d[0], -d[1], d[2])):
            self.env.at(time, DATED, lambda _, member=member, change=change: member.outage(change))  # type: ignore[misc]

    # The life of a job

    def start(self, job: Job) -> None:
        """A job arrives; it moves when its turn on the agenda comes."""
        self._jobs[id(job)] = job
        self.journal.note(J.ARRIVED, self.env.now, job.flow * L.FLOW_WORDS, job.key)
        # A new SimPy process starts through an event of priority 0, which is the agenda.
        self.env.process(self._life(job))

    def to_agenda(self, job: Job) -> None:
        """Let a blocked job move on once everything before it on the agenda has moved."""
        self.env.schedule(job.turn, priority=EventPriority(AGENDA))

    def _blocked(self, job: Job) -> Event:
        job.turn = Event(self.env)
        job.turn._ok, job.turn._value = True, None
        return job.turn

    def _life(self, job: Job) -> Generator[Event, None, None]:
        try:
            yield from self._walk(job, self.network.flows[job.flow].route, "")
        except Limit as limit:
            # Out of a process SimPy would hand it on only after the rest of this instant's agenda.
            self._why = limit.why
            return
        for pool in list(job.tokens):
            pool.release(job)
        del self._jobs[id(job)]
        self.journal.note(J.COMPLETED, self.env.now, job.flow, job.key, job.records, x=job.birth, y=job.waited)

    def _walk(self, job: Job, steps: tuple[M.Step, ...], prefix: str) -> Life:
        """Execute a list of steps; true when a branch left the network."""
        labels = {step.label: i for i, step in enumerate(steps) if step.label}
        at = 0
        while at < len(steps):
            step = steps[at]
            path = M.step_path(prefix, at, step)
            job.step = self._last_step = self._step_number[f"{self.network.flows[job.flow].name}: {path}"]
            if isinstance(step, M.Branch):
                target = self._choose(job, step, path, steps[at - 1] if at else None)
                if target is None:
                    return True
                if labels[target] <= at:
                    self._tick()
                at = labels[target]
                continue
            if isinstance(step, M.Loop):
                if (yield from self._loop(job, step, path)):
                    return True
            else:
                yield from self._step(job, step, path)
            at += 1
        return False

    def _step(self, job: Job, step: M.Step, path: str) -> Life:
        if isinstance(step, M.Visit):
            demand = self._drawn(job, step.demand, path) + step.per_record_s * job.lot
            turn = self._blocked(job)
            self._stations[self._group[step.station]][self._place(job, self._station_level(step), step.at)].arrive(
                job, self._checked(demand)
            )
            yield turn
        elif isinstance(step, M.Delay):
            delay = self._checked(self._drawn(job, step.delay, path))
            if delay > 0.0:
                yield self._pause(job, self.env.now + delay)
        elif isinstance(step, M.Gate):
            opening = _opening(step, job.places[L.ORIGIN], self.env.now)
            if opening > self.env.now:
                yield self._pause(job, opening)
        elif isinstance(step, M.Acquire | M.Release):
            level = self.network.pools[self._pool_group[step.pool]].per
            pool = self._pools[self._pool_group[step.pool]][self._place(job, level, step.at)]
            if isinstance(step, M.Release):
                if pool not in job.tokens:
                    raise Limit(L.BAD_RELEASE)
                pool.release(job)
            else:
                if len(job.tokens) >= L.MAX_TOKENS:
                    raise Limit(L.TOO_MANY_TOKENS)
                turn = self._blocked(job)
                if not pool.acquire(job):
                    yield turn
        elif isinstance(step, M.Spawn):
            self._spawn(job, step, path)
        return False

    def _loop(self, job: Job, step: M.Loop, path: str) -> Life:
        if step.per_records:
            ahead = job.records
            while ahead > 0:
                job.lot = min(step.per_records, ahead)
                if (yield from self._walk(job, step.body, f"{path}.")):
                    return True
                ahead -= step.per_records
                self._tick()
            job.lot = job.records
        else:
            for _ in range(step.times or 0):
                if (yield from self._walk(job, step.body, f"{path}.")):
                    return True
                self._tick()
        return False

    def _spawn(self, job: Job, step: M.Spawn, path: str) -> None:
        hash_ = name_hash(path)
        flow = self._flow[step.flow]
        key = spawned_key(job.key, hash_, self._count(job, hash_))
        self.start(Job(flow, key, self.env.now, list(job.places), self.network.flows[flow].records))
        self._tick()

    def _pause(self, job: Job, until: float) -> Event:
        turn = self._blocked(job)

        def over(_: Event) -> None:
            self.count_event()
            self.to_agenda(job)

        if until < np.inf:
            self.env.at(until, TIMED, over)
        return turn

    # What a step needs to know

    def _count(self, job: Job, hash_: int) -> int:
        occurrence = job.seen[hash_]
        job.seen[hash_] += 1
        return occurrence

    def _drawn(self, job: Job, distribution: Distribution, path: str) -> float:
        if distribution.kind == "constant":
            return distribution.parameters[0]
        hash_ = name_hash(path)
        row = self._sampler_row.get(distribution)
        if row is None:
            row = self._sampler_row[distribution] = self._samplers.add(distribution)
            self._sampler_arrays = self._samplers.arrays()
        value, job.pair = T.draw_one(self.key, job.key, hash_, self._count(job, hash_), row, *self._sampler_arrays)
        return float(value)

    def _choose(self, job: Job, step: M.Branch, path: str, before: M.Step | None) -> str | None:
        drawn = (isinstance(before, M.Visit) and before.demand.kind != "constant") or (
            isinstance(before, M.Delay) and before.delay.kind != "constant"
        )
        if drawn and step.label is None:
            u = job.pair
        else:
            hash_ = name_hash(path)
            u, _ = T.draw_one(self.key, job.key, hash_, self._count(job, hash_), -1, *self._sampler_arrays)
        upper = 0.0
        for target, probability in step.targets:
            upper += probability
            if u <= upper:
                return target
        return step.targets[-1][0]

    def _station_level(self, step: M.Visit) -> str | None:
        return self.network.stations[self._group[step.station]].per

    def _place(self, job: Job, level: str | None, at: M.Which) -> int:
        if level is None:
            return 0
        flow = self.network.flows[job.flow]
        own = flow.origin if at == "origin" else flow.destination
        slot = L.ORIGIN if at == "origin" else L.DESTINATION
        return job.places[slot if own == level else slot + 1]

    def _checked(self, seconds: float) -> float:
        if not 0.0 <= seconds < np.inf:
            raise Limit(L.BAD_DELAY)
        return seconds

    def _tick(self) -> None:
        """Count a step back, a spawned job or an event towards the budget of this instant."""
        if self.env.now != self._instant:
            self._instant, self._at_instant = self.env.now, 0
        self._at_instant += 1
        if self._at_instant > self._instants:
            raise Limit(L.INSTANT_BUDGET)

    def count_event(self) -> None:
        """Count one timed event, unless it is one too many for this instant."""
        self._tick()
        self._events += 1
        self.last_event_s = self.env.now

    def keep_visit(self, job: Job, station: int) -> None:
        """Keep the row of a finished visit, if rows are kept."""
        if self.keeps_rows:
            self._rows.append((job.flow, job.key, job.step, station, job.arrive, job.start, job.end))

    # The engine protocol

    @property
    def closed(self) -> bool:
        """Whether arrivals have been closed."""
        return self._closed

    @property
    def events(self) -> int:
        """Timed events processed so far."""
        return self._events

    def advance(self, stop_s: float, inclusive: bool, max_events: int) -> int:
        """Process events up to the stop."""
        last = self._events + max_events
        try:
            while self._why == L.REACHED:
                time, priority = self.env.next_up()
                if priority != AGENDA:
                    if self._events >= last:
                        return L.SLICE
                    if time == np.inf or time > stop_s or (time == stop_s and not inclusive):
                        return L.REACHED
                    if priority == DATED and self._closed and not self._jobs:
                        return L.REACHED
                self.env.step()
            return self._why
        except Limit as limit:
            return limit.why
        finally:
            self.journal.flush()

    def close_arrivals(self) -> None:
        """Let no further job arrive."""
        self._closed = True

    def busy_step(self) -> str:
        """The step that was being executed when the engine stopped."""
        return self.program.step_names[self._last_step]

    def remaining_service(self, now_s: float) -> Floats:
        """Seconds of service still to give to jobs in service, per station."""
        return np.array(
            [sum(job.end - now_s for job in s.servers if job is not None) for group in self._stations for s in group]
        )

    def visits(self) -> tuple[Ints, Floats]:
        """Kept visit rows in the order of their ends: (flow, job key, step, station) and (arrive_s, start_s, end_s)."""
        return (
            np.array([r[:4] for r in self._rows], dtype=np.int64).reshape(-1, 4),
            np.array([r[4:] for r in self._rows], dtype=np.float64).reshape(-1, 3),
        )

    def clipped_in_system(self, window_start_s: float, end_s: float) -> Floats:
        """Per flow, the time inside the window already spent by jobs still in the system."""
        spent = np.zeros(len(self.network.flows))
        for job in self._jobs.values():
            spent[job.flow] += end_s - max(job.birth, window_start_s)
        return spent


class _Stream:
    """The arrivals of one flow, read from the blocks that both engines share."""

    def __init__(self, engine: ReferenceEngine, flow: int) -> None:
        self.engine, self.flow = engine, flow
        p = engine.program
        flows = len(p.network.flows)
        self._hash = int(p.flow_i[flow, A_HASH])
        self._state_i = np.zeros((flows, T.STATE_INTS), dtype=np.int64)
        self._state_f = np.zeros((flows, T.STATE_FLOATS))
        self._times = np.zeros((flows, L.BLOCK))
        self._places = np.zeros((flows, L.BLOCK, 5), dtype=np.int64)
        self._records = np.zeros((flows, L.BLOCK), dtype=np.int64)
        self._rows = np.zeros((flows, L.BLOCK, max(1, p.draw_words)))
        self._scratch = np.zeros((3, L.BLOCK))
        self._number = 0

    def _fill(self) -> None:
        p = self.engine.program
        T.fill_block(
            self.flow, self.engine.key, p.flow_i, p.flow_f, p.plan, p.samplers, p.samplers_tail, p.tail_f, p.tail_i,
            p.cumulative, p.guide, p.parents, self._state_i, self._state_f, self._times, self._places, self._records,
            self._rows, self._scratch,
        )  # fmt: skip

    def schedule(self) -> None:
        """Schedule the flow's next arrival, if there is one."""
        at = self._number % L.BLOCK
        if at == 0:
            self._fill()
        time = float(self._times[self.flow, at])
        if time < np.inf:
            self.engine.env.at(time, TIMED, self._arrive)

    def _arrive(self, _: Any) -> None:
        if self.engine.closed:
            return
        self.engine.count_event()
        at = self._number % L.BLOCK
        key = int(job_key(self._hash, self._number))
        job = Job(
            self.flow, key, self.engine.env.now, self._places[self.flow, at].tolist(), int(self._records[self.flow, at])
        )
        self._number += 1
        self.schedule()
        self.engine.start(job)


def _opening(gate: M.Gate, place: int, now: float) -> float:
    """When a job may pass the gate: now if open, else the next opening; each place opens its own while after."""
    after = gate.spread_s * ((place * 0x9E3779B9 & 0xFFFFFFFF) * 2.0**-32)
    ahead = np.searchsorted(gate.closes_s, now, side="right")
    return max(now, float(gate.opens_s[ahead]) + after) if ahead < len(gate.opens_s) else np.inf
