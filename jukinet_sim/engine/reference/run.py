"""What everything in one replication of the reference engine shares: the run, and the rows of visits that it keeps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.journal import Journal
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.reference.draws import Draws
from jukinet_sim.engine.reference.news import Listener, nobody
from jukinet_sim.engine.reference.parts import Visit
from jukinet_sim.engine.reference.time import Environment
from jukinet_sim.engine.tally import Tally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Run:
    """What everything in one replication shares: the clock, the draws, the books, and whether it goes on."""

    def __init__(self, program: Program, env: Environment, draws: Draws, *, keep_rows: bool, listen: Listener | None) -> None:
        self.program, self.network = program, program.network
        self.env, self.draws = env, draws
        self.tally = Tally(program)
        self.journal = Journal(self.tally)
        self.rows = Rows(keep_rows)
        self.tell: Listener = listen or nobody
        self.heard = listen is not None
        """Whether anybody listens; what happens at every visit is told only then."""
        self.closed = False
        """Whether arrivals have been closed."""
        self.why = L.REACHED
        """The limit that a job ran into, if one did."""


class Rows:
    """The rows of visits that ended, if they are kept."""

    def __init__(self, keep: bool) -> None:
        self.kept = keep
        self._rows: list[tuple[int, int, int, int, int, float, float, float]] = []

    def add(self, visit: Visit, now: float, outcome: int) -> None:
        """Keep the row of a visit that ended."""
        if self.kept:
            job = visit.owner
            self._rows.append((job.flow, job.key, visit.step, visit.station.index, outcome, visit.arrive, visit.start, now))

    def __len__(self) -> int:
        return len(self._rows)

    def arrays(self) -> tuple[Ints, Floats]:
        """Return the rows by their ends: (flow, job key, step, station, outcome) and (arrive_s, start_s, end_s)."""
        return (
            np.array([r[:5] for r in self._rows], dtype=np.int64).reshape(-1, 5),
            np.array([r[5:] for r in self._rows], dtype=np.float64).reshape(-1, 3),
        )
