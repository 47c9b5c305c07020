"""What no single key can tell: names that lead nowhere, labels, spawning, places, and the length of the run.

One function per fault kind; each yields complaints with the path of the culprit.
"""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.scenario.arrivals import Exact
from jukinet_sim.scenario.base import wrong_sum
from jukinet_sim.scenario.complaint import Complaint, fault, routes, walk
from jukinet_sim.scenario.distributions import mean_of
from jukinet_sim.scenario.faults import Objection
from jukinet_sim.scenario.merge import NodePath
from jukinet_sim.scenario.network import Flow, Network
from jukinet_sim.scenario.place_checks import PLACE_CHECKS
from jukinet_sim.scenario.route import (
    EXIT,
    AcquireStep,
    AnyStep,
    BranchStep,
    DelayStep,
    GateStep,
    LoopStep,
    ReleaseStep,
    SpawnStep,
    VisitStep,
)
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.scenario.suggest import did_you_mean, one_of


def complaints(scenario: Scenario) -> Iterator[Complaint]:
    """Yield everything that is wrong with a scenario whose keys and values are right one by one."""
    for check in _RUN_CHECKS:
        yield from check(scenario)
    if scenario.juki_net is not None:
        from jukinet_sim.scenario.domain_checks import domain_complaints

        yield from domain_complaints(scenario)
    if scenario.network is None:
        return
    for network_check in _NETWORK_CHECKS:
        yield from network_check(scenario.network)
    yield from _unknown_slo_subjects(scenario, scenario.network)


def warnings(scenario: Scenario) -> Iterator[Objection]:
    """Yield what is legal and probably not meant: outages after the end of the run, volumes outside the months reported."""
    if scenario.juki_net is not None:
        from jukinet_sim.scenario.domain_checks import domain_doubts

        yield from domain_doubts(scenario)
    if scenario.network is None or (scenario.run.horizon is None and scenario.run.period is None):
        return
    for name, station in scenario.network.stations.items():
        for i, outage in enumerate(station.outages):
            if outage.at >= scenario.run.horizon_s:
                path = ("network", "stations", name, "outages", i)
                yield Objection(path, "this outage begins after the end of the run", "begin it earlier or delete it")


def _content(scenario: Scenario) -> Iterator[Complaint]:
    """Require exactly one of the generic network and the domain."""
    if scenario.network is None and scenario.juki_net is None:
        yield fault((), "the scenario has no network", 'add "network:" or "juki_net:"', "network", "juki_net")
    if scenario.network is not None and scenario.juki_net is not None:
        yield fault(("juki_net",), "both network and juki_net are given", "keep one of the two", at_key=True)


def _length_of_run(scenario: Scenario) -> Iterator[Complaint]:
    """Require exactly one of horizon and period, and a warm-up that leaves something to observe."""
    run = scenario.run
    if run.horizon is None and run.period is None:
        yield fault(("run",), "the run has no end", 'add "horizon: 20000 s" or a period', "horizon", "period")
        return
    if run.horizon is not None and run.period is not None:
        yield fault(("run", "period"), "both horizon and period are given", "keep one of the two", at_key=True)
        return
    if run.series is not None and run.horizon_s / run.series > MOST_BINS:
        what = f"the series would have more than {MOST_BINS:,} bins"
        yield fault(("run", "series"), what, "write wider bins")
    if isinstance(run.warm_up, float) and run.warm_up >= run.horizon_s:
        what = "the warm-up leaves nothing of the run to observe"
        yield fault(("run", "warm_up"), what, "write a shorter warm_up or a longer horizon")


MOST_BINS = 1_000_000
_SECTIONS = {"station": "stations", "pool": "pools", "flow": "flows", "level of places": "places"}


def _unknown(path: NodePath, noun: str, name: str, known: dict[str, object]) -> Iterator[Complaint]:
    """Complain about a name that nothing bears."""
    if name not in known:
        cure = one_of(name, known, f"define a {noun} of that name")
        section = _SECTIONS.get(noun)
        yield fault(path, f'unknown {noun} "{name}"', cure, unknown=(section, name) if section else None)


def _unknown_stations(network: Network) -> Iterator[Complaint]:
    """Require that visits name stations."""
    for _, _, path, step in routes(network):
        if isinstance(step, VisitStep):
            yield from _unknown((*path, "visit"), "station", step.visit, {**network.stations})


def _unknown_pools(network: Network) -> Iterator[Complaint]:
    """Require that tokens are taken from and given back to pools."""
    for _, _, path, step in routes(network):
        if isinstance(step, AcquireStep):
            yield from _unknown((*path, "acquire"), "pool", step.acquire, {**network.pools})
        elif isinstance(step, ReleaseStep):
            yield from _unknown((*path, "release"), "pool", step.release, {**network.pools})


def _unheld_releases(network: Network) -> Iterator[Complaint]:
    """Refuse a release of a pool from which the flow never acquires."""
    acquired: dict[str, set[str]] = {}
    for name, _, _, step in routes(network):
        if isinstance(step, AcquireStep):
            acquired.setdefault(name, set()).add(step.acquire)
    for name, _, path, step in routes(network):
        if not isinstance(step, ReleaseStep):
            continue
        taken = acquired.get(name, set())
        # A mistyped name is objected to elsewhere, and may be the one that is missed here.
        if {*taken, step.release} <= network.pools.keys() and step.release not in taken:
            what = f'flow "{name}" releases a token of "{step.release}" that it never acquires'
            yield fault((*path, "release"), what, f'add "acquire: {step.release}" before, or delete this step')


def _unknown_spawned_flows(network: Network) -> Iterator[Complaint]:
    """Require that spawned jobs belong to a flow."""
    for _, _, path, step in routes(network):
        if isinstance(step, SpawnStep):
            yield from _unknown((*path, "spawn"), "flow", step.spawn, {**network.flows})


def _unknown_levels(network: Network) -> Iterator[Complaint]:
    """Require that places are named by their level."""
    known: dict[str, object] = {**network.places}
    for name, place in network.places.items():
        if place.within is not None:
            yield from _unknown(("network", "places", name, "within"), "level of places", place.within, known)
    for room, owners in (("stations", network.stations), ("pools", network.pools)):
        for name, owner in owners.items():
            if owner.per is not None:
                yield from _unknown(("network", room, name, "per"), "level of places", owner.per, known)
    for name, flow in network.flows.items():
        for side, level in (("origin", flow.origin), ("destination", flow.destination)):
            if level is not None:
                yield from _unknown(("network", "flows", name, side), "level of places", level, known)


def _unknown_profiles(network: Network) -> Iterator[Complaint]:
    """Require that intensity profiles and gates name profiles of the calendar."""
    named: list[tuple[NodePath, str]] = []
    for name, flow in network.flows.items():
        if isinstance(flow.arrivals, Exact):
            named.append((("network", "flows", name, "arrivals", "exact", "profile"), flow.arrivals.exact.profile))
    named += [((*path, "gate"), step.gate) for _, _, path, step in routes(network) if isinstance(step, GateStep)]
    if any(profile != "uniform" for _, profile in named):
        # The calendar brings a table of holidays, which most generic networks never need.
        from jukinet_sim.calendar import PROFILE_NAMES

        for path, profile in named:
            yield from _unknown(path, "profile", profile, dict.fromkeys(PROFILE_NAMES))


def _lists_of_steps(network: Network) -> Iterator[tuple[NodePath, tuple[AnyStep, ...]]]:
    """Yield every list of steps: the routes and the insides of loops."""
    for name, flow in network.flows.items():
        yield ("network", "flows", name, "route"), flow.route
    for _, _, path, step in routes(network):
        if isinstance(step, LoopStep):
            yield (*path, "of"), step.of


def _labels(network: Network) -> Iterator[Complaint]:
    """Require that a label stands once in its list and is not the word that leaves the network."""
    for path, steps in _lists_of_steps(network):
        seen: set[str] = set()
        for i, step in enumerate(steps):
            if step.label == EXIT:
                what = '"exit" is the way out of the network, not a label'
                yield fault((*path, i, "label"), what, "choose another label")
            elif step.label is not None and step.label in seen:
                what = f'label "{step.label}" stands twice in this list'
                yield fault((*path, i, "label"), what, "rename one of the two")
            seen.add(step.label or "")


def _branch_sums(network: Network) -> Iterator[Complaint]:
    """Require that the probabilities of a branch sum to 1."""
    for _, _, path, step in routes(network):
        wrong = wrong_sum(step.branch.values()) if isinstance(step, BranchStep) else None
        if wrong is not None:
            what = f"the probabilities of this branch {wrong}"
            yield fault((*path, "branch"), what, "change them so that they sum to 1")


def _branch_targets(network: Network) -> Iterator[Complaint]:
    """Require that a branch leads to labels of its own list or to the exit."""
    for path, steps in _lists_of_steps(network):
        labels = {step.label for step in steps if step.label is not None} | {EXIT}
        for i, step in enumerate(steps):
            for target in step.branch if isinstance(step, BranchStep) else ():
                if target not in labels:
                    what = f'no step of this list has the label "{target}"'
                    cure = did_you_mean(target, labels) or "add the label to one of them"
                    yield fault((*path, i, "branch", target), what, cure, target, at_key=True)


def _idle_flows(network: Network) -> Iterator[Complaint]:
    """Require that every flow gets its jobs from somewhere."""
    spawned = {step.spawn for _, _, _, step in routes(network) if isinstance(step, SpawnStep)}
    for name, flow in network.flows.items():
        if flow.arrivals is None and name not in spawned:
            what = f'flow "{name}" has no arrivals and no other flow spawns it'
            yield fault(("network", "flows", name), what, 'add "arrivals: {poisson: 0.8 /s}"', "arrivals", "spawn")


def _instant_spawns(flow: Flow, name: str) -> dict[str, NodePath]:
    """Return the flows that a job spawns before any time has passed, with the path of the step."""
    found: dict[str, NodePath] = {}
    for path, step in walk(flow.route, ("network", "flows", name, "route")):
        if isinstance(step, (VisitStep, GateStep)) or (isinstance(step, DelayStep) and mean_of(step.delay) > 0):
            break
        if isinstance(step, SpawnStep):
            found.setdefault(step.spawn, path)
    return found


def _spawn_cycles(network: Network) -> Iterator[Complaint]:
    """Refuse flows that spawn each other round in a circle without time passing."""
    spawns = {name: _instant_spawns(flow, name) for name, flow in network.flows.items()}
    reported: set[str] = set()
    for start in spawns:
        for target, path in spawns[start].items():
            reached, todo = {target}, [target]
            while todo:
                new = set(spawns.get(todo.pop(), {})) - reached
                reached |= new
                todo.extend(new)
            if start in reached and start not in reported:
                reported |= reached
                what = f'flow "{start}" spawns itself without end at one instant'
                yield fault((*path, "spawn"), what, "put a delay or a visit before the spawn")


def _unknown_slo_subjects(scenario: Scenario, network: Network) -> Iterator[Complaint]:
    """Require that service levels are about flows, stations and pools that exist."""
    known: dict[str, dict[str, object]] = {
        "flow": {**network.flows},
        "station": {**network.stations},
        "pool": {**network.pools},
    }
    for i, slo in enumerate(scenario.slo):
        yield from _unknown(("slo", i, slo.kind), slo.kind, slo.subject, known[slo.kind])


_RUN_CHECKS = (_content, _length_of_run)
_NETWORK_CHECKS = (
    _unknown_stations,
    _unknown_pools,
    _unheld_releases,
    _unknown_spawned_flows,
    _unknown_levels,
    _unknown_profiles,
    _labels,
    _branch_sums,
    _branch_targets,
    _idle_flows,
    _spawn_cycles,
    *PLACE_CHECKS,
)
