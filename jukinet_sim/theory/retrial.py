"""M/M/1/1 with retrials: a job that finds the server busy tries again after independent exponential times, for ever."""

from __future__ import annotations

import math


def orbit_mean_number(rate_per_s: float, demand_s: float, backoff_s: float) -> float:
    """Give the mean number of jobs between attempts, rho (lam + rho nu) / ((1 - rho) nu), nu = 1 / mean back-off.

    Falin and Templeton, Retrial Queues, section 1.2. The server is busy for the share rho of time, as without retrials.
    """
    rho = rate_per_s * demand_s
    return math.inf if rho >= 1.0 else rho * (rate_per_s * backoff_s + rho) / (1.0 - rho)


def refused_fraction(rate_per_s: float, demand_s: float, backoff_s: float) -> float:
    """Give the share of attempts, first ones and retrials alike, that find the server busy.

    Each job is let in once, so of the lam + nu L_orbit attempts a second lam succeed.
    """
    if rate_per_s == 0.0:
        return 0.0
    retrials_per_s = orbit_mean_number(rate_per_s, demand_s, backoff_s) / backoff_s
    return 1.0 if math.isinf(retrials_per_s) else retrials_per_s / (rate_per_s + retrials_per_s)
