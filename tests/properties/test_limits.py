"""Where runs end before their time, and the extremes that must not end them; both engines agree on all of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine import layout
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Breakdowns,
    Closed,
    Delay,
    Flow,
    Loop,
    Modulated,
    Network,
    Outage,
    Part,
    Piecewise,
    Poisson,
    Pool,
    Release,
    Retry,
    Scheduled,
    Spawn,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from tests.twins.compare import assert_twins, run_reference

ENGINES: tuple[EngineName, ...] = ("fast", "reference")
pytestmark = pytest.mark.parametrize("engine", ENGINES)


def at(*times_s: float) -> Scheduled:
    """Arrivals of one record each."""
    return Scheduled(frozen_floats(times_s), (1,) * len(times_s))


def run(engine: EngineName, network: Network) -> Replication:
    """One replication; that of the fast engine must be the same on the other."""
    return assert_twins(network) if engine == "fast" else run_reference(network)


def culprit(*route: Step, arrives_s: float = 1.0) -> tuple[Flow, ...]:
    """A harmless flow and two jobs of a flow named culprit."""
    return (
        Flow("harmless", (Delay(dist.constant(0.5)),), at(0.0)),
        Flow("culprit", route, at(arrives_s, arrives_s)),
    )


SILENT = Modulated((0.0, 0.0), ((0.0, 0.5), (0.25, 0.0)))
ZERO = dist.constant(0.0)
ONE = (Station("s", 1),)
ROUND = (Visit("s", dist.constant(1.0), label="round"), Branch((("round", 1.0),)))
STANDSTILL = (Delay(dist.constant(0.0), label="again"), Branch((("again", 1.0),)))


def test_event_budget(engine: EngineName) -> None:
    """A run that never ends stops after its budget of events and names the step where it was."""
    one = run(engine, Network("endless", 1e9, ONE, culprit(*ROUND), event_budget=1000))
    assert one.events == 1000
    assert not one.complete
    assert one.limit is not None
    assert one.limit.startswith("the event budget of 1,000 was used up")
    assert "; most frequent step: visit s of culprit (round); " in one.limit
    assert one.limit.endswith('or write a larger run.event_budget, such as "event_budget: 2000"')


def test_event_budget_and_the_window(engine: EngineName) -> None:
    """What a stopped run observed ends with its last event: no server was busy for longer than that."""
    one = run(engine, Network("endless", 1e9, ONE, culprit(*ROUND), event_budget=1000))
    assert one.visit_rows is not None
    assert one.window_s == (0.0, one.visit_rows[1][-1, 2])
    assert one.station_sums["busy_area"].tolist() == [one.window_s[1] - 1.0]


@pytest.mark.parametrize("arrives_s", [0.0, 1.0])
@pytest.mark.parametrize(
    ("route", "steps"),
    [
        (STANDSTILL, ("delay of culprit (again)", "branch of culprit")),
        ((Loop((Delay(dist.constant(0.0)),), times=10**6),), ("delay of culprit", "loop of culprit")),
        ((Spawn("culprit"), Spawn("culprit")), ("spawn culprit of culprit",)),
    ],
    ids=["branch back", "loop", "spawning itself"],
)
def test_standstill(engine: EngineName, route: tuple[Step, ...], steps: tuple[str, ...], arrives_s: float) -> None:
    """Endless steps without time passing use up the budget of one instant, and the message names a step of the circle."""
    flows = culprit(*route, arrives_s=arrives_s)
    one = run(engine, Network("standstill", 10.0, ONE, flows, same_instant_budget=3000))
    assert one.limit is not None
    assert one.limit.startswith("too many steps at one instant")
    assert any(f"; most frequent step: {step};" in one.limit for step in steps)
    assert one.limit.endswith('or write a larger run.same_instant_budget, such as "same_instant_budget: 6000"')
    assert one.window_s == (0.0, arrives_s)
    assert one.identities == {}, "a step that was cut in two breaks laws, which says nothing"


def test_busy_instant_within_the_budget(engine: EngineName) -> None:
    """As many steps at one instant as the budget allows are no standstill, and the next instant has a budget of its own."""
    # Two arrivals and 49 rounds of each job: 100 steps at 1 s, and 100 at 2 s.
    flows = (Flow("f", (Loop((Delay(dist.constant(0.0)),), times=49),), at(1.0, 1.0, 2.0, 2.0)),)
    one = run(engine, Network("busy", 10.0, (), flows, same_instant_budget=100))
    assert one.limit is None
    assert one.flow_counts["completed"].tolist() == [4]
    one = run(engine, Network("busy", 10.0, (), flows, same_instant_budget=99))
    assert one.limit is not None


def test_cancelled_events_use_no_budget(engine: EngineName) -> None:
    """Completions that an outage called off count neither as events nor against the budget of their instant."""
    # Five jobs would end at 3 s; stopped from 1 s to 2 s they end at 4 s.
    jobs, late = 5, Flow("late", (Delay(dist.constant(2.0)),), at(3.0))
    flows = (Flow("stopped", (Visit("s", dist.constant(3.0)),), at(*[0.0] * jobs)), late)
    network = Network("cancelled", 10.0, (Station("s", jobs, None, (Outage(1.0, 1.0),)),), flows, same_instant_budget=jobs)
    one = run(engine, network)
    assert one.limit is None
    assert one.events == 2 * jobs + 2 + 2


def test_token_not_held(engine: EngineName) -> None:
    """Giving back a token that the job does not hold stops the run at that step."""
    route = (Acquire("p"), Release("p"), Visit("s", dist.constant(1.0)), Release("p", label="twice"))
    one = run(engine, Network("release", 10.0, ONE, culprit(*route), (Pool("p", 1),)))
    assert one.limit == "a job releases a token that it does not hold, at culprit: twice"


def test_too_many_tokens(engine: EngineName) -> None:
    """A job may hold as many tokens as fit its record; one more stops the run at that step."""
    pool = (Pool("p", 100),)
    full = Network("tokens", 10.0, ONE, culprit(*[Acquire("p")] * layout.MAX_TOKENS), pool)
    assert run(engine, full).limit is None
    over = Network("tokens", 10.0, ONE, culprit(Loop((Acquire("p"),), times=layout.MAX_TOKENS + 1)), pool)
    one = run(engine, over)
    assert one.limit == f"a job holds more than {layout.MAX_TOKENS} tokens at once, at culprit: 0.0"


@pytest.mark.parametrize("delay_s", [-0.25, np.inf, np.nan])
def test_impossible_delay(engine: EngineName, delay_s: float) -> None:
    """A delay or demand that is negative, infinite or no number stops the run at its step."""
    for step in (Delay(dist.constant(delay_s)), Visit("s", dist.constant(delay_s))):
        one = run(engine, Network("delay", 10.0, ONE, culprit(step)))
        assert one.limit == "a delay that is not a finite number >= 0 was drawn at culprit: 0"


@pytest.mark.parametrize("seconds", [-0.25, np.inf, np.nan])
@pytest.mark.parametrize("what", ["patience", "timeout", "back-off", "think", "part"])
def test_impossible_time(engine: EngineName, what: str, seconds: float) -> None:
    """A patience, time-out, back-off, think time or demand with its parts that is no time stops the run."""
    time = dist.constant(seconds)
    visit = Visit("s", dist.constant(0.125), parts=(Part(time),)) if what == "part" else Visit("s", dist.constant(1.0))
    flow = Flow("f", (visit,), Closed(2, time) if what == "think" else at(1.0, 1.0))
    if what == "patience":
        flow = replace(flow, patience=time)
    elif what == "timeout":
        flow = replace(flow, timeout=time)
    elif what == "back-off":
        flow = replace(flow, retry=Retry(3, time))
    capacity = 1 if what == "back-off" else None
    one = run(engine, Network("time", 10.0, (Station("s", 1, capacity=capacity),), (flow,)))
    assert one.limit is not None
    assert one.limit.startswith("a delay that is not a finite number >= 0 was drawn")
    assert not one.complete


@pytest.mark.parametrize("seconds", [-0.25, np.inf, np.nan])
@pytest.mark.parametrize("per", ["server", "station"])
def test_impossible_breakdowns(engine: EngineName, per: Literal["server", "station"], seconds: float) -> None:
    """A time up or down that is no time stops the run."""
    for up, down in ((seconds, 1.0), (1.0, seconds)):
        station = Station("s", 1, breakdowns=Breakdowns(dist.constant(up), dist.constant(down), per))
        one = run(engine, Network("time", 10.0, (station,), (Flow("f", (Visit("s", dist.constant(1.0)),), at(1.0)),)))
        assert one.limit is not None
        assert one.limit.startswith("a delay that is not a finite number >= 0 was drawn")


STORMS = {
    "refused": Flow("f", (Visit("s", dist.constant(1.0)),), at(1.0, 1.0), retry=Retry(None, ZERO)),
    "impatient": Flow("f", (Visit("t", dist.constant(1.0)),), at(1.0, 1.0), patience=ZERO, retry=Retry(None, ZERO)),
    "timed out": Flow("f", (Visit("t", dist.constant(1.0)),), at(1.0, 1.0), timeout=ZERO, retry=Retry(None, ZERO)),
    "zombies": Flow("f", (Visit("t", dist.constant(1.0)),), at(1.0), timeout=ZERO, zombie=True, retry=Retry(None, ZERO)),
    "closed": Flow("f", (Delay(ZERO),), Closed(2, ZERO)),
    "closed and refused": Flow("f", (Visit("s", dist.constant(1.0)),), Closed(2, ZERO)),
}


@pytest.mark.parametrize("storm", STORMS)
def test_storm_without_time(engine: EngineName, storm: str) -> None:
    """Attempts or cycles without time between them use up the budget of one instant; what was seen is marked partial."""
    stations = (Station("s", 1, capacity=1), Station("t", 1))
    one = run(engine, Network("storm", 10.0, stations, (STORMS[storm],), same_instant_budget=2000))
    assert one.limit is not None
    assert one.limit.startswith("too many steps at one instant")
    assert not one.complete
    assert one.window_s[1] <= 1.0


def test_storm_with_tiny_back_off(engine: EngineName) -> None:
    """Attempts a nanosecond apart use up the budget of events."""
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), at(1.0, 1.0), retry=Retry(None, dist.constant(1e-9)))
    one = run(engine, Network("storm", 10.0, (Station("s", 1, capacity=1),), (flow,), event_budget=5000))
    assert one.limit is not None
    assert one.limit.startswith("the event budget of 5,000 was used up")
    assert one.flow_counts["arrived"].tolist() == [2]


def test_servers_that_fail_without_time(engine: EngineName) -> None:
    """Breakdowns that last no time and follow each other at once use up the budget of one instant."""
    station = Station("s", 1, breakdowns=Breakdowns(ZERO, ZERO))
    one = run(engine, Network("broken", 10.0, (station,), culprit(*ROUND), same_instant_budget=2000))
    assert one.limit is not None
    assert one.limit.startswith("too many steps at one instant")


def test_cascade_of_spawned_jobs(engine: EngineName) -> None:
    """Jobs that multiply in next to no time stop at the budget of jobs, far from filling the memory."""
    flow = Flow("f", (Delay(dist.constant(1e-9)), Spawn("f"), Spawn("f")), at(1.0))
    network = Network("cascade", 10.0, (), (flow,), job_budget=5000)
    one = run(engine, network)
    assert one.limit is not None
    assert one.limit.startswith("more than 5,000 jobs are in the system at once")
    assert not one.complete
    assert one.flow_counts["in_system"].sum() == network.job_budget


CROWDS = {
    "arriving": (Flow("f", (Visit("s", dist.constant(1.0)),), Poisson(50.0)),),
    "with time-outs": (Flow("f", (Visit("s", dist.constant(1.0)),), Poisson(50.0), timeout=dist.constant(500.0)),),
    "spawned": (Flow("f", (Spawn("g"), Spawn("g"), Spawn("g")), Poisson(1.0)), Flow("g", (Visit("s", dist.constant(1.0)),))),
    "closed": (Flow("f", (Visit("s", dist.constant(1.0)),), Closed(300, dist.exponential(1.0))),),
    "trying again": (
        Flow("f", (Visit("t", dist.constant(1.0)),), Poisson(50.0), retry=Retry(None, dist.exponential(1.0))),
    ),
}


@pytest.mark.parametrize("budget", [1, 63, 64, 200])
@pytest.mark.parametrize("crowd", CROWDS)
def test_job_budget_belongs_to_the_sample_path(engine: EngineName, crowd: str, budget: int) -> None:
    """The job that would be one too many stops a run as it comes, whatever else the engine keeps records of."""
    broken = Breakdowns(dist.exponential(5.0), dist.exponential(0.1))
    stations = (Station("s", 1), Station("t", 1, capacity=1), Station("broken", 500, breakdowns=broken))
    one = run(engine, Network("crowd", 1000.0, stations, CROWDS[crowd], job_budget=budget))
    assert one.limit is not None
    assert one.limit.startswith(f"more than {budget:,} jobs are in the system at once")
    assert one.flow_counts["in_system"].sum() == budget


def test_job_budget_met_by_a_job_on_its_way(engine: EngineName) -> None:
    """Who meets the budget between a pool and a spawn has left the queue of the pool, whatever its time-out would do next."""
    route = (Acquire("pool"), Spawn("child"), Spawn("child"), Delay(dist.constant(0.125)), Release("pool"))
    flows = (
        Flow("parent", route, at(0.0, 0.0, 0.0), timeout=dist.constant(1.0), retry=Retry(3, dist.constant(0.5))),
        Flow("child", (Delay(dist.constant(1000.0)),)),
    )
    # The first leaves two children behind; the second is the fourth inside, its first child the fifth.
    one = run(engine, Network("spawns", 10.0, (), flows, (Pool("pool", 1),), job_budget=5))
    assert one.limit is not None
    assert one.limit.startswith("more than 5 jobs are in the system at once; most frequent step: ")
    assert any(f"step: {step};" in one.limit for step in ("acquire pool of parent", "delay of child"))
    assert one.window_s == (0.0, 0.125)


def test_event_budget_of_jobs_that_end_at_once(engine: EngineName) -> None:
    """Where nobody is inside and nothing but ends comes next, the budget is still told of, and a step of the network named."""
    flows = (Flow("brief", (Delay(ZERO),), Poisson(5.0)),)
    one = run(engine, Network("brief", 1e6, (), flows, event_budget=300))
    assert one.limit is not None
    assert one.limit.startswith("the event budget of 300 was used up; most frequent step: ")
    assert " of brief;" in one.limit


def test_as_many_jobs_as_the_budget(engine: EngineName) -> None:
    """A run in which just so many jobs as the budget allows are in the system goes to its end."""
    flow = Flow("f", (Visit("s", dist.constant(0.25)),), at(*[0.5] * 40, *[50.0] * 40))
    one = run(engine, Network("full", 100.0, ONE, (flow,), job_budget=40))
    assert one.limit is None
    assert one.flow_counts["completed"].tolist() == [80]


def test_more_jobs_than_slots(engine: EngineName) -> None:
    """Thousands of jobs in the system at once, arrived or spawned, are all kept."""
    arrived = Flow("arrived", (Visit("s", dist.constant(0.25)), Spawn("child")), at(*[1.0] * 3000))
    parent = Flow("parent", (Loop((Spawn("child"),), times=3000),), at(1.0))
    child = Flow("child", (Visit("s", dist.exponential(0.25)),))
    one = run(engine, Network("crowd", 2.0, ONE, (arrived, parent, child), drain=True))
    assert one.flow_counts["completed"].tolist() == [3000, 1, 6000]


def test_constant_times_at_full_load(engine: EngineName) -> None:
    """D/D/1 at a load of 1 never waits: the server is handed on at the instant the next job comes."""
    flow = Flow("f", (Visit("s", dist.constant(0.25)),), at(*np.arange(0.0, 1000.0, 0.25)))
    one = run(engine, Network("dd1", 1000.0, ONE, (flow,)))
    assert one.station_counts["started"].tolist() == [4000]
    assert one.station_counts["waited"].tolist() == [0]
    assert one.station_sums["wait"].tolist() == [0.0]
    assert one.station_sums["busy_area"].tolist() == [1000.0]


def test_a_thousand_servers(engine: EngineName) -> None:
    """A thousand servers take a thousand jobs at once, and the next one waits."""
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), at(*[0.0] * 1001))
    one = run(engine, Network("wide", 10.0, (Station("s", 1000, None, (Outage(0.25, 0.5),)),), (flow,)))
    assert one.station_counts["completed"].tolist() == [1001]
    assert one.station_counts["waited"].tolist() == [1]
    # Served from 0 s to 1/4 s and from 3/4 s to 3/2 s, so the last job starts then.
    assert one.station_sums["wait"].tolist() == [1.5]


@pytest.mark.parametrize(
    "arrivals",
    [None, at(), Piecewise(frozen_floats([0.0]), frozen_floats([0.0])), SILENT, Poisson(1e-300), at(10.0)],
    ids=["none", "no times", "rate 0", "a chain without a rate", "hardly any", "at the horizon"],
)
def test_no_arrivals(engine: EngineName, arrivals: Scheduled | Piecewise | Modulated | Poisson | None) -> None:
    """A run in which nothing arrives, or only when it is over, ends at its horizon with nothing in it."""
    flow = Flow("f", (Visit("s", dist.constant(1.0)),), arrivals)
    one = run(engine, Network("idle", 10.0, ONE, (flow,), warm_up_s=1.0, series_bin_s=2.0, drain=True))
    assert one.events == 0
    assert one.window_s == (1.0, 10.0)
    assert not one.flow_counts["arrived"].any()
    assert one.station_sums["busy_area"].tolist() == [0.0]


def test_outages_without_jobs(engine: EngineName) -> None:
    """An idle station is down for as long as its outages cover the window, overlaps counted once."""
    station = Station("s", 2, None, (Outage(1.0, 2.0), Outage(2.0, 3.0), Outage(9.0, 5.0)))
    one = run(engine, Network("down", 10.0, (station,), (Flow("f", (Visit("s", dist.constant(1.0)),)),)))
    assert one.station_sums["down_area"].tolist() == [2 * (4.0 + 1.0)]


def test_step_named_like_the_end_of_a_loop(engine: EngineName) -> None:
    """A label made of a loop's label and `end` is a step like any other."""
    body = (Visit("s", dist.constant(0.25)), Visit("s", dist.constant(0.5), label="l.end"))
    one = run(engine, Network("names", 20.0, ONE, (Flow("f", (Loop(body, times=2, label="l"),), at(0.0)),)))
    assert one.station_counts["completed"].tolist() == [4]
