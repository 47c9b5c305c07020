"""Seconds of many calls to what is shown of them: best, median, quartiles, a grade of the machine's quiet, ratios."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from jukinet_sim.crypto.bench.rounds import Timed

GRADES = ((1.03, "quiet"), (1.10, "fair"), (1.30, "noisy"), (math.inf, "useless"))
"""Up to which ratio of median to best of the gauge a run has which grade."""
LONG_RUN_S = 20.0
"""From so many seconds on the best is steadier from run to run than the median; in short runs it is the other way round."""
_RESAMPLES, _LEVEL = 500, 0.95


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of a call: least, quartiles, mean, and how many samples they are of."""

    best_s: float
    first_quartile_s: float
    median_s: float
    third_quartile_s: float
    mean_s: float
    samples: int

    @property
    def iqr_s(self) -> float:
        """The distance between the quartiles."""
        return self.third_quartile_s - self.first_quartile_s


def figures(timed: Timed) -> Figures:
    """Return the figures of what was timed."""
    ordered = sorted(timed.seconds)
    return Figures(
        ordered[0], quantile(ordered, 0.25), quantile(ordered, 0.5), quantile(ordered, 0.75), sum(ordered) / len(ordered),
        len(ordered),
    )  # fmt: skip


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of sorted values, between two of them by a straight line (type 7 of Hyndman and Fan 1996)."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def noise(gauge: Timed) -> tuple[float, str]:
    """Return median over best of the gauge, and the grade that this is."""
    found = figures(gauge)
    ratio = found.median_s / found.best_s
    return ratio, next(grade for bound, grade in GRADES if ratio <= bound)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with an interval; `apart` tells whether the interval leaves out 1."""

    value: float
    low: float
    high: float

    @property
    def apart(self) -> bool:
        """Whether one is distinguishable from the other."""
        return not self.low <= 1.0 <= self.high


def ratio(first: Timed, second: Timed, *, means: bool = False) -> Ratio:
    """Return how many times as long the first takes as the second, with a 95 % percentile bootstrap interval (Efron 1979).

    It is one of medians; of means for what takes another time at each call, as means are what a machine has to bear. Rounds are
    drawn anew in pairs where both have a sample in each, so that what disturbs a whole round cancels out.
    """
    middle = _mean if means else _median
    numbers = len(first.seconds), len(second.seconds)
    drawn = []
    for turn in range(_RESAMPLES):
        picks = [_picks(turn, count) for count in ((numbers[0],) if numbers[0] == numbers[1] else numbers)]
        one, other = picks[0], picks[-1]
        drawn.append(middle([first.seconds[i] for i in one]) / middle([second.seconds[i] for i in other]))
    drawn.sort()
    tail = (1.0 - _LEVEL) / 2.0
    value = middle(first.seconds) / middle(second.seconds)
    return Ratio(value, quantile(drawn, tail), quantile(drawn, 1.0 - tail))


def _picks(turn: int, count: int) -> list[int]:
    """Return `count` numbers below it, drawn with replacement; the same at each run for the same turn."""
    digest = hashlib.shake_128(f"resample {turn} {count}".encode()).digest(4 * count)
    return [int.from_bytes(digest[4 * k : 4 * k + 4], "big") * count >> 32 for k in range(count)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _median(values: Sequence[float]) -> float:
    return quantile(sorted(values), 0.5)
