"""Which stations and flows are recognised as textbook queues; `test_form_guards` has what must rule each family out."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Delay,
    ExactCount,
    Flow,
    Loop,
    Network,
    Outage,
    Part,
    Piecewise,
    Release,
    Spawn,
    Station,
    Visit,
)
from jukinet_sim.theory import queues
from jukinet_sim.theory.match import qualifying
from tests.theory.qualifying_networks import SECOND, families, flow, found, network, visit


def test_mm1_station() -> None:
    """A Poisson flow with exponential demand at one server is M/M/1, with wait, quantile and utilisation."""
    assert found(network(flow(visit()))) == pytest.approx(
        {
            ("a", "M/M/1", "wait.mean"): queues.mm1_mean_wait(0.5, 1.0),
            ("a", "M/M/1", "wait.p95"): queues.mm1_wait_quantile(0.5, 1.0, 0.95),
            ("a", "M/M/1", "utilisation"): 0.5,
        }
    )


def test_mmc_station() -> None:
    """More servers make it M/M/c."""
    predictions = found(network(flow(visit(), rate=1.6), servers=2))
    assert predictions[("a", "M/M/c", "wait.mean")] == pytest.approx(queues.mmc_mean_wait(1.6, 1.0, 2))
    assert predictions[("a", "M/M/c", "wait.p95")] == pytest.approx(queues.mmc_wait_quantile(1.6, 1.0, 2, 0.95))


def test_mg1_station() -> None:
    """Any other demand at one server is M/G/1, with a mean wait and no quantile."""
    demand = dist.gamma(1.0, 0.5)
    assert found(network(flow(visit(demand)))) == pytest.approx(
        {
            ("a", "M/G/1", "wait.mean"): queues.mg1_mean_wait(0.5, 1.0, 0.25),
            ("a", "M/G/1", "utilisation"): 0.5,
        }
    )


def test_merged_flows_are_one_poisson_process() -> None:
    """Two Poisson flows with the same demand add up to one."""
    predictions = found(network(flow(visit(), rate=0.3), flow(visit(), rate=0.5, name="g")))
    assert predictions[("a", "M/M/1", "wait.mean")] == pytest.approx(queues.mm1_mean_wait(0.8, 1.0))


def test_tandem_behind_a_first_station() -> None:
    """The second station of a row is recognised as part of a Jackson network."""
    predictions = found(network(flow(visit(), visit(dist.exponential(1.5), "b"))))
    assert predictions[("b", "Jackson", "wait.mean")] == pytest.approx(queues.mm1_mean_wait(0.5, 1.5))


def test_feedback_raises_the_rate() -> None:
    """With a return probability of .4 a station waits like M/M/c at 1/.6 times the arrivals."""
    again = Visit("a", SECOND, label="again")
    net = network(flow(again, Branch((("again", 0.4), (None, 0.6))), rate=0.9), servers=2)
    predictions = found(net)
    assert predictions[("a", "Jackson", "wait.mean")] == pytest.approx(queues.mmc_mean_wait(1.5, 1.0, 2))
    assert predictions[("a", "Jackson", "wait.p95")] == pytest.approx(queues.mmc_wait_quantile(1.5, 1.0, 2, 0.95))


def test_a_first_station_needs_nothing_of_what_follows() -> None:
    """What a job does after its first station does not change that station's queue."""
    route = (visit(), Acquire("p"), Loop((visit(dist.constant(0.1), "b"),), times=3), Release("p"))
    assert families(network(flow(*route))) == {("a", "M/M/1")}


COURSE = Piecewise(np.array([0.0]), np.array([0.5]))
COUNTED = ExactCount(500, np.array([0.0]), np.array([1.0]), 1000.0)


@pytest.mark.parametrize(
    "net",
    [
        network(flow(visit(), rate=1.0)),
        network(Flow("f", (visit(),), COURSE)),
        network(Flow("f", (visit(),), COUNTED)),
        network(flow(visit(dist.gamma(1.0, 0.5)), rate=1.0), servers=1),
        network(flow(Visit("a", SECOND, per_record_s=0.01))),
        network(flow(Visit("a", SECOND, parts=(Part(dist.constant(0.1)),)))),
        network(flow(Loop((visit(),), times=2), rate=0.2)),
        network(flow(Acquire("p"), visit(), Release("p"))),
        network(flow(visit(), rate=0.2), flow(Spawn("f"), rate=0.2, name="g")),
        network(flow(visit(dist.constant(1.0)), Delay(SECOND), visit(dist.constant(1.0)), rate=0.2)),
        network(flow(), flow(Delay(SECOND), name="g")),
    ],
    ids=[
        "unstable", "varying rate", "exact count", "unstable M/G/1", "per record", "parts", "loop", "pool", "spawned",
        "returns", "no visits",
    ],
)  # fmt: skip
def test_near_misses_get_no_prediction(net: Network) -> None:
    """A station that breaks one condition of every family is left alone, rules of thumb included."""
    assert qualifying(net) == ()


def test_an_outage_disqualifies() -> None:
    """A station with an outage is not a textbook queue, nor are the stations its jobs go on to."""
    net = network(flow(visit(), visit(dist.exponential(0.5), "b")))
    broken = Station("a", 1, outages=(Outage(10.0, 5.0),))
    assert families(dataclasses.replace(net, stations=(broken, net.stations[1]))) == set()


def test_a_group_of_places_gets_no_prediction() -> None:
    """A station kept per place mixes queues of different loads."""
    at_town = dataclasses.replace(flow(visit()), origin="town")
    net = network(at_town)
    assert families(dataclasses.replace(net, stations=(Station("a", 1, per="town"), net.stations[1]))) == set()


def test_a_neighbour_outside_the_family_spoils_jackson() -> None:
    """A second station is left alone when another flow there comes from a source that is not Poisson."""
    other = Flow("other", (visit(dist.exponential(0.5), "b"),), COUNTED)
    assert families(network(flow(visit(), visit(dist.exponential(0.5), "b"), rate=0.2), other)) == {("a", "M/M/1")}


def test_unused_stations_are_skipped() -> None:
    """A station that no flow visits gets no prediction."""
    assert {p.name for p in qualifying(network(flow(visit())))} == {"a"}
