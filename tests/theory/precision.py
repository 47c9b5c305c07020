"""Replications of a network on one engine, and the demand that their mean is theory's value."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.observe import bin_edges
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import Network

HALF_WIDTH: dict[EngineName, float] = {"fast": 0.005, "reference": 0.25}
"""The largest half-width, relative to theory; the reference engine takes the same path, and a run of seconds is a short one."""


def run(engine: EngineName, network: Network, replication: int = 0, seed: int = 21) -> Replication:
    """Run one replication."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, seed, replication), program, replication)


def replicate(
    engine: EngineName, network: Callable[[float], Network], fast_s: float, count: int = 12, seed: int = 21
) -> list[Replication]:
    """Run a network that lasts as long as one is told: `fast_s` on the fast engine, 2,000 s on the reference engine."""
    lasts = network(fast_s if engine == "fast" else 2_000.0)
    return [run(engine, lasts, replication, seed) for replication in range(count)]


def close(engine: EngineName, values: Sequence[float], expected: float) -> None:
    """Hold the mean of some replications against theory, within four standard errors that are small enough to tell."""
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    assert abs(np.mean(values) - expected) < 4.0 * error, (np.mean(values), error, expected)
    assert 2.0 * error < HALF_WIDTH[engine] * expected, (2.0 * error / expected)


def second_moment(histogram: NDArray[Any], jobs: int) -> float:
    """Return the mean square of waits that were counted in bins of 0.4 %, the other jobs not having waited."""
    edges = bin_edges()
    middles = (edges[:-1] + edges[1:]) / 2.0
    return float((histogram[1:] * middles[1:] ** 2).sum()) / jobs
