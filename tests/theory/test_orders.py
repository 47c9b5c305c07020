"""Last come first served and random order of service, against formulas and cases by hand, on both engines."""

from __future__ import annotations

from functools import cache

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import Discipline, Flow, Network, Outage, Poisson, Scheduled, Station, Visit, frozen_floats
from jukinet_sim.theory.orders import Order, mg1_wait_second_moment
from jukinet_sim.theory.queues import mm1_mean_wait
from tests.theory.precision import close, replicate, second_moment

RHO = 0.5


def queue(order: Discipline, lasts_s: float) -> Network:
    """M/M/1 with one order of service."""
    flow = Flow("f", (Visit("s", dist.exponential(1.0)),), Poisson(RHO))
    return Network(order, lasts_s, (Station("s", 1, discipline=order),), (flow,), warm_up_s=500.0)


@cache
def moments(engine: EngineName, order: Discipline) -> tuple[list[float], list[float]]:
    """Return the mean and the mean square of the waits in each of some replications."""
    runs = replicate(engine, lambda lasts_s: queue(order, lasts_s), 2e6)
    started = [int(one.station_counts["started"][0]) for one in runs]
    waits = [float(one.station_sums["wait"][0]) / jobs for one, jobs in zip(runs, started, strict=True)]
    squares = [second_moment(one.station_wait_histogram[0], jobs) for one, jobs in zip(runs, started, strict=True)]
    return waits, squares


@pytest.mark.parametrize("order", ["lifo", "random"])
def test_waits_of_another_order(engine: EngineName, order: Order) -> None:
    """The mean wait is that of first come first served, and the mean square 1 / (1 - rho) or 1 / (1 - rho / 2) times as much.

    The same jobs come, each for the same service, in order of arrival, so that the ratio of both squares is soon precise.
    """
    waits, squares = moments(engine, order)
    close(engine, waits, mm1_mean_wait(RHO, 1.0))
    in_order = moments(engine, "fifo")[1]
    ratio = {"lifo": 1.0 / (1.0 - RHO), "random": 1.0 / (1.0 - RHO / 2.0)}[order]
    close(engine, [mine / other for mine, other in zip(squares, in_order, strict=True)], ratio)
    expected = 2.0 * RHO / (1.0 - RHO) ** 2
    assert mg1_wait_second_moment(RHO, (1.0, 2.0, 6.0), "fifo") == pytest.approx(expected)
    assert mg1_wait_second_moment(RHO, (1.0, 2.0, 6.0), order) == pytest.approx(ratio * expected)


def starts(engine: EngineName, station: Station) -> list[float]:
    """When the four jobs that come at 0, 1, 2 and 3 s, each for 4 s, begin."""
    flow = Flow("f", (Visit("s", dist.constant(4.0)),), Scheduled(frozen_floats([0.0, 1.0, 2.0, 3.0]), (1,) * 4))
    program = compile_program(Network("four", 60.0, (station,), (flow,)))
    rows = conduct(make_engine(engine, program, 1, 0, keep_rows=True), program, 0).visit_rows
    assert rows is not None
    return [start for _, start in sorted(zip(rows[1][:, 0].tolist(), rows[1][:, 1].tolist(), strict=True))]


def test_the_last_is_the_first(engine: EngineName) -> None:
    """Who came last begins first once the server is idle; nobody is broken off."""
    assert starts(engine, Station("s", 1, discipline="lifo")) == [0.0, 12.0, 8.0, 4.0]


def test_stopped_work_goes_on_before_the_last(engine: EngineName) -> None:
    """The job that an outage stopped at 2.5 s goes on at 5 s, before the one that came at 3 s."""
    assert starts(engine, Station("s", 1, discipline="lifo", outages=(Outage(2.5, 2.5),))) == [0.0, 14.5, 10.5, 6.5]


def test_any_of_those_who_wait_is_next(engine: EngineName) -> None:
    """In random order each of the three who wait begins second in about a third of the replications, one after the other."""
    seconds = [0.0, 0.0, 0.0]
    flow = Flow("f", (Visit("s", dist.constant(4.0)),), Scheduled(frozen_floats([0.0, 1.0, 2.0, 3.0]), (1,) * 4))
    program = compile_program(Network("four", 60.0, (Station("s", 1, discipline="random"),), (flow,)))
    for replication in range(600):
        rows = conduct(make_engine(engine, program, 1, replication, keep_rows=True), program, replication).visit_rows
        assert rows is not None
        begins = dict(zip(rows[1][:, 0].tolist(), rows[1][:, 1].tolist(), strict=True))
        assert sorted(begins.values()) == [0.0, 4.0, 8.0, 12.0]
        seconds[next(i for i in range(3) if begins[i + 1.0] == 4.0)] += 1.0
    assert all(abs(seen - 200.0) < 4.0 * (600.0 * 2.0 / 9.0) ** 0.5 for seen in seconds)
