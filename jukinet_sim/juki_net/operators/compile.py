"""Operators as pools of sessions, people who sit at terminals, their log-ons, and everybody else's need for a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

import numpy as np

from jukinet_sim.authentication.plan import EVENTS
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.operators import names
from jukinet_sim.juki_net.operators.chosen import Chosen, chosen, setting
from jukinet_sim.juki_net.operators.cut_over import FAILED, Holding, enrolments, method_holding
from jukinet_sim.juki_net.operators.misuse import misuse, ways
from jukinet_sim.juki_net.operators.schema import Operators as Spec
from jukinet_sim.juki_net.operators.seats import Seats, days, seats
from jukinet_sim.juki_net.operators.steps import Writer, jump
from jukinet_sim.juki_net.operators.through import with_sessions
from jukinet_sim.juki_net.operators.working_day import WorkingDay
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.network import model as M


class Operators(Topic):
    """What a scenario's `operators` add."""

    def __init__(self, machines: Machines, calls: CallCentre, spec: Spec) -> None:
        self.machines, self.calls, self.spec, self.nation = machines, calls, spec, machines.nation
        self.seats: Seats = seats(machines, spec)
        self.day = WorkingDay(self.nation, spec, self.seats, days(machines, spec))
        self.day.check()

    @cached_property
    def methods(self) -> tuple[Chosen, ...]:
        """The method in use, and the one that takes its place."""
        return chosen(self.nation, self.spec, setting(self.nation, self.spec, self.day.renewals))

    @cached_property
    def _method(self) -> Holding:
        return method_holding(self.nation, self.spec)

    @property
    def _complete(self) -> bool:
        """Whether there are terminals and every method that is named makes a plan; faults tell of those that do not."""
        return len(self.methods) == (1 if self.spec.cut_over is None else 2) and bool(self.seats.by_pool)

    def levels(self) -> tuple[M.PlaceLevel, ...]:
        """Return the level at which every terminal is a place."""
        return (self.seats.level(),) if self._complete else ()

    def stations(self) -> tuple[M.Station, ...]:
        """Return stations that are passed without taking time, at which events of log-ons are counted."""
        if not self._complete:
            return ()
        # Every event of every method, so that a measure may ask for one whatever the method is.
        events = (*([names.BEGUN] if len(self.methods) > 1 else []), *EVENTS)
        return tuple(M.Station(names.counted_as(one.name, event), 1) for one in self.methods for event in events)

    def pools(self) -> tuple[M.Pool, ...]:
        """Return the sessions of each municipality, and a token at each terminal for who logs on there."""
        if not self._complete:
            return ()
        usual = {pool.name: pool for pool in self.machines.pools()}
        sessions = (replace(usual[pool], name=self.seats.session(pool)) for pool in self.seats.by_pool)
        return (*sessions, M.Pool(names.AT_WORK, 1, names.TERMINAL), M.Pool(names.HELPED, 1, names.TERMINAL))

    def states(self) -> tuple[M.State, ...]:
        """Return which method holds where, and how many operators each municipality has."""
        if not self._complete:
            return ()
        people = self.seats.operators
        usual = int(np.bincount(people).argmax())
        others = tuple((0.0, place, int(people[place])) for place in np.flatnonzero(people != usual).tolist())
        return (
            self._method.state,
            M.State(names.PEOPLE, usual, MUNICIPALITY, others),
            *self.day.states(),
        )

    def flows(self) -> Flows:
        """Return who sits at terminals, log-ons, enrolments and attempts of wrong persons."""
        if not self.seats.by_pool:
            what = "operators sit at terminals, and there are none"
            self.nation.fault("operators", what, 'add "terminals" to juki_net, or delete "operators"')
        if not self._complete:
            return ()
        # Places whose cut-over fails telephone: the call centre is asked for its flows next.
        self.calls.on_dates(FAILED, self._method.failed_s)
        return (
            *self.day.flows(),
            *self._log_ons(),
            *enrolments(self.machines, self.spec, self.seats),
            *misuse(self.nation, self.spec, self.seats, self.methods),
        )

    def _log_ons(self) -> Flows:
        """Return the log-ons at their occasions, and what may go wrong in them.

        Of the morning's the session is kept by who sits there; those of the day take one when no case is in hand.
        """
        people = tuple(sorted(set(self.seats.operators.tolist())))
        writer = Writer(self.machines, self.calls, people)
        done = "done"
        made = [writer.log_on(one.name, one.plan, done) for one in self.methods]
        chains = [chain for chain, _ in made]
        inside = chains[0] if len(chains) == 1 else (*self._by_state(), *self._counted(chains))
        route = (M.Acquire(names.AT_WORK, label="begins"), *inside, M.Release(names.AT_WORK, label=done))
        again = (flow for pool in self.seats.by_pool for flow in self._again(pool, inside, done))
        opening = M.Flow(names.OPENING, route, origin=names.TERMINAL)
        return (opening, *again, *(flow for _, troubles in made for flow in troubles))

    def _again(self, pool: str, inside: tuple[M.Step, ...], done: str) -> Iterator[M.Flow]:
        """Yield the log-ons of the day at the terminals of a pool."""
        session = self.seats.session(pool)
        route = (M.Acquire(session, label="begins"), *inside, M.Release(session, label=done))
        for name, arrivals in ((names.CHANGE, self.day.changes(pool)), (names.TIME_OUT, self.day.idle(pool))):
            yield M.Flow(self.seats.again(name, pool), route, arrivals, origin=names.TERMINAL, share=self.day.share(pool))

    def _by_state(self) -> tuple[M.Step, ...]:
        """Return steps that choose the method that holds, or one of both."""
        old, new = (f"{one.name}.{names.BEGUN}" for one in self.methods)
        cut_over = self.spec.cut_over
        assert cut_over is not None  # otherwise there is one method
        share = cut_over.prefers_new.value
        return (
            M.Switch(names.METHOD, ((names.OLD, old), (names.NEW, new)), label="holds"),
            M.Branch(((new, share), (old, 1.0 - share)), "prefers"),
        )

    def _counted(self, chains: list[tuple[M.Step, ...]]) -> tuple[M.Step, ...]:
        """Return the steps of both methods, each counted as it begins."""
        found: list[M.Step] = []
        for one, chain in zip(self.methods, chains, strict=True):
            found.append(M.Visit(names.counted_as(one.name, names.BEGUN), NOTHING, label=f"{one.name}.{names.BEGUN}"))
            found += [*chain, jump("done", f"{one.name}.ends")]
        return tuple(found)

    def notes(self) -> tuple[str, ...]:
        """Say which ways of wrong persons the methods in use say nothing of."""
        if not self._complete:
            return ()
        unknown = [name for name in self.spec.misuse if name not in ways(self.methods)]
        named = " and ".join(one.name for one in self.methods)
        return tuple(f'operators.misuse: {named} says nothing of the way "{name}"; nobody gets in by it' for name in unknown)

    def through(self, flows: Flows) -> Flows:
        """Return flows that need a session wherever they need a terminal; whoever sits there sees to it."""
        if not self._complete:
            return flows
        sessions = {pool: self.seats.session(pool) for pool in self.seats.by_pool}
        return tuple(
            flow if flow.name.startswith(names.OPERATOR) else replace(flow, route=with_sessions(flow.route, sessions))
            for flow in flows
        )
