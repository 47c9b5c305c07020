"""Textbook networks on both engines: means over replications lie within four standard errors of the closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.engine.observe import bin_edges
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Delay,
    Flow,
    Network,
    Poisson,
    Pool,
    Release,
    Station,
    Step,
    Visit,
)
from jukinet_sim.theory import queues

Simulate = Callable[[Network], list[Replication]]
BIN = 0.004
"""No histogram bin is wider than this share of its lower edge."""


def network(
    stations: tuple[Station, ...],
    flows: tuple[Flow, ...],
    jobs: int,
    pools: tuple[Pool, ...] = (),
    warm_up_s: float = 500.0,
) -> Network:
    """Build a network that sees about so many arrivals after its warm-up.

    The default is five relaxation times, 1/(sqrt(mu) - sqrt(lam))^2, of M/M/1 at rho .8 with a mean service of 1 s.
    """
    rate = sum(f.arrivals.rate_per_s for f in flows if isinstance(f.arrivals, Poisson))
    return Network("theory", warm_up_s + jobs / rate, stations, flows, pools, warm_up_s=warm_up_s)


def single(rate: float, demand: Distribution, servers: int, jobs: int, warm_up_s: float = 500.0) -> Network:
    """Build a station with Poisson arrivals."""
    return network((Station("s", servers),), (Flow("f", (Visit("s", demand),), Poisson(rate)),), jobs, (), warm_up_s)


def assert_mean(values: Iterable[float], expected: float, largest_error: float, slack: float = 0.0) -> None:
    """Compare with four standard errors, which must be small enough to tell the value from its neighbours."""
    sample = np.array(list(values))
    error = float(sample.std(ddof=1)) / len(sample) ** 0.5
    assert error <= largest_error * expected, f"a standard error of {error} is too large to test {expected}"
    assert abs(sample.mean() - expected) <= 4.0 * error + slack * expected, (
        f"{sample.mean()} +- {error} is not {expected}"
    )


def mean_waits(runs: list[Replication], station: int = 0) -> list[float]:
    """Give the mean wait over all visits that started."""
    return [float(run.station_sums["wait"][station] / run.station_counts["started"][station]) for run in runs]


def numbers(runs: list[Replication], station: int) -> list[float]:
    """Give the time average of jobs at a station, waiting and in service."""
    sums = [run.station_sums["queue_area"][station] + run.station_sums["busy_area"][station] for run in runs]
    return [float(total) / (run.window_s[1] - run.window_s[0]) for total, run in zip(sums, runs, strict=True)]


def utilisations(runs: list[Replication], station: int = 0) -> list[float]:
    """Give busy over scheduled server time."""
    return [float(run.station_sums["busy_area"][station] / run.station_sums["server_area"][station]) for run in runs]


def wait_quantiles(runs: list[Replication], p: float, station: int = 0) -> list[float]:
    """Give the lower edge of the histogram bin that holds the p-quantile of all waits, zeros included."""
    edges = bin_edges()
    found = []
    for run in runs:
        started, waited = (int(run.station_counts[key][station]) for key in ("started", "waited"))
        up_to = (started - waited) + np.cumsum(run.station_wait_histogram[station])
        found.append(float(edges[np.searchsorted(up_to, p * started)]))
    return found


@pytest.mark.parametrize("rho", [0.5, 0.8, 0.9])
def test_mm1(simulate: Simulate, jobs: int, largest_error: float, rho: float) -> None:
    """M/M/1 has the wait, its 95 % quantile, the number and the utilisation of the closed forms."""
    # Relative variances grow with 1 / (1 - rho)^2, so that a longer run is needed for the precision asked for at rho .9.
    longer = max(1.0, 0.2 / (1.0 - rho))
    runs = simulate(single(rho, dist.exponential(1.0), 1, round(longer * jobs), warm_up_s=2000.0))
    assert_mean(mean_waits(runs), queues.mm1_mean_wait(rho, 1.0), largest_error)
    assert_mean(wait_quantiles(runs, 0.95), queues.mm1_wait_quantile(rho, 1.0, 0.95), largest_error, BIN)
    assert_mean(numbers(runs, 0), queues.mm1_mean_number(rho, 1.0), largest_error)
    assert_mean(utilisations(runs), rho, largest_error)


@pytest.mark.parametrize(("load", "servers"), [(1.6, 2), (4.0, 5)])
def test_mmc(simulate: Simulate, jobs: int, largest_error: float, load: float, servers: int) -> None:
    """M/M/c has Erlang's probability to wait and the mean wait and quantile that follow from it."""
    runs = simulate(single(load, dist.exponential(1.0), servers, jobs))
    waiting = [float(run.station_counts["waited"][0] / run.station_counts["started"][0]) for run in runs]
    assert_mean(waiting, queues.erlang_c(load, servers), largest_error)
    assert_mean(mean_waits(runs), queues.mmc_mean_wait(load, 1.0, servers), largest_error)
    assert_mean(wait_quantiles(runs, 0.95), queues.mmc_wait_quantile(load, 1.0, servers, 0.95), largest_error, BIN)
    assert_mean(utilisations(runs), load / servers, largest_error)


@pytest.mark.parametrize(
    "demand",
    [dist.constant(1.0), dist.erlang(4, 1.0), dist.exponential(1.0), dist.hyperexponential(1.0, 2.0)],
    ids=["constant", "erlang-4", "exponential", "hyperexponential"],
)
def test_mg1(simulate: Simulate, jobs: int, largest_error: float, demand: Distribution) -> None:
    """M/G/1 has Pollaczek and Khinchine's mean wait whatever the distribution of the demand."""
    runs = simulate(single(0.8, demand, 1, jobs))
    assert_mean(mean_waits(runs), queues.mg1_mean_wait(0.8, demand.mean, demand.scv), largest_error)


def test_tandem(simulate: Simulate, jobs: int, largest_error: float) -> None:
    """In a row of exponential stations each is an M/M/1 on its own (Burke's theorem)."""
    demands = (1.0, 1.25, 1.0 / 0.6)
    stations = tuple(Station(f"s{i}", 1) for i in range(3))
    route = tuple(Visit(f"s{i}", dist.exponential(mean)) for i, mean in enumerate(demands))
    runs = simulate(network(stations, (Flow("f", route, Poisson(0.5)),), jobs))
    for i, mean in enumerate(demands):
        assert_mean(mean_waits(runs, i), queues.mm1_mean_wait(0.5, mean), largest_error)
    sojourns = [float(run.flow_sums["sojourn"][0] / run.flow_counts["completed"][0]) for run in runs]
    assert_mean(sojourns, sum(queues.mm1_mean_wait(0.5, mean) + mean for mean in demands), largest_error)


def test_jackson_with_feedback(simulate: Simulate, jobs: int, largest_error: float) -> None:
    """Stations of a Jackson network hold as many jobs as M/M/1 at the rates of the traffic equations."""
    demands = 1.0 / np.array([14.0, 9.0, 17.0, 7.0])
    routing = np.array([[0.0, 0.2, 0.56, 0.24], [1.0, 0.0, 0.0, 0.0], [0.0] * 4, [0.0] * 4])
    external = np.array([8.0, 0.0, 6.0, 0.0])
    one, two, three, four = (
        Visit(name, dist.exponential(float(mean)), label=name)
        for name, mean in zip(("one", "two", "three", "four"), demands, strict=True)
    )
    onward = Branch((("two", 0.2), ("three", 0.56), ("four", 0.24)))
    route: tuple[Step, ...] = (one, onward, two, Branch((("one", 1.0),)), three, Branch(((None, 1.0),)), four)
    flows = (Flow("a", route, Poisson(8.0)), Flow("c", (three,), Poisson(6.0)))
    stations = tuple(Station(visit.station, 1) for visit in (one, two, three, four))
    runs = simulate(network(stations, flows, jobs, warm_up_s=100.0))
    expected = queues.jackson_numbers(external, routing, demands, (1, 1, 1, 1))
    rates = queues.jackson_rates(external, routing)
    for i in range(4):
        assert_mean(numbers(runs, i), expected[i], largest_error)
        assert_mean(mean_waits(runs, i), queues.mm1_mean_wait(float(rates[i]), float(demands[i])), largest_error)


def test_quantile_of_waits_under_feedback(simulate: Simulate, jobs: int, largest_error: float) -> None:
    """With feedback, where arrivals are not Poisson, each visit's wait still has the distribution of M/M/c."""
    route = (Visit("s", dist.exponential(1.0), label="again"), Branch((("again", 0.5), (None, 0.5))))
    runs = simulate(network((Station("s", 2),), (Flow("f", route, Poisson(0.8)),), jobs))
    assert_mean(wait_quantiles(runs, 0.95), queues.mmc_wait_quantile(1.6, 1.0, 2, 0.95), largest_error, BIN)


@pytest.mark.parametrize("tokens", [1, 3])
def test_pool_as_servers(simulate: Simulate, jobs: int, largest_error: float, tokens: int) -> None:
    """A token held for an exponential time makes the pool an M/M/c, with its wait, its 95 % quantile and its tokens in use."""
    load = 0.8 * tokens
    route = (Acquire("p"), Delay(dist.exponential(1.0)), Release("p"))
    runs = simulate(network((), (Flow("f", route, Poisson(load)),), jobs, (Pool("p", tokens),)))
    waits = [float(run.pool_sums["wait"][0] / run.pool_counts["taken"][0]) for run in runs]
    assert_mean(waits, queues.mmc_mean_wait(load, 1.0, tokens), largest_error)
    p95 = []
    for run in runs:
        taken, waits_by_bin = int(run.pool_counts["taken"][0]), run.pool_wait_histogram[0]
        up_to = taken - int(waits_by_bin.sum()) + np.cumsum(waits_by_bin)
        p95.append(float(bin_edges()[np.searchsorted(up_to, 0.95 * taken)]))
    assert_mean(p95, queues.mmc_wait_quantile(load, 1.0, tokens, 0.95), largest_error, BIN)
    in_use = [float(run.pool_sums["in_use_area"][0]) / (run.window_s[1] - run.window_s[0]) for run in runs]
    assert_mean(in_use, load, largest_error)
