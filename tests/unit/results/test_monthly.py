"""The table by months: bins of a series put together by the calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.experiments.simulate import simulate, summarise
from jukinet_sim.language.monthly import Column
from jukinet_sim.results.monthly import monthly
from jukinet_sim.scenario.load import load

SCENARIO = """\
schema: 1
scenario: months
run: {period: {from: 2012-01-30, to: 2012-03-02}, replications: 1, SERIES}
network:
  stations: {desk: {servers: 1}}
  flows:
    visitor: {arrivals: {renewal: {constant: 1 h}}, route: [{visit: desk, demand: {constant: 15 min}}]}
monthly: {COLUMNS}
"""
HOURS = {"2012-01": 2 * 24, "2012-02": 29 * 24, "2012-03": 2 * 24}


def scenario(folder: Path, columns: str, series: str = "series: 6 h") -> Path:
    """A visitor an hour, who takes a quarter of one, from the end of January to the beginning of March of a leap year."""
    path = folder / "months.yaml"
    path.write_text(SCENARIO.replace("COLUMNS", columns).replace("SERIES", series), encoding="utf-8")
    return path


def test_months_of_a_run(tmp_path: Path) -> None:
    """Arrivals are the hours of each month, the desk is busy a quarter of it, and a visitor stays a quarter of an hour."""
    columns = (
        "came: {flow: visitor, what: arrived}, busy: {station: desk, what: busy}, stay: {flow: visitor, what: sojourn}, "
        "all: {station: desk, what: arrived, over: desk}"
    )
    document = summarise(simulate(load(scenario(tmp_path, columns))))
    found = document["monthly"]
    assert found["months"] == list(HOURS)
    # The one of midnight comes at the first instant of the next bin: it is a multiple of an hour after the start.
    came = found["columns"]["came"]["values"]
    assert [round(number) for number in came] == pytest.approx(list(HOURS.values()), abs=1)
    assert sum(came) == sum(HOURS.values()) - 1
    assert found["columns"]["busy"]["values"] == pytest.approx([0.25] * 3, abs=0.01)
    assert found["columns"]["stay"] == {"unit": "s", "values": pytest.approx([900.0] * 3, rel=0.03)}
    assert found["columns"]["all"] == {"unit": "fraction", "values": [1.0, 1.0, 1.0]}


def test_a_month_without_any_has_no_mean() -> None:
    """Nobody came in February: no time in the system and no share, but none of nothing is counted."""
    series = {"bin_s": 86_400.0, "completed": [4.0, 0.0], "in_system": [0.5, 0.0]}
    document = {"flows": {"a": {"series": series}, "a.b": {"series": series}}, "stations": {}, "pools": {}}
    columns = {
        "stay": Column(flow="a", what="sojourn"),
        "share": Column(flow="a.b", what="completed", over="a.*"),
        "number": Column(flow="a", what="completed"),
    }
    found = monthly(document, columns, dt.date(2013, 1, 31))
    assert found["months"] == ["2013-01", "2013-02"]
    assert {name: one["values"] for name, one in found["columns"].items()} == {
        "stay": [0.5 * 86_400.0 / 4.0, None], "share": [1.0, None], "number": [4.0, 0.0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "series", "fault"),
    [
        ("a: {flow: nobody, what: arrived}", "series: 1 d", 'unknown flow "nobody"'),
        ("a: {flow: visitor, what: busy}", "series: 1 d", 'a flow has no "busy" month by month; write one of arrived'),
        ("a: {flow: visitor, station: desk, what: arrived}", "series: 1 d", "about one flow, station or pool"),
        ("a: {flow: visitor, what: sojourn, over: visitor}", "series: 1 d", "only a count is a share"),
        ("a: {flow: visitor, what: arrived}", "series: 7 h", 'write "series: 1 d"'),
        ("a: {flow: visitor, what: arrived}", "series: none", 'write "series: 1 d"'),
    ],
)
def test_columns_that_cannot_be_are_refused(tmp_path: Path, columns: str, series: str, fault: str) -> None:
    """Each with its line and a cure."""
    with pytest.raises(ScenarioError, match=fault):
        load(scenario(tmp_path, columns, series))
