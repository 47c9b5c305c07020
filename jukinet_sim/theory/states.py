"""States as probabilities: which value a job finds at a switch, averaged over the horizon and over its places.

Dated changes count by the time that each value holds. Where jobs set a state too, what they make of it is not known
beforehand: the dated values and the values that jobs set then count half each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Assign, Network, State, all_steps

Floats = NDArray[np.float64]
_Change = tuple[float, int, int]
"""When, its number in the file, and the new value."""


def value_shares(network: Network, state: State, where: Floats) -> dict[int, float]:
    """Give the probability of each value for jobs that are spread over the state's places by `where`."""
    shares: dict[int, float] = {}
    common: list[_Change] = []
    own: dict[int, list[_Change]] = {}
    for number, (at_s, place, value) in enumerate(state.changes):
        (common if place is None else own.setdefault(place, [])).append((at_s, number, value))
    for place, changes in own.items():
        _add(shares, [*common, *changes], state.start, network.horizon_s, float(where[place]))
    elsewhere = float(where.sum()) - sum(float(where[place]) for place in own)
    _add(shares, common, state.start, network.horizon_s, max(0.0, elsewhere))
    return _with_assigned(network, state, shares)


def _add(shares: dict[int, float], changes: list[_Change], start: int, horizon_s: float, weight: float) -> None:
    """Add the share of the horizon that each value holds, times a weight; of changes at one instant the last holds."""
    value, since = start, 0.0
    for at_s, _, to in [*sorted(changes), (horizon_s, 0, start)]:
        until = max(since, min(at_s, horizon_s))
        shares[value] = shares.get(value, 0.0) + weight * (until - since) / horizon_s
        value, since = to, until


def _with_assigned(network: Network, state: State, shares: dict[int, float]) -> dict[int, float]:
    values = assigned(network).get(state.name)
    if not values:
        return shares
    mixed = {value: share / 2.0 for value, share in shares.items()}
    total = sum(shares.values())
    for value in sorted(values):
        mixed[value] = mixed.get(value, 0.0) + total / (2.0 * len(values))
    return mixed


_latest: list[tuple[Network, dict[str, set[int]]]] = []
"""What jobs of the network asked about last set: every switch of every flow asks."""


def assigned(network: Network) -> dict[str, set[int]]:
    """Return the values that jobs give to states."""
    if not _latest or _latest[0][0] is not network:
        found: dict[str, set[int]] = {}
        for flow in network.flows:
            for step in all_steps(flow.route):
                if isinstance(step, Assign):
                    found.setdefault(step.state, set()).add(step.value)
        _latest[:] = [(network, found)]
    return _latest[0][1]
