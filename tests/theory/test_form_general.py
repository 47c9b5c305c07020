"""Queues with one general law: M/D/c, GI/M/c and transforms of all distributions, at points and where two must agree."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.theory import queues
from jukinet_sim.theory.general import allen_cunneen_wait, gim1, gimc, laplace, mdc_mean_wait, sigma


@pytest.mark.parametrize(("rate", "servers", "wait"), [(1.6, 2, 0.9032839), (4.0, 5, 0.2890600)])
def test_mdc_points(rate: float, servers: int, wait: float) -> None:
    """M/D/c takes its tabulated mean waits."""
    assert mdc_mean_wait(rate, 1.0, servers) == pytest.approx(wait, abs=1e-7)


@pytest.mark.parametrize("rho", [0.01, 0.5, 0.95])
def test_md1_is_pollaczek_khinchine(rho: float) -> None:
    """With one server the roots vanish and the form of Pollaczek and Khinchine is left."""
    assert mdc_mean_wait(rho / 3.0, 3.0, 1) == pytest.approx(queues.mg1_mean_wait(rho / 3.0, 3.0, 0.0), rel=1e-12)


@pytest.mark.parametrize(("load", "servers"), [(2.4, 3), (17.0, 20), (0.9, 2)])
def test_mdc_meets_spitzers_identity(load: float, servers: int) -> None:
    """The number waiting is the sum over m of E[(Poisson(m a) - m c)+] / m, by Spitzer's identity for the same walk."""
    total = 0.0
    for m in range(1, 400):
        mean, level = m * load, m * servers
        n = np.arange(level, level + 2000)
        logs = n * math.log(mean) - mean - np.array([math.lgamma(k + 1.0) for k in n.tolist()])
        total += float(np.dot(np.exp(logs), n - level)) / m
    assert mdc_mean_wait(load, 1.0, servers) * load == pytest.approx(total, rel=1e-8)


def test_mdc_extremes() -> None:
    """No load waits not at all, a full one for ever, and a hundred half-empty servers practically never."""
    assert mdc_mean_wait(0.0, 1.0, 2) == 0.0
    assert mdc_mean_wait(2.0, 1.0, 2) == math.inf
    assert 0.0 <= mdc_mean_wait(50.0, 1.0, 100) < 1e-9


LAWS = [
    dist.constant(0.7),
    dist.exponential(0.7),
    dist.uniform(0.2, 1.1),
    dist.gamma(0.7, 1.8),
    dist.lognormal(0.7, 1.5),
    dist.weibull(0.7, 2.0),
    dist.weibull(0.7, 0.2),
    dist.hyperexponential(0.7, 2.0),
    dist.mixture((0.3, 0.7), (0.0, 1.0)),
    dist.geometric(2.5),
    dist.empirical((0.0, 0.5, 2.0), (1.0, 2.0, 1.0)),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_transforms_know_the_moments(law: Distribution) -> None:
    """At 0 a transform is 1, and its first two slopes there are minus the mean and the second moment."""
    first, second = law.moments
    step = 1e-3 / first
    values = [laplace(law, k * step) for k in range(5)]
    slope = (-25 * values[0] + 48 * values[1] - 36 * values[2] + 16 * values[3] - 3 * values[4]) / (12 * step)
    curve = (35 * values[0] - 104 * values[1] + 114 * values[2] - 56 * values[3] + 11 * values[4]) / (12 * step**2)
    assert values[0] == pytest.approx(1.0, abs=1e-12)
    assert -slope == pytest.approx(first, rel=1e-6)
    assert curve == pytest.approx(second, rel=1e-2)


@pytest.mark.parametrize("s", [0.3, 2.0, 40.0])
def test_weibull_of_shape_one_is_exponential(s: float) -> None:
    """The quadrature of a Weibull law with a cv of 1 gives the transform of the exponential law."""
    assert laplace(Distribution("weibull", (1.0, 0.7)), s) == pytest.approx(1.0 / (1.0 + 0.7 * s), rel=1e-10)


def test_dm1_point() -> None:
    """D/M/1 at rho .8 waits 1.692731 services on average."""
    assert gim1(dist.constant(1.25), 1.0).mean_wait_s == pytest.approx(1.692731, abs=1e-6)


def test_sigma_of_a_poisson_stream_is_the_utilisation() -> None:
    """Arrivals see time averages, so M/M/1 has sigma = rho, with the waits and quantiles of M/M/1."""
    queue = gim1(dist.exponential(2.0), 1.4)
    assert queue.wait_fraction == pytest.approx(0.7, rel=1e-12)
    assert queue.mean_wait_s == pytest.approx(queues.mm1_mean_wait(0.5, 1.4), rel=1e-12)
    assert queue.quantile(0.95) == pytest.approx(queues.mm1_wait_quantile(0.5, 1.4, 0.95), rel=1e-12)


def test_regular_arrivals_wait_less_and_bursty_ones_more() -> None:
    """At one load mean waits rise with the variance between arrivals."""
    waits = [gim1(law, 0.8).mean_wait_s for law in (dist.constant(1.0), dist.exponential(1.0), dist.gamma(1.0, 3.0))]
    assert waits == sorted(waits)
    assert sigma(dist.constant(1.0), 1.0) == 1.0
    assert gim1(dist.constant(1.0), 1.0).mean_wait_s == math.inf


@pytest.mark.parametrize(("load", "servers"), [(0.8, 1), (3.7, 5), (4.0, 5), (47.0, 50), (95.3, 100)])
def test_gimc_of_a_poisson_stream_is_erlang_c(load: float, servers: int) -> None:
    """With exponential times between arrivals it is M/M/c, also where a term of the sum is 0/0 (whole loads)."""
    queue = gimc(dist.exponential(1.0 / load), 1.0, servers)
    assert queue.wait_fraction == pytest.approx(queues.erlang_c(load, servers), rel=1e-7)
    assert queue.mean_wait_s == pytest.approx(queues.mmc_mean_wait(load, 1.0, servers), rel=1e-7)


def test_gimc_with_one_server_is_gim1() -> None:
    """One server leaves sigma as the probability to wait."""
    law = dist.gamma(1.0, 0.6)
    assert gimc(law, 0.8, 1).wait_fraction == pytest.approx(gim1(law, 0.8).wait_fraction, rel=1e-10)
    assert gimc(law, 1.2, 1).mean_wait_s == math.inf


@pytest.mark.parametrize(("load", "servers"), [(0.8, 1), (2.5, 3), (6.0, 7)])
def test_gimc_meets_the_chain_of_erlang_arrivals(load: float, servers: int) -> None:
    """For arrivals in two exponential phases a truncated chain of phase and number gives the same mean wait."""
    most = 400
    generator = np.zeros((2 * most, 2 * most))
    for n in range(most):
        generator[2 * n, 2 * n + 1] = 2.0 * load
        if n + 1 < most:
            generator[2 * n + 1, 2 * n + 2] = 2.0 * load
        if n > 0:
            for phase in (0, 1):
                generator[2 * n + phase, 2 * n - 2 + phase] = min(n, servers)
    q = generator - np.diag(generator.sum(axis=1))
    law = np.linalg.solve(np.vstack([q.T[:-1], np.ones(2 * most)]), np.eye(2 * most)[-1])
    waiting = np.maximum(np.repeat(np.arange(most), 2) - servers, 0)
    wait = float(np.dot(law, waiting)) / load
    assert gimc(dist.erlang(2, 1.0 / load), 1.0, servers).mean_wait_s == pytest.approx(wait, rel=1e-7)


def test_allen_cunneen_is_exact_where_it_must_be() -> None:
    """For M/M/c and for M/G/1 the approximation is the exact form."""
    assert allen_cunneen_wait(1.6, 1.0, 2, 1.0, 1.0) == pytest.approx(queues.mmc_mean_wait(1.6, 1.0, 2), rel=1e-12)
    assert allen_cunneen_wait(0.8, 1.0, 1, 1.0, 4.0) == pytest.approx(queues.mg1_mean_wait(0.8, 1.0, 4.0), rel=1e-12)
