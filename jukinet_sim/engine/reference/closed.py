"""Closed populations: members that think, come as a job, and think again when it has left."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.chance.draws import PURPOSE_THINK
from jukinet_sim.engine.flow_table import A_COUNT, A_KIND, CLOSED
from jukinet_sim.engine.reference.parts import Job, Member
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.time import Timed
from jukinet_sim.network import model as M


class Populations:
    """The members of all closed populations; `start` lets the job of a cycle arrive."""

    def __init__(self, run: Run, start: Callable[[Job], None]) -> None:
        self.run, self.start = run, start
        self._thinking: dict[Member, Timed] = {}

    def sit_down(self) -> None:
        """Let everybody think at time 0."""
        rows = self.run.program.flow_i
        for flow in range(len(self.run.network.flows)):
            for number in range(rows[flow, A_COUNT] if rows[flow, A_KIND] == CLOSED else 0):
                member = Member(flow, number + 1)
                self._plan(member, self._thought(member))

    def come_back(self, member: Member) -> None:
        """Let a member think again whose job has left, unless arrivals have been closed."""
        if self.run.closed:
            return
        member.cycle += 1
        seconds = self._thought(member)
        if seconds > 0.0:
            self._plan(member, seconds)
        else:
            self._come(member)
            # Last of all, as a cycle without any time in it must be noticed.
            self.run.env.tick()

    def close(self) -> None:
        """Who thinks will not come back."""
        for timed in self._thinking.values():
            timed.cancel()
        self._thinking.clear()

    def _thought(self, member: Member) -> float:
        """How long a member thinks before its present cycle."""
        arrivals = self.run.network.flows[member.flow].arrivals
        assert isinstance(arrivals, M.Closed)
        return self.run.draws.time(self.run.draws.cycle_key(member), PURPOSE_THINK, arrivals.think)

    def _plan(self, member: Member, seconds: float) -> None:
        self._thinking[member] = self.run.env.after(self.run.env.now + seconds, lambda: self._come(member))

    def _come(self, member: Member) -> None:
        """Thinking is over: the next cycle arrives as a job."""
        self._thinking.pop(member, None)
        key = self.run.draws.cycle_key(member)
        places = self.run.draws.places(member.flow, key, self.run.env.now)
        job = Job(member.flow, key, self.run.env.now, places, self.run.network.flows[member.flow].records)
        job.member = member
        self.start(job)
