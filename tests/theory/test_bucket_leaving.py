"""Token buckets whose jobs leave while they wait, against cases by hand and an event loop on the level of the bucket."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import Acquire, Flow, Network, Pool, Renewal, Retry, Scheduled, Station, Visit, frozen_floats

ROUTE = (Acquire("quota"), Visit("s", dist.constant(0.0)))
WIDE = (Station("s", 500),)


def flow(name: str, at_s: list[float], timeout_s: float | None = None) -> Flow:
    """Build a flow whose jobs ask for a token when they come, and leave when so much time has passed."""
    timeout = None if timeout_s is None else dist.constant(timeout_s)
    return Flow(name, ROUTE, Scheduled(frozen_floats(at_s), (1,) * len(at_s)), timeout=timeout)


def run(engine: EngineName, network: Network) -> Replication:
    """Run one replication, rows kept."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, 3, 0, keep_rows=True), program, 0)


def passed(one: Replication) -> list[tuple[int, float]]:
    """Say which flow's jobs got a token, and when, in order."""
    assert one.visit_rows is not None
    rows, times = one.visit_rows
    return [(int(rows[i, 0]), float(times[i, 0])) for i in np.argsort(times[:, 0], kind="stable")]


def test_who_leaves_frees_its_place(engine: EngineName) -> None:
    """With a token every 10 s, a job every 5 s and 4 s of patience every other job finds a token at once and none waits for it.

    The first comes at 5 s and empties the bucket until 15 s; who comes at 10 s leaves at 14 s, and so on.
    """
    asks = Flow("q", ROUTE, Renewal(dist.constant(5.0)), timeout=dist.constant(4.0))
    one = run(engine, Network("quota", 1000.0, WIDE, (asks,), (Pool("quota", 1, None, 0.1),)))
    assert [time for _, time in passed(one)] == [5.0 + 10.0 * k for k in range(100)]
    assert one.flow_counts["abandoned"].tolist() == [99]
    assert one.pool_queues["at_end"].tolist() == [0.0]


def test_those_behind_move_forward(engine: EngineName) -> None:
    """Whether the first, one in the middle or the last in line leaves, nobody waits for the token of one who is gone."""
    pools = (Pool("quota", 1, None, 0.25),)
    steady = flow("steady", [0.0, 1.5, 2.0])
    for at_s, lasts_s in ((1.0, 2.0), (1.75, 1.0), (2.5, 1.0), (1.75, 5.0)):
        one = run(engine, Network("line", 30.0, WIDE, (steady, flow("hasty", [at_s], lasts_s)), pools))
        if lasts_s < 5.0:
            assert passed(one) == [(0, 0.0), (0, 4.0), (0, 8.0)]
            assert one.flow_counts["abandoned"].tolist() == [0, 1]
    # The hasty one comes second of three and leaves at 6.75 s, when the first has had its token: the third gets the next.
    assert passed(one) == [(0, 0.0), (0, 4.0), (0, 8.0)]
    assert one.pool_sums["wait"].tolist() == [2.5 + 6.0]


def test_token_and_time_out_at_one_instant(engine: EngineName) -> None:
    """Of two jobs that leave when the token comes, the time-out planned before the token's event goes first, and frees it."""
    pools = (Pool("quota", 1, None, 0.25),)
    one = run(engine, Network("tie", 30.0, WIDE, (flow("a", [0.0, 1.0, 1.0], 3.0), flow("b", [2.0])), pools))
    assert passed(one) == [(0, 0.0), (1, 4.0)]


def test_a_job_that_tries_again_stands_at_the_end(engine: EngineName) -> None:
    """A job that times out at a bucket and tries again at once has lost its place to those behind it."""
    at_once = Retry(None, dist.constant(0.0))
    again = Flow("again", ROUTE, Scheduled(frozen_floats([0.5]), (1,)), timeout=dist.constant(1.0), retry=at_once)
    one = run(engine, Network("again", 30.0, WIDE, (flow("f", [0.0, 1.0]), again), (Pool("quota", 1, None, 0.25),)))
    # The attempts begin at 0.5, 1.5, ... s; the token of 4 s goes to the other one, that of 8 s to the attempt of 7.5 s.
    assert passed(one) == [(0, 0.0), (0, 4.0), (1, 8.0)]
    assert one.flow_counts["retried"].tolist() == [0, 7]


@dataclass
class Ask:
    """One who asks a bucket for a token."""

    time: float
    flow: int
    deadline: float


def by_level(asks: list[Ask], tokens: int, rate: float, until: float) -> list[tuple[int, float]]:
    """Who gets a token, and when: the level of the bucket rises steadily up to its rim, and the first in line takes 1 of it."""
    level, now = float(tokens), 0.0
    line: list[Ask] = []
    found: list[tuple[int, float]] = []
    ahead = sorted(asks, key=lambda ask: ask.time)
    while True:
        comes = ahead[0].time if ahead else np.inf
        leaves = min((ask.deadline for ask in line), default=np.inf)
        full = now + max(0.0, 1.0 - level) / rate if line else np.inf
        then = min(comes, leaves, full)
        if then >= until:
            return found
        level, now = min(tokens, level + rate * (then - now)), then
        if then == full:
            found.append((line.pop(0).flow, now))
            level = max(level, 1.0) - 1.0
        elif then == leaves:
            line = [ask for ask in line if ask.deadline > now]
        else:
            line.append(ahead.pop(0))


@pytest.mark.parametrize(("tokens", "rate"), [(1, 1.0), (3, 0.8), (7, 1.3)])
@pytest.mark.parametrize("load", [0.8, 3.0])
def test_random_leaving_follows_the_level(engine: EngineName, tokens: int, rate: float, load: float) -> None:
    """Jobs of four patiences, one endless, get tokens exactly as the level of the bucket allows, below and above its rate."""
    rng = np.random.default_rng(7)
    until = 400.0
    patiences = (0.4, 2.3, 7.9, None)
    flows, asks = [], []
    for number, patience in enumerate(patiences):
        # Those who never leave are few, or the line would be theirs alone.
        share = load * rate * (0.31 if patience else 0.07)
        at_s = np.sort(rng.uniform(0.0, until, rng.poisson(share * until))).tolist()
        flows.append(flow(f"f{number}", at_s, patience))
        asks += [Ask(time, number, time + patience if patience else np.inf) for time in at_s]
    one = run(engine, Network("level", until, WIDE, tuple(flows), (Pool("quota", tokens, None, rate),)))
    got, expected = passed(one), by_level(asks, tokens, rate, until)
    assert [who for who, _ in got] == [who for who, _ in expected]
    np.testing.assert_allclose([t for _, t in got], [t for _, t in expected], rtol=0.0, atol=1e-9)
    left = len(asks) - int(one.pool_counts["taken"].sum()) - int(one.pool_queues["at_end"].sum())
    assert one.flow_counts["abandoned"].sum() == left
    assert left > (500 if load > 1.0 else 0)
