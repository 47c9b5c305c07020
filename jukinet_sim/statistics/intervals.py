"""Per-replication values to a mean with a Student's t interval; only replications are taken to be independent.

What is undefined is None, never NaN or infinity: a replication without a value, the half-width of a single one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from jukinet_sim.statistics.student import two_sided_quantile

DEFAULT_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Value:
    """A figure over replications: mean, half-width of its interval at `level`, how many of the values were defined."""

    value: float | None
    half_width: float | None
    level: float
    n: int
    per_replication: tuple[float | None, ...]

    def as_json(self) -> dict[str, object]:
        """Return the value object of the result document."""
        return {
            "value": self.value,
            "half_width": self.half_width,
            "level": self.level,
            "n": self.n,
            "per_replication": list(self.per_replication),
        }


def over_replications(values: Iterable[float | None], level: float = DEFAULT_LEVEL) -> Value:
    """Return mean and half-width t(level, n-1) s/sqrt(n) of the defined values; no half-width for fewer than two."""
    kept = tuple([v if v is not None and math.isfinite(v) else None for v in values])
    defined = [v for v in kept if v is not None]
    n = len(defined)
    if n == 0:
        return Value(None, None, level, 0, kept)
    # What never varies is known exactly; a sum divided again may differ from it in the last digit.
    mean = defined[0] if min(defined) == max(defined) else math.fsum(defined) / n
    return Value(mean, _half_width(defined, mean, level), level, n, kept)


def _half_width(defined: list[float], mean: float, level: float) -> float | None:
    """Return the half-width, or None where there is none to state."""
    n = len(defined)
    if n < 2:
        return None
    # hypot scales inside, so squares of very large or small deviations neither overflow nor vanish.
    spread = math.hypot(*(v - mean for v in defined)) / math.sqrt(n - 1)
    width = two_sided_quantile(level, n - 1) * spread / math.sqrt(n)
    return width if math.isfinite(width) else None
