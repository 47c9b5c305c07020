"""Poisson batches at one server: jobs of a batch arrive together and are served one by one in any order.

`batch_rate_per_s` counts batches; a size is known by its mean and its second raw moment E[X^2].
"""

from __future__ import annotations

import math


def mxg1_mean_wait(
    batch_rate_per_s: float, mean_size: float, size_second_moment: float, demand_s: float, scv: float
) -> float:
    """Give the mean wait of M^X/G/1 (Burke 1975).

    lam E[S^2] / (2 (1 - rho)) behind earlier batches, and (E[X^2] - E[X]) E[S] / (2 E[X] (1 - rho)) behind the job's own.
    """
    rho = batch_rate_per_s * mean_size * demand_s
    if rho >= 1.0:
        return math.inf
    own = (size_second_moment / mean_size - 1.0) * demand_s / 2.0
    return (rho * demand_s * (1.0 + scv) / 2.0 + own) / (1.0 - rho)


def mxm1_mean_number(batch_rate_per_s: float, mean_size: float, size_second_moment: float, demand_s: float) -> float:
    """Give the mean number in M^X/M/1, rho (1 + E[X^2] / E[X]) / (2 (1 - rho)) (Gross and Harris, section 3.1)."""
    rho = batch_rate_per_s * mean_size * demand_s
    return math.inf if rho >= 1.0 else rho * (1.0 + size_second_moment / mean_size) / (2.0 * (1.0 - rho))
