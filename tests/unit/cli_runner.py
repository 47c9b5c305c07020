"""What the tests of the command line share: a small scenario, and calls of the command in this process or another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MM1 = """\
scenario: corner
run: {horizon: 2000 s, warm_up: 100 s, replications: 3, seed: 5}
network:
  stations:
    desk: {servers: 1}
  flows:
    people:
      arrivals: {poisson: 0.5 /s}
      route: [{visit: desk, demand: {exponential: 1 s}}]
slo:
  - {flow: people, metric: sojourn.mean, below: 1 h}
"""


def write_scenario(folder: Path, text: str = MM1, name: str = "corner.yaml") -> str:
    """Write a scenario file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def python(
    code: str, *arguments: str, folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, in a folder of its own."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=folder, env=env or environment(),
        check=False,
    )  # fmt: skip


def command(arguments: Sequence[str]) -> list[str]:
    """Return the command line that runs the command in a process of its own."""
    return [sys.executable, "-m", "jukinet_sim", *arguments]


def environment() -> dict[str, str]:
    """Return an environment in which the package is found."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
