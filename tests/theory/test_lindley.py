"""Single queues against the recursions of Lindley and of Kiefer and Wolfowitz, visit by visit and to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.draws import PURPOSE_DEMAND, job_key, uniform_pair
from jukinet_sim.chance.keys import name_hash, replication_key
from jukinet_sim.chance.sampling import Samplers, sample
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import Flow, Network, Piecewise, Poisson, Scheduled, Station, Visit

SEED = 5
JOBS = 3000
Floats = NDArray[np.float64]


def visits(network: Network, engine: EngineName) -> tuple[Floats, Floats, Floats]:
    """Give arrival, start and end of every finished visit, in the order of starts (ties: as they ended)."""
    program = compile_program(network)
    rows = conduct(make_engine(engine, program, SEED, 0, keep_rows=True), program, 0).visit_rows
    assert rows is not None
    order = np.argsort(rows[1][:, 1], kind="stable")
    arrive, start, end = rows[1][order].T
    return arrive, start, end


def on_quarters(servers: int) -> Network:
    """Build a station whose times are all multiples of 1/4 s, so that sums and differences of them are exact."""
    rng = np.random.default_rng(11)
    at_s = np.cumsum(rng.integers(0, 8, JOBS)) / 4.0
    quarters = dist.empirical((0.25, 0.5, 1.0, 4.0), (3.0, 2.0, 2.0, 1.0)) if servers == 1 else dist.constant(2.75)
    flow = Flow("f", (Visit("s", quarters),), Scheduled(at_s, (1,) * JOBS))
    return Network("quarters", 1e6, (Station("s", servers),), (flow,))


def test_waits_follow_lindley(engine: EngineName) -> None:
    """On exact times W' = max(0, W + S - A) gives every wait of a single server, ties included."""
    arrive, start, end = visits(on_quarters(1), engine)
    expected = np.zeros(JOBS)
    for n in range(1, JOBS):
        expected[n] = max(0.0, expected[n - 1] + (end[n - 1] - start[n - 1]) - (arrive[n] - arrive[n - 1]))
    assert expected.max() > 10.0
    np.testing.assert_array_equal(start - arrive, expected)


def test_waits_follow_kiefer_and_wolfowitz(engine: EngineName) -> None:
    """On exact times the ordered workload vector of three servers gives every wait."""
    arrive, start, _ = visits(on_quarters(3), engine)
    work = np.zeros(3)
    expected = np.zeros(JOBS)
    for n in range(JOBS):
        if n > 0:
            work = np.maximum(work - (arrive[n] - arrive[n - 1]), 0.0)
        expected[n] = work[0]
        work[0] += 2.75
        work.sort()
    assert expected.max() > 1.0
    np.testing.assert_array_equal(start - arrive, expected)


@pytest.mark.parametrize(
    "demand",
    [
        dist.gamma(0.8, 0.7),
        dist.lognormal(0.8, 1.5),
        dist.hyperexponential(0.8, 2.0),
        dist.weibull(0.8, 0.5),
        dist.uniform(0.1, 1.5),
    ],
    ids=["gamma", "lognormal", "hyperexponential", "weibull", "uniform"],
)
def test_starts_follow_the_previous_end(engine: EngineName, demand: Distribution) -> None:
    """With any floats a visit starts at the later of its arrival and the end before it, from merged streams too."""
    step = (Visit("s", demand),)
    course = Piecewise(np.array([0.0, 50.0]), np.array([0.2, 0.9]), 100.0)
    flows = (Flow("steady", step, Poisson(0.6)), Flow("wave", step, course))
    arrive, start, end = visits(Network("merged", 2500.0, (Station("s", 1),), flows), engine)
    assert len(arrive) > 2000
    assert np.all(np.diff(arrive) >= 0.0)
    np.testing.assert_array_equal(start[1:], np.maximum(arrive[1:], end[:-1]))


def test_service_is_the_drawn_demand(engine: EngineName) -> None:
    """Each visit ends exactly its own keyed draw after its start."""
    demand = dist.gamma(0.8, 0.7)
    flow = Flow("f", (Visit("s", demand, label="only"),), Poisson(1.0))
    _, start, end = visits(Network("drawn", 2500.0, (Station("s", 1),), (flow,)), engine)
    samplers = Samplers()
    samplers.add(demand)
    rows, tail = samplers.arrays()
    key = replication_key(SEED, 0)
    for number in range(len(start)):
        job = job_key(name_hash("f"), number)
        u, _ = uniform_pair(key, job, name_hash("only"), 0, 0, PURPOSE_DEMAND)
        assert end[number] == start[number] + sample(rows, tail, 0, u)


def test_a_full_timetable_makes_nobody_wait(engine: EngineName) -> None:
    """At a load of exactly 1 with constant gaps and demands (D/D/1) every wait is exactly 0."""
    at_s = 0.5 * np.arange(JOBS, dtype=np.float64)
    flow = Flow("f", (Visit("s", dist.constant(0.5)),), Scheduled(at_s, (1,) * JOBS))
    arrive, start, _ = visits(Network("D/D/1", 1e6, (Station("s", 1),), (flow,)), engine)
    assert len(start) == JOBS
    np.testing.assert_array_equal(start, arrive)
