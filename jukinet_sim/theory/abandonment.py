"""Erlang A: M/M/c whose waiting jobs each leave the queue after an exponential patience, stable at any load.

Symbols: arrival rate lam, service rate mu, abandonment rate theta = 1 / mean patience, so that with c jobs in service and
k waiting the number falls at the rate c mu + k theta.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.theory.queues import erlang_b

Floats = NDArray[np.float64]
_NEGLIGIBLE = -45.0
"""Natural logarithm below which a term no longer counts beside the largest one."""
_MOST_TERMS = 1 << 24


@dataclass(frozen=True)
class ErlangA:
    """M/M/c+M in the stationary regime; solve it with `erlang_a`.

    `mean_wait_s` is over all jobs, those that gave up included, `mean_wait_served_s` over those that were served.
    """

    rate_per_s: float
    demand_s: float
    servers: int
    patience_s: float
    wait_fraction: float
    abandon_fraction: float
    mean_wait_s: float
    mean_wait_served_s: float
    queue_length: float
    utilisation: float

    def tail(self, t_s: float) -> float:
        """Give the share of all jobs whose wait, ended by service or by giving up, lasts longer than `t_s`.

        The virtual wait has the density lam p_{c-1} exp(lam H(x) - c mu x), H the integral of the patience's tail
        (Baccelli and Hebuterne 1981); for exponential patience its tail is an incomplete gamma function, and a job waits
        on only while its patience lasts.
        """
        if self.wait_fraction == 0.0:
            return 0.0
        start, now = _log_virtual_tail(self, 0.0), _log_virtual_tail(self, t_s)
        return self.wait_fraction * math.exp(now - start - t_s / self.patience_s)

    def quantile(self, p: float) -> float:
        """Give the wait that a share p of all jobs stays within; 0 where no more than a share 1 - p waits at all."""
        if self.wait_fraction <= 1.0 - p:
            return 0.0
        low, high = 0.0, self.demand_s
        while self.tail(high) > 1.0 - p:
            low, high = high, 2.0 * high
        for _ in range(100):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.tail(middle) > 1.0 - p else (low, middle)
        return 0.5 * (low + high)


def erlang_a(rate_per_s: float, demand_s: float, servers: int, patience_s: float) -> ErlangA:
    """Solve M/M/c+M as a birth-death chain (Palm 1957; Garnett, Mandelbaum and Reiman 2002).

    Of jobs that find k waiting, the share c mu / (c mu + (k + 1) theta) is served, after sum 1 / (c mu + i theta) over
    i = 1..k+1 seconds on average.
    """
    blocked = erlang_b(rate_per_s * demand_s, servers - 1)
    if rate_per_s == 0.0 or blocked == 0.0:
        load = rate_per_s * demand_s / servers
        return ErlangA(rate_per_s, demand_s, servers, patience_s, 0.0, 0.0, 0.0, 0.0, 0.0, load)
    full, theta = servers / demand_s, 1.0 / patience_s
    logs = _log_waiting(rate_per_s, full, theta)
    largest = float(logs.max())
    waiting = np.exp(logs - largest)
    number = np.arange(waiting.size)
    # Probabilities relative to the state with one server idle, whose own is the inverse of the bracket.
    ratio = rate_per_s * demand_s / servers
    scale = math.exp(-largest) / blocked + ratio * waiting.sum()
    law = ratio * waiting / scale
    queue = float(np.dot(law, number))
    served = full / (full + (number + 1) * theta)
    until = np.cumsum(1.0 / (full + (number + 1) * theta))
    abandon = queue * theta / rate_per_s
    return ErlangA(
        rate_per_s,
        demand_s,
        servers,
        patience_s,
        wait_fraction=float(law.sum()),
        abandon_fraction=abandon,
        mean_wait_s=queue / rate_per_s,
        mean_wait_served_s=float(np.dot(law, served * until)) / (1.0 - abandon),
        queue_length=queue,
        utilisation=rate_per_s * (1.0 - abandon) / full,
    )


def _log_waiting(rate_per_s: float, full: float, theta: float) -> Floats:
    """Logarithms of the weights of 0, 1, 2, ... waiting jobs, as far as they count."""
    terms = 1024
    while True:
        steps = math.log(rate_per_s) - np.log(full + np.arange(1, terms) * theta)
        logs = np.concatenate([[0.0], np.cumsum(steps)])
        if (logs[-1] - logs.max() < _NEGLIGIBLE and steps[-1] < 0.0) or terms >= _MOST_TERMS:
            return logs
        terms *= 2


def _log_virtual_tail(queue: ErlangA, t_s: float) -> float:
    """Logarithm of the probability of a longer virtual wait, but for a factor that does not depend on `t_s`.

    With r = c mu / theta, eta = lam / theta and x = exp(-theta t) it is eta (1 - x) + r log x plus the logarithm of the sum
    over k of (eta x)^k / (r (r + 1) ... (r + k)), the power series of the lower incomplete gamma function.
    """
    theta = 1.0 / queue.patience_s
    full = queue.servers / queue.demand_s
    x = math.exp(-theta * t_s)
    if queue.rate_per_s * x == 0.0:
        return -math.inf
    logs = _log_waiting(queue.rate_per_s * x, full, theta)
    largest = float(logs.max())
    series = largest + math.log(float(np.exp(logs - largest).sum()))
    return queue.rate_per_s / theta * (1.0 - x) - full * t_s + series
