"""Switches that let one job through: it sets the state that sends all later ones elsewhere, as an alarm that is raised once.

How often such a switch lets jobs through does not follow from shares of time. It is bounded by how often the state is as it
has to be: once at each place at the start, and once more for each dated change that makes it so again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from jukinet_sim.network.model import Assign, Flow, Loop, Network, Step, Switch
from jukinet_sim.theory.spread import places_of
from jukinet_sim.theory.states import assigned


@dataclass(frozen=True)
class Once:
    """A switch that closes behind whoever passes it, what they set, and how many can pass in a run at most."""

    switch: Switch
    sets: int
    most: float


def switches_once(network: Network, flow: Flow) -> dict[Switch, Once]:
    """Return the switches of a flow that let so many jobs through at most."""
    found = {}
    for switch, step in _neighbours(flow.route):
        if isinstance(switch, Switch) and isinstance(step, Assign) and (step.state, step.at) == (switch.state, switch.at):
            closed = {value for value, _ in switch.targets}
            if step.value in closed and assigned(network)[switch.state] <= closed:
                found[switch] = Once(switch, step.value, _openings(network, switch.state, closed))
    return found


def narrowed(shares: Mapping[int, float], once: Once, jobs: float) -> Mapping[int, float]:
    """Return what so many jobs find at the switch in all: no more of them what lets them through than can pass it."""
    closed = {value for value, _ in once.switch.targets}
    elsewhere = sum(share for value, share in shares.items() if value in closed)
    passing = once.most / jobs if jobs > 0.0 else 1.0
    if 1.0 - elsewhere <= passing:
        return shares
    if elsewhere <= 0.0:
        return {once.sets: 1.0 - passing}
    scale = (1.0 - passing) / elsewhere
    return {value: share * scale for value, share in shares.items() if value in closed}


def _neighbours(steps: tuple[Step, ...]) -> Iterator[tuple[Step, Step]]:
    """Yield each step with the one behind it, bodies of loops included."""
    yield from pairwise(steps)
    for step in steps:
        if isinstance(step, Loop):
            yield from _neighbours(step.body)


def _openings(network: Network, name: str, closed: set[int]) -> float:
    """Return how often a state comes to let somebody through, at all its places together."""
    state = next(one for one in network.states if one.name == name)
    places = places_of(network, state.per)
    at_first = 0 if state.start in closed else places
    changed = [place for at_s, place, value in state.changes if value not in closed and at_s < network.horizon_s]
    return float(at_first + sum(places if place is None else 1 for place in changed))
