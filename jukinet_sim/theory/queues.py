"""Closed forms of queueing theory for the stationary regime: rates per second and seconds in, seconds and jobs out.

First come first served throughout. An unstable queue has infinite waits and numbers. Symbols of the sources: rate lam,
service rate mu = 1 / mean demand, load a = lam / mu, servers c, utilisation rho = a / c.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def erlang_b(load: float, servers: int) -> float:
    """Give the blocking probability of M/G/c/c by the recursion B_k = a B / (k + a B) (Erlang 1917).

    It holds for every service distribution of the same mean.
    """
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(load: float, servers: int) -> float:
    """Give the probability that a job of M/M/c waits, C = B / (1 - rho (1 - B)) (Erlang 1917); 1 when unstable."""
    rho = load / servers
    if rho >= 1.0:
        return 1.0
    blocked = erlang_b(load, servers)
    return blocked / (1.0 - rho * (1.0 - blocked))


def mm1_mean_wait(rate_per_s: float, demand_s: float) -> float:
    """Give the mean wait of M/M/1, rho / (mu - lam) (Kleinrock, Queueing Systems I, section 3.2)."""
    rho = rate_per_s * demand_s
    return math.inf if rho >= 1.0 else rho * demand_s / (1.0 - rho)


def mm1_wait_quantile(rate_per_s: float, demand_s: float, p: float) -> float:
    """Give the wait of M/M/1 that a share p stays within: P(W > t) = rho exp(-(mu - lam) t) (Kleinrock I)."""
    return mmc_wait_quantile(rate_per_s, demand_s, 1, p)


def mm1_mean_number(rate_per_s: float, demand_s: float) -> float:
    """Give the mean number in M/M/1, waiting and in service, rho / (1 - rho) (Kleinrock I, section 3.2)."""
    rho = rate_per_s * demand_s
    return math.inf if rho >= 1.0 else rho / (1.0 - rho)


def mmc_mean_wait(rate_per_s: float, demand_s: float, servers: int) -> float:
    """Give the mean wait of M/M/c, C / (c mu - lam) (Kleinrock I, section 3.5)."""
    load = rate_per_s * demand_s
    if load >= servers:
        return math.inf
    return erlang_c(load, servers) * demand_s / (servers - load)


def mmc_wait_quantile(rate_per_s: float, demand_s: float, servers: int, p: float) -> float:
    """Give the wait of M/M/c that a share p stays within; 0 where no more than a share 1 - p waits at all.

    P(W > t) = C exp(-(c mu - lam) t) (Gross and Harris, Fundamentals of Queueing Theory, section 2.3).
    """
    load = rate_per_s * demand_s
    if load >= servers:
        return math.inf
    waits = erlang_c(load, servers)
    return max(0.0, math.log(waits / (1.0 - p)) * demand_s / (servers - load)) if waits > 0.0 else 0.0


def mmc_mean_number(rate_per_s: float, demand_s: float, servers: int) -> float:
    """Give the mean number in M/M/c, waiting and in service, by Little's law."""
    return rate_per_s * (mmc_mean_wait(rate_per_s, demand_s, servers) + demand_s)


def mg1_mean_wait(rate_per_s: float, demand_s: float, scv: float) -> float:
    """Give the mean wait of M/G/1, lam E[S^2] / (2 (1 - rho)) (Pollaczek 1930, Khinchine 1932).

    `scv` is the squared coefficient of variation of the demand, so that E[S^2] = (1 + scv) E[S]^2.
    """
    rho = rate_per_s * demand_s
    return math.inf if rho >= 1.0 else rho * demand_s * (1.0 + scv) / (2.0 * (1.0 - rho))


def jackson_rates(external_per_s: Floats, routing: Floats) -> Floats:
    """Give each station's visits per second from lam = gamma + lam P (Jackson 1957).

    `routing[i, j]` is the probability to go from station i to station j; what a row lacks of 1 leaves the network.
    """
    return np.linalg.solve(np.eye(len(external_per_s)) - routing.T, external_per_s).astype(np.float64)


def jackson_numbers(
    external_per_s: Floats, routing: Floats, demands_s: Floats, servers: tuple[int, ...]
) -> tuple[float, ...]:
    """Give the mean number at each station of an open Jackson network: M/M/c at the rates of its traffic equations."""
    rates = jackson_rates(external_per_s, routing)
    each = zip(rates.tolist(), demands_s.tolist(), servers, strict=True)
    return tuple(mmc_mean_number(rate, demand_s, c) for rate, demand_s, c in each)
