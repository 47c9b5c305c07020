"""Attacks as flows of attempts, with a job for each attack that has a beginning: it completes when the attack is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.attacks.schema import Attack
from jukinet_sim.juki_net.attacks.volume import arrivals, share, window_s
from jukinet_sim.juki_net.attacks.way import Way
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.monitoring.compile import Monitoring
from jukinet_sim.juki_net.monitoring.names import ATTACK, FALSE, OVER, SEEN, UNNOTICED, UNSEEN, is_count, seen
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.network import model as M

LOOK_S = 10.0
"""Interval of looks at whether an attack is noticed: times to detect are too long by this at most, by half on average."""


class Attacks(Topic):
    """Traffic that should not be there, and what becomes of it."""

    def __init__(self, machines: Machines, monitoring: Monitoring) -> None:
        self.machines, self.monitoring, self.nation = machines, monitoring, machines.nation
        self._named = {name: spec for name, spec in self.nation.spec.attacks.items() if self._can_be_named(name)}

    def _can_be_named(self, name: str) -> bool:
        """Refuse names that would be mistaken for those of something else."""
        if "." in name or f".{name}" == FALSE[FALSE.index(".") :]:
            self.nation.fault(f"attacks.{name}", f'an attack cannot be called "{name}"', 'write a word without "."')
            return False
        return True

    def flows(self) -> Flows:
        """Return the attempts of each attack, and the jobs that wait for its being noticed."""
        return self._all

    @cached_property
    def _all(self) -> Flows:
        return tuple(flow for name, spec in self._named.items() for flow in self._flows(name, spec))

    def _flows(self, name: str, spec: Attack) -> Iterator[M.Flow]:
        way = Way(self.machines, self.monitoring, name, spec)
        again = spec.again
        retry = None
        if again is not None:
            if again.attempts is None and self.nation.run.drain:
                what = "who tries for ever keeps a run that is drained from ending"
                self.nation.fault(f"attacks.{name}.again", what, 'add "attempts: 100", or write "drain: false" under run')
            retry = M.Retry(None if again.attempts is None else again.attempts.value, exponential(again.after.value))
        times, places = arrivals(self.nation, name, spec), share(self.nation, name, spec)
        yield M.Flow(ATTACK + name, way.route(), times, origin=MUNICIPALITY, share=places, retry=retry)
        if spec.can_be_noticed:
            at_s, _ = window_s(self.nation, name, spec)
            yield M.Flow(seen(name), self._noticed(name), M.Scheduled(M.frozen_floats([at_s]), (1,)))

    def _noticed(self, name: str) -> tuple[M.Step, ...]:
        """Return a route that ends when an attack has been noticed, and in a loss when nobody looks any more."""
        return (
            M.Delay(constant(LOOK_S), "look"),
            M.Switch(seen(name), ((UNSEEN, "look"), (SEEN, None)), label="noticed"),
            M.Visit(UNNOTICED + name, NOTHING, label="unnoticed"),
        )

    def states(self) -> tuple[M.State, ...]:
        """Return whether each attack that has a beginning has been noticed."""
        return tuple(self._state(name, spec) for name, spec in self._named.items() if spec.can_be_noticed)

    def _state(self, name: str, spec: Attack) -> M.State:
        at_s, _ = window_s(self.nation, name, spec)
        horizon_s = self.nation.period.seconds
        until_s = horizon_s if spec.watched_for is None else min(horizon_s, at_s + spec.watched_for)
        # A run that is not drained shall see the end of those that nobody notices.
        return M.State(seen(name), UNSEEN, None, ((max(at_s, until_s - LOOK_S), None, OVER),))

    def equipped(self, stations: tuple[M.Station, ...]) -> tuple[M.Station, ...]:
        """Return all stations, and those at which what is dropped or not noticed is counted."""
        routes = [step for flow in self._all for step in M.all_steps(flow.route)]
        counted = sorted({step.station for step in routes if isinstance(step, M.Visit) and is_count(step.station)})
        return (*stations, *(M.Station(name, 1, capacity=0) for name in counted))
