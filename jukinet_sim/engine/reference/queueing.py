"""Stations where each job has a server of its own and the others wait, in one of several orders."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.chance.draws import PURPOSE_ORDER, PURPOSE_PATIENCE
from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Job, Visit
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.servers import Queue, Server
from jukinet_sim.engine.reference.service import Service
from jukinet_sim.engine.reference.stations import Station, Terms
from jukinet_sim.engine.tally import exact_sum
from jukinet_sim.network import model as M


class QueueingStation(Station):
    """Servers and their queue; work that is stopped resumes later, before its class."""

    def __init__(self, run: Run, index: int, place: int, model: M.Station, give_up: Callable[[Job, str | None], None]) -> None:
        super().__init__(run, index, place, model, give_up)
        self.queue = Queue(run.program.classes if model.discipline == "priority" else 1)
        self.service = Service(self, self.queue, self._served)

    @property
    def present(self) -> int:
        """Jobs waiting and in service."""
        return len(self.queue) + self.crew.serving

    def company(self, visit: Visit) -> tuple[list[Visit], list[Visit]]:
        """Who is in service, in the order of the servers, and who waits before a visit."""
        return self.crew.visits(), self.queue.before(visit, self.model.discipline == "lifo")

    def admit(self, visit: Visit, terms: Terms | None) -> None:
        """Begin with a visit at once where a server is idle; else let it wait, as long as its patience lasts."""
        run, now, job = self.run, self.run.env.now, visit.owner
        server = self.crew.idle() or self._interrupted(visit.rank)
        if server is not None:
            self.service.begin(visit, server)
            return
        run.journal.note(J.QUEUE, now, self.word, 1)
        self._line_up(visit, terms)
        if run.heard:
            run.tell(News.QUEUED, job, visit)
        if terms is not None and terms.patience is not None:
            lasts = run.draws.time(
                job.key, PURPOSE_PATIENCE, terms.patience, step=terms.step, execution=terms.execution, attempt=job.attempt
            )
            visit.event = run.env.after(now + lasts, lambda: self._lose_patience(visit, terms.turns_to))

    def _line_up(self, visit: Visit, terms: Terms | None) -> None:
        """Let a visit wait where the discipline puts it."""
        if self.model.discipline == "lifo":
            self.queue.jump(visit, self.queue.not_begun)
        elif self.model.discipline == "random":
            assert terms is not None
            others = self.queue.not_begun
            u = self.run.draws.chance(visit.owner, PURPOSE_ORDER, terms.step, terms.execution)
            self.queue.jump(visit, min(others, int(u * (others + 1))))
        else:
            self.queue.append(visit)

    def put_to_work(self) -> None:
        """Let idle servers, and those that may be interrupted, take jobs from the queue."""
        while self.queue and (server := self.crew.idle() or self._interrupted(self.queue.first_rank)) is not None:
            visit = self.queue.pop()
            if visit.event is not None:
                visit.event.cancel()
            self.run.journal.note(J.QUEUE, self.run.env.now, self.word, -1)
            self.service.begin(visit, server)

    def _interrupted(self, rank: int) -> Server | None:
        """Stop the service of the lowest class below a rank, of equals at the highest server, and return the server.

        Servers are let alone while one of them only stays to finish: it would go, and nobody be served.
        """
        if self.model.preemptive is None or not self._ranked or self.crew.finishing:
            return None
        below = [server for server in self.crew if server.is_serving and server.visit is not None and server.visit.rank > rank]
        if not below:
            return None
        lowest = max(reversed(below), key=lambda server: server.visit.rank if server.visit is not None else 0)
        self._interrupt(lowest)
        return lowest

    def _interrupt(self, server: Server) -> None:
        """Stop a server whose job is to go on later, or anew."""
        visit = server.visit
        self.stop(server)
        if visit is not None and self.model.preemptive == "restart":
            visit.left = visit.asked

    def end_shifts(self) -> None:
        """Stop those that serve beyond the schedule, the highest first, where the end of a shift interrupts."""
        if self.model.schedule is None or not self.model.schedule.interrupts:
            return
        for server in reversed(list(self.crew)):
            if self.crew.finishing and server.is_serving:
                self._interrupt(server)

    def _served(self, visit: Visit) -> None:
        """End a visit; the server is handed on before the job moves, unless it is kept."""
        if not visit.is_over:
            self.put_to_work()
            self.make_room()
        self.release(visit)

    def let_out(self, visit: Visit, zombie: bool) -> None:
        """Let a client go that has had enough, in the queue or in service."""
        if visit in self.queue:
            self._leave_queue(visit)
        elif zombie:
            visit.job = None
        else:
            self.service.break_off(visit)
            self.put_to_work()

    def _lose_patience(self, visit: Visit, turns_to: str | None) -> None:
        self.run.tell(News.LOST_PATIENCE, visit.owner, visit)
        self._leave_queue(visit)
        self.make_room()
        visit.owner.visit = None
        self.give_up(visit.owner, turns_to)

    def _leave_queue(self, visit: Visit) -> None:
        run, now, job = self.run, self.run.env.now, visit.owner
        self.queue.remove(visit)
        if visit.event is not None:
            visit.event.cancel()
        run.journal.note(J.QUEUE, now, self.word, -1)
        if visit.started:
            run.rows.add(visit, now, L.BROKEN_OFF)
        else:
            group = int(run.tally.si[self.word + L.S_GROUP])
            run.journal.note(J.GAVE_UP, now, self.special, group, x=now - visit.arrive)
            job.waited += now - visit.arrive
            visit.start = float("nan")
            run.rows.add(visit, now, L.ABANDONED)
        run.journal.note(J.MARK, now, job.key, visit.step, L.E_RENEGE)

    def catch_up(self) -> None:
        """Nothing has to be brought up to date where each job has a server of its own."""

    def stop(self, server: Server) -> None:
        """Put the job of a server before its class, with the work that is left."""
        visit = server.visit
        if visit is not None and server.is_serving:
            self.service.stop(visit)
            self.run.journal.note(J.QUEUE, self.run.env.now, self.word, 1)
            self.queue.put_back(visit)
            self.run.tell(News.PREEMPTED, visit.owner, visit, visit.left)

    def rescale(self, old: float) -> None:
        """Move the ends of the services in progress."""
        for visit in self.crew.visits():
            self.service.change_speed(visit, old)

    def remaining(self, now: float) -> float:
        """Seconds of service still to give to those in service."""
        return exact_sum([visit.end - now for visit in self.crew.visits()])
