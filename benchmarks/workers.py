"""What a second worker gains, and how soon a first replication begins: the command itself, in turns.

`python -m benchmarks.workers [PAIRS]`, five pairs by default. The work is a sweep over M/M/c of a second a replication; the
start is the time that a whole command takes whose two replications are next to nothing: the first begins within it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = """\
scenario: workers
run: {horizon: 1000000 s, warm_up: 1000 s, replications: 10, engine: fast}
network:
  stations: {desk: {servers: 4}}
  flows:
    visitor: {arrivals: {poisson: 3 /s}, route: [{visit: desk, demand: {exponential: 1 s}}]}
"""


def seconds(folder: Path, jobs: int, *settings: str) -> float:
    """Wall-clock time of one command that finds nothing kept."""
    words = ["sweep", "workers.yaml", "--vary", "network.stations.desk.servers=4,5", "--jobs", str(jobs), "--fresh", "-q"]
    began = time.perf_counter()
    command = [sys.executable, "-m", "jukinet_sim", *words, *(word for one in settings for word in ("--set", one))]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def main(pairs: str = "5") -> None:
    """Print each pair, the median gain, and the median time of a command with nothing to do."""
    nothing = ("run.horizon=2 s", "run.warm_up=0 s", "run.replications=1")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "workers.yaml").write_text(SCENARIO, encoding="utf-8")
        seconds(folder, 2, *nothing)
        gains, starts = [], []
        for pair in range(int(pairs)):
            order = (1, 2) if pair % 2 else (2, 1)
            taken = {jobs: seconds(folder, jobs) for jobs in order}
            starts.append(seconds(folder, 2, *nothing))
            gains.append(taken[1] / taken[2])
            said = f"one worker {taken[1]:.2f} s, two {taken[2]:.2f} s, gain {gains[-1]:.2f}; nothing to do {starts[-1]:.2f} s"
            print(said, flush=True)
        print(f"median gain {statistics.median(gains):.2f}, median start {statistics.median(starts):.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
