"""M/M/1 with a server that fails and is repaired, both after exponential times, whether it works or stands idle.

Work that a failure breaks off resumes where it stopped.
"""

from __future__ import annotations

import math


def availability(up_s: float, down_s: float) -> float:
    """Give the long-run share of time that a server works: mean up time / mean cycle (renewal reward)."""
    return up_s / (up_s + down_s)


def mm1_breakdown_number(rate_per_s: float, demand_s: float, up_s: float, down_s: float) -> float:
    """Give the mean number in the system, lam / (mu A - lam) (1 + mu xi / (xi + eta)^2) (White and Christie 1958).

    xi = 1 / up, eta = 1 / down, A = eta / (xi + eta). Infinite where the load reaches the availability.
    """
    fails, repairs, serves = 1.0 / up_s, 1.0 / down_s, 1.0 / demand_s
    spare = serves * availability(up_s, down_s) - rate_per_s
    if spare <= 0.0:
        return math.inf
    return rate_per_s / spare * (1.0 + serves * fails / (fails + repairs) ** 2)
