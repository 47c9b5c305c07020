"""The servers and the queue of a station: who is served by whom, who is on duty, and who waits in which order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from jukinet_sim.engine.reference.parts import Visit


class Server:
    """One server: whom it serves, whether it is on duty and whether it is broken."""

    def __init__(self, on_duty: bool) -> None:
        self.visit: Visit | None = None
        self.on_duty = on_duty
        self.broken = False


class Crew:
    """The servers of one station. A server works if it is on duty, not broken, and no outage is in force."""

    def __init__(self, most: int, scheduled: int) -> None:
        self.scheduled = scheduled
        self.outages = 0
        """Outages in force, failures of the whole station included."""
        self._servers = [Server(i < scheduled) for i in range(most)]

    def __iter__(self) -> Iterator[Server]:
        return iter(self._servers)

    def __getitem__(self, number: int) -> Server:
        return self._servers[number]

    @property
    def working(self) -> int:
        """How many work, idle or not."""
        return 0 if self.outages else sum(s.on_duty and not s.broken for s in self._servers)

    @property
    def not_working(self) -> int:
        """How many of those that the schedule wants do not work."""
        broken = sum(s.broken for s in self._servers if s.on_duty)
        return self.scheduled if self.outages else min(self.scheduled, broken)

    def idle(self) -> Server | None:
        """The lowest server that works and serves nobody."""
        if self.outages:
            return None
        return next((s for s in self._servers if s.visit is None and s.on_duty and not s.broken), None)

    def visits(self) -> list[Visit]:
        """Who is in service, in the order of the servers."""
        return [s.visit for s in self._servers if s.visit is not None]

    def vacate(self, visit: Visit) -> bool:
        """Part a visit from its server; true if the server had only stayed to finish, and goes off duty."""
        server = next(s for s in self._servers if s.visit is visit)
        server.visit = None
        goes = sum(s.on_duty for s in self._servers) > self.scheduled
        if goes:
            server.on_duty = False
        return goes

    def schedule(self, scheduled: int) -> None:
        """So many are on duty now: idle ones go first, the highest first; busy ones finish, then go."""
        too_many = sum(s.on_duty for s in self._servers) - scheduled
        for server in reversed(self._servers):
            if too_many > 0 and server.on_duty and server.visit is None:
                server.on_duty = False
                too_many -= 1
        for server in self._servers:
            if too_many < 0 and not server.on_duty:
                server.on_duty = True
                too_many += 1
        self.scheduled = scheduled


class Queue:
    """Those who wait: the most important class first, first come first served inside a class."""

    def __init__(self, classes: int) -> None:
        self._classes: list[deque[Visit]] = [deque() for _ in range(classes)]

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._classes)

    def __iter__(self) -> Iterator[Visit]:
        for waiting in self._classes:
            yield from waiting

    def append(self, visit: Visit) -> None:
        """Let a visit wait behind those of its class."""
        self._classes[visit.rank].append(visit)

    def put_back(self, visit: Visit) -> None:
        """Let a visit wait before those of its class."""
        self._classes[visit.rank].appendleft(visit)

    def pop(self) -> Visit:
        """Take out who is served next; there must be one."""
        return next(waiting for waiting in self._classes if waiting).popleft()

    def remove(self, visit: Visit) -> None:
        """Take a visit out from wherever it waits."""
        self._classes[visit.rank].remove(visit)

    def before(self, visit: Visit) -> list[Visit]:
        """Who stands before a visit, or would if it came now."""
        ahead: list[Visit] = []
        for other in self:
            if other is visit or other.rank > visit.rank:
                break
            ahead.append(other)
        return ahead
