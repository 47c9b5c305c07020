"""A server whose shift begins and ends by the clock, and whose end interrupts a service: M/M/1 that works part of a period.

Exponential services that go on later have no memory, so the number present is a birth-death chain whose server comes and goes;
over a period its law is the product of two matrix exponentials, and its mean follows from their integrals.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_MOST = 200
"""Most jobs the chain tells apart."""


def mm1_interrupted_number(rate_per_s: float, mean_s: float, open_s: float, shut_s: float) -> float:
    """Return the mean number at a server that works for `open_s` and then not for `shut_s`, again and again; all in seconds.

    Raises ValueError for a load of 1 or more of the open time, or so much that the chain cannot hold it.
    """
    load = rate_per_s * mean_s * (open_s + shut_s) / open_s
    if load >= 1.0:
        raise ValueError(f"the load of the open time is {load:g}; below 1 is possible")
    number = np.arange(_MOST + 1, dtype=np.float64)
    works, area_open = _over(_generator(rate_per_s, 1.0 / mean_s), open_s)
    waits, area_shut = _over(_generator(rate_per_s, 0.0), shut_s)
    law = _stationary(works @ waits)
    if law[-10:].sum() > 1e-9:
        raise ValueError("the queue is too long for this chain")
    later = law @ works
    return float((law @ area_open + later @ area_shut) @ number) / (open_s + shut_s)


def utilisation(rate_per_s: float, mean_s: float, open_s: float, shut_s: float) -> float:
    """Return the part of the open time in which the server is busy."""
    return rate_per_s * mean_s * (open_s + shut_s) / open_s


def _generator(up: float, down: float) -> Floats:
    """Return the generator of the number present."""
    ups, downs = np.full(_MOST, up), np.full(_MOST, down)
    made: Floats = np.diag(ups, 1) + np.diag(downs, -1)
    return made - np.diag(made.sum(axis=1))


def _over(generator: Floats, lasts_s: float) -> tuple[Floats, Floats]:
    """Return the transition matrix over a stretch of time, and the integral of it from its beginning to its end.

    Both by halving: a short stretch by its series, then P(2t) = P(t)^2 and A(2t) = A(t) + P(t) A(t).
    """
    size = len(generator)
    halvings = max(0, math.ceil(math.log2(max(1e-300, float(np.abs(generator).sum(axis=1).max()) * lasts_s))) + 4)
    short_s = lasts_s / 2.0**halvings
    moved, area = np.eye(size), np.eye(size) * short_s
    term: Floats = np.eye(size)
    for k in range(1, 20):
        term = term @ generator * (short_s / k)
        moved = moved + term
        area = area + term * (short_s / (k + 1))
    for _ in range(halvings):
        area = area + moved @ area
        moved = moved @ moved
    return moved, area


def _stationary(over_a_period: Floats) -> Floats:
    """Return the law that a period leaves as it is."""
    size = len(over_a_period)
    equations = np.vstack([over_a_period.T - np.eye(size), np.ones(size)])
    law: Floats = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)[0]
    return law
