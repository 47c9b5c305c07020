"""What moves in the reference engine: jobs, visits, members of closed populations; and what they know of where they are.

Stations, servers and pools stand in higher files; a job sees of them what the protocols here tell.
"""

from __future__ import annotations

from typing import Any, Protocol

from jukinet_sim.engine.reference.time import Timed
from jukinet_sim.network import model as M


class Host(Protocol):
    """The station of a visit."""

    index: int
    place: int
    model: M.Station

    def company(self, visit: Visit) -> tuple[list[Visit], list[Visit]]:
        """Tell who is in service, and who waits before a visit."""

    def leave(self, visit: Visit, zombie: bool) -> None:
        """Let the client go, wherever it is; its service goes on for nobody if it is a `zombie`."""

    def hand_on(self, visit: Visit) -> None:
        """Let the server that a job kept after this visit serve others."""

    def make_room(self) -> None:
        """Let in who waits at the door, if there is room; and so on wherever this makes room."""

    def let_one_in(self) -> Host | None:
        """Let in who waits at the door first, if there is room; return the station whose server that job kept."""


class Holder(Protocol):
    """The pool of a token that a job holds or waits for."""

    word: int
    """Where its record stands among those of pools."""
    place: int
    model: M.Pool

    def release(self, job: Job) -> None:
        """Take the job's token back."""

    def leave(self, job: Job) -> None:
        """Let a job go that waits."""


class Attendant(Protocol):
    """The server of a visit."""

    visit: Visit | None
    on_duty: bool


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
        self.tokens: list[Holder] = []
        self.amounts: list[int] = []
        """The pools of which it holds tokens, by takings, and how many of each."""
        self.wants = 1
        """How many tokens it asks for."""
        self.turn: Any = None
        # Attempts, and the closed population it may belong to.
        self.attempt = 0
        self.backoff = 1.0
        self.clock: Timed | None = None
        self.member: Member | None = None
        # Where it is held up: the visit in progress, or what waits for it otherwise.
        self.visit: Visit | None = None
        self.kept: Visit | None = None
        """The visit after which it keeps its server."""
        self.pause: Timed | None = None
        self.queued: tuple[Holder, float] | None = None
        self.turns_to: str | None = None
        """The label at which it goes on where it was not served."""
        self.entry = 0
        """At a bucket the number that the event of its token will have."""


class Member:
    """One of a closed population: its number from 1 and the cycle it is in."""

    def __init__(self, flow: int, number: int) -> None:
        self.flow, self.number, self.cycle = flow, number, 0


class Visit:
    """A job at a station. `job` is None once the client has left and the work goes on for nobody."""

    def __init__(self, job: Job, station: Host, demand: float, rank: int, now: float, holds: bool) -> None:
        self.job: Job | None = job
        self.owner = job
        self.station = station
        self.left = self.asked = demand
        self.rank = rank
        """Its class of priority; 0 is served first."""
        self.arrive, self.start = now, now
        self.started = False
        self.holds = holds
        """Whether the job is to keep its server after service."""
        self.is_over = False
        """Whether the service is over and the server is kept."""
        self.end = 0.0
        self.server: Attendant | None = None
        self.step = job.step
        self.event: Timed | None = None
        """What is pending: the end of the service, or of the patience."""


class Refused(Exception):
    """A job found a station at its capacity; its walk along the route ends here."""


class Impatient(Exception):
    """A job found no token and does not wait for one; its walk along the route ends here."""
