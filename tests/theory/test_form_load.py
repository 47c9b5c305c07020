"""Offered load with closed flows, demands of several parts, switches, and servers that come, go, fail and change speed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    Assign,
    Branch,
    Breakdowns,
    Closed,
    Delay,
    Flow,
    Network,
    Part,
    PlaceLevel,
    Poisson,
    Retry,
    Schedule,
    Spawn,
    SpeedFrom,
    State,
    Station,
    Step,
    Switch,
    Visit,
)
from jukinet_sim.report.load_table import overload_warnings
from jukinet_sim.theory.networks import mean_value_analysis
from jukinet_sim.theory.peaks import busiest_hour
from jukinet_sim.theory.traffic import StationLoad, expected_visits, offered
from jukinet_sim.theory.work import arrivals_per_s
from tests.theory.loaded_networks import ONE, one_flow, visit_rates


class TestClosed:
    """What a fixed number of jobs can ask for at most."""

    def test_few_jobs_are_bound_by_their_cycle(self) -> None:
        """Three jobs that think 4 s and need 2 + 1 s of service and 1 s of delay come at most 3/8 times a second."""
        route = (Visit("a", dist.exponential(2.0)), Delay(ONE), Visit("b", ONE))
        network = one_flow(*route, arrivals=Closed(3, dist.constant(4.0)))
        assert arrivals_per_s(network)["f"] == pytest.approx(3 / 8, rel=1e-12)

    def test_many_jobs_are_bound_by_the_slowest_station(self) -> None:
        """A hundred jobs go no faster than the station that needs 2 s for each, and are never called too much for it."""
        network = one_flow(Visit("a", dist.exponential(2.0)), Visit("b", ONE), arrivals=Closed(100, dist.constant(4.0)))
        a, b, _ = offered(network)
        assert arrivals_per_s(network)["f"] == pytest.approx(0.5, rel=1e-12)
        assert expected_visits(network)["f"] == pytest.approx(2 * 0.5 * 1000.0, rel=1e-12)
        assert (a.utilisation, b.utilisation) == pytest.approx((1.0, 0.5), rel=1e-12)
        assert (a.stable, a.sheds, b.sheds) == (True, True, False)

    def test_the_bounds_hold(self) -> None:
        """No number of jobs has more throughput in mean value analysis than its bound."""
        for jobs in (1, 2, 5, 20):
            route = (Visit("a", dist.exponential(2.0)), Visit("b", ONE))
            bound = arrivals_per_s(one_flow(*route, arrivals=Closed(jobs, dist.constant(4.0))))["f"]
            assert mean_value_analysis((2.0, 1.0), jobs, 4.0).throughput_per_s <= bound * (1.0 + 1e-12)

    def test_jobs_that_take_no_time_bring_nothing(self) -> None:
        """A cycle without any time has no rate; the run itself stops it."""
        assert arrivals_per_s(one_flow(Branch(((None, 1.0),)), arrivals=Closed(1, dist.constant(0.0)))) == {"f": 0.0}

    def test_open_work_beside_a_closed_flow_decides(self) -> None:
        """A closed flow at a station does not make it unstable, an open one with too much work does."""
        closed = Flow("c", (Visit("a", ONE),), Closed(50, dist.constant(1.0)))
        for rate, stable in ((0.9, True), (1.1, False)):
            network = Network("mixed", 1000.0, (Station("a", 1),), (closed, Flow("o", (Visit("a", ONE),), Poisson(rate))))
            assert offered(network)[0].stable is stable

    def test_what_closed_jobs_spawn_can_pile_up(self) -> None:
        """Spawned jobs are not among the fixed number."""
        parent = Flow("p", (Spawn("child"),), Closed(10, dist.constant(1.0)))
        child = Flow("child", (Visit("a", ONE),))
        assert not offered(Network("spawn", 1000.0, (Station("a", 1),), (parent, child)))[0].stable


class TestDemands:
    """What one visit asks for."""

    def test_parts_add_up(self) -> None:
        """A demand of 1 s, half a second and 0.2 s for each of three trials but the first is 1.9 s."""
        parts = (Part(dist.exponential(0.5)), Part(dist.geometric(3.0), 0.2, 1.0))
        load = offered(one_flow(Visit("a", ONE, parts=parts)))[0]
        assert load.demand_s == pytest.approx(1.0 + 0.5 + 0.2 * 2.0, rel=1e-12)


class TestSwitches:
    """How often each way out of a switch is taken."""

    def network(self, state: State, *tail: Step, levels: tuple[PlaceLevel, ...] = (), origin: str | None = None) -> Network:
        """Build a flow that goes to b at value 1, leaves at value 2, and else passes by a."""
        switch = Switch("s", ((1, "b"), (2, None)))
        route = (switch, Visit("a", ONE), *tail, Visit("b", ONE, label="b"))
        stations = tuple(Station(name, 1) for name in "ab")
        return Network("s", 1000.0, stations, (Flow("f", route, Poisson(2.0), origin=origin),), (), levels, (state,))

    def test_a_state_that_never_changes(self) -> None:
        """The start value decides; a value without an entry passes on."""
        assert visit_rates(self.network(State("s", 0))) == pytest.approx([2.0, 2.0], rel=1e-12)
        assert visit_rates(self.network(State("s", 1))) == pytest.approx([0.0, 2.0], abs=1e-12)
        assert visit_rates(self.network(State("s", 2))) == pytest.approx([0.0, 0.0], abs=1e-12)

    def test_dated_changes_count_by_time(self) -> None:
        """0 for half the time, 1 for .3 and 2 for .2 of it; of two changes at one instant the later named holds."""
        state = State("s", 0, changes=((800.0, None, 2), (500.0, None, 7), (500.0, None, 1), (2000.0, None, 0)))
        assert visit_rates(self.network(state)) == pytest.approx([1.0, 1.6], rel=1e-12)

    def test_places_change_on_their_own(self) -> None:
        """A place of weight 3 that changes at half time moves 3/8 of the jobs."""
        level = PlaceLevel("town", 2, np.array([1.0, 3.0]))
        state = State("s", 0, "town", ((500.0, 1, 1),))
        network = self.network(state, levels=(level,), origin="town")
        assert visit_rates(network) == pytest.approx([2.0 * 5 / 8, 2.0], rel=1e-12)

    def test_values_that_jobs_set_count_half(self) -> None:
        """A state that starts at 0 and that jobs set to 1 is taken as each for half of the time; setting it takes no turn."""
        assert visit_rates(self.network(State("s", 0), Assign("s", 1))) == pytest.approx([1.0, 2.0], rel=1e-12)

    def test_a_loop_that_waits_for_a_state_ends(self) -> None:
        """A job that comes back until others have changed the state is not taken for one that never leaves."""
        route = (Delay(ONE, label="wait"), Switch("s", ((0, "wait"),)), Visit("a", ONE))
        flows = (Flow("f", route, Poisson(2.0)), Flow("g", (Assign("s", 1),), Poisson(0.1)))
        network = Network("poll", 1000.0, (Station("a", 1),), flows, states=(State("s"),))
        assert visit_rates(network) == pytest.approx([2.0], rel=1e-12)


class TestServers:
    """What stations can do, and when that is enough."""

    def load(self, rate: float = 1.0, *, flow: dict[str, Any] | None = None, **station: Any) -> StationLoad:
        """Give the load of one station with demands of 1 s over 1,000 s."""
        servers = station.pop("servers", 2)
        jobs = Flow("f", (Visit("a", ONE),), Poisson(rate), **(flow or {}))
        return offered(Network("n", 1000.0, (Station("a", servers, **station),), (jobs,)))[0]

    def test_schedules_count_at_their_mean(self) -> None:
        """Two servers for a quarter of each repeat and one for the rest are 1.25 servers."""
        schedule = Schedule((0.0, 25.0), (2, 1), 100.0)
        load = self.load(1.0, schedule=schedule)
        assert (load.servers, load.working) == pytest.approx((2, 1.25), rel=1e-12)
        assert load.utilisation == pytest.approx(0.8, rel=1e-12)
        assert not self.load(1.3, schedule=schedule).stable

    def test_a_schedule_without_repeat_holds_to_the_horizon(self) -> None:
        """Two servers for 250 of 1,000 s and none later are half a server."""
        assert self.load(0.4, schedule=Schedule((0.0, 250.0), (2, 0))).utilisation == pytest.approx(0.8, rel=1e-12)

    def test_breakdowns_take_their_share(self) -> None:
        """Servers that work for four fifths of the time are so much less."""
        breakdowns = Breakdowns(dist.constant(40.0), dist.exponential(10.0))
        assert self.load(1.0, breakdowns=breakdowns).utilisation == pytest.approx(1.0 / 1.6, rel=1e-12)

    def test_speeds_count_by_time(self) -> None:
        """Full speed for 200 s, half speed for 300 s and double speed for 500 s make 1.35 of each server."""
        speed = (SpeedFrom(500.0, 2.0), SpeedFrom(200.0, 0.5))
        assert self.load(1.0, speed=speed).working == pytest.approx(2.7, rel=1e-12)

    def test_speeds_belong_to_places(self) -> None:
        """Of two equal places the one that has become slower is the worst."""
        level = PlaceLevel("town", 2, np.array([1.0, 1.0]))
        station = Station("a", 1, per="town", speed=(SpeedFrom(0.0, 0.5, 1),))
        flow = Flow("f", (Visit("a", ONE),), Poisson(0.8), origin="town")
        load = offered(Network("n", 1000.0, (station,), (flow,), levels=(level,)))[0]
        assert (load.worst_place, load.worst_utilisation) == pytest.approx((1, 0.8), rel=1e-12)

    def test_no_servers_at_all(self) -> None:
        """Work that nobody can do makes a station unstable, no work leaves it idle."""
        closed = Schedule((0.0,), (0,))
        assert self.load(1.0, schedule=closed).utilisation == math.inf
        assert not self.load(1.0, schedule=closed).stable
        assert self.load(0.0, schedule=closed).utilisation == 0.0

    @pytest.mark.parametrize(
        ("station", "flow", "stable"),
        [
            ({}, {}, False),
            ({"capacity": 5}, {}, True),
            ({}, {"patience": ONE}, True),
            ({}, {"timeout": ONE}, True),
            ({}, {"timeout": ONE, "zombie": True}, True),
            ({}, {"priority": 3}, False),
            ({"discipline": "ps"}, {}, False),
            ({"discipline": "ps"}, {"patience": ONE}, False),
            ({"discipline": "ps"}, {"timeout": ONE}, True),
            ({"discipline": "ps"}, {"timeout": ONE, "zombie": True}, False),
            ({"capacity": 5}, {"retry": Retry(3, ONE)}, True),
            ({"capacity": 5}, {"retry": Retry(None, ONE)}, False),
            ({}, {"patience": ONE, "retry": Retry(None, ONE)}, False),
        ],
    )
    def test_what_keeps_an_overloaded_station_stable(
        self, station: dict[str, Any], flow: dict[str, Any], stable: bool
    ) -> None:
        """A queue stays bounded where jobs are refused or leave it for good; its load is reported all the same."""
        load = self.load(3.0, flow=flow, **station)
        assert load.utilisation == pytest.approx(1.5, rel=1e-12)
        assert (load.stable, load.sheds) == (stable, stable)

    def test_patient_jobs_beside_impatient_ones(self) -> None:
        """Only the work of those who never give up decides, and its share of the load is known."""
        flows = (Flow("f", (Visit("a", ONE),), Poisson(1.5), patience=ONE), Flow("g", (Visit("a", ONE),), Poisson(0.5)))
        load = offered(Network("n", 1000.0, (Station("a", 1),), flows))[0]
        assert (load.stable, load.sheds, load.staying_share) == (True, True, pytest.approx(0.25))


class TestWarnings:
    """What is said of a station that is offered more than it can do."""

    def said(self, rate: float, *, flow: dict[str, Any] | None = None, **station: Any) -> str:
        """Give the lines about one server with demands of 1 s over ten hours."""
        jobs = Flow("f", (Visit("a", ONE),), Poisson(rate), **(flow or {}))
        network = Network("n", 36_000.0, (Station("a", 1, **station),), (jobs,))
        return "\n".join(overload_warnings(offered(network), busiest_hour(network), network))

    def test_an_endless_queue_is_a_warning(self) -> None:
        """A plain station with too much work cannot keep up, and the load and its servers are named."""
        assert "warning: a is offered 1.5 s of work per second and has 1 server: it cannot keep up" in self.said(1.5)

    def test_a_station_that_refuses_is_a_note(self) -> None:
        """Where the excess is refused or gives up, that is said instead, and nothing is said below the limit."""
        for said in (self.said(1.5, capacity=3), self.said(1.5, flow={"patience": ONE})):
            assert said.startswith("note: a is offered 1.5 s of work per second")
            assert "refused, gives up" in said
            assert "cannot keep up" not in said
        assert self.said(0.9, capacity=3) == ""

    def test_a_backlog_needs_somebody_who_waits(self) -> None:
        """A slow hour builds up a backlog among the patient, and none where nobody is."""
        slow: dict[str, Any] = {"speed": (SpeedFrom(0.0, 0.5), SpeedFrom(3600.0, 1.0))}
        assert "a backlog builds up" in self.said(0.8, **slow)
        assert self.said(0.8, capacity=3, **slow) == ""

    def test_hours_without_servers_are_told(self) -> None:
        """An hour in which nobody works has no percentage."""
        said = self.said(0.3, schedule=Schedule((0.0, 18_000.0), (1, 0)))
        assert "is offered work without any server in the hour from 5 h" in said

    def test_working_servers_are_told(self) -> None:
        """Where failures take their share the mean number of working servers is named."""
        said = self.said(0.9, breakdowns=Breakdowns(dist.constant(8.0), dist.constant(2.0)))
        assert "has 0.8 working servers on average" in said
