"""Pools of the reference engine: tokens that are given back, and tokens that come at a steady rate and are used up."""

from __future__ import annotations

from collections import deque

from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.network import model as M


class Pool:
    """Tokens, handed out first come first served."""

    def __init__(self, run: Run, index: int, place: int, model: M.Pool) -> None:
        self.run, self.word, self.place, self.model = run, index * L.POOL_WORDS, place, model
        self.free = model.tokens_at(place)
        self.queue: deque[Job] = deque()

    def has_some(self, job: Job) -> bool:
        """Tell whether a job that asks now would get what it wants at once."""
        return self.free > 0

    def acquire(self, job: Job) -> bool:
        """Take a token; False if the job must wait for its turn on the agenda."""
        if self.free == 0:
            self._wait(job)
            return False
        self.run.journal.note(J.TOKENS, self.run.env.now, self.word, -1)
        self.free -= 1
        self._take(job, 0.0)
        self._hold(job)
        return True

    def _hold(self, job: Job) -> None:
        job.tokens.append(self)
        job.amounts.append(job.wants)

    def leave(self, job: Job) -> None:
        """Let a job stop waiting."""
        job.waited += self._waited(job)

    def release(self, job: Job) -> None:
        """Give the job's token back, or on to the first in the queue."""
        job.amounts.pop(job.tokens.index(self))
        job.tokens.remove(self)
        self.run.tell(News.GAVE_TOKEN_BACK, job, self)
        if self.queue:
            follower = self.queue[0]
            self._take(follower, self._waited(follower))
            self._hold(follower)
            self._let_go_on(follower)
        else:
            self.run.journal.note(J.TOKENS, self.run.env.now, self.word, 1)
            self.free += 1

    def give(self, job: Job, tokens: int) -> None:
        """Give so many of the job's tokens back."""
        for _ in range(tokens):
            self.release(job)

    def _let_go_on(self, job: Job) -> None:
        """Let a job that waited go on; its patience is no longer asked for."""
        if job.pause is not None:
            job.pause.cancel()
            job.pause = None
        self.run.env.to_agenda(job.turn)

    def _line_up(self, job: Job) -> None:
        """Let a job stand in line."""
        self.queue.append(job)

    def _wait(self, job: Job) -> None:
        now = self.run.env.now
        job.queued = (self, now)
        self._line_up(job)
        self.run.journal.note(J.POOL_QUEUE, now, self.word, 1)
        self.run.tell(News.WAITS_FOR_TOKEN, job, self)

    def _waited(self, job: Job) -> float:
        """End the wait of a job; return how long it was."""
        now = self.run.env.now
        assert job.queued is not None
        since = job.queued[1]
        job.queued = None
        self.queue.remove(job)
        self.run.journal.note(J.POOL_QUEUE, now, self.word, -1)
        return now - since

    def _take(self, job: Job, wait: float) -> None:
        now = self.run.env.now
        self.run.journal.note(J.TOKEN_WAITED, now, self.word, x=wait)
        self.run.journal.note(J.MARK, now, job.key, job.step, L.E_TOKEN)
        job.waited += wait
        self.run.tell(News.TOOK_TOKEN, job, self, wait)


class Bucket(Pool):
    """Tokens that come at a steady rate and are used up; the bucket holds so many of them.

    The first who waits gets the next token; who leaves before frees its place, and those behind move forward.
    """

    def __init__(self, run: Run, index: int, place: int, model: M.Pool) -> None:
        super().__init__(run, index, place, model)
        self.interval = float(run.tally.pf[self.word + L.P_INTERVAL])
        self.burst = float(run.tally.pf[self.word + L.P_BURST])
        self.since, self.given = 0.0, 0
        """When the bucket began to give tokens out at the steady rate, and how many it has given out since."""

    def _due(self) -> float:
        """When a bucket that ran at the steady rate would give its next token out."""
        return self.since + self.given * self.interval

    def has_some(self, job: Job) -> bool:
        """Tell whether there is a token for which nobody waits."""
        return not self.queue and self._due() - self.burst <= self.run.env.now

    def acquire(self, job: Job) -> bool:
        """Use up a token; False if the job must wait until one comes."""
        if self.has_some(job):
            self._give()
            self._take(job, 0.0)
            return True
        self._wait(job)
        job.entry = self.run.env.next_number()
        if self.queue[0] is job:
            self._plan()
        return False

    def leave(self, job: Job) -> None:
        """Let a job stop waiting; if it was the first, the next token is the next one's."""
        was_first = self.queue[0] is job
        super().leave(job)
        if was_first:
            assert job.pause is not None
            job.pause.cancel()
            self._plan()

    def _give(self) -> None:
        now = self.run.env.now
        if self._due() < now:
            self.since, self.given = now, 0
        self.given += 1

    def _plan(self) -> None:
        """Give the next token to the first who waits, if anybody does."""
        if self.queue:
            first = self.queue[0]
            first.pause = self.run.env.after(self._due() - self.burst, lambda: self._pass(first), number=first.entry)

    def _pass(self, job: Job) -> None:
        job.pause = None
        self._take(job, self._waited(job))
        self.run.env.to_agenda(job.turn)
        self._give()
        self._plan()
