"""From a scenario file to a checked model, and from there to a network and to the engines' tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.generated import tree_yaml
from benchmarks.networks import EIGHT_STATIONS
from jukinet_sim.engine.program import compile_program
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

BASELINE = Path(__file__).parent.parent / "scenarios" / "fy2012.yaml"


@pytest.fixture(params=["eight_stations", "tree", "fy2012"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A small file, a file with thousands of weights, and the baseline."""
    if request.param == "tree":
        file = tmp_path / "tree.yaml"
        file.write_text(tree_yaml(1742, 47), encoding="utf-8")
        return file
    return EIGHT_STATIONS if request.param == "eight_stations" else BASELINE


def test_load(benchmark: BenchmarkFixture, path: Path) -> None:
    """Read, check and freeze a scenario."""
    assert benchmark(load, path).sources


def test_compile_network(benchmark: BenchmarkFixture, path: Path) -> None:
    """Turn a loaded scenario into stations, flows and routes."""
    assert benchmark(compile_network, load(path)).flows


def test_compile_program(benchmark: BenchmarkFixture, path: Path) -> None:
    """Turn a network into the tables that the engines execute."""
    assert benchmark(compile_program, compile_network(load(path))).stations
