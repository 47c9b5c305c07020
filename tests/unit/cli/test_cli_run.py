"""`run` and `show`: what is printed where, what is kept, and how a run ends."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from cli_runner import MM1, command, environment, write_scenario

from jukinet_sim.cli.app import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small scenario in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path)


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run the command with --json and return what stdout held."""
    capsys.readouterr()
    main([*arguments, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_json_is_alone_on_stdout(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output holds the document and nothing else; people are spoken to on stderr."""
    assert main(["run", file, "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["scenario"] == "corner"
    assert shown.err.startswith("plan: 3 replications")


def test_quiet_says_nothing(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With --quiet a run that goes well leaves stderr empty."""
    assert main(["run", file, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_the_document_balances(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Jobs at the start and arrivals are the completed, lost, abandoned and present ones."""
    flow = _document(capsys, "run", file)["flows"]["people"]
    assert flow["in_system_at_start"] + flow["arrived"] == (
        flow["completed"] + flow["lost"] + flow["abandoned"] + flow["in_system"]
    )
    assert flow["arrived"] > 0


def test_options_win_over_settings(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--seed, --replications and --engine are what is run, whatever the file or --set says."""
    document = _document(
        capsys, "run", file, "--set", "run.seed=7", "--seed", "9", "--replications", "2", "--engine", "reference"
    )
    assert (document["seed"], document["replications"], document["engine"]) == (9, 2, "reference")


def test_the_engines_print_one_fingerprint(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The fast engine and the reference give the same figures to the last bit."""
    fast, reference = (_document(capsys, "run", file, "--engine", engine) for engine in ("fast", "reference"))
    assert fast["fingerprint"] == reference["fingerprint"]
    assert fast["flows"] == reference["flows"]


def test_results_are_kept_and_reused(file: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The same scenario is not computed twice; more replications add to those kept."""
    main(["run", file])
    capsys.readouterr()
    main(["run", file])
    assert "all replications were kept from an earlier run" in capsys.readouterr().err
    main(["run", file, "--replications", "4"])
    assert "3 of 4 replications were kept" in capsys.readouterr().err
    assert len(list((tmp_path / "runs" / "corner").iterdir())) == 1


def test_fresh_computes_anew(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--fresh does not reuse what is kept, and finds the same figures."""
    first = _document(capsys, "run", file)
    main(["run", file, "--json", "--fresh"])
    shown = capsys.readouterr()
    assert json.loads(shown.out) == first
    assert "kept from an earlier run" not in shown.err


def test_out_names_the_root_of_run_folders(file: str, tmp_path: Path) -> None:
    """--out DIR keeps the run in DIR/<scenario>/<twelve digits>/."""
    assert main(["run", file, "--quiet", "--out", str(tmp_path / "kept")]) == 0
    (folder,) = (tmp_path / "kept" / "corner").iterdir()
    assert len(folder.name) == 12
    assert (folder / "results.sqlite").is_file()
    assert not (tmp_path / "runs").exists()


def test_a_missed_service_level_exits_99(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An M/M/1 queue at 50 % load takes 2 s on average, so a bound of 1 s is missed."""
    assert main(["run", file, "--set", "slo.0.below=1 s"]) == 99
    shown = capsys.readouterr()
    assert "missed" in shown.out
    assert shown.err.splitlines()[-1] == "exit 99: a service level was missed"


def test_a_limit_exits_4_with_partial_results(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A used-up event budget leaves a document that is marked partial, and outranks a missed service level."""
    assert main(["run", file, "--json", "--set", "run.event_budget=500", "--set", "slo.0.below=1 us"]) == 4
    document = json.loads(capsys.readouterr().out)
    assert document["status"] == "partial"
    assert "event budget" in document["limit"]


def test_one_replication_has_no_interval(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A single replication says n/a, never nan."""
    main(["run", file, "--replications", "1"])
    shown = capsys.readouterr().out
    assert "intervals n/a" in shown
    assert "nan" not in shown


def test_headings_in_japanese(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--lang ja translates the headings."""
    main(["run", file, "--lang", "ja"])
    assert "利用率 %" in capsys.readouterr().out


def test_many_flows_are_cut_to_the_biggest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table of many flows shows those with most records, and says how to see the rest."""
    flows = "\n".join(
        f"    f{i:02}: {{arrivals: {{exact: {{count: {i + 1}}}}}, route: [{{visit: desk, demand: {{constant: 1 s}}}}]}}"
        for i in range(20)
    )
    text = (
        "scenario: many\nrun: {horizon: 5000 s, replications: 1}\n"
        f"network:\n  stations: {{desk: {{servers: 1}}}}\n  flows:\n{flows}\n"
    )
    main(["run", write_scenario(tmp_path, text), "--out", str(tmp_path)])
    shown = capsys.readouterr().out
    assert "f19" in shown
    assert "f00" not in shown
    assert "and 8 smaller or empty ones: jukinet show" in shown


def test_check_twin_compares_the_engines(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--check-twin prints a verdict over as many visits as asked for."""
    assert main(["run", file, "--check-twin", "300"]) == 0
    assert capsys.readouterr().out.startswith("the engines agree: 300 visits")


def test_check_twin_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the verdict is a document."""
    main(["run", file, "--check-twin", "300", "--json"])
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["agree"], verdict["visits"], verdict["difference"]) == (True, 300, None)


def test_a_run_kept_elsewhere_is_found_by_its_path(file: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The command suggested after a run with --out works as it is printed."""
    main(["run", file, "--out", str(tmp_path / "kept")])
    suggested = capsys.readouterr().err.split(" or jukinet show ")[1].split()
    assert main(["show", *suggested]) == 0


def test_show_prints_the_same_document(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A stored run, found as the latest, by name, by hash or by folder, is the document that was printed."""
    document = _document(capsys, "run", file)
    for named in ([], ["corner"], [document["hash"][:5]], [f"runs/corner/{document['hash'][:12]}"]):
        assert _document(capsys, "show", *named) == document


def test_show_of_nothing_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing has been run, or nothing by that name, the message says what to do."""
    assert main(["show", "--out", str(tmp_path)]) == 2
    assert "run a scenario first" in capsys.readouterr().err
    main(["run", write_scenario(tmp_path), "--quiet", "--out", str(tmp_path)])
    assert main(["show", "corner2", "--out", str(tmp_path)]) == 2
    assert "or one of corner" in capsys.readouterr().err


def _await_replications(folder: Path, count: int) -> None:
    """Wait until so many replications have been committed below a folder."""
    for _ in range(600):
        time.sleep(0.1)
        for database in folder.glob("runs/*/*/results.sqlite"):
            connection = sqlite3.connect(database)
            with contextlib.suppress(sqlite3.Error):
                if connection.execute("SELECT count(*) FROM replications").fetchone()[0] >= count:
                    connection.close()
                    return
            connection.close()
    raise TimeoutError


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_keeps_finished_replications(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sent: signal.Signals, code: int
) -> None:
    """After Ctrl-C or SIGTERM the document holds what was finished, and `show` finds it."""
    file = write_scenario(tmp_path, MM1.replace("replications: 3", "replications: 100000"))
    arguments = ["run", file, "--engine", "reference", "--jobs", "1", "--json"]
    with subprocess.Popen(
        command(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment()
    ) as process:
        _await_replications(tmp_path, 2)
        process.send_signal(sent)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    document = json.loads(out)
    assert document["status"] == "interrupted"
    assert document["replications"] >= 2
    assert "finished replications are kept" in err.splitlines()[-1]
    assert _document(capsys, "show", "--out", str(tmp_path / "runs")) == document
