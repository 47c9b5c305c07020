"""Checks of names: every station, pool, flow, state, level and profile that is named must exist.

One function per kind of name; each yields complaints with the nearest name there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.arrivals import Exact
from jukinet_sim.language.complaint import Complaint, fault, routes
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.route import AcquireStep, GateStep, ReleaseStep, SetStep, SpawnStep, SwitchStep, VisitStep

_SECTIONS = {"station": "stations", "pool": "pools", "flow": "flows", "state": "states", "level of places": "places"}


def unknown(path: NodePath, noun: str, name: str, known: dict[str, object]) -> Iterator[Complaint]:
    """Complain about a name that nothing bears."""
    if name not in known:
        cure = one_of(name, known, f"define a {noun} of that name")
        section = _SECTIONS.get(noun)
        yield fault(path, f'unknown {noun} "{name}"', cure, unknown=(section, name) if section else None)


def _unknown_stations(network: Network) -> Iterator[Complaint]:
    """Require that visits name stations."""
    for _, _, path, step in routes(network):
        if isinstance(step, VisitStep):
            yield from unknown((*path, "visit"), "station", step.visit, {**network.stations})


def _unknown_pools(network: Network) -> Iterator[Complaint]:
    """Require that tokens are taken from and given back to pools."""
    for _, _, path, step in routes(network):
        if isinstance(step, AcquireStep):
            yield from unknown((*path, "acquire"), "pool", step.acquire, {**network.pools})
        elif isinstance(step, ReleaseStep):
            yield from unknown((*path, "release"), "pool", step.release, {**network.pools})


def _unknown_spawned_flows(network: Network) -> Iterator[Complaint]:
    """Require that spawned jobs belong to a flow."""
    for _, _, path, step in routes(network):
        if isinstance(step, SpawnStep):
            yield from unknown((*path, "spawn"), "flow", step.spawn, {**network.flows})


def _unknown_states(network: Network) -> Iterator[Complaint]:
    """Require that switches read and steps set states that exist."""
    for _, _, path, step in routes(network):
        if isinstance(step, SwitchStep):
            yield from unknown((*path, "switch"), "state", step.switch, {**network.states})
        elif isinstance(step, SetStep):
            yield from unknown((*path, "set"), "state", step.set, {**network.states})


def _unknown_levels(network: Network) -> Iterator[Complaint]:
    """Require that places are named by their level."""
    known: dict[str, object] = {**network.places}
    for name, place in network.places.items():
        if place.within is not None:
            yield from unknown(("network", "places", name, "within"), "level of places", place.within, known)
    for room, owners in (("stations", network.stations), ("pools", network.pools), ("states", network.states)):
        for name, owner in owners.items():
            if owner.per is not None:
                yield from unknown(("network", room, name, "per"), "level of places", owner.per, known)
    for name, flow in network.flows.items():
        for side, level in (("origin", flow.origin), ("destination", flow.destination)):
            if level is not None:
                yield from unknown(("network", "flows", name, side), "level of places", level, known)


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
            yield from unknown(path, "profile", profile, dict.fromkeys(PROFILE_NAMES))


NAME_CHECKS = (
    _unknown_stations,
    _unknown_pools,
    _unknown_spawned_flows,
    _unknown_states,
    _unknown_levels,
    _unknown_profiles,
)
