"""Checks of places: levels inside levels, stations with a copy per place, and jobs that must have a place."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.scenario.complaint import Complaint, fault, routes
from jukinet_sim.scenario.network import Network
from jukinet_sim.scenario.route import AcquireStep, SpawnStep, VisitStep


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
                what = f'there is no place {parent} of "{place.within}"'
                cure = f"write a number from 0 to {above.count - 1}"
                yield fault(("network", "places", name, "of", i), what, cure, place.within or "")


def _outage_places(network: Network) -> Iterator[Complaint]:
    """Require that an outage names a place that has the station."""
    for name, station in network.stations.items():
        level = network.places.get(station.per or "")
        for i, outage in enumerate(station.outages):
            path = ("network", "stations", name, "outages", i, "place")
            if outage.place is not None and station.per is None:
                yield fault(path, "this station has no copies per place", 'delete "place" or add "per"', "per")
            elif outage.place is not None and level is not None and outage.place >= level.count:
                cure = f"write a number from 0 to {level.count - 1}"
                yield fault(path, f'there is no place {outage.place} of "{station.per}"', cure, station.per or "")


def _places_of_jobs(network: Network) -> dict[str, dict[str, set[str | None]]]:
    """Return for each flow and side the levels its jobs may come from; None is a job without a place."""
    sides: dict[str, dict[str, set[str | None]]] = {}
    for side in ("origin", "destination"):
        own = {name: getattr(flow, side) for name, flow in network.flows.items()}
        found: dict[str, set[str | None]] = {
            name: {own[name]} if own[name] or flow.arrivals else set() for name, flow in network.flows.items()
        }
        # Spawned jobs carry their parent's places unless their flow draws its own; repeat until nothing is added.
        for _ in network.flows:
            for name, _, _, step in routes(network):
                if isinstance(step, SpawnStep) and step.spawn in found and own[step.spawn] is None:
                    found[step.spawn] |= found[name]
        sides[side] = found
    return sides


def _missing_places(network: Network) -> Iterator[Complaint]:
    """Require that a job that visits a station (or pool) of its place has such a place."""
    levels = _places_of_jobs(network)
    for name, _, path, step in routes(network):
        if isinstance(step, VisitStep):
            key, owner = "visit", network.stations.get(step.visit)
        elif isinstance(step, AcquireStep):
            key, owner = "acquire", network.pools.get(step.acquire)  # type: ignore[assignment]  # both have `per`
        else:
            continue
        if owner is None or owner.per is None or owner.per not in network.places:
            continue
        if any(owner.per not in _ancestors(network, level) for level in levels[step.at][name]):
            what = f'jobs of flow "{name}" have no {step.at} on the level "{owner.per}"'
            cure = f'add "{step.at}: {owner.per}" to the flow'
            yield fault((*path, key), what, cure, owner.per, "origin", "destination", "within")


PLACE_CHECKS = (_place_hierarchy, _outage_places, _missing_places)
