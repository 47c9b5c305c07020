"""Arrivals to so many times as many: what `network.volume` means for each kind of them.

Rates are multiplied; counts are rounded, so that a small closed loop or a short file takes steps. Arrival times of a file come
several times or are left out, evenly; scheduled jobs stay where they are and carry more records or fewer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from jukinet_sim.network import model as M


def multiplied(arrivals: M.Arrivals, factor: float, *, jobs: bool) -> M.Arrivals:
    """Return `factor` > 0 times the arrivals; `jobs` says that given instants mean more jobs rather than larger ones."""
    match arrivals:
        case M.Poisson() | M.BatchPoisson():
            return replace(arrivals, rate_per_s=arrivals.rate_per_s * factor)
        case M.Renewal():
            return M.Renewal(arrivals.interarrival.scaled(1.0 / factor))
        case M.Piecewise():
            return replace(arrivals, rate_per_s=M.frozen_floats(arrivals.rate_per_s * factor))
        case M.Sinusoid():
            return replace(
                arrivals, mean_per_s=arrivals.mean_per_s * factor, amplitude_per_s=arrivals.amplitude_per_s * factor
            )
        case M.Modulated():
            return replace(arrivals, rates_per_s=tuple(rate * factor for rate in arrivals.rates_per_s))
        case M.ExactCount():
            return replace(arrivals, count=_whole(arrivals.count * factor))
        case M.Closed():
            return replace(arrivals, jobs=max(1, _whole(arrivals.jobs * factor)))
        case M.Scheduled() if jobs:
            copies = shared_out((1,) * len(arrivals.at_s), factor)
            records = np.repeat(arrivals.records, copies).tolist()
            places = np.repeat(arrivals.places, copies).tolist() if arrivals.places else ()
            return M.Scheduled(M.frozen_floats(np.repeat(arrivals.at_s, copies)), tuple(records), tuple(places))
        case M.Scheduled():
            return replace(arrivals, records=shared_out(arrivals.records, factor))


def shared_out(counts: Sequence[int], factor: float) -> tuple[int, ...]:
    """Return counts times a factor as whole numbers whose running sums are nearest to those of the exact products."""
    sums = [_whole(total * factor) for total in np.cumsum(counts, dtype=np.int64).tolist()]
    return tuple(after - before for before, after in zip([0, *sums[:-1]], sums, strict=True))


def _whole(number: float) -> int:
    """Return the nearest whole number, the larger of two."""
    return math.floor(number + 0.5)
