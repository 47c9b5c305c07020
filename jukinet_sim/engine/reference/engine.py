"""The reference engine: the network run as SimPy processes, written to be read; the fast engine must match it bit for bit.

One agenda carries everything that happens because of an event at the same instant: a job moves until it blocks or leaves, and
the jobs it wakes are appended, never run inside it. In SimPy terms the agenda is `schedule(event, priority=0)`; behind it come
dated changes, then all other timed events (see `time`).
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.flow_table import A_KIND, CLOSED, NONE
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.reference.attempts import Attempts
from jukinet_sim.engine.reference.changes import plan_dated_changes, set_clocks
from jukinet_sim.engine.reference.closed import Populations
from jukinet_sim.engine.reference.draws import Draws
from jukinet_sim.engine.reference.news import Listener
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.pools import Bucket
from jukinet_sim.engine.reference.run import Floats, Ints, Run
from jukinet_sim.engine.reference.sites import Sites
from jukinet_sim.engine.reference.streams import Stream
from jukinet_sim.engine.reference.time import DATED, Environment, Limit, is_of_a_clock
from jukinet_sim.engine.reference.walk import Walk
from jukinet_sim.engine.standing import Standing


class ReferenceEngine:
    """One replication under SimPy. `listen`, if given, is told everything that happens to jobs."""

    name = "reference"

    def __init__(
        self,
        program: Program,
        seed: int,
        replication: int,
        *,
        keep_rows: bool = False,
        same_instant_budget: int | None = None,
        listen: Listener | None = None,
    ) -> None:
        self.env = Environment(same_instant_budget or program.network.same_instant_budget)
        self.run = Run(program, self.env, Draws(program, seed, replication), keep_rows=keep_rows, listen=listen)
        self.tally = self.run.tally
        self.keeps_rows = keep_rows
        self._attempts = Attempts(self.run)
        self._sites = Sites(self.run, self._attempts.give_up)
        self._walk = Walk(self.run, self._sites, self._attempts.start, self._attempts.give_up)
        self._populations = Populations(self.run, self._attempts.start)
        self._attempts.connect(self._walk, self._populations)
        self._streams: list[Stream] = []
        try:
            self._plan()
        except Limit as limit:
            self.run.why = limit.why

    def _plan(self) -> None:
        """Plan what is known at time 0; the order decides between events at one instant."""
        plan_dated_changes(self.run, self._sites)
        kinds = self.run.program.flow_i[: len(self.run.network.flows), A_KIND]
        for flow, kind in enumerate(kinds):
            if kind not in (NONE, CLOSED):
                stream = Stream(self.run, flow, self._attempts.start)
                stream.plan_next()
                self._streams.append(stream)
        self._populations.sit_down()
        set_clocks(self.run, self._sites)

    @property
    def events(self) -> int:
        """Timed events processed so far."""
        return self.env.events

    @property
    def ended_visits(self) -> int:
        """Visit rows kept so far."""
        return len(self.run.rows)

    @property
    def last_event_s(self) -> float:
        """When the latest event took place."""
        return self.env.last_event_s

    def advance(self, stop_s: float, inclusive: bool, max_events: int) -> int:
        """Process events up to the stop; once arrivals are closed, until no job is inside or none can move any more."""
        run, env = self.run, self.env
        last = env.events + max_events
        try:
            while run.why == L.REACHED:
                time, priority, event = env.next_up()
                if priority >= DATED:
                    if env.events >= last:
                        return L.SLICE
                    if time == np.inf or time > stop_s or (time == stop_s and not inclusive):
                        return L.REACHED
                    if run.closed and (not self._attempts.jobs or (is_of_a_clock(event) and self._nothing_can_move())):
                        return L.REACHED
                if priority == DATED:
                    env.change(time)
                else:
                    env.step()
            return run.why
        except Limit as limit:
            return limit.why
        finally:
            run.journal.flush()

    def close_arrivals(self) -> None:
        """Let no further job arrive; who thinks will not come back."""
        self.run.closed = True
        for stream in self._streams:
            stream.close()
        self._populations.close()

    def _nothing_can_move(self) -> bool:
        """Whether only failures and repairs lie ahead, with nobody in a queue that they could help."""
        clocked = (station for station in self._sites.stations() if station.model.breakdowns is not None)
        return self.env.pending + sum(station.could_go_on for station in clocked) == 0

    def busy_step(self) -> str:
        """Return the step that was being executed when the engine stopped."""
        lately = self._walk.lately
        return self.run.program.step_names[lately[-1] if lately else 0]

    def frequent_step(self) -> str:
        """Return the step executed most often among the latest thousand; of equals the first of the network."""
        times = Counter(self._walk.lately)
        return self.run.program.step_names[min(times, key=lambda step: (-times[step], step), default=0)]

    def remaining_service(self, now_s: float) -> Floats:
        """Service still to give to jobs in service, per station: seconds, or work where jobs share servers."""
        remaining = np.zeros(self.run.program.stations)
        for station in self._sites.stations():
            remaining[station.index] = station.remaining(now_s)
        return remaining

    def visits(self) -> tuple[Ints, Floats]:
        """Kept visit rows by their ends: (flow, job key, step, station, outcome) and (arrive_s, start_s, end_s)."""
        return self.run.rows.arrays()

    def jobs_inside(self) -> tuple[Ints, Floats, Ints]:
        """Flow, time of arrival and records of each job in the system."""
        jobs = self._attempts.jobs.values()
        flows, records = ([job.flow for job in jobs], [job.records for job in jobs])
        return np.array(flows, dtype=np.int64), np.array([job.birth for job in jobs]), np.array(records, dtype=np.int64)

    def standing(self) -> Standing:
        """Where each job in the system stands."""
        jobs = list(self._attempts.jobs.values())
        waits = [_waits_for(job) for job in jobs]
        held = np.full((len(jobs), L.MAX_TOKENS), -1, dtype=np.int64)
        for row, job in zip(held, jobs, strict=True):
            row[: len(job.tokens)] = [pool.word // L.POOL_WORDS for pool in job.tokens]
        amounts = np.ones_like(held)
        for row, job in zip(amounts, jobs, strict=True):
            row[: len(job.amounts)] = job.amounts
        return Standing(
            flow=np.array([job.flow for job in jobs], dtype=np.int64),
            birth_s=np.array([job.birth for job in jobs], dtype=np.float64),
            pool=np.array([pool for pool, _ in waits], dtype=np.int64),
            since_s=np.array([since for _, since in waits], dtype=np.float64),
            station=np.array([job.visit.station.index if job.visit else -1 for job in jobs], dtype=np.int64),
            waits=np.array([_queues(job) for job in jobs], dtype=np.bool_),
            kept=np.array([job.kept.station.index if job.kept else -1 for job in jobs], dtype=np.int64),
            wants=np.array([job.wants if job.queued else 1 for job in jobs], dtype=np.int64),
            held=held,
            amounts=amounts,
            leaves=np.array([_leaves(job) for job in jobs], dtype=np.bool_),
        )


def _waits_for(job: Job) -> tuple[int, float]:
    """Return the pool for whose token a job waits, -1 for none, and since when; where it is at a station, when it came."""
    if job.queued is None or isinstance(job.queued[0], Bucket):
        return -1, job.visit.arrive if job.visit is not None else 0.0
    pool, since = job.queued
    return pool.word // L.POOL_WORDS, since


def _queues(job: Job) -> bool:
    """Tell whether a job waits at the door or in the queue of a station."""
    return job.visit is not None and job.visit.server is None and job.visit.station.model.discipline != "ps"


def _leaves(job: Job) -> bool:
    """Tell whether an end of its time or of its patience in a line will take a job away."""
    impatient = job.visit is not None and _queues(job) and job.visit.event is not None
    return job.clock is not None or (job.queued is not None and job.pause is not None) or impatient
