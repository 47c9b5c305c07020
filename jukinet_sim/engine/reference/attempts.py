"""The life of a job from arrival to its end: attempts, time-outs, retries."""

from __future__ import annotations

from collections.abc import Generator

from jukinet_sim.chance.draws import PURPOSE_BACKOFF, PURPOSE_TIMEOUT
from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.closed import Populations
from jukinet_sim.engine.reference.draws import checked
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Impatient, Job, Refused
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.time import Limit, Turn
from jukinet_sim.engine.reference.walk import Walk
from jukinet_sim.network import model as M


class Attempts:
    """Every job in the system, and what it does when its walk along the route ends, well or not."""

    walk: Walk
    populations: Populations

    def __init__(self, run: Run) -> None:
        self.run, self.env = run, run.env
        self.jobs: dict[int, Job] = {}
        """Jobs in the system by identity, in the order in which they came."""
        self._arrived = [0] * len(run.network.flows)

    def connect(self, walk: Walk, populations: Populations) -> None:
        """Make those known that start jobs themselves."""
        self.walk, self.populations = walk, populations

    def start(self, job: Job) -> None:
        """Let a job arrive; it moves when its turn on the agenda comes. Raises Limit when there are too many."""
        if len(self.jobs) >= self.run.network.job_budget:
            raise Limit(L.JOB_BUDGET)
        self.jobs[id(job)] = job
        self._arrived[job.flow] += 1
        job.number = self._arrived[job.flow]
        self.run.journal.note(J.ARRIVED, self.env.now, job.flow * L.FLOW_WORDS, job.key)
        if self.run.heard:
            self.run.tell(News.ARRIVED, job)
        self._begin(job)
        self._set_off(job)

    def _set_off(self, job: Job) -> None:
        """Let a job walk along its route from the first step, once it is its turn on the agenda."""
        # A new SimPy process starts through an event of priority 0, which is the agenda.
        self.env.process(self._life(job))

    def _life(self, job: Job) -> Generator[Turn, None, None]:
        """Make attempts that follow each other at one instant.

        A job that leaves its attempt while it is blocked never comes back to the process it was in.
        """
        try:
            while True:
                try:
                    yield from self.walk.walk(job)
                    break
                except (Refused, Impatient) as why:
                    if not self._leave(job, lost=isinstance(why, Refused)):
                        return
                    self.env.tick()
            self._complete(job)
        except Limit as limit:
            # Out of a process SimPy would hand it on only after the rest of this instant's agenda.
            self.run.why = limit.why

    def _begin(self, job: Job) -> None:
        """Set the clock that times this attempt out, in flows that have one."""
        timeout = self._flow(job).timeout
        if timeout is not None:
            lasts = self.run.draws.time(job.key, PURPOSE_TIMEOUT, timeout, attempt=job.attempt)
            job.clock = self.env.after(self.env.now + lasts, lambda: self._time_out(job))

    def _time_out(self, job: Job) -> None:
        """End an attempt that has lasted too long: the job leaves from wherever it is."""
        self.run.tell(News.TIMED_OUT, job)
        job.clock = None
        if job.visit is not None:
            job.visit.station.leave(job.visit, self._flow(job).zombie)
        elif job.queued is not None:
            job.queued[0].leave(job)
        if job.pause is not None:
            job.pause.cancel()
        self.give_up(job)

    def give_up(self, job: Job, turns_to: str | None = None) -> None:
        """Let a job leave its attempt because its time or patience is at an end; it may try again.

        With a label that it turns to the attempt goes on there.
        """
        if turns_to is not None:
            job.turns_to = turns_to
            self.env.to_agenda(job.turn)
            self.env.tick()
        elif self._leave(job, lost=False):
            self._set_off(job)
            self.env.tick()

    def _leave(self, job: Job, lost: bool) -> bool:
        """Let a job leave its attempt; true where it begins the next one at once."""
        self._let_go(job)
        job.clock = job.pause = None
        retry, tried = self._flow(job).retry, job.attempt + 1
        if retry is None or (retry.attempts is not None and tried >= retry.attempts):
            now = self.env.now
            self.run.journal.note(J.GONE, now, job.flow, job.key, int(lost), x=job.birth, y=job.waited)
            self.run.journal.note(J.LATE, now, job.flow * L.FLOW_WORDS, job.records, x=now - job.birth)
            self.run.tell(News.LOST if lost else News.ABANDONED, job)
            self._retire(job)
            return False
        return self._retry(job, retry, lost)

    def _retry(self, job: Job, retry: M.Retry, lost: bool) -> bool:
        """Start afresh after a pause; true where there is none."""
        now = self.env.now
        self.run.journal.note(J.RETRIED, now, job.flow * L.FLOW_WORDS)
        self.run.journal.note(J.MARK, now, job.key, job.step, L.E_RETRY)
        job.attempt += 1
        drawn = self.run.draws.time(job.key, PURPOSE_BACKOFF, retry.backoff, attempt=job.attempt)
        backoff = checked(drawn * job.backoff)
        job.backoff *= retry.factor
        job.lot = job.records
        job.seen.clear()
        self.run.tell(News.RETRIES, job, lost, backoff)
        if backoff > 0.0:
            job.pause = self.env.after(now + backoff, lambda: self._try_again(job))
            return False
        self._begin(job)
        return True

    def _try_again(self, job: Job) -> None:
        job.pause = None
        self._begin(job)
        self._set_off(job)

    def _complete(self, job: Job) -> None:
        self._let_go(job)
        self.run.journal.note(J.COMPLETED, self.env.now, job.flow, job.key, job.records, x=job.birth, y=job.waited)
        if self.run.heard:
            self.run.tell(News.COMPLETED, job)
        self._retire(job)

    def _let_go(self, job: Job) -> None:
        """Give back every token, in the order in which they were taken, and stop the clock of the attempt."""
        for pool in list(job.tokens):
            pool.release(job)
        if job.kept is not None:
            station = job.kept.station
            station.hand_on(job.kept)
            station.make_room()
        if job.clock is not None:
            job.clock.cancel()

    def _retire(self, job: Job) -> None:
        """Forget a job that has left; a member of a closed population thinks until its next cycle."""
        del self.jobs[id(job)]
        if job.member is not None:
            self.populations.come_back(job.member)

    def _flow(self, job: Job) -> M.Flow:
        return self.run.network.flows[job.flow]
