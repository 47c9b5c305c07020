"""The README's blocks do what they say: commands are well formed, the scenario runs, the Python runs, the table is real."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.verify.acceptance import coverage_bounds
from jukinet_sim.verify.battery import DEFAULT_SEED, make_order
from jukinet_sim.verify.catalogue import chosen, families
from jukinet_sim.verify.coverage import covered_figures
from tests.battery import differences
from tests.documents import ROOT, marked, table

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(marker: str) -> str:
    """The fenced block that follows a marker comment."""
    return marked(README, marker)


LONG = [
    f"scenarios/{name}.yaml"
    for name in (
        "size-prefecture-centre", "sweep-batch-window", "sensitivity-baseline", "fy2012", "cipher-migration",
        "call-centre-law-day", "textbook/pooling", "pooling-centre",
    )
]
"""Scenarios whose questions take minutes."""


THIN = [f"scenarios/{name}.yaml" for name in ("peak-day", "cipher-compare", "pooling", "pooling-centre")]
"""Days of the whole nation that are compared on a thin one."""


def jukinet_lines() -> list[str]:
    """Every `jukinet ...` line of the unmarked shell blocks, without its comment."""
    lines = re.findall(r"^jukinet .*$", README, re.M)
    return [line.split("#")[0].strip() for line in lines]


def test_both_commands_are_one_line_each() -> None:
    """One command installs and runs the main job, one installs what tests need and runs them."""
    assert block("command: run").count("\n") == 0
    assert block("command: run").endswith("jukinet run scenarios/fy2012.yaml")
    assert block("command: test").endswith("python -m pytest")


def twice(words: list[str]) -> list[str]:
    """The same words with two replications."""
    if "--replications" not in words:
        return [*words, "--replications", "2"]
    at = words.index("--replications") + 1
    return [*words[:at], "2", *words[at + 1 :]]


@pytest.fixture(scope="module")
def kept_before(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Where runs of a shipped scenario are kept: one of a thin nation on a day."""

    @functools.cache
    def made(name: str) -> Path:
        runs = tmp_path_factory.mktemp(name) / "runs"
        day, thin = "run.period={from: 2012-05-01, to: 2012-05-01}", "juki_net.municipalities.every=200"
        scenario = str(ROOT / "scenarios" / f"{name}.yaml")
        assert main(["run", scenario, "-q", "--set", day, "--set", thin, "--out", str(runs)]) == 0
        return runs

    return made


@pytest.mark.parametrize("line", jukinet_lines())
def test_each_command_shown_is_understood(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    kept_before: Callable[[str], Path],
) -> None:  # fmt: skip
    """Long runs are planned instead of run, what is compared is run twice, of the battery a part is run; nations are thin.

    Of long questions the options are looked up and the scenario is validated. What is shown again has been run on a thin nation
    for a day, and a reader's own list is the example's; the demonstration and most suites have tests of their own. The rest is
    as written, but as on a machine with one core no further processes are started: results do not depend on them, as tests of
    their own show.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    (tmp_path / "my-towns.csv").write_bytes((ROOT / "scenarios" / "tiny-municipalities.csv").read_bytes())
    words = line.split()[1:]
    if words[0] == "run":
        words = ["plan", *words[1:]]
    if "--on" in words:
        words = words[: words.index("--on")]
    if words[0] in ("size", "sensitivity") and words[1] in LONG:
        assert main([words[0], "--help"]) == 0
        known = capsys.readouterr().out
        assert all(re.search(rf"{word}\b", known) for word in words if word.startswith("--"))
        words = ["validate", words[1]]
    if "--assumptions" in words:
        words = words[: words.index("--assumptions")]
    if words[0] in ("show", "report", "export"):
        shutil.copytree(kept_before(words[1]), "runs")
    if "compare" in words and any(word in THIN for word in words):
        words += ["--set", "juki_net.municipalities.every=200"]
    if words[:2] == ["compare", "scenarios/programme.yaml"]:
        day = "run.period={from: 2013-11-05, to: 2013-11-05}"
        words += ["--set", "juki_net.municipalities.every=200", "--set", day]
    if words[0] == "verify":
        words = [*words, "--only", "random-numbers"]
    if words == ["crypto", "selftest"]:
        words = [*words, "today"]
    if words[0] in ("serve", "demo"):
        words = [*words, "--help"]
    if words[0] in ("compare", "sweep") or words[:2] == ["crypto", "compare"]:
        words = twice(words)
    assert main(words) == 0


def test_the_scenario_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generic network of the README runs, on a shorter horizon, and meets its service level."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two-tier.yaml").write_text(block("scenario: two-tier"), encoding="utf-8")
    assert main(["run", "two-tier.yaml", "--quiet", "--set", "run.horizon=4000 s", "--replications", "2"]) == 0


def test_the_study_runs(tmp_path: Path) -> None:
    """The study's example prints a row for the scenario and each of three changes, with verdicts."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", block("python: study")]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    rows = [line for line in done.stdout.splitlines() if "\u2506" in line][3:]
    assert [row.rstrip(" \u2502").split()[-1] for row in rows] == ["null", "less", "more", "less"]


def test_the_python_runs() -> None:
    """The façade's example prints one number of seconds."""
    done = subprocess.run([sys.executable, "-c", block("python: facade")], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0.05 < float(done.stdout) < 2.0


def test_the_battery_shown_is_that_of_the_catalogue() -> None:
    """Every family stands in the table with its points and figures, judged together with all the others, and holds."""
    order = make_order("quick", "fast", DEFAULT_SEED, ())
    points = chosen(())
    accepted = coverage_bounds(order.amounts.sets, sum(len(covered_figures(point)) for point in points))
    low, high = (100.0 * count / order.amounts.sets for count in accepted)
    shown = table(README, "Family")
    assert tuple(shown) == families()
    for family, cells in shown.items():
        members = chosen({family})
        assert cells[:2] == [str(len(members)), str(sum(len(point.figures) for point in members))]
        assert (cells[3], cells[-1]) == (f"{low:.1f} - {high:.1f} %", "holds")


def test_parts_of_the_battery_print_the_rows_shown(tmp_path: Path) -> None:
    """A family of special stations and the random numbers give the rows shown to the last digit; CI looks at all rows."""
    only = ("M/M/c priority", "random-numbers")
    call = ["verify", "--size", "quick", "--quiet", "--jobs", "1", "--out", str(tmp_path / "v.json")]
    assert main([*call, "--markdown", str(tmp_path / "v.md"), *(word for name in only for word in ("--only", name))]) == 0
    printed = (tmp_path / "v.md").read_text(encoding="utf-8")
    for family, cells in table(printed, "Family").items():
        # What is accepted depends on how many figures are judged together.
        expected = table(README, "Family")[family]
        assert [*cells[:3], *cells[4:]] == [*expected[:3], *expected[4:]]
    shown = table(README, "Claim")
    alike = {name for name, cells in table(printed, "Claim").items() if cells == shown[name]}
    assert alike == {name for name in shown if name.startswith("random numbers: ")}


def test_another_digit_and_a_missing_row_are_seen() -> None:
    """README has the rows that README has; a changed one and one that is gone are told."""
    assert differences(README, README) == []
    family, claim = "GI/M/1", next(iter(table(README, "Claim")))
    changed = README.replace(f"| {family} | ", f"| {family} | 1").replace(f"| {claim} | ", "| another | ")
    assert [line.partition(": printed ")[0] for line in differences(changed, README)] == [family, "another", claim]


def test_the_explanation_shown_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """What the section on suites shows is what the command prints, figure by figure of the shipped card."""
    assert main(["crypto", "explain", "today", "message", "--card", "xeon-2012"]) == 0
    assert capsys.readouterr().out.strip("\n") == block("output: explain")


def test_the_table_holds_every_record() -> None:
    """The output shown is that of a run in which all provisions add up to the Ministry's total."""
    assert "provision.* in all: 44 flows, 369,045,185 records" in block("output: fy2012")
    assert "@@" not in README
