"""The services in progress where each job has a server of its own: how they begin, stop, change speed and end."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Visit
from jukinet_sim.engine.reference.servers import Queue, Server
from jukinet_sim.engine.reference.stations import Station


class Service:
    """What the servers of a station are doing; `free` is told of each visit that was served, its server idle again."""

    def __init__(self, station: Station, queue: Queue, free: Callable[[Visit], None]) -> None:
        self.station, self.queue, self.free = station, queue, free
        self.run, self.crew, self.word = station.run, station.crew, station.word
        self._stays_busy = False

    def begin(self, visit: Visit, server: Server) -> None:
        """Let a server begin with a visit, or go on with it."""
        run, now, job = self.run, self.run.env.now, visit.owner
        self.crew.engage(server, visit)
        visit.end = now + visit.left / self.station.speed
        if not self._stays_busy:
            run.journal.note(J.BUSY, now, self.word, 1)
        self._stays_busy = False
        run.journal.note(J.SERVED, now, self.word, x=visit.end - now)
        again = visit.started
        if again:
            run.journal.note(J.RESUMED, now, self.word)
        else:
            visit.started, visit.start = True, now
            if now - visit.arrive > 0.0:
                run.journal.note(J.WAITED, now, self.word, x=now - visit.arrive)
                job.waited += now - visit.arrive
        run.journal.note(J.MARK, visit.end, job.key, visit.step, L.E_RESUME if again else L.E_START)
        if run.heard:
            run.tell(News.RESUMED if again else News.STARTED, job, visit, visit.end - now)
        visit.event = run.env.after(visit.end, lambda: self._end(visit))

    def _end(self, visit: Visit) -> None:
        run, now = self.run, self.run.env.now
        run.rows.add(visit, now, L.SERVED)
        self.station.count(L.Q_DONE)
        # The server of a plain station goes straight on and stays busy: its area is not cut here, in either engine.
        self._stays_busy = self.station.special < 0 and len(self.queue) > 0
        if not self._stays_busy:
            run.journal.note(J.BUSY, now, self.word, -1)
        if run.heard:
            run.tell(News.SERVED, visit.owner, visit)
        if visit.holds and visit.job is not None:
            visit.is_over, visit.job.kept = True, visit
            run.journal.note(J.KEPT, now, self.station.special, 1)
        else:
            self._vacate(visit)
        self.free(visit)

    def break_off(self, visit: Visit) -> None:
        """End a service before it is done."""
        run, now = self.run, self.run.env.now
        run.rows.add(visit, now, L.BROKEN_OFF)
        run.journal.note(J.MARK, now, visit.owner.key, visit.step, L.E_BREAK)
        assert visit.event is not None
        visit.event.cancel()
        run.journal.note(J.GIVEN, now, self.word, x=now - visit.end)
        run.journal.note(J.BUSY, now, self.word, -1)
        self._vacate(visit)

    def stop(self, visit: Visit) -> None:
        """Stop a server; what is left of the work is kept in the visit."""
        run, now = self.run, self.run.env.now
        left = visit.end - now
        visit.left = left * self.station.speed
        assert visit.event is not None
        visit.event.cancel()
        visit.event = None
        run.journal.note(J.PREEMPTED, now, self.word, x=left)
        run.journal.note(J.MARK, now, visit.owner.key, visit.step, L.E_PREEMPT)
        self._vacate(visit)

    def _vacate(self, visit: Visit) -> None:
        if self.crew.vacate(visit):
            self.run.tally.si[self.word + L.S_USABLE] = self.crew.working

    def change_speed(self, visit: Visit, old: float) -> None:
        """Move the end of a service with the speed."""
        run, now = self.run, self.run.env.now
        left = visit.end - now
        visit.end = now + left * old / self.station.speed
        run.journal.note(J.GIVEN, now, self.word, x=(visit.end - now) - left)
        run.journal.note(J.MARK, visit.end, visit.owner.key, visit.step, L.E_RESUME)
        assert visit.event is not None
        visit.event.cancel()
        visit.event = run.env.after(visit.end, lambda: self._end(visit))
        run.tell(News.RESCALED, visit.owner, visit, visit.end - now)
