"""Scenarios to compare whose differences are known exactly: of normal values by their means, of queues by theory."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit
from jukinet_sim.theory.queues import mm1_mean_wait
from jukinet_sim.verify.decisions.normal import Floats, Normals
from jukinet_sim.verify.decisions.simulated import Simulated
from jukinet_sim.verify.point import Figure

REPLICATIONS = 20
"""What a run has unless it says otherwise."""
Table = list[list[list[float | None]]]
"""[scenario][metric][replication] Values as `statistics.paired.compare` takes them."""


class Scenarios(Protocol):
    """What can be compared, with the truth about it."""

    @property
    def label(self) -> str:
        """What a table calls it."""

    def difference(self, scenario: int, metric: int) -> float:
        """Return what is to be covered: the mean of a metric less that of the first scenario."""

    def values(self, seed: int) -> Table:
        """Return the values of the trial of this seed, replications paired by common random numbers."""



@dataclass(frozen=True)
class NormalScenarios:
    """So many scenarios with so many independent metrics, each pair of values correlated as common random numbers make them.

    Metric m has standard deviation 10^m, and scenario s a mean of s times a third of that.
    """

    scenarios: int
    metrics: int
    correlation: float

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"{self.scenarios} normal scenarios, {self.metrics} metrics, correlation {self.correlation}"

    def mean(self, scenario: int, metric: int) -> float:
        """Return the mean of a metric."""
        return 10.0**metric * scenario / 3.0

    def difference(self, scenario: int, metric: int) -> float:
        """Return what is to be covered: a scenario's mean less that of the first one."""
        return self.mean(scenario, metric) - self.mean(0, metric)

    def values(self, seed: int) -> Table:
        """Return [scenario][metric][replication] of a trial."""
        own, shared = math.sqrt(1.0 - self.correlation), math.sqrt(self.correlation)

        def one(scenario: int, metric: int) -> Floats:
            common = Normals(seed, f"metric {metric}").first(REPLICATIONS)
            alone = Normals(seed, f"metric {metric} of {scenario}").first(REPLICATIONS)
            return self.mean(scenario, metric) + 10.0**metric * (shared * common + own * alone)

        return [[one(s, m).tolist() for m in range(self.metrics)] for s in range(self.scenarios)]


@dataclass(frozen=True)
class Queues:
    """M/M/1 queues side by side at these utilisations, against the same with servers that are faster by a factor.

    The metrics are the mean waits; arrivals and services of a queue are the same numbers in both scenarios.
    """

    utilisations: tuple[float, ...]
    faster: float
    observed_s: float
    warm_up_s: float

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"M/M/1 at rho {' and '.join(f'{rho:g}' for rho in self.utilisations)}, mu 1 against {self.faster:g}"

    @property
    def demands_s(self) -> tuple[float, float]:
        """Mean services of the two scenarios."""
        return 1.0, 1.0 / self.faster

    def difference(self, _: int, metric: int) -> float:
        """Return what is to be covered."""
        first, other = (mm1_mean_wait(self.utilisations[metric], demand_s) for demand_s in self.demands_s)
        return other - first

    def values(self, seed: int, *others: int) -> Table:
        """Return [scenario][metric][replication] of a trial; the second scenario has another seed if one is given."""
        figures = [Figure("station", f"s{m}", "wait_s.mean", 0.0) for m in range(len(self.utilisations))]
        runs = [Simulated(network(self, s), figures, one) for s, one in enumerate((seed, *(others or (seed,))))]
        return [[run.values(m, REPLICATIONS) for m in range(len(figures))] for run in runs]


@lru_cache(maxsize=16)
def network(case: Queues, scenario: int) -> Network:
    """Return the queues of one scenario."""
    demand = dist.exponential(case.demands_s[scenario])
    numbers = range(len(case.utilisations))
    stations = tuple(Station(f"s{m}", 1) for m in numbers)
    flows = tuple(Flow(f"f{m}", (Visit(f"s{m}", demand),), Poisson(case.utilisations[m])) for m in numbers)
    return Network("queues", case.warm_up_s + case.observed_s, stations, flows, warm_up_s=case.warm_up_s)


NORMAL = NormalScenarios(3, 3, 0.7)
SIDE_BY_SIDE = Queues((0.4, 0.5, 0.6), 1.05, 8000.0, 300.0)
BUSY = Queues((0.8,), 1.05, 20_000.0, 1500.0)
