"""Our engines on the small network and on the tree, with every statistic and the fingerprint."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import work
from benchmarks.networks import busy_stations, eight_stations, tree
from benchmarks.timing import time_contender
from benchmarks.work import Prepare
from jukinet_sim.network.model import Network

NETWORKS = pytest.mark.parametrize("make", [eight_stations, busy_stations, tree])


@NETWORKS
@pytest.mark.parametrize("prepare", [work.fast, work.fast_full])
def test_fast(benchmark: BenchmarkFixture, prepare: Prepare, make: Callable[[], Network]) -> None:
    """Two million visits in the fast engine, as specialised for the network and with all features compiled in."""
    assert time_contender(benchmark, prepare, make(), 2e6).visits > 1e6


@NETWORKS
def test_reference(benchmark: BenchmarkFixture, make: Callable[[], Network]) -> None:
    """Thirty thousand visits in the reference engine."""
    assert time_contender(benchmark, work.reference, make(), 3e4).visits > 0
