"""Queues with a place limit or with states that go up and down one by one: birth-death chains, M/M/c/K, M/G/c/c.

Rates per second and seconds in, jobs and probabilities out. Loads above one per server are welcome: the excess is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.theory.queues import erlang_b

Floats = NDArray[np.float64]


def birth_death(births_per_s: Floats, deaths_per_s: Floats) -> Floats:
    """Give the stationary law of a chain on 0..K with `births[i]` from i to i+1 and `deaths[i]` from i+1 to i.

    p_i is proportional to the product of births / deaths below i (Kleinrock, Queueing Systems I, section 3.1); taken in
    logarithms, so that long chains neither overflow nor lose small probabilities.
    """
    with np.errstate(divide="ignore"):
        logs = np.concatenate([[0.0], np.cumsum(np.log(births_per_s) - np.log(deaths_per_s))])
    weights: Floats = np.exp(logs - logs.max())
    return weights / weights.sum()


@dataclass(frozen=True)
class LossQueue:
    """M/M/c/K in the stationary regime: what is refused, and what those who get in see."""

    probabilities: Floats
    loss_fraction: float
    utilisation: float
    mean_number: float
    queue_length: float
    mean_wait_s: float
    """Of jobs that are not refused."""


def mmck(rate_per_s: float, demand_s: float, servers: int, capacity: int) -> LossQueue:
    """Solve M/M/c/K, where `capacity` counts jobs waiting and in service (Gross and Harris, section 2.5).

    A job that arrives sees the stationary law, so the loss is its last term. Raises ValueError below one place a server.
    """
    if capacity < servers:
        raise ValueError(f"a capacity of {capacity} leaves some of {servers} servers without a job; give at least {servers}")
    number = np.arange(capacity + 1)
    law = birth_death(np.full(capacity, rate_per_s), np.minimum(number[1:], servers) / demand_s)
    loss = float(law[-1])
    queue = float(np.dot(law, np.maximum(number - servers, 0)))
    return LossQueue(
        probabilities=law,
        loss_fraction=loss,
        utilisation=float(np.dot(law, np.minimum(number, servers))) / servers,
        mean_number=float(np.dot(law, number)),
        queue_length=queue,
        mean_wait_s=queue / (rate_per_s * (1.0 - loss)) if rate_per_s > 0.0 else 0.0,
    )


def mgcc_loss(rate_per_s: float, demand_s: float, servers: int) -> float:
    """Give the share of jobs that M/G/c/c refuses: Erlang B, whatever the law of the demand (Sevastyanov 1957)."""
    return erlang_b(rate_per_s * demand_s, servers)
