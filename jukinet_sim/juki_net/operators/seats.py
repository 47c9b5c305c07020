"""Terminals and operators of each municipality, and when their counters are open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import DAY_S, opening_times
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.operators.names import SESSION, TERMINAL
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.juki_net.places.labels import TerminalLabels, TownLabels
from jukinet_sim.network import model as M


@dataclass(frozen=True)
class Seats:
    """Where operators sit: terminals by pool and municipality, and the operators of each municipality (0 off the network)."""

    by_pool: dict[str, NDArray[np.int64]]
    operators: NDArray[np.int64]
    towns: TownLabels

    def session(self, pool: str) -> str:
        """Return the pool of sessions at the terminals of a pool."""
        return SESSION if len(self.by_pool) == 1 else f"{SESSION}.{pool}"

    def again(self, flow: str, pool: str) -> str:
        """Return the flow of those who log on again at the terminals of a pool."""
        return flow if len(self.by_pool) == 1 else f"{flow}.{pool}"

    def level(self) -> M.PlaceLevel:
        """Return the level at which every terminal is a place, pool by pool, within its municipality."""
        labels = TerminalLabels(tuple(self.by_pool.values()), self.towns)
        weights, parents = M.frozen_floats(np.ones(len(labels))), tuple(labels.parents.tolist())
        return M.PlaceLevel(TERMINAL, len(labels), weights, MUNICIPALITY, parents, labels)

    def share(self, pool: str) -> M.Floats:
        """Return the weights of that level's places that draw each terminal of a pool alike."""
        parts = [np.full(int(seats.sum()), float(name == pool)) for name, seats in self.by_pool.items()]
        return M.frozen_floats(np.concatenate(parts))


def seats(machines: Machines, spec: Operators) -> Seats:
    """Return the terminals of the scenario's pools in municipalities that are on the network, and their operators."""
    nation = machines.nation
    pools = {pool.name: pool for pool in machines.pools()}
    on = nation.residents > 0.0
    found = {name: _tokens(pools[name], len(on)) * on for name in nation.spec.terminals}
    every = sum(found.values(), np.zeros(len(on), dtype=np.int64))
    # Rounded up, and not for what a product of decimals is too large by.
    operators = np.ceil(every * spec.per_terminal.value - 1e-9).astype(np.int64)
    return Seats(found, operators, nation.town_labels)


def _tokens(pool: M.Pool, places: int) -> NDArray[np.int64]:
    return np.array([pool.tokens_at(place) for place in range(places)], dtype=np.int64)


@dataclass(frozen=True)
class Days:
    """When counters open and close in the run, one row for each stretch of open hours, and when the run ends."""

    opens_s: NDArray[np.float64]
    closes_s: NDArray[np.float64]
    end_s: float
    early_s: float

    @property
    def mornings_s(self) -> NDArray[np.float64]:
        """From when on the first operators arrive: before the opening, and not before the counters have closed."""
        before = np.concatenate([[0.0], self.closes_s[:-1]])
        return np.maximum(self.opens_s - self.early_s, before)

    def gate(self, from_s: NDArray[np.float64], until_s: NDArray[np.float64], label: str) -> M.Gate:
        """Return a gate that is open in these stretches and, for whoever is left then, from the end of the run on."""
        some = until_s > from_s
        opens_s, closes_s = np.append(from_s[some], self.end_s), np.append(until_s[some], self.end_s + M.DRAIN_CALENDAR_S)
        closes_s = np.minimum(closes_s, np.append(opens_s[1:], np.inf))
        return M.Gate(M.frozen_floats(opens_s), M.frozen_floats(closes_s), label=label)

    def during(self) -> NDArray[np.float64]:
        """Until when a stretch's working day goes on: until the next morning, and of the last one until the end of the run."""
        return np.append(self.mornings_s[1:], self.end_s) if len(self.opens_s) else self.opens_s

    def at(self, time_of_day_s: float) -> NDArray[np.float64]:
        """Return a time of the day of each stretch."""
        return np.floor(self.opens_s / DAY_S) * DAY_S + time_of_day_s


def days(machines: Machines, spec: Operators) -> Days:
    """Return the open hours of the counters in the run."""
    period = machines.nation.period
    times = opening_times(machines.nation.shape(spec.hours))
    return Days(times[:, 0], times[:, 1], period.seconds, spec.early.value)
