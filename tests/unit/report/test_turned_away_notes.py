"""What is said before a run of stations that only refused or impatient jobs come to."""

from __future__ import annotations

import pytest

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Flow,
    Network,
    Piecewise,
    Poisson,
    Pool,
    Station,
    Step,
    Visit,
    frozen_floats,
)
from jukinet_sim.report.load_table import kept_notes, pool_warnings, turned_away_notes
from jukinet_sim.theory.peaks import Hours
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


@pytest.mark.parametrize(("patient", "said"), [(True, "a backlog builds up"), (False, "who gets none in time goes elsewhere")])
def test_a_bucket_in_its_peak_says_what_becomes_of_those_who_ask(patient: bool, said: str) -> None:
    """Eight jobs a second for half an hour of a day, at a bucket that gets two a second: they wait, or they go elsewhere."""
    ask = Acquire("limit") if patient else Acquire("limit", patience=constant(0.0), on_abandon="exit")
    flood = Piecewise(frozen_floats([0.0, 36_000.0, 37_800.0]), frozen_floats([0.0, 8.0, 0.0]))
    flows = (Flow("usual", (Acquire("limit"),), Poisson(0.01)), Flow("flood", (ask, Visit("desk", ONE)), flood))
    network = Network("bucket", 86_400.0, (Station("desk", 20),), flows, (Pool("limit", 5, refill_per_s=2.0),))
    hours = Hours(network)
    (note,) = pool_warnings(hours.pool_loads, hours.pool_peaks, network)
    assert "bucket limit keeps up on average, but is asked for 200.5 % of what it has in the hour from 9.5 h" in note
    assert said in note


def test_servers_that_are_kept_are_not_in_the_loads() -> None:
    """Flows that keep a server after service are named, a few of many; nothing is said where none does."""
    stations = (Station("first", servers=1), Station("second", servers=1, capacity=1))

    def network(holds: int) -> Network:
        routes = [(Visit("first", ONE, hold=number < holds), Visit("second", ONE)) for number in range(6)]
        flows = tuple(Flow(f"f{number}", route, Poisson(0.01)) for number, route in enumerate(routes))
        return Network("line", 1000.0, stations=stations, flows=flows)

    assert kept_notes(network(0)) == []
    (note,) = kept_notes(network(1))
    assert "are kept after service (hold), in f0:" in note
    (note,) = kept_notes(network(6))
    assert "in f0, f1" in note
    assert "f5" not in note
