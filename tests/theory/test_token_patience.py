"""Jobs that give up the line of a pool when their patience is over, against Erlang A, the loss formula and cases by hand."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import (
    Acquire,
    Delay,
    Flow,
    Loop,
    Network,
    Poisson,
    Pool,
    Release,
    Retry,
    Scheduled,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from jukinet_sim.theory.abandonment import erlang_a
from jukinet_sim.theory.loss import mgcc_loss

NO_STATIONS: tuple[Station, ...] = (Station("idle", 1),)


def run(engine: EngineName, network: Network, replication: int = 0, seed: int = 11) -> Replication:
    """Run one replication."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, seed, replication), program, replication)


def holding(patience: dist.Distribution | None, held: dist.Distribution, label: str | None = None) -> tuple[Step, ...]:
    """Build a route that holds a token for a time."""
    return Acquire("p", label=label, patience=patience), Delay(held), Release("p")


def test_tokens_with_impatient_jobs_are_erlang_a() -> None:
    """Tokens held for exponential times are servers: jobs give up as callers do in M/M/c+M (Mandelbaum and Zeltyn)."""
    theory = erlang_a(48.0, 1.0, 50, 2.0)
    route = holding(dist.exponential(2.0), dist.exponential(1.0))
    network = Network("a", 2000.0, NO_STATIONS, (Flow("caller", route, Poisson(48.0)),), (Pool("p", 50),), warm_up_s=50.0)
    gone, waits = [], []
    for replication in range(12):
        one = run("fast", network, replication)
        arrived = int(one.flow_counts["arrived"][0])
        gone.append(int(one.flow_counts["abandoned"][0]) / arrived)
        waits.append(float(one.pool_sums["queue_area"][0]) / arrived)
    for values, expected in ((gone, theory.abandon_fraction), (waits, theory.mean_wait_s)):
        error = np.std(values, ddof=1) / np.sqrt(len(values))
        assert abs(np.mean(values) - expected) < 4.0 * error
        assert 4.0 * error < 0.1 * expected


def test_without_any_patience_it_is_a_loss_system(engine: EngineName) -> None:
    """Whoever finds no token leaves at once: Erlang's loss formula, whatever the time a token is held."""
    blocked = []
    for replication in range(4):
        route = holding(dist.constant(0.0), dist.constant(1.0))
        network = Network("b", 1500.0, NO_STATIONS, (Flow("f", route, Poisson(5.0)),), (Pool("p", 3),), warm_up_s=20.0)
        one = run(engine, network, replication)
        blocked.append(int(one.flow_counts["abandoned"][0]) / int(one.flow_counts["arrived"][0]))
        assert one.pool_queues["at_end"].tolist() == [0.0]
    assert abs(np.mean(blocked) - mgcc_loss(5.0, 1.0, 3)) < 4.0 * np.std(blocked, ddof=1) / 2.0 + 0.005


def test_who_gives_up_frees_its_place_in_line(engine: EngineName) -> None:
    """One token held for 10 s: who came at 1 s and waits 4 s at most is gone at 5 s, and the next in line gets it at 10 s."""
    route = holding(dist.constant(4.0), dist.constant(10.0))
    slow = Flow("patient", holding(None, dist.constant(1.0)), Scheduled(frozen_floats([2.0]), (1,)))
    hasty = Flow("hasty", route, Scheduled(frozen_floats([0.0, 1.0, 7.5]), (1,) * 3))
    one = run(engine, Network("line", 30.0, NO_STATIONS, (slow, hasty), (Pool("p", 1),)))
    assert one.flow_counts["abandoned"].tolist() == [0, 1]
    assert one.flow_counts["completed"].tolist() == [1, 2]
    # From 2 s to 10 s the patient one; hasty ones from 1 s to 5 s, and from 7.5 s to 11 s: then the token is free again.
    assert one.pool_sums["queue_area"].tolist() == pytest.approx([8.0 + 4.0 + 3.5])


def test_who_gives_up_gives_back_what_it_holds_and_tries_again(engine: EngineName) -> None:
    """A job that holds one token and waits 1 s in vain for another lets the first go, and begins anew after a pause of 2 s."""
    route = (Acquire("a"), Acquire("p", patience=dist.constant(1.0)), Delay(dist.constant(1.0)), Release("p"), Release("a"))
    job = Flow("job", route, Scheduled(frozen_floats([1.0]), (1,)), retry=Retry(None, dist.constant(2.0)))
    other = Flow("other", holding(None, dist.constant(6.0)), Scheduled(frozen_floats([0.0]), (1,)))
    one = run(engine, Network("again", 30.0, NO_STATIONS, (job, other), (Pool("a", 1), Pool("p", 1))))
    # It asks at 1 s, 4 s and 7 s; the third time the token is free since 6 s.
    assert one.flow_counts["retried"].tolist() == [2, 0]
    assert one.pool_sums["in_use_area"].tolist() == pytest.approx([1.0 + 1.0 + 1.0, 7.0])


def test_a_policer_lets_through_what_the_bucket_has(engine: EngineName) -> None:
    """At a bucket of one token a second and a burst of three, ten at once are three let through and seven turned away."""
    route = (Acquire("p", patience=dist.constant(0.0)), Visit("idle", dist.constant(0.01)))
    flow = Flow("packets", route, Scheduled(frozen_floats([5.0] * 10 + [6.0] * 3), (1,) * 13))
    one = run(engine, Network("policed", 30.0, NO_STATIONS, (flow,), (Pool("p", 3, None, 1.0),)))
    assert one.flow_counts["completed"].tolist() == [4]
    assert one.flow_counts["abandoned"].tolist() == [9]


def test_each_round_has_a_patience_of_its_own() -> None:
    """In a loop each asking draws afresh, and both engines count askings alike, those that find a token at once included."""
    body = (*holding(dist.exponential(0.5), dist.exponential(0.3), "ask"), Delay(dist.exponential(0.1)))
    flow = Flow("f", (Loop(body, times=4),), Poisson(3.0), retry=Retry(3, dist.constant(0.0)))
    network = Network("rounds", 300.0, NO_STATIONS, (flow,), (Pool("p", 2),))
    fast, plain = run("fast", network), run("reference", network)
    assert fast.fingerprint == plain.fingerprint
    assert int(fast.flow_counts["retried"][0]) > 100
