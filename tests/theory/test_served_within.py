"""The part of visits that begins within a wait: Erlang C's tail, those that gave up counted as not served, and its bins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.focus.quantiles import share_within
from jukinet_sim.engine.observe import bin_edges
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.theory.abandonment import erlang_a
from jukinet_sim.theory.queues import erlang_c

LIMIT_S = 0.5


def served_within(patience: dist.Distribution | None, servers: int, rate: float, limit_s: float = LIMIT_S) -> list[float]:
    """Run a queue of exponential services of 1 s a few times; which part began within the limit, each time."""
    route = (Visit("s", dist.exponential(1.0)),)
    flow = Flow("f", route, Poisson(rate), patience=patience)
    network = Network("q", 20_000.0, (Station("s", servers, target_wait_s=limit_s),), (flow,), warm_up_s=200.0)
    program = compile_program(network)
    runs = (digest(conduct(make_engine("fast", program, 5, k), program, k), program) for k in range(10))
    return [float(run.stations["s"].metrics["served_within"] or 0.0) for run in runs]


def test_without_patience_it_is_erlangs_tail() -> None:
    """P(W <= t) = 1 - C exp(-(c mu - lambda) t) in M/M/c."""
    found = served_within(None, 5, 4.0)
    expected = 1.0 - erlang_c(4.0, 5) * math.exp(-(5.0 - 4.0) * LIMIT_S)
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found))
    assert abs(np.mean(found) - expected) < 4.0 * error + 0.002
    assert error < 0.005


def test_who_gives_up_was_not_served() -> None:
    """With a limit beyond every wait it is the part that does not give up: 1 less the abandonment of Erlang A."""
    found = served_within(dist.exponential(2.0), 5, 6.0, 1e6)
    error = float(np.std(found, ddof=1)) / math.sqrt(len(found))
    assert abs(np.mean(found) - (1.0 - erlang_a(6.0, 1.0, 5, 2.0).abandon_fraction)) < 4.0 * error
    assert error < 0.005


def test_inside_a_bin_observations_count_as_spread() -> None:
    """Half a bin's width above its lower edge half of its observations are within; zeros always are."""
    edges = bin_edges()
    histogram = np.zeros(len(edges) - 1, dtype=np.int64)
    histogram[[0, 900, 1000]] = 1, 4, 8
    middle = float(edges[900] + edges[901]) / 2.0
    assert share_within(histogram, 3, middle) == pytest.approx((3 + 1 + 2) / 16)
    assert share_within(histogram, 3, float(edges[950])) == pytest.approx((3 + 1 + 4) / 16)
    assert share_within(histogram, 3, 0.0) == pytest.approx(4 / 16)
    assert share_within(histogram, 3, 1e300) == 1.0
    assert share_within(np.zeros_like(histogram), 0, 1.0) is None


def test_a_scenario_states_the_wait() -> None:
    """`target_wait` of a station is what it is judged by; without one nothing can be asked."""
    call_centre = shipped_folder() / "textbook" / "call-centre.yaml"
    level = "slo=[{station: agents, metric: served_within, above: 80 %}]"
    assert load(call_centre, sets=("network.stations.agents.target_wait=20 s", level)).scenario.slo[0].text
    with pytest.raises(ScenarioError, match='station "agents" has no target_wait'):
        load(call_centre, sets=(level,))
