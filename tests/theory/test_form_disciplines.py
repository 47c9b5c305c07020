"""Priorities, processor sharing, batches and breakdowns at their points, limits and conservation laws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.theory import queues
from jukinet_sim.theory.batches import mxg1_mean_wait, mxm1_mean_number
from jukinet_sim.theory.breakdowns import availability, mm1_breakdown_number
from jukinet_sim.theory.priority import mg1_priority_waits, mmc_priority_waits
from jukinet_sim.theory.sharing import ps_mean_number, ps_mean_sojourn


def test_priority_points() -> None:
    """Three exponential classes at rates .2, .3 and .3 wait 1, 2 and 8 services."""
    assert mg1_priority_waits((0.2, 0.3, 0.3), (1.0,) * 3, (1.0,) * 3) == pytest.approx((1.0, 2.0, 8.0), rel=1e-12)


def test_priority_conserves_work() -> None:
    """Weighted by their loads the waits of all classes add up to those of one class with the mixed demand (Kleinrock)."""
    rates, demands, scvs = (0.1, 0.3, 0.05), (2.0, 1.0, 3.0), (0.0, 1.0, 4.0)
    waits = mg1_priority_waits(rates, demands, scvs)
    loads = [r * d for r, d in zip(rates, demands, strict=True)]
    rate, mean = sum(rates), sum(loads) / sum(rates)
    second = sum(r * d * d * (1.0 + v) for r, d, v in zip(rates, demands, scvs, strict=True)) / rate
    mixed = queues.mg1_mean_wait(rate, mean, second / mean**2 - 1.0)
    assert sum(load * wait for load, wait in zip(loads, waits, strict=True)) == pytest.approx(sum(loads) * mixed, rel=1e-12)


def test_one_class_is_first_come_first_served() -> None:
    """A single class waits as in M/G/1, and with several servers as in M/M/c."""
    assert mg1_priority_waits((0.4,), (2.0,), (0.25,))[0] == pytest.approx(queues.mg1_mean_wait(0.4, 2.0, 0.25), rel=1e-12)
    assert mmc_priority_waits((1.6,), 1.0, 2)[0] == pytest.approx(queues.mmc_mean_wait(1.6, 1.0, 2), rel=1e-12)


def test_priority_at_several_servers_conserves_work() -> None:
    """With one demand for all the mean over jobs is the wait of M/M/c, whatever the classes."""
    rates = (1.0, 2.0, 1.0)
    waits = mmc_priority_waits(rates, 1.0, 5)
    mean = sum(r * w for r, w in zip(rates, waits, strict=True)) / 4.0
    assert mean == pytest.approx(queues.mmc_mean_wait(4.0, 1.0, 5), rel=1e-12)
    assert waits == tuple(sorted(waits))


def test_priority_at_one_server_agrees_between_both_forms() -> None:
    """With one server and exponential demands both forms are one."""
    single = mmc_priority_waits((0.2, 0.3), 1.0, 1)
    assert single == pytest.approx(mg1_priority_waits((0.2, 0.3), (1.0, 1.0), (1.0, 1.0)), rel=1e-12)


def test_overload_hits_the_lowest_class() -> None:
    """Only classes whose load, with all above them, reaches one wait for ever."""
    waits = mg1_priority_waits((0.5, 0.6), (1.0, 1.0), (1.0, 1.0))
    assert math.isfinite(waits[0])
    assert waits[1] == math.inf


def test_sharing_points() -> None:
    """At rho .8 a stay is five demands, and four jobs are present."""
    assert ps_mean_sojourn(0.8, 1.0) == pytest.approx(5.0, rel=1e-12)
    assert ps_mean_number(0.8, 1.0) == pytest.approx(4.0, rel=1e-12)


def test_sharing_obeys_little_class_by_class() -> None:
    """Two kinds of jobs with different demands have the stays that add up to the mean number."""
    rates, demands = (0.5, 0.4), (1.0, 3.0)
    rate, mean = 0.9, (0.5 * 1.0 + 0.4 * 3.0) / 0.9
    stays = [ps_mean_sojourn(rate, mean, 2, demand) for demand in demands]
    number = sum(r * stay for r, stay in zip(rates, stays, strict=True))
    assert number == pytest.approx(ps_mean_number(rate, mean, 2), rel=1e-12)


def test_sharing_among_many_servers_is_undisturbed() -> None:
    """With servers to spare, or alone, a job stays for its demand."""
    assert ps_mean_sojourn(1.0, 1.0, 100) == pytest.approx(1.0, rel=1e-9)
    assert ps_mean_sojourn(0.0, 1.0, 1, 2.5) == 2.5


def test_batch_point() -> None:
    """Batches of five at rho .8 keep twelve jobs in the system."""
    assert mxm1_mean_number(0.16, 5.0, 25.0, 1.0) == pytest.approx(12.0, rel=1e-12)


def test_batch_forms_agree_by_littles_law() -> None:
    """The number of M^X/M/1 is the rate of jobs times wait plus demand in M^X/G/1 with an exponential demand."""
    rate, mean, second = 0.05, 3.0, 15.0
    wait = mxg1_mean_wait(rate, mean, second, 4.0, 1.0)
    assert rate * mean * (wait + 4.0) == pytest.approx(mxm1_mean_number(rate, mean, second, 4.0), rel=1e-12)


def test_batches_of_one_are_single_arrivals() -> None:
    """Batches of one job wait as in M/G/1, and overloaded ones for ever."""
    assert mxg1_mean_wait(0.4, 1.0, 1.0, 2.0, 0.25) == pytest.approx(queues.mg1_mean_wait(0.4, 2.0, 0.25), rel=1e-12)
    assert mxg1_mean_wait(0.4, 2.0, 4.0, 2.0, 0.25) == math.inf
    assert mxm1_mean_number(0.5, 2.0, 4.0, 1.0) == math.inf


def test_breakdown_point() -> None:
    """At half load with failure rate .1 and repair rate .4 the server works for .8 of time and 7/3 jobs are present."""
    assert availability(10.0, 2.5) == pytest.approx(0.8, rel=1e-12)
    assert mm1_breakdown_number(0.5, 1.0, 10.0, 2.5) == pytest.approx(7.0 / 3.0, rel=1e-12)


def test_rare_breakdowns_leave_mm1() -> None:
    """A server that practically never fails, or is back at once, is that of M/M/1 at its full or reduced rate."""
    assert mm1_breakdown_number(0.5, 1.0, 1e12, 1.0) == pytest.approx(1.0, rel=1e-9)
    assert mm1_breakdown_number(0.5, 1.0, 1e-9, 0.25e-9) == pytest.approx(queues.mm1_mean_number(0.5, 1.25), rel=1e-6)
    assert mm1_breakdown_number(0.8, 1.0, 10.0, 2.5) == math.inf


def test_breakdowns_balance() -> None:
    """A truncated chain of server state and number, solved by its balance equations, has the same mean number."""
    rate, serves, fails, repairs, most = 0.4, 1.0, 0.3, 0.9, 300
    generator = np.zeros((2 * most, 2 * most))
    for n in range(most):
        up, down = 2 * n, 2 * n + 1
        generator[up, down], generator[down, up] = fails, repairs
        if n + 1 < most:
            generator[up, up + 2] = generator[down, down + 2] = rate
        if n > 0:
            generator[up, up - 2] = serves
    q = generator - np.diag(generator.sum(axis=1))
    law = np.linalg.solve(np.vstack([q.T[:-1], np.ones(2 * most)]), np.eye(2 * most)[-1])
    number = float(np.dot(law, np.repeat(np.arange(most), 2)))
    assert mm1_breakdown_number(rate, 1.0, 1.0 / fails, 1.0 / repairs) == pytest.approx(number, rel=1e-8)
