"""Several tokens at once and priority in the line of a pool, against Erlang's formulas and cases by hand, on both engines."""

from __future__ import annotations

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Acquire, Delay, Flow, Network, Poisson, Pool, Release, Scheduled, Step, frozen_floats
from jukinet_sim.theory.pools import pools_asked
from jukinet_sim.theory.priority import mmc_priority_waits
from jukinet_sim.theory.queues import mmc_mean_wait
from tests.theory.precision import close, replicate, run

EXP = Delay(dist.exponential(1.0))


def waits(one: Replication) -> list[float]:
    """Return the mean wait of the jobs of each flow."""
    return [float(wait) / int(jobs) for wait, jobs in zip(one.flow_sums["wait"], one.flow_counts["completed"], strict=True)]


def held(tokens: int, *, at_once: bool) -> tuple[Step, ...]:
    """Hold so many tokens for a while, and give them back together or one by one."""
    back = (Release("p", tokens=tokens),) if at_once else (Release("p"),) * tokens
    return (Acquire("p", tokens=tokens), EXP, *back)


def test_three_tokens_each_of_six(engine: EngineName) -> None:
    """Jobs that hold three of six tokens wait as at two servers, whether they give them back together or one by one."""
    flows = tuple(
        Flow(name, held(3, at_once=at_once), Poisson(0.7)) for name, at_once in (("together", True), ("one by one", False))
    )

    def network(lasts_s: float) -> Network:
        return Network("six", lasts_s, (), flows, (Pool("p", 6),), warm_up_s=200.0)

    runs = replicate(engine, network, 1_200_000.0)
    for flow in range(2):
        close(engine, [waits(one)[flow] for one in runs], mmc_mean_wait(1.4, 1.0, 2))
    load = pools_asked(network(1000.0))[0]
    assert abs(load.asked - 3.0 * 1.4) < 1e-12
    assert abs(load.held_s - 1.0) < 1e-12


def test_priority_in_line(engine: EngineName) -> None:
    """Two classes for two tokens wait as at two servers with priority (Cobham)."""
    flows = tuple(Flow(f"class {rank}", held(1, at_once=True), Poisson(0.7), priority=rank) for rank in (1, 2))

    def network(lasts_s: float) -> Network:
        return Network("ranked", lasts_s, (), flows, (Pool("p", 2, discipline="priority"),), warm_up_s=200.0)

    runs = replicate(engine, network, 1_000_000.0)
    for flow, expected in enumerate(mmc_priority_waits((0.7, 0.7), 1.0, 2)):
        close(engine, [waits(one)[flow] for one in runs], expected)


def at(*times_s: float) -> Scheduled:
    """Let jobs come at these instants."""
    return Scheduled(frozen_floats(list(times_s)), (1,) * len(times_s))


def keep(tokens: int, lasts_s: float, patience: dist.Distribution | None = None) -> tuple[Step, ...]:
    """Hold so many tokens for a fixed time."""
    return (Acquire("p", tokens=tokens, patience=patience), Delay(dist.constant(lasts_s)), Release("p", tokens=tokens))


def test_nobody_overtakes(engine: EngineName) -> None:
    """One token is free at 2 s, but who wants three came first: it begins at 10 s, and who wants one at 15 s."""
    flows = (Flow("two", keep(2, 10.0), at(0.0)), Flow("three", keep(3, 5.0), at(1.0)), Flow("one", keep(1, 1.0), at(2.0)))
    one = run(engine, Network("line", 60.0, (), flows, (Pool("p", 3),)))
    assert waits(one) == [0.0, 9.0, 13.0]


def test_who_gives_up_lets_those_behind_go_on(engine: EngineName) -> None:
    """Who wants three leaves the line at 4 s, so that who wants one goes on then."""
    patient = keep(3, 5.0, dist.constant(3.0))
    flows = (Flow("two", keep(2, 10.0), at(0.0)), Flow("three", patient, at(1.0)), Flow("one", keep(1, 1.0), at(2.0)))
    one = run(engine, Network("line", 60.0, (), flows, (Pool("p", 3),)))
    assert one.flow_counts["abandoned"].tolist() == [0, 1, 0]
    assert float(one.flow_sums["wait"][2]) == 2.0


def test_two_that_lack_one_token_each_are_a_deadlock(engine: EngineName) -> None:
    """Both hold two of five and want two more: one token is free, and nobody will ever get on."""
    route = (Acquire("p", tokens=2), Delay(dist.constant(1.0)), *keep(2, 1.0), Release("p", tokens=2))
    one = run(engine, Network("knot", 60.0, (), (Flow("f", route, at(0.0, 0.5)),), (Pool("p", 5),)))
    assert [(stuck.kind, stuck.where, stuck.jobs, stuck.since_s) for stuck in one.stuck] == [("deadlock", ("p",), 2, 1.5)]


def test_who_has_waited_at_a_bucket_waits_for_good_in_a_line(engine: EngineName) -> None:
    """The second job waits a second for the bucket; behind the first, which wants more than there is, both stay for ever."""
    route = (Acquire("bucket"), Acquire("p", tokens=2), Acquire("p", tokens=2))
    pools = (Pool("bucket", 1, refill_per_s=1.0), Pool("p", 3))
    one = run(engine, Network("behind", 60.0, (), (Flow("f", route, at(0.0, 0.0)),), pools))
    assert [(stuck.kind, stuck.where, stuck.jobs) for stuck in one.stuck] == [("deadlock", ("p",), 2)]
