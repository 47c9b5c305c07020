"""Who waits for ever is found at the end of a replication, the same by both engines, and nobody else is accused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.engine.stuck import Holder
from jukinet_sim.network.model import (
    Acquire,
    Delay,
    Flow,
    Gate,
    Network,
    PlaceLevel,
    Pool,
    Release,
    Retry,
    Schedule,
    Scheduled,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from tests.twins.compare import assert_twins, run_reference

ENGINES: tuple[EngineName, ...] = ("fast", "reference")
both_engines = pytest.mark.parametrize("engine", ENGINES)
AB = (Pool("a", 1), Pool("b", 1))


def run(engine: EngineName, network: Network) -> Replication:
    """One replication; that of the fast engine must be the same on the other, to what it says of who is stuck."""
    return assert_twins(network) if engine == "fast" else run_reference(network)


def at(*times_s: float) -> Scheduled:
    """Arrivals of one record each."""
    return Scheduled(frozen_floats(times_s), (1,) * len(times_s))


def takes(*pools: str, at_: str = "origin") -> tuple[Step, ...]:
    """A route that takes tokens a second after each other, holds them for a second more and gives them back."""
    side = "destination" if at_ == "destination" else "origin"
    taken = [step for pool in pools for step in (Acquire(pool, side), Delay(dist.constant(1.0)))]
    return (*taken, *(Release(pool, side) for pool in reversed(pools)))


def opposite(**changes: object) -> Network:
    """Two flows that take two pools in opposite order, so that from 2 s on each waits for the other; three come behind."""
    flows = (
        Flow("ab", takes("a", "b"), at(1.0, 5.0)),
        Flow("ba", takes("b", "a"), at(1.0, 6.0)),
        Flow("only", takes("a"), at(7.0)),
    )
    return replace(Network("opposite", 100.0, (), flows, AB), **changes)  # type: ignore[arg-type]  # any field, by name


@both_engines
@pytest.mark.parametrize("drain", [False, True])
def test_two_pools_in_opposite_order(engine: EngineName, drain: bool) -> None:
    """The cycle names pools, holders and what they wait for, since when, and how many jobs are inside for good."""
    one = run(engine, opposite(drain=drain))
    (stuck,) = one.stuck
    assert (stuck.kind, stuck.where, stuck.since_s, stuck.jobs) == ("deadlock", ("a", "b"), 2.0, 5)
    assert stuck.holders == (Holder("ab", "a", "b", 1, 2.0), Holder("ba", "b", "a", 1, 2.0))
    assert one.flow_counts["in_system"].sum() == 5


@both_engines
def test_the_same_order_never_locks(engine: EngineName) -> None:
    """However long the queue, pools taken in one order are no deadlock."""
    flows = tuple(Flow(name, takes("a", "b"), at(*np.arange(0.0, 50.0, 0.5))) for name in ("one", "two"))
    one = run(engine, Network("ordered", 50.0, (), flows, AB))
    assert one.pool_queues["at_end"].sum() > 0
    assert one.stuck == ()


@both_engines
def test_a_pool_taken_twice_by_each(engine: EngineName) -> None:
    """Two jobs with one of two tokens each that want another are a knot of one pool."""
    one = run(engine, Network("twice", 100.0, (), (Flow("f", takes("p", "p"), at(1.0, 1.0)),), (Pool("p", 2),)))
    (stuck,) = one.stuck
    assert (stuck.kind, stuck.where, stuck.jobs) == ("deadlock", ("p",), 2)
    assert stuck.holders == (Holder("f", "p", "p", 2, 2.0),)


@both_engines
def test_a_holder_that_only_delays_is_none(engine: EngineName) -> None:
    """While one token's holder can still go on, nothing is stuck, although everybody else waits."""
    slow = Flow("slow", (Acquire("a"), Delay(dist.constant(1000.0)), Release("a")), at(0.5))
    network = opposite(pools=(Pool("a", 2), Pool("b", 1)), horizon_s=50.0)
    assert run(engine, replace(network, flows=(*network.flows, slow))).stuck == ()


@both_engines
@pytest.mark.parametrize("retry", [None, Retry(None, dist.constant(0.5))])
def test_a_time_out_undoes_the_cycle(engine: EngineName, retry: Retry | None) -> None:
    """Jobs that time out are not stuck: sooner or later they give their tokens back."""
    network = opposite(horizon_s=4.0)
    patient = tuple(replace(flow, timeout=dist.constant(30.0), retry=retry) for flow in network.flows)
    assert run(engine, replace(network, flows=patient)).stuck == ()
    one_leaves = (patient[0], *network.flows[1:])
    assert run(engine, replace(network, flows=one_leaves)).stuck == ()


@both_engines
def test_pools_behind_a_deadlock_count(engine: EngineName) -> None:
    """Who waits for a third pool, whose token a job of the cycle's queue holds, is stuck as well, but not in the cycle."""
    network = opposite()
    behind = (Flow("cab", takes("c", "a"), at(10.0)), Flow("c", takes("c"), at(11.0, 12.0)))
    one = run(engine, replace(network, flows=(*network.flows, *behind), pools=(*AB, Pool("c", 1))))
    (stuck,) = one.stuck
    assert (stuck.where, stuck.jobs) == (("a", "b"), 8)
    assert {holder.flow for holder in stuck.holders} == {"ab", "ba"}


@both_engines
def test_three_in_a_ring(engine: EngineName) -> None:
    """A cycle may be longer than two."""
    pools = tuple(Pool(name, 1) for name in "abc")
    flows = tuple(Flow(x + y, takes(x, y), at(1.0)) for x, y in ("ab", "bc", "ca"))
    (stuck,) = run(engine, Network("ring", 10.0, (), flows, pools)).stuck
    assert (stuck.where, stuck.jobs, stuck.since_s) == (("a", "b", "c"), 3, 2.0)


@both_engines
def test_pools_kept_per_place(engine: EngineName) -> None:
    """Deadlocks at several places are one of their kind, with the place that locked first; other places go on."""
    level = PlaceLevel("towns", 3, frozen_floats([1.0, 1.0, 1.0]), labels=("Aga", "Bibai", "Chino"))
    pools = (Pool("a", 1, per="towns"), Pool("b", 1, per="towns"))

    def flow(name: str, town: int, *order: str, at_s: float) -> Flow:
        return Flow(name, takes(*order), at(at_s), origin="towns", share=frozen_floats(np.eye(3)[town]))

    flows = (
        flow("ab1", 1, "a", "b", at_s=5.0), flow("ba1", 1, "b", "a", at_s=5.0), flow("ab2", 2, "a", "b", at_s=3.0),
        flow("ba2", 2, "b", "a", at_s=3.0), flow("ab0", 0, "a", "b", at_s=1.0),
    )  # fmt: skip
    one = run(engine, Network("towns", 50.0, (), flows, pools, (level,)))
    (stuck,) = one.stuck
    assert (stuck.where, stuck.place, stuck.places, stuck.since_s, stuck.jobs) == (("a", "b"), "Chino", 2, 4.0, 4)


@both_engines
def test_what_keeps_a_drained_run_from_its_end(engine: EngineName) -> None:
    """A station without servers, a gate that does not open again, and the token that a job at the gate keeps are told."""
    gate = Gate(frozen_floats([0.0]), frozen_floats([5.0]))
    flows = (
        Flow("closed", (Visit("desk", dist.constant(1.0)),), at(3.0, 20.0)),
        Flow("late", (Acquire("u"), gate, Release("u")), at(6.0)),
        Flow("next", (Acquire("u"), Release("u")), at(7.0, 8.0)),
    )
    desk = Station("desk", 1, schedule=Schedule((0.0, 10.0), (1, 0)))
    network = Network("shut", 50.0, (desk,), flows, (Pool("u", 1),), drain=True)
    found = {(one.kind, one.where, one.jobs, one.since_s) for one in run(engine, network).stuck}
    assert found == {("station", ("desk",), 1, 20.0), ("gate", ("late",), 1, 6.0), ("pool", ("u",), 2, 7.0)}
    held = next(one for one in run(engine, network).stuck if one.kind == "pool")
    assert held.holders == (Holder("late", "u", "a gate", 1, 6.0),)
    assert run(engine, replace(network, drain=False)).stuck == ()


@both_engines
def test_a_deadlock_is_named_where_a_budget_ends_the_run(engine: EngineName) -> None:
    """The budget of events is what stops a locked network that goes on taking jobs in; the cause is told all the same."""
    network = opposite(event_budget=300)
    more = Flow("more", takes("a"), at(*np.arange(20.0, 99.0, 0.1)))
    one = run(engine, replace(network, flows=(*network.flows, more)))
    assert one.limit is not None
    assert [stuck.kind for stuck in one.stuck] == ["deadlock"]


def random_pools(number: int) -> Network:
    """Up to four pools of one or two tokens, and flows that take two or three of them in any order; the run is drained."""
    random = np.random.Generator(np.random.PCG64(number))
    pools = tuple(Pool(f"p{i}", int(random.integers(1, 3))) for i in range(random.integers(1, 5)))
    flows = tuple(
        Flow(f"f{i}", takes(*random.choice([p.name for p in pools], size=random.integers(1, 4))), at(*sorted(times)))
        for i, times in enumerate(random.integers(0, 40, size=(3, 4)) / 4.0)
    )
    return Network("random", 12.0, (), flows, pools, drain=True)


@pytest.mark.parametrize("block", range(8))
def test_found_at_the_horizon_if_and_only_if_it_never_ends(block: int) -> None:
    """Whoever is inside after a drain is counted once as stuck; what is found earlier is still inside then, and no less."""
    locked = 0
    for number in range(10 * block, 10 * block + 10):
        network = random_pools(number)
        drained = assert_twins(network)
        inside = int(drained.flow_counts["in_system"].sum())
        assert sum(one.jobs for one in drained.stuck) == inside, number
        early = assert_twins(replace(network, drain=False, horizon_s=6.0))
        if early.stuck:
            assert {one.kind for one in drained.stuck} == {"deadlock"}, number
            assert sum(one.jobs for one in early.stuck) <= inside, number
        locked += bool(inside)
    assert locked > 0
