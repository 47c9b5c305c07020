"""`init` writes a scenario folder that is ready to run, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.juki_net.starter import write_folder
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded

REAL_LIST = "JUKINET_MUNICIPALITIES_CSV"
TOWNS = "code,prefecture_code,name,population,line_mbit_s\n13001,13,Hill,120000,10\n13002,13,Dale,8000,\n"
ROWS = "row,recipient,records,cadence\nChecks,Pensions,900,monthly\nLicences,Ministry,30,business hours\n"


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: str = "my-nation") -> Loaded:
    """Load the scenario of a folder."""
    return load(f"{folder}/scenario.yaml")


def municipalities(loaded: Loaded) -> int:
    """Compile a scenario and count its municipalities."""
    return compile_network(loaded).level("municipality").count


def test_the_example_validates_and_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options a dozen invented towns are written, which validate and run."""
    assert main(["init", "try"]) == 0
    assert sorted(os.listdir("try")) == ["README.md", "municipalities.csv", "scenario.yaml"]
    assert municipalities(written("try")) == 12
    assert not written("try").warnings
    assert main(["validate", "try/scenario.yaml"]) == 0
    short = ["--set", "run.period.to=2012-04-02", "--replications", "1", "--quiet"]
    assert main(["run", "try/scenario.yaml", *short, "--out", "kept"]) == 0
    assert "warning" not in capsys.readouterr().err


def test_it_says_what_to_do_next(capsys: pytest.CaptureFixture[str]) -> None:
    """The last lines printed are the next commands, fit for the shell."""
    main(["init", "our towns"])
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "  jukinet validate 'our towns/scenario.yaml'",
        "  jukinet run 'our towns/scenario.yaml'",
    ]


@pytest.mark.parametrize(
    ("folder", "name"),
    [("a/b/Our towns (2)", "Our-towns-2"), ("null", "null"), ("2014", "2014"), ("町", "町"), ("...", "my-nation")],
)
def test_the_scenario_is_named_after_the_folder(folder: str, name: str) -> None:
    """The folder's name becomes the scenario's, fit for a file; folders above are made."""
    assert main(["init", folder]) == 0
    assert written(folder).scenario.scenario == name


def test_a_list_of_ones_own(inside: Path) -> None:
    """The list is copied as it is, and agencies get its residents' share of the reported records."""
    Path("towns.csv").write_text(TOWNS, encoding="utf-8-sig")
    assert main(["init", "--municipalities", "towns.csv"]) == 0
    assert Path("my-nation/municipalities.csv").read_bytes() == Path("towns.csv").read_bytes()
    loaded = written()
    assert municipalities(loaded) == 2
    assert loaded.scenario.juki_net is not None
    volume = loaded.scenario.juki_net.provisions.volume
    assert volume.value == pytest.approx(128_000 / 126_659_683, rel=1e-3)
    assert volume.status == "derived"


def test_rows_of_ones_own() -> None:
    """The rows are copied, explained, and become the provision flows."""
    Path("rows.csv").write_text(ROWS, encoding="utf-8")
    assert main(["init", "--provisions", "rows.csv"]) == 0
    assert "`cadence`" in Path("my-nation/README.md").read_text(encoding="utf-8")
    flows = [flow.name for flow in compile_network(written()).flows if flow.name.startswith("provision.")]
    assert flows == ["provision.checks", "provision.licences"]


def test_a_year() -> None:
    """A year is the whole fiscal year, April to March; else the nine months of the report are simulated."""
    main(["init", "later", "--year", "2014"])
    main(["init", "reported"])
    periods = [written(folder).scenario.run.period for folder in ("later", "reported")]
    days = [(str(period.first_day), str(period.last_day)) for period in periods if period is not None]
    assert days == [("2014-04-01", "2015-03-31"), ("2012-04-01", "2012-12-31")]


@pytest.mark.parametrize("year", ["2003", "2013", "2014", "2050"])
def test_any_year_compiles(year: str) -> None:
    """The baseline's dates do not keep other years from being simulated, whether the list says when kiosks begin or not."""
    Path("towns.csv").write_text(TOWNS, encoding="utf-8")
    assert main(["init", "example", "--year", year]) == 0
    assert main(["init", "own", "--year", year, "--municipalities", "towns.csv"]) == 0
    assert [municipalities(written(folder)) for folder in ("example", "own")] == [12, 2]


def test_every_column_is_explained() -> None:
    """The README of the folder names every column a list may have, and the example shows each of them."""
    main(["init"])
    header, *_ = Path("my-nation/municipalities.csv").read_text(encoding="utf-8").splitlines()
    explained = Path("my-nation/README.md").read_text(encoding="utf-8")
    assert len(header.split(",")) == 11
    assert all(f"| `{column}` |" in explained for column in header.split(","))


def test_faults_of_all_lists_by_line_and_nothing_written(capsys: pytest.CaptureFixture[str]) -> None:
    """Lists that cannot be used are reported by line and column, both at once, and no folder appears."""
    Path("towns.csv").write_text(TOWNS.replace("120000", "many").replace("line_mbit_s", "line_mbits"), encoding="utf-8")
    Path("rows.csv").write_text(ROWS.replace("monthly", "montly"), encoding="utf-8")
    assert main(["init", "--municipalities", "towns.csv", "--provisions", "rows.csv"]) == 2
    shown = capsys.readouterr().err
    assert "towns.csv:1:38: error: unknown column 'line_mbits'; did you mean 'line_mbit_s'" in shown
    assert "rows.csv:2:21: error: there is no cadence 'montly'; did you mean 'monthly'?" in shown
    assert sorted(os.listdir()) == ["rows.csv", "towns.csv"]


def test_a_list_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """A missing list is named."""
    assert main(["init", "--municipalities", "nowhere.csv"]) == 2
    assert "nowhere.csv:1:1: error: cannot read this list of municipalities" in capsys.readouterr().err


@pytest.mark.parametrize("taken", ["scenario.yaml", "municipalities.csv", "notes.txt"])
def test_nothing_is_written_over(taken: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that holds anything is left as it is; the message names what is in the way and the cure."""
    Path("mine").mkdir()
    Path("mine", taken).write_text("mine", encoding="utf-8")
    assert main(["init", "mine"]) == 2
    assert f"mine/{taken} is there already and is not written over; name a new folder" in capsys.readouterr().err
    assert os.listdir("mine") == [taken]
    assert Path("mine", taken).read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    """A file of the folder's name is left as it is."""
    Path("mine").write_text("mine", encoding="utf-8")
    assert main(["init", "mine"]) == 2
    assert "mine is there already and is no folder; name a new folder" in capsys.readouterr().err
    assert Path("mine").read_text(encoding="utf-8") == "mine"


def test_the_folder_one_is_in(capsys: pytest.CaptureFixture[str]) -> None:
    """The current folder cannot be put in place as a whole, so another is asked for."""
    assert main(["init", "."]) == 2
    assert "is the folder you are in; name a new folder" in capsys.readouterr().err


def test_an_empty_folder_is_filled() -> None:
    """A folder that is there but empty is as good as none."""
    Path("empty").mkdir()
    assert main(["init", "empty"]) == 0
    assert municipalities(written("empty")) == 12


def test_a_broken_off_write_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails halfway, neither the folder nor a part of it remains, and the exit code says so."""
    original = Path.write_bytes

    def fail_on_the_readme(path: Path, data: bytes) -> int:
        if path.name == "README.md":
            raise OSError(28, "No space left on device", str(path))
        return original(path, data)

    monkeypatch.setattr(Path, "write_bytes", fail_on_the_readme)
    assert main(["init"]) == 5
    assert os.listdir() == []


def test_an_interruption_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption before the folder is in place removes what was written."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_folder(Path("mine"), {"a": b"1"})
    assert os.listdir() == []


@pytest.mark.parametrize("year", ["2002", "2051", "soon"])
def test_a_year_without_a_network_or_a_calendar(year: str) -> None:
    """Years before the network and beyond the known calendar are refused, and nothing is written."""
    assert main(["init", "--year", year]) == 2
    assert os.listdir() == []


@pytest.mark.skipif(REAL_LIST not in os.environ, reason=f"set {REAL_LIST} to a list of real municipalities")
def test_a_real_list() -> None:
    """A public list of all municipalities becomes a scenario of the whole nation with every reported record."""
    assert main(["init", "--municipalities", os.environ[REAL_LIST]]) == 0
    loaded = written()
    assert 1_700 < municipalities(loaded) < 1_800
    assert loaded.scenario.juki_net is not None
    assert loaded.scenario.juki_net.provisions.volume.value == 1.0
