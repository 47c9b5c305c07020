"""What a run is expected to cost, before it runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from results_samples import queue

from jukinet_sim.experiments.plan import START_S, Plan, make_plan
from jukinet_sim.network.model import Network, Poisson


def planned(network: Network, *, replications: int = 4, jobs: int = 1, pilot: int = 0) -> Plan:
    """The plan of a network on the reference engine."""
    return make_plan(network, engine="reference", replications=replications, jobs=jobs, pilot=pilot)


def overloaded(capacity: int | None) -> Network:
    """Three times the work that the one server can do, for 2,000 s."""
    network = queue()
    (flow,), (desk,) = network.flows, network.stations
    return replace(
        network, flows=(replace(flow, arrivals=Poisson(3.0)),), stations=(replace(desk, capacity=capacity),)
    )


def test_a_pilot_takes_its_time() -> None:
    """Ten replications of a pilot before four take as long as fourteen, but are no part of the run's visits."""
    alone, with_pilot, fourteen = planned(queue()), planned(queue(), pilot=10), planned(queue(), replications=14)
    assert with_pilot.seconds == pytest.approx(fourteen.seconds)
    assert with_pilot.visits == alone.visits


def test_a_pilot_keeps_processes_busy_that_the_run_would_not() -> None:
    """One replication runs on one process, the ten of its pilot on two: five rounds and one."""
    plan = planned(queue(), replications=1, jobs=2, pilot=10)
    assert plan.jobs == 2
    once_s = planned(queue(), replications=1).seconds - START_S["reference"]
    assert plan.seconds - START_S["reference"] == pytest.approx(6.0 * once_s)


def test_a_full_station_bounds_the_memory() -> None:
    """Jobs that a full station refuses are not left over at the end, so they need no memory."""
    assert planned(overloaded(10)).memory_bytes < planned(overloaded(None)).memory_bytes
