"""Queues with one general law: M/D/c, GI/M/1, GI/M/c, and the usual approximation where both laws are general.

First come first served; unstable queues have infinite waits. M/G/1 stands with the classic forms in `queues`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.theory.queues import mmc_mean_wait

Floats = NDArray[np.float64]
_ROUNDS = 100


def mdc_mean_wait(rate_per_s: float, demand_s: float, servers: int) -> float:
    """Give the mean wait of M/D/c from the roots of z^c = exp(a (z - 1)) (Crommelin 1932).

    The number waiting at the ends of intervals of one demand follows Q' = max(Q + A - c, 0) with A Poisson of mean a, so
    E[Q] = sum of 1 / (1 - z_k) over the c - 1 roots inside the unit circle - (c (c - 1) - a^2) / (2 (c - a)). Exact to some
    1e-13 c demands, which is why a wait smaller than that may come out as 0.
    """
    load = rate_per_s * demand_s
    if load >= servers:
        return math.inf
    if load == 0.0:
        return 0.0
    turn = np.exp(2j * math.pi * np.arange(1, servers) / servers)
    roots = np.zeros(servers - 1, dtype=np.complex128)
    for _ in range(_ROUNDS):
        # Newton's method on z = turn exp(a (z - 1) / c), a contraction inside the unit circle.
        image = turn * np.exp(load / servers * (roots - 1.0))
        step = (image - roots) / (1.0 - load / servers * image)
        roots = roots + step
        if np.all(np.abs(step) < 1e-15):
            break
    waiting = float((1.0 / (1.0 - roots)).sum().real) - (servers * (servers - 1) - load**2) / (2.0 * (servers - load))
    return max(0.0, waiting) / rate_per_s


def laplace(law: Distribution, s: float) -> float:
    """Give E[exp(-s X)] for s >= 0: closed forms, and for log-normal and Weibull the trapezoidal rule.

    Those two integrands are analytic and fall off at both ends faster than exponentially, for which the rule is exact to
    rounding (Trefethen and Weideman 2014).
    """
    p = law.parameters
    if law.kind == "constant":
        return math.exp(-s * p[0])
    if law.kind == "exponential":
        return 1.0 / (1.0 + s * p[0])
    if law.kind == "uniform":
        width = s * (p[1] - p[0])
        return math.exp(-s * p[0]) * (-math.expm1(-width) / width if width > 0.0 else 1.0)
    if law.kind == "gamma":
        return float((1.0 + s * p[1]) ** -p[0])
    if law.kind == "geometric":
        success = 1.0 / p[0]
        return success * math.exp(-s) / (1.0 - (1.0 - success) * math.exp(-s))
    if law.kind == "mixture":
        return _average(law, 1.0 / (1.0 + s * np.array(law.values)))
    if law.kind == "empirical":
        return _average(law, np.exp(-s * np.array(law.values)))
    if law.kind == "lognormal":
        z = np.linspace(-9.0, 9.0, 4001)
        return float(np.exp(-0.5 * z * z - s * np.exp(p[0] + p[1] * z)).sum() * (z[1] - z[0]) / math.sqrt(2.0 * math.pi))
    y = np.linspace(-40.0, 4.0, 8001)
    return float(np.exp(y - np.exp(y) - s * p[1] * np.exp(y / p[0])).sum() * (y[1] - y[0]))


def _average(law: Distribution, values: Floats) -> float:
    weights = np.array(law.weights)
    return float(np.dot(weights, values) / weights.sum())


@dataclass(frozen=True)
class RenewalQueue:
    """GI/M/c in the stationary regime: P(wait > t) = wait_fraction exp(-decay t) for an arriving job."""

    wait_fraction: float
    decay_per_s: float

    @property
    def mean_wait_s(self) -> float:
        """The mean wait of all jobs."""
        return math.inf if self.decay_per_s <= 0.0 else self.wait_fraction / self.decay_per_s

    def quantile(self, p: float) -> float:
        """Give the wait that a share p stays within; 0 where no more than a share 1 - p waits at all."""
        if self.wait_fraction <= 1.0 - p:
            return 0.0
        return math.inf if self.decay_per_s <= 0.0 else math.log(self.wait_fraction / (1.0 - p)) / self.decay_per_s


def sigma(interarrival: Distribution, demand_s: float, servers: int = 1) -> float:
    """Give the root in (0, 1) of sigma = A*(c mu (1 - sigma)); 1 when unstable (Kleinrock I, section 6.4)."""
    if demand_s >= servers * interarrival.mean:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_ROUNDS):
        middle = 0.5 * (low + high)
        above = laplace(interarrival, servers / demand_s * (1.0 - middle)) > middle
        low, high = (middle, high) if above else (low, middle)
    return 0.5 * (low + high)


def gim1(interarrival: Distribution, demand_s: float) -> RenewalQueue:
    """Solve GI/M/1: an arriving job waits with probability sigma, then exponentially at the rate mu (1 - sigma)."""
    root = sigma(interarrival, demand_s)
    return RenewalQueue(root, (1.0 - root) / demand_s)


def gimc(interarrival: Distribution, demand_s: float, servers: int) -> RenewalQueue:
    """Solve GI/M/c (Takacs, Introduction to the Theory of Queues, chapter 2): P(wait > t) = C exp(-c mu (1 - sigma) t).

    With a_j = A*(j mu) and C_j the product of a_i / (1 - a_i) up to j, 1 / C = 1 + (1 - sigma) times the sum over j = 1..c of
    binom(c, j) / (C_j (1 - a_j)) (c (1 - a_j) - j) / (c (1 - sigma) - j).
    """
    root = sigma(interarrival, demand_s, servers)
    if root == 1.0:
        return RenewalQueue(1.0, 0.0)
    # Where c (1 - sigma) is whole, a term is 0/0 with a finite limit: the mean of what stands close by on both sides.
    spare = servers * (1.0 - root)
    near = abs(spare - round(spare)) < 1e-6
    waits = [_gimc_waits(interarrival, demand_s * (1.0 + nudge), servers) for nudge in ((-2e-5, 2e-5) if near else (0.0,))]
    return RenewalQueue(sum(waits) / len(waits), spare / demand_s)


def _gimc_waits(interarrival: Distribution, demand_s: float, servers: int) -> float:
    """Return the probability to wait in GI/M/c, C in `gimc`."""
    spare = 1.0 - sigma(interarrival, demand_s, servers)
    total, product, choose = 1.0, 1.0, 1.0
    for j in range(1, servers + 1):
        a = laplace(interarrival, j / demand_s)
        choose *= (servers - j + 1) / j
        product *= a / (1.0 - a)
        total += spare * choose / (product * (1.0 - a)) * (servers * (1.0 - a) - j) / (servers * spare - j)
    return 1.0 / total


def allen_cunneen_wait(
    rate_per_s: float, demand_s: float, servers: int, arrival_scv: float, demand_scv: float
) -> float:
    """Approximate the mean wait of GI/G/c by that of M/M/c times the mean of both squared coefficients of variation.

    Exact for M/G/1 and M/M/c, else often within some 10 % (Allen, Probability, Statistics and Queueing Theory, 2nd ed.,
    section 5.4).
    """
    return mmc_mean_wait(rate_per_s, demand_s, servers) * (arrival_scv + demand_scv) / 2.0
