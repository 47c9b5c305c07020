"""What measures and service levels are about: parts that must be there, and must have what is asked of them.

A generic network's parts are known from its own words, before anything is compiled; those of a domain only from the network
that it compiled to. Both are held against the same checks here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.about import About
from jukinet_sim.language.complaint import Complaint, fault, walk
from jukinet_sim.language.measures import Measure, Term, circles, matching
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.references import unknown
from jukinet_sim.language.route import VisitStep
from jukinet_sim.metrics import Kind, Metric, Trait, summed

if TYPE_CHECKING:
    from jukinet_sim.network import model as M

Subjects = Mapping[Kind, Mapping[str, frozenset[Trait]]]
"""Flows, stations and pools by name, and for each what it has that some metrics need."""
Lists = Mapping[str, Sequence[About]]

_WHY: Mapping[Trait, tuple[str, str]] = {
    "due": ("has no due, so none of its jobs is late", 'add "due: 30 s" to the flow'),
    "servers": ("shares its servers, whose busy hours are not counted", "ask for hours of its flows instead"),
    "target": ("has no target_wait, so that nothing is counted", 'add "target_wait: 20 s" to the station'),
    "kept": ("is never blocked, as no visit to it holds its server", 'write "hold: true" on a visit'),
    "tokens": ("is refilled, so nobody holds its tokens", "ask for its waits instead"),
}


def written(network: Network) -> Subjects:
    """Return the parts of a generic network as a scenario writes them."""
    steps = (step for flow in network.flows.values() for _, step in walk(flow.route, ()))
    kept = {step.visit for step in steps if isinstance(step, VisitStep) and step.hold}
    return {
        "flow": {name: _traits(due=flow.due is not None) for name, flow in network.flows.items()},
        "station": {
            name: _traits(servers=one.discipline != "ps", target=one.target_wait is not None, kept=name in kept)
            for name, one in network.stations.items()
        },
        "pool": {name: _traits(tokens=pool.refill is None) for name, pool in network.pools.items()},
    }


def compiled(network: M.Network) -> Subjects:
    """Return the parts of a compiled network."""
    from jukinet_sim.network.model import kept_stations

    kept = kept_stations(network)
    return {
        "flow": {flow.name: _traits(due=flow.due_s is not None) for flow in network.flows},
        "station": {
            one.name: _traits(servers=one.discipline != "ps", target=one.target_wait_s is not None, kept=one.name in kept)
            for one in network.stations
        },
        "pool": {pool.name: _traits(tokens=pool.refill_per_s is None) for pool in network.pools},
    }


def _traits(**has: bool) -> frozenset[Trait]:
    return frozenset(trait for trait, there in has.items() if there)  # type: ignore[misc]  # the keywords are traits


def subject_complaints(measures: Mapping[str, Measure], lists: Lists, subjects: Subjects) -> Iterator[Complaint]:
    """Yield the terms, service levels and outputs about parts that are not there or do not have the metric.

    `lists` holds service levels and outputs under the keys that a scenario has them under.
    """
    for path, term in _terms(measures):
        if term.kind != "measure":
            yield from _unmatched(path, term, subjects[term.kind])
            names = matching(term.subject, subjects[term.kind])
            yield from _lacking(path, summed(term.kind)[term.metric or ""], names, subjects)
    for path, one in _entries(lists):
        if one.kind != "measure":
            known = subjects[one.kind]
            yield from unknown((*path, one.kind), one.kind, one.subject, {**known})
            yield from _lacking(path, one.of, [one.subject] if one.subject in known else [], subjects)


def _lacking(path: NodePath, metric: Metric, names: Sequence[str], subjects: Subjects) -> Iterator[Complaint]:
    """Complain where the first of some parts that lacks it does not have what a metric needs."""
    without = [name for name in names if metric.needs and metric.needs not in subjects[metric.kind][name]]
    if metric.needs and without:
        why, cure = _WHY[metric.needs]
        yield fault((*path, "metric"), f'{metric.kind} "{without[0]}" {why}', cure, without[0], "due")


def measure_complaints(measures: Mapping[str, Measure], lists: Lists, calendars: Mapping[str, object]) -> Iterator[Complaint]:
    """Yield the measures that lead back to themselves, and the names of measures that nothing bears."""
    for name, number in circles(measures):
        yield fault(("measures", name, "sum", number, "measure"), f'"{name}" leads back to itself', "break the circle")
    for path, term in _terms(measures):
        if term.kind == "measure":
            yield from _unmatched(path, term, measures)
        if term.hours is not None:
            yield from _unknown_calendar(path, term.hours, calendars)
    for path, one in _entries(lists):
        if one.kind == "measure" and one.subject not in measures:
            what, cure = f'unknown measure "{one.subject}"', one_of(one.subject, measures, "define it under measures")
            yield fault((*path, "measure"), what, cure, one.subject)


def _entries(lists: Lists) -> Iterator[tuple[NodePath, About]]:
    for key, entries in lists.items():
        for number, one in enumerate(entries):
            yield (key, number), one


def _terms(measures: Mapping[str, Measure]) -> Iterator[tuple[NodePath, Term]]:
    for name, measure in measures.items():
        for number, term in enumerate(measure.sum):
            yield ("measures", name, "sum", number), term


def _unknown_calendar(path: NodePath, name: str, own: Mapping[str, object]) -> Iterator[Complaint]:
    """Complain about hours that no calendar profile has, nor a calendar of the scenario's own."""
    from jukinet_sim.calendar import PROFILE_NAMES

    yield from unknown((*path, "hours"), "profile", name, {**dict.fromkeys(PROFILE_NAMES), **own})


def _unmatched(path: NodePath, term: Term, known: Mapping[str, object]) -> Iterator[Complaint]:
    """Complain about a name that nothing bears, or a beginning that nothing has."""
    if matching(term.subject, known):
        return
    at = (*path, term.kind)
    if term.kind != "measure" and not term.subject.endswith(".*"):
        yield from unknown(at, term.kind, term.subject, {**known})
        return
    families = {f"{name.rpartition('.')[0]}.*" for name in known if "." in name}
    if term.subject.endswith(".*"):
        cure = one_of(term.subject, families, "write a whole name")
        yield fault(at, f'no {term.kind} has a name that begins "{term.subject[:-1]}"', cure)
    else:
        cure = one_of(term.subject, known, "define it under measures")
        yield fault(at, f'unknown measure "{term.subject}"', cure, term.subject)
