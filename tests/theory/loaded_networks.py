"""What the tests of offered load share: a network of three stations, and how often jobs come to each."""

from __future__ import annotations

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import Arrivals, Flow, Network, Poisson, Station, Step
from jukinet_sim.theory.traffic import offered

ONE = dist.exponential(1.0)


def one_flow(*route: Step, arrivals: Arrivals | None = None, records: int = 1, horizon_s: float = 1000.0) -> Network:
    """Build a network of stations a, b and c, one server each, and a flow that arrives twice a second."""
    flow = Flow("f", route, arrivals or Poisson(2.0), records=records)
    return Network("one", horizon_s, tuple(Station(name, 1) for name in "abc"), (flow,))


def visit_rates(network: Network) -> list[float]:
    """Give the visits per second of each station group."""
    return [load.visits_per_s for load in offered(network)]
