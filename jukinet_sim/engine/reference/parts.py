"""What moves and what is shared in the reference engine: jobs, visits, members of closed populations, and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.journal import Journal
from jukinet_sim.engine.reference.news import Listener, nobody
from jukinet_sim.engine.tally import Tally

if TYPE_CHECKING:
    from jukinet_sim.engine.program import Program
    from jukinet_sim.engine.reference.draws import Draws
    from jukinet_sim.engine.reference.pools import Pool
    from jukinet_sim.engine.reference.servers import Server
    from jukinet_sim.engine.reference.stations import Station
    from jukinet_sim.engine.reference.time import Environment, Timed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Job:
    """A job and what it carries."""

    def __init__(self, flow: int, key: int, birth: float, places: list[int], records: int) -> None:
        self.flow, self.key, self.birth, self.places = flow, key, birth, places
        self.number = 0
        """Which job of its flow this is, by arrival from 1."""
        self.records = self.lot = records
        self.waited = 0.0
        self.pair = 0.0
        self.step = 0
        self.seen: dict[int, int] = {}
        """How often each step was executed in this attempt, by the hash of its name."""
        self.tokens: list[Pool] = []
        self.turn: Any = None
        # Attempts, and the closed population it may belong to.
        self.attempt = 0
        self.backoff = 1.0
        self.clock: Timed | None = None
        self.member: Member | None = None
        # Where it is held up: the visit in progress, or what waits for it otherwise.
        self.visit: Visit | None = None
        self.pause: Timed | None = None
        self.queued: tuple[Pool, float] | None = None
        self.entry = 0
        """At a bucket the number that the event of its token will have."""


class Member:
    """One of a closed population: its number from 1 and the cycle it is in."""

    def __init__(self, flow: int, number: int) -> None:
        self.flow, self.number, self.cycle = flow, number, 0


class Visit:
    """A job at a station. `job` is None once the client has left and the work goes on for nobody."""

    def __init__(self, job: Job, station: Station, demand: float, rank: int, now: float) -> None:
        self.job: Job | None = job
        self.owner = job
        self.station = station
        self.left = demand
        self.rank = rank
        """Its class of priority; 0 is served first."""
        self.arrive, self.start = now, now
        self.started = False
        self.end = 0.0
        self.server: Server | None = None
        self.step = job.step
        self.event: Timed | None = None
        """What is pending: the end of the service, or of the patience."""


class Refused(Exception):
    """A job found a station full; its walk along the route ends here."""


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
        """The rows by their ends: (flow, job key, step, station, outcome) and (arrive_s, start_s, end_s)."""
        return (
            np.array([r[:5] for r in self._rows], dtype=np.int64).reshape(-1, 5),
            np.array([r[5:] for r in self._rows], dtype=np.float64).reshape(-1, 3),
        )
