"""Random routes with every kind of step: what a flow may use becomes a tree of steps whose branches stay in their own list.

A token acquired for a stretch of steps is given back at its end; branches lead neither into nor out of it, but to the exit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from jukinet_sim import distributions as dist
from jukinet_sim.distributions import Distribution
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Delay,
    Gate,
    Loop,
    Release,
    Spawn,
    Step,
    Visit,
    Which,
    frozen_floats,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]

QUARTERS = (dist.constant(0.25), dist.constant(0.5), dist.constant(1.0), dist.empirical((0.25, 0.5, 2.0), (3.0, 2.0, 1.0)))
"""Times that meet each other: sums of quarters are exact, so that events tie."""
RANDOM = (
    dist.exponential(0.5),
    dist.uniform(0.0, 1.0),
    dist.gamma(0.5, 0.7),
    dist.erlang(3, 0.75),
    dist.lognormal(0.4, 2.0),
    dist.weibull(0.5, 1.5),
    dist.hyperexponential(0.4, 3.0),
    dist.geometric(2.0),
)
ZERO = dist.constant(0.0)
DEEPEST = 2
LENGTHS = ((3, 4, 1, 6), (2, 1, 3), (2, 1))
"""How many steps, loops and stretches a list may have, by its depth."""
SHARES = {
    1: ((1.0,),),
    2: ((0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (0.1, 0.9)),
    3: ((0.25, 0.25, 0.5), (0.1, 0.2, 0.7)),
}


@dataclass(frozen=True)
class Means:
    """What the steps of one flow may name: stations and pools with the place that selects one of them, and flows to spawn."""

    stations: tuple[tuple[str, Which], ...]
    pools: tuple[tuple[str, Which], ...]
    children: tuple[str, ...]
    horizon_s: float


@dataclass(frozen=True)
class _Fork:
    """A branch whose targets are not drawn yet."""

    label: str | None = None


Block = list[Any]
"""Steps that branches of the same list may enter only at the first; a fork stands for a branch."""


def durations(zero: bool) -> st.SearchStrategy[Distribution]:
    """Service times and delays; half of them tie."""
    return st.sampled_from((*QUARTERS, *QUARTERS, *RANDOM, *((ZERO,) if zero else ())))


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
                targets = self._targets(blocks, number)
                # A fork that leads to itself has been given a label by now.
                block[0] = Branch(targets, blocks[number][0].label)
        return tuple(step for block in blocks for step in block)

    def _targets(self, blocks: list[Block], number: int) -> tuple[tuple[str | None, float], ...]:
        """Draw up to three targets, the first of them ahead or out, so that jobs tend to get away."""
        ahead: int | None = self.draw(st.sampled_from((None, *range(number + 1, len(blocks)))))
        others: list[int | None] = self.draw(st.lists(st.sampled_from((*range(len(blocks)), None)), max_size=2))
        labels = [self._label(blocks, target) for target in (*others, ahead)]
        shares = self.draw(st.sampled_from(SHARES[len(labels)]))
        return tuple(zip(labels, shares, strict=True))

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
        kinds = ["visit", "visit", "visit", "delay", "gate", "fork", "fork"]
        if self.means.children:
            kinds += ["spawn", "spawn"]
        if depth < DEEPEST:
            kinds += ["loop", "guard"] if self.means.pools else ["loop"]
        kind = self.draw(st.sampled_from(kinds))
        if kind == "guard":
            pool, at = self.draw(st.sampled_from(self.means.pools))
            return [Acquire(pool, at), *self.sequence(depth + 1, (Release(pool, at),))]
        if kind == "fork":
            return [_Fork()]
        return [self._loop(depth) if kind == "loop" else self._plain(kind)]

    def _loop(self, depth: int) -> Loop:
        label = self._new_label() if self.draw(st.booleans()) else None
        # One loop over records cannot stand in another.
        if self.lots or self.draw(st.booleans()):
            return Loop(self.sequence(depth + 1), times=self.draw(st.sampled_from((2, 3, 1, 0))), label=label)
        self.lots = True
        body = self.sequence(depth + 1)
        self.lots = False
        return Loop(body, per_records=self.draw(st.sampled_from((1, 3, 4, 100))), label=label)

    def _plain(self, kind: str) -> Step:
        draw = self.draw
        if kind == "visit":
            station, at = draw(st.sampled_from(self.means.stations))
            return Visit(station, draw(durations(True)), draw(st.sampled_from((0.0, 0.0, 0.25, 0.1))), at)
        if kind == "delay":
            return Delay(draw(durations(True)))
        if kind == "spawn":
            return Spawn(draw(st.sampled_from(self.means.children)))
        edges = sorted(draw(st.sets(st.integers(0, int(6 * self.means.horizon_s)), min_size=2, max_size=6)))
        pairs = len(edges) // 2
        opens, closes = edges[: 2 * pairs : 2], edges[1 : 2 * pairs : 2]
        spread = draw(st.sampled_from((0.0, 0.5, 3.0)))
        return Gate(frozen_floats([e / 4 for e in opens]), frozen_floats([e / 4 for e in closes]), spread)
