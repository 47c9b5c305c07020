"""States as probabilities: which value a job finds at a switch, averaged over the horizon and over its places.

Dated changes count by the time that each value holds. Where jobs set a state too, what they make of it is not known
beforehand: the dated values and the values that jobs set then count half each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.network.model import Assign, Network, State, all_steps

Floats = NDArray[np.float64]
_Change = tuple[float, int, int]
"""When, its number in the file, and the new value."""


def value_shares(network: Network, state: State, where: Floats) -> dict[int, float]:
    """Give the probability of each value for jobs that are spread over the state's places by `where`."""
    held = _held(network, state.name)
    own = where[list(held.own)]
    elsewhere = max(0.0, float(where.sum()) - float(own.sum()))
    shares = {value: elsewhere * share for value, share in held.elsewhere.items()}
    for value, by_place in held.by_value.items():
        shares[value] = shares.get(value, 0.0) + float(own @ by_place)
    return _with_assigned(network, state, shares)


@dataclass(frozen=True)
class _Held:
    """The share of the horizon that each value of a state holds: `by_value` at each of the places with `own` changes."""

    own: tuple[int, ...]
    by_value: dict[int, Floats]
    elsewhere: dict[int, float]


@of_the_latest
def _held(network: Network, name: str) -> _Held:
    """Return how long each value of a state holds at each place, which is the same whatever the weights."""
    state = next(one for one in network.states if one.name == name)
    common: list[_Change] = []
    own: dict[int, list[_Change]] = {}
    for number, (at_s, place, value) in enumerate(state.changes):
        (common if place is None else own.setdefault(place, [])).append((at_s, number, value))
    by_value: dict[int, Floats] = {}
    for row, changes in enumerate(own.values()):
        for value, share in _shares([*common, *changes], state.start, network.horizon_s).items():
            by_value.setdefault(value, np.zeros(len(own)))[row] = share
    return _Held(tuple(own), by_value, _shares(common, state.start, network.horizon_s))


def _shares(changes: list[_Change], start: int, horizon_s: float) -> dict[int, float]:
    """Return the share of the horizon that each value holds; of changes at one instant the last holds."""
    shares: dict[int, float] = {}
    value, since = start, 0.0
    for at_s, _, to in [*sorted(changes), (horizon_s, 0, start)]:
        until = max(since, min(at_s, horizon_s))
        shares[value] = shares.get(value, 0.0) + (until - since) / horizon_s
        value, since = to, until
    return shares


def _with_assigned(network: Network, state: State, shares: dict[int, float]) -> dict[int, float]:
    values = assigned(network).get(state.name)
    if not values:
        return shares
    mixed = {value: share / 2.0 for value, share in shares.items()}
    total = sum(shares.values())
    for value in sorted(values):
        mixed[value] = mixed.get(value, 0.0) + total / (2.0 * len(values))
    return mixed


@of_the_latest
def assigned(network: Network) -> dict[str, set[int]]:
    """Return the values that jobs give to states."""
    found: dict[str, set[int]] = {}
    for flow in network.flows:
        for step in all_steps(flow.route):
            if isinstance(step, Assign):
                found.setdefault(step.state, set()).add(step.value)
    return found
