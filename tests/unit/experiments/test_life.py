"""The life of one job: what the record says is what the rules of queueing make of times that are known beforehand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.base.errors import LimitReached, UsageError
from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.engine.reference.news import News
from jukinet_sim.experiments.life import live
from jukinet_sim.experiments.life_record import CUT_OFF, FIRST, INSIDE, LAST, Entry, Life, Other, Recorder
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Breakdowns,
    Closed,
    Delay,
    Flow,
    Loop,
    Network,
    Outage,
    Poisson,
    Pool,
    Release,
    Retry,
    Scheduled,
    Spawn,
    State,
    Station,
    Step,
    Switch,
    Visit,
    frozen_floats,
)


def at(*times: float) -> Scheduled:
    """Jobs that arrive at these instants."""
    return Scheduled(frozen_floats(times), (1,) * len(times))


def desk(seconds: float) -> tuple[Step, ...]:
    """A route of one visit that takes so long."""
    return (Visit("desk", constant(seconds)),)


def network(*flows: Flow, station: Station | None = None, pools: tuple[Pool, ...] = (), horizon_s: float = 1000.0) -> Network:
    """A network around one desk."""
    return Network("small", horizon_s, (station or Station("desk", 1),), flows, pools=pools)


def life_of(flow: str, number: int, net: Network) -> Life:
    """The life of a job with seed 1."""
    return live(net, flow, number, seed=1)


def one(life: Life, what: News) -> Entry:
    """The only entry of its kind."""
    (found,) = [entry for entry in life.entries if entry.what == what]
    return found


def times(life: Life, what: News) -> list[float]:
    """When this happened."""
    return [entry.at_s for entry in life.entries if entry.what == what]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_queue_d_d_1(n: int) -> None:
    """Arrivals each second from 1 s on, services of 2.5 s: job n starts at 1 + 2.5 (n - 1) s and has waited 1.5 (n - 1) s."""
    life = life_of("people", n, network(Flow("people", desk(2.5), at(1.0, 2.0, 3.0, 4.0))))
    starts = 1.0 + 2.5 * (n - 1)
    assert (life.arrived_s, one(life, News.STARTED).at_s, life.ended_s) == (n, starts, starts + 2.5)
    assert (life.outcome, life.waited_s, life.attempts) == ("completed", 1.5 * (n - 1), 1)
    came = one(life, News.CAME)
    assert came.seconds == 2.5
    # At n s the services that began are those of job 1 and of one more for every 2.5 s since 1 s.
    serving = int((n - 1) / 2.5) + 1
    assert [other.job for other in came.in_service] == ([f"people:{serving}"] if n > 1 else [])
    assert [other.job for other in came.ahead] == [f"people:{k}" for k in range(serving + 1, n)]


def test_entries_stand_in_the_order_of_time() -> None:
    """A job that waits arrives, comes, queues, starts, is served and completes, in this order."""
    life = life_of("people", 2, network(Flow("people", desk(2.0), at(1.0, 2.0))))
    expected = [News.ARRIVED, News.CAME, News.QUEUED, News.STARTED, News.SERVED, News.COMPLETED]
    assert [entry.what for entry in life.entries] == [str(what) for what in expected]


def test_those_of_higher_priority_go_before() -> None:
    """A patient job sees whoever ranks before it served first, with the instants: a service every 10 s."""
    net = network(
        Flow("low", desk(10.0), at(0.0, 1.0, 2.0), priority=2),
        Flow("high", desk(10.0), at(3.0, 14.0), priority=1),
        station=Station("desk", 1, discipline="priority"),
    )
    life = life_of("low", 3, net)
    assert [other.job for other in one(life, News.CAME).in_service] == ["low:1"]
    assert one(life, News.CAME).ahead == (Other("low:2", 1.0),)
    assert one(life, News.STARTED).served_before == (Other("high:1", 10.0), Other("high:2", 20.0), Other("low:2", 30.0))
    assert one(life, News.STARTED).waited_s == 40.0 - 2.0
    assert life.ended_s == 50.0


def impatient(attempts: int) -> Network:
    """A desk that is busy until 10 s, and a job at 1 s with 2 s of patience and pauses of 1.5 s, 3 s, ..."""
    retry = Retry(attempts, constant(1.5), 2.0)
    caller = Flow("caller", desk(1.0), at(1.0), patience=constant(2.0), retry=retry)
    return network(Flow("first", desk(10.0), at(0.0)), caller)


def test_a_job_loses_patience_and_tries_again() -> None:
    """Patience ends at 3 s and, after 1.5 s, at 6.5 s; after 3 s more the third attempt waits only from 9.5 s to 10 s."""
    life = life_of("caller", 1, impatient(3))
    assert times(life, News.LOST_PATIENCE) == [3.0, 6.5]
    assert [(e.at_s, e.seconds, e.detail) for e in life.entries if e.what == News.RETRIES] == [
        (3.0, 1.5, "given up"),
        (6.5, 3.0, "given up"),
    ]
    assert (life.outcome, life.attempts, life.ended_s) == ("completed", 3, 11.0)
    assert life.waited_s == 2.0 + 2.0 + 0.5


def test_a_job_gives_up_for_good() -> None:
    """With two attempts in all, the second loss of patience is the end."""
    life = life_of("caller", 1, impatient(2))
    assert (life.outcome, life.attempts, life.ended_s, life.waited_s) == ("abandoned", 2, 6.5, 4.0)


def test_a_refused_job_is_lost() -> None:
    """A job that finds a station full, and does not retry, leaves at once."""
    net = network(Flow("people", desk(5.0), at(0.0, 1.0)), station=Station("desk", 1, capacity=1))
    life = life_of("people", 2, net)
    assert one(life, News.REFUSED).at_s == life.ended_s == 1.0
    assert life.outcome == "lost"
    assert [other.job for other in one(life, News.CAME).in_service] == ["people:1"]


def test_an_outage_stops_a_service() -> None:
    """A service of 10 s from 0 s, stopped from 4 s to 7 s, has 6 s left and ends at 13 s; nobody goes before it."""
    net = network(Flow("people", desk(10.0), at(0.0, 1.0)), station=Station("desk", 1, outages=(Outage(4.0, 3.0),)))
    life = life_of("people", 1, net)
    stopped, resumed = one(life, News.PREEMPTED), one(life, News.RESUMED)
    assert (stopped.at_s, stopped.seconds, stopped.detail) == (4.0, 6.0, "outage")
    assert (resumed.at_s, resumed.seconds, resumed.waited_s, resumed.served_before) == (7.0, 6.0, 3.0, ())
    assert (life.ended_s, life.waited_s) == (13.0, 0.0)


def test_a_breakdown_stops_a_service() -> None:
    """Up 4 s and down 3 s in turn: a service of 10 s from 0 s works until 4, from 7 to 11 and from 14 to 16 s."""
    station = Station("desk", 1, breakdowns=Breakdowns(constant(4.0), constant(3.0)))
    life = life_of("people", 1, network(Flow("people", desk(10.0), at(0.0)), station=station))
    assert [(e.at_s, e.detail) for e in life.entries if e.what == News.PREEMPTED] == [(4.0, "breakdown"), (11.0, "breakdown")]
    assert times(life, News.RESUMED) == [7.0, 14.0]
    assert life.ended_s == 16.0


@pytest.mark.parametrize(
    ("zombie", "detail"),
    [(False, "in service, which is broken off"), (True, "in service, which goes on for nobody")],
)
def test_an_attempt_times_out_in_service(zombie: bool, detail: str) -> None:
    """The record says where the time ran out and what becomes of the work."""
    life = life_of("people", 1, network(Flow("people", desk(10.0), at(0.0), timeout=constant(4.0), zombie=zombie)))
    timed_out = one(life, News.TIMED_OUT)
    assert (timed_out.at_s, timed_out.where, timed_out.detail) == (4.0, "desk", detail)
    assert life.outcome == "abandoned"


def test_work_for_nobody_is_told_apart() -> None:
    """The first attempt's service goes on to 10 s while the job waits behind it for its second attempt."""
    flow = Flow("people", desk(10.0), at(0.0), timeout=constant(9.0), zombie=True, retry=Retry(2, constant(0.5)))
    life = life_of("people", 1, network(flow))
    assert [(e.at_s, e.detail) for e in life.entries if e.what == News.SERVED] == [(10.0, "for nobody")]
    assert [(e.at_s, e.waited_s) for e in life.entries if e.what == News.STARTED] == [(0.0, None), (10.0, 0.5)]


def test_a_job_waits_for_a_token() -> None:
    """One token held for 5 s from 0 s and from 5 s: the third job takes it at 10 s, after the second, and gives it back."""
    route: tuple[Step, ...] = (Acquire("line"), Delay(constant(5.0)), Release("line"))
    life = life_of("people", 3, network(Flow("people", route, at(0.0, 1.0, 2.0)), pools=(Pool("line", 1),)))
    assert one(life, News.WAITS_FOR_TOKEN).ahead == (Other("people:2", 1.0),)
    taken = one(life, News.TOOK_TOKEN)
    assert (taken.at_s, taken.waited_s, taken.where) == (10.0, 8.0, "line")
    assert taken.served_before == (Other("people:2", 5.0),)
    assert one(life, News.GAVE_TOKEN_BACK).at_s == life.ended_s == 15.0


def test_a_job_waits_for_a_bucket() -> None:
    """A bucket of one token with one more every 2 s lets three jobs pass at 0, 2 and 4 s."""
    net = network(Flow("people", (Acquire("rate"),), at(0.0, 0.0, 0.0)), pools=(Pool("rate", 1, refill_per_s=0.5),))
    life = life_of("people", 3, net)
    assert one(life, News.WAITS_FOR_TOKEN).ahead == (Other("people:2", 0.0),)
    assert one(life, News.TOOK_TOKEN).served_before == (Other("people:2", 2.0),)
    assert life.ended_s == 4.0


def test_spawned_jobs_are_counted_by_arrival() -> None:
    """The second job of a flow without arrivals is the one that the second parent starts."""
    parent = Flow("parent", (Delay(constant(1.0)), Spawn("child")), at(0.0, 7.0))
    net = network(parent, Flow("child", desk(2.0)))
    assert life_of("child", 2, net).arrived_s == 8.0
    assert one(life_of("parent", 2, net), News.SPAWNED).detail == "child:2"


@pytest.mark.parametrize("n", [1, 2, 5])
def test_cycles_of_a_closed_population_are_jobs(n: int) -> None:
    """One member thinks 1 s and is served 2 s: its n-th cycle arrives at 3 n - 2 s."""
    assert life_of("people", n, network(Flow("people", desk(2.0), Closed(1, constant(1.0))))).arrived_s == 3 * n - 2


def test_branches_are_told() -> None:
    """A branch of certainty leads where it must."""
    route: tuple[Step, ...] = (Branch((("there", 1.0),)), Delay(constant(9.0)), Delay(constant(1.0), label="there"))
    life = life_of("people", 1, network(Flow("people", route, at(0.0))))
    assert one(life, News.BRANCHED).detail == '"there"'
    assert (one(life, News.DELAYED).step, life.ended_s) == ("there", 1.0)


@pytest.mark.parametrize(
    ("targets", "detail"),
    [
        (((0, "there"),), 'sign is 0: goes to "there"'),
        (((0, None),), "sign is 0: goes out"),
        (((1, "there"),), "sign is 0: goes on"),
    ],
)
def test_switches_are_told(targets: tuple[tuple[int, str | None], ...], detail: str) -> None:
    """The value that was read stands beside where it led."""
    route: tuple[Step, ...] = (Switch("sign", targets), Delay(constant(1.0), label="there"))
    net = replace(network(Flow("people", route, at(0.0))), states=(State("sign", 0),))
    assert one(life_of("people", 1, net), News.SWITCHED).detail == detail


def test_sharing_is_told() -> None:
    """Two jobs of 2 s that share a server from 0 s on both leave at 4 s, and the second saw the first."""
    net = network(Flow("people", desk(2.0), at(0.0, 0.0)), station=Station("desk", 1, discipline="ps"))
    life = life_of("people", 2, net)
    assert one(life, News.CAME).in_service == (Other("people:1", 0.0),)
    assert one(life, News.STARTED).detail == "shared"
    assert life.ended_s == 4.0


def test_the_horizon_comes_first() -> None:
    """A job that is inside when the run ends has no end, and its wait counts up to there."""
    net = network(Flow("people", desk(90.0), at(0.0, 40.0)), horizon_s=60.0)
    life = life_of("people", 2, net)
    assert (life.outcome, life.ended_s, life.waited_s) == (INSIDE, 60.0, 20.0)


def test_a_drained_run_goes_on_to_the_end_of_the_job() -> None:
    """Where jobs inside at the horizon are served to their end, so is the one that is followed."""
    net = replace(network(Flow("people", desk(90.0), at(0.0, 40.0)), horizon_s=60.0), drain=True)
    assert life_of("people", 2, net).ended_s == 180.0


def test_a_long_life_is_kept_at_both_ends() -> None:
    """A loop makes two entries a round; those in the middle are counted, not kept."""
    rounds = 1000
    life = life_of("people", 1, network(Flow("people", (Loop((Delay(constant(0.5)),), times=rounds),), at(0.0))))
    assert len(life.entries) == FIRST + LAST
    assert life.left_out == 2 * rounds + 2 - FIRST - LAST
    assert life.ended_s == 0.5 * rounds


def test_an_unknown_flow_is_answered_with_the_nearest() -> None:
    """A mistyped flow brings up the one that was probably meant."""
    with pytest.raises(UsageError, match='there is no flow "poeple"; did you mean "people"'):
        life_of("poeple", 1, network(Flow("people", desk(1.0), at(0.0))))


@pytest.mark.parametrize(
    ("flow", "there"),
    [
        (Flow("people", desk(1.0), at(0.0, 1.0, 2000.0)), "2 jobs"),
        (Flow("people", desk(1.0)), "1 job "),
        (Flow("people", desk(300.0), Closed(1, constant(100.0))), "3 jobs"),
        (Flow("people", desk(1.0), at(2000.0)), "no job"),
    ],
    ids=["stream", "spawned", "closed", "none"],
)
def test_a_number_beyond_the_last(flow: Flow, there: str) -> None:
    """The message says how many jobs there are before the horizon of 1,000 s."""
    spawning = flow.arrivals is None
    net = network(flow, *([Flow("parent", (Spawn("people"),), at(5.0))] if spawning else []))
    with pytest.raises(UsageError, match=there):
        life_of("people", 4, net)


def test_jobs_are_counted_from_1() -> None:
    """There is no job 0."""
    with pytest.raises(UsageError, match="counted from 1"):
        life_of("people", 0, network(Flow("people", desk(1.0), at(0.0))))


def circling(first_s: float) -> Network:
    """Two jobs, the one that comes at 1 s going in circles without time passing."""
    circles = Flow("circles", (Delay(constant(0.0), label="again"), Branch((("again", 1.0),))), at(1.0))
    return replace(network(circles, Flow("people", desk(1.0), at(first_s))), same_instant_budget=100)


def test_a_limit_before_the_job_arrives() -> None:
    """Where the run stops first, there is no life to tell."""
    with pytest.raises(LimitReached, match="people:1"):
        life_of("people", 1, circling(2.0))


def test_a_limit_while_the_job_is_inside() -> None:
    """Where the run stops later, the life is told up to there."""
    life = life_of("people", 1, circling(0.5))
    assert (life.outcome, life.ended_s) == (CUT_OFF, 1.0)


def test_listening_changes_nothing() -> None:
    """A run that is listened to has the same fingerprint, visits and events as one that is not."""
    route: tuple[Step, ...] = (Visit("desk", exponential(1.0)),)
    caller = Flow("caller", route, Poisson(0.9), patience=exponential(2.0), retry=Retry(3, constant(1.0)))
    program = compile_program(network(caller, station=Station("desk", 1, outages=(Outage(100.0, 20.0),))))
    recorder = Recorder(program, 0, 5)
    heard, alone = (ReferenceEngine(program, 1, 0, keep_rows=True, listen=listen) for listen in (recorder, None))
    recorder.engine = heard
    ours, theirs = conduct(heard, program, 0), conduct(alone, program, 0)
    assert recorder.ended
    assert (ours.fingerprint, ours.events) == (theirs.fingerprint, theirs.events)
    np.testing.assert_array_equal(heard.visits()[1], alone.visits()[1])


def test_the_most_frequent_step_is_the_one_of_late() -> None:
    """Of the latest thousand steps most are those of the loop the job is in, whatever was executed before."""
    tick = Delay(constant(0.25), label="tick")
    before = tuple(Delay(constant(0.0)) for _ in range(30))
    net = network(Flow("people", (Loop(before, times=60), Loop((tick,), times=1200)), at(0.0)))
    engine = ReferenceEngine(compile_program(net), 1, 0)
    assert engine.frequent_step() == engine.busy_step()
    assert engine.advance(0.25 * 1100, False, 10**6) == L.REACHED
    assert engine.frequent_step() == "people: tick"
