"""Random routes with every kind of step: what a flow may use becomes a tree of steps whose branches stay in their own list.

A token acquired for a stretch of steps is given back at its end; branches lead neither into nor out of it, but to the exit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from jukinet_sim.chance import distributions as dist
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
from tests.twins.stations import VALUES
from tests.twins.times import Draw, service

PARTS = (
    Part(dist.constant(0.25)),
    Part(dist.exponential(0.25)),
    Part(dist.geometric(3.0), 0.25, 1.0),
    Part(dist.constant(3.0), 0.125, 1.0),
    Part(dist.empirical((1.0, 4.0), (1.0, 1.0)), 0.1, 0.5),
)
DEEPEST = 2
LENGTHS = ((1, 3, 4, 6), (1, 2, 3), (1, 2))
"""How many steps, loops and stretches a list may have, by its depth."""
SHARES = {
    1: ((1.0,),),
    2: ((0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (0.1, 0.9)),
    3: ((0.25, 0.25, 0.5), (0.1, 0.2, 0.7)),
}


Named = tuple[tuple[str, Which], ...]


@dataclass(frozen=True)
class Means:
    """What the steps of one flow may name, with the place that selects one of a group, and the flows it may spawn."""

    stations: Named
    pools: Named
    buckets: Named
    states: Named
    children: tuple[str, ...]
    horizon_s: float


@dataclass(frozen=True)
class _Fork:
    """A branch, or a switch on this state, whose targets are not drawn yet."""

    label: str | None = None
    state: tuple[str, Which] | None = None


Block = list[Any]
"""Steps that branches of the same list may enter only at the first; a fork stands for a branch or a switch."""


def make_route(draw: Draw, means: Means) -> tuple[Step, ...]:
    """Draw a route; up to two tokens may be taken at its beginning and held to its end."""
    held = draw(st.sampled_from((0, 1, 2))) if means.pools else 0
    kept = [Acquire(*draw(st.sampled_from(means.pools))) for _ in range(held)]
    return (*kept, *_Maker(draw, means).sequence(0))


class _Maker:
    """Draws one route, numbering its labels; `lots` says whether it is inside a loop over records."""

    def __init__(self, draw: Draw, means: Means) -> None:
        self.draw, self.means = draw, means
        self.labels = 0
        self.lots = False

    def sequence(self, depth: int, last: tuple[Step, ...] = ()) -> tuple[Step, ...]:
        """Draw a list of steps, ending with `last`, and where its branches lead."""
        blocks = [self._block(depth) for _ in range(self.draw(st.sampled_from(LENGTHS[depth])))]
        if last:
            blocks.append(list(last))
        for number, block in enumerate(blocks):
            if isinstance(block[0], _Fork):
                state = block[0].state
                ways = self._branches(blocks, number) if state is None else self._cases(blocks, number)
                # A fork that leads to itself has been given a label by now.
                label = blocks[number][0].label
                block[0] = Branch(ways, label) if state is None else Switch(state[0], ways, state[1], label)
        return tuple(step for block in blocks for step in block)

    def _branches(self, blocks: list[Block], number: int) -> Any:
        """Draw up to three targets, the first of them ahead or out, so that jobs tend to get away."""
        others: list[int | None] = self.draw(st.lists(st.sampled_from((None, *range(len(blocks)))), max_size=2))
        labels = [self._label(blocks, target) for target in (*others, self._way_out(blocks, number))]
        shares = self.draw(st.sampled_from(SHARES[len(labels)]))
        return tuple(zip(labels, shares, strict=True))

    def _cases(self, blocks: list[Block], number: int) -> Any:
        """Draw where some values of a state lead; only the last of them may lead back."""
        values = self.draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3, unique=True))
        ahead = [self._way_out(blocks, number) for _ in values[1:]]
        last: int | None = self.draw(st.sampled_from((None, *range(len(blocks)))))
        return tuple((value, self._label(blocks, target)) for value, target in zip(values, (*ahead, last), strict=True))

    def _way_out(self, blocks: list[Block], number: int) -> int | None:
        """A block behind this one, or out of the network."""
        target: int | None = self.draw(st.sampled_from((None, *range(number + 1, len(blocks)))))
        return target

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
        self.labels += 1
        return f"go{self.labels}"

    def _block(self, depth: int) -> Block:
        draw, means = self.draw, self.means
        kind = draw(st.sampled_from(self._kinds(depth)))
        if kind == "guard":
            pool, at = draw(st.sampled_from(means.pools))
            return [Acquire(pool, at), *self.sequence(depth + 1, (Release(pool, at),))]
        if kind == "fork":
            return [_Fork()]
        if kind == "switch":
            return [_Fork(state=draw(st.sampled_from(means.states)))]
        return [self._loop(depth) if kind == "loop" else self._plain(kind)]

    def _kinds(self, depth: int) -> list[str]:
        """What may stand at this depth, the simplest first."""
        means = self.means
        kinds = ["visit", "visit", "visit", "delay", "gate", "fork", "fork"]
        kinds += ["spawn", "spawn"] if means.children else []
        kinds += ["meter", "meter"] if means.buckets else []
        kinds += ["switch", "switch", "assign"] if means.states else []
        if depth < DEEPEST:
            kinds += ["loop", "guard"] if means.pools else ["loop"]
        return kinds

    def _loop(self, depth: int) -> Loop:
        label = self._new_label() if self.draw(st.booleans()) else None
        # One loop over records cannot stand in another.
        if self.lots or self.draw(st.booleans()):
            return Loop(self.sequence(depth + 1), times=self.draw(st.sampled_from((1, 2, 3, 0))), label=label)
        self.lots = True
        body = self.sequence(depth + 1)
        self.lots = False
        return Loop(body, per_records=self.draw(st.sampled_from((4, 1, 3, 100))), label=label)

    def _plain(self, kind: str) -> Step:
        draw, means = self.draw, self.means
        if kind == "visit":
            return self._visit()
        if kind == "delay":
            return Delay(draw(service()))
        if kind == "spawn":
            return Spawn(draw(st.sampled_from(means.children)))
        if kind == "meter":
            return Acquire(*draw(st.sampled_from(means.buckets)))
        if kind == "assign":
            state, at = draw(st.sampled_from(means.states))
            return Assign(state, draw(st.sampled_from(VALUES)), at)
        return self._gate()

    def _visit(self) -> Visit:
        draw = self.draw
        station, at = draw(st.sampled_from(self.means.stations))
        parts = draw(st.lists(st.sampled_from(PARTS), max_size=2)) if draw(st.sampled_from((False, False, True))) else ()
        return Visit(station, draw(service()), draw(st.sampled_from((0.0, 0.0, 0.25, 0.1))), at, None, tuple(parts))

    def _gate(self) -> Gate:
        draw = self.draw
        edges = sorted(draw(st.sets(st.integers(0, int(6 * self.means.horizon_s)), min_size=2, max_size=6)))
        pairs = len(edges) // 2
        opens, closes = edges[: 2 * pairs : 2], edges[1 : 2 * pairs : 2]
        spread = draw(st.sampled_from((0.0, 0.5, 3.0)))
        return Gate(frozen_floats([e / 4 for e in opens]), frozen_floats([e / 4 for e in closes]), spread)
