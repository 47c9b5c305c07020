"""Which stations and flows belong to the families beyond M/M/c and Jackson networks, and with which figures."""

from __future__ import annotations

import dataclasses

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import (
    BatchPoisson,
    Branch,
    Breakdowns,
    Closed,
    Delay,
    Flow,
    Poisson,
    Renewal,
    Retry,
    Visit,
)
from jukinet_sim.theory import queues
from jukinet_sim.theory.general import gimc
from jukinet_sim.theory.match import qualifying
from jukinet_sim.theory.networks import mean_value_analysis
from tests.theory.qualifying_networks import SECOND, families, flow, found, network, visit


def test_merged_flows_of_different_demands_are_mg1() -> None:
    """At one server two Poisson flows are one with a mixed demand, whatever the two laws."""
    net = network(flow(visit(dist.constant(1.0)), rate=0.2), flow(visit(dist.exponential(0.5)), rate=0.4, name="g"))
    residual = 0.2 * 1.0 / 2.0 + 0.4 * 2.0 * 0.25 / 2.0
    assert found(net)[("a", "M/G/1", "wait.mean")] == pytest.approx(residual / (1.0 - 0.4), rel=1e-12)


def test_mgc_is_approximate() -> None:
    """For a general demand at several servers only a rule of thumb is given and marked; the utilisation is exact."""
    for net in (
        network(flow(visit(dist.gamma(1.0, 0.5)), rate=1.6), servers=2),
        network(flow(visit(), rate=0.2), flow(visit(dist.exponential(0.5)), rate=0.2, name="g"), servers=2),
    ):
        assert {(p.metric, p.approximate) for p in qualifying(net)} == {("wait.mean", True), ("utilisation", False)}
    wait = qualifying(network(flow(visit(dist.gamma(1.0, 0.5)), rate=1.6), servers=2))[0]
    assert wait.value == pytest.approx(queues.mmc_mean_wait(1.6, 1.0, 2) * 1.25 / 2.0, rel=1e-12)


def test_mdc_station() -> None:
    """Constant demands at several servers are M/D/c."""
    predictions = found(network(flow(visit(dist.constant(1.0)), rate=1.6), servers=2))
    assert predictions[("a", "M/D/c", "wait.mean")] == pytest.approx(0.9032839, abs=1e-7)


def test_renewal_arrivals() -> None:
    """Renewal arrivals of one flow are GI/M/1 and GI/M/c with an exponential demand, approximate with any other."""
    regular = Renewal(dist.constant(1.25))
    single = found(network(Flow("f", (visit(),), regular)))
    assert single[("a", "GI/M/1", "wait.mean")] == pytest.approx(1.692731, abs=1e-6)
    several = found(network(Flow("f", (visit(dist.exponential(2.0)),), regular), servers=2))
    expected = gimc(dist.constant(1.25), 2.0, 2)
    assert several[("a", "GI/M/c", "wait.mean")] == pytest.approx(expected.mean_wait_s, rel=1e-12)
    assert several[("a", "GI/M/c", "wait.p95")] == pytest.approx(expected.quantile(0.95), rel=1e-12)
    general = qualifying(network(Flow("f", (visit(dist.gamma(1.0, 0.5)),), regular)))
    assert [(p.metric, p.approximate) for p in general] == [("wait.mean", True), ("utilisation", False)]


def test_two_renewal_flows_do_not_renew() -> None:
    """The superposition of renewal processes is none, so two of them at one station get no prediction."""
    flows = [Flow(name, (visit(),), Renewal(dist.constant(4.0))) for name in "fg"]
    assert qualifying(network(*flows)) == ()


def test_exponential_renewals_are_poisson() -> None:
    """A renewal flow with exponential times merges with a Poisson flow to M/M/1."""
    net = network(Flow("f", (visit(),), Renewal(dist.exponential(5.0))), flow(visit(), rate=0.3, name="g"))
    assert found(net)[("a", "M/M/1", "wait.mean")] == pytest.approx(queues.mm1_mean_wait(0.5, 1.0), rel=1e-12)


def test_loss_station() -> None:
    """With as many places as servers it is M/G/c/c, whatever the demands and however high the load."""
    flows = (flow(visit(dist.constant(1.0)), rate=2.0), flow(visit(dist.gamma(2.0, 3.0)), rate=4.0, name="g"))
    predictions = found(network(*flows, servers=10, capacity=10))
    assert predictions[("a", "M/G/c/c", "loss_fraction")] == pytest.approx(0.21458234, abs=1e-8)
    assert predictions[("a", "M/G/c/c", "utilisation")] == pytest.approx(1.0 - 0.21458234, abs=1e-8)


def test_limited_station() -> None:
    """With more places than servers and exponential demands it is M/M/c/K, also beyond a load of one."""
    predictions = found(network(flow(visit(), rate=1.2), capacity=10))
    assert predictions[("a", "M/M/c/K", "loss_fraction")] == pytest.approx(0.1925865, abs=1e-7)
    assert {metric for _, _, metric in predictions} == {"loss_fraction", "utilisation", "queue_length", "wait.mean"}
    assert qualifying(network(flow(visit(dist.constant(1.0))), capacity=10)) == ()


def test_ranked_flows() -> None:
    """Flows of different ranks at one server wait 1, 2 and 8 services where that is all they do."""
    ranks = (("x", 0.2, 0), ("y", 0.3, 1), ("z", 0.3, 7))
    flows = tuple(Flow(name, (visit(),), Poisson(rate), priority=rank) for name, rate, rank in ranks)
    predictions = found(network(*flows, discipline="priority"))
    waits = [predictions[(name, "M/G/1 priority", "wait.mean")] for name in "xyz"]
    assert waits == pytest.approx([1.0, 2.0, 8.0], rel=1e-12)
    assert predictions[("a", "M/G/1 priority", "wait.mean")] == pytest.approx((0.2 + 0.6 + 2.4) / 0.8, rel=1e-12)
    longer = dataclasses.replace(flows[0], route=(visit(), visit(SECOND, "b")))
    assert ("x", "M/G/1 priority", "wait.mean") not in found(network(longer, *flows[1:], discipline="priority"))


def test_flows_of_one_rank_are_first_come_first_served() -> None:
    """A priority station whose flows all rank alike is M/M/1."""
    assert families(network(flow(visit()), discipline="priority")) == {("a", "M/M/1")}


def test_ranked_flows_at_several_servers() -> None:
    """With one exponential demand for all ranks several servers are covered too, with different ones they are not."""
    flows = (flow(visit(), rate=1.0), dataclasses.replace(flow(visit(), rate=0.6, name="g"), priority=1))
    predictions = found(network(*flows, servers=2, discipline="priority"))
    assert predictions[("a", "M/M/c priority", "wait.mean")] == pytest.approx(queues.mmc_mean_wait(1.6, 1.0, 2), rel=1e-12)
    other = dataclasses.replace(flows[1], route=(visit(dist.exponential(0.5)),))
    assert qualifying(network(flows[0], other, servers=2, discipline="priority")) == ()


def test_shared_station() -> None:
    """Under processor sharing stays are proportional to the demand, and the number is that of M/M/1."""
    flows = (flow(visit(dist.constant(1.0)), rate=0.4), flow(visit(dist.gamma(2.0, 2.0)), rate=0.2, name="g"))
    predictions = found(network(*flows, discipline="ps"))
    assert predictions[("a", "M/G/c PS", "in_station")] == pytest.approx(4.0, rel=1e-12)
    assert predictions[("f", "M/G/c PS", "sojourn.mean")] == pytest.approx(5.0, rel=1e-12)
    assert predictions[("g", "M/G/c PS", "sojourn.mean")] == pytest.approx(10.0, rel=1e-12)


def test_batch_arrivals() -> None:
    """Poisson batches of five at rho .8 keep twelve jobs at the station."""
    predictions = found(network(Flow("f", (visit(),), BatchPoisson(0.16, dist.constant(5.0)))))
    assert predictions[("a", "M^X/M/1", "in_station")] == pytest.approx(12.0, rel=1e-12)
    assert families(network(Flow("f", (visit(dist.constant(1.0)),), BatchPoisson(0.16, dist.geometric(3.0))))) == {
        ("a", "M^X/G/1")
    }


@pytest.mark.parametrize("size", [dist.constant(2.5), dist.empirical((0.0, 2.0), (1.0, 1.0)), dist.exponential(3.0)])
def test_batches_that_are_rounded_get_no_prediction(size: Distribution) -> None:
    """Sizes that are not whole numbers from 1 on as drawn have other moments than what arrives."""
    assert qualifying(network(Flow("f", (visit(),), BatchPoisson(0.1, size)))) == ()


def test_failing_server() -> None:
    """A server with exponential failures and repairs has the number of White and Christie, and its availability."""
    fails = Breakdowns(dist.exponential(10.0), dist.exponential(2.5))
    predictions = found(network(flow(visit()), breakdowns=fails))
    assert predictions[("a", "M/M/1 breakdowns", "in_station")] == pytest.approx(7.0 / 3.0, rel=1e-12)
    assert predictions[("a", "M/M/1 breakdowns", "availability")] == pytest.approx(0.8, rel=1e-12)
    assert qualifying(network(flow(visit(), rate=0.85), breakdowns=fails)) == ()
    assert qualifying(network(flow(visit()), servers=2, breakdowns=fails)) == ()
    assert qualifying(network(flow(visit()), breakdowns=Breakdowns(dist.constant(10.0), dist.exponential(2.5)))) == ()


def test_impatient_flow() -> None:
    """Exponential patience makes it Erlang A, with the share that gives up as a prediction for the flow."""
    calls = dataclasses.replace(flow(visit(), rate=48.0), patience=dist.exponential(2.0))
    predictions = found(network(calls, servers=50))
    assert predictions[("f", "Erlang A", "abandon_fraction")] == pytest.approx(0.03091225, abs=1e-8)
    assert predictions[("a", "Erlang A", "wait_all.mean")] == pytest.approx(0.0618245, abs=1e-7)
    assert predictions[("a", "Erlang A", "utilisation")] == pytest.approx(0.9303242, abs=1e-7)
    patient = flow(visit(), rate=1.0, name="g")
    assert qualifying(network(calls, patient, servers=50)) == ()
    assert qualifying(network(dataclasses.replace(calls, patience=dist.constant(2.0)), servers=50)) == ()


def test_retrials() -> None:
    """Unlimited exponential retrials at one place keep the orbit and the job in service in the flow."""
    again = Retry(None, dist.exponential(2.0))
    net = network(dataclasses.replace(flow(visit()), retry=again), capacity=1)
    assert found(net)[("f", "M/M/1/1 retrial", "in_system_mean")] == pytest.approx(2.0, rel=1e-12)
    for other in (Retry(5, dist.exponential(2.0)), Retry(None, dist.constant(2.0)), Retry(None, dist.exponential(2.0), 2.0)):
        assert qualifying(network(dataclasses.replace(flow(visit()), retry=other), capacity=1)) == ()
    assert qualifying(network(dataclasses.replace(flow(visit()), retry=again), capacity=2)) == ()


def test_closed_flow() -> None:
    """A closed flow's throughput, stay and stations follow from mean value analysis, delays counted as thinking."""
    route = (visit(dist.exponential(2.0)), Delay(dist.constant(1.0)), visit(dist.exponential(3.0), "b"))
    predictions = found(network(Flow("f", route, Closed(10, dist.constant(3.0)))))
    exact = mean_value_analysis((2.0, 3.0), 10, 4.0)
    assert predictions[("f", "closed network", "throughput_per_s")] == pytest.approx(exact.throughput_per_s, rel=1e-12)
    assert predictions[("f", "closed network", "sojourn.mean")] == pytest.approx(exact.response_s + 1.0, rel=1e-12)
    assert predictions[("b", "closed network", "in_station")] == pytest.approx(exact.numbers[1], rel=1e-12)
    assert predictions[("a", "closed network", "utilisation")] == pytest.approx(exact.throughput_per_s * 2.0, rel=1e-12)


def test_closed_flow_with_returns() -> None:
    """Visits that a branch repeats add up to one demand per cycle."""
    route = (Visit("a", SECOND, label="top"), Branch((("top", 0.5), (None, 0.5))))
    predictions = found(network(Flow("f", route, Closed(4, dist.exponential(3.0)))))
    exact = mean_value_analysis((2.0,), 4, 3.0)
    assert predictions[("f", "closed network", "throughput_per_s")] == pytest.approx(exact.throughput_per_s, rel=1e-12)


def test_closed_flow_at_a_shared_station() -> None:
    """A shared station may have any demand, but jobs in step for ever are left alone."""
    constant = (visit(dist.constant(1.0)),)
    mixing = network(Flow("f", constant, Closed(5, dist.exponential(3.0))), discipline="ps")
    in_step = network(Flow("f", constant, Closed(5, dist.constant(3.0))), discipline="ps")
    exact = mean_value_analysis((1.0,), 5, 3.0)
    assert found(mixing)[("f", "closed network", "throughput_per_s")] == pytest.approx(exact.throughput_per_s, rel=1e-12)
    assert qualifying(in_step) == ()


def test_a_closed_flow_that_shares_its_station_gets_no_prediction() -> None:
    """Another flow at one of its stations makes a network of two classes."""
    closed = Flow("f", (visit(), visit(dist.exponential(0.5), "b")), Closed(5, SECOND))
    assert qualifying(network(closed, flow(visit(dist.exponential(0.5), "b"), rate=0.1, name="g"))) == ()
