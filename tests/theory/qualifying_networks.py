"""What the tests of recognised forms share: a network of two stations, and the predictions that theory has for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import Flow, Network, PlaceLevel, Poisson, Pool, Station, Step, Visit
from jukinet_sim.theory.match import qualifying

SECOND = dist.exponential(1.0)


def network(*flows: Flow, servers: int = 1, **features: Any) -> Network:
    """Build a network of the stations a, with these servers and features, and b."""
    stations = (Station("a", servers, **features), Station("b", 1))
    level = PlaceLevel("town", 2, np.array([1.0, 1.0]))
    return Network("n", 1000.0, stations, flows, (Pool("p", 1),), (level,))


def visit(demand: Distribution = SECOND, station: str = "a") -> Visit:
    """Build a visit."""
    return Visit(station, demand)


def flow(*route: Step, rate: float = 0.5, name: str = "f") -> Flow:
    """Build a flow with Poisson arrivals."""
    return Flow(name, route, Poisson(rate))


def found(net: Network) -> dict[tuple[str, str, str], float]:
    """Give the exact predictions by station or flow, family and metric."""
    return {(p.name, p.family, p.metric): p.value for p in qualifying(net) if not p.approximate}


def families(net: Network) -> set[tuple[str, str]]:
    """Give station or flow and family of every exact prediction."""
    return {(name, family) for name, family, _ in found(net)}
