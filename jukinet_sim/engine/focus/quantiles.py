"""Quantiles of one replication from a log histogram whose bin 0 counts exact zeros.

Inside a bin a quantile is interpolated linearly and clipped to the exact extremes, so it errs by less than a bin.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine.observe import bin_edges

PROBABILITIES = {"p50": 0.50, "p90": 0.90, "p95": 0.95, "p99": 0.99}


@lru_cache(maxsize=1)
def _edges() -> NDArray[np.float64]:
    return bin_edges()


def quantiles(
    histogram: NDArray[np.int64], low_s: float, high_s: float, *, further_zeros: int = 0
) -> dict[str, float | None]:
    """Return p50, p90, p95 and p99 in seconds, each None where nothing was observed.

    `low_s` and `high_s` are the exact extremes; `further_zeros` counts zeros that were not put into bin 0.
    """
    running = histogram.cumsum() + further_zeros
    if not running[-1]:
        return dict.fromkeys(PROBABILITIES)
    return {name: quantile(running, int(histogram[0]) + further_zeros, p, low_s, high_s) for name, p in PROBABILITIES.items()}


def quantile(running: NDArray[np.int64], zeros: int, p: float, low_s: float, high_s: float) -> float | None:
    """Return one quantile in seconds from the running sum of a histogram, of which `zeros` are exact zeros."""
    total = int(running[-1])
    return _quantile(running, zeros, p * total, low_s, high_s) if total else None


def share_within(histogram: NDArray[np.int64], zeros: int, limit_s: float) -> float | None:
    """Return which part of the observations is at most a limit; None where nothing was observed.

    `zeros` counts zeros that were not put into bin 0. Inside the limit's bin observations count as spread evenly.
    """
    total = int(histogram.sum()) + zeros
    if total == 0:
        return None
    edges = _edges()
    bin_ = int(np.searchsorted(edges, limit_s, side="right")) - 1
    if bin_ >= len(histogram):
        return 1.0
    below = zeros + int(histogram[:bin_].sum())
    if bin_ == 0:
        return (below + int(histogram[0])) / total
    low, high = float(edges[bin_]), float(edges[bin_ + 1])
    return (below + int(histogram[bin_]) * (limit_s - low) / (high - low)) / total


def _quantile(running: NDArray[np.int64], zeros: int, rank: float, low_s: float, high_s: float) -> float:
    """Return the value below which `rank` of the observations lie."""
    if rank <= zeros:
        return 0.0
    bin_ = int(running.searchsorted(rank, side="left"))
    before = int(running[bin_ - 1])
    low, high = (float(edge) for edge in _edges()[bin_ : bin_ + 2])
    share = (rank - before) / (int(running[bin_]) - before)
    return min(max(low + (high - low) * share, low_s), high_s)
