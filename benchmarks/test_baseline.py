"""The main job as a user meets it: a fresh process that loads fy2012 and runs all nine months once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

ROOT = Path(__file__).parent.parent
_NINE_MONTHS = """
from jukinet_sim.experiments.replicate import run_replications
from jukinet_sim.network.compile import compile_network
from jukinet_sim.scenario.load import load

network = compile_network(load("scenarios/fy2012.yaml"))
digests = run_replications(network, seed=1, replications=1, engine="fast").digests
print(len(digests), digests[0].limit)
"""


def test_nine_months(benchmark: BenchmarkFixture) -> None:
    """One replication of fy2012, start of Python included."""

    def process() -> str:
        command = [sys.executable, "-c", _NINE_MONTHS]
        return subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout

    assert benchmark.pedantic(process, rounds=1) == "1 None\n"
