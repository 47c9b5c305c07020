"""`validate` and `plan`: everything known about a scenario before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import MM1, write_scenario

from jukinet_sim.cli.app import main


def test_validate_shows_offered_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0.5 arrivals a second of 1 s of work each load one server to 50 %."""
    file = write_scenario(tmp_path)
    assert main(["validate", file]) == 0
    shown = capsys.readouterr()
    (row,) = (line for line in shown.out.splitlines() if line.startswith("desk"))
    assert row.split()[:5] == ["desk", "0.5", "1,000", "1", "50"]
    assert shown.out.splitlines()[-1] == f"{file}: valid"
    assert shown.err == ""


def test_validate_names_stations_that_cannot_keep_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An overloaded station is legal: it is named in a warning and the exit code is 0."""
    assert main(["validate", write_scenario(tmp_path, MM1.replace("0.5 /s", "1.5 /s"))]) == 0
    shown = capsys.readouterr()
    assert "cannot keep up" in shown.out
    assert "warning: desk is offered 1.5 s of work per second and has 1 server: it cannot keep up" in shown.err


def test_validate_shows_faults_of_all_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault of every file is shown with its place, also after a file that is in order."""
    bad = write_scenario(tmp_path, MM1.replace("2000 s", "2000").replace("100 s", "fast"), "bad.yaml")
    worse = write_scenario(tmp_path, MM1.replace("servers", "srvers"), "worse.yaml")
    assert main(["validate", write_scenario(tmp_path), bad, worse]) == 2
    shown = capsys.readouterr().err
    assert f"{bad}:2:16: error: 2000 has no unit" in shown
    assert f"{bad}:2:31: error:" in shown
    assert f'{worse}:5:12: error: unknown key "srvers"; did you mean "servers"?' in shown


def test_plan_counts_what_to_expect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0.5 arrivals a second over 2,000 s are 1,000 jobs, each one visit and two events; three replications are thrice that."""
    assert main(["plan", write_scenario(tmp_path)]) == 0
    shown = capsys.readouterr().out
    (row,) = (line for line in shown.splitlines() if line.startswith("people"))
    assert row.split() == ["people", "1,000", "1,000", "2,000"]
    assert "3 replications on 1 process: 3,000 visits, 6,000 events" in shown
    assert "estimate: " in shown


def test_plan_tells_which_engine_auto_means(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Few visits go to the reference engine, many to the fast one."""
    main(["plan", write_scenario(tmp_path)])
    assert "engine reference" in capsys.readouterr().out
    main(["plan", write_scenario(tmp_path), "--set", "run.horizon=30 d"])
    assert "engine fast" in capsys.readouterr().out


def test_validate_ranks_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A desk at 50 % carries twice its load, all of it by its only flow; the table comes only when it is asked for."""
    file = write_scenario(tmp_path)
    assert main(["validate", file]) == 0
    assert "growth" not in capsys.readouterr().out
    assert main(["validate", file, "--limits"]) == 0
    shown = capsys.readouterr().out
    rows = [line.split() for line in shown.splitlines() if line.startswith("desk")]
    assert rows[-1] == ["desk", "50", "at", "0", "s", "2", "100%", "people"]
    assert "gates, delays and queues" in shown


def test_plan_says_what_gives_way_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five stations at most, the busiest first."""
    stations = "".join(f"    s{i}: {{servers: 1}}\n" for i in range(6))
    visits = ", ".join(f"{{visit: s{i}, demand: {{constant: 0.{i + 1} s}}}}" for i in range(6))
    text = MM1.replace("  flows:", f"{stations}  flows:").replace("{visit: desk, demand: {exponential: 1 s}}", visits)
    assert main(["plan", write_scenario(tmp_path, text.replace("    desk: {servers: 1}\n", ""))]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("s")][-5:] == ["s5", "s4", "s3", "s2", "s1"]
    assert not any(line.startswith("s0") for line in lines)


def test_an_overloaded_place_is_called_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two towns the second has three quarters of 2 jobs a second: 1.5 s of work."""
    text = MM1.replace("0.5 /s", "2 /s").replace("{servers: 1}", "{servers: 1, per: town}")
    text = text.replace("  stations:", "  places: {town: {count: 2, weights: [1, 3]}}\n  stations:")
    assert main(["validate", write_scenario(tmp_path, text.replace("people:\n", "people:\n      origin: town\n"))]) == 0
    assert "warning: desk at place 1 is offered 1.5 s of work per second" in capsys.readouterr().err
