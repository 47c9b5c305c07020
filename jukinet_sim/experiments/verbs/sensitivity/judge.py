"""Whether the first of a ranking stands out: from nothing, and from everything that comes after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications
from jukinet_sim.statistics.paired import difference


@dataclass(frozen=True)
class Judged:
    """The key that stands out, None for none, and the reason in words."""

    key: str | None
    reason: str


def leader(keys: Sequence[str], effects: NDArray[np.float64], level: float = DEFAULT_LEVEL) -> Judged:
    """Judge absolute effects [units, keys], where units are independent of each other and NaN is unknown.

    The largest mean stands out if its Student's t interval leaves 0 out, and so does that of its paired difference to each
    other key: the effects of one trajectory, or of one replication, belong together.
    """
    means = [float(np.mean(known)) if len(known := column[np.isfinite(column)]) else -math.inf for column in effects.T]
    order = sorted(range(len(keys)), key=lambda i: -means[i])
    if not order or not means[order[0]] > 0.0:
        return Judged(None, "no parameter moves it")
    first, *others = order
    own = over_replications(effects[:, first].tolist(), level)
    if own.value is None or own.half_width is None:
        return Judged(None, "a single value has no interval, so that nobody can tell chance from effect")
    if own.half_width >= own.value:
        return Judged(None, f"the effect of {keys[first]}, the largest, cannot be told from 0")
    for other in others:
        apart = difference(effects[:, other].tolist(), effects[:, first].tolist(), level)
        if apart.verdict != "more" and means[other] > -math.inf:
            return Judged(None, f"{keys[first]} and {keys[other]} cannot be told apart")
    return Judged(keys[first], _ahead(means[first], max((means[i] for i in others), default=0.0)))


def first_of(keys: Sequence[str], values: Sequence[float | None], half_widths: Sequence[float | None]) -> Judged:
    """Judge values with intervals: the largest stands out if it is farther from 0 and from each other than their intervals.

    The half-width of a difference is taken as the root of the sum of the squares of both.
    """
    known = [(value, half_widths[i] or 0.0, i) for i, value in enumerate(values) if value is not None]
    if not known:
        return Judged(None, "the output does not vary over the ranges")
    (top, width, first), *others = sorted(known, reverse=True)
    if top <= width:
        return Judged(None, f"the index of {keys[first]}, the largest, cannot be told from 0")
    for value, other_width, i in others:
        if top - value <= math.hypot(width, other_width):
            return Judged(None, f"{keys[first]} and {keys[i]} cannot be told apart")
    return Judged(keys[first], _ahead(top, others[0][0] if others else 0.0))


def _ahead(first: float, second: float) -> str:
    """Say how far the first is ahead of the second."""
    if second <= 0.0 or first > 100.0 * second:
        return "no other matters beside it"
    return f"its effect is {first / second:.1f} times that of the next one"
