"""The comparison of the engines: it stops where asked, and it sees a difference where there is one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cli_runner import write_scenario

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Engine
from jukinet_sim.experiments import twin
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.network.model import Network
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
