"""Checks of places: levels inside levels, stations and states with a copy per place, and jobs that must have a place."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.language.arrivals import Scheduled
from jukinet_sim.language.complaint import Complaint, fault, routes
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network, State
from jukinet_sim.language.route import AcquireStep, AnyStep, ChooseStep, SetStep, Side, SpawnStep, SwitchStep, VisitStep
from jukinet_sim.language.stations import Pool, Station


def _ancestors(network: Network, level: str | None) -> set[str]:
    """Return a level and those above it."""
    found: set[str] = set()
    while level is not None and level in network.places and level not in found:
        found.add(level)
        level = network.places[level].within
    return found


def _place_hierarchy(network: Network) -> Iterator[Complaint]:
    """Require that levels are not inside themselves and that every place lies in one that exists."""
    for name, place in network.places.items():
        above = network.places.get(place.within or "")
        if above is None:
            continue
        if name in _ancestors(network, place.within):
            what = f'level "{name}" lies within itself'
            yield fault(("network", "places", name, "within"), what, "name a level above it")
        for i, parent in enumerate(place.of or ()):
            if parent >= above.count:
                yield _no_such_place(("network", "places", name, "of", i), parent, place.within or "", above.count)


def _away(network: Network) -> Iterator[Complaint]:
    """Require that places that are away exist, and that somebody stands for each."""
    for name, level in network.places.items():
        path: NodePath = ("network", "places", name, "changes")
        named = [(i, key, getattr(change, key)) for i, change in enumerate(level.changes) for key in ("place", "to")]
        missing = [(i, key, place) for i, key, place in named if isinstance(place, int) and place >= level.count]
        for i, key, place in missing:
            yield _no_such_place((*path, i, key), place, name, level.count)
        if missing or not level.changes:
            continue
        # With numpy, which nothing else here needs.
        from jukinet_sim.language.compile_places import compile_level
        from jukinet_sim.network.model import NowhereError

        try:
            compile_level(name, level).standing_in()
        except NowhereError as error:
            yield fault((*path, error.change, "to"), str(error), "write a place that is there itself")


def _dated(network: Network) -> Iterator[tuple[NodePath, str, str | None, int]]:
    """Yield what happens on a date at one place: its path, the noun and level of what it happens to, and the place."""
    for name, station in network.stations.items():
        entries: list[tuple[str, int, int | None]] = [("outages", i, one.place) for i, one in enumerate(station.outages)]
        entries += [("speed", i, one.place) for i, one in enumerate(station.speed)]
        for key, i, place in entries:
            if place is not None:
                yield ("network", "stations", name, key, i, "place"), "station", station.per, place
    for name, state in network.states.items():
        for i, change in enumerate(state.changes):
            if change.place is not None:
                yield ("network", "states", name, "changes", i, "place"), "state", state.per, change.place


def _scheduled_places(network: Network) -> Iterator[Complaint]:
    """Require that a scheduled job's place is one of its flow's origin."""
    for name, flow in network.flows.items():
        jobs = flow.arrivals.scheduled if isinstance(flow.arrivals, Scheduled) else ()
        level = network.places.get(flow.origin or "")
        for i, job in enumerate(jobs):
            path = ("network", "flows", name, "arrivals", "scheduled", i, "place")
            if job.place is not None and flow.origin is None:
                yield fault(path, f'jobs of flow "{name}" come from no place', 'delete "place" or add "origin"', "origin")
            elif job.place is not None and level is not None and job.place >= level.count:
                yield _no_such_place(path, job.place, flow.origin or "", level.count)


def _no_such_place(path: NodePath, place: int, level: str, count: int) -> Complaint:
    cure = f"write a number from 0 to {count - 1}"
    return fault(path, f'there is no place {place} of "{level}"', cure, level)


def _dated_places(network: Network) -> Iterator[Complaint]:
    """Require that an outage or a dated change names a place that has the station or state."""
    for path, noun, per, place in _dated(network):
        level = network.places.get(per or "")
        if per is None:
            yield fault(path, f"this {noun} has no copies per place", 'delete "place" or add "per"', "per")
        elif level is not None and place >= level.count:
            yield _no_such_place(path, place, per, level.count)


def _places_of_jobs(network: Network) -> dict[Side, dict[str, set[str | None]]]:
    """Return for each side and flow the levels its jobs may come from; None is a job without a place."""
    spawns = {(name, step.spawn) for name, _, _, step in routes(network) if isinstance(step, SpawnStep)}
    sides: dict[Side, dict[str, set[str | None]]] = {"origin": {}, "destination": {}}
    for side, found in sides.items():
        own = {name: getattr(flow, side) for name, flow in network.flows.items()}
        found.update({name: {own[name]} if own[name] or flow.arrivals else set() for name, flow in network.flows.items()})
        # Spawned jobs carry their parent's places; what a flow says of its own is held against that elsewhere.
        open_spawns = [(parent, child) for parent, child in spawns if child in found and own[child] is None]
        grown = True
        while grown:
            grown = False
            for parent, child in open_spawns:
                grown |= not found[parent] <= found[child]
                found[child] |= found[parent]
    return sides


def levels_of_flows(network: Network) -> dict[Side, dict[str, str | None]]:
    """Return for each side the level of places of each flow: its own, else that of all jobs that spawn it; else None."""
    return {
        side: {name: next(iter(levels)) if len(levels) == 1 else None for name, levels in flows.items()}
        for side, flows in _places_of_jobs(network).items()
    }


def _spawned_places(network: Network) -> Iterator[Complaint]:
    """Require that a spawned flow that names its level has the level of the jobs that spawn it, whose places it takes over."""
    levels = _places_of_jobs(network)
    for name, _, path, step in routes(network):
        child = network.flows.get(step.spawn) if isinstance(step, SpawnStep) else None
        for side, flows in levels.items():
            own = getattr(child, side, None)
            others = flows[name] - {own} if own in network.places else set()
            for level in sorted(others, key=str):
                has = f'the {side} "{level}"' if level else f"no {side}"
                what = f'this job has {has}, but the flow it spawns has "{own}"'
                yield fault((*path, "spawn"), what, f"give both flows the same {side}", "origin", "destination")


_Use = tuple[tuple[str, ...], Side, Station | Pool | State | None]
"""What a step uses at a place of the job: its key and what is behind it, the job's side, and the thing if it exists."""


def _used(network: Network, step: AnyStep) -> list[_Use]:
    """Return what a step uses at a place of the job."""
    match step:
        case VisitStep(visit=name, at=side):
            return [(("visit",), side, network.stations.get(name))]
        case AcquireStep(acquire=name, at=side):
            return [(("acquire",), side, network.pools.get(name))]
        case SwitchStep(switch=name, at=side):
            return [(("switch",), side, network.states.get(name))]
        case SetStep(set=name, at=side):
            return [(("set",), side, network.states.get(name))]
        case ChooseStep(choose=ways, at=side):
            return [(("choose", name), side, network.stations.get(name)) for name in ways]
    return []


def _missing_places(network: Network) -> Iterator[Complaint]:
    """Require that a job that uses a station, pool or state of its place has such a place."""
    levels = _places_of_jobs(network)
    for name, _, path, step in routes(network):
        for keys, side, thing in _used(network, step):
            per = None if thing is None else thing.per
            if per is not None and per in network.places:
                yield from _missing_place(network, name, levels[side][name], (*path, *keys), side, per)


def _missing_place(
    network: Network, flow: str, levels: set[str | None], path: NodePath, side: Side, per: str
) -> Iterator[Complaint]:
    """Require that jobs of a flow, which come from these levels, have a place on the level of what they use."""
    several = sorted(level for level in levels if level is not None)
    if len(several) > 1:
        what = f'jobs of flow "{flow}" are spawned with different levels of {side}s, {" and ".join(several)}'
        yield fault(path, what, "write a flow of its own for each")
    if any(per not in _ancestors(network, level) for level in levels):
        what = f'jobs of flow "{flow}" have no {side} on the level "{per}"'
        yield fault(path, what, f'add "{side}: {per}" to the flow', per, "origin", "destination", "within")


PLACE_CHECKS = (_place_hierarchy, _away, _dated_places, _scheduled_places, _missing_places, _spawned_places)
