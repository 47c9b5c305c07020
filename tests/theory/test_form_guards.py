"""What must rule a family of closed forms out: every feature that the family is not about, one by one and in pairs."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    Acquire,
    Arrivals,
    Assign,
    BatchPoisson,
    Branch,
    Breakdowns,
    Choose,
    Closed,
    ExactCount,
    Flow,
    Loop,
    Modulated,
    Network,
    Outage,
    Part,
    Piecewise,
    PlaceLevel,
    Poisson,
    Pool,
    Release,
    Renewal,
    Retry,
    Schedule,
    Scheduled,
    Sinusoid,
    Spawn,
    SpeedFrom,
    State,
    Station,
    Switch,
    Visit,
)
from jukinet_sim.theory.match import qualifying

SECOND = dist.exponential(1.0)
Change = Callable[[Network], Network]


def base(*flows: Flow, servers: int = 1, **features: Any) -> Network:
    """Build a network of one station with a pool, a state, a place level and a flow that nothing starts."""
    idle = Flow("idle", (), None)
    level = PlaceLevel("town", 1, np.ones(1))
    station = Station("a", servers, **features)
    pools = (Pool("p", 1), Pool("bucket", 1, refill_per_s=5.0))
    return Network("n", 1000.0, (station,), (*flows, idle), pools, (level,), (State("s"),))


def flow(demand: dist.Distribution = SECOND, arrivals: Arrivals | None = None, name: str = "f", **features: Any) -> Flow:
    """Build a flow of one visit."""
    return Flow(name, (Visit("a", demand, label="top"),), arrivals or Poisson(0.5), **features)


RANKED = (flow(), flow(name="g", arrivals=Poisson(0.2), priority=1))
FAILING = Breakdowns(dist.exponential(10.0), dist.exponential(2.0))
JACKSON = Flow("f", (Visit("a", SECOND, label="top"), Branch((("top", 0.2), (None, 0.8)))), Poisson(0.5))
FAMILIES: dict[str, Network] = {
    "M/M/1": base(flow()),
    "M/M/c": base(flow(), servers=2),
    "M/G/1": base(flow(dist.gamma(1.0, 0.5))),
    "M/D/c": base(flow(dist.constant(1.0)), servers=2),
    "M/G/c (Allen-Cunneen)": base(flow(dist.gamma(1.0, 0.5)), servers=2),
    "GI/M/1": base(flow(arrivals=Renewal(dist.constant(2.0)))),
    "GI/M/c": base(flow(arrivals=Renewal(dist.constant(2.0))), servers=2),
    "GI/G/1 (Allen-Cunneen)": base(flow(dist.gamma(1.0, 0.5), arrivals=Renewal(dist.constant(2.0)))),
    "M^X/M/1": base(flow(arrivals=BatchPoisson(0.2, dist.geometric(2.0)))),
    "M^X/G/1": base(flow(dist.constant(1.0), arrivals=BatchPoisson(0.2, dist.geometric(2.0)))),
    "M/G/c/c": base(flow(dist.gamma(1.0, 0.5)), servers=2, capacity=2),
    "M/M/c/K": base(flow(), servers=2, capacity=4),
    "M/G/1 priority": base(*RANKED, discipline="priority"),
    "M/M/c priority": base(*RANKED, servers=2, discipline="priority"),
    "M/G/1 pre-emptive resume": base(*RANKED, discipline="priority", preemptive="resume"),
    "M/G/1 LIFO": base(flow(dist.gamma(1.0, 0.5)), discipline="lifo"),
    "M/M/c LIFO": base(flow(), servers=2, discipline="lifo"),
    "M/G/1 random order": base(flow(dist.gamma(1.0, 0.5)), discipline="random"),
    "M/M/c random order": base(flow(), servers=2, discipline="random"),
    "M/G/c PS": base(flow(dist.gamma(1.0, 0.5)), servers=2, discipline="ps"),
    "M/M/1 breakdowns": base(flow(), breakdowns=FAILING),
    "Erlang A": base(flow(patience=dist.exponential(3.0)), servers=2),
    "M/M/1/1 retrial": base(flow(retry=Retry(None, SECOND)), capacity=1),
    "Jackson": base(JACKSON),
    "closed network": base(flow(arrivals=Closed(3, SECOND))),
}


def station_with(**changes: Any) -> Change:
    """Change every station."""
    return lambda net: dataclasses.replace(net, stations=tuple(dataclasses.replace(s, **changes) for s in net.stations))


def flows_with(**changes: Any) -> Change:
    """Change every flow that has arrivals."""

    def change(net: Network) -> Network:
        flows = tuple(dataclasses.replace(f, **changes) if f.arrivals else f for f in net.flows)
        return dataclasses.replace(net, flows=flows)

    return change


def route_with(change: Callable[[tuple[Any, ...]], tuple[Any, ...]]) -> Change:
    """Change the route of every flow that has arrivals."""

    def changed(net: Network) -> Network:
        flows = tuple(dataclasses.replace(f, route=change(f.route)) if f.arrivals else f for f in net.flows)
        return dataclasses.replace(net, flows=flows)

    return changed


def joined_by(arrivals: Arrivals) -> Change:
    """Add a flow with these arrivals at the same station."""
    return lambda net: dataclasses.replace(net, flows=(*net.flows, flow(arrivals=arrivals, name="other")))


def visit_with(**changes: Any) -> Change:
    """Change the first step of every route, a visit."""
    return route_with(lambda route: (dataclasses.replace(route[0], **changes), *route[1:]))


STATION: dict[str, Change] = {
    "place": station_with(per="town"),
    "outage": station_with(outages=(Outage(10.0, 5.0),)),
    "schedule": station_with(schedule=Schedule((0.0,), (1,))),
    "steady failures": station_with(breakdowns=Breakdowns(dist.constant(10.0), dist.constant(1.0))),
    "speed": station_with(speed=(SpeedFrom(10.0, 0.9),)),
}
FLOW: dict[str, Change] = {
    "timeout": flows_with(timeout=dist.exponential(9.0)),
    "zombie timeout": flows_with(timeout=dist.exponential(9.0), zombie=True),
    "constant patience": flows_with(patience=dist.constant(9.0)),
    "limited retry": flows_with(retry=Retry(3, SECOND)),
}
ROUTE: dict[str, Change] = {
    "parts": visit_with(parts=(Part(dist.exponential(0.1)),)),
    "per record": visit_with(per_record_s=0.1),
    "loop": route_with(lambda route: (Loop(route, times=2),)),
    "pool": route_with(lambda route: (Acquire("p"), *route, Release("p"))),
    "token bucket": route_with(lambda route: (Acquire("bucket"), *route)),
    "switch back": route_with(lambda route: (*route, Switch("s", ((1, "top"),)))),
    "choose first": route_with(lambda route: (Choose((("a", "top"),), "shortest_queue"), *route)),
    "switch first": route_with(lambda route: (Switch("s", ((1, None),)), *route)),
    "assign first": route_with(lambda route: (Assign("s", 1), *route)),
    "spawn first": route_with(lambda route: (Spawn("idle"), *route)),
}
ARRIVALS: dict[str, Change] = {
    "sinusoid": joined_by(Sinusoid(0.1, 0.05, 100.0)),
    "modulated": joined_by(Modulated((0.1, 0.0), ((0.0, 1.0), (1.0, 0.0)))),
    "piecewise": joined_by(Piecewise(np.zeros(1), np.array([0.1]))),
    "exact count": joined_by(ExactCount(10, np.zeros(1), np.ones(1), 1000.0)),
    "file": joined_by(Scheduled(np.array([5.0]), (1,))),
    "closed": joined_by(Closed(1, dist.exponential(50.0))),
    "renewal": joined_by(Renewal(dist.constant(50.0))),
    "batch": joined_by(BatchPoisson(0.01, dist.constant(2.0))),
    "spawned": lambda net: dataclasses.replace(
        net, flows=(*net.flows, Flow("mother", (Spawn(net.flows[0].name),), Poisson(0.01)))
    ),
}
DISCIPLINES: dict[str, Change] = {
    "sharing": station_with(discipline="ps"),
    "room for seven": station_with(capacity=7),
    "failures": station_with(breakdowns=FAILING),
    "patience": flows_with(patience=dist.exponential(5.0)),
    "endless retry": flows_with(retry=Retry(None, SECOND)),
}
OWN = {
    ("M/M/c/K", "room for seven"),
    ("M/G/c PS", "sharing"),
    ("M/M/1 breakdowns", "failures"),
    ("Erlang A", "patience"),
    ("M/M/1/1 retrial", "endless retry"),
    ("closed network", "sharing"),
}
EVERYTHING = {**STATION, **FLOW, **ROUTE, **ARRIVALS, **DISCIPLINES}


def families(net: Network) -> set[str]:
    """Give the families of all predictions, rules of thumb included."""
    return {prediction.family for prediction in qualifying(net)}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_is_recognised(family: str) -> None:
    """The networks that the other tests change do qualify as they stand."""
    assert family in families(FAMILIES[family])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_feature_rules_out_every_family_that_is_not_about_it(family: str) -> None:
    """Whatever is added that a family's theory does not know of, the family is not claimed."""
    others = [feature for feature in EVERYTHING if (family, feature) not in OWN]
    assert [feature for feature in others if family in families(EVERYTHING[feature](FAMILIES[family]))] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_feature_of_no_family_leaves_nothing(family: str) -> None:
    """A feature that no family is about leaves no prediction of any kind, so no other family takes the network over."""
    nobodys = {**STATION, **FLOW, **ROUTE, **ARRIVALS}
    assert {feature: left for feature in nobodys if (left := families(nobodys[feature](FAMILIES[family])))} == {}


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(DISCIPLINES, 2)))
def test_two_features_at_once_leave_nothing(one: str, other: str) -> None:
    """No family is about two features, but for retrials, which need a limit of one place."""
    assert families(DISCIPLINES[other](DISCIPLINES[one](FAMILIES["M/M/1"]))) == set()
