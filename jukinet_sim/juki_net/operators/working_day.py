"""The working day at a terminal: who sits there keeps its session from closing time on, and gives it back when logged on.

Whoever keeps a session sets a log-on off and waits until it is done; so the time of a log-on is that of a job of its own,
without the night before it. At its terminal one token tells that it is done.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jukinet_sim.chance.distributions import constant, uniform
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.operators import names
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.juki_net.operators.seats import Days, Seats
from jukinet_sim.juki_net.operators.steps import sets_off
from jukinet_sim.language.compile_steps import NO_ARRIVALS
from jukinet_sim.network import model as M

_MOST_RENEWALS = 100
"""Sessions that run out in one day at a terminal; somebody who logs on more often does nothing else."""
_INSTANTS = 100
_BEGINS_WITHIN_S = 60.0
"""Time after midnight of the first day by which every terminal has somebody."""


@dataclass(frozen=True)
class WorkingDay:
    """Writes the flows of a working day."""

    nation: Nation
    spec: Operators
    seats: Seats
    days: Days

    @property
    def renewals(self) -> int:
        """Sessions of a day that run out; the last begins so early that it lasts until closing, whoever arrives last."""
        lifetime, days = self.spec.time_outs.lifetime, self.days
        if lifetime is None or len(days.opens_s) == 0:
            return 0
        shortest_s = float((days.closes_s - days.opens_s).min()) - self.spec.late.value
        return max(0, math.ceil(shortest_s / lifetime.value) - 1)

    def check(self) -> None:
        """Refuse a change of shift while the counters are closed, and arrivals later than that."""
        opens_s, closes_s = self.days.opens_s, self.days.closes_s
        if len(opens_s) and float((closes_s - opens_s).min()) <= self.spec.late.value:
            self.nation.fault("operators.late", "the counters have closed by then", "write a shorter time")
        if self.renewals > _MOST_RENEWALS:
            what = f"sessions run out {self.renewals} times a day"
            self.nation.fault("operators.time_outs.lifetime", what, 'write a longer time, such as "4 h"')
        if self.spec.hand_over is None:
            return
        at_s = self.days.at(self.spec.hand_over.at.value)
        until_s = at_s + self.spec.hand_over.within.value
        if np.any((at_s <= opens_s + self.spec.late.value) | (until_s > closes_s)):
            what = "somebody takes over when the counters are closed, or before everybody has come"
            cure = f'write a time within the hours "{self.spec.hours}", such as "12 h"'
            self.nation.fault("operators.hand_over.at", what, cure)

    def flows(self) -> Iterator[M.Flow]:
        """Yield who sits at the terminals of each pool."""
        for pool in self.seats.by_pool:
            yield self._begun(pool)
            day = M.Loop(tuple(self._day(pool)), times=len(self.days.opens_s), label="days")
            yield M.Flow(names.OPERATOR + pool, (day,), origin=names.TERMINAL)

    def _begun(self, pool: str) -> M.Flow:
        """Return one job for each terminal of a pool, which sets its operator off."""
        places = np.flatnonzero(self.seats.share(pool))
        # At few instants, so that a load has few steps in time; at one, a large nation would seem to run in circles.
        instants_s = np.linspace(0.0, _BEGINS_WITHIN_S, _INSTANTS, endpoint=False)
        at_s = instants_s[np.arange(len(places)) * _INSTANTS // max(1, len(places))]
        arrivals = M.Scheduled(M.frozen_floats(at_s), (1,) * len(places), tuple(places.tolist()))
        # What an operator does is spread over the whole run, which is how loads are worked out of what may take so long.
        route, due_s = (M.Spawn(names.OPERATOR + pool, "sits"),), self.days.end_s
        return M.Flow(names.OPERATOR + pool + names.STARTS, route, arrivals, origin=names.TERMINAL, due_s=due_s)

    def _terminals(self, pool: str) -> int:
        return int(self.seats.by_pool[pool].sum())

    def share(self, pool: str) -> M.Floats | None:
        """Return the weights by which each terminal of a pool is drawn alike; None where there is none."""
        return self.seats.share(pool) if self._terminals(pool) else None

    def states(self) -> tuple[M.State, ...]:
        """Return whether the run is over."""
        return (M.State(names.OVER, 0, None, ((self.days.end_s, None, 1),)),)

    def _day(self, pool: str) -> Iterator[M.Step]:
        """Yield an operator's day, from closing time to closing time; whoever has missed one goes when the run is over."""
        days, session = self.days, self.seats.session(pool)
        # Who came to the counter before it closed is served before the session ends: the operator stands in the same line.
        yield M.Acquire(pool, label="closes")
        yield M.Acquire(session, label="ends")
        yield M.Release(pool, label="away")
        yield days.gate(days.mornings_s, days.closes_s, "night")
        yield M.Switch(names.OVER, ((1, None),), label="another-day")
        yield M.Delay(uniform(0.0, self.spec.early.value + self.spec.late.value), "arrives")
        yield from sets_off(names.OPENING, names.AT_WORK, "opening")
        yield M.Release(session, label="begins")
        lifetime = self.spec.time_outs.lifetime
        for k in range(min(self.renewals, _MOST_RENEWALS) if lifetime is not None else 0):
            assert lifetime is not None  # nothing runs out without it
            yield M.Delay(constant(lifetime.value), f"lasts.{k}")
            yield M.Spawn(self.seats.again(names.TIME_OUT, pool), f"runs-out.{k}")
        yield days.gate(days.closes_s, days.during(), "day")
        yield M.Switch(names.OVER, ((1, None),), label="next")

    def changes(self, pool: str) -> M.Arrivals:
        """Return who takes over: an exact number, evenly within the time that this takes."""
        hand_over = self.spec.hand_over
        if hand_over is None:
            return NO_ARRIVALS
        at_s = self.days.at(hand_over.at.value)
        return self._each_day(hand_over.share.value, pool, at_s, at_s + hand_over.within.value)

    def idle(self, pool: str) -> M.Arrivals:
        """Return sessions that end as nobody touches a terminal: an exact number, at any time once everybody has come."""
        idle = self.spec.time_outs.idle
        if idle is None:
            return NO_ARRIVALS
        return self._each_day(idle.value, pool, self.days.opens_s + self.spec.late.value, self.days.closes_s)

    def _each_day(self, each: float, pool: str, from_s: M.Floats, until_s: M.Floats) -> M.Arrivals:
        """Return so many arrivals for each terminal and day, evenly within these stretches of the days."""
        count = round(each * len(from_s) * self._terminals(pool))
        if count == 0:
            return NO_ARRIVALS
        edges = np.concatenate([[0.0], np.column_stack([from_s, until_s]).ravel(), [self.days.end_s]])
        weight = np.concatenate([[0.0], np.tile([1.0, 0.0], len(from_s))])
        some = np.diff(edges) > 0.0
        return M.ExactCount(count, M.frozen_floats(edges[:-1][some]), M.frozen_floats(weight[some]), self.days.end_s)
