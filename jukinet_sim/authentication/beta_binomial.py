"""Rejections that come in rows: whoever was rejected once is more likely to be rejected again."""

from __future__ import annotations

import math


def after_rejections(mean: float, correlation: float, rejections: int) -> float:
    """Return the probability of a rejection after so many in a row, of attempts by one person at one time.

    The person's own probability is Beta(a, b) distributed with this mean and this correlation between any two attempts,
    1 / (a + b + 1), so that it is (a + k) / (a + b + k) after k rejections: the beta-binomial law (Skellam 1948). Without
    correlation it is the mean, whatever came before; with a correlation of 1 whoever is rejected once always is.
    Raises ValueError for a mean or a correlation outside [0, 1].
    """
    if not (0.0 <= mean <= 1.0 and 0.0 <= correlation <= 1.0):
        raise ValueError(f"a mean of {mean} and a correlation of {correlation} are not both between 0 and 1")
    if mean in (0.0, 1.0) or correlation == 0.0 or rejections == 0:
        return mean
    # With r the correlation a + b = (1 - r) / r, here times r so that a correlation of 1 needs no limit.
    return (mean * (1.0 - correlation) + rejections * correlation) / (1.0 - correlation + rejections * correlation)


def all_rejected(mean: float, correlation: float, attempts: int) -> float:
    """Return the probability that so many attempts in a row are all rejected."""
    return math.prod(after_rejections(mean, correlation, k) for k in range(attempts))
