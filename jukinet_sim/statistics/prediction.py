"""Values of replications to the band in which one further replication would lie, and whether a single observation does.

An observation of the real system is one run. Its band is wider than the interval of a mean and does not shrink to nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL
from jukinet_sim.statistics.student import two_sided_quantile

LEAST = 10
"""Replications from which a verdict is given: a band of two or three values is so wide that it holds anything."""
_MISTAKEN = 0.025
"""How often, at most, a band that keeps its level is turned down."""


class Band(NamedTuple):
    """The band of one further value."""

    low: float
    high: float

    def reaches(self, low: float, high: float) -> bool:
        """Whether some value from `low` to `high` lies in the band."""
        return self.low <= high and low <= self.high


def prediction_band(values: Sequence[float], level: float = DEFAULT_LEVEL) -> Band | None:
    """Return mean -+ t(level, n-1) s sqrt(1 + 1/n), in which one further value lies with this probability; None for one value.

    Exact for normal values; of others the level holds roughly.
    """
    n = len(values)
    if n < 2:
        return None
    if min(values) == max(values):
        return Band(values[0], values[0])
    mean = math.fsum(values) / n
    spread = math.hypot(*(value - mean for value in values)) / math.sqrt(n - 1)
    width = two_sided_quantile(level, n - 1) * spread * math.sqrt(1.0 + 1.0 / n)
    return Band(mean - width, mean + width)


def times_inside(values: Sequence[float | None], low: float, high: float, level: float = DEFAULT_LEVEL) -> int | None:
    """Return for how many of the replications the band of all others reaches a reading; None for fewer than `LEAST`.

    Each replication is left out in turn, so that no single one can carry the verdict. One that has no value counts as a miss.
    """
    if len(values) < LEAST:
        return None
    inside = 0
    for left_out, value in enumerate(values):
        others = [one for i, one in enumerate(values) if i != left_out and one is not None]
        band = prediction_band(others, level)
        inside += value is not None and band is not None and band.reaches(low, high)
    return inside


def times_needed(n: int, level: float = DEFAULT_LEVEL) -> int:
    """Return the least number of n bands that have to hold an observation: a true level falls short of it once in 40 or less.

    Of 20 bands of 95 % it is 17: fewer hold the observation in 1.6 % of all cases.
    """
    below = 0.0
    for needed in range(n + 1):
        below += math.comb(n, needed) * level**needed * (1.0 - level) ** (n - needed)
        if below > _MISTAKEN:
            return needed
    return n
