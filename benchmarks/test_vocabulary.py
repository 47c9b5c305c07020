"""What each word of the vocabulary costs: the fast engine on every textbook network, a million visits each."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import work
from benchmarks.timing import time_contender
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

FOLDER = Path(__file__).parents[1] / "scenarios" / "textbook"
TEXTBOOK = [path for path in sorted(FOLDER.glob("*.yaml")) if path.stem != "sinusoid"]
"""The sinusoid visits no station: its jobs are delayed only."""


@pytest.mark.parametrize("scenario", TEXTBOOK, ids=lambda path: path.stem)
def test_fast(benchmark: BenchmarkFixture, scenario: Path) -> None:
    """Priorities, sharing, losses, breakdowns, patience, retrials and closed populations beside plain queues."""
    assert time_contender(benchmark, work.fast, compile_network(load(scenario)), 1e6).visits > 1e5
