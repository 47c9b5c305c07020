"""What a second worker gains, and how soon a first replication begins: the command itself, in turns.

`python -m benchmarks.workers [PAIRS]`, five pairs by default. The work is a sweep over M/M/c of about a minute on one worker,
so that starting is a small part of it; both times are those of whole commands. The start is the time from the call of the
command until it hears for the first time that a replication is on its way. What the machine itself allows is the gain of two
commands side by side, each with half of the work and nothing to do with the other.
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
run: {horizon: 4000000 s, warm_up: 1000 s, replications: 10, engine: fast}
network:
  stations: {desk: {servers: 4}}
  flows:
    visitor: {arrivals: {poisson: 3 /s}, route: [{visit: desk, demand: {exponential: 1 s}}]}
"""
HEARD = """\
import sys, time
from jukinet_sim.cli import progress
heard = progress.Progress.__call__
def call(self, *report):
    if call.first is None:
        call.first = time.time()
    heard(self, *report)
call.first = None
progress.Progress.__call__ = call
from jukinet_sim.cli.app import main
code = main(sys.argv[1:])
print(call.first)
sys.exit(code)
"""
"""The command, which at its end says when it first heard of a replication."""


def words(jobs: int, *settings: str) -> list[str]:
    """Return the words of a command that finds nothing kept."""
    asked = ["sweep", "workers.yaml", "--vary", "network.stations.desk.servers=4,5", "--jobs", str(jobs), "--fresh", "-q"]
    return [*asked, *(word for one in settings for word in ("--set", one))]


def seconds(folder: Path, jobs: int) -> float:
    """Wall-clock time of one command."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "jukinet_sim", *words(jobs)], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def apart(folder: Path) -> float:
    """Wall-clock time of two commands at once, each of one worker and with half of the replications."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "jukinet_sim", *words(1, "run.replications=5")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    both = [
        subprocess.Popen([*command, "--seed", str(seed), "--out", f"apart-{seed}"], cwd=folder, **quiet) for seed in (1, 2)
    ]
    if any(one.wait() for one in both):
        raise RuntimeError("a command failed")
    return time.perf_counter() - began


def start_s(folder: Path) -> float:
    """Time until a command with two workers hears of its first replication, which takes about a second."""
    began = time.time()
    command = [sys.executable, "-c", HEARD, *words(2, "run.horizon=1000000 s", "run.replications=1")]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1]) - began


def main(pairs: str = "5") -> None:
    """Print each pair, the median gain, and the median time to the first replication."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "workers.yaml").write_text(SCENARIO, encoding="utf-8")
        start_s(folder)
        gains, starts, limits = [], [], []
        for pair in range(int(pairs)):
            order = (1, 2) if pair % 2 else (2, 1)
            taken = {jobs: seconds(folder, jobs) for jobs in order}
            starts.append(start_s(folder))
            gains.append(taken[1] / taken[2])
            limits.append(taken[1] / apart(folder))
            print(
                f"one worker {taken[1]:.2f} s, two {taken[2]:.2f} s, gain {gains[-1]:.2f}; two commands apart "
                f"{limits[-1]:.2f}; first replication {starts[-1]:.2f} s",
                flush=True,
            )
        print(
            f"median gain {statistics.median(gains):.2f}, of two commands apart {statistics.median(limits):.2f}; "
            f"median start {statistics.median(starts):.2f} s"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
