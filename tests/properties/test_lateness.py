"""Which jobs are late: worked out by hand for every way in which a job leaves or stays."""

from __future__ import annotations

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Delay, Flow, Network, Outage, Retry, Scheduled, Spawn, Station, Visit, frozen_floats
from tests.properties.test_conservation import ENGINES, run

DESK = (Visit("s", dist.constant(0.5)),)
TEN_JOBS = Scheduled(frozen_floats(range(10)), tuple(100 + job for job in range(10)))
OUTAGE = (Outage(3.25, 3.875),)
"""Behind it the jobs that came at 3, 4, ... 9 s leave at 7.375, 7.875, ... 10.375 s: after 4.375, 3.875, 3.375, 2.875, 2.375,
1.875 and 1.375 s."""


def lateness(one: Replication, flow: int = 0) -> list[int]:
    """Late jobs, those among them that are still there, and the records of late jobs."""
    return [int(one.flow_counts[key][flow]) for key in ("late", "late_inside", "late_records")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("due_s", "window_s", "late"),
    [
        (2.0, (0.0, 20.0), [5, 0, 103 + 104 + 105 + 106 + 107]),
        (2.375, (0.0, 20.0), [4, 0, 103 + 104 + 105 + 106]),
        (2.0, (0.0, 8.125), [4, 2, 103 + 104 + 105 + 106]),
        (2.0, (7.5, 20.0), [4, 0, 104 + 105 + 106 + 107]),
        (2.0, (7.5, 8.125), [3, 2, 104 + 105 + 106]),
        (None, (0.0, 20.0), [0, 0, 0]),
    ],
)
def test_jobs_behind_an_outage(
    engine: EngineName, due_s: float | None, window_s: tuple[float, float], late: list[int]
) -> None:
    """Jobs that take longer than `due_s` are late, not those that take just that; so are those still there at the end.

    Who left before the window opened does not count, who was late by then and left inside it does.
    """
    flow = Flow("f", DESK, TEN_JOBS, due_s=due_s)
    one = run(engine, Network("late", window_s[1], (Station("s", 1, None, OUTAGE),), (flow,), warm_up_s=window_s[0]))
    assert lateness(one) == late


@pytest.mark.parametrize("engine", ENGINES)
def test_time_is_counted_over_all_attempts(engine: EngineName) -> None:
    """Of two jobs at a station for one, the second is refused, tries again after 3 s and is served after 3.5 s: late."""
    retry = Retry(2, dist.constant(3.0))
    arrivals = Scheduled(frozen_floats([1.0, 1.0]), (7, 7))
    for due_s, late in ((3.0, [1, 0, 7]), (3.5, [0, 0, 0])):
        flow = Flow("f", DESK, arrivals, retry=retry, due_s=due_s)
        one = run(engine, Network("again", 20.0, (Station("s", 1, capacity=1),), (flow,)))
        assert one.flow_counts["completed"].tolist() == [2]
        assert lateness(one) == late


@pytest.mark.parametrize("engine", ENGINES)
def test_lost_and_abandoned_jobs_may_be_late(engine: EngineName) -> None:
    """Jobs lost for good after 3 s, or out of patience after 4 s, are late after 2 s; who pauses before a retry is inside."""
    arrivals = Scheduled(frozen_floats([1.0, 2.0]), (10, 20))
    stays = Flow("stays", (Visit("full", dist.constant(50.0)),), Scheduled(frozen_floats([0.0]), (1,)))
    taken = Flow("taken", (Visit("long", dist.constant(50.0)),), Scheduled(frozen_floats([0.0]), (1,)))
    lost = Flow("lost", (Visit("full", dist.constant(1.0)),), arrivals, retry=Retry(2, dist.constant(3.0)), due_s=2.0)
    waits = (Delay(dist.constant(1.0)), Visit("long", dist.constant(1.0)))
    bored = Flow("bored", waits, arrivals, patience=dist.constant(3.0), due_s=2.0)
    stations = (Station("full", 1, capacity=1), Station("long", 1))
    one = run(engine, Network("gone", 20.0, stations, (stays, lost, bored, taken)))
    assert one.flow_counts["lost"].tolist() == [0, 2, 0, 0]
    assert one.flow_counts["abandoned"].tolist() == [0, 0, 2, 0]
    assert [lateness(one, flow) for flow in range(4)] == [[0, 0, 0], [2, 0, 30], [2, 0, 30], [0, 0, 0]]
    one = run(engine, Network("gone", 4.5, stations, (stays, lost, bored, taken)))
    assert lateness(one, 1) == [2, 1, 30]


@pytest.mark.parametrize("engine", ENGINES)
def test_spawned_job_has_a_time_of_its_own(engine: EngineName) -> None:
    """A job that starts another after 3 s is late after 2 s; the other, which takes 1 s, is not."""
    parent = Flow("parent", (Delay(dist.constant(3.0)), Spawn("child")), Scheduled(frozen_floats([1.0]), (1,)), due_s=2.0)
    child = Flow("child", (Delay(dist.constant(1.0)),), due_s=2.0)
    one = run(engine, Network("spawn", 20.0, (Station("s", 1),), (parent, child)))
    assert [lateness(one, flow)[0] for flow in (0, 1)] == [1, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_zombie_work_is_no_job(engine: EngineName) -> None:
    """A job that timed out after 1 s is not late after 2 s, although its work goes on to the end of the run."""
    flow = Flow(
        "f", (Visit("s", dist.constant(50.0)),), Scheduled(frozen_floats([1.0]), (1,)), timeout=dist.constant(1.0),
        zombie=True, due_s=2.0,
    )  # fmt: skip
    one = run(engine, Network("zombie", 20.0, (Station("s", 1),), (flow,)))
    assert one.flow_counts["abandoned"].tolist() == [1]
    assert lateness(one) == [0, 0, 0]
