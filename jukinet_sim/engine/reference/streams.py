"""The arrivals of one flow, read from the blocks that both engines share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from jukinet_sim.chance.draws import job_key
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.arrival_times import STATE_FLOATS, STATE_INTS
from jukinet_sim.engine.flow_table import A_HASH
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.time import Timed


def arrivals(program: Program, key: int, flow: int) -> Iterator[Job]:
    """Yield the jobs that arrive in a flow, in order; nothing that happens in the network has a say in them."""
    flows = len(program.network.flows)
    state_i, state_f = np.zeros((flows, STATE_INTS), dtype=np.int64), np.zeros((flows, STATE_FLOATS))
    times, records = np.zeros((flows, L.BLOCK)), np.zeros((flows, L.BLOCK), dtype=np.int64)
    places = np.zeros((flows, L.BLOCK, 5), dtype=np.int64)
    rows, scratch = np.zeros((flows, L.BLOCK, max(1, program.draw_words))), np.zeros((3, L.BLOCK))
    hash_, number = int(program.flow_i[flow, A_HASH]), 0
    while True:
        T.fill_block(
            flow, key, program.flow_i, program.flow_f, program.plan, program.samplers, program.samplers_tail, program.tail_f,
            program.tail_i, program.cumulative, program.guide, program.parents, state_i, state_f, times, places, records, rows,
            scratch,
        )  # fmt: skip
        for time, where, count in zip(times[flow].tolist(), places[flow].tolist(), records[flow].tolist(), strict=True):
            if time == np.inf:
                return
            yield Job(flow, int(job_key(hash_, number)), time, where, count)
            number += 1


class Stream:
    """Plans the arrivals of a flow, one at a time; `start` lets a job arrive."""

    def __init__(self, run: Run, flow: int, start: Callable[[Job], None]) -> None:
        self.run, self.start = run, start
        self._jobs = arrivals(run.program, run.draws.key, flow)
        self._next: Timed | None = None

    def plan_next(self) -> None:
        """Plan the flow's next arrival, if there is one."""
        job = next(self._jobs, None)
        if job is not None:
            self._next = self.run.env.after(job.birth, lambda: self._arrive(job))

    def close(self) -> None:
        """Let no further job arrive."""
        if self._next is not None:
            self._next.cancel()

    def _arrive(self, job: Job) -> None:
        self.plan_next()
        self.start(job)
