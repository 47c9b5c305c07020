"""The work for a visit as the network grows: the same number of visits to 1, 50 and 1,800 stations."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import work
from benchmarks.networks import row
from benchmarks.timing import time_contender


@pytest.mark.parametrize("stations", [1, 50, 1800])
def test_fast(benchmark: BenchmarkFixture, stations: int) -> None:
    """Two million visits in the fast engine."""
    assert time_contender(benchmark, work.fast, row(stations), 2e6).visits > 1e6


@pytest.mark.parametrize("stations", [1, 50, 1800])
def test_reference(benchmark: BenchmarkFixture, stations: int) -> None:
    """Thirty thousand visits in the reference engine."""
    assert time_contender(benchmark, work.reference, row(stations), 3e4).visits > 1e4
