"""The other simulators: first that they do the same work, then how long it takes them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import work
from benchmarks.networks import busy_stations, eight_stations, of_visits, tree
from benchmarks.timing import time_contender
from benchmarks.work import Prepare, Work
from jukinet_sim.network.model import Network

TOLERANCE = 0.05
TOWNS, COUNTIES = 37, 1


def small_tree() -> Network:
    """A tree as busy as the large one, small enough for a simulator whose events look at every station."""
    return tree(TOWNS, COUNTIES)


def _prepare_of(name: str) -> Prepare | None:
    try:
        prepare: Prepare = importlib.import_module(f"benchmarks.peers.{name}").prepare
    except ModuleNotFoundError:
        return None
    return prepare


PEERS = {name: _prepare_of(name) for name in ("simpy_resource", "cimba_network", "ciw_network")}
"""Imported here, because cimba must be there before numba compiles its first function in a process."""


def peer(name: str) -> Prepare:
    """A peer's `prepare`, or a skipped test where the simulator is not installed."""
    prepare = PEERS[name]
    if prepare is None:
        pytest.skip(f"the simulator of {name} is not installed")
    return prepare


def pooled(runs: Sequence[Work]) -> tuple[dict[str, float], float]:
    """The mean sojourn of each flow over all jobs, and the visits of a run."""
    flows = runs[0].completed
    jobs = {name: sum(run.completed[name] for run in runs) for name in flows}
    means = {name: sum(run.sojourn_s[name] * run.completed[name] for run in runs) / jobs[name] for name in flows}
    return means, sum(run.visits for run in runs) / len(runs)


@pytest.mark.parametrize("make", [eight_stations, busy_stations, small_tree])
@pytest.mark.parametrize(
    ("name", "visits", "runs"), [("simpy_resource", 2e4, 6), ("cimba_network", 2e5, 8), ("ciw_network", 8e3, 6)]
)
def test_peers_agree(name: str, visits: float, runs: int, make: Callable[[], Network]) -> None:
    """A peer's mean sojourns are within a few percent of the fast engine's, and it makes as many visits."""
    prepare = peer(name)
    network = of_visits(make(), visits)
    theirs, their_visits = pooled([prepare(network, seed)() for seed in range(runs)])
    ours, our_visits = pooled([work.fast(network, seed)() for seed in range(60)])
    assert their_visits == pytest.approx(our_visits, rel=TOLERANCE)
    assert theirs == pytest.approx(ours, rel=TOLERANCE)


@pytest.mark.parametrize("make", [eight_stations, tree])
@pytest.mark.parametrize(("name", "visits"), [("simpy_resource", 1e5), ("cimba_network", 5e5)])
def test_peer(benchmark: BenchmarkFixture, name: str, visits: float, make: Callable[[], Network]) -> None:
    """SimPy and cimba on both networks."""
    assert time_contender(benchmark, peer(name), make(), visits).visits > 0


def test_ciw(benchmark: BenchmarkFixture) -> None:
    """Ciw on the small network; on the tree every one of its events would look at thousands of nodes."""
    assert time_contender(benchmark, peer("ciw_network"), eight_stations(), 2e4).visits > 0
