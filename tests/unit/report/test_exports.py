"""Exported files read back by other programs: every number is that of the store, and no text acts."""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pytest
from exported_run import HOSTILE, small_run

from jukinet_sim import run
from jukinet_sim.cli.app import main
from jukinet_sim.report.exports.columns import count_column, figure_column, half_width_column
from jukinet_sim.report.exports.csv_files import write_csv
from jukinet_sim.report.exports.excel import sheet_name, write_excel
from jukinet_sim.report.exports.parquet import write_parquet
from jukinet_sim.report.rows import Tidy
from jukinet_sim.results.rows import read_rows

ROOT = Path(__file__).resolve().parents[3]
KINDS = ("flow", "station", "pool")
WORDS = ("name", "place", "at_place", "unit", "unit_si")
Table = list[dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with everything exported into it."""
    kept = small_run(tmp_path_factory.mktemp("exports"))
    assert main(["export", str(kept), "--to", "csv,parquet,xlsx,json"]) == 0
    return kept


def stored(folder: Path) -> dict[tuple[int, str, str, str], float | None]:
    """Every number of the store by replication, kind, name and metric."""
    connection = sqlite3.connect(folder / "results.sqlite")
    rows = connection.execute("SELECT replication, kind, name, metric, value FROM metrics").fetchall()
    connection.close()
    return {tuple(row[:4]): row[4] for row in rows}


def from_csv(folder: Path, name: str) -> Table:
    """The rows of a CSV file, numbers as numbers and empty cells as None."""
    with (folder / "exports" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [{key: text if key in WORDS else _read(text) for key, text in row.items()} for row in csv.DictReader(file)]


def _read(text: str) -> Any:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text or None


def from_parquet(folder: Path, name: str) -> Table:
    """The rows of a Parquet file."""
    found = duckdb.sql(f"SELECT * FROM read_parquet('{folder / 'exports' / name}.parquet')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def from_excel(folder: Path, name: str) -> Table:
    """The rows of a sheet of the workbook."""
    book = openpyxl.load_workbook(folder / "exports" / "results.xlsx", read_only=True)
    heads, *rows = book[sheet_name(name)].iter_rows(values_only=True)
    found = [dict(zip(map(str, heads), row, strict=True)) for row in rows]
    book.close()
    return found


def same(expected: Any, reader: Any) -> Any:
    """What has to be found: the same bits, but for the last one in Excel."""
    return pytest.approx(expected, rel=1e-15, abs=0.0) if reader is from_excel else expected


READERS = {"csv": from_csv, "parquet": from_parquet, "excel": from_excel}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_each_replication_is_that_of_the_store(folder: Path, reader: Any) -> None:
    """Every number of every replication in results.sqlite stands in its table, and no other; Excel keeps sixteen digits."""
    kept = stored(folder)
    found = {
        (row["replication"], kind, row["name"], column): value
        for kind in KINDS
        for row in reader(folder, f"{kind}s_by_replication")
        for column, value in row.items()
        if column not in ("replication", "name")
    }
    counts = {key for (_, _, _, key), value in kept.items() if isinstance(value, float) and _is_count(key)}
    expected = {
        (number, kind, name, count_column(kind, key) if key in counts else figure_column(kind, key)): value
        for (number, kind, name, key), value in kept.items()
    }
    assert len(expected) > 3 * 40
    assert found == same(expected, reader)


def _is_count(key: str) -> bool:
    return key in {
        "arrived", "completed", "lost", "abandoned", "retried", "in_system", "in_system_at_start", "records", "late",
        "late_records", "started", "waited", "refused", "taken",
    }  # fmt: skip


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_over_all_replications(folder: Path, reader: Any) -> None:
    """A table over all replications has sums of counts, means of figures and their half-widths (Student's t, 2 degrees)."""
    alone = [row for row in reader(folder, "flows_by_replication") if row["name"] == "visitor"]
    (row,) = reader(folder, "flows")
    assert row["completed_jobs"] == sum(one["completed_jobs"] for one in alone)
    values = np.array([one["sojourn_p95_s"] for one in alone])
    assert row["sojourn_p95_s"] == pytest.approx(values.mean(), rel=1e-12)
    half = 4.302652729911275 * values.std(ddof=1) / np.sqrt(3)
    assert row[half_width_column("sojourn_p95_s")] == pytest.approx(half, rel=1e-9)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_measures_levels_and_places(folder: Path, reader: Any) -> None:
    """Measures, service levels with verdict, time and place, and every single place are those of the document."""
    document = json.loads((folder / "exports" / "document.json").read_text())
    (measure,) = reader(folder, "measures")
    assert (measure["name"], measure["unit"]) == ("yen", "yen")
    assert measure["value"] == same(document["measures"]["yen"]["value"]["value"], reader)
    levels = reader(folder, "service_levels")
    assert [row["unit"] or "" for row in levels] == ["s", ""]
    for row, level in zip(levels, document["slo"], strict=True):
        assert (row["text"], row["n"]) == (level["text"], 3)
        assert row["value"] == same(level["value"]["value"], reader)
        assert str(row["met"]).lower() == str(level["met"]).lower()
    assert levels[1]["at_place"] == document["slo"][1]["at"]["place"]
    desks = [row for row in reader(folder, "places") if row["name"] == "desk"]
    kept = document["stations"]["desk"]["places"]
    assert [row["utilisation_fraction"] for row in desks] == same([place["utilisation"]["value"] for place in kept], reader)
    assert [row["wait_max_s"] for row in desks] == same([place["wait_s"]["max"]["value"] for place in kept], reader)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_series(folder: Path, reader: Any) -> None:
    """Each bin has a row for each part, alone and as the mean over replications."""
    document = json.loads((folder / "exports" / "document.json").read_text())
    rows = [row for row in reader(folder, "series") if (row["kind"], row["name"]) == ("station", "back")]
    assert [row["busy_servers"] for row in rows] == same(document["stations"]["back"]["series"]["busy"], reader)
    assert [row["from_s"] for row in rows] == [50.0 * number for number in range(8)]
    alone = [row for row in reader(folder, "series_by_replication") if (row["kind"], row["name"]) == ("flow", "visitor")]
    arrived = np.array([row["arrived_jobs"] for row in alone]).reshape(3, 8)
    assert arrived.mean(axis=0) == pytest.approx(document["flows"]["visitor"]["series"]["arrived"])


def test_visits(folder: Path) -> None:
    """CSV and Parquet have the visits of each replication as they are kept; who never started has no start."""
    kept = read_rows(folder, 2)
    rows = from_parquet(folder, "visits_0002")
    assert len(rows) == len(kept["end_s"]) > 500
    assert [row["job_key"] for row in rows] == kept["job_key"].tolist()
    assert [row["end_s"] for row in rows] == kept["end_s"].tolist()
    assert [row["start_s"] is None for row in rows] == np.isnan(kept["start_s"]).tolist()
    refused = [row for row in rows if row["outcome"] == "refused"]
    assert refused
    assert [row["end_s"] for row in from_csv(folder, "visits_0002")] == kept["end_s"].tolist()


def test_figures_with_their_reasons(tmp_path: Path) -> None:
    """Every figure of a scenario that is assumed, derived or reported is a row with its reason and its range in SI."""
    scenario = ROOT / "scenarios" / "tiny.yaml"
    kept = run(str(scenario), out=tmp_path, replications=1, jobs=1, engine="fast").folder
    assert kept is not None
    assert main(["export", str(kept), "--to", "csv", "--quiet"]) == 0
    rows = {row["key"]: row for row in from_csv(kept, "assumptions")}
    resolved = json.loads((kept / "manifest.json").read_text())["resolved"]
    figure = resolved["juki_net"]["prefecture"]["hsm"]["per_operation"]
    row = rows["juki_net.prefecture.hsm.per_operation"]
    assert (row["status"], row["reason"], row["unit_si"]) == (figure["status"], figure["note"], "s")
    assert [row["value_si"], row["low_si"], row["high_si"]] == [figure["value"], *figure["range"]]
    assert len(rows) > 100


ODD: Mapping[str, Any] = {"name": "text", "value": "number"}


@pytest.fixture
def hostile() -> Tidy:
    """A table whose texts mean harm, with negative numbers that mean none."""
    return Tidy({**ODD, "=2+3": "text"}, [{"name": text, "value": -1.5, "=2+3": "+1"} for text in (*HOSTILE, "-1", "＝1")])


def _acts(text: str) -> bool:
    return text[0] in "=+-@\t\r＝＋－＠" or any(not one.isprintable() for one in text)


def _texts(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    yield from (cell for row in rows for cell in row if isinstance(cell, str))


def test_hostile_texts_in_csv(tmp_path: Path, hostile: Tidy) -> None:
    """No cell of a CSV file begins as a formula or holds a control character, and numbers stay numbers."""
    write_csv(tmp_path / "odd.csv", hostile)
    with (tmp_path / "odd.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert all(row[1] == "-1.5" for row in rows[1:])
    assert not [cell for row in rows for cell in (row[0], row[2]) if _acts(cell)]


def test_hostile_texts_in_excel(tmp_path: Path, hostile: Tidy) -> None:
    """A workbook has no formula, no link and no text that begins as a formula."""
    write_excel(tmp_path / "odd.xlsx", {"odd": hostile})
    sheet = openpyxl.load_workbook(tmp_path / "odd.xlsx")["odd"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell.value for cell in cells if cell.hyperlink or (isinstance(cell.value, str) and _acts(cell.value))]
    assert [cell.value for cell in sheet["B"][1:]] == [-1.5] * len(hostile.rows)


def test_names_in_parquet_are_data(tmp_path: Path) -> None:
    """A column may have any name, and texts that mean harm come back as they were: nothing evaluates them."""
    name = 'a"; DROP TABLE held; --'
    write_parquet(tmp_path / "odd.parquet", Tidy({name: "text"}, [{name: text} for text in HOSTILE]))
    found = duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path / 'odd.parquet'}')")
    assert found.columns == [name]
    assert [text for (text,) in found.fetchall()] == list(HOSTILE)


def test_columns_of_any_content(tmp_path: Path) -> None:
    """Columns that are empty, missing throughout, or full of large numbers keep their types in Parquet."""
    columns: Mapping[str, Any] = {"none": "number", "large": "count", "yes": "truth", "word": "text"}
    rows = [{"large": 2**62, "yes": True, "word": "語"}, {"large": None, "yes": None, "word": None}]
    write_parquet(tmp_path / "any.parquet", Tidy(columns, rows))
    found = duckdb.sql(f"SELECT * FROM read_parquet('{tmp_path / 'any.parquet'}')")
    assert [str(one) for one in found.types] == ["DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR"]
    assert found.fetchall() == [(None, 2**62, True, "語"), (None, None, None, None)]


@pytest.mark.parametrize(("missing", "to"), [("duckdb", "parquet"), ("xlsxwriter", "xlsx")])
def test_a_missing_library_is_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str, to: str
) -> None:
    """Without the extra, the message says what to install, and the exit code is that of a usage error."""
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["export", str(folder), "--to", to, "--out", str(tmp_path)]) == 2
    assert f"{missing} is not installed; pip install 'jukinet-sim[export]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "csv,exel"], 'no format is called "exel"; write one of csv, json, parquet, perfetto, png, svg, xlsx'),
        (["--to", "parquet", "--replication", "7"], "has no visits of it; kept are 0 to 2"),
    ],
)
def test_what_cannot_be_exported(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    """What is not there is named, with what is."""
    assert main(["export", str(folder), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_an_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of an experiment is exported as the rows that it has in Python."""
    from jukinet_sim import sweep

    monkeypatch.chdir(tmp_path)
    small = small_run(tmp_path).parent.parent.parent / "desk.yaml"
    answer = sweep(str(small), vary={"network.stations.back.servers": [2, 3]}, out="runs", jobs=1)
    assert main(["export", str(answer.folder), "--to", "parquet,json"]) == 0
    assert answer.folder is not None
    rows = from_parquet(answer.folder, "sweep")
    assert [(row["figure"], row["value"]) for row in rows] == [
        (row["figure"], row["value"]) for row in answer.rows(everything=True)
    ]
