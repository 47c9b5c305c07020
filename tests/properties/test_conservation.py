"""What no run may create or lose: jobs, records, service, server time and tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import IDENTITY_TOLERANCE, Replication, conduct
from jukinet_sim.network.model import (
    Acquire,
    Arrivals,
    Breakdowns,
    Closed,
    Discipline,
    ExactCount,
    Flow,
    Gate,
    Loop,
    Network,
    Outage,
    Pool,
    Release,
    Retry,
    Scheduled,
    Spawn,
    SpeedFrom,
    Station,
    Visit,
    frozen_floats,
)
from tests.twins.compare import run_fast, run_reference
from tests.twins.networks import networks

ENGINES: tuple[EngineName, ...] = ("fast", "reference")
BRIEFLY = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
ROUNDING = 1.0 + 1e-12


def run(engine: EngineName, network: Network, seed: int = 3) -> Replication:
    """One replication."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, seed, 0), program, 0)


@BRIEFLY
@given(networks())
def test_exact_laws_hold(network: Network) -> None:
    """Flow balance, Little's law on the path and busy time are exact, and no server idles before a queue."""
    for one in (run_fast(network), run_reference(network)):
        if one.limit is None:
            assert set(one.identities) == {"flow balance", "Little's law", "busy time", "idle server with a queue"}
            assert max(one.identities.values()) <= IDENTITY_TOLERANCE


@BRIEFLY
@given(networks())
def test_no_server_or_token_works_longer_than_the_window(network: Network) -> None:
    """Busy, down and held time lie between nothing and all the time there is."""
    one = run_fast(network)
    length_s = one.window_s[1] - one.window_s[0]
    sums = one.station_sums
    tokens = np.array([pool.tokens_at(place) for pool in network.pools for place in range(_places(network, pool.per))])
    most = np.array([s.servers_at(place) for s in network.stations for place in range(_places(network, s.per))]) * length_s
    # A server whose duty has ended finishes its last job, so that only stations without a schedule are bound by it.
    bound = np.array([s.schedule is None for s in network.stations for _ in range(_places(network, s.per))])
    # Rounding may leave a tiny negative remainder of an area that is 0.
    least = -1e-9 * (1.0 + length_s)
    for area in (sums["busy_area"], sums["down_area"], sums["server_area"]):
        assert (area >= least).all()
        assert (area <= most * ROUNDING - least).all()
    assert (sums["down_area"] <= sums["server_area"] * ROUNDING - least).all()
    assert ((sums["busy_area"] + sums["down_area"])[bound] <= sums["server_area"][bound] * ROUNDING - least).all()
    assert (one.pool_sums["in_use_area"] <= tokens * length_s * ROUNDING).all()


def _places(network: Network, level: str | None) -> int:
    return 1 if level is None else network.level(level).count


@BRIEFLY
@given(networks())
def test_visits_are_counted_once(network: Network) -> None:
    """The visits kept as rows are those that the stations count as completed, refused and given up while waiting."""
    one = run_fast(network)
    assert one.visit_rows is not None
    ends_s = one.visit_rows[1][:, 2]
    kept = one.visit_rows[0][ends_s > one.window_s[0]] if network.warm_up_s else one.visit_rows[0]
    stations = len(one.station_counts["completed"])
    for count, outcome in (("completed", L.SERVED), ("refused", L.REFUSED), ("abandoned", L.ABANDONED)):
        rows = kept[kept[:, 4] == outcome]
        assert np.bincount(rows[:, 3], minlength=stations).tolist() == one.station_counts[count].tolist()


@BRIEFLY
@given(networks())
def test_every_visit_has_one_fate(network: Network) -> None:
    """Visits that came were refused, gave up waiting, began, or still wait; those that began ended or are still there."""
    one = run_fast(replace(network, warm_up_s=0.0))
    assert one.visit_rows is not None
    counts = one.station_counts
    rows = one.visit_rows[0]
    broken_off = np.bincount(rows[rows[:, 4] == L.BROKEN_OFF, 3], minlength=len(counts["arrived"]))
    waiting = counts["arrived"] - counts["refused"] - counts["abandoned"] - counts["started"]
    present = counts["started"] - counts["completed"] - broken_off
    assert (waiting >= 0).all()
    assert (present >= 0).all()
    if one.limit is None and not any(flow.zombie for flow in network.flows):
        assert (waiting + present).sum() <= one.flow_counts["in_system"].sum()


@BRIEFLY
@given(networks())
def test_attempts_and_populations_are_bounded(network: Network) -> None:
    """No job tries more often than its flow allows, and no closed flow has more jobs in the system than members."""
    one = run_fast(replace(network, warm_up_s=0.0))
    for number, flow in enumerate(network.flows):
        most = 1 if flow.retry is None else flow.retry.attempts
        if most is not None:
            assert one.flow_counts["retried"][number] <= (most - 1) * one.flow_counts["arrived"][number]
        if isinstance(flow.arrivals, Closed):
            assert one.flow_counts["in_system"][number] <= flow.arrivals.jobs
            area = one.flow_sums["in_system_area"][number]
            assert area <= flow.arrivals.jobs * one.window_s[1] * ROUNDING


@pytest.mark.parametrize("engine", ENGINES)
@settings(BRIEFLY, max_examples=25)
@given(
    count=st.integers(0, 500),
    weights=st.lists(st.sampled_from((0.0, 1.0, 7.0)), min_size=3, max_size=3).filter(any),
    records=st.integers(0, 9),
    last=st.integers(0, 9),
)
def test_exact_count_completes_exactly(engine: EngineName, count: int, weights: list[float], records: int, last: int) -> None:
    """A drained flow of an exact count completes that many jobs, the last of them with the records of its own."""
    arrivals = ExactCount(count, frozen_floats([0.0, 10.0, 40.0]), frozen_floats(weights), 100.0)
    flow = Flow("f", (Visit("s", dist.exponential(0.3)),), arrivals, records, last)
    one = run(engine, Network("exact", 100.0, (Station("s", 1),), (flow,), drain=True))
    assert one.flow_counts["arrived"].tolist() == one.flow_counts["completed"].tolist() == [count]
    assert one.flow_counts["records"].tolist() == [(count - 1) * records + last if count else 0]


@pytest.mark.parametrize("engine", ENGINES)
@settings(BRIEFLY, max_examples=25)
@given(
    volumes=st.lists(st.integers(0, 1000), min_size=1, max_size=20),
    lot=st.integers(1, 400),
)
def test_records_are_served_once(engine: EngineName, volumes: list[int], lot: int) -> None:
    """Lot by lot, each record of a file is served once: service and completed records add up to the volume."""
    file = Loop((Visit("s", dist.constant(0.0), per_record_s=0.25), Spawn("lot")), per_records=lot)
    arrivals = Scheduled(frozen_floats(np.arange(len(volumes)) // 3), tuple(volumes))
    flows = (Flow("file", (file,), arrivals), Flow("lot", (Visit("s", dist.constant(0.0)),)))
    one = run(engine, Network("files", 10.0, (Station("s", 2),), flows, drain=True))
    lots = sum(-(-volume // lot) for volume in volumes)
    assert one.flow_counts["records"].tolist() == [sum(volumes), lots]
    assert one.station_counts["completed"].tolist() == [2 * lots]
    # Quarters of a second add up without rounding.
    assert one.station_sums["busy_area"].tolist() == [0.25 * sum(volumes)]


@pytest.mark.parametrize("engine", ENGINES)
def test_all_tokens_come_back(engine: EngineName) -> None:
    """Jobs that leave, by their last step or from the midst of a stretch, take no token with them."""
    route = (Acquire("p"), Acquire("q"), Visit("s", dist.exponential(0.5)), Release("p"), Visit("s", dist.exponential(0.5)))
    arrivals = Scheduled(frozen_floats(np.arange(200.0) / 4.0), (1,) * 200)
    pools = (Pool("p", 2), Pool("q", 3))
    one = run(engine, Network("tokens", 50.0, (Station("s", 2),), (Flow("f", route, arrivals),), pools, drain=True))
    assert one.flow_counts["completed"].tolist() == [200]
    assert one.pool_counts["taken"].tolist() == [200, 200]


@pytest.mark.parametrize("engine", ENGINES)
def test_outage_at_the_horizon(engine: EngineName) -> None:
    """A queue before a station that is down when the run ends breaks no law."""
    arrivals = Scheduled(frozen_floats([0.0, 5.5]), (1, 1))
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), arrivals)
    one = run(engine, Network("down", 10.0, (Station("s", 1, None, (Outage(5.0, 20.0),)),), (flow,)))
    assert one.flow_counts["in_system"].tolist() == [1]
    assert one.station_sums["down_area"].tolist() == [5.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_outage_after_the_last_job_of_a_drain(engine: EngineName) -> None:
    """A drained run ends with its last job; an outage planned for later is not part of it."""
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), Scheduled(frozen_floats([4.5]), (1,)))
    one = run(engine, Network("later", 5.0, (Station("s", 1, None, (Outage(1000.0, 50.0),)),), (flow,), drain=True))
    assert one.window_s == (0.0, 5.5)
    assert one.station_sums["busy_area"].tolist() == [1.0]
    assert one.station_sums["down_area"].tolist() == [0.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_job_that_a_drain_cannot_finish(engine: EngineName) -> None:
    """Service given in a drain lies inside its window even if the job then waits for ever at a closed gate."""
    gate = Gate(frozen_floats([0.0]), frozen_floats([1.0]))
    flow = Flow("f", (Visit("s", dist.constant(10.0)), gate), Scheduled(frozen_floats([2.0]), (1,)))
    one = run(engine, Network("stuck", 5.0, (Station("s", 1),), (flow,), drain=True))
    assert one.flow_counts["in_system"].tolist() == [1]
    assert one.window_s == (0.0, 12.0)
    assert one.station_sums["busy_area"].tolist() == [10.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_outages_that_touch_are_one(engine: EngineName) -> None:
    """A job that waits through two outages of which the second begins as the first ends starts once, after both."""
    arrivals = Scheduled(frozen_floats([1.5]), (1,))
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), arrivals)
    outages = (Outage(1.0, 1.0), Outage(2.0, 1.0))
    one = run(engine, Network("touch", 10.0, (Station("s", 1, None, outages),), (flow,)))
    assert one.station_sums["wait"].tolist() == [1.5]
    assert one.station_counts["started"].tolist() == [1]


HURRIED: dict[str, dict[str, Any]] = {
    "refused": {"capacity": 2},
    "impatient": {"patience": dist.exponential(0.5)},
    "timed out": {"timeout": dist.exponential(1.5)},
    "left behind": {"timeout": dist.exponential(1.5), "zombie": True},
    "tried again": {"capacity": 2, "retry": Retry(3, dist.constant(0.25))},
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("discipline", ["fifo", "ps"])
@pytest.mark.parametrize("how", HURRIED)
def test_every_job_and_token_of_a_drained_run_is_accounted_for(engine: EngineName, discipline: Discipline, how: str) -> None:
    """Each of 400 jobs has one outcome, however it leaves, and the only token is always handed on."""
    words = dict(HURRIED[how])
    capacity = words.pop("capacity", None)
    station = Station("s", 1, None, (), discipline, capacity, breakdowns=Breakdowns(dist.exponential(9.0), dist.constant(0.5)))
    flows = (
        Flow("holds", (Acquire("p"), Visit("s", dist.exponential(0.4))), _each(200, 0.5), **words),
        Flow("free", (Visit("s", dist.constant(0.25)), Visit("s", dist.constant(0.25))), _each(200, 0.75), **words),
    )
    one = run(engine, Network("hurry", 150.0, (station,), flows, (Pool("p", 1),), drain=True))
    counts = one.flow_counts
    assert not counts["in_system"].any()
    assert (counts["completed"] + counts["lost"] + counts["abandoned"]).tolist() == [200, 200]
    assert (counts["completed"] > 0).all()
    # Where all are served at once, nobody loses patience.
    assert (counts["lost"] + counts["abandoned"]).any() == ((how, discipline) != ("impatient", "ps"))
    # Whoever held the token and left gave it back: the last jobs still got it.
    assert one.pool_counts["taken"][0] >= counts["completed"][0]


def _each(count: int, apart_s: float) -> Arrivals:
    """So many jobs, this far apart."""
    return Scheduled(frozen_floats(np.arange(count) * apart_s), (1,) * count)


@pytest.mark.parametrize("engine", ENGINES)
def test_shared_servers_do_the_work_they_are_given(engine: EngineName) -> None:
    """Two sharing servers do as much work as jobs bring, at double speed in half the time."""
    for speed in ((), (SpeedFrom(0.0, 2.0),)):
        station = Station("s", 2, None, (), "ps", speed=speed)
        flow = Flow("f", (Visit("s", dist.constant(1.0)),), Scheduled(frozen_floats([0.0] * 8), (1,) * 8))
        one = run(engine, Network("shared", 10.0, (station,), (flow,), drain=True))
        assert one.station_sums["busy_area"].tolist() == [8.0 if not speed else 4.0]
        # All eight share to the end: they leave together after 8 / 2 seconds of work for each of two servers.
        assert one.flow_sums["sojourn_max"].tolist() == one.flow_sums["sojourn_min"].tolist() == [4.0 if not speed else 2.0]
