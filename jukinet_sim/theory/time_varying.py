"""Infinite-server stations under a sinusoidal arrival rate: the mean number of jobs as a function of time.

The rate is mean + amplitude sin(2 pi t / period) per second. Without `from_empty` the wave has gone on for ever, with it
the station was empty at time 0; the number itself is Poisson at every instant (Eick, Massey and Whitt 1993).
"""

from __future__ import annotations

import math


def mtm_inf_mean(
    t_s: float, mean_per_s: float, amplitude_per_s: float, period_s: float, demand_s: float, *, from_empty: bool = False
) -> float:
    """Give m(t) of Mt/M/inf, E[S] lam + A (mu sin wt - w cos wt) / (mu^2 + w^2) (Eick, Massey and Whitt 1993).

    It lags behind the rate and swings less. From an empty start exp(-mu t) of what would have been there at 0 is missing.
    """
    serves, turns = 1.0 / demand_s, 2.0 * math.pi / period_s

    def periodic(t: float) -> float:
        wave = serves * math.sin(turns * t) - turns * math.cos(turns * t)
        return mean_per_s * demand_s + amplitude_per_s * wave / (serves**2 + turns**2)

    return periodic(t_s) - (periodic(0.0) * math.exp(-serves * t_s) if from_empty else 0.0)


def mtd_inf_mean(
    t_s: float, mean_per_s: float, amplitude_per_s: float, period_s: float, demand_s: float, *, from_empty: bool = False
) -> float:
    """Give m(t) of Mt/D/inf: the arrivals expected within the last demand before t."""
    turns = 2.0 * math.pi / period_s
    since = max(0.0, t_s - demand_s) if from_empty else t_s - demand_s
    wave = math.cos(turns * since) - math.cos(turns * t_s)
    return mean_per_s * (t_s - since) + amplitude_per_s * wave / turns
