"""When a count of covering intervals, a distance or a precision is accepted: bounds set by how often chance alone breaks them.

The risks hold for everything that is judged together, so that more tests make each bound wider, not false alarms likelier.
"""

from __future__ import annotations

import math
from itertools import accumulate

LEVEL = 0.95
"""The level of the intervals whose coverage is counted."""
RISK_BELOW, RISK_ABOVE = 0.0035, 0.001
"""How often right intervals, all tests taken together, seem to cover too rarely or too often: once in 220 batteries."""
RISK_OF_TOO_FEW = 0.025
"""How often decisions that are right with exactly the probability they state seem to be right too rarely; most are better."""
FARTHEST = 3.29
"""Standard errors from theory that a right mean exceeds once in 1,000 (normal law)."""
BIN = 0.004
"""The relative error of a quantile that is read off a histogram."""
UNLIKELY = 1e-4
"""The p-value below which a goodness of fit is rejected."""


def coverage_bounds(sets: int, tests: int) -> tuple[int, int]:
    """Return the least and the most of `sets` intervals that may cover, when `tests` such counts are judged together.

    Each count is binomial; a test's share of the risk r on either side is 1 - (1 - r)^(1/tests) (Sidak 1967).
    """
    below, above = (-math.expm1(math.log1p(-risk) / tests) for risk in (RISK_BELOW, RISK_ABOVE))
    beyond = list(accumulate(_binomial(sets, k) for k in range(sets, -1, -1)))[::-1]
    high = next(k for k in range(sets, -1, -1) if beyond[k] > above)
    return _least(sets, below), high


def least_right(trials: int) -> int:
    """Return how many of so many decisions have to be right: 936 of 1,000 where each is with a probability of 0.95 or more."""
    return _least(trials, RISK_OF_TOO_FEW)


def _least(sets: int, risk: float) -> int:
    """Return the least count that is reached but with this risk."""
    upto = accumulate(_binomial(sets, k) for k in range(sets + 1))
    return next(k for k, chance in enumerate(upto) if chance > risk)


def _binomial(sets: int, covering: int) -> float:
    """Return the probability that so many of the intervals cover."""
    choose = math.lgamma(sets + 1) - math.lgamma(covering + 1) - math.lgamma(sets - covering + 1)
    return math.exp(choose + covering * math.log(LEVEL) + (sets - covering) * math.log1p(-LEVEL))
