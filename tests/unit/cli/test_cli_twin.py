"""The comparison of the engines: it stops where asked, and it sees a difference where there is one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from cli_runner import write_scenario

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.chance import distributions as dist
from jukinet_sim.cli.app import main
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Engine
from jukinet_sim.experiments import twin
from jukinet_sim.experiments.twin import FEWEST_EVENTS, compare_engines
from jukinet_sim.network.model import Delay, Flow, Network, Poisson, Renewal, Spawn, Station, Visit
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """One queue."""
    return compile_network(load(write_scenario(tmp_path)))


def test_the_engines_agree_over_exactly_so_many_visits(network: Network) -> None:
    """Both engines are cut at the event that ends the last visit asked for."""
    verdict = compare_engines(network, 5, 123)
    assert verdict.agree
    assert verdict.visits == 123


def test_a_short_run_is_compared_to_its_end(network: Network) -> None:
    """Where the horizon comes first, everything up to it is compared."""
    verdict = compare_engines(network, 5, 10**6)
    assert verdict.agree
    assert 0 < verdict.visits < 2000


def test_another_seed_is_a_difference(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one engine ran with other random numbers, the first visit that differs would be named."""

    def crooked(name: str, program: Program, seed: int, replication: int, keep_rows: bool = False) -> Engine:
        return make_engine(name, program, seed + (name == "reference"), replication, keep_rows)  # type: ignore[arg-type]  # a name

    monkeypatch.setattr("jukinet_sim.experiments.twin.make_engine", crooked)
    verdict = compare_engines(network, 5, 100)
    assert not verdict.agree
    assert verdict.difference is not None
    assert verdict.difference.startswith("visit 0 differs: fast people: 0 job")


def test_the_last_bit_counts(network: Network) -> None:
    """Two times that differ in their last bit are a difference."""
    integers = np.zeros((1, 5), dtype=np.int64)
    times = np.array([[1.0, 2.0, 3.0]])
    moved = times.copy()
    moved[0, 2] = np.nextafter(3.0, 4.0)
    program = compile_program(network)
    assert twin._first_row(program, (integers, times), (integers, times)) is None
    assert twin._first_row(program, (integers, times), (integers, moved)) is not None


ONE = (Station("s", 1),)
CROWDED = Flow("f", (Visit("s", dist.constant(1.0)),), Poisson(5.0))
LIMITS = {
    "run.job_budget": Network("jobs", 1e6, ONE, (CROWDED,), job_budget=77),
    "run.event_budget": Network("events", 1e6, ONE, (CROWDED,), event_budget=77),
    "run.same_instant_budget": Network(
        "instant", 1e6, ONE, (CROWDED, Flow("g", (Spawn("g"),), Poisson(0.1))), same_instant_budget=500
    ),
    "a delay that is not": Network("delay", 1e6, ONE, (CROWDED, Flow("g", (Delay(dist.constant(-1.0)),), Poisson(0.1)))),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_engines_are_equal_up_to_a_limit(limit: str) -> None:
    """A limit inside the visits asked for is no difference: both engines meet it in the same event."""
    with pytest.raises(LimitReached, match=f"the engines are equal up to a limit, .* events: {limit}"):
        compare_engines(LIMITS[limit], 5, 10_000)


@pytest.mark.parametrize("rate", [1e9, 1.7e308])
def test_extreme_rates_come_to_an_end(rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrivals at rates at which no visit ever ends are compared over a bounded number of events."""
    flows = (Flow("f", (Visit("s", dist.constant(1.0)),), Poisson(rate)),)
    monkeypatch.setattr(twin, "FEWEST_EVENTS", 20_000)
    verdict = compare_engines(Network("rates", 1e6, ONE, flows), 5, 100)
    assert verdict.agree
    assert verdict.events == 20_000


def test_a_route_without_visits_comes_to_an_end() -> None:
    """Where no visit ever ends the number of events is what bounds the comparison."""
    flow = Flow("f", (Delay(dist.constant(0.5)),), Renewal(dist.constant(1.0)))
    verdict = compare_engines(Network("none", 1e12, (), (flow,)), 5, 3)
    assert verdict.agree
    assert (verdict.visits, verdict.events) == (0, FEWEST_EVENTS)


def test_documents_of_both_engines_are_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """But for the engine's name and the hash, which knows it, both engines print the same document to the last digit."""
    found = []
    for engine in ("fast", "reference"):
        file = write_scenario(tmp_path, MANY_SUMS)
        main(["run", file, "--engine", engine, "--json", "--out", str(tmp_path / "runs")])
        found.append(json.loads(capsys.readouterr().out))
        assert found[-1].pop("engine") == engine
        found[-1].pop("hash")
    assert found[0] == found[1]
    assert max(found[0]["identities"].values()) > 0.0


MANY_SUMS = """\
scenario: sums
run: {horizon: 300 s, warm_up: 33 s, replications: 3, seed: 5}
network:
  stations:
    desk: {servers: 40}
    cpu: {servers: 2, discipline: ps}
    held: {servers: 30, outages: [{at: 0.7 s, for: 0.2 s, every: 3.1 s}]}
  flows:
    people:
      arrivals: {poisson: 7 /s}
      timeout: {exponential: 30 s}
      route:
        - {visit: desk, demand: {lognormal: {mean: 4 s, cv: 2}}}
        - {visit: held, demand: {exponential: 3 s}}
        - {visit: cpu, demand: {exponential: 0.27 s}}
"""
