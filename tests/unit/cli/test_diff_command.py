"""`jukinet diff`: the table, the JSON document, the exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import MM1, python, write_scenario

from jukinet_sim.cli.app import main
from jukinet_sim.report.diff_table import EQUAL
from jukinet_sim.scenario.shipped import shipped_folder

Shown = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print to a terminal of 100 columns."""
    monkeypatch.setenv("COLUMNS", "100")


def row(shown: str, key: str) -> list[str]:
    """Return the cells of the row of a key."""
    (line,) = (line for line in shown.splitlines() if line.split()[:1] == [key])
    return [cell.strip() for cell in line.split("   ") if cell.strip()]


def document(shown: Shown, *arguments: str) -> dict[str, Any]:
    """Run the command with --json and return what it printed."""
    assert main(["diff", *arguments, "--json"]) == 0
    printed: dict[str, Any] = json.loads(shown.readouterr().out)
    return printed


def test_two_files_are_compared(tmp_path: Path, capsys: Shown) -> None:
    """Both values stand as they were written, under the names of the files."""
    a, b = write_scenario(tmp_path), write_scenario(tmp_path, MM1.replace("exponential: 1 s", "exponential: 900 ms"), "b.yaml")
    assert main(["diff", a, b]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[:2] == [f"A  {a}", f"B  {b}"]
    key = "network.flows.people.route.0.demand.exponential"
    assert row(shown.out, key) == [key, "1 s", "900 ms"]
    assert "\n1 difference\n" in shown.out
    assert shown.err == ""


def test_one_file_is_compared_with_a_variant_of_itself(tmp_path: Path, capsys: Shown) -> None:
    """Without a second file, settings and overrides make one of the first."""
    file = write_scenario(tmp_path, MM1 + "overrides:\n  crowd: {network: {flows: {people: {arrivals: {poisson: 3 /s}}}}}\n")
    assert main(["diff", file, "--override", "crowd", "--set", "run.seed=6"]) == 0
    shown = capsys.readouterr().out
    assert f"B  {file} --override crowd --set run.seed=6" in shown
    assert row(shown, "run.seed") == ["run.seed", "5", "6"]
    assert row(shown, "network.flows.people.arrivals.poisson")[1:] == ["0.5 /s", "3 /s"]
    assert "2 differences" in shown


def test_settings_concern_the_second_of_two_files(tmp_path: Path, capsys: Shown) -> None:
    """A setting makes no difference to the first file."""
    a, b = write_scenario(tmp_path), write_scenario(tmp_path, name="b.yaml")
    assert main(["diff", a, b, "--set", "run.replications=9"]) == 0
    assert row(capsys.readouterr().out, "run.replications") == ["run.replications", "3", "9"]


def test_a_missing_side_is_a_dash_and_a_default_is_called_one(tmp_path: Path, capsys: Shown) -> None:
    """What one scenario leaves out has no value there, or its default."""
    main(["diff", write_scenario(tmp_path), "--set", "network.stations.desk.capacity=4", "--set", "run.drain=true"])
    shown = capsys.readouterr().out
    assert row(shown, "network.stations.desk.capacity") == ["network.stations.desk.capacity", "—", "4"]
    assert row(shown, "run.drain") == ["run.drain", "false (default)", "true"]


def test_a_service_level_is_told_by_what_it_is_about(tmp_path: Path, capsys: Shown) -> None:
    """Below the key of an entry stands which entry it is."""
    main(["diff", write_scenario(tmp_path), "--set", "slo.0.below=2 h"])
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("slo.0.below"))
    assert lines[at + 1] == "  flow people, metric sojourn.mean"


def test_an_entry_that_stands_elsewhere_says_where(tmp_path: Path, capsys: Shown) -> None:
    """A step behind an inserted one is shown with its place in both scenarios, one that changed places with both places."""
    route = "network.flows.people.route"
    a = write_scenario(tmp_path)
    b = write_scenario(tmp_path, MM1.replace("[{visit: desk, ", "[{delay: {constant: 1 s}}, {visit: desk, "), "b.yaml")
    main(["diff", a, b, "--set", f"{route}.1.demand.exponential=2 s"])
    shown = capsys.readouterr().out
    assert row(shown, f"{route}.0") == [f"{route}.0", "—", "{delay: {constant: 1 s}}"]
    assert "  visit desk\n  in B route.1\n" in shown
    main(["diff", b, "--set", f"{route}=[{{visit: desk, demand: {{exponential: 1 s}}}}, {{delay: {{constant: 1 s}}}}]"])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith(route))
    assert sorted(line.split("   ")[1:]) == ["entry 1", "entry 2"]


def test_figures_show_their_sources(capsys: Shown) -> None:
    """Where status, note or range differ they stand below the number."""
    main(["diff", str(shipped_folder() / "fy2012.yaml"), "--override", "march-load"])
    shown = capsys.readouterr().out
    assert row(shown, "juki_net.volume") == ["juki_net.volume", "1", "1.33"]
    assert "derived: the volumes below, unchanged" in shown
    assert "assumed: what if everything grew by a" in shown
    assert "range 1 to 2" in shown


@pytest.mark.parametrize("other", ["fy2012.yaml", "vocabulary.yaml"])
def test_it_fits_a_terminal(other: str, capsys: Shown) -> None:
    """No line of the table is wider than 100 columns, also where whole parts differ."""
    folder = shipped_folder()
    main(["diff", str(folder / "tiny.yaml"), str(folder / other)])
    assert max(len(line) for line in capsys.readouterr().out.splitlines()[2:]) <= 100


def test_a_new_flow_is_described_in_a_few_lines(tmp_path: Path, capsys: Shown) -> None:
    """Lists in it are counted, not shown."""
    flow = "{arrivals: {poisson: 1 /h}, route: [{visit: desk, demand: {constant: 1 s}}, {delay: {constant: 1 s}}]}"
    main(["diff", write_scenario(tmp_path), "--set", f"network.flows.staff={flow}"])
    shown = capsys.readouterr().out
    assert row(shown, "network.flows.staff") == ["network.flows.staff", "—", "arrivals: {poisson: 1 /h}"]
    assert "route: [2 entries]" in shown


def test_equal_scenarios_are_said_to_be(tmp_path: Path, capsys: Shown) -> None:
    """A default written out and another title leave nothing to show, but for a word about the title."""
    file = write_scenario(tmp_path)
    assert main(["diff", file, file, "--exit-code"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == EQUAL
    assert main(["diff", file, "--set", "run.drain=false", "--set", "title=new"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{EQUAL} (1 in names and descriptions: --all)"


def test_all_shows_names_last(tmp_path: Path, capsys: Shown) -> None:
    """With --all the names follow the rest."""
    main(["diff", write_scenario(tmp_path), "--set", "title=new", "--set", "run.seed=6", "--all"])
    shown = capsys.readouterr().out
    assert row(shown, "title") == ["title", "empty (default)", "new"]
    assert shown.index("\nrun.seed") < shown.index("\ntitle")


def test_json_has_si_values_texts_and_places(tmp_path: Path, capsys: Shown) -> None:
    """The document names both sides and gives each value in SI, as written, and where it is set."""
    a, b = write_scenario(tmp_path), write_scenario(tmp_path, MM1.replace("2000 s", "1 h"), "b.yaml")
    found = document(capsys, a, b, "--set", "run.records=visits")
    assert (found["schema"], found["a"]) == (1, {"file": a, "overrides": [], "set": []})
    assert found["b"] == {"file": b, "overrides": [], "set": ["run.records=visits"]}
    horizon, records = found["differences"]
    assert horizon == {
        "key": "run.horizon",
        "change": "changed",
        "a": {"key": "run.horizon", "value": 2000.0, "text": "2000 s", "at": f"{a}:2:7"},
        "b": {"key": "run.horizon", "value": 3600.0, "text": "1 h", "at": f"{b}:2:7"},
    }
    assert records["a"] == {"key": "run.records", "value": "none", "text": "none", "at": None}
    assert records["b"]["at"] == "--set run.records=visits"


def test_json_gives_the_sources_of_figures(capsys: Shown) -> None:
    """Status, note and range of a figure stand beside its value."""
    file = str(shipped_folder() / "fy2012.yaml")
    (found,) = document(capsys, file, "--set", "juki_net.updates.message=3 KiB")["differences"]
    assert (found["a"]["value"], found["a"]["text"]) == (2048.0, "2 KiB")
    assert found["a"]["source"]["status"] == "assumed"
    assert found["a"]["source"]["range"] == [1024.0, 4096.0]
    assert found["b"]["source"] == {"status": "set", "note": None, "range": None}


def test_exit_code_tells_of_a_difference(tmp_path: Path, capsys: Shown) -> None:
    """With --exit-code a difference is 3, without it 0."""
    file = write_scenario(tmp_path)
    assert main(["diff", file, "--set", "run.seed=6"]) == 0
    assert main(["diff", file, "--set", "run.seed=6", "--exit-code"]) == 3
    assert capsys.readouterr().err.splitlines()[-1].startswith("exit 3:")


def test_faults_of_both_files_are_shown(tmp_path: Path, capsys: Shown) -> None:
    """Whatever is wrong with either side is said at once, and only once where both are the same file."""
    bad = write_scenario(tmp_path, MM1.replace("2000 s", "2000"), "bad.yaml")
    worse = write_scenario(tmp_path, MM1.replace("servers", "srvers"), "worse.yaml")
    assert main(["diff", bad, worse]) == 2
    shown = capsys.readouterr().err
    assert f"{bad}:2:16: error: 2000 has no unit" in shown
    assert f'{worse}:5:12: error: unknown key "srvers"' in shown
    assert main(["diff", bad, bad]) == 2
    assert capsys.readouterr().err.count("has no unit") == 1


def test_a_missing_file_is_named(tmp_path: Path, capsys: Shown) -> None:
    """A file that is not there is bad input, as is an override that the scenario does not have."""
    file = write_scenario(tmp_path)
    assert main(["diff", file, "nowhere.yaml"]) == 2
    assert "no such file: nowhere.yaml" in capsys.readouterr().err
    assert main(["diff", file, "--override", "crowd"]) == 2
    assert 'no override is named "crowd"' in capsys.readouterr().err


def test_one_file_alone_is_refused(tmp_path: Path, capsys: Shown) -> None:
    """There is nothing to compare a single scenario with."""
    assert main(["diff", write_scenario(tmp_path)]) == 2
    assert "name a second file, or add --override NAME or --set KEY=VALUE" in capsys.readouterr().err


def test_it_loads_no_engine(tmp_path: Path) -> None:
    """Neither an engine nor its compiler is needed."""
    code = "import sys\nfrom jukinet_sim.cli.app import main\nmain(sys.argv[1:])\nprint('loaded', *sys.modules)"
    done = python(code, "diff", write_scenario(tmp_path), "--set", "run.seed=6", folder=tmp_path)
    assert set(done.stdout.split()).isdisjoint({"numba", "llvmlite", "simpy", "sqlite3", "scipy", "pandas"})
    assert "loaded" in done.stdout
