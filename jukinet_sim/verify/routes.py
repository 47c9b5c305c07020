"""Random routes with every kind of step; branches and switches stay in their own list, held tokens are given back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from jukinet_sim.chance.distributions import exponential, geometric
from jukinet_sim.network.model import (
    Acquire,
    Assign,
    Branch,
    Delay,
    Gate,
    Loop,
    Part,
    Release,
    Spawn,
    Step,
    Switch,
    Visit,
    Which,
    frozen_floats,
)
from jukinet_sim.verify.chooser import Chooser

_DEEPEST = 2
_LENGTHS = ((1, 3, 4, 6), (1, 2, 3), (1, 2))
"""How many steps, loops and stretches with a token a list may have, by its depth."""
Place = tuple[str, Which]
Block = list[Step]


@dataclass(frozen=True)
class Means:
    """What the steps of one flow may name, each with the place of the job that selects a member of the group."""

    stations: tuple[Place, ...]
    pools: tuple[Place, ...]
    buckets: tuple[Place, ...]
    states: tuple[Place, ...]
    children: tuple[str, ...]
    horizon_s: float


def random_route(choose: Chooser, means: Means) -> tuple[Step, ...]:
    """Make a route; up to two tokens may be taken at its beginning and held to its end."""
    held = choose.some(2, lambda: Acquire(*choose.of(means.pools))) if means.pools else []
    return (*held, *_Maker(choose, means).sequence(0))


class _Maker:
    """Makes one route, numbering its labels; `lots` says whether it is inside a loop over records."""

    def __init__(self, choose: Chooser, means: Means) -> None:
        self._choose, self._means = choose, means
        self._labels, self._lots = 0, False

    def sequence(self, depth: int, last: tuple[Step, ...] = ()) -> tuple[Step, ...]:
        """Make a list of steps that ends with `last`, then where its branches and switches lead."""
        blocks = [self._block(depth) for _ in range(self._choose.of(_LENGTHS[depth]))]
        if last:
            blocks.append(list(last))
        for number, block in enumerate(blocks):
            fork = block[0]
            if isinstance(fork, Branch):
                targets = self._branch_targets(blocks, number)
                block[0] = Branch(targets, _label_of(blocks[number]))
            elif isinstance(fork, Switch):
                values = tuple((value, self._target(blocks, number)) for value in range(self._choose.number(1, 3)))
                block[0] = replace(fork, targets=values, label=_label_of(blocks[number]))
        return tuple(step for block in blocks for step in block)

    def _branch_targets(self, blocks: list[Block], number: int) -> tuple[tuple[str | None, float], ...]:
        shares = self._choose.of(((1.0,), (0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (0.1, 0.2, 0.7)))
        # The last share is the largest, and leads ahead or out, so that jobs tend to get away.
        others = [self._target(blocks, -1) for _ in shares[1:]]
        return tuple(zip((*others, self._target(blocks, number)), shares, strict=True))

    def _target(self, blocks: list[Block], behind: int) -> str | None:
        """Choose a block after that number, or the exit; its first step gets a label, unless it has one."""
        target = self._choose.number(behind + 1, len(blocks))
        if target == len(blocks):
            return None
        if _label_of(blocks[target]) is None:
            blocks[target][0] = replace(blocks[target][0], label=self._new_label())
        return _label_of(blocks[target])

    def _new_label(self) -> str:
        self._labels += 1
        return f"go{self._labels}"

    def _block(self, depth: int) -> Block:
        means, choose = self._means, self._choose
        kinds = ["visit"] * 4 + ["delay", "gate", "branch", "branch"]
        kinds += ["spawn", "spawn"] * bool(means.children) + ["switch", "assign"] * bool(means.states)
        kinds += ["bucket"] * bool(means.buckets)
        if depth < _DEEPEST:
            kinds += ["loop"] + ["guard"] * bool(means.pools)
        kind = choose.of(kinds)
        if kind == "guard":
            pool, at = choose.of(means.pools)
            return [Acquire(pool, at), *self.sequence(depth + 1, (Release(pool, at),))]
        if kind == "loop":
            return [self._loop(depth)]
        return [self._plain(kind)]

    def _loop(self, depth: int) -> Loop:
        label = self._new_label() if self._choose.chance(0.5) else None
        # One loop over records cannot stand in another.
        if self._lots or self._choose.chance(0.5):
            return Loop(self.sequence(depth + 1), times=self._choose.of((2, 3, 1, 0)), label=label)
        self._lots = True
        body = self.sequence(depth + 1)
        self._lots = False
        return Loop(body, per_records=self._choose.of((1, 3, 4, 100)), label=label)

    def _plain(self, kind: str) -> Step:
        means, choose = self._means, self._choose
        if kind == "visit":
            return self._visit()
        if kind == "delay":
            return Delay(choose.duration(zero=True))
        if kind == "branch":
            return Branch(())
        if kind == "spawn":
            return Spawn(choose.of(means.children))
        if kind == "bucket":
            return Acquire(*choose.of(means.buckets))
        if kind == "gate":
            return self._gate()
        state, at = choose.of(means.states)
        return Switch(state, (), at) if kind == "switch" else Assign(state, choose.number(0, 2), at)

    def _visit(self) -> Visit:
        choose = self._choose
        station, at = choose.of(self._means.stations)
        parts = (Part(exponential(0.1)), Part(geometric(3.0), 0.25, 1.0), Part(choose.duration(zero=True)))
        chosen = tuple(choose.some(2, lambda: choose.of(parts))) if choose.chance(0.2) else ()
        return Visit(station, choose.duration(zero=True), choose.of((0.0, 0.0, 0.25, 0.1)), at, parts=chosen)

    def _gate(self) -> Gate:
        edges = sorted({self._choose.quarters(1.5 * self._means.horizon_s) for _ in range(6)})
        pairs = len(edges) // 2
        opens, closes = frozen_floats(edges[: 2 * pairs : 2]), frozen_floats(edges[1 : 2 * pairs : 2])
        return Gate(opens, closes, self._choose.of((0.0, 0.5, 3.0)))


def _label_of(block: Block) -> str | None:
    return block[0].label
