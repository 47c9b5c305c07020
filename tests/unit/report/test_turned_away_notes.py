"""What is said before a run of stations that only refused or impatient jobs come to."""

from __future__ import annotations

import pytest

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.network.model import Acquire, Branch, Flow, Network, Poisson, Pool, Station, Step, Visit
from jukinet_sim.report.load_table import turned_away_notes
from jukinet_sim.theory.traffic import offered

ONE = constant(1.0)


def notes(*route: Step) -> list[str]:
    """The notes on a network of three stations and a pool with one flow."""
    stations = tuple(Station(name, servers=1, capacity=1) for name in ("first", "second", "third"))
    flows = (Flow("f", route, Poisson(0.1)),)
    network = Network("three", 1000.0, stations=stations, flows=flows, pools=(Pool("desk", 1),))
    return turned_away_notes(offered(network), network)


@pytest.mark.parametrize(
    "turning",
    [
        Visit("first", ONE, on_refused="over"),
        Visit("first", ONE, on_abandon="over"),
        Acquire("desk", patience=exponential(1.0), on_abandon="over"),
    ],
)
def test_stations_that_only_the_turned_away_come_to(turning: Step) -> None:
    """The station behind the label is named, and the one that nobody visits at all is not."""
    (note,) = notes(turning, Branch((("exit", 1.0),)), Visit("second", ONE, label="over"))
    assert "no others come to second;" in note


def test_nothing_is_said_where_others_come() -> None:
    """A station that jobs come to in the usual way has its load; so have all where nobody is turned away."""
    assert notes(Visit("first", ONE, on_refused="over"), Visit("second", ONE, label="over")) == []
    assert notes(Visit("first", ONE), Branch((("exit", 1.0),)), Visit("second", ONE)) == []
