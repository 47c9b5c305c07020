"""A piecewise-constant relative intensity over a stretch of time, and what can be done with it.

Only ratios of weights matter; whoever uses a profile brings the volume.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RateProfile:
    """Relative intensity per second: `weight[i]` from `start_s[i]` to `start_s[i + 1]`, the last one to `end_s`."""

    start_s: FloatArray
    weight: FloatArray
    end_s: float

    def __post_init__(self) -> None:
        """Check the shape and make the arrays read-only."""
        start_s, weight = self.start_s, self.weight
        shaped = start_s.size == weight.size > 0 and start_s[0] == 0.0 and start_s[-1] < self.end_s
        if not (shaped and np.all(np.diff(start_s) > 0.0) and np.all(weight >= 0.0) and np.all(np.isfinite(weight))):
            raise ValueError("a rate profile starts at 0 s, rises strictly and has finite weights >= 0")
        start_s.flags.writeable = False
        weight.flags.writeable = False

    def widths_s(self) -> FloatArray:
        """Give the length of each piece in seconds."""
        return np.diff(self.start_s, append=self.end_s)

    def integral(self) -> float:
        """Give the sum of weight x seconds; 0 if the stretch is never open."""
        return math.fsum(self.weight * self.widths_s())


def merged(start_s: FloatArray, weight: FloatArray, end_s: float) -> RateProfile:
    """Give the profile of these pieces, with neighbours of equal weight made one."""
    changes = np.concatenate(([True], weight[1:] != weight[:-1]))
    return RateProfile(start_s[changes], weight[changes], end_s)


def opening_times(profile: RateProfile) -> FloatArray:
    """Give the (open_s, close_s) rows of the longest stretches with weight above 0, in order; read-only."""
    is_open = np.concatenate(([False], profile.weight > 0.0, [False]))
    edges = np.append(profile.start_s, profile.end_s)
    opens = edges[:-1][is_open[1:-1] & ~is_open[:-2]]
    closes = edges[1:][is_open[1:-1] & ~is_open[2:]]
    times = np.column_stack((opens, closes))
    times.flags.writeable = False
    return times


def grown(shape: RateProfile, steps: Sequence[tuple[float, float]]) -> RateProfile:
    """Give a profile times a factor that holds from each time on: pairs (seconds, factor), 1 before the first.

    A factor replaces the one before it. Times may lie before 0 s (the factor holds from the start) or at the end and
    beyond (it never does). Raises `UsageError` for times out of order or factors that are negative or not finite.
    """
    times = np.asarray([at_s for at_s, _factor in steps], dtype=np.float64)
    factors = np.asarray([1.0, *(factor for _at_s, factor in steps)], dtype=np.float64)
    if np.any(np.isnan(times)) or np.any(times[1:] < times[:-1]):
        raise UsageError(f"the times of growth {times.tolist()} are not in order; sort the steps by time")
    if not np.all(np.isfinite(factors) & (factors >= 0.0)):
        raise UsageError(f"cannot grow by the factors {factors[1:].tolist()}; give finite factors >= 0")
    inside = times[(times > 0.0) & (times < shape.end_s)]
    start_s = np.union1d(shape.start_s, inside)
    weight = shape.weight[np.searchsorted(shape.start_s, start_s, side="right") - 1]
    factor = factors[np.searchsorted(times, start_s, side="right")]
    return merged(start_s, weight * factor, shape.end_s)


def shares_between(shape: RateProfile, instants: Sequence[float]) -> tuple[float, ...]:
    """Give the integral of a profile from 0 s to the first instant, from there to the second, and so on.

    What comes after the last instant is in no share; beyond its end a profile has nothing more. Raises `UsageError`
    for instants (in seconds) before 0 or out of order.
    """
    at_s = np.asarray([0.0, *instants], dtype=np.float64)
    if not np.all(at_s[1:] >= at_s[:-1]):
        raise UsageError(f"the instants {list(instants)} do not rise from 0 s; sort them and leave out those before 0 s")
    done = np.concatenate(([0.0], np.cumsum(shape.weight * shape.widths_s())))
    until = np.interp(at_s, np.append(shape.start_s, shape.end_s), done)
    # Interpolation may overshoot the next edge by a rounding error.
    return tuple(np.maximum(np.diff(until), 0.0).tolist())
