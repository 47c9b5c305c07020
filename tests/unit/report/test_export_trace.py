"""The trace of visits as a viewer needs it: begins with ends, named tracks, monotone times, arrows from visit to visit."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exported_run import HOSTILE, SCENARIO, small_run

from jukinet_sim.base.errors import UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.report.exports import trace
from jukinet_sim.results.rows import read_rows

Event = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose visits are exported as traces."""
    kept = small_run(tmp_path_factory.mktemp("trace"))
    assert main(["export", str(kept), "--to", "perfetto"]) == 0
    return kept


@pytest.fixture(scope="module")
def events(folder: Path) -> list[Event]:
    """The events of the second replication."""
    found: list[Event] = json.loads((folder / "exports" / "trace_0001.json").read_text())["traceEvents"]
    return found


def test_every_track_is_named(events: list[Event]) -> None:
    """Each station and place is a process with a name, each lane that a service is on a thread with one."""
    processes = {event["pid"]: event["args"]["name"] for event in events if event.get("name") == "process_name"}
    threads = {(event["pid"], event["tid"]) for event in events if event.get("name") == "thread_name"}
    assert sorted(processes.values()) == ["back", "desk (0)", "desk (1)"]
    assert {(event["pid"], event["tid"]) for event in events if event["ph"] in "BEstf"} == threads


def test_times_are_monotone(events: list[Event]) -> None:
    """Events come in the order of their times, which are in microseconds of the run."""
    times = [event["ts"] for event in events if event["ph"] != "M"]
    assert times == sorted(times)
    assert 0.0 <= times[0] <= times[-1] <= 400e6


def test_every_begin_has_its_end(events: list[Event]) -> None:
    """On each lane one service ends before the next begins, and each wait that begins ends once."""
    inside: dict[tuple[int, int], int] = defaultdict(int)
    for event in events:
        if event["ph"] in "BE":
            lane = (event["pid"], event["tid"])
            inside[lane] += 1 if event["ph"] == "B" else -1
            assert inside[lane] in (0, 1)
    assert not any(inside.values())
    waits = Counter((event["id"], event["ph"]) for event in events if event["ph"] in "be")
    assert set(waits.values()) == {1}
    assert {number for number, phase in waits if phase == "b"} == {number for number, phase in waits if phase == "e"}


def test_services_and_waits_are_those_of_the_visits(folder: Path, events: list[Event]) -> None:
    """Their times in all are those of the rows, to the nanosecond of each."""
    rows = read_rows(folder, 1)
    begun = ~np.isnan(rows["start_s"])
    assert sum(event["ph"] == "B" for event in events) == begun.sum()
    served_s = sum((event["ts"] if event["ph"] == "E" else -event["ts"]) for event in events if event["ph"] in "BE") / 1e6
    assert served_s == pytest.approx((rows["end_s"] - rows["start_s"])[begun].sum(), abs=1e-9 * 2 * begun.sum())
    waited_s = sum((event["ts"] if event["ph"] == "e" else -event["ts"]) for event in events if event["ph"] in "be") / 1e6
    until = np.where(begun, rows["start_s"], rows["end_s"])
    assert waited_s == pytest.approx((until - rows["arrive_s"]).sum(), abs=1e-9 * 2 * len(until))


def test_lanes_are_no_more_than_servers(events: list[Event]) -> None:
    """Where each service has a server, a station has no more lanes than it has servers."""
    lanes = Counter(event["pid"] for event in events if event.get("name") == "thread_name")
    assert set(lanes.values()) == {2}


def test_arrows_follow_jobs(events: list[Event]) -> None:
    """A job with several services has one arrow that starts at the first, passes the others, and finishes at the last."""
    begins = Counter(event["args"]["job_key"] for event in events if event["ph"] == "B")
    several = {key for key, number in begins.items() if number > 1}
    assert several
    phases: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event["ph"] in "stf":
            phases[event["id"]].append(event["ph"])
    assert set(phases) == several
    assert all(found == ["s", *["t"] * (begins[key] - 2), "f"] for key, found in phases.items())


def rows_of(names: list[str]) -> dict[str, Any]:
    """Visits of one second each, one after the other, at stations and in flows of these names."""
    number = len(names)
    times = np.arange(float(number))
    return {
        **{key: np.array(names, dtype=object) for key in ("flow", "step", "station", "place")},
        "outcome": np.array(["served"] * number, dtype=object), "job": np.arange(number), "job_key": np.arange(number),
        "arrive_s": times, "start_s": times, "end_s": times + 1.0,
    }  # fmt: skip


def test_hostile_names(tmp_path: Path) -> None:
    """Names are JSON texts without control or right-to-left marks, whatever they are."""
    path = tmp_path / "trace.json"
    trace.write_trace(path, rows_of(list(HOSTILE)), {"scenario": HOSTILE[3]})
    text = path.read_text()
    assert "\x1b" not in text
    assert "\u202e" not in text
    found = json.loads(text)
    names = {event["name"] for event in found["traceEvents"] if event.get("cat") == "service"}
    assert "<script>alert(1)</script>" in names
    assert all(name.isprintable() for name in names)


def test_too_many_visits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace that no viewer opens is refused, with what to do instead."""
    monkeypatch.setattr(trace, "MOST_VISITS", 3)
    with pytest.raises(UsageError, match="4 visits are too many for a trace viewer, which holds 3; export them as parquet"):
        trace.write_trace(tmp_path / "trace.json", rows_of(["a"] * 4), {})


def test_without_visits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that kept no visits says how to keep them."""
    kept = small_run(tmp_path, SCENARIO.replace("records: visits", "records: none"))
    assert main(["export", str(kept), "--to", "perfetto"]) == 2
    assert 'keeps no visits to make a trace of; run the scenario with "records: visits"' in capsys.readouterr().err
