"""Student's t: the two-sided tail by the regularised incomplete beta function, and its inverse.

Sources: NIST Digital Library of Mathematical Functions, 8.17.22 (continued fraction) and 8.17.4 (symmetry); Abramowitz
and Stegun, 26.7.1 (the tail of t as an incomplete beta function) and 26.7.5 (its quantile near the normal one).
Degrees of freedom need not be whole: Welch's approximation gives fractions.
"""

from __future__ import annotations

import math
from functools import lru_cache

_TINY = 1e-300
_MOST_TERMS = 10_000
_HALVINGS = 200
NEARLY_NORMAL = 1e5
"""Degrees of freedom from which three terms of 26.7.5 are exact to a float; the continued fraction would be slow there."""


def incomplete_beta(a: float, b: float, x: float, y: float) -> float:
    """Return I_x(a, b) for positive a and b; `y` is 1 - x, given apart so that neither end loses digits.

    By the continued fraction DLMF 8.17.22, on the side where it converges fast (DLMF 8.17.4 swaps the sides).
    """
    if x <= 0.0 or y <= 0.0:
        return 0.0 if x <= 0.0 else 1.0
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - incomplete_beta(b, a, y, x)
    log_front = a * math.log(x) + b * math.log(y) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(log_front) / (a * _continued_fraction(a, b, x))


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Return 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, evaluated forward by the modified method of Lentz."""
    value, c, d = 1.0, 1.0, 0.0
    for n in range(1, _MOST_TERMS):
        m = n // 2
        if n % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / (1.0 + term * d or _TINY)
        c = 1.0 + term / c or _TINY
        value *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return value


def two_sided_tail(t: float, degrees: float) -> float:
    """Return P(|T| > t) for t >= 0: I_x(degrees/2, 1/2), x = degrees/(degrees + t^2) (Abramowitz and Stegun 26.7.1)."""
    whole = degrees + t * t
    return incomplete_beta(degrees / 2.0, 0.5, degrees / whole, t * t / whole)


@lru_cache(maxsize=4096)
def two_sided_quantile(level: float, degrees: float) -> float:
    """Return the t with P(|T| <= t) = level, for 0 < level < 1 and at least one degree of freedom (else ValueError).

    It is kept, since one document asks for the same one thousands of times.
    """
    if not 0.0 < level < 1.0 or degrees < 1:
        raise ValueError(f"no t quantile for level {level} with {degrees} degrees of freedom")
    tail = 1.0 - level
    if degrees > NEARLY_NORMAL:
        from statistics import NormalDist  # rarely needed, and slow to import

        z = NormalDist().inv_cdf(1.0 - 0.5 * tail)
        return z + (z**3 + z) / (4.0 * degrees) + (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / (96.0 * degrees * degrees)
    low, high = 0.0, 1.0
    while two_sided_tail(high, degrees) > tail:
        low, high = high, 2.0 * high
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        low, high = (middle, high) if two_sided_tail(middle, degrees) > tail else (low, middle)
    return 0.5 * (low + high)
