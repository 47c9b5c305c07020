"""Questions about single places, on the command line: the worst ones, and sums by the places above them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import write_scenario

from jukinet_sim.cli.app import main

TOWNS = """\
scenario: towns
run: {period: {from: 2012-04-01, to: 2012-04-01}, replications: 2, seed: 5, engine: fast}
network:
  places:
    county: {count: 2}
    town: {count: 3, weights: [1, 2, 5], within: county, of: [0, 0, 1]}
  stations:
    desk: {servers: 1, per: town}
    office: {servers: 1, per: county}
    hall: {servers: 1}
  flows:
    people:
      arrivals: {poisson: 100 /h}
      origin: town
      route:
        - {visit: desk, demand: {exponential: 20 s}}
        - {visit: office, demand: {exponential: 5 s}}
        - {visit: hall, demand: {exponential: 1 s}}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scenario of towns in counties, in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path, TOWNS, "towns.yaml")


@pytest.fixture
def kept(file: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The scenario after its run."""
    assert main(["run", file, "--quiet"]) == 0
    capsys.readouterr()
    return file


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What the command prints with --json."""
    assert main([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_show_ranks_places(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The town with five eighths of the people has the busiest desk; the ranking stands alone."""
    assert main(["show", "--worst", "desk", "--top", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = [line.split() for line in lines if line.startswith(("place", "0", "1", "2"))]
    assert table[0][:3] == ["place", "(desk)", "county"]
    assert [row[:2] for row in table[1:]] == [["2", "1"], ["1", "0"]]
    assert not any(line.startswith("flow") for line in lines)


def test_the_ranking_is_in_the_document(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the rankings are a list of the document; the places themselves only where asked for."""
    whole = document(capsys, "show", "--worst", "desk:wait_s.max", "--worst", "office")
    assert [(one["station"], one["metric"], one["within"]) for one in whole["worst"]] == [
        ("desk", "wait_s.max", "county"), ("office", "utilisation", None),
    ]  # fmt: skip
    waits = [place["wait_s"]["max"]["value"] for place in whole["worst"][0]["places"]]
    assert waits == sorted(waits, reverse=True)
    assert "places" not in whole["stations"]["desk"]
    assert "places" in document(capsys, "show", "--worst", "desk", "--places")["stations"]["desk"]


def test_run_ranks_places(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A run prints the ranking below its tables."""
    assert main(["run", file, "--quiet", "--worst", "desk"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert lines[0].startswith("towns: 2 replications")
    assert lines[-4].count("─") > 10
    assert lines[-5].startswith("place (desk)")


def test_a_mistyped_ranking_is_refused_before_the_run(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is run for an answer that cannot be given."""
    assert main(["run", file, "--worst", "desc"]) == 2
    assert 'did you mean "desk"?' in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_a_mistyped_metric_is_refused(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown figure lists those that places have."""
    assert main(["show", "--worst", "desk:utilization"]) == 2
    shown = capsys.readouterr().err
    assert 'did you mean "utilisation"?' in shown
    assert "wait_s.max" in shown


def test_a_station_of_one_place_has_no_worst_one(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The hall is one station."""
    assert main(["show", "--worst", "hall"]) == 2
    assert "there are desk, office" in capsys.readouterr().err


def test_sums_by_county(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The visits of a county's desks are those of its towns, and go on to its office."""
    whole = document(capsys, "show", "--by", "county", "--places")
    counties = whole["levels"]["county"]
    assert [county["name"] for county in counties] == ["0", "1"]
    towns = [place["throughput_per_s"]["value"] for place in whole["stations"]["desk"]["places"]]
    assert counties[0]["stations"]["desk"]["visits_per_s"] == pytest.approx(towns[0] + towns[1])
    assert counties[1]["stations"]["desk"]["visits_per_s"] == pytest.approx(towns[2])
    assert counties[0]["stations"]["desk"]["places"] == 2
    assert counties[0]["stations"]["office"]["places"] == 1
    assert "hall" not in counties[0]["stations"]


def test_the_table_by_county(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The busiest county first; --top cuts, --all does not."""
    assert main(["show", "--by", "county", "--top", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "and 1 more: --all shows them"
    assert [line.split()[0] for line in lines[-4:-1]] == ["1", "desk", "office"]
    assert main(["show", "--by", "county", "--top", "1", "--all"]) == 0
    assert sum(line.strip().startswith("desk") for line in capsys.readouterr().out.splitlines()) == 2


def test_a_mistyped_level_is_refused(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown level gets the nearest one."""
    assert main(["show", "--by", "country"]) == 2
    assert 'did you mean "county"?' in capsys.readouterr().err


def test_a_run_without_places_has_no_levels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """A network without places says nothing of where they lie, and the command says that."""
    monkeypatch.chdir(tmp_path)
    assert main(["run", write_scenario(tmp_path), "--quiet"]) == 0
    assert main(["show", "--by", "prefecture"]) == 2
    assert "does not say where its places lie" in capsys.readouterr().err
