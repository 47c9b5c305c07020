"""Jobs, stations and pools of the reference engine: plain objects that tell their host what happened and what comes next."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any, Protocol

from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.tally import Tally

AGENDA, DATED, TIMED = 0, 1, 2
"""Priorities of events at one instant: the agenda, dated changes such as outages, everything else."""


class Host(Protocol):
    """The engine as stations and pools see it."""

    env: Any
    """The SimPy environment, with `now` and `at(time, priority, action)`."""
    journal: J.Journal
    tally: Tally

    def count_event(self) -> None:
        """Count one timed event."""

    def keep_visit(self, job: Job, station: int) -> None:
        """Keep the row of a finished visit, if rows are kept."""

    def to_agenda(self, job: Job) -> None:
        """Let a blocked job move on once everything before it on the agenda has moved."""


class Limit(Exception):
    """Why the engine must stop, as a code of `layout`."""

    def __init__(self, why: int) -> None:
        self.why = why


class Job:
    """A job and what it carries."""

    def __init__(self, flow: int, key: int, birth: float, places: list[int], records: int) -> None:
        self.flow, self.key, self.birth, self.places = flow, key, birth, places
        self.records = self.lot = records
        self.waited = 0.0
        self.pair = 0.0
        self.step = 0
        self.seen: Counter[int] = Counter()
        self.tokens: list[Pool] = []
        self.turn: Any
        # The visit in progress.
        self.left = 0.0
        self.arrive = self.start = self.end = 0.0
        self.started = False
        self.completion: Any = None


class Station:
    """c servers and a first-come first-served queue; outages pre-empt, work resumes where it stopped."""

    def __init__(self, engine: Host, index: int, servers: int) -> None:
        self.engine, self.index, self.word = engine, index, index * L.STATION_WORDS
        self.servers: list[Job | None] = [None] * servers
        self.queue: deque[Job] = deque()
        self.outages = 0

    def _idle(self) -> int | None:
        if self.outages or None not in self.servers:
            return None
        return self.servers.index(None)

    def arrive(self, job: Job, demand: float) -> None:
        """A job comes for this much service."""
        now = self.engine.env.now
        job.left, job.arrive, job.started, job.start = demand, now, False, now
        server = self._idle()
        if server is None:
            self.queue.append(job)
            self.engine.journal.note(J.QUEUE, now, self.word, 1)
        else:
            self.engine.journal.note(J.BUSY, now, self.word, 1)
            self._begin(job, server)

    def _begin(self, job: Job, server: int) -> None:
        engine, now = self.engine, self.engine.env.now
        self.servers[server] = job
        job.end = now + job.left
        engine.journal.note(J.SERVED, now, self.word, x=job.end - now)
        kind = L.E_RESUME if job.started else L.E_START
        if job.started:
            engine.journal.note(J.RESUMED, now, self.word)
        else:
            job.started, job.start = True, now
            if now - job.arrive > 0.0:
                engine.journal.note(J.WAITED, now, self.word, x=now - job.arrive)
                job.waited += now - job.arrive
        engine.journal.note(J.MARK, job.end, job.key, job.step, kind)
        job.completion = engine.env.at(job.end, TIMED, lambda event: self._complete(job, event))

    def _complete(self, job: Job, event: Any) -> None:
        if job.completion is not event:
            return
        engine, now = self.engine, self.engine.env.now
        engine.count_event()
        job.completion = None
        server = self.servers.index(job)
        self.servers[server] = None
        engine.keep_visit(job, self.index)
        if self.queue:
            engine.journal.note(J.QUEUE, now, self.word, -1)
            follower = self.queue.popleft()
            self._begin(follower, self.servers.index(None))
        else:
            engine.journal.note(J.BUSY, now, self.word, -1)
        engine.to_agenda(job)

    def outage(self, change: int) -> None:
        """An outage begins (+1) or ends (-1)."""
        engine, now = self.engine, self.engine.env.now
        engine.count_event()
        engine.journal.note(J.DOWN, now, self.word, change)
        self.outages += change
        engine.tally.si[self.word + L.S_USABLE] = 0 if self.outages else len(self.servers)
        if change > 0 and self.outages == 1:
            self._stop_all(now)
        while self.queue and (server := self._idle()) is not None:
            engine.journal.note(J.QUEUE, now, self.word, -1)
            engine.journal.note(J.BUSY, now, self.word, 1)
            self._begin(self.queue.popleft(), server)

    def _stop_all(self, now: float) -> None:
        """Put every job in service back at the head of the queue, in server order."""
        for server in reversed(range(len(self.servers))):
            job = self.servers[server]
            if job is not None:
                self.servers[server] = None
                job.completion = None
                job.left = job.end - now
                self.engine.journal.note(J.PREEMPTED, now, self.word, x=job.left)
                self.engine.journal.note(J.MARK, now, job.key, job.step, L.E_PREEMPT)
                self.engine.journal.note(J.QUEUE, now, self.word, 1)
                self.queue.appendleft(job)


class Pool:
    """Tokens, handed out first come first served."""

    def __init__(self, engine: Host, index: int, tokens: int) -> None:
        self.engine, self.word, self.free = engine, index * L.POOL_WORDS, tokens
        self.queue: deque[tuple[Job, float]] = deque()

    def acquire(self, job: Job) -> bool:
        """Take a token; False if the job must wait for its turn on the agenda."""
        now = self.engine.env.now
        if self.free == 0:
            self.queue.append((job, now))
            self.engine.journal.note(J.POOL_QUEUE, now, self.word, 1)
            return False
        self.engine.journal.note(J.TOKENS, now, self.word, -1)
        self.free -= 1
        self._take(job, 0.0)
        return True

    def _take(self, job: Job, wait: float) -> None:
        self.engine.journal.note(J.TOKEN_WAITED, self.engine.env.now, self.word, x=wait)
        self.engine.journal.note(J.MARK, self.engine.env.now, job.key, job.step, L.E_TOKEN)
        job.waited += wait
        job.tokens.append(self)

    def release(self, job: Job) -> None:
        """Give the job's token back, or on to the first in the queue."""
        now = self.engine.env.now
        job.tokens.remove(self)
        if self.queue:
            follower, since = self.queue.popleft()
            self.engine.journal.note(J.POOL_QUEUE, now, self.word, -1)
            self._take(follower, now - since)
            self.engine.to_agenda(follower)
        else:
            self.engine.journal.note(J.TOKENS, now, self.word, 1)
            self.free += 1
