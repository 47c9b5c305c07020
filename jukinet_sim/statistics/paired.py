"""Values of several scenarios, replication by replication, to paired differences with simultaneous intervals.

Replication k of one scenario is paired with replication k of the other: under common random numbers the two see the same
arrivals and services, and the interval shrinks by what they have in common. Without them the intervals hold all the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications
from jukinet_sim.statistics.student import NEARLY_NORMAL, two_sided_quantile, two_sided_tail

Verdict = Literal["less", "more", "no difference"]
PerReplication = Sequence[float | None]
_MOST_REPLICATIONS = 2**53
_FAR = 1e100
"""A t beyond any quantile, whose square is still a float."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of a scenario minus that of the first scenario.

    `half_width` is None below two pairs, `value` too without any; `level` holds for all differences compared together.
    `correlation` is that of the pairs, None where it has no meaning. `independent_replications` is how many replications of
    each scenario would give the same half-width without common random numbers; None where no number would, or none is known.
    """

    value: float | None
    half_width: float | None
    level: float
    n: int
    verdict: Verdict
    correlation: float | None
    independent_replications: int | None

    def as_json(self) -> dict[str, object]:
        """Return the difference as it stands in the document of `compare`."""
        return {
            "value": self.value,
            "half_width": self.half_width,
            "level": self.level,
            "n": self.n,
            "verdict": self.verdict,
            "correlation": self.correlation,
            "independent_replications": self.independent_replications,
        }


def compare(
    values: Sequence[Sequence[PerReplication]], level: float = DEFAULT_LEVEL
) -> tuple[tuple[Difference, ...], ...]:
    """Return the differences of all scenarios but the first to the first: [scenario - 1][metric].

    `values` is [scenario][metric][replication]; None and what is not finite is undefined, and so is what one scenario lacks
    because it has fewer replications. With k scenarios and m metrics each difference has a paired t interval at
    1 - (1 - level)/((k-1) m), so that by Bonferroni's inequality all hold together at `level` (Law 2015, sections 10.2.1
    and 10.3.1). Raises ValueError for fewer than two scenarios, scenarios with unequal numbers of metrics, or a level
    outside (0, 1).
    """
    if len(values) < 2 or len({len(metrics) for metrics in values}) != 1:
        raise ValueError("a comparison needs two scenarios or more, each with the same metrics")
    if not 0.0 < level < 1.0:
        raise ValueError(f"no intervals at level {level}; give one between 0 and 1")
    first, *others = values
    count = max(1, len(others) * len(first))
    return tuple(tuple(difference(a, b, level, count) for a, b in zip(first, other, strict=True)) for other in others)


def difference(first: PerReplication, other: PerReplication, level: float = DEFAULT_LEVEL, together: int = 1) -> Difference:
    """Return `other` minus `first` over the replications that both define, as one of `together` simultaneous differences.

    The verdict says that the difference is less or more than 0 where its interval leaves 0 out.
    """
    both = ((a, b) for a, b in zip(first, other, strict=False) if a is not None and b is not None)
    pairs = [(float(a), float(b)) for a, b in both if math.isfinite(a) and math.isfinite(b)]
    single = 1.0 - (1.0 - level) / together
    known = over_replications((b - a for a, b in pairs), single)
    a, b = [a for a, _ in pairs], [b for _, b in pairs]
    half = known.half_width
    needed = None if half is None else independent_replications(_deviation(a), _deviation(b), half, single)
    return Difference(known.value, half, level, known.n, _verdict(known.value, half), _correlation(a, b), needed)


def independent_replications(deviation: float, other: float, half_width: float, level: float) -> int | None:
    """Return the least n for which n independent replications of each of two systems give this half-width.

    The half-width of two independent samples of size n is t(level, f) sqrt((s1^2 + s2^2)/n) with Welch's degrees of freedom
    f = (n-1)(s1^2 + s2^2)^2/(s1^4 + s2^4) (Welch 1938; Law 2015, section 10.2.2), and falls as n grows, so the least n >= 2
    that reaches `half_width` is found by halving. `deviation` and `other` are the standard deviations s1 and s2 of the
    systems. None where no number would do: a half-width of 0 for systems that vary.
    """
    largest = max(deviation, other)
    if largest == 0.0:
        return 2
    if half_width <= 0.0 or not math.isfinite(largest):
        return None
    one, two = (deviation / largest) ** 2, (other / largest) ** 2
    freedom = (one + two) ** 2 / (one * one + two * two)

    def enough(n: int) -> bool:
        t, degrees = min(_FAR, half_width / largest * math.sqrt(n / (one + two))), (n - 1) * freedom
        # The tail at t costs a fraction of the quantile that it is compared with, except where that is a short series.
        return two_sided_quantile(level, degrees) <= t if degrees > NEARLY_NORMAL else two_sided_tail(t, degrees) <= 1.0 - level

    high = 2
    while not enough(high):
        high *= 2
        if high > _MOST_REPLICATIONS:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _verdict(value: float | None, half_width: float | None) -> Verdict:
    """Return on which side of 0 an interval lies; a difference of which no interval is known shows nothing."""
    if value is None or half_width is None or abs(value) <= half_width:
        return "no difference"
    return "less" if value < 0.0 else "more"


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation; 0 for values that are all equal, and for fewer than two."""
    centred = _centred(values)
    return math.hypot(*centred) / math.sqrt(len(values) - 1) if any(centred) else 0.0


def _centred(values: Sequence[float]) -> list[float]:
    """Return the deviations from the mean, all exactly 0 where the values are equal."""
    if not values or min(values) == max(values):
        return [0.0] * len(values)
    mean = math.fsum(values) / len(values)
    return [value - mean for value in values]


def _correlation(first: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's correlation; None where one of the two never varies, or there are fewer than three pairs."""
    a, b = _centred(first), _centred(other)
    lengths = math.hypot(*a), math.hypot(*b)
    if len(a) < 3 or not all(math.isfinite(length) and length > 0.0 for length in lengths):
        return None
    return max(-1.0, min(1.0, math.fsum(x / lengths[0] * (y / lengths[1]) for x, y in zip(a, b, strict=True))))
