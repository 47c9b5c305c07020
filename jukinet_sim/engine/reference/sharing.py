"""Stations whose servers are shared by all jobs present (processor sharing)."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Job, Visit
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.servers import Server
from jukinet_sim.engine.reference.stations import Station, Terms
from jukinet_sim.engine.tally import exact_sum
from jukinet_sim.network import model as M


class SharedStation(Station):
    """c servers shared by n jobs, each served at rate min(1, c / n) times the speed.

    Virtual time is the service that a job present all along has had; a job leaves when it reaches the job's tag.
    """

    def __init__(self, run: Run, index: int, place: int, model: M.Station, give_up: Callable[[Job, str | None], None]) -> None:
        super().__init__(run, index, place, model, give_up)
        self.sharing: list[tuple[float, int, Visit]] = []
        self.virtual = self.updated = 0.0
        self.entries = 0
        self.next: Visit | None = None

    @property
    def present(self) -> int:
        """Jobs that share the servers."""
        return len(self.sharing)

    def company(self, visit: Visit) -> tuple[list[Visit], list[Visit]]:
        """Who shares the servers, by the order in which they would leave if nobody came; nobody waits."""
        return [other for _, _, other in sorted(self.sharing, key=lambda item: item[:2])], []

    def admit(self, visit: Visit, terms: Terms | None) -> None:
        """Let a visit share; nobody waits, so patience is not asked for."""
        run, now = self.run, self.run.env.now
        self.catch_up()
        tag = self.virtual + visit.left
        heapq.heappush(self.sharing, (tag, self.entries, visit))
        self.entries += 1
        visit.started, visit.start = True, now
        run.journal.note(J.JOINED, now, self.word)
        run.journal.note(J.GIVEN, now, self.word, x=visit.left)
        run.journal.note(J.MARK, now, visit.owner.key, visit.step, L.E_START)
        run.tell(News.STARTED, visit.owner, visit, visit.left)
        self.put_to_work()

    def _rate(self) -> float:
        return min(1.0, self.crew.working / self.present) * self.speed if self.sharing else 0.0

    def catch_up(self) -> None:
        """Bring the virtual time up to now."""
        now = self.run.env.now
        self.virtual += self._rate() * (now - self.updated)
        self.updated = now

    def put_to_work(self) -> None:
        """Book who is present and plan the next departure."""
        run, now = self.run, self.run.env.now
        busy = min(self.present, self.crew.working)
        run.journal.note(J.SHARE, now, self.word, busy, self.present - busy, x=self.speed)
        if self.next is not None and self.next.event is not None:
            self.next.event.cancel()
        self.next = None
        if not self.sharing:
            self.virtual = 0.0
        elif self._rate() > 0.0:
            tag, _, visit = self.sharing[0]
            self.next = visit
            until = now + max(0.0, tag - self.virtual) / self._rate()
            visit.event = run.env.after(until, lambda: self._complete(visit))

    def _complete(self, visit: Visit) -> None:
        run, now = self.run, self.run.env.now
        run.rows.add(visit, now, L.SERVED)
        self.count(L.Q_DONE)
        tag, _, first = heapq.heappop(self.sharing)
        assert first is visit
        self.virtual, self.updated, self.next = tag, now, None
        run.tell(News.SERVED, visit.owner, visit)
        self.put_to_work()
        self.make_room()
        self.release(visit)

    def let_out(self, visit: Visit, zombie: bool) -> None:
        """Let a client go that has had enough; its share goes on for nobody if it is a `zombie`."""
        if zombie:
            visit.job = None
        else:
            self._break_off(visit)

    def _break_off(self, visit: Visit) -> None:
        run, now = self.run, self.run.env.now
        run.rows.add(visit, now, L.BROKEN_OFF)
        run.journal.note(J.MARK, now, visit.owner.key, visit.step, L.E_BREAK)
        self.catch_up()
        tag = next(tag for tag, _, other in self.sharing if other is visit)
        run.journal.note(J.GIVEN, now, self.word, x=-max(0.0, tag - self.virtual))
        self.sharing = [item for item in self.sharing if item[2] is not visit]
        heapq.heapify(self.sharing)
        self.put_to_work()

    def stop(self, server: Server) -> None:
        """No job has a server of its own: each gets less."""

    def end_shifts(self) -> None:
        """No job has a server of its own: each gets less."""

    def rescale(self, old: float) -> None:
        """Do nothing: the speed is in the rate."""

    def remaining(self, now: float) -> float:
        """Work still to do for those present."""
        virtual = self.virtual + self._rate() * (now - self.updated)
        return exact_sum([tag - virtual for tag, _, _ in self.sharing])
