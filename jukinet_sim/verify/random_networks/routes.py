"""Random routes with every kind of step; branches and switches stay in their own list.

A token acquired for a stretch of steps is given back at its end; branches lead neither into nor out of it, but to the exit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    EXIT,
    Acquire,
    Assign,
    Branch,
    Choose,
    Delay,
    Gate,
    Loop,
    Part,
    Release,
    Rule,
    Spawn,
    Step,
    Switch,
    Visit,
    Which,
    frozen_floats,
)
from jukinet_sim.verify.random_networks.chooser import Chooser, several
from jukinet_sim.verify.random_networks.places import Named
from jukinet_sim.verify.random_networks.stations import VALUES
from jukinet_sim.verify.random_networks.times import duration, quarters

_PARTS = (
    Part(dist.constant(0.25)),
    Part(dist.exponential(0.25)),
    Part(dist.geometric(3.0), 0.25, 1.0),
    Part(dist.constant(3.0), 0.125, 1.0),
    Part(dist.empirical((1.0, 4.0), (1.0, 1.0)), 0.1, 0.5),
)
_BALKING: tuple[tuple[tuple[int, float], ...], ...] = (((1, 0.5),), ((0, 0.25), (2, 1.0)), ((1, 1.0), (3, 0.0)))
_RULES: tuple[Rule, ...] = ("shortest_queue", "least_utilised", "first_idle", "round_robin")
_DEEPEST = 2
_LENGTHS = ((1, 3, 4, 6), (1, 2, 3), (1, 2))
"""How many steps, loops and stretches a list may have, by its depth."""
_SHARES = {
    1: ((1.0,),),
    2: ((0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (0.1, 0.9)),
    3: ((0.25, 0.25, 0.5), (0.1, 0.2, 0.7)),
}


@dataclass(frozen=True)
class Means:
    """What the steps of one flow may name, with the place that selects one of a group, and the flows it may spawn."""

    stations: Named
    pools: Named
    buckets: Named
    states: Named
    children: tuple[str, ...]
    horizon_s: float
    held: frozenset[str] = frozenset()
    """Stations of which a job may keep a server after service."""


@dataclass(frozen=True)
class _Fork:
    """A branch, a switch on this state, or a choice by this rule, whose targets are not chosen yet."""

    label: str | None = None
    state: tuple[str, Which] | None = None
    rule: Rule | None = None


Block = list[Any]
"""Steps that branches of the same list may enter only at the first; a fork stands for a branch or a switch."""


def make_route(choose: Chooser, means: Means) -> tuple[Step, ...]:
    """Choose a route; up to two tokens may be taken at its beginning and held to its end."""
    held = several(choose, 0, 2, lambda: _asks(choose, *choose.choice(means.pools))) if means.pools else []
    return (*held, *_Maker(choose, means).sequence(0))


def _asks(choose: Chooser, pool: str, at: Which) -> Acquire:
    """Choose for how long a job waits for a token."""
    return Acquire(pool, at, patience=duration(choose) if choose.boolean(3) else None, tokens=choose.choice((1, 1, 1, 2)))


class _Maker:
    """Makes one route, numbering its labels; `lots` says whether it is inside a loop over records."""

    def __init__(self, choose: Chooser, means: Means) -> None:
        self._choose, self._means = choose, means
        self._labels, self._lots = 0, False

    def sequence(self, depth: int, last: tuple[Step, ...] = ()) -> tuple[Step, ...]:
        """Choose a list of steps, ending with `last`, and where its branches lead."""
        blocks = [self._block(depth) for _ in range(self._choose.choice(_LENGTHS[depth]))]
        if last:
            blocks.append(list(last))
        for number, block in enumerate(blocks):
            if isinstance(block[0], _Fork):
                block[0] = self._led(blocks, number, block[0])
            elif type(block[0]) in (Visit, Acquire) and self._choose.boolean(4):
                self._turn(blocks, number)
        return tuple(step for block in blocks for step in block)

    def _led(self, blocks: list[Block], number: int, fork: _Fork) -> Step:
        """Choose where a fork leads; one that leads to itself has been given a label by then."""
        if fork.rule is not None:
            side = self._choose.choice(self._means.stations)[1]
            some = several(self._choose, 1, 3, lambda: self._choose.choice(self._means.stations))
            names = [name for name, at in some if at == side] or [n for n, at in self._means.stations if at == side]
            ways = tuple((name, self._label(blocks, self._way_out(blocks, number))) for name in names)
            return Choose(ways, fork.rule, side, blocks[number][0].label)
        if fork.state is not None:
            cases = self._cases(blocks, number)
            return Switch(fork.state[0], cases, fork.state[1], blocks[number][0].label)
        branches = self._branches(blocks, number)
        return Branch(branches, blocks[number][0].label)

    def _turn(self, blocks: list[Block], number: int) -> None:
        """Choose where a job goes on, ahead, that is not served at the first step of a block, or gets no token there."""
        refused, impatient = (self._label(blocks, self._way_out(blocks, number)) or EXIT for _ in range(2))
        step = blocks[number][0]
        if isinstance(step, Visit):
            blocks[number][0] = replace(step, on_refused=refused, on_abandon=impatient)
        elif step.patience is not None:
            blocks[number][0] = replace(step, on_abandon=impatient)

    def _branches(self, blocks: list[Block], number: int) -> Any:
        """Choose up to three targets; the last, of the largest share, is ahead or out, so that jobs tend to get away."""
        others = several(self._choose, 0, 2, lambda: self._anywhere(blocks))
        labels = [self._label(blocks, target) for target in (*others, self._way_out(blocks, number))]
        return tuple(zip(labels, self._choose.choice(_SHARES[len(labels)]), strict=True))

    def _cases(self, blocks: list[Block], number: int) -> Any:
        """Choose where some values of a state lead; only the last of them may lead back."""
        first, many = self._choose.choice(VALUES), self._choose.integer(1, len(VALUES))
        values = [VALUES[(first + i) % len(VALUES)] for i in range(many)]
        targets = [*(self._way_out(blocks, number) for _ in values[1:]), self._anywhere(blocks)]
        return tuple((value, self._label(blocks, target)) for value, target in zip(values, targets, strict=True))

    def _anywhere(self, blocks: list[Block]) -> int | None:
        """Return a block of the list, or out of the network."""
        return self._choose.choice((None, *range(len(blocks))))

    def _way_out(self, blocks: list[Block], number: int) -> int | None:
        """Return a block behind this one, or out of the network."""
        return self._choose.choice((None, *range(number + 1, len(blocks))))

    def _label(self, blocks: list[Block], target: int | None) -> str | None:
        """Give the first step of a block a label, unless it has one."""
        if target is None:
            return None
        step = blocks[target][0]
        if step.label is None:
            blocks[target][0] = step = replace(step, label=self._new_label())
        label: str = step.label
        return label

    def _new_label(self) -> str:
        self._labels += 1
        return f"go{self._labels}"

    def _block(self, depth: int) -> Block:
        choose, means = self._choose, self._means
        kind = choose.choice(self._kinds(depth))
        if kind == "guard":
            pool, at = choose.choice(means.pools)
            asks = _asks(choose, pool, at)
            if asks.tokens > 1 and choose.boolean():
                return [asks, Release(pool, at), *self.sequence(depth + 1, (Release(pool, at, tokens=asks.tokens - 1),))]
            return [asks, *self.sequence(depth + 1, (Release(pool, at, tokens=asks.tokens),))]
        if kind == "fork":
            return [_Fork()]
        if kind == "choose":
            return [_Fork(rule=choose.choice(_RULES))]
        if kind == "switch":
            return [_Fork(state=choose.choice(means.states))]
        return [self._loop(depth) if kind == "loop" else self._plain(kind)]

    def _kinds(self, depth: int) -> list[str]:
        """Return what may stand at this depth, the simplest first."""
        means = self._means
        kinds = ["visit"] * 4 + ["delay", "gate", "fork", "fork", "choose"]
        kinds += ["spawn", "spawn"] * bool(means.children) + ["meter", "meter"] * bool(means.buckets)
        kinds += ["switch", "switch", "assign"] * bool(means.states)
        if depth < _DEEPEST:
            kinds += ["loop"] + ["guard"] * bool(means.pools)
        return kinds

    def _loop(self, depth: int) -> Loop:
        label = self._new_label() if self._choose.boolean() else None
        # One loop over records cannot stand in another.
        if self._lots or self._choose.boolean():
            return Loop(self.sequence(depth + 1), times=self._choose.choice((1, 2, 3, 0)), label=label)
        self._lots = True
        body = self.sequence(depth + 1)
        self._lots = False
        return Loop(body, per_records=self._choose.choice((4, 1, 3, 100)), label=label)

    def _plain(self, kind: str) -> Step:
        choose, means = self._choose, self._means
        if kind == "visit":
            return self._visit()
        if kind == "delay":
            return Delay(duration(choose))
        if kind == "spawn":
            return Spawn(choose.choice(means.children))
        if kind == "meter":
            bucket, at = choose.choice(means.buckets)
            return Acquire(bucket, at, patience=dist.constant(0.0) if choose.boolean(3) else None)
        if kind == "assign":
            state, at = choose.choice(means.states)
            return Assign(state, choose.choice(VALUES), at)
        return self._gate()

    def _visit(self) -> Visit:
        choose = self._choose
        station, at = choose.choice(self._means.stations)
        parts = several(choose, 0, 2, self._part) if choose.boolean(3) else ()
        per_record_s = choose.choice((0.0, 0.0, 0.25, 0.1))
        balk = choose.choice(_BALKING) if choose.boolean(4) else ()
        hold = station in self._means.held and choose.boolean()
        return Visit(station, duration(choose), per_record_s, at, parts=tuple(parts), balk=balk, hold=hold)

    def _part(self) -> Part:
        return Part(duration(self._choose)) if self._choose.boolean(4) else self._choose.choice(_PARTS)

    def _gate(self) -> Gate:
        edges = sorted(set(several(self._choose, 2, 6, lambda: quarters(self._choose, 1.5 * self._means.horizon_s))))
        pairs = len(edges) // 2
        opens, closes = frozen_floats(edges[: 2 * pairs : 2]), frozen_floats(edges[1 : 2 * pairs : 2])
        return Gate(opens, closes, self._choose.choice((0.0, 0.5, 3.0)))
