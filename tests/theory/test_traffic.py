"""Traffic equations against hand calculation and against runs of the fast engine."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import (
    Acquire,
    Arrivals,
    Branch,
    Delay,
    ExactCount,
    Flow,
    Gate,
    Loop,
    Modulated,
    Network,
    Piecewise,
    PlaceLevel,
    Poisson,
    Pool,
    Release,
    Scheduled,
    Sinusoid,
    Spawn,
    Station,
    Visit,
)
from jukinet_sim.theory.traffic import expected_events, expected_visits, offered
from tests.theory.loaded_networks import ONE, one_flow, visit_rates


class TestRoutes:
    """How often a job comes to each step."""

    def test_branches_split_and_return(self) -> None:
        """A return with probability .2 multiplies visits by 1/.8, and a split divides what leaves."""
        network = one_flow(
            Visit("a", ONE, label="top"), Branch((("top", 0.2), ("b", 0.6), (None, 0.2))), Visit("b", ONE, label="b")
        )
        assert visit_rates(network) == pytest.approx([2.5, 1.5, 0.0], rel=1e-12)

    def test_steps_past_a_jump_are_not_visited(self) -> None:
        """A step that nothing leads to gets no visits, even where it could circle for ever."""
        network = one_flow(
            Branch((("end", 1.0),)),
            Visit("a", ONE, label="caught"),
            Branch((("caught", 1.0),)),
            Visit("b", ONE, label="end"),
        )
        assert visit_rates(network) == pytest.approx([0.0, 2.0, 0.0], abs=1e-12)

    def test_loops_multiply(self) -> None:
        """Nested loops of 3 and 4 rounds visit the inner step twelve times a job."""
        network = one_flow(Loop((Visit("a", ONE), Loop((Visit("b", ONE),), times=4)), times=3), Visit("c", ONE))
        assert visit_rates(network) == pytest.approx([6.0, 24.0, 2.0], rel=1e-12)

    def test_a_loop_of_no_rounds_is_passed_by(self) -> None:
        """Zero rounds cause no visits inside and do not stop the job."""
        network = one_flow(Loop((Visit("a", ONE),), times=0), Visit("b", ONE))
        assert visit_rates(network) == pytest.approx([0.0, 2.0, 0.0], abs=1e-12)

    def test_leaving_from_inside_a_loop(self) -> None:
        """A body left with probability .5 is begun 1 + .5 + .25 times, and one job in eight goes on past it."""
        network = one_flow(
            Loop((Visit("a", ONE), Branch(((None, 0.5), ("on", 0.5))), Delay(ONE, label="on")), times=3),
            Visit("b", ONE),
        )
        assert visit_rates(network) == pytest.approx([3.5, 0.25, 0.0], rel=1e-12)

    def test_lots_share_the_records(self) -> None:
        """Ten records in lots of 4 make three visits that handle ten records in all."""
        network = one_flow(Loop((Visit("a", dist.constant(0.5), per_record_s=0.01),), per_records=4), records=10)
        load = offered(network)[0]
        assert load.visits_per_s == pytest.approx(6.0, rel=1e-12)
        assert load.offered_erlangs == pytest.approx(2.0 * (3 * 0.5 + 10 * 0.01), rel=1e-12)

    def test_lots_of_a_job_that_may_leave(self) -> None:
        """Lots of 4, 4 and 2 records weigh 1, 1/2 and 1/4 where half the jobs leave after each."""
        body = (
            Visit("a", dist.constant(0.5), per_record_s=0.01),
            Branch(((None, 0.5), ("on", 0.5))),
            Delay(ONE, label="on"),
        )
        load = offered(one_flow(Loop(body, per_records=4), records=10))[0]
        assert load.offered_erlangs == pytest.approx(2.0 * (1.75 * 0.5 + (4 + 2 + 0.5) * 0.01), rel=1e-12)

    def test_records_in_hand_outside_lots_are_all(self) -> None:
        """Outside a loop over lots, and in a loop of so many times, a visit handles every record of the job."""
        visit = Visit("a", dist.constant(0.5), per_record_s=0.01)
        load = offered(one_flow(visit, Loop((visit,), times=3), records=10))[0]
        assert load.offered_erlangs == pytest.approx(2.0 * 4 * (0.5 + 10 * 0.01), rel=1e-12)

    def test_a_route_without_a_way_out_is_refused(self) -> None:
        """A cycle that is never left raises an error that names the flow."""
        with pytest.raises(ScenarioError, match="flow f"):
            offered(one_flow(Visit("a", ONE, label="top"), Branch((("top", 1.0),))))


class TestArrivals:
    """The mean rate of each arrival process."""

    @pytest.mark.parametrize(
        ("arrivals", "rate"),
        [
            (Poisson(0.5), 0.5),
            (Piecewise(np.array([0.0, 250.0]), np.array([1.0, 3.0])), 0.25 * 1 + 0.75 * 3),
            (Piecewise(np.array([0.0, 10.0]), np.array([1.0, 3.0]), 40.0), 0.25 * 1 + 0.75 * 3),
            (ExactCount(500, np.array([0.0]), np.array([1.0]), 1000.0), 0.5),
            (ExactCount(500, np.array([0.0, 800.0]), np.array([1.0, 6.0]), 1200.0), 0.5 * 2000 / 3200),
            (Scheduled(np.array([0.0, 1.0, 2.0, 1000.0]), (1, 1, 1, 1)), 0.003),
            (Sinusoid(0.5, 0.4, 250.0), 0.5),
            (Sinusoid(0.5, 0.4, 2000.0), 0.5 + 0.4 * 2.0 / math.pi),
            (Modulated((2.0, 0.5), ((0.0, 0.1), (0.3, 0.0))), 0.75 * 2.0 + 0.25 * 0.5),
            (Modulated((2.0, 0.5), ((-0.1, 0.1), (0.3, -0.3))), 0.75 * 2.0 + 0.25 * 0.5),
            (Modulated((3.0,), ((0.0,),)), 3.0),
        ],
        ids=[
            "poisson", "piecewise", "repeating", "exact", "exact past the horizon", "scheduled", "waves", "half a wave",
            "modulated", "modulated with a diagonal", "one state",
        ],
    )  # fmt: skip
    def test_mean_rates(self, arrivals: Arrivals, rate: float) -> None:
        """Each process counts its expected arrivals before the horizon, 1,000 s here."""
        assert visit_rates(one_flow(Visit("a", ONE), arrivals=arrivals))[0] == pytest.approx(rate, rel=1e-12)

    def test_scheduled_records_are_added_up(self) -> None:
        """Jobs of 10 and 3 records in lots of 4 make 3 + 1 visits and 13 records of work."""
        arrivals = Scheduled(np.array([1.0, 2.0]), (10, 3))
        load = offered(
            one_flow(Loop((Visit("a", dist.constant(1.0), per_record_s=0.1),), per_records=4), arrivals=arrivals)
        )[0]
        assert load.visits_per_s == pytest.approx(4 / 1000.0, rel=1e-12)
        assert load.offered_erlangs == pytest.approx((4 * 1.0 + 13 * 0.1) / 1000.0, rel=1e-12)

    def test_last_job_of_an_exact_count(self) -> None:
        """Three jobs of 10 records, the last with 4 instead, bring 24 records of work."""
        arrivals = ExactCount(3, np.array([0.0]), np.array([1.0]), 1000.0)
        network = one_flow(Visit("a", dist.constant(0.0), per_record_s=0.1), arrivals=arrivals, records=10)
        last = dataclasses.replace(network, flows=(dataclasses.replace(network.flows[0], last_job_records=4),))
        assert offered(last)[0].offered_erlangs == pytest.approx(24 * 0.1 / 1000.0, rel=1e-12)


class TestSpawning:
    """Work done by jobs that other jobs start."""

    def test_spawned_jobs_add_their_visits(self) -> None:
        """Two spawns a job, of which each spawns one more half of the time, make 2 and 1 further visits."""
        half = Branch((("go", 0.5), (None, 0.5)))
        flows = (
            Flow("parent", (Loop((Spawn("child"),), times=2),), Poisson(0.1)),
            Flow("child", (Visit("a", ONE), half, Spawn("grandchild", label="go"))),
            Flow("grandchild", (Visit("b", dist.exponential(3.0)),)),
        )
        network = Network("spawn", 100.0, (Station("a", 1), Station("b", 2)), flows)
        a, b = offered(network)
        assert (a.visits_per_s, b.visits_per_s) == pytest.approx((0.2, 0.1), rel=1e-12)
        assert b.utilisation == pytest.approx(0.1 * 3.0 / 2, rel=1e-12)
        assert expected_visits(network) == pytest.approx({"parent": 0.0, "child": 20.0, "grandchild": 10.0})

    def test_a_flow_that_spawns_itself_now_and_then(self) -> None:
        """Jobs that each spawn a successor with probability .6 come to 1/.4 jobs in all."""
        again = Branch((("go", 0.6), (None, 0.4)))
        flow = Flow("f", (Visit("a", ONE), again, Spawn("f", label="go")), Poisson(0.1))
        network = Network("self", 100.0, (Station("a", 1),), (flow,))
        assert offered(network)[0].visits_per_s == pytest.approx(0.25, rel=1e-12)

    @pytest.mark.parametrize("times", [1, 2])
    def test_endless_spawning_is_refused(self, times: int) -> None:
        """A job that always spawns another of its kind, or two, raises an error."""
        flow = Flow("f", (Loop((Spawn("f"),), times=times),), Poisson(0.1))
        with pytest.raises(ScenarioError, match="without end"):
            offered(Network("endless", 100.0, (), (flow,)))

    def test_spawned_jobs_carry_their_own_flows_records(self) -> None:
        """A child works on the records its flow states, not on those of the job that spawned it."""
        parent = Flow("parent", (Spawn("child"),), Poisson(0.1), records=50)
        child = Flow("child", (Visit("a", dist.constant(0.0), per_record_s=1.0),), records=2)
        network = Network("records", 100.0, (Station("a", 1),), (parent, child))
        assert offered(network)[0].offered_erlangs == pytest.approx(0.1 * 2, rel=1e-12)


class TestPlaces:
    """Which place of a group the work falls on."""

    levels = (
        PlaceLevel("region", 2, np.array([1.0, 1.0])),
        PlaceLevel("town", 4, np.array([1.0, 2.0, 3.0, 4.0]), "region", (0, 0, 1, 1)),
    )

    def network(self, *flows: Flow, servers: int | tuple[int, ...] = 1) -> Network:
        """Build a desk in each of four towns and a hub in each of two regions."""
        stations = (Station("desk", servers, per="town"), Station("hub", 2, per="region"))
        return Network("places", 100.0, stations, flows, levels=self.levels)

    def test_weights_decide(self) -> None:
        """Towns share visits as 1 : 2 : 3 : 4 and regions as 3 : 7."""
        desk, hub = offered(
            self.network(Flow("f", (Visit("desk", ONE), Visit("hub", ONE)), Poisson(1.0), origin="town"))
        )
        assert (desk.worst_place, desk.worst_utilisation) == pytest.approx((3, 0.4), rel=1e-12)
        assert (hub.worst_place, hub.worst_utilisation) == pytest.approx((1, 0.35), rel=1e-12)
        assert (desk.servers, hub.servers) == (4, 4)
        assert desk.utilisation == pytest.approx(0.25, rel=1e-12)

    def test_share_and_destination(self) -> None:
        """A flow's own share replaces the weights at its origin but not at its destination."""
        share = np.array([9.0, 1.0, 0.0, 0.0])
        route = (Visit("desk", ONE), Visit("hub", ONE, at="destination"))
        desk, hub = offered(
            self.network(Flow("f", route, Poisson(1.0), origin="town", destination="town", share=share))
        )
        assert (desk.worst_place, desk.worst_offered_erlangs) == pytest.approx((0, 0.9), rel=1e-12)
        assert (hub.worst_place, hub.worst_offered_erlangs) == pytest.approx((1, 0.7), rel=1e-12)

    def test_servers_per_place(self) -> None:
        """The worst place has most work for its servers, and its overload makes the group unstable."""
        flow = Flow("f", (Visit("desk", ONE),), Poisson(4.0), origin="town")
        desk = offered(self.network(flow, servers=(1, 1, 1, 4)))[0]
        assert (desk.worst_place, desk.worst_servers, desk.stable) == (2, 1, False)
        assert desk.utilisation == pytest.approx(4.0 / 7.0, rel=1e-12)

    def test_children_keep_the_places(self) -> None:
        """A spawned job works at the places of the job that spawned it."""
        share = np.array([0.0, 1.0, 0.0, 0.0])
        parent = Flow("parent", (Spawn("child"),), Poisson(0.5), origin="town", share=share)
        child = Flow("child", (Visit("desk", ONE), Visit("hub", ONE)), origin="town")
        desk, hub = offered(self.network(parent, child))
        assert (desk.worst_place, desk.worst_offered_erlangs) == pytest.approx((1, 0.5), rel=1e-12)
        assert (hub.worst_place, hub.worst_offered_erlangs) == pytest.approx((0, 0.5), rel=1e-12)


def mixed() -> Network:
    """Build a network with every kind of step, several kinds of arrivals and places at two levels."""
    levels = TestPlaces.levels
    always = Gate(np.array([0.0]), np.array([1e9]))
    lots = (Acquire("p"), Visit("hub", dist.uniform(0.0, 0.02), per_record_s=0.001), Release("p"))
    again = Branch((("again", 0.3), (None, 0.7)))
    look_up = (Visit("desk", dist.gamma(0.4, 0.5), label="again"), Delay(ONE), Visit("nation", ONE), again)
    twice = Loop((Visit("nation", ONE), Delay(dist.constant(0.0))), times=2)
    course = Piecewise(np.array([0.0, 30.0]), np.array([0.1, 0.4]), 60.0)
    flows = (
        Flow("query", look_up, Poisson(1.0), origin="town"),
        Flow(
            "feed",
            (always, Loop(lots, per_records=40), Spawn("notice")),
            Poisson(0.2),
            records=100,
            origin="town",
            destination="town",
        ),
        Flow("notice", (Visit("hub", dist.exponential(0.5), at="destination"),), destination="town"),
        Flow("wave", (twice,), course, origin="town"),
    )
    stations = (Station("desk", 2, per="town"), Station("hub", 1, per="region"), Station("nation", 4))
    return Network("mixed", 60_000.0, stations, flows, (Pool("p", 50),), levels, drain=True)


def test_engine_gives_the_offered_work() -> None:
    """Drained runs with every kind of step do the visits, the work and the events that were calculated."""
    network = mixed()
    program = compile_program(network)
    runs = [conduct(make_engine("fast", program, 8, k), program, k) for k in range(10)]
    first = np.array(program.station_first)
    visits = np.array([np.add.reduceat(run.station_counts["completed"], first) for run in runs]) / network.horizon_s
    work = np.array([np.add.reduceat(run.station_sums["busy_area"], first) for run in runs]) / network.horizon_s
    for group, load in enumerate(offered(network)):
        for sample, expected in ((visits[:, group], load.visits_per_s), (work[:, group], load.offered_erlangs)):
            error = sample.std(ddof=1) / len(runs) ** 0.5
            assert error < 0.01 * expected
            assert abs(sample.mean() - expected) < 4.0 * error
    events = np.array([run.events for run in runs])
    # The gate is never shut, and the calculation counts one event a pass.
    expected_total = sum(expected_events(network).values()) - 0.2 * network.horizon_s
    assert abs(events.mean() - expected_total) < 4.0 * events.std(ddof=1) / len(runs) ** 0.5
