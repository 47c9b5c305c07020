"""Every draw of one replication: the key of a job, a step and a purpose to a number, always the same one.

Nothing is remembered but how often a job has executed each step, which is part of the key.
"""

from __future__ import annotations

import numpy as np

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.draws import cycle_key, spawned_key
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.chance.sampling import Samplers
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.flow_table import A_HASH
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.reference.parts import Job, Member
from jukinet_sim.engine.reference.time import Limit
from jukinet_sim.engine.whereabouts import draw_places
from jukinet_sim.network import model as M


class Draws:
    """Draws for the jobs and servers of one replication."""

    def __init__(self, program: Program, seed: int, replication: int) -> None:
        self.program = program
        self.key = replication_key(seed, replication)
        self._samplers = Samplers()
        self._arrays = self._samplers.arrays()
        self._rows: dict[int, int] = {}
        """Rows of distributions by identity, which is quicker than to compare them; the network keeps them all."""

    def value(self, job: Job, distribution: Distribution, hash_: int) -> float:
        """Draw what a job draws at the step of this name; its second uniform is kept for a branch behind it."""
        if distribution.kind == "constant":
            return distribution.parameters[0]
        row = self._row_of(distribution)
        execution = self.execution(job, hash_)
        value, job.pair = T.draw_one(self.key, job.key, hash_, execution, job.attempt, row, *self._arrays)
        return float(value)

    def uniform(self, job: Job, hash_: int) -> float:
        """Draw a number between 0 and 1 of the step's own."""
        return float(T.draw_one(self.key, job.key, hash_, self.execution(job, hash_), job.attempt, -1, *self._arrays)[0])

    def execution(self, job: Job, hash_: int) -> int:
        """Count an execution of a step in this attempt; the number of those before it."""
        before = job.seen.get(hash_, 0)
        job.seen[hash_] = before + 1
        return before

    def time(self, key: int, purpose: int, what: Distribution, *, step: int = 0, execution: int = 0, attempt: int = 0) -> float:
        """Draw a time for another purpose than a demand."""
        row = self._row_of(what)
        return checked(float(T.draw_for(self.key, key, step, execution, attempt, purpose, row, *self._arrays)))

    def chance(self, job: Job, purpose: int, step: int, execution: int) -> float:
        """Draw a number between 0 and 1 for another purpose of a visit."""
        return float(T.draw_for(self.key, job.key, step, execution, job.attempt, purpose, -1, *self._arrays))

    def breakdown(self, server: int, station: int, cycle: int, model: M.Breakdowns) -> tuple[float, float]:
        """Draw the up and down time of one cycle of a server."""
        up, down = self._row_of(model.up), self._row_of(model.down)
        found = T.draw_breakdown(self.key, server, station, cycle, up, down, *self._arrays)
        return float(found[0]), float(found[1])

    def cycle_key(self, member: Member) -> int:
        """Return the key of the job that a member of a closed population is in its present cycle."""
        return int(cycle_key(int(self.program.flow_i[member.flow, A_HASH]), member.number, member.cycle))

    def spawned_key(self, parent: Job, hash_: int) -> int:
        """Return the key of the job that a parent starts at the step of this name."""
        return int(spawned_key(parent.key, hash_, self.execution(parent, hash_), parent.attempt))

    def places(self, flow: int, key: int, now: float) -> list[int]:
        """Draw the places of a job that begins at an instant and that no arrival stream has drawn them for."""
        p, record = self.program, np.zeros(2 * L.JOB_HEADER, dtype=np.int32)
        draw_places(self.key, key, p.flow_i[flow], p.cumulative, p.guide, p.parents, record, 0, now)
        return record[L.J_PLACE_32 : L.J_PLACE_32 + 5].tolist()

    def _row_of(self, distribution: Distribution) -> int:
        row = self._rows.get(id(distribution))
        if row is None:
            row = self._rows[id(distribution)] = self._samplers.add(distribution)
            self._arrays = self._samplers.arrays()
        return row


def checked(seconds: float) -> float:
    """Return the same time. Raises Limit where it is none that could pass."""
    if not 0.0 <= seconds < np.inf:
        raise Limit(L.BAD_DELAY)
    return seconds
