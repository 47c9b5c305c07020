"""Stations with what happens to their servers, pools of tokens, and states, as frozen descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.distributions import Distribution

Discipline = Literal["fifo", "priority", "ps", "lifo", "random"]


@dataclass(frozen=True)
class Outage:
    """Every server of a station (of one place of the group, or of all) is down from `at_s` for `for_s`."""

    at_s: float
    for_s: float
    place: int | None = None


@dataclass(frozen=True)
class Schedule:
    """`servers[i]` servers from `start_s[i]` on; the table repeats every `repeat_s` if given. The first start is 0.

    Servers that are too many finish their job before they go; where a shift `interrupts`, they stop, the highest first, and
    their jobs stand before the queue, to go on later, or anew where the station's `preemptive` says so.
    """

    start_s: tuple[float, ...]
    servers: tuple[int, ...]
    repeat_s: float | None = None
    interrupts: bool = False


def unrolled(schedule: Schedule, until_s: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return changes of a schedule after time 0 and before `until_s`, its repeats written out: when, and how many servers."""
    rounds = 1 if schedule.repeat_s is None else int(until_s // schedule.repeat_s) + 1
    begins_s = np.arange(rounds) * (schedule.repeat_s or 0.0)
    at_s = np.add.outer(begins_s, np.array(schedule.start_s)).ravel()[1:]
    within = at_s < until_s
    return at_s[within], np.tile(np.array(schedule.servers, dtype=np.int64), rounds)[1:][within]


@dataclass(frozen=True)
class Breakdowns:
    """Failures after an `up` time and repairs after a `down` time, per server or of the whole station at once."""

    up: Distribution
    down: Distribution
    per: Literal["server", "station"] = "server"


@dataclass(frozen=True)
class SpeedFrom:
    """From `at_s` on the servers work `factor` times as fast (at one place of the group, or at all)."""

    at_s: float
    factor: float
    place: int | None = None


@dataclass(frozen=True)
class Station:
    """A group of stations, one per place of the level `per` (or a single one).

    Disciplines: first come first served, non-preemptive priority of flows, processor sharing, or last come and random order
    of service, neither of which breaks a service off. A job that finds `capacity` jobs waiting and in service is refused.
    With a `schedule`, `servers` is the most it ever has.
    """

    name: str
    servers: tuple[int, ...] | int
    per: str | None = None
    outages: tuple[Outage, ...] = ()
    discipline: Discipline = "fifo"
    capacity: int | None = None
    schedule: Schedule | None = None
    breakdowns: Breakdowns | None = None
    speed: tuple[SpeedFrom, ...] = ()
    preemptive: Literal["resume", "restart"] | None = None
    """With priorities, whether a job that finds no idle server interrupts one of a lower class, whose service then goes on
    later or anew; elsewhere which of the two it is where the ends of shifts interrupt."""
    target_wait_s: float | None = None
    """Results say how many visits began within this wait; it moves no event."""

    def servers_at(self, place: int) -> int:
        """Servers of the station at this place; the most it ever has."""
        return self.servers if isinstance(self.servers, int) else self.servers[place]

    def servers_by_place(self, places: int) -> NDArray[np.int64]:
        """Return the same for each of so many places."""
        return np.full(places, self.servers) if isinstance(self.servers, int) else np.array(self.servers, dtype=np.int64)

    def speed_at_start(self, place: int) -> float:
        """Return the speed factor at time 0; the last one written for it holds."""
        factors = [s.factor for s in self.speed if s.at_s == 0.0 and s.place in (None, place)]
        return factors[-1] if factors else 1.0


@dataclass(frozen=True)
class Pool:
    """Tokens that a job holds across steps; one pool per place of the level `per` (or a single one).

    With `refill_per_s` it is a token bucket: it holds up to `tokens`, a token taken is not given back, and new ones
    come at that rate. Who waits stands in the order of asking, or by the priority of its flow first; nobody overtakes, so
    that whoever asks for more tokens than are free holds up those behind.
    """

    name: str
    tokens: tuple[int, ...] | int
    per: str | None = None
    refill_per_s: float | None = None
    discipline: Literal["fifo", "priority"] = "fifo"

    def tokens_at(self, place: int) -> int:
        """Tokens of the pool at this place."""
        return self.tokens if isinstance(self.tokens, int) else self.tokens[place]


@dataclass(frozen=True)
class State:
    """An integer per place of the level `per` (or a single one): `start`, then what dated changes and jobs make of it.

    `changes` holds (at_s, place or None for all, new value).
    """

    name: str
    start: int = 0
    per: str | None = None
    changes: tuple[tuple[float, int | None, int], ...] = ()
