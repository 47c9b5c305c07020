"""A share between 0 and 1 to a value of a range: designs live in the unit cube, scenarios in ranges."""

from __future__ import annotations

import math

WIDE = 5.0
"""A range whose ends are this many times apart is a matter of orders of magnitude and is sampled by logarithm."""


def is_wide(low: float, high: float) -> bool:
    """Tell whether a range is sampled by logarithm when nobody says how: both ends positive and `WIDE` apart."""
    return low > 0 and high >= WIDE * low


def from_share(share: float, low: float, high: float, *, whole: bool = False, log: bool | None = None) -> float:
    """Return the value below which this share, from 0 to 1, of a range lies: the inverse of its distribution function.

    Log-uniform with `log`, uniform without, by `is_wide` where it is None. Of whole numbers each stands for the interval
    up to the next, so that the ends of a range are as likely as what lies between. Raises ValueError for a logarithm of a
    range that reaches 0.
    """
    by_logarithm = is_wide(low, high) if log is None else log
    if by_logarithm and low <= 0:
        raise ValueError(f"the range from {low} to {high} has no logarithm")
    end = high + 1 if whole else high
    value = math.exp(math.log(low) + share * (math.log(end) - math.log(low))) if by_logarithm else low + share * (end - low)
    # Rounding of the logarithm may step over an end.
    return min(max(math.floor(value) if whole else value, low), high)
