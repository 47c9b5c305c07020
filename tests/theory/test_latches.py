"""An alarm that is raised once: how many incidents follow from many alerts, in theory and in runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Assign, Flow, Network, PlaceLevel, Poisson, Spawn, State, Station, Step, Switch, Visit
from jukinet_sim.theory.jobs import jobs_of
from jukinet_sim.theory.traffic import expected_visits
from tests.theory.loaded_networks import ONE

Simulate = Callable[[Network], list[Replication]]
HORIZON_S = 1000.0
RATE = 0.5
SEEN = 1


def alarms(state: State, *levels: PlaceLevel, rate: float = RATE, before: tuple[Step, ...] = ()) -> Network:
    """Alerts of which the first finds a state as it was and opens an incident; the others are put with it."""
    route = (*before, Switch(state.name, ((SEEN, None),)), Assign(state.name, SEEN), Spawn("incident"))
    origin = levels[0].name if levels else None
    flows = (Flow("alert", route, Poisson(rate), origin=origin), Flow("incident", (Visit("desk", ONE),), origin=origin))
    return Network("alarms", HORIZON_S, (Station("desk", 1),), flows, (), levels, (state,))


def incidents(network: Network) -> float:
    """The incidents that theory expects of a run."""
    return RATE * HORIZON_S * float(jobs_of(network).caused[0, 1])


def test_one_incident_follows_from_any_number_of_alerts(simulate: Simulate) -> None:
    """Five hundred alerts open one incident, in theory and in each run; half of them did in theory once."""
    network = alarms(State("s"))
    assert incidents(network) == pytest.approx(1.0, rel=1e-12)
    runs = simulate(network)
    assert [int(run.flow_counts["completed"][1]) for run in runs] == [1] * len(runs)


def test_each_place_has_one_and_each_dated_change_allows_another() -> None:
    """Three places and two changes back at one of them make five; one for all places makes three more; one too late none."""
    level = PlaceLevel("town", 3, np.array([1.0, 1.0, 1.0]))
    changes = ((200.0, 1, 0), (400.0, 1, 0), (600.0, None, 0), (700.0, 2, SEEN), (2.0 * HORIZON_S, None, 0))
    assert incidents(alarms(State("s", 0, "town", changes[:2]), level)) == pytest.approx(5.0, rel=1e-12)
    assert incidents(alarms(State("s", 0, "town", changes), level)) == pytest.approx(8.0, rel=1e-12)


def test_few_alerts_open_no_more_incidents_than_there_are_alerts() -> None:
    """Where less than one alert is expected, the bound of one incident says nothing; values that jobs set count half then."""
    network = alarms(State("s"), rate=0.0001)
    assert 0.0001 * HORIZON_S * float(jobs_of(network).caused[0, 1]) == pytest.approx(0.05, rel=1e-12)


def test_a_state_that_jobs_set_back_lets_any_number_through() -> None:
    """Another flow that resets the state takes the bound away: theory says half, as of any state that jobs set."""
    network = alarms(State("s"))
    reset = Flow("reset", (Assign("s", 0),), Poisson(0.1))
    network = Network("reset", HORIZON_S, network.stations, (*network.flows, reset), states=network.states)
    assert incidents(network) > 100.0


def test_work_before_the_switch_is_everybodys() -> None:
    """Who looks at an alert before it is known to be the same takes the time all the same."""
    network = alarms(State("s"), before=(Visit("desk", ONE),))
    assert expected_visits(network) == pytest.approx({"alert": RATE * HORIZON_S, "incident": 1.0}, rel=1e-12)
