"""Morris screening: which of many factors matter, for a few runs each.

A trajectory starts anywhere on a grid and moves each factor once; the change of the output per unit of the factor is an
elementary effect. Every factor runs from 0 to 1, so that an effect is in units of the output per whole range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.chance import uniforms
from jukinet_sim.design.groups import Group, checked_outputs, grouped, read_only
from jukinet_sim.statistics.student import two_sided_quantile


@dataclass(frozen=True, eq=False)
class MorrisDesign:
    """Trajectories one after another: `points` [trajectories x (groups + 1), factors] in the unit cube.

    `moved` [trajectories, groups] has the group that each step moves, `upward` [trajectories, groups] whether a single
    factor went up in it; `step` is the length of a move.
    """

    groups: tuple[Group, ...]
    points: NDArray[np.float64]
    moved: NDArray[np.int64]
    upward: NDArray[np.bool_]
    step: float


@dataclass(frozen=True)
class Effect:
    """What screening says about a factor or a group, None where too few points gave an output.

    `effect` is mu*, the mean of the absolute elementary effects (Campolongo, Cariboni and Saltelli 2007), with the half-width
    of its interval; `mean` is mu and `spread` sigma, mean and standard deviation of the signed effects (Morris 1991), of
    single factors only. `interaction` is sigma / mu*, without a unit: up to .1 the output is nearly linear in the factor, above
    1 it is far from monotone or depends on the others (Garcia Sanchez et al. 2014). `n` effects were found.
    """

    key: str
    effect: float | None
    half_width: float | None
    interaction: float | None
    mean: float | None
    spread: float | None
    n: int

    def as_json(self) -> dict[str, object]:
        """Return the entry of a result document."""
        return {"key": self.key, "effect": self.effect, "half_width": self.half_width, "interaction": self.interaction}


def morris_design(
    factors: Sequence[str],
    trajectories: int,
    seed: int,
    *,
    levels: int = 4,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> MorrisDesign:
    """Return trajectories on a grid of so many levels, of which every group moves once by levels / (2 (levels - 1)).

    Morris (1991); groups as in Campolongo, Cariboni and Saltelli (2007): all factors of a group move at once, each up or
    down as there is room. Draws belong to seed, factor and trajectory. Costs trajectories x (groups + 1) runs; ten to
    twenty trajectories are usual. Raises UsageError for fewer than two trajectories and for odd levels.
    """
    if trajectories < 2:
        raise UsageError(f"{trajectories} trajectory has no interval; take 2 or more, 10 are usual")
    if levels < 2 or levels % 2:
        raise UsageError(f"a grid of {levels} levels has no step that treats them all alike; take 4, or another even number")
    found = grouped(factors, groups)
    starts = np.stack([np.floor(uniforms(seed, f"morris start {name}", trajectories) * levels) for name in factors], axis=1)
    # From the lower half there is room upward only, from the upper half downward only: every level is hit equally often.
    up = starts < levels / 2
    step = levels / (2.0 * (levels - 1))
    order = np.stack([uniforms(seed, f"morris order {group.name}", trajectories) for group in found], axis=1)
    moved = np.argsort(order, axis=1, kind="stable")
    points = np.empty((trajectories, len(found) + 1, len(factors)))
    points[:, 0] = starts / (levels - 1)
    for t in range(trajectories):
        for i, which in enumerate(moved[t]):
            columns = list(found[which].columns)
            points[t, i + 1] = points[t, i]
            # Levels are counted, not added up, so that the ends are 0 and 1 exactly.
            target = starts[t, columns] + np.where(up[t, columns], levels // 2, -(levels // 2))
            points[t, i + 1, columns] = target / (levels - 1)
    upward = np.stack([up[:, group.columns[0]] for group in found], axis=1)
    return MorrisDesign(found, read_only(points.reshape(-1, len(factors))), moved, upward, step)


def screen(design: MorrisDesign, outputs: NDArray[np.float64], *, level: float = 0.95) -> tuple[Effect, ...]:
    """Return what the outputs [points] or [points, replications] say about each group, the largest effect first.

    Run all points with the same random numbers, so that chance enters both ends of a move alike and all but cancels;
    replications are averaged. Half-widths are Student's t over the trajectories, which are independent of each other: they
    tell how well the ranges were explored. A point without an output is NaN, and effects with such an end are left out.
    Effects below about ten units in the last place of the outputs are rounding, and 0.
    """
    effects = elementary_effects(design, outputs)
    found = []
    for which, group in enumerate(design.groups):
        column = effects[:, which]
        found.append(_effect(group, column[np.isfinite(column)], level))
    return tuple(sorted(found, key=lambda one: -math.inf if one.effect is None else one.effect, reverse=True))


def elementary_effects(design: MorrisDesign, outputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the effects [trajectories, groups] that the outputs [points] or [points, replications] give.

    Signed for single factors: the change of the output, averaged over replications, per whole range upward. NaN where an end
    of the move has no output.
    """
    values = checked_outputs(outputs, len(design.points)).mean(axis=1).reshape(len(design.moved), -1)
    effects = np.diff(values, axis=1) / design.step
    rounding = 10.0 * np.spacing(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
    effects = np.where(np.abs(effects) <= rounding, 0.0, effects)
    found = np.empty(design.moved.shape)
    for which in range(len(design.groups)):
        steps = np.argmax(design.moved == which, axis=1)
        found[:, which] = np.take_along_axis(effects, steps[:, None], axis=1)[:, 0]
        found[:, which] *= np.where(design.upward[:, which], 1.0, -1.0)
    return found


def _effect(group: Group, signed: NDArray[np.float64], level: float) -> Effect:
    n = len(signed)
    if not n:
        return Effect(group.name, None, None, None, None, None, 0)
    absolute = np.abs(signed)
    effect = float(absolute.mean())
    single = len(group.columns) == 1
    mean = float(signed.mean()) if single else None
    if n < 2:
        return Effect(group.name, effect, None, None, mean, None, n)
    half_width = two_sided_quantile(level, n - 1) * float(absolute.std(ddof=1)) / math.sqrt(n)
    spread = float(signed.std(ddof=1)) if single else None
    interaction = None if spread is None else spread / effect if effect else 0.0
    return Effect(group.name, effect, half_width, interaction, mean, spread, n)
