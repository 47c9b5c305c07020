"""How many servers a queue needs, searched by simulating it: Kiefer and Wolfowitz's waits against Erlang's formula."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from jukinet_sim.statistics.search import smallest_meeting
from jukinet_sim.theory.queues import mmc_wait_quantile

SEARCHES = 60
RIGHT = 53
"""Of 60 searches right with probability 0.95, fewer are right in 1.0 % of cases."""
JOBS, WARM_UP = 36_000, 1_800
"""Jobs of a replication and how many of the first are left out: 2,000 units of time at rate 18."""
Floats = NDArray[np.float64]


@njit
def waits(gaps: Floats, services: Floats, servers: int) -> Floats:
    """Waits of M/M/c in order of arrival: each job takes the server that is free first (Kiefer and Wolfowitz 1955)."""
    left = np.zeros(servers)
    found = np.empty(len(gaps))
    for i in range(len(gaps)):
        for j in range(servers):
            left[j] = max(0.0, left[j] - gaps[i])
        found[i] = left[0]
        busy, j = left[0] + services[i], 1
        while j < servers and left[j] < busy:
            left[j - 1] = left[j]
            j += 1
        left[j - 1] = busy
    return found


def queue(rate: float, bound: float, seed: int) -> Callable[[int, int], Floats]:
    """Margins of the 95th percentile of the wait; replication k has the same arrivals and services for any servers."""

    @cache
    def margin(servers: int, replication: int) -> float:
        rng = np.random.default_rng([seed, replication])
        gaps, services = rng.exponential(1.0 / rate, JOBS), rng.exponential(1.0, JOBS)
        return bound - float(np.quantile(waits(gaps, services, servers)[WARM_UP:], 0.95))

    return lambda servers, replications: np.array([[margin(servers, k)] for k in range(replications)])


@pytest.mark.parametrize(("rate", "bound", "answer", "low"), [(18.0, 0.91, 21, 19), (9.0, 1.67, 11, 10)])
def test_servers_of_a_queue(rate: float, bound: float, answer: int, low: int) -> None:
    """The least servers for a 95th percentile are those of Erlang's formula, for a third of a scan's replications at most."""
    assert mmc_wait_quantile(rate, 1.0, answer, 0.95) < bound < mmc_wait_quantile(rate, 1.0, answer - 1, 0.95)
    found = [smallest_meeting(range(low, low + 12), queue(rate, bound, seed), [bound]) for seed in range(SEARCHES)]
    right = Counter(each.answer for each in found)[answer]
    assert right >= RIGHT
    assert sum(each.distinguishable for each in found) >= RIGHT
    assert 3 * sum(each.replications for each in found) <= SEARCHES * 12 * 20
