"""Seconds at several sizes to the law that a card holds: a constant, so much for each byte, or tries at random."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet_sim.crypto.bench.figures import quantile
from jukinet_sim.crypto.bench.rounds import Timed
from jukinet_sim.crypto.costs.cost import Cost

_FIRST_TRY_SHARE = 0.5
"""Of the calls that ended with their first try, the median is taken as their length."""


def fitted(points: Sequence[tuple[int, float]], binding_s: float, source: str) -> Cost:
    """Return the cost a + b * n that comes nearest to the seconds at these sizes, in relative terms; neither is negative.

    Weighted least squares with weights 1/seconds^2, in closed form. The binding's share is taken out of the constant.
    """
    base, per_byte = _line(points)
    outside = min(binding_s, base)
    # What costs nothing beyond the call itself would be free: then the call is what it costs.
    if base - outside <= 0.0 and per_byte <= 0.0:
        outside = 0.0
    return Cost(base - outside, per_byte, binding_s=outside, provenance="measured", source=source)


def _line(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return constant and slope."""
    sizes = {size for size, _ in points}
    weights = [1.0 / seconds**2 for _, seconds in points]
    total = sum(weights)
    flat = sum(weight * seconds for weight, (_, seconds) in zip(weights, points, strict=True)) / total
    if len(sizes) < 2:
        return flat, 0.0
    mean = sum(weight * size for weight, (size, _) in zip(weights, points, strict=True)) / total
    spread = sum(weight * (size - mean) ** 2 for weight, (size, _) in zip(weights, points, strict=True))
    together = sum(
        weight * (size - mean) * (seconds - flat) for weight, (size, seconds) in zip(weights, points, strict=True)
    )
    slope = together / spread
    base = flat - slope * mean
    if slope < 0.0:
        return flat, 0.0
    if base < 0.0:
        return 0.0, sum(w * n * s for w, (n, s) in zip(weights, points, strict=True)) / sum(
            w * n * n for w, (n, _) in zip(weights, points, strict=True)
        )
    return base, slope


def fitted_tries(timed: Timed, mean_tries: float, slowdown: float, binding_s: float, source: str, *, best: bool) -> Cost:
    """Return the cost a + g * (K - 1) of signing that starts anew at random, K geometric with this mean.

    One call in `mean_tries` ends with its first try: the shortest of them, or the median of so large a share, is a. The mean
    of all calls shows g, as mean = a + g * (mean_tries - 1). Disturbances make it longer as well: it is divided by `slowdown`,
    by how much a reference that always takes the same was longer on average in the same rounds than the figure kept of it.
    """
    ordered = sorted(timed.seconds)
    first = ordered[0] if best else quantile(ordered, _FIRST_TRY_SHARE / mean_tries)
    mean = sum(ordered) / len(ordered) / slowdown
    again = max(0.0, (mean - first) / (mean_tries - 1.0))
    outside = min(binding_s, first)
    return Cost(first - outside, 0.0, again, mean_tries, outside, "measured", source)
