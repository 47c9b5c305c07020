"""Pools of the reference engine of which jobs take several tokens at once, or in whose line some stand before others."""

from __future__ import annotations

from jukinet_sim.engine import journal as J
from jukinet_sim.engine.flow_table import A_CLASS
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.pools import Pool


class CountedPool(Pool):
    """Tokens that are counted. Nobody overtakes: who asks for more tokens than are free holds up those behind."""

    def has_some(self, job: Job) -> bool:
        """Tell whether there are enough for a job that would be the first in line."""
        return self.free >= job.wants and (not self.queue or self._goes_before(job, self.queue[0]))

    def acquire(self, job: Job) -> bool:
        """Take tokens; False if the job must wait for its turn on the agenda."""
        if not self.has_some(job):
            self._wait(job)
            return False
        self._grant(job, 0.0)
        return True

    def leave(self, job: Job) -> None:
        """Let a job stop waiting; those behind it may ask for less."""
        super().leave(job)
        self._hand_out()

    def release(self, job: Job) -> None:
        """Give everything back that the job has by its first taking."""
        self.give(job, job.amounts[job.tokens.index(self)])

    def give(self, job: Job, tokens: int) -> None:
        """Give so many back, those taken first before others; the job must have them."""
        left = tokens
        while left > 0:
            at = job.tokens.index(self)
            part = min(left, job.amounts[at])
            job.amounts[at] -= part
            left -= part
            if job.amounts[at] == 0:
                del job.tokens[at], job.amounts[at]
        self.run.tell(News.GAVE_TOKEN_BACK, job, self)
        self.run.journal.note(J.TOKENS, self.run.env.now, self.word, tokens)
        self.free += tokens
        self._hand_out()

    def _hand_out(self) -> None:
        while self.queue and self.free >= self.queue[0].wants:
            first = self.queue[0]
            self._grant(first, self._waited(first))
            self._let_go_on(first)

    def _grant(self, job: Job, wait: float) -> None:
        self.run.journal.note(J.TOKENS, self.run.env.now, self.word, -job.wants)
        self.free -= job.wants
        self._take(job, wait)
        self._hold(job)

    def _line_up(self, job: Job) -> None:
        at = len(self.queue)
        while at > 0 and self._goes_before(job, self.queue[at - 1]):
            at -= 1
        self.queue.insert(at, job)

    def _goes_before(self, job: Job, other: Job) -> bool:
        """Tell whether a job goes before another that came earlier."""
        ranks = self.run.program.flow_i[:, A_CLASS]
        return self.model.discipline == "priority" and bool(ranks[job.flow] < ranks[other.flow])
