"""Words about flows and their routes in a scenario file to the network model, in SI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.chance.distributions import constant, exponential, geometric
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

TEXT = """
scenario: words
run: {horizon: 2 d, warm_up: WARM, job_budget: 500}
network:
  stations: {web: {servers: 1, capacity: 3}}
  states: {suite: {}}
  flows:
    query:
      arrivals: ARRIVALS
      FLOW
      route: [STEPS]
"""
VISIT = "{visit: web, demand: {exponential: 20 ms}}"
Compile = Callable[..., M.Network]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """Return a function that compiles a network of one flow with these words."""

    def compile_text(
        arrivals: str = "{poisson: 1 /s}", flow: str = "records: 1", steps: str = VISIT, warm: str = "0 s"
    ) -> M.Network:
        path = tmp_path / "words.yaml"
        text = TEXT.replace("ARRIVALS", arrivals).replace("FLOW", flow).replace("STEPS", steps).replace("WARM", warm)
        path.write_text(text, encoding="utf-8")
        return compile_network(load(path))

    return compile_text


def test_a_plain_flow_has_every_default(compiled: Compile) -> None:
    """Without further words jobs wait for ever, never retry and have priority 0."""
    assert compiled().flows == (M.Flow("query", (M.Visit("web", exponential(0.02)),), M.Poisson(1.0)),)


def test_a_sinusoid_is_in_seconds(compiled: Compile) -> None:
    """Mean and amplitude are per second, the period in seconds."""
    wave = "{sinusoid: {mean: 60 /min, amplitude: 0.5 /s, period: 24 h}}"
    assert compiled(wave).flows[0].arrivals == M.Sinusoid(1.0, 0.5, 86400.0)


def test_the_diagonal_of_a_modulating_chain_is_ignored(compiled: Compile) -> None:
    """Rates are per second; whatever stands on the diagonal does not count."""
    chain = "{mmpp: {rates: [1 /s, 6 /min], switch: [[9 /s, 3 /min], [2 /s, 9 /s]]}}"
    assert compiled(chain).flows[0].arrivals == M.Modulated((1.0, 0.1), ((0.0, 0.05), (2.0, 0.0)))


def test_a_closed_flow_keeps_its_jobs_and_think_time(compiled: Compile) -> None:
    """The number of jobs and the distribution of thinking in seconds."""
    loop = "{closed: {jobs: 7, think: {exponential: 1 min}}}"
    assert compiled(loop).flows[0].arrivals == M.Closed(7, exponential(60.0))


@pytest.mark.parametrize(
    "arrivals",
    [
        "{poisson: 0 /s}",
        "{poisson: 0 /s, batch: {constant: 2}}",
        "{sinusoid: {mean: 0 /s, amplitude: 0 /s, period: 1 h}}",
        "{mmpp: {rates: [0 /s, 0 /s], switch: [[0 /s, 1 /s], [1 /s, 0 /s]]}}",
    ],
)
def test_a_rate_of_0_brings_no_jobs(compiled: Compile, arrivals: str) -> None:
    """A process that is never on becomes a rate that is 0 at all times."""
    process = compiled(arrivals).flows[0].arrivals
    assert isinstance(process, M.Piecewise)
    assert (process.start_s.tolist(), process.rate_per_s.tolist(), process.repeat_s) == ([0.0], [0.0], None)


def test_what_a_job_does_when_it_is_not_served(compiled: Compile) -> None:
    """Priority, patience, time-out, zombie work and retry keep their values, in seconds."""
    words = [
        "priority: 3",
        "patience: {exponential: 2 min}",
        "timeout: {constant: 1 h}",
        "zombie: true",
        "retry: {attempts: 4, backoff: {constant: 500 ms}, factor: 2}",
    ]
    flow = compiled(flow="\n      ".join(words)).flows[0]
    assert (flow.priority, flow.patience, flow.timeout, flow.zombie) == (3, exponential(120.0), constant(3600.0), True)
    assert flow.retry == M.Retry(4, constant(0.5), 2.0)


def test_a_flow_may_be_due(compiled: Compile) -> None:
    """The longest time that is not late is in seconds; without it nothing is ever late."""
    assert compiled(flow="due: 2 min").flows[0].due_s == 120.0
    assert compiled().flows[0].due_s is None


def test_unlimited_retries_have_no_number(compiled: Compile) -> None:
    """`unlimited` becomes None, and the back-off does not grow unless the scenario says so."""
    flow = compiled(flow="retry: {attempts: unlimited, backoff: {exponential: 1 s}}").flows[0]
    assert flow.retry == M.Retry(None, exponential(1.0))


def test_parts_of_a_demand_are_scaled_in_seconds(compiled: Compile) -> None:
    """A drawn time counts once for itself; a time for each of a number is that number less `beyond`, times the time."""
    parts = "[{exponential: 5 ms}, {each: 2 ms, of: {geometric: {mean: 3}}, beyond: 1}, {each: 1 ms, of: {constant: 4}}]"
    visit = compiled(steps=f"{{visit: web, parts: {parts}}}").flows[0].route[0]
    assert isinstance(visit, M.Visit)
    assert visit.demand == constant(0.0)
    assert visit.parts == (
        M.Part(exponential(0.005), 1.0, 0.0),
        M.Part(geometric(3.0), 0.002, 1.0),
        M.Part(constant(4.0), 0.001, 0.0),
    )


def test_a_switch_leads_to_labels_or_out(compiled: Compile) -> None:
    """Each value has its label; `exit` is the way out of the network."""
    steps = "{switch: suite, to: {0: old, 7: exit}, label: here}, {delay: {constant: 1 s}, label: old}"
    assert compiled(steps=steps).flows[0].route[0] == M.Switch("suite", ((0, "old"), (7, None)), "origin", "here")


def test_a_set_gives_a_state_its_value(compiled: Compile) -> None:
    """The new value and the side of the job are kept."""
    steps = f"{VISIT}, {{set: suite, at: destination, to: 5}}"
    assert compiled(steps=steps).flows[0].route[1] == M.Assign("suite", 5, "destination")


def test_an_automatic_warm_up_is_left_to_the_experiments(compiled: Compile) -> None:
    """A network whose warm-up is found by a pilot has none of its own; the budget of jobs goes with the network."""
    network = compiled(warm="auto")
    assert (network.warm_up_s, network.job_budget) == (0.0, 500)
    assert compiled(warm="1 min").warm_up_s == 60.0


SPAWNING = """
scenario: spawning
run: {horizon: 1 h}
network:
  places: {county: {count: 1}, town: {count: 2, within: county, of: [0, 0]}}
  stations: {web: {servers: 1, per: county}}
  flows:
    first: {arrivals: {poisson: 1 /s}, origin: town, route: [{spawn: second}]}
    second: {route: [{spawn: third}]}
    third: {route: [{visit: web, demand: {exponential: 20 ms}}]}
    apart: {arrivals: {poisson: 1 /s}, route: [{spawn: either}]}
    either: {route: [{delay: {constant: 1 s}}]}
"""


def test_spawned_flows_take_over_the_level_of_their_origin(tmp_path: Path) -> None:
    """A flow that only others spawn has the level of the jobs that spawn it, through several flows."""
    path = tmp_path / "spawning.yaml"
    path.write_text(SPAWNING, encoding="utf-8")
    flows = {flow.name: (flow.origin, flow.destination) for flow in compile_network(load(path)).flows}
    assert flows == {
        "first": ("town", None),
        "second": ("town", None),
        "third": ("town", None),
        "apart": (None, None),
        "either": (None, None),
    }
