"""Scenarios that were run with the same random numbers, compared by the differences of their replications.

Replication k of every scenario shares its random numbers, so what chance does to all of them alike drops out of the
differences (common random numbers; Law, Simulation Modeling and Analysis, 5th ed., sections 10.2.1, 10.3 and 11.2).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL
from jukinet_sim.statistics.student import two_sided_quantile

Verdict = Literal["less", "more", "no difference"]
Observed = Sequence[float | None]
"""One value per replication; None where a figure is undefined."""
_ROUNDING = 1e-12
"""A spread of differences below this part of the values is the rounding of sums, not chance."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more a figure is in a scenario than in the first one, over the pairs of replications in which both have it.

    The interval `value` ± `half_width` holds together with those of all other differences of a comparison with probability
    `level`; there is none for fewer than two pairs. `correlation` is that within pairs, None where one side does not vary.
    `independent_replications` is how many replications of each of the two independent sampling would need for an interval no
    wider; None where none would do, as when the differences do not vary and the figures do.
    """

    value: float | None
    half_width: float | None
    level: float
    n: int
    verdict: Verdict
    correlation: float | None
    independent_replications: int | None

    def as_json(self) -> dict[str, Any]:
        """Return it as documents hold it."""
        return asdict(self)


def differences(
    figures: Mapping[str, Sequence[Observed]], level: float = DEFAULT_LEVEL
) -> dict[str, tuple[Difference, ...]]:
    """Return for each figure the differences of its second, third ... scenario to the first.

    `figures[name][scenario][replication]` are values; every figure has as many scenarios. By Bonferroni's inequality each
    single interval has the level 1 - (1 - `level`) / number of differences.
    """
    together = sum(len(scenarios) - 1 for scenarios in figures.values())
    each = 1.0 - (1.0 - level) / max(together, 1)
    return {
        name: tuple(_difference(scenarios[0], other, level, each) for other in scenarios[1:])
        for name, scenarios in figures.items()
    }


def _difference(first: Observed, other: Observed, level: float, each: float) -> Difference:
    """Return one difference; `each` is the level of its own interval."""
    pairs = [(a, b) for a, b in zip(first, other, strict=False) if a is not None and b is not None]
    n = len(pairs)
    if n == 0:
        return Difference(None, None, level, 0, "no difference", None, None)
    apart = [b - a for a, b in pairs]
    value = math.fsum(apart) / n
    if n == 1:
        return Difference(value, None, level, 1, "no difference", None, None)
    deviation = _deviation(apart, max(max(abs(a), abs(b)) for a, b in pairs))
    half = two_sided_quantile(each, n - 1) * deviation / math.sqrt(n)
    verdict: Verdict = "less" if value + half < 0.0 else "more" if value - half > 0.0 else "no difference"
    spreads = [_deviation(side, max(map(abs, side))) for side in zip(*pairs, strict=True)]
    needed = independent_replications(spreads[0], spreads[1], half, each)
    return Difference(value, half, level, n, verdict, _correlation(pairs, spreads), needed)


def _deviation(values: Sequence[float], size: float) -> float:
    """Return the sample standard deviation; 0 where it is no more than rounding of values of this size."""
    mean = math.fsum(values) / len(values)
    found = math.hypot(*(value - mean for value in values)) / math.sqrt(len(values) - 1)
    return found if found > _ROUNDING * size else 0.0


def _correlation(pairs: Sequence[tuple[float, float]], spreads: Sequence[float]) -> float | None:
    """Return Pearson's correlation within pairs, None where one side does not vary."""
    if not spreads[0] or not spreads[1]:
        return None
    means = [math.fsum(side) / len(pairs) for side in zip(*pairs, strict=True)]
    together = math.fsum((a - means[0]) / spreads[0] * ((b - means[1]) / spreads[1]) for a, b in pairs)
    return min(max(together / (len(pairs) - 1), -1.0), 1.0)


def independent_replications(first: float, other: float, half_width: float, level: float) -> int | None:
    """Return the least n for which two independent samples of n have an interval of the difference this narrow.

    That is t(level, 2n - 2) sqrt((first² + other²) / n) <= half_width for standard deviations `first` and `other` (Law,
    section 10.2.2, equal numbers). None where the half-width is 0 and the deviations are not.
    """
    spread = math.hypot(first, other)
    if not spread:
        return 2
    if not half_width:
        return None

    def suffices(n: int) -> bool:
        return two_sided_quantile(level, 2 * n - 2) * spread / math.sqrt(n) <= half_width

    low, high = 1, 2
    while not suffices(high):
        low, high = high, 2 * high
        if high > 1 << 40:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
