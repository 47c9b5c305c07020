"""Time in the reference engine: SimPy's environment with absolute times, events that may be cancelled, and their budget.

Events at one instant run by priority: first the agenda, then dated changes, then everything else in the order in which it was
planned.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from heapq import heappop, heappush

import numpy as np
import simpy
from numpy.typing import NDArray
from simpy.events import Event, EventPriority

from jukinet_sim.engine import layout as L

Floats = NDArray[np.float64]
AGENDA, DATED, TIMED = EventPriority(0), EventPriority(2), EventPriority(3)
"""Priorities of events at one instant: the agenda, dated changes such as outages, everything else.

1 is what SimPy gives to the end of a process, which means nothing here.
"""

Turn = Event
"""What a job that is blocked waits for."""
Steps = Generator[Turn, None, bool]
"""A job under way: it yields whenever it blocks, and tells in the end whether it left the network."""


class Limit(Exception):
    """Why the engine must stop, as a code of `layout`."""

    def __init__(self, why: int) -> None:
        self.why = why


class Environment(simpy.Environment):
    """SimPy's environment with absolute times: now + (t - now) is not always t."""

    def __init__(self, same_instant_budget: int) -> None:
        super().__init__()
        self.events = 0
        self.last_event_s = 0.0
        self.pending = 0
        """Events that are planned and keep a run alive."""
        self._dates: deque[tuple[float, float]] = deque()
        """Dates to come, and from which time on an event is at the same instant."""
        self._change: Callable[[int], None] = lambda _: None
        self._changed = 0
        self._instant = 0.0
        self._at_instant = 0
        self._most_at_instant = same_instant_budget

    def plan_dates(self, dates_s: Floats, change: Callable[[int], None]) -> None:
        """Call `change` with the number of each date, in their order, when it has come."""
        bits = dates_s.view(np.int64)
        self._dates = deque(zip(dates_s.tolist(), np.maximum(bits - L.SAME_INSTANT, 0).view(np.float64).tolist(), strict=True))
        self._change = change

    def plan(self, time: float, priority: EventPriority, event: Event, number: int | None = None) -> None:
        """Let an event take place at `time`, with a number that was taken before if one is given."""
        heappush(self._queue, (time, priority, self.next_number() if number is None else number, event))

    def next_number(self) -> int:
        """Return the number by which an event stands among those of its instant and priority."""
        return next(self._eid)

    def after(self, until: float, action: Callable[[], None], *, clock: bool = False, number: int | None = None) -> Timed:
        """Call `action` at `until`, unless it is cancelled before; a clock's event keeps no run alive."""
        return Timed(self, until, action, clock, number)

    def next_up(self) -> tuple[float, int, Event | None]:
        """Time, priority and identity of the next event; (infinity, TIMED, None) when there is none.

        A date within rounding of the next event has come with it, and comes first.
        """
        queue = self._queue
        while queue and isinstance(queue[0][3], Timed) and not queue[0][3].live:
            heappop(queue)
        time, priority, event = (queue[0][0], queue[0][1], queue[0][3]) if queue else (np.inf, TIMED, None)
        if self._dates and priority == TIMED and self._dates[0][1] <= time:
            return min(self._dates[0][0], time), DATED, None
        return time, priority, event

    def change(self, time: float) -> None:
        """Let the next date come, at this time."""
        self._now = time
        self._dates.popleft()
        self.count_event()
        self._change(self._changed)
        self._changed += 1

    def turn(self) -> Turn:
        """Something to wait for."""
        turn = Turn(self)
        turn._ok, turn._value = True, None
        return turn

    def to_agenda(self, turn: Turn) -> None:
        """Let a blocked job move on once everything before it on the agenda has moved."""
        self.plan(self._now, AGENDA, turn)

    def tick(self) -> None:
        """Count an event, a jump back or a spawned job towards the budget of this instant. Raises Limit."""
        if self._now != self._instant:
            self._instant, self._at_instant = self._now, 0
        self._at_instant += 1
        if self._at_instant > self._most_at_instant:
            raise Limit(L.INSTANT_BUDGET)

    def count_event(self) -> None:
        """Count one timed event, unless it is one too many for this instant."""
        self.tick()
        self.events += 1
        self.last_event_s = self._now


class Timed(Event):
    """A timed event that may be cancelled."""

    def __init__(self, env: Environment, until: float, action: Callable[[], None], clock: bool, number: int | None) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        self.callbacks = [self._fire]
        self._keeper, self._action, self.clock = env, action, clock
        self.live = True
        env.pending += not clock
        env.plan(until, TIMED, self, number)

    def cancel(self) -> None:
        """Let it not take place."""
        if self.live:
            self.live = False
            self._keeper.pending -= not self.clock

    def _fire(self, _: object) -> None:
        if self.live:
            self.cancel()
            self._keeper.count_event()
            self._action()


def is_of_a_clock(event: Event | None) -> bool:
    """Whether an event is the failure or repair of a server."""
    return isinstance(event, Timed) and event.clock
