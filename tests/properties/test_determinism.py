"""The same network and seed give the same bytes, in any process, beside any other stations and flows, in any order."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.fast.engine import FastEngine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.engine.reference.engine import ReferenceEngine
from jukinet_sim.network.model import (
    Branch,
    Breakdowns,
    Delay,
    Flow,
    Network,
    Poisson,
    Retry,
    Schedule,
    Spawn,
    Station,
    Step,
    Visit,
)
from jukinet_sim.verify.twins import differences
from tests.golden.golden import SCENARIOS, stored
from tests.twins.compare import run_fast, run_reference
from tests.twins.networks import networks

ROOT = Path(__file__).parents[2]
RUNS = {"fast": run_fast, "reference": run_reference}
ENGINES: tuple[EngineName, ...] = ("fast", "reference")
BRIEFLY = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@BRIEFLY
@given(networks())
def test_engines_keep_no_secret_state(network: Network) -> None:
    """Two engines made from one program give the same bytes, the second after the first has run."""
    program = compile_program(network)
    assert not differences(run_fast(program), run_fast(program))
    assert not differences(run_reference(program), run_reference(program))


@BRIEFLY
@given(networks())
def test_interleaved_engines_do_not_meet(network: Network) -> None:
    """Engines that take turns in one process do not disturb each other."""
    # Whoever conducts an engine stops it at these and reads what it has counted so far.
    network = replace(
        network, drain=False, warm_up_s=0.0, series_bin_s=None, hours=(), watches=(), focuses=(), busiest_hours=False
    )
    program = compile_program(network)
    alone = [run_fast(program, replication=k) for k in range(2)]
    # A limit ends an engine's run, so there is nothing to take turns with.
    assume(all(run.limit is None for run in alone))
    engines = [FastEngine(program, 1, k, keep_rows=True) for k in range(2)]
    for stop_s in np.linspace(0.0, network.horizon_s, 7)[:-1]:
        for engine in engines:
            engine.advance(float(stop_s), False, network.event_budget - engine.events)
    for k, engine in enumerate(engines):
        assert not differences(alone[k], conduct(engine, program, k))


def pair(first: tuple[Step, ...], second: tuple[Step, ...], *stations: Station) -> Network:
    """Two flows, the first at stations a and b, the second at stations c and d."""
    own = tuple(Station(name, 1) for name in "abcd")
    flows = (Flow("first", first, Poisson(0.8)), Flow("second", second, Poisson(0.7)))
    return Network("pair", 300.0, (*stations, *own), flows)


FIRST: tuple[Step, ...] = (Visit("a", dist.exponential(0.9)), Visit("b", dist.gamma(0.7, 0.5)))
SECOND: tuple[Step, ...] = (
    Visit("c", dist.exponential(0.8), label="again"),
    Branch((("again", 0.2), ("on", 0.8))),
    Visit("d", dist.lognormal(0.5, 2.0), label="on"),
)


def visits_of(run: Replication, flow: int) -> tuple[list[int], NDArray[np.float64]]:
    """Job keys and times of the finished visits of one flow."""
    assert run.visit_rows is not None
    rows, times = run.visit_rows
    own = rows[:, 0] == flow
    return rows[own, 1].tolist(), times[own]


def assert_same_visits(a: Replication, b: Replication, flow: int) -> None:
    """Demand that one flow had the same visits at the same times in both runs."""
    keys_a, times_a = visits_of(a, flow)
    keys_b, times_b = visits_of(b, flow)
    assert len(keys_a) > 300
    assert keys_a == keys_b
    np.testing.assert_array_equal(times_a, times_b)


@pytest.mark.parametrize("engine", ENGINES)
def test_idle_station_changes_nothing(engine: EngineName) -> None:
    """A station that nobody visits changes no time of any visit, wherever it stands."""
    plain = RUNS[engine](pair(FIRST, SECOND))
    beside = RUNS[engine](pair(FIRST, SECOND, Station("idle", 3)))
    assert plain.fingerprint == beside.fingerprint
    for flow in range(2):
        assert_same_visits(plain, beside, flow)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "longer",
    [
        (Delay(dist.exponential(1.0)), *FIRST),
        (*FIRST, Visit("a", dist.weibull(0.2, 1.5))),
        (FIRST[0], Branch(((None, 0.5), ("go", 0.5))), Delay(dist.uniform(0.0, 1.0), label="go"), FIRST[1]),
        (*FIRST, Spawn("third")),
    ],
    ids=["step before", "step behind", "branch between", "spawned flow"],
)
def test_step_of_another_flow_changes_nothing(engine: EngineName, longer: tuple[Step, ...]) -> None:
    """A flow that shares no station keeps all its draws when another flow's route changes."""
    third = Flow("third", (Visit("b", dist.exponential(0.1)),))
    plain, changed = pair(FIRST, SECOND), pair(longer, SECOND)
    changed = replace(changed, flows=(*changed.flows, third))
    assert_same_visits(RUNS[engine](plain), RUNS[engine](changed), 1)


def restless(network: Network) -> Network:
    """The second flow of a pair is impatient, is refused and tries again, at stations that fail and come and go."""
    failing = Breakdowns(dist.exponential(20.0), dist.exponential(2.0))
    hours = Schedule((0.0, 50.0, 60.0), (2, 1, 3), 90.0)
    stations = tuple(
        replace(s, capacity=4, breakdowns=failing)
        if s.name == "c"
        else replace(s, servers=3, schedule=hours, discipline="ps")
        if s.name == "d"
        else s
        for s in network.stations
    )
    first, second, *others = network.flows
    second = replace(
        second,
        patience=dist.exponential(2.0),
        timeout=dist.exponential(30.0),
        zombie=True,
        retry=Retry(None, dist.exponential(1.0)),
    )
    return replace(network, stations=stations, flows=(first, second, *others))


@pytest.mark.parametrize("engine", ENGINES)
def test_idle_station_and_other_route_leave_a_restless_flow_alone(engine: EngineName) -> None:
    """Patience, back-off, time-outs and breakdowns are drawn apart from stations and steps that are none of their own."""
    plain = RUNS[engine](restless(pair(FIRST, SECOND)))
    assert plain.flow_counts["retried"][1] > 20
    assert plain.station_counts["refused"].any()
    assert plain.station_counts["abandoned"].any()
    assert plain.station_sums["down_area"].any()
    idle = Station("idle", 3, breakdowns=Breakdowns(dist.exponential(5.0), dist.exponential(1.0)))
    longer = (Delay(dist.exponential(1.0)), *FIRST, Visit("a", dist.weibull(0.2, 1.5)))
    for other in (pair(FIRST, SECOND, idle), pair(longer, SECOND)):
        assert_same_visits(plain, RUNS[engine](restless(other)), 1)


@pytest.mark.parametrize("engine", ENGINES)
def test_another_flow_changes_no_arrivals(engine: EngineName) -> None:
    """Where stations are shared, a flow that is added moves no arrival time of another."""
    plain = pair(FIRST, SECOND)
    more = replace(plain, flows=(Flow("more", FIRST, Poisson(0.3)), *plain.flows))
    arrivals = []
    for network, flow in ((plain, 0), (more, 1)):
        keys, times = visits_of(RUNS[engine](network), flow)
        first_visits: dict[int, float] = {}
        for key, arrive_s in zip(keys, times[:, 0].tolist(), strict=True):
            first_visits.setdefault(key, arrive_s)
        arrivals.append(first_visits)
    shared = arrivals[0].keys() & arrivals[1].keys()
    assert len(shared) > 100
    assert all(arrivals[0][key] == arrivals[1][key] for key in shared)


@settings(BRIEFLY, max_examples=10)
@given(networks(), st.integers(1, 50))
def test_a_replication_needs_no_other(network: Network, replication: int) -> None:
    """Replication k is the same whether or not others ran before it, on either engine."""
    alone = run_fast(network, 5, replication)
    program = compile_program(network)
    for earlier in range(3):
        run_fast(program, 5, earlier)
    assert not differences(alone, run_fast(program, 5, replication))
    assert not differences(alone, run_reference(network, 5, replication))


@pytest.mark.parametrize("engine", ENGINES)
def test_seeds_and_replications_differ(engine: EngineName) -> None:
    """Another seed and another replication are other sample paths."""
    network = pair(FIRST, SECOND)
    prints = {RUNS[engine](network, seed, k).fingerprint for seed in (0, 1, 2**63) for k in range(3)}
    assert len(prints) == 9


IN_A_PROCESS = """
from tests.golden.golden import SCENARIOS, compiled, network_digest
from tests.twins.compare import run_fast, run_reference
for path in SCENARIOS:
    network, seed = compiled(path)
    print(path.stem, network_digest(network), run_fast(network, seed).fingerprint, run_reference(network, seed).fingerprint)
"""
SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
)


@pytest.mark.parametrize("place", SURROUNDINGS, ids=lambda place: place["TZ"])
def test_processes_agree(place: dict[str, str]) -> None:
    """Neither the hash seed of the process nor its time zone or language changes a stored golden network or fingerprint."""
    command = [sys.executable, "-c", IN_A_PROCESS]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **place}, capture_output=True, text=True, check=True)
    kept = [(path.stem, stored(path)) for path in SCENARIOS]
    expected = [[name, beside["digest"], *beside["fingerprints"][:1] * 2] for name, beside in kept]
    assert len(expected) >= 10
    assert [line.split() for line in done.stdout.splitlines()] == expected


def test_engines_own_no_generator() -> None:
    """The global generators of Python and numpy are where they were after both engines have run."""
    import random

    before, before_numpy = random.getstate(), np.random.get_state(legacy=False)
    program = compile_program(pair(FIRST, SECOND))
    for engine in (FastEngine(program, 1, 0), ReferenceEngine(program, 1, 0)):
        conduct(engine, program, 0)
    after_numpy = np.random.get_state(legacy=False)
    assert random.getstate() == before
    assert str(before_numpy) == str(after_numpy)
