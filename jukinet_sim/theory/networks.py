"""Queues in a row, and closed networks with think time, whose stationary law is a product over stations.

Open networks stand with the classic forms in `queues`. Closed ones hold a fixed number of jobs of one class; `demands_s[i]`
is what a job asks of station i in one cycle over all its visits there, and the think time is all that it spends where it
waits for nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.theory.queues import mmc_mean_wait

Floats = NDArray[np.float64]


def tandem_sojourns(rate_per_s: float, demands_s: Sequence[float]) -> tuple[float, ...]:
    """Give the mean stay at each of several M/M/1 queues in a row: all see Poisson arrivals (Burke 1956)."""
    return tuple(mmc_mean_wait(rate_per_s, demand_s, 1) + demand_s for demand_s in demands_s)


@dataclass(frozen=True)
class ClosedNetwork:
    """A closed network in the stationary regime; `response_s` is a cycle without its think time."""

    throughput_per_s: float
    response_s: float
    numbers: tuple[float, ...]


def mean_value_analysis(demands_s: Sequence[float], jobs: int, think_s: float = 0.0) -> ClosedNetwork:
    """Solve a closed network of single-server stations by exact mean value analysis (Reiser and Lavenberg 1980).

    A job that arrives at a station sees the stationary mean number of the same network with one job less.
    """
    demands, numbers = np.array(demands_s, dtype=np.float64), np.zeros(len(demands_s))
    throughput, response = 0.0, float(demands.sum())
    for n in range(1, jobs + 1):
        stays = demands * (1.0 + numbers)
        response = float(stays.sum())
        throughput = n / (think_s + response)
        numbers = throughput * stays
    return ClosedNetwork(throughput, response, tuple(numbers.tolist()))


def closed_network(
    demands_s: Sequence[float], servers: Sequence[int], jobs: int, think_s: float = 0.0
) -> ClosedNetwork:
    """Solve a closed network of stations with any numbers of servers by convolution (Buzen 1973).

    Only positive terms are added, so that it stays exact where mean value analysis with several servers loses all digits.
    """
    if jobs == 0:
        return ClosedNetwork(0.0, float(sum(demands_s)), (0.0,) * len(demands_s))
    # The largest throughput that the bounds of Denning and Buzen (1978) allow, as the unit that keeps numbers moderate.
    pace = jobs / (think_s + sum(demands_s))
    pace = min([pace, *(c / d for d, c in zip(demands_s, servers, strict=True) if d > 0.0)])
    parts = [_weights(pace * d, c, jobs) for d, c in zip(demands_s, servers, strict=True)]
    think = _weights(pace * think_s, jobs, jobs)
    whole = _convolved([think, *parts], jobs)
    throughput = pace * float(whole[-2] / whole[-1])
    n = np.arange(jobs + 1)
    numbers = []
    for i, part in enumerate(parts):
        others = _convolved([think, *parts[:i], *parts[i + 1 :]], jobs)
        numbers.append(float(np.dot(n * part, others[::-1]) / whole[-1]))
    return ClosedNetwork(throughput, jobs / throughput - think_s, tuple(numbers))


def _weights(load: float, servers: int, jobs: int) -> Floats:
    """Weights of 0..jobs jobs at one station, load^n / (min(1, c) min(2, c) ... min(n, c)), the largest of them 1."""
    if load == 0.0:
        return np.concatenate([[1.0], np.zeros(jobs)])
    steps = np.log(load) - np.log(np.minimum(np.arange(1, jobs + 1), servers))
    logs = np.concatenate([[0.0], np.cumsum(steps)])
    weights: Floats = np.exp(logs - logs.max())
    return weights


def _convolved(parts: Sequence[Floats], jobs: int) -> Floats:
    """Return the weights of 0..jobs jobs over several stations together."""
    total = parts[0]
    for part in parts[1:]:
        total = np.convolve(total, part)[: jobs + 1]
    return total
