"""Tandems, closed networks and arrivals that vary in time at their points, limits and against each other."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.theory.loss import birth_death
from jukinet_sim.theory.networks import closed_network, mean_value_analysis, tandem_sojourns
from jukinet_sim.theory.time_varying import mtd_inf_mean, mtm_inf_mean


def test_tandem_points() -> None:
    """Three queues in a row at rate .5 with rates 1, .8 and .6 hold jobs for 2, 10/3 and 10 s."""
    assert tandem_sojourns(0.5, (1.0, 1.0 / 0.8, 1.0 / 0.6)) == pytest.approx((2.0, 10.0 / 3.0, 10.0), rel=1e-12)


@pytest.mark.parametrize(("jobs", "response", "throughput"), [(3, 9.0877, 0.22922), (10, 26.4699, 0.32819)])
def test_closed_points(jobs: int, response: float, throughput: float) -> None:
    """Demands 2, 3 and 1 with a think time of 4 take their tabulated values by both algorithms."""
    for solved in (
        mean_value_analysis((2.0, 3.0, 1.0), jobs, 4.0),
        closed_network((2.0, 3.0, 1.0), (1, 1, 1), jobs, 4.0),
    ):
        assert solved.response_s == pytest.approx(response, abs=1e-4)
        assert solved.throughput_per_s == pytest.approx(throughput, abs=1e-5)


def test_one_job_waits_for_nobody() -> None:
    """A single job's cycle is its think time and its demands, and it is where it spends its time."""
    for solved in (mean_value_analysis((0.2, 0.5), 1, 0.3), closed_network((0.2, 0.5), (1, 2), 1, 0.3)):
        assert solved.throughput_per_s == pytest.approx(1.0, rel=1e-12)
        assert solved.numbers == pytest.approx((0.2, 0.5), rel=1e-12)


def test_both_algorithms_agree_with_many_jobs() -> None:
    """Convolution keeps its digits where weights span hundreds of powers of ten."""
    demands, think = (0.005, 0.01, 0.0), 10.0
    exact = mean_value_analysis(demands, 1500, think)
    solved = closed_network(demands, (1, 1, 1), 1500, think)
    assert solved.throughput_per_s == pytest.approx(exact.throughput_per_s, rel=1e-9)
    assert solved.numbers == pytest.approx(exact.numbers, rel=1e-7)


def test_every_job_is_somewhere() -> None:
    """Jobs at stations and thinking jobs (Little) add up to all."""
    solved = closed_network((0.7, 2.0), (2, 3), 12, 5.0)
    assert sum(solved.numbers) + solved.throughput_per_s * 5.0 == pytest.approx(12.0, rel=1e-12)


def test_machine_repair_is_a_birth_death_chain() -> None:
    """N machines and c repairers are a chain with (N - n) failures and min(n, c) repairs under way (Palm 1947)."""
    machines, repairers, up, repair = 9, 2, 4.0, 1.5
    n = np.arange(machines + 1)
    law = birth_death((machines - n[:-1]) / up, np.minimum(n[1:], repairers) / repair)
    solved = closed_network((repair,), (repairers,), machines, up)
    assert solved.numbers[0] == pytest.approx(float(np.dot(law, n)), rel=1e-12)


def test_the_bottleneck_bounds_throughput() -> None:
    """With very many jobs the slowest station, per server, is always busy."""
    assert closed_network((2.0, 3.0), (1, 2), 400, 1.0).throughput_per_s == pytest.approx(0.5, rel=1e-9)


def test_no_jobs_do_nothing() -> None:
    """An empty closed network has no throughput by either algorithm."""
    assert mean_value_analysis((1.0,), 0, 1.0).throughput_per_s == 0.0
    assert closed_network((1.0,), (1,), 0, 1.0).throughput_per_s == 0.0


def test_sinusoid_point() -> None:
    """At 100 +- 50 arrivals an hour over a day and half an hour each, 74.57885 jobs are there at six o'clock."""
    assert mtm_inf_mean(6.0, 100.0, 50.0, 24.0, 0.5) == pytest.approx(74.57885, abs=1e-5)


def test_sinusoid_solves_its_equation() -> None:
    """m'(t) = rate(t) - m(t) / E[S] from an empty start, followed in small steps."""
    mean, amplitude, period, demand = 3.0, 2.0, 10.0, 1.5
    t = np.linspace(0.0, 7.0, 70_001)
    step = t[1] - t[0]
    number = 0.0
    for at in (t[:-1] + step / 2.0).tolist():
        rate = mean + amplitude * math.sin(2.0 * math.pi * at / period)
        number += step * (rate - number / demand) / (1.0 + step / (2.0 * demand))
    assert mtm_inf_mean(7.0, mean, amplitude, period, demand, from_empty=True) == pytest.approx(number, rel=1e-6)


def test_an_empty_start_is_forgotten() -> None:
    """At 0 an empty start is empty, and after many services it makes no difference."""
    arguments = (3.0, 2.0, 10.0, 1.5)
    assert mtm_inf_mean(0.0, *arguments, from_empty=True) == pytest.approx(0.0, abs=1e-12)
    assert mtm_inf_mean(90.0, *arguments, from_empty=True) == pytest.approx(mtm_inf_mean(90.0, *arguments), rel=1e-12)


@pytest.mark.parametrize("mean_number", [mtm_inf_mean, mtd_inf_mean])
def test_a_wave_averages_to_the_load(mean_number: object) -> None:
    """Over a period the mean number is rate times demand, for exponential and for constant demands."""
    assert callable(mean_number)
    values = [mean_number(t, 3.0, 2.0, 10.0, 1.5) for t in np.linspace(0.0, 10.0, 100, endpoint=False).tolist()]
    assert sum(values) / 100 == pytest.approx(4.5, rel=1e-9)


def test_constant_stays_count_the_last_arrivals() -> None:
    """With a demand of 2 s the jobs present are those of the last 2 s, or of all time since an empty start."""
    t = np.linspace(3.0, 5.0, 20_001)
    rate = 3.0 + 2.0 * np.sin(2.0 * np.pi * t / 10.0)
    area = float((rate[1:] + rate[:-1]).sum() * (t[1] - t[0]) / 2.0)
    assert mtd_inf_mean(5.0, 3.0, 2.0, 10.0, 2.0) == pytest.approx(area, rel=1e-8)
    assert mtd_inf_mean(5.0, 3.0, 2.0, 10.0, 50.0, from_empty=True) == pytest.approx(
        15.0 + 2.0 * (1.0 - math.cos(math.pi)) * 10.0 / (2.0 * math.pi), rel=1e-12
    )
