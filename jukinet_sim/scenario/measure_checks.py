"""Checks of measures: that everything they sum up exists, that it has what is summed of it, and that none rests on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.figures import figures, unknown_sources
from jukinet_sim.language.measures import NEED_DUE, Subject, Term, circles, matching
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.name_checks import unknown
from jukinet_sim.language.network import Network
from jukinet_sim.scenario.schema import Scenario

Lacking = Mapping[Subject, Mapping[str, frozenset[str]]]
"""Flows, stations and pools by name, and for each the metrics that it does not have."""

_WHY = {
    **dict.fromkeys(NEED_DUE, ("has no due, so none of its jobs is late", 'add "due: 30 s" to the flow')),
    "busy_hours": ("shares its servers, whose busy hours are not counted", "sum hours of its flows instead"),
    "held_hours": ("is refilled, so nobody holds its tokens", 'write "wait_hours" or delete the term'),
}


def measure_complaints(scenario: Scenario) -> Iterator[Complaint]:
    """Yield what is wrong with the measures of a scenario, and with service levels about them."""
    if not scenario.measures and all(slo.measure is None for slo in scenario.slo):
        return
    measures: dict[str, object] = {**scenario.measures}
    yield from unknown_sources(figures(scenario.measures, ("measures",)), DOMAIN.reported_keys())
    for name, number in circles(scenario.measures):
        yield fault(("measures", name, "sum", number, "measure"), f'"{name}" leads back to itself', "break the circle")
    for path, term in _terms(scenario):
        if term.kind == "measure":
            yield from _unmatched(path, term, measures)
        if term.hours is not None:
            yield from _unknown_calendar(path, term.hours)
    for i, slo in enumerate(scenario.slo):
        if slo.measure is not None and slo.measure not in measures:
            what, cure = f'unknown measure "{slo.measure}"', one_of(slo.measure, measures, "define it under measures")
            yield fault(("slo", i, "measure"), what, cure, slo.measure)
    if scenario.network is not None:
        yield from subject_complaints(scenario, _lacking(scenario.network))


def subject_complaints(scenario: Scenario, lacking: Lacking) -> Iterator[Complaint]:
    """Yield the terms about flows, stations and pools that are not there or do not have the metric."""
    for path, term in _terms(scenario):
        if term.kind == "measure":
            continue
        there = lacking[term.kind]
        yield from _unmatched(path, term, {**there})
        metric = term.metric or ""
        without = [name for name in matching(term.subject, there) if metric in there[name]]
        if without:
            why, cure = _WHY[metric]
            yield fault((*path, "metric"), f'{term.kind} "{without[0]}" {why}', cure, without[0], "due")


def lacks(*, due: bool = True, shared: bool = False, refilled: bool = False) -> frozenset[str]:
    """Return the metrics that a flow without a due, a station with shared servers or a refilled pool does not have."""
    missing: set[str] = set() if due else {*NEED_DUE}
    return frozenset(missing | ({"busy_hours"} if shared else set()) | ({"held_hours"} if refilled else set()))


def _terms(scenario: Scenario) -> Iterator[tuple[NodePath, Term]]:
    for name, measure in scenario.measures.items():
        for number, term in enumerate(measure.sum):
            yield ("measures", name, "sum", number), term


def _lacking(network: Network) -> Lacking:
    """Return what a generic network has."""
    return {
        "flow": {name: lacks(due=flow.due is not None) for name, flow in network.flows.items()},
        "station": {name: lacks(shared=station.discipline == "ps") for name, station in network.stations.items()},
        "pool": {name: lacks(refilled=pool.refill is not None) for name, pool in network.pools.items()},
    }


def _unknown_calendar(path: NodePath, name: str) -> Iterator[Complaint]:
    """Complain about hours that no calendar profile has."""
    from jukinet_sim.calendar import PROFILE_NAMES

    yield from unknown((*path, "hours"), "profile", name, dict.fromkeys(PROFILE_NAMES))


def _unmatched(path: NodePath, term: Term, known: dict[str, object]) -> Iterator[Complaint]:
    """Complain about a name that nothing bears, or a beginning that nothing has."""
    if matching(term.subject, known):
        return
    at = (*path, term.kind)
    if term.kind != "measure" and not term.subject.endswith(".*"):
        yield from unknown(at, term.kind, term.subject, known)
        return
    families = {f"{name.rpartition('.')[0]}.*" for name in known if "." in name}
    if term.subject.endswith(".*"):
        cure = one_of(term.subject, families, "write a whole name")
        yield fault(at, f'no {term.kind} has a name that begins "{term.subject[:-1]}"', cure)
    else:
        cure = one_of(term.subject, known, "define it under measures")
        yield fault(at, f'unknown measure "{term.subject}"', cure, term.subject)
