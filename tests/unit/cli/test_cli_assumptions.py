"""`run --assumptions`: samples beside a run, kept and reused, the same on any number of processes, ended by Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from cli_runner import command, environment, write_scenario

from jukinet_sim.cli.app import main

TINY = """\
scenario: towns
extends: tiny.yaml
run: {replications: 2, series: none, engine: fast}
juki_net:
  provisions: {volume: {value: 0.000001, derived: "small enough for a second"}}
measures:
  updates: {unit: updates, sum: [{flow: "updates.*", metric: completed}]}
  database-hours: {unit: h, sum: [{station: national_database, metric: busy_hours}]}
"""
CORNER = """\
scenario: corner
run: {horizon: 800 s, replications: 3, seed: 5}
network:
  stations: {desk: {servers: 1}}
  flows:
    people: {arrivals: {poisson: 0.5 /s}, route: [{visit: desk, demand: {exponential: 1 s}}]}
measures:
  wages: {unit: yen, sum: [{station: desk, metric: busy_hours, times: {value: 2500, assumed: "an hour", range: [2000, 3000]}}]}
"""


@pytest.fixture
def corner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A queue whose clerk's wages are assumed, in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path, CORNER)


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the command with --json and return what stdout held."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_price_moves_its_measure_in_proportion(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where only a price is assumed, wages range from 0.8 to 1.2 times the run's, by its 5th and 95th percentile."""
    found = document(capsys, "run", corner, "--assumptions", "20")
    wages = found["measures"]["wages"]["value"]["value"]
    (headline,) = found["assumptions"]["headlines"]
    assert headline["value"] == found["measures"]["wages"]["value"]
    # One sample in each twentieth of the range leaves the percentiles within a stratum of their place.
    assert headline["low"] == pytest.approx(wages * 0.82, abs=wages * 0.02)
    assert headline["high"] == pytest.approx(wages * 1.18, abs=wages * 0.02)
    assert 0.8 * wages <= headline["min"] <= headline["low"] < headline["high"] <= headline["max"] <= 1.2 * wages
    assert (headline["mostly_by"], headline["beyond_chance"]) == ("measures.wages.sum.0.times", True)
    assert headline["rank_correlation"] == pytest.approx(1.0)


def test_both_uncertainties_stand_in_one_line(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The table's headline names value, chance and assumptions, and says where samples were taken."""
    main(["run", corner, "--quiet", "--assumptions", "24"])
    shown = capsys.readouterr().out
    assert "24 samples of 1 figure with a range, one replication each, on the network of the run" in shown.replace("\n", " ")
    (line,) = [line for line in shown.splitlines() if "measures.wages" in line]
    name, value, chance, over, culprit = re.split(r" {2,}", line.strip())
    assert (name, culprit) == ("wages", "measures.wages.sum.0.times (+1.00)")
    assert value.endswith(" yen")
    assert chance.startswith("± ")
    assert re.fullmatch(r"[\d,.]+-[\d,.]+ yen", over)


def test_samples_are_kept_shown_and_reused(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`show` prints them again, another run takes them from there, --fresh takes them anew, with the same outcome."""
    first = document(capsys, "run", corner, "--assumptions", "5")
    assert document(capsys, "show") == first
    main(["run", corner, "--assumptions", "5"])
    assert "6 of them there already" in capsys.readouterr().err
    main(["run", corner, "--assumptions", "5", "--fresh", "--json"])
    shown = capsys.readouterr()
    assert "1 of them there already" in shown.err
    assert json.loads(shown.out) == first


def test_other_samples_are_not_taken_for_these(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Another number of samples is another hypercube, of which only the scenario's own values are there yet."""
    document(capsys, "run", corner, "--assumptions", "5")
    main(["run", corner, "--assumptions", "4"])
    assert "1 of them there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--every", "5"), "--every is about the samples of --assumptions"),
        (("--assumptions", "5", "--every", "5"), "--every thins out municipalities"),
        (("--assumptions", "5", "--check-twin", "10"), "give one of the two"),
        (("--assumptions", "5", "--set", "measures.wages.sum.0.times=2500"), "has no assumed figure with a range"),
    ],
)
def test_options_that_make_no_sense(
    corner: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    """They are refused before anything runs, with what to do instead."""
    assert main(["run", corner, *arguments]) == 2
    assert message in capsys.readouterr().err
    assert not Path("runs").exists()


def test_samples_that_cannot_be_run_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Batches handed in at 17 to 41 h: the two upper quarters of that range are no time of day, and are said to have failed."""
    monkeypatch.chdir(tmp_path)
    late = '{value: 18 h, assumed: "whenever", range: [17 h, 41 h]}'
    file = write_scenario(tmp_path, TINY.replace("provisions: {", f"provisions: {{batch_starts: {late}, "))
    said = document(capsys, "run", file, "--assumptions", "4", "--every", "1", "--jobs", "1")["assumptions"]
    assert said["failed"] >= 2
    assert said["finished"] + said["failed"] == said["samples"] == 4
    assert [one["why"] for one in said["failures"]] == [said["failures"][0]["why"]] * said["failed"]
    assert said["failures"][0]["why"].startswith("batch_starts is not a time of day; ")
    main(["show"])
    assert f"WARNING: {said['failed']} of 4 samples failed" in capsys.readouterr().out


def test_towns_on_any_number_of_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same samples on one process and on two; volumes that no assumption touches do not move, hours of work do."""
    monkeypatch.chdir(tmp_path)
    file = write_scenario(tmp_path, TINY)
    asked = ("run", file, "--assumptions", "2", "--every", "1")
    alone = document(capsys, *asked, "--jobs", "1")
    assert document(capsys, *asked, "--jobs", "2", "--fresh") == alone
    said = alone["assumptions"]
    assert (said["failed"], said["every"], said["finished"]) == (0, 1, 2)
    hours = next(headline for headline in said["headlines"] if headline["name"] == "database-hours")
    # Its mean service time is assumed to lie between 2 and 10 ms, its value being 5 ms.
    assert 0.4 * 0.9 < hours["min"] / hours["value"]["value"] < hours["max"] / hours["value"]["value"] < 2.0 * 1.1


def test_what_other_verbs_have_run_is_found(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Samples are points: a draw that a sweep has run is not run again, and lists leave them out."""
    document(capsys, "run", corner, "--assumptions", "3")
    folders = [one for one in Path("runs/corner").iterdir() if (one / "manifest.json").exists()]
    # The scenario's own values are the run itself, as nothing is thinned out of a generic network.
    assert len(folders) == 1 + 3
    capsys.readouterr()
    assert main(["ls", "--json"]) == 0
    assert [one["of_experiment"] for one in json.loads(capsys.readouterr().out)].count(False) == 1


def test_an_interrupt_keeps_finished_samples(tmp_path: Path) -> None:
    """After Ctrl-C the document says what the finished samples say, and the next call takes the missing ones only."""
    file = write_scenario(tmp_path, CORNER)
    asked = command(["run", file, "--set", "run.horizon=100 s", "--assumptions", "400", "--jobs", "1", "--json"])
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()
    ) as running:
        while running.poll() is None and len(list((tmp_path / "runs" / "corner").glob("*/manifest.json"))) < 70:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate()
    said = json.loads(out)["assumptions"]
    assert running.returncode == 130
    assert said["status"] == "interrupted"
    assert 63 <= said["finished"] < 400
    (kept,) = (tmp_path / "runs" / "corner").glob("*/assumptions.json")
    assert len(json.loads(kept.read_text())["taken"]) == said["finished"] + 1
    # What is finished is not computed again: asked for once more, with fewer samples or the same.


def test_an_experiment_leaves_a_run_what_it_was_asked_to_be(corner: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody's run of three replications is one of three still when a verb has looked at one of them, or at five."""
    asked = document(capsys, "run", corner)
    document(capsys, "run", corner, "--assumptions", "2")
    document(capsys, "sweep", corner, "--vary", "network.stations.desk.servers=1,2", "--replications", "5")
    (mine,) = (one for one in Path("runs/corner").iterdir() if one.name == asked["hash"][:12])
    capsys.readouterr()
    assert main(["show", str(mine), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {key: shown[key] for key in asked} == asked
    assert document(capsys, "run", corner) == {key: shown[key] for key in asked}
