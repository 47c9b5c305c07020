"""A route as expected numbers: how often one job executes each step, and how many records it has in hand there.

The steps of each list are the states of an absorbing Markov chain; a loop is one state, its body a chain of its own. A
switch counts as a branch with the probabilities that its caller gives to the values of the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.network.model import Branch, Choose, Loop, Step, Switch, Visit

Floats = NDArray[np.float64]
Values = Callable[[Switch], Mapping[int, float]]
"""Gives the probability of each value that a job may find at a switch."""
_ENDLESS = 1e12


def nothing_known(switch: Switch) -> Mapping[int, float]:
    """Give no value a probability, so that every switch lets jobs pass on to the next step."""
    return {}


@dataclass(frozen=True)
class StepTimes:
    """How often a job comes to a step on average, and the records in hand summed over those times.

    Both are arrays over the numbers of records asked for (or of length 1 where they do not matter).
    """

    step: Step
    times: Floats
    records: Floats


@dataclass(frozen=True)
class _Share:
    """A step inside a list: its records are `of_hand` times what is in hand on entry, plus `fixed`."""

    step: Step
    times: Floats
    of_hand: Floats
    fixed: Floats

    def scaled(self, factor: Floats) -> _Share:
        """Return the same for so many times as many passes through the list, with the same records in hand."""
        return _Share(self.step, self.times * factor, self.of_hand * factor, self.fixed * factor)


def mean_demand_s(visit: Visit) -> float:
    """Give the mean demand of a visit with all its parts, what it asks per record left out."""
    return visit.demand.mean + sum(part.scale_s * (part.value.mean - part.less) for part in visit.parts)


def step_times(
    route: tuple[Step, ...], records: Floats, flow: str, values: Values = nothing_known
) -> tuple[StepTimes, ...]:
    """Solve the traffic equations of a route for jobs that carry these numbers of records.

    Raises ScenarioError, naming the flow, when a job can be caught in steps that it never leaves.
    """
    shares, _ = _solve(route, records, flow, values)
    return tuple(StepTimes(s.step, s.times, s.of_hand * records + s.fixed) for s in shares)


def _solve(steps: tuple[Step, ...], records: Floats, flow: str, values: Values) -> tuple[list[_Share], Floats]:
    """Return the expected executions in one pass through a list, and the probability to fall off its end."""
    if not steps:
        return [], np.ones(1)
    bodies = {i: _passes(step, records, flow, values) for i, step in enumerate(steps) if isinstance(step, Loop)}
    moves = _moves(steps, bodies, values)
    times = _expected_times(moves, flow)
    none = np.zeros(1)
    shares: list[_Share] = []
    for i, step in enumerate(steps):
        shares.append(_Share(step, times[:, i], times[:, i], none))
        if i in bodies:
            shares.extend(s.scaled(times[:, i]) for s in bodies[i][0])
    ends, past = none, moves[:, :, len(steps)]
    for last in np.flatnonzero(past.any(axis=0)):
        ends = ends + times[:, last] * past[:, last]
    return shares, _narrow(ends)


def _passes(loop: Loop, records: Floats, flow: str, values: Values) -> tuple[list[_Share], Floats]:
    """Return the expected executions inside a loop for one entry to it, and the probability to come out at its end.

    A body that may leave the network on the way makes later passes rarer: pass i happens with probability through^i.
    """
    inside, through = _solve(loop.body, records, flow, values)
    if not loop.per_records:
        passes = np.full(1, float(loop.times or 0))
        begun = _geometric_sum(through, passes)
        return [s.scaled(begun) for s in inside], _narrow(through**passes)
    passes = np.ceil(records / loop.per_records)
    begun = _geometric_sum(through, passes)
    full = np.maximum(passes - 1.0, 0.0)
    last_lot = records - full * loop.per_records
    handled = _geometric_sum(through, full) * loop.per_records + through**full * last_lot
    none = np.zeros(1)
    lots = [_Share(s.step, s.times * begun, none, s.of_hand * handled + s.fixed * begun) for s in inside]
    return lots, _narrow(through**passes)


def _geometric_sum(ratio: Floats, terms: Floats) -> Floats:
    """1 + ratio + ... with this many terms, for ratios in [0, 1]."""
    distance = 1.0 - ratio
    # A ratio that differs from 1 by rounding alone would turn the closed form into 0/0.
    near = distance < 1e-12
    return np.where(near, terms, (1.0 - ratio**terms) / np.where(near, 1.0, distance))


def _narrow(values: Floats) -> Floats:
    """One value in place of many equal ones, so that chains are solved once for all numbers of records."""
    return values[:1] if np.all(values == values[0]) else values


def _moves(steps: tuple[Step, ...], bodies: dict[int, tuple[list[_Share], Floats]], values: Values) -> Floats:
    """Transition probabilities, (records, from step, to step), where the column past the last step is the end."""
    labels = {step.label: i for i, step in enumerate(steps) if step.label}
    wide = max([1, *(through.size for _, through in bodies.values())])
    moves = np.zeros((wide, len(steps), len(steps) + 1))
    for i, step in enumerate(steps):
        if isinstance(step, Branch | Switch | Choose):
            jumps = equally(step) if isinstance(step, Choose) else step.targets if isinstance(step, Branch) else ()
            jumps = _jumps(step, values(step)) if isinstance(step, Switch) else jumps
            for label, probability in jumps:
                if label is not None and label != "exit":
                    moves[:, i, labels[label]] += probability
            if isinstance(step, Switch):
                moves[:, i, i + 1] += max(0.0, 1.0 - sum(probability for _, probability in jumps))
        else:
            moves[:, i, i + 1] = bodies[i][1] if i in bodies else 1.0
    return moves


def equally(choice: Choose) -> tuple[tuple[str | None, float], ...]:
    """Where a job goes that chooses among stations: nobody knows beforehand, so each way counts as much as another."""
    return tuple((label, 1.0 / len(choice.targets)) for _, label in choice.targets)


def _jumps(switch: Switch, shares: Mapping[int, float]) -> tuple[tuple[str | None, float], ...]:
    """Where a switch leads and how likely; what is missing to 1 goes on to the next step."""
    return tuple((label, shares.get(value, 0.0)) for value, label in switch.targets)


def _expected_times(moves: Floats, flow: str) -> Floats:
    """Solve v = e_1 + v P over the steps that can be reached from the first; (records, step)."""
    count = moves.shape[1]
    times = np.zeros((moves.shape[0], count))
    reached = _reachable(moves[:, :, :count].max(axis=0, initial=0.0) > 0.0)
    if not reached.size:
        return times
    chain = moves[:, reached][:, :, reached]
    first = np.zeros((reached.size, 1))
    first[0] = 1.0
    try:
        solved = np.linalg.solve(np.eye(reached.size) - chain.transpose(0, 2, 1), first)[:, :, 0]
    except np.linalg.LinAlgError:
        solved = np.full((1, 1), np.inf)
    if not np.all(np.abs(solved) < _ENDLESS):
        what = f"jobs of flow {flow} come to steps that they never leave"
        raise ScenarioError((Fault(what, "let a branch of the cycle lead out of it"),))
    times[:, reached] = solved
    return times


def _reachable(leads: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the steps to which the first one can lead, in order."""
    reached = np.zeros(len(leads), dtype=np.bool_)
    reached[:1] = True
    known = 0
    while known < (count := int(np.count_nonzero(reached))):
        known = count
        reached |= leads[reached].any(axis=0)
    return np.nonzero(reached)[0]
