"""Processor sharing: c servers shared by n jobs, each served at the rate min(1, c / n).

Insensitive: numbers and mean stays depend on the mean demand only, and a job's expected stay is proportional to its demand.
"""

from __future__ import annotations

from jukinet_sim.theory.queues import mmc_mean_number


def ps_mean_number(rate_per_s: float, demand_s: float, servers: int = 1) -> float:
    """Give the mean number in M/G/c processor sharing, which is that of M/M/c; rho / (1 - rho) for one server.

    Kelly, Reversibility and Stochastic Networks, section 3.3 (symmetric queues).
    """
    return mmc_mean_number(rate_per_s, demand_s, servers)


def ps_mean_sojourn(rate_per_s: float, demand_s: float, servers: int = 1, own_demand_s: float | None = None) -> float:
    """Give the mean stay of a job with this demand of its own (the mean one if not given); E[S] / (1 - rho) for c = 1.

    By Little's law from the mean number, split between jobs in proportion to their demand.
    """
    own_s = demand_s if own_demand_s is None else own_demand_s
    load = rate_per_s * demand_s
    return own_s if load == 0.0 else own_s * ps_mean_number(rate_per_s, demand_s, servers) / load
