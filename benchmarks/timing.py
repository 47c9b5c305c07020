"""One way to hand a contender to pytest-benchmark: preparation is not timed, the first round only warms up."""

from __future__ import annotations

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.networks import of_visits
from benchmarks.work import Prepare, Run, Work
from jukinet_sim.network.model import Network


def time_contender(benchmark: BenchmarkFixture, prepare: Prepare, network: Network, visits: float, rounds: int = 3) -> Work:
    """Time runs of about so many visits; visits a second stand in the report's extra information."""
    sized = of_visits(network, visits)

    def prepared() -> tuple[tuple[Run], dict[str, object]]:
        return (prepare(sized, 1),), {}

    work: Work = benchmark.pedantic(_perform, setup=prepared, rounds=rounds, warmup_rounds=1)
    benchmark.extra_info["visits"] = work.visits
    if benchmark.stats is not None:
        benchmark.extra_info["visits_per_s"] = round(work.visits / benchmark.stats.stats.median)
    return work


def _perform(run: Run) -> Work:
    return run()
