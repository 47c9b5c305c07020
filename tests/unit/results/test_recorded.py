"""What is on record beside what was simulated: verdicts, what was given, and where it is told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import jukinet_sim as juki
from jukinet_sim.cli.app import main
from jukinet_sim.report.record_table import record_tables
from jukinet_sim.report.terminal import show
from jukinet_sim.report.words import Words

TEXT = """
scenario: counter
run: {horizon: 2000 s, warm_up: 100 s, replications: 20, engine: fast}
network:
  stations: {web: {servers: 2}}
  flows:
    query:
      arrivals: {poisson: 8 /s}
      route: [{visit: web, demand: {exponential: 200 ms}}]
measures:
  served: {unit: queries, sum: [{flow: query, metric: completed}]}
record:
  - {flow: query, metric: sojourn.mean, says: 0.55 s, reads: [500 ms, 600 ms], source: about half a second}
  - {station: web, metric: utilisation, window: busiest 100 s, place: null, says: 30 %, source: nonsense}
  - {measure: served, says: 15200, source: by the rate, given: true}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The scenario as a file."""
    file = tmp_path / "counter.yaml"
    file.write_text(TEXT.replace(" place: null,", ""), encoding="utf-8")
    return file


def record(path: Path, **options: Any) -> list[dict[str, Any]]:
    """The rows of a run."""
    return juki.run(path, out=None, **options).record  # type: ignore[no-any-return]


def test_a_record_is_held_missed_or_given(path: Path) -> None:
    """The mean sojourn lies near, the utilisation does not, and what was put in is not judged."""
    near, far, given = record(path)
    assert (near["verdict"], near["inside"], near["needed"]) == ("held", 20, 17)
    assert near["band"]["low"] < 0.55 < near["band"]["high"]
    assert (near["says"], near["reads"], near["written"]["says"]) == (0.55, [0.5, 0.6], "0.55 s")
    assert (far["verdict"], far["inside"]) == ("missed", 0)
    assert far["at"] is not None
    assert far["band"]["high"] <= 1.0
    assert given["verdict"] == "given"


def test_a_few_replications_decide_nothing(path: Path) -> None:
    """With nine there is a band, of which nobody says whether it holds anything; with one there is none."""
    row = record(path, replications=9)[0]
    assert (row["verdict"], row["inside"]) == ("undecided", None)
    assert row["band"] is not None
    assert record(path, replications=1)[0]["band"] is None


def test_check_ends_with_3_where_a_record_is_missed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table stands first, the document has it under "record", and what is missed is named."""
    assert main(["check", str(path), "--out", str(path.parent / "runs")]) == 3
    printed = capsys.readouterr()
    assert "reported beside simulated" in printed.out
    assert "web utilisation, busiest 100 s: 0 of 20 bands reach what is on record, 17 have to" in printed.err
    held = ["--set", "record.1.says=90 %", "--set", "record.1.reads=[80 %, 100 %]"]
    assert main(["check", str(path), "--json", "-q", "--out", str(path.parent / "runs"), *held]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["verdict"] for row in document["record"]] == ["held", "held", "given"]
    assert document["held"]


def test_show_prints_what_run_prints_and_exports_hold_it(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A stored run knows its record; each row of the export has the reading and the band."""
    out = str(path.parent / "runs")
    assert main(["run", str(path), "-q", "--out", out]) == 0
    run = capsys.readouterr().out
    assert main(["show", "counter", "--out", out]) == 0
    assert (
        run.partition("reported beside")[2].splitlines()[:6]
        == capsys.readouterr().out.partition("reported beside")[2].splitlines()[:6]
    )
    folder = next((path.parent / "runs" / "counter").iterdir())
    assert main(["export", str(folder), "--to", "csv", "--out", out]) == 0
    table = next(path.parent.rglob("record.csv")).read_text(encoding="utf-8")
    assert "reads_low" in table.splitlines()[0]
    assert "about half a second" in table


def test_the_table_is_readable_in_japanese(path: Path) -> None:
    """Headings have their words, and nothing stands where nothing is on record."""
    stream = io.StringIO()
    show(record_tables({"record": record(path)}, Words("ja")), stream)
    assert "記録と模擬の対比" in stream.getvalue()
    assert list(record_tables({}, Words("en"))) == []


PRICED = """\
scenario: mine
run: {horizon: 201 s, replications: 10, engine: fast}
network:
  stations: {desk: {servers: 2}}
  flows: {visitor: {arrivals: {renewal: {constant: 1 s}}, route: [{visit: desk, demand: {constant: 1 s}}]}}
measures:
  wages: {unit: yen, sum: [{flow: visitor, metric: arrived, times: {value: 0.5, assumed: "a visitor", range: [0.2, 0.8]}}]}
record: [{measure: wages, says: 120, source: invented}]
"""


def test_it_is_held_over_assumptions_as_well(tmp_path: Path) -> None:
    """Draws of what is assumed have a band of their own, wide enough for a record that chance alone misses."""
    file = tmp_path / "mine.yaml"
    file.write_text(PRICED, encoding="utf-8")
    answer = juki.run(file, out=tmp_path / "runs", assumptions=20)
    (alone,), (over,) = answer.record, answer["assumptions"]["record"]
    # 200 visitors, no chance in them, cost 100 yen, and 40 to 160 yen at the prices that are thought possible.
    assert (alone["band"]["low"], alone["band"]["high"], alone["verdict"]) == (100.0, 100.0, "missed")
    assert (over["samples"], over["verdict"]) == (20, "held")
    assert 0.0 < over["band"]["low"] < 100.0 < over["band"]["high"]
