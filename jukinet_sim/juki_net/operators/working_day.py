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
from jukinet_sim.juki_net.operators import names as N
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.juki_net.operators.seats import Days, Seats
from jukinet_sim.juki_net.operators.steps import sets_off
from jukinet_sim.language.compile_steps import NO_ARRIVALS
from jukinet_sim.network import model as M

NOTHING = constant(0.0)
_MISSED = 25.0
"""Draws of a terminal find all of n with a probability of 1 - e^-25 if there are n (ln n + 25) of them."""
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
        """Sessions of a day that run out, in which nobody takes over; the last begins so early that it lasts until closing."""
        return self._lasting(self.days.opens_s, self.days.closes_s)

    def _lasting(self, from_s: M.Floats, until_s: M.Floats) -> int:
        """Return how many lifetimes end in the shortest stretch, for whoever arrives last."""
        lifetime = self.spec.time_outs.lifetime
        if lifetime is None or len(from_s) == 0:
            return 0
        shortest_s = float((until_s - from_s).min()) - self.spec.late.value
        return max(0, math.ceil(shortest_s / lifetime.value) - 1)

    def check(self) -> None:
        """Refuse a change of shift while the counters are closed, and arrivals later than that."""
        opens_s, closes_s = self.days.opens_s, self.days.closes_s
        if len(opens_s) and float((closes_s - opens_s).min()) <= self.spec.late.value:
            self.nation.fault("operators.late", "the counters have closed by then", "write a shorter time")
        if self.spec.hand_over is None:
            return
        at_s = self.days.at(self.spec.hand_over.at.value)
        if np.any((at_s <= opens_s + self.spec.late.value) | (at_s >= closes_s)):
            what = "somebody takes over when the counters are closed, or before everybody has come"
            cure = f'write a time within the hours "{self.spec.hours}", such as "12 h"'
            self.nation.fault("operators.hand_over.at", what, cure)

    def flows(self) -> Iterator[M.Flow]:
        """Yield who sits at the terminals of each pool, and who logs on again as nobody has touched a terminal."""
        for pool in self.seats.by_pool:
            yield from self._begun(pool)
            day = M.Loop(tuple(self._day(pool)), times=len(self.days.opens_s), label="days")
            yield M.Flow(N.OPERATOR + pool, (day,), origin=N.TERMINAL)
            if self.spec.time_outs.idle is not None:
                route = tuple(self._logs_on(pool, N.TIME_OUT, "idle"))
                yield M.Flow(N.IDLE + pool, route, self._idle(pool), origin=N.TERMINAL, share=self.seats.share(pool))

    def _begun(self, pool: str) -> Iterator[M.Flow]:
        """Yield jobs that draw terminals until each has had its operator set off, once."""
        number = int(self.seats.by_pool[pool].sum())
        draws = math.ceil(number * (math.log(number) + _MISSED)) if number else 0
        at_s = np.linspace(0.0, _BEGINS_WITHIN_S, draws, endpoint=False)
        arrivals = M.Scheduled(M.frozen_floats(at_s), (1,) * draws) if draws else NO_ARRIVALS
        state = N.TAKEN + pool
        route = (
            M.Switch(state, ((1, None),), label="taken"),
            M.Assign(state, 1, label="takes"),
            M.Spawn(N.OPERATOR + pool, "sits"),
        )
        share = self.seats.share(pool) if number else None
        # What an operator does is spread over the whole run, which is how loads are worked out of what may take so long.
        yield M.Flow(N.OPERATOR + pool + N.DRAWN, route, arrivals, origin=N.TERMINAL, share=share, due_s=self.days.end_s)

    def states(self) -> tuple[M.State, ...]:
        """Return which terminals have somebody, and whether the run is over."""
        over = M.State(N.OVER, 0, None, ((self.days.end_s, None, 1),))
        return (over, *(M.State(N.TAKEN + pool, 0, N.TERMINAL) for pool in self.seats.by_pool))

    def _day(self, pool: str) -> Iterator[M.Step]:
        """Yield an operator's day, from closing time to closing time; whoever has missed one goes when the run is over."""
        days, session = self.days, self.seats.session(pool)
        # Who came to the counter before it closed is served before the session ends: the operator stands in the same line.
        yield M.Acquire(pool, label="closes")
        yield M.Acquire(session, label="ends")
        yield M.Release(pool, label="away")
        yield days.gate(days.mornings_s, days.closes_s, "night")
        yield M.Switch(N.OVER, ((1, None),), label="another-day")
        yield M.Delay(uniform(0.0, self.spec.early.value + self.spec.late.value), "arrives")
        yield from sets_off(N.OPENING, N.AT_WORK, "opening")
        yield M.Release(session, label="begins")
        yield from self._later(pool)
        yield days.gate(days.closes_s, days.during(), "day")
        yield M.Switch(N.OVER, ((1, None),), label="next")

    def _later(self, pool: str) -> Iterator[M.Step]:
        """Yield what log-ons there are later in the day: where somebody takes over, and where nobody does."""
        hand_over = self.spec.hand_over
        if hand_over is None:
            yield from self._renewed(pool, self.renewals, "day")
            return
        at_s, share = self.days.at(hand_over.at.value), hand_over.share.value
        yield M.Branch((("shift", share), ("alone", 1.0 - share)), "takes-over")
        yield M.Delay(NOTHING, "shift")
        yield from self._renewed(pool, self._lasting(self.days.opens_s, at_s), "before")
        yield self.days.gate(at_s, self.days.during(), "noon")
        yield from self._logs_on(pool, N.CHANGE, "change")
        yield from self._renewed(pool, self._lasting(at_s, self.days.closes_s), "after")
        yield M.Switch(N.OVER, ((0, "on"), (1, "on")), label="shift-done")
        yield M.Delay(NOTHING, "alone")
        yield from self._renewed(pool, self.renewals, "alone")
        yield M.Delay(NOTHING, "on")

    def _renewed(self, pool: str, times: int, label: str) -> Iterator[M.Step]:
        """Yield log-ons each of which comes a lifetime of the session after the one before."""
        lifetime = self.spec.time_outs.lifetime
        for k in range(times if lifetime is not None else 0):
            assert lifetime is not None  # nothing runs out without it
            yield M.Delay(constant(lifetime.value), f"lasts.{label}.{k}")
            yield from self._logs_on(pool, N.TIME_OUT, f"{label}.{k}")

    def _logs_on(self, pool: str, flow: str, label: str) -> Iterator[M.Step]:
        """Yield steps that take a session, when no case is in hand, until a log-on is done."""
        session = self.seats.session(pool)
        yield M.Acquire(session, label=f"{label}.session")
        yield from sets_off(flow, N.AT_WORK, label)
        yield M.Release(session, label=f"{label}.goes-on")

    def _idle(self, pool: str) -> M.Arrivals:
        """Return sessions that end as nobody touches a terminal: an exact number, at any time once everybody has come."""
        idle, days = self.spec.time_outs.idle, self.days
        each = 0.0 if idle is None else idle.value
        count = round(each * len(days.opens_s) * int(self.seats.by_pool[pool].sum()))
        if count == 0:
            return NO_ARRIVALS
        begins_s = days.opens_s + self.spec.late.value
        edges = np.concatenate([[0.0], np.column_stack([begins_s, days.closes_s]).ravel()])
        open_ = np.concatenate([[0.0], np.tile([1.0, 0.0], len(begins_s))])
        kept = np.concatenate([np.diff(edges) > 0.0, [edges[-1] < days.end_s]])
        return M.ExactCount(count, M.frozen_floats(edges[kept]), M.frozen_floats(open_[kept]), days.end_s)
