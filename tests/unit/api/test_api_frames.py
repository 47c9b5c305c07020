"""Answers as rows and frames: their columns, types and numbers; visits as Arrow; a study in ten lines."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pyarrow
import pytest

import jukinet_sim
from jukinet_sim.api.answer import Answer
from jukinet_sim.api.words import axes, settings, text_of
from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.results.rows import read_rows

SCENARIO = """
scenario: desk
run: {horizon: 200 s, warm_up: 20 s, replications: 3, seed: 3, engine: fast}
network:
  places: {town: {count: 2}}
  stations:
    desk: {servers: 2, capacity: 3, per: town}
    back: {servers: 2}
  flows:
    visitor:
      origin: town
      arrivals: {poisson: 1.2 /s}
      route:
        - {visit: desk, at: origin, demand: {exponential: 1 s}}
        - {visit: back, demand: {exponential: 500 ms}, label: file}
measures:
  yen: {unit: yen, sum: [{station: back, metric: busy_hours, times: 1000}]}
slo:
  - {flow: visitor, metric: sojourn.p95, below: 4 s}
overrides:
  busy: {network: {flows: {visitor: {arrivals: {poisson: 1.8 /s}}}}}
"""
DESKS, BACK = "network.stations.desk.servers", "network.stations.back.servers"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario file in the working directory, and another."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    (tmp_path / "quick.yaml").write_text("scenario: quick\nextends: desk.yaml\nnetwork: {stations: {back: {servers: 4}}}\n")


def asked(verb: str, **options: Any) -> Any:
    """The answer of a verb that keeps nothing."""
    return getattr(jukinet_sim, verb)("desk.yaml", jobs=1, out=None, **options)


COLUMNS = {
    "run": {
        "kind": "text", "name": "text", "metric": "text", "figure": "text", "value": "number", "half_width": "number",
        "level": "number", "n": "count", "unit": "text", "verdict": "text",
    },
    "compare": {
        "figure": "text", "scenario": "text", "value": "number", "half_width": "number", "level": "number", "n": "count",
        "unit": "text", "difference": "number", "difference_half_width": "number", "difference_n": "count", "verdict": "text",
        "correlation": "number", "independent_replications": "count",
    },
    "sweep": {
        "point": "count", BACK: "count", "override": "text", "figure": "text", "value": "number", "half_width": "number",
        "level": "number", "n": "count", "unit": "text", "replications": "count", "slo_met": "truth", "run": "text",
        "error": "text",
    },
    "size": {
        "search": "text", BACK: "count", "growth": "number", "replications": "count", "meets": "truth", "likely": "truth",
        "service_level": "text", "value": "number", "half_width": "number", "level": "number", "n": "count", "unit": "text",
        "verdict": "text", "run": "text", "error": "text",
    },
    "sensitivity": {
        "output": "text", "unit": "text", "method": "text", "key": "text", "effect": "number", "half_width": "number",
        "interaction": "number", "first": "number", "first_half_width": "number", "total": "number",
        "total_half_width": "number", "chance": "number", "now": "text", "source": "text", "note": "text",
    },
}  # fmt: skip
"""What stands in the columns of each verb."""
OPTIONS: dict[str, dict[str, Any]] = {
    "run": {},
    "compare": {"with_": {BACK: 3}},
    "sweep": {"vary": {BACK: [2, 3], "override": ["none", "busy"]}},
    "size": {"vary": {BACK: "2..3"}, "slack": False, "most": 5},
    "sensitivity": {"vary": {"network.flows.visitor.arrivals.poisson": "1 /s..1.4 /s"}, "method": "tornado"},
}
POLARS = {"text": polars.String, "number": polars.Float64, "count": polars.Int64, "truth": polars.Boolean}
ARROW = {"text": pyarrow.string(), "number": pyarrow.float64(), "count": pyarrow.int64(), "truth": pyarrow.bool_()}


@pytest.mark.parametrize("verb", COLUMNS)
def test_frames_have_these_columns_and_types(verb: str) -> None:
    """Whatever the values are, and all frames hold the rows."""
    answer = asked(verb, **OPTIONS[verb])
    columns, rows = COLUMNS[verb], answer.rows()
    assert all(list(row) == list(columns) for row in rows)
    frame, table = answer.to_polars(), answer.to_arrow()
    assert dict(frame.schema) == {name: POLARS[kind] for name, kind in columns.items()}
    assert table.schema == pyarrow.schema({name: ARROW[kind] for name, kind in columns.items()})
    assert frame.to_dicts() == table.to_pylist() == rows
    assert rows


@pytest.mark.parametrize("verb", COLUMNS)
def test_pandas_frames(verb: str) -> None:
    """The same in pandas, missing numbers NaN and everything else missing NA."""
    pandas = pytest.importorskip("pandas")
    dtypes = {"text": "string", "number": "float64", "count": "Int64", "truth": "boolean"}
    answer = asked(verb, **OPTIONS[verb])
    frame = answer.to_pandas()
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {n: dtypes[k] for n, k in COLUMNS[verb].items()}
    for row, expected in zip(frame.to_dict("records"), answer.rows(), strict=True):
        assert {name: None if pandas.isna(value) else value for name, value in row.items()} == expected


def test_rows_of_a_run_are_its_figures() -> None:
    """Every figure under the name by which a sweep knows it, with the same value; measures and verdicts as well."""
    run = {row["figure"]: row for row in asked("run").rows()}
    point = asked("sweep", vary={BACK: [2, 3]})["points"][0]["metrics"]
    told = {name: row for name, row in run.items() if row["kind"] in ("flow", "station", "pool")}
    assert set(told) <= set(point)
    for name, row in told.items():
        assert row["value"] is point[name]["value"] is None or math.isclose(row["value"], point[name]["value"], rel_tol=1e-12)
    assert (run["yen"]["kind"], run["yen"]["unit"], run["yen"]["value"]) == ("measure", "yen", point["yen"]["value"])
    assert run["visitor sojourn.p95"]["unit"] == run["visitor sojourn.p95 < 4 s"]["unit"] == "s"
    assert run["visitor sojourn.p95 < 4 s"]["verdict"] == "met"
    assert run["visitor completed"]["half_width"] is None


def test_rows_of_a_sweep() -> None:
    """The figures that are shown, or everything; a point that cannot be run is a row that says why."""
    answer = asked("sweep", vary={BACK: [2, -1]}, metric=["yen", "back utilisation"])
    good, other, bad = answer.rows()
    assert [(row["point"], row[BACK], row["figure"], row["unit"]) for row in (good, other, bad)] == [
        (0, "2", "yen", "yen"), (0, "2", "back utilisation", ""), (1, "-1", None, None),
    ]  # fmt: skip
    assert (good["value"], bad["value"], bad["slo_met"]) == (answer.points[0]["metrics"]["yen"]["value"], None, None)
    assert "-1" in bad["error"]
    assert answer.status == "partial"
    everything = answer.rows(everything=True)
    assert len(everything) == len(answer.points[0]["metrics"]) + 1
    assert answer.to_polars(everything=True).height == len(everything)


@pytest.mark.parametrize("name", ["pandas", "polars", "pyarrow"])
def test_a_library_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the extra that brings it; nothing else needs it."""
    answer = asked("run", replications=1)
    monkeypatch.setitem(sys.modules, name, None)
    frame = {"pandas": answer.to_pandas, "polars": answer.to_polars, "pyarrow": answer.to_arrow}[name]
    with pytest.raises(UsageError, match=rf"{name} is not installed; pip install 'jukinet-sim\[frames\]'"):
        frame()
    assert str(answer)


def test_visits_are_the_rows_that_are_kept() -> None:
    """Column for column, words as dictionaries without doubles, numbers as they are."""
    answer = jukinet_sim.run("desk.yaml", set={"run.records": "visits"}, jobs=1)
    assert answer.folder is not None
    for replication in (0, 2):
        table, rows = answer.visits(replication), read_rows(answer.folder, replication)
        assert table.column_names == list(rows)
        for name, column in rows.items():
            if column.dtype == object:
                assert table[name].to_pylist() == column.tolist()
                assert len(set(table[name].chunk(0).dictionary.to_pylist())) == len(table[name].chunk(0).dictionary)
            else:
                np.testing.assert_array_equal(table[name].to_numpy(), column)
                assert table[name].null_count == 0
    assert set(table["outcome"].unique().to_pylist()) == {"served", "refused"}
    assert set(table["place"].unique().to_pylist()) == {"", "0", "1"}
    assert polars.from_arrow(table).height == table.num_rows
    with pytest.raises(StoreError, match="is missing"):
        answer.visits(3)


def test_numbers_of_visits_are_not_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column of the table is the memory into which it was read."""
    from jukinet_sim.api import visits

    times = np.arange(4.0)
    coded = {"flow": (np.zeros(4, np.int32), np.array(["f"]))}
    monkeypatch.setattr(visits, "read_coded_rows", lambda *_: (coded, {"end_s": times}))
    table = visits.visit_table(Path(), 0)
    assert table["end_s"].chunk(0).buffers()[1].address == times.ctypes.data


def test_visits_that_were_not_kept() -> None:
    """Are refused with what to write."""
    with pytest.raises(UsageError, match='out="runs"'):
        asked("run", set={"run.records": "visits"}, replications=1).visits()
    with pytest.raises(UsageError, match=r"run\.records"):
        jukinet_sim.run("desk.yaml", jobs=1, replications=1).visits()


def numbers(answer: Answer) -> dict[str, Any]:
    """The document of a comparison without what names the question."""
    return {key: value for key, value in answer.document.items() if key != "hash"}


def test_a_study_is_a_comparison() -> None:
    """Unnamed settings are what `--with` compares, to the last digit, and nothing is computed for it again."""
    compared = jukinet_sim.compare("desk.yaml", with_=[{BACK: 3}, {BACK: 3, DESKS: 1}], jobs=1)
    runs = sorted(Path("runs").glob("*/*/results.sqlite"))
    written = [path.stat().st_mtime_ns for path in runs]
    study = jukinet_sim.Study("desk.yaml", [{BACK: 3}, {BACK: 3, DESKS: 1}]).run(jobs=1)
    assert numbers(study) == numbers(compared)
    assert [path.stat().st_mtime_ns for path in sorted(Path("runs").glob("*/*/results.sqlite"))] == written


def test_changes_of_a_study() -> None:
    """Settings, overrides, several of these in turn, and another file, each called by the name given to it."""
    changes = {"third": {BACK: 3}, "busy": "busy", "both": ["busy", {BACK: 3}], "file": "quick.yaml"}
    study = jukinet_sim.Study("desk.yaml", changes)
    rates = {name: (one.network.stations["back"].servers, one.network.flows["visitor"].arrivals.poisson)
             for name, one in ((name, loaded.scenario) for name, loaded in study.scenarios().items())}  # fmt: skip
    assert rates == {"desk.yaml": (2, 1.2), "third": (3, 1.2), "busy": (2, 1.8), "both": (3, 1.8), "file": (4, 1.2)}
    frame = study.run(jobs=1, out=None, metric="visitor sojourn.mean").to_polars()
    assert frame["scenario"].to_list() == list(rates)
    assert frame["difference"][0] is None
    with pytest.raises(UsageError, match="two changes are called"):
        jukinet_sim.Study("desk.yaml", [{BACK: 3}, {BACK: "3"}]).run()


def test_values_become_the_texts_of_a_scenario() -> None:
    """Numbers, words, lists and mappings; a value of a list that holds a comma stays one."""
    assert [text_of(value) for value in (3, 2.5, np.int64(4), np.float64(0.5), True, None, "35 ms")] == [
        "3", "2.5", "4", "0.5", "true", "null", "35 ms",
    ]  # fmt: skip
    assert text_of({"poisson": "1 /s"}) == '{"poisson": "1 /s"}'
    assert settings({"a.b": [1, 2]}) == ["a.b=[1, 2]"]
    assert axes({"a": range(1, 4), "b": "1..3", "c": 2.0}) == ["a=1,2,3", "b=1..3", "c=2.0"]
    assert axes({"title": ["x, y", "z"], "d": [{"constant": "1 s"}, {"gamma": {"mean": "1 s", "cv": 2}}]}) == [
        'title="x, y",z', 'd={"constant": "1 s"},{"gamma": {"mean": "1 s", "cv": 2}}',
    ]  # fmt: skip
