"""Waits and sojourns by class under priorities: class 0 is served first, each class first come first served.

Arrival rates per class in that order. The load of the classes up to k decides whether class k is stable; an unstable class
waits for ever, and every class below it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from jukinet_sim.theory.queues import erlang_c


def mg1_priority_waits(
    rates_per_s: Sequence[float], demands_s: Sequence[float], scvs: Sequence[float]
) -> tuple[float, ...]:
    """Give each class's mean wait in M/G/1, R / ((1 - s_{k-1}) (1 - s_k)) with R = sum lam E[S^2] / 2 (Cobham 1954).

    s_k is the load of classes 0..k. R counts every class; where the whole is unstable but class k is not, a server that is
    always busy with lower classes makes R smaller than the sum, so the wait then is an upper bound.
    """
    loads = [rate * demand for rate, demand in zip(rates_per_s, demands_s, strict=True)]
    residual_s = sum(
        load * demand * (1.0 + scv) / 2.0 for load, demand, scv in zip(loads, demands_s, scvs, strict=True)
    )
    return _by_class(residual_s, loads)


def mg1_resume_sojourns(
    rates_per_s: Sequence[float], demands_s: Sequence[float], scvs: Sequence[float]
) -> tuple[float, ...]:
    """Give each class's mean time in M/G/1 where it interrupts lower classes, whose services resume later.

    E[S_k] / (1 - s_{k-1}) + R_k / ((1 - s_{k-1}) (1 - s_k)), R_k = sum of lam E[S^2] / 2 over the classes up to k (Jaiswal
    1968): a class sees nothing of those below it, and an unstable class stays for ever.
    """
    sojourns, above, residual_s = [], 0.0, 0.0
    for rate, demand, scv in zip(rates_per_s, demands_s, scvs, strict=True):
        upto = above + rate * demand
        residual_s += rate * demand**2 * (1.0 + scv) / 2.0
        stable = upto < 1.0
        sojourns.append(demand / (1.0 - above) + residual_s / ((1.0 - above) * (1.0 - upto)) if stable else math.inf)
        above = upto
    return tuple(sojourns)


def mmc_priority_waits(rates_per_s: Sequence[float], demand_s: float, servers: int) -> tuple[float, ...]:
    """Give each class's mean wait in M/M/c with one demand for all, C / (c mu) / ((1 - s_{k-1}) (1 - s_k)).

    s_k is the load per server of classes 0..k (Cobham 1954).
    """
    loads = [rate * demand_s / servers for rate in rates_per_s]
    return _by_class(erlang_c(sum(rates_per_s) * demand_s, servers) * demand_s / servers, loads)


def _by_class(residual_s: float, loads: Sequence[float]) -> tuple[float, ...]:
    waits, above = [], 0.0
    for load in loads:
        upto = above + load
        waits.append(residual_s / ((1.0 - above) * (1.0 - upto)) if upto < 1.0 else math.inf)
        above = upto
    return tuple(waits)
