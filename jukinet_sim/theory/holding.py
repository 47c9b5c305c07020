"""For how long a job holds tokens of a pool on its route: the expected token-seconds, waits left out.

The steps of each list, each with the number of tokens in hand there, are the states of an absorbing Markov chain; a loop is
one step, its body a chain of its own. Demands and delays count; what a job waits at stations, pools and gates is not known
beforehand, so that what comes out is the least that is held.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Choose,
    Delay,
    Flow,
    Loop,
    Network,
    Release,
    Step,
    Switch,
    Visit,
    Which,
    all_steps,
)
from jukinet_sim.theory.routes import Values, equally, mean_demand_s

Floats = NDArray[np.float64]
_MOST_TOKENS = 4
"""Tokens of one pool and place, in what it takes at once, that a job is followed with; what is beyond is not counted."""


def held_s(network: Network, flow: Flow, pool: tuple[str, Which], records: Floats, values: Values) -> Floats:
    """Give the token-seconds of a pool, at one end of the job, for jobs of a flow that carry these numbers of records.

    A visit counts at the highest speed that its station ever has. The route must be one that `routes.step_times` can solve.
    """
    fastest = {s.name: max([1.0, *(change.factor for change in s.speed)]) for s in network.stations}
    here = [s for s in all_steps(flow.route) if isinstance(s, Acquire | Release) and (s.pool, s.at) == pool]
    unit = math.gcd(*(step.tokens for step in here))
    taken = sum(step.tokens // unit for step in here if isinstance(step, Acquire))
    chain = _Chain(pool, min(taken, _MOST_TOKENS), unit, fastest, values)
    return chain.solve(flow.route, records, 1).held[:, 0] * float(unit)


@dataclass(frozen=True)
class _Pass:
    """One pass through a list of steps, begun with 0, 1, ... tokens in hand.

    `held[r, h]` is the token-seconds of a job with the r-th number of records, `through[r, h, g]` the probability to fall off
    the end with g tokens; either has one row where the records do not matter.
    """

    held: Floats
    through: Floats


@dataclass(frozen=True)
class _Chain:
    """Solves lists of steps for one pool; a job has 0 to `most` times `unit` of its tokens."""

    pool: tuple[str, Which]
    most: int
    unit: int
    fastest: dict[str, float]
    values: Values

    def solve(self, steps: tuple[Step, ...], records: Floats, begins: int) -> _Pass:
        """Give one pass through a list with these numbers of records in hand, begun with fewer than `begins` tokens."""
        levels, states = self.most + 1, len(steps) * (self.most + 1)
        bodies = {i: self._rounds(step, records) for i, step in enumerate(steps) if isinstance(step, Loop)}
        wide = max([1, *(body.through.shape[0] for body in bodies.values())])
        moves = np.zeros((wide, states, states + levels))
        held = np.zeros((len(records), states))
        labels = {step.label: i for i, step in enumerate(steps) if step.label}
        for i, step in enumerate(steps):
            if i in bodies:
                here = slice(i * levels, (i + 1) * levels)
                held[:, here] = bodies[i].held
                moves[:, here, (i + 1) * levels : (i + 2) * levels] = bodies[i].through
                continue
            begun = np.arange(i * levels, (i + 1) * levels)
            held[:, begun] = np.arange(levels) * self._lasts(step, records)[:, None]
            for target, probability in self._targets(step, i, labels):
                moves[:, begun, target * levels + self._after(step)] += probability
        return _absorbed(moves, held, begins)

    def _rounds(self, loop: Loop, records: Floats) -> _Pass:
        """All rounds of a loop."""
        if not loop.per_records:
            body = self.solve(loop.body, records, self.most + 1)
            before, through = _series(body.through, np.full(1, loop.times or 0))
            return _Pass(_apply(before, body.held), through)
        rounds = np.ceil(records / loop.per_records).astype(np.int64)
        full = np.maximum(rounds - 1, 0)
        lot = self.solve(loop.body, np.array([float(loop.per_records)]), self.most + 1)
        last = self.solve(loop.body, np.maximum(records - full * loop.per_records, 0.0), self.most + 1)
        before, until_last = _series(lot.through, full)
        some = (rounds > 0)[:, None]
        _, through = _series(lot.through, rounds)
        return _Pass(np.where(some, _apply(before, lot.held) + _apply(until_last, last.held), 0.0), _narrow(through))

    def _lasts(self, step: Step, records: Floats) -> Floats:
        """Seconds that a step takes at least."""
        if isinstance(step, Visit):
            return (mean_demand_s(step) + step.per_record_s * records) / self.fastest[step.station]
        return np.full(len(records), step.delay.mean if isinstance(step, Delay) else 0.0)

    def _after(self, step: Step) -> NDArray[np.intp]:
        """Tokens in hand after a step that began with 0, 1, ... of them."""
        levels = np.arange(self.most + 1)
        if isinstance(step, Acquire | Release) and (step.pool, step.at) == self.pool:
            change = step.tokens // self.unit
            return np.minimum(levels + change, self.most) if isinstance(step, Acquire) else np.maximum(levels - change, 0)
        return levels

    def _targets(self, step: Step, at: int, labels: dict[str, int]) -> list[tuple[int, float]]:
        """Where a step leads and how likely; what is missing leaves the network."""
        if isinstance(step, Branch | Choose):
            ways = step.targets if isinstance(step, Branch) else equally(step)
            return [(labels[label], share) for label, share in ways if label not in (None, "exit")]
        if isinstance(step, Switch):
            known = self.values(step)
            jumps = [(label, known.get(value, 0.0)) for value, label in step.targets]
            on = max(0.0, 1.0 - sum(share for _, share in jumps))
            return [*((labels[label], share) for label, share in jumps if label not in (None, "exit")), (at + 1, on)]
        return [(at + 1, 1.0)]


def _absorbed(moves: Floats, held: Floats, begins: int) -> _Pass:
    """Return what a chain that begins in each of its first states collects until it is left, and where it is left."""
    states = held.shape[1]
    # A state that cannot be reached may go round for ever; it must not make the others unsolvable.
    reached = _reached(moves[:, :, :states].max(axis=0) > 0.0, begins)
    chain = np.eye(len(reached)) - moves[:, reached][:, :, reached]
    through = np.linalg.solve(chain, moves[:, reached, states:])[:, :begins]
    sums = np.linalg.solve(chain, held[:, reached, None])[:, :begins, 0]
    return _Pass(np.maximum(sums, 0.0), _narrow(np.clip(through, 0.0, 1.0)))


def _reached(leads: NDArray[np.bool_], begins: int) -> NDArray[np.intp]:
    """Return the states to which the first ones lead, these before all others."""
    reached = np.zeros(len(leads), dtype=np.bool_)
    reached[:begins] = True
    while True:
        wider = reached | leads[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return np.flatnonzero(reached)
        reached = wider


def _series(step: Floats, rounds: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """I + T + ... with so many terms, and T to that power, for each number of rounds; T has one row, or one for each."""
    identity = np.eye(step.shape[1])
    if np.array_equal(step, np.broadcast_to(identity, step.shape)):
        return identity * rounds[:, None, None].astype(np.float64), np.broadcast_to(identity, (1, *identity.shape))
    many = max(len(step), len(rounds))
    base, left = np.broadcast_to(step, (many, *identity.shape)), np.broadcast_to(rounds, (many,)).copy()
    total, power = np.zeros(base.shape), np.broadcast_to(identity, base.shape)
    run = np.broadcast_to(identity, base.shape)
    while left.any():
        # By doubling: `run` sums as many terms as `base` has factors.
        odd = (left % 2 == 1)[:, None, None]
        total = np.where(odd, total + power @ run, total)
        power = np.where(odd, power @ base, power)
        run, base, left = run + base @ run, base @ base, left // 2
    return total, power


def _apply(before: Floats, held: Floats) -> Floats:
    """Return what rounds collect that begin as `before` says."""
    collected: Floats = (before @ held[:, :, None])[:, :, 0]
    return collected


def _narrow(through: Floats) -> Floats:
    """One row in place of many equal ones, so that chains are solved once for all numbers of records."""
    return through[:1] if np.all(through == through[0]) else through
