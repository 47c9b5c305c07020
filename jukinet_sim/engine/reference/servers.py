"""The servers and the queue of a station: who is served by whom, who is on duty, and who waits in which order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from jukinet_sim.engine.reference.parts import Visit


class Server:
    """One server: whom it serves, whether it is on duty and whether it is broken."""

    __slots__ = ("broken", "on_duty", "visit")

    def __init__(self, on_duty: bool) -> None:
        self.visit: Visit | None = None
        self.on_duty = on_duty
        self.broken = False

    @property
    def is_serving(self) -> bool:
        """Whether it serves somebody, who has not only kept it after service."""
        return self.visit is not None and not self.visit.is_over


class Crew:
    """The servers of one station. A server works if it is on duty, not broken, and no outage is in force."""

    def __init__(self, most: int, scheduled: int) -> None:
        self.scheduled = scheduled
        self.outages = 0
        """Outages in force, failures of the whole station included."""
        self.serving = 0
        """Servers that have a job, in service or after it."""
        self._servers = [Server(i < scheduled) for i in range(most)]
        self._on_duty = scheduled
        """Servers on duty; whoever has a job is."""
        self._broken: set[int] = set()
        """Numbers of the broken servers."""

    def __iter__(self) -> Iterator[Server]:
        return iter(self._servers)

    def __getitem__(self, number: int) -> Server:
        return self._servers[number]

    def __len__(self) -> int:
        return len(self._servers)

    @property
    def kept(self) -> int:
        """Servers that are kept by jobs whose service is over."""
        return sum(server.visit is not None and server.visit.is_over for server in self._servers)

    @property
    def working(self) -> int:
        """How many work, idle or not."""
        return 0 if self.outages else self._on_duty - self._broken_on_duty()

    @property
    def not_working(self) -> int:
        """How many of those that the schedule wants do not work."""
        return self.scheduled if self.outages else min(self.scheduled, self._broken_on_duty())

    @property
    def finishing(self) -> bool:
        """Whether some of them only stay to finish."""
        return self._on_duty > self.scheduled

    def _broken_on_duty(self) -> int:
        return sum(self._servers[number].on_duty for number in self._broken)

    def set_broken(self, number: int, broken: bool) -> None:
        """Let a server fail or be repaired."""
        self._servers[number].broken = broken
        (self._broken.add if broken else self._broken.discard)(number)

    def idle(self) -> Server | None:
        """Return the lowest server that works and serves nobody."""
        if not self.outages and self.serving < self._on_duty:
            for server in self._servers:
                if server.visit is None and server.on_duty and not server.broken:
                    return server
        return None

    def visits(self) -> list[Visit]:
        """Who is in service, in the order of the servers."""
        return [s.visit for s in self._servers if s.visit is not None and s.is_serving]

    def engage(self, server: Server, visit: Visit) -> None:
        """Let an idle server take a visit on."""
        server.visit, visit.server = visit, server
        self.serving += 1

    def vacate(self, visit: Visit) -> bool:
        """Part a visit from its server; true if the server had only stayed to finish, and goes off duty."""
        server = visit.server
        assert server is not None
        server.visit = visit.server = None
        self.serving -= 1
        goes = self._on_duty > self.scheduled
        if goes:
            server.on_duty = False
            self._on_duty -= 1
        return goes

    def schedule(self, scheduled: int) -> None:
        """So many are on duty now: idle ones go first, the highest first; busy ones finish, then go."""
        for server in reversed(self._servers):
            if self._on_duty <= scheduled:
                break
            if server.on_duty and server.visit is None:
                server.on_duty = False
                self._on_duty -= 1
        for server in self._servers:
            if self._on_duty >= scheduled:
                break
            if not server.on_duty:
                server.on_duty = True
                self._on_duty += 1
        self.scheduled = scheduled


class Queue:
    """Those who wait, the next one first: the most important class, and inside a class in the order of the discipline."""

    def __init__(self, classes: int) -> None:
        self._classes: list[deque[Visit]] = [deque() for _ in range(classes)]
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Visit]:
        for waiting in self._classes:
            yield from waiting

    def append(self, visit: Visit) -> None:
        """Let a visit wait behind those of its class."""
        self._classes[visit.rank].append(visit)
        self._length += 1

    @property
    def not_begun(self) -> int:
        """How many wait for the beginning of their service, not for the rest of it."""
        return sum(not visit.started for visit in self)

    def jump(self, visit: Visit, others: int) -> None:
        """Let a visit wait in the only class before so many others."""
        waiting = self._classes[0]
        waiting.insert(len(waiting) - others, visit)
        self._length += 1

    def put_back(self, visit: Visit) -> None:
        """Let a visit wait before those of its class."""
        self._classes[visit.rank].appendleft(visit)
        self._length += 1

    @property
    def first_rank(self) -> int:
        """The class of who is served next; there must be one."""
        return next(iter(self)).rank

    def pop(self) -> Visit:
        """Take out who is served next; there must be one."""
        self._length -= 1
        return next(waiting for waiting in self._classes if waiting).popleft()

    def remove(self, visit: Visit) -> None:
        """Take a visit out from wherever it waits."""
        self._classes[visit.rank].remove(visit)
        self._length -= 1

    def before(self, visit: Visit, last_first: bool = False) -> list[Visit]:
        """Who stands before a visit, or would if it came now: before all who have not begun, where the `last_first` is next."""
        ahead: list[Visit] = []
        comes = last_first and visit not in self
        for other in self:
            if other is visit or other.rank > visit.rank or (comes and not other.started):
                break
            ahead.append(other)
        return ahead
