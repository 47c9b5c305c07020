"""Arrival times from a CSV file: read as written, every fault by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.cli.scenario import validate
from jukinet_sim.language.times import read_times
from jukinet_sim.network.model import Scheduled
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

SCENARIO = """
scenario: replay
run: {horizon: 100 s}
network:
  stations: {s: {servers: 1}}
  flows: {f: {records: 3, arrivals: {times: times.csv}, route: [{visit: s, demand: {constant: 1 s}}]}}
"""


def test_times_become_scheduled_jobs(tmp_path: Path) -> None:
    """Each line is a job at that second, with the flow's records; other columns and blank lines do not matter."""
    (tmp_path / "times.csv").write_text("note,time_s\na,0\n\nb,2.5\nc,2.5\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    arrivals = compile_network(load(tmp_path / "s.yaml")).flows[0].arrivals
    assert isinstance(arrivals, Scheduled)
    assert arrivals.at_s.tolist() == [0.0, 2.5, 2.5]
    assert arrivals.records == (3, 3, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seconds\n1\n", ':1:1: error: there is no column "time_s"; write "time_s" as the first line'),
        ("time_s\n1\nx\n", ':3:1: error: "x" is not a number of seconds; write a number such as "250.5"'),
        ("time_s\n5\n4\n", ":3:1: error: 4 is earlier than the time before, 5; sort the times"),
        ("time_s\n-1\n", ":2:1: error: -1 is not a time from the start of the run; write a number of at least 0"),
        ("time_s\nnan\n", ":2:1: error: nan is not a time from the start of the run; write a number of at least 0"),
        ("", ':1:1: error: there is no column "time_s"'),
        ("time_s;note\n1;a\n", ":1:1: error: the columns are not separated by commas; save the file as CSV with commas"),
        ("time_s\n1\n" + "9" * 140_000, ":3:1: error: a cell of this row is too long"),
        ('time_s\n"1\n2\n', ":2:1: error: this row is not CSV"),
    ],
)
def test_faults_name_their_line(text: str, message: str, tmp_path: Path) -> None:
    """The message has file, line and cure, and the scenario does not compile."""
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        compile_network(load(tmp_path / "s.yaml"))
    assert message in str(caught.value)


def test_all_faults_of_a_file_are_reported(tmp_path: Path) -> None:
    """Two wrong lines are two faults, and the good lines are kept."""
    (tmp_path / "t.csv").write_text("time_s\n1\nx\n3\n2\n", encoding="utf-8")
    times, faults = read_times(tmp_path / "t.csv")
    assert times == [1.0, 3.0]
    assert [fault.position.line for fault in faults if fault.position] == [3, 5]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("time_s\n", "times.csv holds no arrival times; no job of its flow ever arrives"),
        ("time_s\n1\n101\n900\n", "2 of 3 arrival times in times.csv lie after the end of the run; their jobs never arrive"),
    ],
)
def test_times_that_bring_nobody_are_doubted(text: str, note: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file and times past the horizon are legal, and said."""
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    assert compile_network(load(tmp_path / "s.yaml")).notes == (note,)
    assert validate([str(tmp_path / "s.yaml")]) == 0
    assert f"warning: {note}" in capsys.readouterr().err


def test_times_in_order_are_not_doubted(tmp_path: Path) -> None:
    """A time at the very end still counts."""
    (tmp_path / "times.csv").write_text("time_s\n1\n100\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO, encoding="utf-8")
    assert compile_network(load(tmp_path / "s.yaml")).notes == ()
