"""The README's blocks do what they say: commands are well formed, the scenario runs, the Python runs, the table is real."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from jukinet_sim.cli.app import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(marker: str) -> str:
    """The fenced block that follows a marker comment."""
    found = re.search(rf"<!-- {marker} -->\s*```[a-z]*\n(.*?)\n```", README, re.S)
    assert found, f"README has no block marked {marker}"
    return found.group(1)


def jukinet_lines() -> list[str]:
    """Every `jukinet ...` line of the unmarked shell blocks, without its comment."""
    lines = re.findall(r"^jukinet .*$", README, re.M)
    return [line.split("#")[0].strip() for line in lines]


def test_both_commands_are_one_line_each() -> None:
    """One command installs and runs the main job, one installs what tests need and runs them."""
    assert block("command: run").count("\n") == 0
    assert block("command: run").endswith("jukinet run scenarios/fy2012.yaml")
    assert block("command: test").endswith("python -m pytest")


@pytest.mark.parametrize("line", jukinet_lines())
def test_each_command_shown_is_understood(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long runs are planned instead of run; everything else is run as written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    words = line.split()[1:]
    if words[0] == "run":
        words = ["plan", *words[1:]]
    assert main(words) == 0


def test_the_scenario_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generic network of the README runs, on a shorter horizon, and meets its service level."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two-tier.yaml").write_text(block("scenario: two-tier"), encoding="utf-8")
    assert main(["run", "two-tier.yaml", "--quiet", "--set", "run.horizon=4000 s", "--replications", "2"]) == 0


def test_the_python_runs() -> None:
    """The façade's example prints one number of seconds."""
    done = subprocess.run([sys.executable, "-c", block("python: facade")], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0.05 < float(done.stdout) < 2.0


def test_the_table_holds_every_record() -> None:
    """The output shown is that of a run in which all provisions add up to the Ministry's total."""
    assert "provision.* in all: 44 flows, 369,045,185 records" in block("output: fy2012")
    assert "@@" not in README
