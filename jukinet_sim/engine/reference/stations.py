"""What all stations of the reference engine have in common: a job comes, is refused or let in, is served, or leaves before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.draws import PURPOSE_BALK
from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Host, Job, Refused, Visit
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.servers import Crew, Server
from jukinet_sim.engine.tally import NO_LIMIT
from jukinet_sim.network import model as M


class Terms(NamedTuple):
    """What more is drawn for a visit than its demand: the step and its execution, patience and where it turns to, balking."""

    step: int
    execution: int
    patience: Distribution | None
    turns_to: str | None = None
    balk: tuple[tuple[int, float], ...] = ()


class Station(ABC):
    """One station, whatever its discipline.

    `give_up` is told of a job whose patience is at an end, and at which label it goes on. Stations that can do more than
    serve in order of arrival keep counts of their own, as the other engine's do: `special` is where, or -1.
    """

    def __init__(self, run: Run, index: int, place: int, model: M.Station, give_up: Callable[[Job, str | None], None]) -> None:
        self.run, self.index, self.place, self.model = run, index, place, model
        self.give_up = give_up
        self.word = index * L.STATION_WORDS
        self.special = int(run.tally.si[self.word + L.S_SPECIAL])
        most = model.servers_at(place)
        self.crew = Crew(most, model.schedule.servers[0] if model.schedule else most)
        self.capacity = NO_LIMIT if model.capacity is None else model.capacity
        self.door: deque[tuple[Visit, Terms | None]] = deque()
        """Who keeps a server elsewhere until there is room here."""
        self._ranked = model.discipline == "priority"
        self.speed = model.speed_at_start(place)

    def arrive(self, job: Job, demand: float, rank: int, terms: Terms | None, holds: bool) -> None:
        """Let a job come for this much service, after which it `holds` its server or not.

        Where the station is at its capacity a job that keeps a server waits at the door. Raises Refused for any other.
        """
        run, now = self.run, self.run.env.now
        visit = job.visit = Visit(job, self, demand, rank if self._ranked else 0, now, holds)
        if run.heard:
            run.tell(News.CAME, job, visit, demand)
        full = self.present >= self.capacity
        if (full and job.kept is None) or self._balks(job, terms):
            self.count(L.Q_OFFERED)
            self.count(L.Q_REFUSED)
            run.journal.note(J.MARK, now, job.key, job.step, L.E_REFUSE)
            visit.start = float("nan")
            run.rows.add(visit, now, L.REFUSED)
            run.tell(News.REFUSED, job, visit)
            job.visit = None
            raise Refused
        if job.kept is None:
            self.count(L.Q_OFFERED)
            self.admit(visit, terms)
        elif job.kept.station is self:
            # It takes its own place.
            self.count(L.Q_OFFERED)
            self.hand_on(job.kept)
            self.admit(visit, terms)
        elif full:
            self.door.append((visit, terms))
            run.journal.note(J.MARK, now, job.key, job.step, L.E_BLOCK)
            run.tell(News.BLOCKED, job, visit)
        else:
            self._come_in(visit, terms).make_room()

    def _come_in(self, visit: Visit, terms: Terms | None) -> Host:
        """Let a job in; then the server that it kept is handed on. Return the station of that server."""
        kept = visit.owner.kept
        assert kept is not None
        visit.arrive = visit.start = self.run.env.now
        self.count(L.Q_OFFERED)
        self.admit(visit, terms)
        kept.station.hand_on(kept)
        return kept.station

    def make_room(self) -> None:
        """Let in who waits at the door, if there is room; and so on wherever this makes room."""
        at: Host | None = self
        while at is not None:
            at = at.let_one_in()

    def let_one_in(self) -> Host | None:
        """Let in who waits at the door first, if there is room; return the station whose server that job kept."""
        if not self.door or self.present >= self.capacity:
            return None
        return self._come_in(*self.door.popleft())

    def hand_on(self, visit: Visit) -> None:
        """Let the server that a job kept after this visit serve others."""
        visit.owner.kept = None
        self.run.journal.note(J.KEPT, self.run.env.now, self.special, -1)
        if self.crew.vacate(visit):
            self.run.tally.si[self.word + L.S_USABLE] = self.crew.working
        self.put_to_work()

    def leave(self, visit: Visit, zombie: bool) -> None:
        """Let a client go that has had enough, wherever it is; its service goes on for nobody if it is a `zombie`."""
        at_door = [waits for waits in self.door if waits[0] is visit]
        if at_door:
            self.door.remove(at_door[0])
        else:
            self.let_out(visit, zombie)
            self.make_room()
        visit.owner.visit = None

    def _balks(self, job: Job, terms: Terms | None) -> bool:
        """Tell whether a job turns away from those whom it finds here."""
        reached = [probability for found, probability in (terms.balk if terms else ()) if self.present >= found]
        if not reached or terms is None:
            return False
        return self.run.draws.chance(job, PURPOSE_BALK, terms.step, terms.execution) < reached[-1]

    def release(self, visit: Visit) -> None:
        """Let the job of a visit that was served go on, if it still waits for it."""
        if visit.job is not None:
            visit.job.visit = None
            self.run.env.to_agenda(visit.job.turn)

    def count(self, what: int) -> None:
        """Count something that only special stations count."""
        if self.special >= 0:
            self.run.journal.note(J.COUNT, self.run.env.now, self.special + what)

    # What each discipline does in its own way

    @property
    @abstractmethod
    def present(self) -> int:
        """Jobs waiting and in service."""

    @property
    def could_go_on(self) -> int:
        """Jobs that wait or are served, whom a repair may help: none where every server is kept."""
        kept = self.crew.kept
        return self.present - kept if kept < len(self.crew) else 0

    @abstractmethod
    def company(self, visit: Visit) -> tuple[list[Visit], list[Visit]]:
        """Who is in service, and who waits before a visit that is here or about to come in."""

    @abstractmethod
    def admit(self, visit: Visit, terms: Terms | None) -> None:
        """Let a visit begin, or wait."""

    @abstractmethod
    def let_out(self, visit: Visit, zombie: bool) -> None:
        """Let a client go that has had enough, in the queue or in service."""

    @abstractmethod
    def put_to_work(self) -> None:
        """Let those that work take what waits."""

    @abstractmethod
    def catch_up(self) -> None:
        """Bring up to date what a change of servers or speed is about to alter."""

    @abstractmethod
    def stop(self, server: Server) -> None:
        """Stop a server in the middle of its work, which is resumed later."""

    @abstractmethod
    def end_shifts(self) -> None:
        """Stop those that serve beyond the schedule, where the end of a shift interrupts."""

    @abstractmethod
    def rescale(self, old: float) -> None:
        """Adapt to a speed that has changed from `old`."""

    @abstractmethod
    def remaining(self, now: float) -> float:
        """Service still to give to those in service."""
