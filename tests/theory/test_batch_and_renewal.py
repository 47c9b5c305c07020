"""Batch and renewal arrivals on both engines against closed forms, and equal in both to the last bit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Arrivals, BatchPoisson, Flow, Network, Renewal, Station, Visit
from jukinet_sim.theory.arrivals import mean_rate
from tests.theory.test_engines_meet_theory import assert_mean
from tests.twins.compare import assert_twins

Simulate = Callable[[Network], list[Replication]]
WARM_UP_S = 1000.0


def queue(arrivals: Arrivals, servers: int, observed_s: float) -> Network:
    """A station with exponential service of mean 1 s."""
    flow = Flow("f", (Visit("s", dist.exponential(1.0)),), arrivals)
    return Network("queue", WARM_UP_S + observed_s, (Station("s", servers),), (flow,), warm_up_s=WARM_UP_S)


def number_in_station(run: Replication) -> float:
    """The time average of waiting and in service."""
    window = run.window_s[1] - run.window_s[0]
    return float((run.station_sums["busy_area"] + run.station_sums["queue_area"]).sum()) / window


@pytest.mark.parametrize("size", [dist.constant(5.0), dist.geometric(4.0)], ids=["constant", "geometric"])
def test_batches(size: Distribution, simulate: Simulate, jobs: int, largest_error: float) -> None:
    """M^X/M/1: L = rho (1 + E[X^2]/E[X]) / (2 (1 - rho)); 12 for batches of 5 at rho = 0.8."""
    rho = 0.8
    first, second = size.moments
    expected = rho * (1.0 + second / first) / (2.0 * (1.0 - rho))
    runs = simulate(queue(BatchPoisson(rho / first, size), 1, jobs * 3.0))
    assert_mean([number_in_station(run) for run in runs], expected, 2.0 * largest_error)


def test_constant_interarrivals(simulate: Simulate, jobs: int, largest_error: float) -> None:
    """D/M/1: Wq = sigma / (1 - sigma) where sigma = exp(-(1 - sigma) / rho); 1.692731 at rho = 0.8."""
    rho, sigma = 0.8, 0.5
    for _ in range(200):
        sigma = math.exp(-(1.0 - sigma) / rho)
    runs = simulate(queue(Renewal(dist.constant(1.0 / rho)), 1, jobs / rho))
    waits = [float(run.station_sums["wait"][0]) / int(run.station_counts["started"][0]) for run in runs]
    assert_mean(waits, sigma / (1.0 - sigma), largest_error)


def test_a_renewal_process_begins_with_one_full_draw(simulate: Simulate) -> None:
    """With constant gaps of 2 s the k-th job arrives at 2k seconds, none at 0."""
    for run in simulate(queue(Renewal(dist.constant(2.0)), 1, 100.0)):
        assert run.flow_counts["arrived"].tolist() == [49]  # at 1002, 1004, ..., 1098 s


def test_jobs_of_a_batch_arrive_together(simulate: Simulate) -> None:
    """At a station with a server for each, every job of a constant batch is served at once."""
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), BatchPoisson(0.01, dist.constant(7.0)))
    network = Network("together", 5000.0, (Station("s", 1000),), (flow,))
    for run in simulate(network):
        assert run.flow_counts["arrived"][0] % 7 == 0
        assert run.station_counts["waited"].tolist() == [0]


@pytest.mark.parametrize(
    "arrivals",
    [
        BatchPoisson(0.3, dist.geometric(3.0)),
        BatchPoisson(0.5, dist.empirical((0.0, 2.0, 4.0), (1.0, 1.0, 1.0))),
        Renewal(dist.constant(0.25)),
        Renewal(dist.erlang(2, 1.0)),
    ],
    ids=["geometric", "empirical", "ties", "erlang"],
)
def test_both_engines_see_the_same(arrivals: Arrivals) -> None:
    """Every visit is equal bit for bit."""
    visits = (Visit("s", dist.constant(0.25)), Visit("t", dist.exponential(0.5)))
    assert_twins(Network("twin", 300.0, (Station("s", 2), Station("t", 1)), (Flow("f", visits, arrivals),), warm_up_s=20.0))


def test_mean_rates() -> None:
    """Offered loads count jobs: instants times the mean size, or one over the mean gap."""
    route = (Visit("s", dist.constant(1.0)),)
    assert mean_rate(Flow("f", route, BatchPoisson(0.5, dist.geometric(4.0))), 100.0) == pytest.approx(2.0)
    assert mean_rate(Flow("f", route, Renewal(dist.erlang(3, 4.0))), 100.0) == pytest.approx(0.25)
    assert np.isfinite(mean_rate(Flow("f", route, Renewal(dist.constant(1.0))), 100.0))
