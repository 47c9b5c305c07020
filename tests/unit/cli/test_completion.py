"""The tab key: what each shell is offered by the scripts that typer installs, and that little is loaded for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cli_runner import command, environment, python, write_scenario

from jukinet_sim.cli import complete
from jukinet_sim.cli.app import GROUPS, SUB_APPS
from jukinet_sim.guide import topics
from jukinet_sim.scenario.shipped import found, shipped_folder

VERBS = [verb.__name__ for verbs in GROUPS.values() for verb in verbs] + [
    str(one.info.name) for apps in SUB_APPS.values() for one in apps
]


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with two scenarios, one of them below, and a kept run."""
    monkeypatch.chdir(tmp_path)
    write_scenario(tmp_path)
    (tmp_path / "more").mkdir()
    write_scenario(tmp_path / "more", name="other.yaml")
    (tmp_path / "runs" / "corner" / "0a1b2c").mkdir(parents=True)
    (tmp_path / "runs" / "corner" / "0a1b2c" / "scenario.yaml").write_text("", encoding="utf-8")


def asked(shell: str, line: str) -> subprocess.CompletedProcess[str]:
    """Ask as the script of a shell does; the word after the last blank is the one to complete."""
    env = environment() | {"_JUKINET_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
    env |= {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    return subprocess.run(command([]), capture_output=True, text=True, env=env, check=False)


def test_bash() -> None:
    """Bash is offered every verb, the options of one, and names that fit what is written."""
    assert asked("bash", "jukinet ").stdout.split() == VERBS
    assert "--replications" in asked("bash", "jukinet run --").stdout.split()
    assert asked("bash", "jukinet run mo").stdout.split() == ["more/other.yaml"]


def test_zsh_and_fish() -> None:
    """Other shells are offered the same with a sentence about each."""
    assert '"crypto":"List, time, explain and test cipher suites."' in asked("zsh", "jukinet cry").stdout
    names = [line.partition("\t")[0] for line in asked("fish", "jukinet s").stdout.splitlines()]
    assert names == [verb for verb in VERBS if verb.startswith("s")]


def test_fish_asks_by_the_exit_code() -> None:
    """Fish asks whether there is anything to offer, and takes the exit code for an answer."""
    for line, code in (("jukinet guide tuto", 0), ("jukinet guide zzz", 1)):
        env = environment() | {"_JUKINET_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": line}
        env |= {"_TYPER_COMPLETE_FISH_ACTION": "is-args"}
        assert subprocess.run(command([]), capture_output=True, env=env, check=False).returncode == code


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_shown(shell: str) -> None:
    """`--show-completion` prints the script that asks in this way."""
    env = environment() | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(command(["--show-completion", shell]), capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert f"_JUKINET_COMPLETE=complete_{shell}" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_takes_the_script(tmp_path: Path) -> None:
    """Bash reads the script and completes by it."""
    (tmp_path / "jukinet").write_text(f'#!/bin/sh\nexec {" ".join(command([]))} "$@"\n', encoding="utf-8")
    (tmp_path / "jukinet").chmod(0o755)
    env = environment() | {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    env["PATH"] = os.pathsep.join([str(tmp_path), env["PATH"]])
    code = 'eval "$(jukinet --show-completion bash)"; COMP_WORDS=(jukinet run cor); COMP_CWORD=2; _jukinet_completion jukinet'
    done = subprocess.run(
        ["bash", "-c", f'{code}; echo "${{COMPREPLY[@]}}"'], capture_output=True, text=True, env=env, check=False
    )
    assert done.stdout.split() == ["corner.yaml"], done.stderr


def test_little_is_loaded() -> None:
    """For an answer neither numbers, tables nor engines are loaded."""
    code = (
        "import sys\nfrom jukinet_sim.cli import app, complete\n"
        "for offer in (complete.scenarios, complete.runs, complete.suites, complete.topics, complete.explainable): offer('')\n"
        "print(*sys.modules)"
    )
    loaded = {name.partition(".")[0] for name in python(code, folder=Path()).stdout.split()}
    assert loaded.isdisjoint({"numpy", "pydantic", "numba", "simpy", "rich", "yaml", "sqlite3", "cryptography"})


def test_what_is_offered() -> None:
    """Files here and below, shipped ones, runs by scenario and hash, the last suite of a list, pages, metrics."""
    assert complete.scenarios("")[:2] == ["corner.yaml", "more/other.yaml"]
    assert "fy2012.yaml" in complete.scenarios("")
    assert complete.scenarios("runs/") == ["runs/corner/0a1b2c/scenario.yaml"]
    assert complete.scenarios("none/") == []
    assert (complete.runs(""), complete.runs("0a")) == (["corner"], ["0a1b2c"])
    assert complete.suites("today,tar") == ["today,target"]
    assert complete.topics("") == [topic.slug for topic in topics()]
    assert complete.explainable("wait.p9") == ["wait.p90", "wait.p95", "wait.p99"]


def test_a_shipped_scenario_is_found_by_its_name(tmp_path: Path) -> None:
    """A bare name means the shipped file, unless a file of that name is here; a path means itself."""
    assert found("tiny.yaml") == str(shipped_folder() / "tiny.yaml")
    assert found("elsewhere/tiny.yaml") == "elsewhere/tiny.yaml"
    assert found("nothing.yaml") == "nothing.yaml"
    (tmp_path / "tiny.yaml").write_text("", encoding="utf-8")
    assert found("tiny.yaml") == "tiny.yaml"
