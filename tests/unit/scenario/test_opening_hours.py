"""Hours counted within a calendar: what is held or inside overnight counts only while the counter is open, to the second."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_runner import write_scenario

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.cli.app import main
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.twins.compare import assert_twins, run_fast

HOUR = 3600.0
OVERNIGHT = """\
scenario: overnight
run: {{period: {{from: 2012-04-02, to: 2012-04-0{last}}}, replications: 1, warm_up: {warm_up}, drain: {drain}}}
network:
  stations: {{desk: {{servers: 1}}}}
  pools: {{seats: {{tokens: 2}}, bucket: {{tokens: 9, refill: 1 /s}}}}
  flows:
    visit:
      arrivals: {{scheduled: [{{at: 16 h, records: 1}}, {{at: 16 h, records: 1}}]}}
      route: [{{acquire: seats}}, {{acquire: bucket}}, {{visit: desk, demand: {{constant: 10 h}}}}, {{release: seats}}]
measures:
  held: {{unit: h, sum: [{{pool: seats, metric: held_hours, hours: counter}}]}}
  inside: {{unit: h, sum: [{{flow: visit, metric: inside_hours, hours: counter}}]}}
  awake: {{unit: h, sum: [{{flow: visit, metric: inside_hours, hours: kiosk}}]}}
  always: {{unit: h, sum: [{{flow: visit, metric: inside_hours, hours: uniform}}]}}
  round-the-clock: {{unit: h, sum: [{{flow: visit, metric: inside_hours}}]}}
"""
"""Two visits at four in the afternoon, served one after the other: until two at night, and until noon."""
CASES = [
    ("3", "0 s", "true", {"counter": 2 * 1.25 + 3.5, "kiosk": 2 * 7.0 + 5.5, "uniform": 30.0}),
    ("3", "17 h", "true", {"counter": 2 * 0.25 + 3.5, "kiosk": 2 * 6.0 + 5.5, "uniform": 28.0}),
    ("2", "0 s", "true", {"counter": 2 * 1.25 + 3.5, "kiosk": 2 * 7.0 + 5.5, "uniform": 30.0}),
    ("2", "0 s", "false", {"counter": 2 * 1.25, "kiosk": 2 * 7.0, "uniform": 16.0}),
]
"""Within the run, behind a warm-up, in the drain, and cut off by the horizon."""


def network(folder: Path, last: str, warm_up: str, drain: str) -> Network:
    """The two visits in a run of one or two days."""
    return compile_network(load(write_scenario(folder, OVERNIGHT.format(last=last, warm_up=warm_up, drain=drain))))


@pytest.mark.parametrize(("last", "warm_up", "drain", "hours"), CASES)
def test_only_open_hours_count(tmp_path: Path, last: str, warm_up: str, drain: str, hours: dict[str, float]) -> None:
    """Counters are open from 8:30 to 17:15, kiosks from 6:30 to 23:00; both engines agree on every bit."""
    whole = network(tmp_path, last, warm_up, drain)
    run = assert_twins(whole)
    for calendar, counted in zip(whole.hours, run.hours, strict=True):
        assert counted["inside"][0] == pytest.approx(hours[calendar.name] * HOUR, rel=1e-12)
        assert counted["held"][0] == pytest.approx(hours[calendar.name] * HOUR, rel=1e-12)


def test_a_run_stopped_by_a_limit_counts_up_to_it(tmp_path: Path) -> None:
    """After the arrivals and the end of the first visit, at two at night, only the first day's open hours are over."""
    whole = replace(network(tmp_path, "3", "0 s", "true"), event_budget=3)
    run = assert_twins(whole)
    assert run.window_s[1] == pytest.approx(26 * HOUR)
    counted = {calendar.name: areas["inside"][0] / HOUR for calendar, areas in zip(whole.hours, run.hours, strict=True)}
    assert counted == pytest.approx({"counter": 2.5, "kiosk": 14.0, "uniform": 20.0})


def test_counting_changes_nothing_else(tmp_path: Path) -> None:
    """With and without calendars every other figure of a replication is the same to the last bit."""
    whole = network(tmp_path, "3", "0 s", "true")
    counting, plain = run_fast(whole), run_fast(replace(whole, hours=()))
    assert counting.fingerprint == plain.fingerprint
    for sums in ("flow_sums", "pool_sums", "station_sums", "pool_queues", "station_queues"):
        for key, values in getattr(plain, sums).items():
            assert np.array_equal(getattr(counting, sums)[key], values), (sums, key)


def test_measures_are_in_hours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the calendars counted stands in the measures, and beside the flow and the pool that it is of."""
    path = write_scenario(tmp_path, OVERNIGHT.format(last="3", warm_up="0 s", drain="true"))
    assert main(["run", path, "--json", "--quiet", "--out", str(tmp_path)]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    values = {name: one["value"]["value"] for name, one in found["measures"].items()}
    assert values == pytest.approx({"held": 6.0, "inside": 6.0, "awake": 19.5, "always": 30.0, "round-the-clock": 30.0})
    assert found["flows"]["visit"]["inside_s"]["counter"]["value"] == pytest.approx(6.0 * HOUR)
    assert found["pools"]["bucket"]["held_s"]["counter"]["value"] is None


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("{pool: seats, metric: held_hours, hours: countr}", 'did you mean "counter"?'),
        ("{pool: seats, metric: wait_hours, hours: counter}", "wait_hours is not counted within hours"),
        ("{flow: visit, metric: late, hours: counter}", "late is not counted within hours"),
        ("{measure: inside, hours: counter}", "a measure is not counted within hours"),
    ],
)
def test_hours_that_cannot_be_are_refused(tmp_path: Path, term: str, message: str) -> None:
    """An unknown calendar, and metrics that no calendar goes with."""
    text = OVERNIGHT.format(last="3", warm_up="0 s", drain="true").replace(
        "{pool: seats, metric: held_hours, hours: counter}", term
    )
    with pytest.raises(ScenarioError) as caught:
        load(write_scenario(tmp_path, text))
    assert message in str(caught.value)
