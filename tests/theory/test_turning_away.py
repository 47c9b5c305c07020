"""Where a refused or impatient job goes on, against Erlang's formulas and cases by hand, on both engines."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import (
    EXIT,
    Acquire,
    Branch,
    Delay,
    Flow,
    Loop,
    Network,
    Poisson,
    Pool,
    Release,
    Scheduled,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.theory.abandonment import erlang_a
from jukinet_sim.theory.queues import erlang_b

SECOND = dist.constant(1.0)


def run(engine: EngineName, network: Network, replication: int = 0) -> Replication:
    """Run one replication."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, 21, replication), program, replication)


def close(values: list[float], expected: float, half_width: float = 0.02) -> None:
    """Hold the mean of some replications against theory, within four standard errors that are small enough to tell."""
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    assert abs(np.mean(values) - expected) < 4.0 * error
    assert 2.0 * error < half_width * expected


def test_overflow_to_a_second_group() -> None:
    """Who finds three servers busy goes on to two more of the same speed: Erlang B, of three for those, of five for the lost.

    With the same exponential service everywhere the number in both groups is that of one group of five (Kosten 1937).
    """
    route = (
        Visit("first", dist.exponential(1.0), on_refused="over"),
        Branch(((None, 1.0),)),
        Visit("second", dist.exponential(1.0), label="over"),
    )
    stations = (Station("first", 3, capacity=3), Station("second", 2, capacity=2))
    network = Network("overflow", 6000.0, stations, (Flow("f", route, Poisson(4.0)),), warm_up_s=50.0)
    over, lost = [], []
    for replication in range(12):
        one = run("fast", network, replication)
        arrived = int(one.flow_counts["arrived"][0])
        over.append(int(one.station_counts["arrived"][1]) / arrived)
        lost.append(int(one.flow_counts["lost"][0]) / arrived)
        assert int(one.station_counts["refused"][0]) == int(one.station_counts["arrived"][1])
    close(over, erlang_b(4.0, 3))
    close(lost, erlang_b(4.0, 5))


def test_the_impatient_leave_a_message() -> None:
    """Callers who hang up leave a message that takes no server: as many as abandon in Erlang A, and all jobs complete."""
    route = (
        Visit("agents", dist.exponential(1.0), on_abandon="message"),
        Branch(((None, 1.0),)),
        Delay(dist.exponential(0.5), label="message"),
    )
    flow = Flow("caller", route, Poisson(6.0), patience=dist.exponential(2.0))
    network = Network("messages", 5000.0, (Station("agents", 5),), (flow,), warm_up_s=50.0)
    left = []
    for replication in range(10):
        one = run("fast", network, replication)
        assert one.flow_counts["abandoned"].tolist() == [0]
        left.append(int(one.station_counts["abandoned"][0]) / int(one.flow_counts["arrived"][0]))
    close(left, erlang_a(6.0, 1.0, 5, 2.0).abandon_fraction)


def at(*times_s: float) -> Scheduled:
    """Let jobs come at these instants."""
    return Scheduled(frozen_floats(list(times_s)), (1,) * len(times_s))


def test_a_refused_job_keeps_its_tokens(engine: EngineName) -> None:
    """It goes on with what it holds, at the same instant, and gives its token back where its way says so."""
    route: tuple[Step, ...] = (
        Acquire("p"),
        Visit("s", dist.constant(4.0), on_refused="elsewhere"),
        Branch((("end", 1.0),)),
        Delay(dist.constant(2.0), label="elsewhere"),
        Release("p", label="end"),
    )
    network = Network("held", 20.0, (Station("s", 1, capacity=1),), (Flow("f", route, at(0.0, 1.0)),), (Pool("p", 2),))
    one = run(engine, network)
    assert one.flow_counts["completed"].tolist() == [2]
    assert one.pool_sums["in_use_area"].tolist() == [4.0 + 2.0]
    assert one.station_counts["refused"].tolist() == [1]


def test_exit_is_the_end_of_the_route(engine: EngineName) -> None:
    """Who is refused out of the network has completed, in a loop as well, and is no longer anywhere."""
    route = (Loop((Visit("s", dist.constant(2.0), on_refused=EXIT), Delay(SECOND)), times=3), Delay(dist.constant(100.0)))
    network = Network("out", 50.0, (Station("s", 1, capacity=1),), (Flow("f", route, at(0.0, 1.0, 9.5)),))
    one = run(engine, network)
    # The first is served at 0, 3 and 6 s; who comes at 1 s finds it there, who comes at 9.5 s does not, and stays.
    assert one.flow_counts["completed"].tolist() == [1]
    assert one.flow_counts["in_system"].tolist() == [2]


def test_who_turns_back_asks_again(engine: EngineName) -> None:
    """A job that is refused waits half a second and asks again, each time an execution of its own with draws of its own."""
    route = (
        Visit("s", dist.exponential(2.0), label="ask", on_refused="wait"),
        Branch(((None, 1.0),)),
        Delay(dist.constant(0.5), label="wait"),
        Branch((("ask", 1.0),)),
    )
    network = Network("again", 400.0, (Station("s", 1, capacity=1),), (Flow("f", route, Poisson(0.3)),))
    one = run(engine, network)
    offered, refused = int(one.station_counts["arrived"][0]), int(one.station_counts["refused"][0])
    assert refused > 50
    assert one.flow_counts["lost"].tolist() == [0]
    assert offered - refused == int(one.station_counts["started"][0])


def test_both_engines_agree_on_turning() -> None:
    """Refused, impatient at a station and at a pool, in a loop: the same to the last bit."""
    body = (
        Acquire("p", patience=dist.exponential(0.5), on_abandon="on", label="ask"),
        Visit("s", dist.exponential(1.0), on_refused="back", on_abandon="back"),
        Release("p", label="back"),
        Delay(dist.exponential(0.2), label="on"),
    )
    flow = Flow("f", (Loop(body, times=3),), Poisson(2.0), patience=dist.exponential(1.0), timeout=dist.exponential(9.0))
    network = Network("all", 300.0, (Station("s", 2, capacity=4),), (flow,), (Pool("p", 5),))
    fast, plain = run("fast", network), run("reference", network)
    assert fast.fingerprint == plain.fingerprint
    assert int(fast.station_counts["refused"][0]) > 20
    assert int(fast.station_counts["abandoned"][0]) > 20


@pytest.mark.parametrize("label", ["nowhere", "inside"])
def test_labels_of_another_list_are_unknown(label: str) -> None:
    """A label is looked for in the list of its step."""
    loop = "{loop: 2, of: [{delay: {constant: 1 s}, label: inside}]}"
    route = f"network.flows.customer.route=[{{visit: servers, demand: {{exponential: 1 s}}, on_refused: {label}}}, {loop}]"
    with pytest.raises(ScenarioError, match=f'no step of this list has the label "{label}"'):
        load(shipped_folder() / "textbook" / "mmc.yaml", sets=(route,))
