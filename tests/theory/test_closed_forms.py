"""The closed forms at published points and where two of them must agree."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.theory import queues


@pytest.mark.parametrize(("rho", "wait", "p95"), [(0.5, 1.0, 4.6052), (0.8, 4.0, 13.8629), (0.9, 9.0, 28.9037)])
def test_mm1(rho: float, wait: float, p95: float) -> None:
    """Wait and 95 % quantile of M/M/1 take their textbook values, and the number follows from Little's law."""
    assert queues.mm1_mean_wait(rho, 1.0) == pytest.approx(wait, rel=1e-12)
    assert queues.mm1_wait_quantile(rho, 1.0, 0.95) == pytest.approx(p95, abs=5e-5)
    assert queues.mm1_mean_number(rho, 1.0) == pytest.approx(rho * (wait + 1.0), rel=1e-12)


@pytest.mark.parametrize(
    ("load", "servers", "waits", "wait"), [(1.6, 2, 0.7111111, 1.777778), (4.0, 5, 0.5541126, 0.5541126)]
)
def test_mmc(load: float, servers: int, waits: float, wait: float) -> None:
    """Erlang C and the mean wait of M/M/c take their tabulated values."""
    assert queues.erlang_c(load, servers) == pytest.approx(waits, abs=1e-7)
    assert queues.mmc_mean_wait(load, 1.0, servers) == pytest.approx(wait, abs=1e-6)


@pytest.mark.parametrize(("load", "servers", "blocked"), [(3.0, 5, 0.11005435), (10.0, 10, 0.21458234)])
def test_erlang_b(load: float, servers: int, blocked: float) -> None:
    """The recursion gives the last term of the truncated Poisson distribution, and its tabulated value."""
    terms = [load**k / math.factorial(k) for k in range(servers + 1)]
    assert queues.erlang_b(load, servers) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)
    assert queues.erlang_b(load, servers) == pytest.approx(blocked, abs=1e-8)


def test_mmc_with_one_server_is_mm1() -> None:
    """With one server the formulas of M/M/c turn into those of M/M/1."""
    assert queues.erlang_c(0.7, 1) == pytest.approx(0.7, rel=1e-12)
    assert queues.mmc_mean_wait(0.35, 2.0, 1) == pytest.approx(queues.mm1_mean_wait(0.35, 2.0), rel=1e-12)
    assert queues.mmc_mean_number(0.35, 2.0, 1) == pytest.approx(queues.mm1_mean_number(0.35, 2.0), rel=1e-12)


def test_wait_quantile_inverts_the_tail() -> None:
    """The probability to wait longer than the p-quantile of M/M/c is 1 - p."""
    t = queues.mmc_wait_quantile(1.6, 1.0, 2, 0.95)
    assert queues.erlang_c(1.6, 2) * math.exp(-(2.0 - 1.6) * t) == pytest.approx(0.05, rel=1e-12)


def test_wait_quantile_is_zero_inside_the_mass_at_zero() -> None:
    """A quantile is exactly 0 where fewer jobs than the rest wait at all."""
    assert queues.erlang_c(0.5, 2) < 0.2
    assert queues.mmc_wait_quantile(0.5, 1.0, 2, 0.8) == 0.0


@pytest.mark.parametrize(("scv", "wait"), [(0.0, 2.0), (0.25, 2.5), (1.0, 4.0), (4.0, 10.0)])
def test_mg1(scv: float, wait: float) -> None:
    """Pollaczek and Khinchine at rho .8 for constant, Erlang-4, exponential and cv^2 = 4."""
    assert queues.mg1_mean_wait(0.8, 1.0, scv) == pytest.approx(wait, rel=1e-12)


def test_jackson_points() -> None:
    """The four-station network with feedback has rates 10, 2, 11.6, 2.4 and its published mean numbers."""
    external = np.array([8.0, 0.0, 6.0, 0.0])
    routing = np.array([[0.0, 0.2, 0.56, 0.24], [1.0, 0.0, 0.0, 0.0], [0.0] * 4, [0.0] * 4])
    demands = 1.0 / np.array([14.0, 9.0, 17.0, 7.0])
    assert queues.jackson_rates(external, routing) == pytest.approx([10.0, 2.0, 11.6, 2.4], rel=1e-12)
    numbers = queues.jackson_numbers(external, routing, demands, (1, 1, 1, 1))
    assert numbers == pytest.approx((2.5, 0.2857143, 2.148148, 0.5217391), abs=1e-6)


def test_tandem_points() -> None:
    """Three queues in a row at rate .5 with rates 1, .8, .6 hold jobs for 2, 10/3 and 10 s (Burke)."""
    stays = [queues.mm1_mean_wait(0.5, 1.0 / mu) + 1.0 / mu for mu in (1.0, 0.8, 0.6)]
    assert stays == pytest.approx([2.0, 10.0 / 3.0, 10.0], rel=1e-12)


def test_an_unstable_queue_waits_for_ever() -> None:
    """At or above a load of one per server every wait and number is infinite."""
    assert queues.mm1_mean_wait(1.0, 1.0) == math.inf
    assert queues.mm1_mean_number(1.1, 1.0) == math.inf
    assert queues.mmc_mean_wait(2.0, 1.0, 2) == math.inf
    assert queues.mmc_wait_quantile(2.0, 1.0, 2, 0.5) == math.inf
    assert queues.mg1_mean_wait(1.0, 1.0, 0.0) == math.inf


def test_no_load_waits_not_at_all() -> None:
    """Without arrivals nobody waits."""
    assert queues.erlang_c(0.0, 3) == 0.0
    assert queues.mmc_mean_wait(0.0, 1.0, 3) == 0.0
    assert queues.mmc_wait_quantile(0.0, 1.0, 3, 0.95) == 0.0
