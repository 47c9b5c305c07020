"""Checks of names: every station, pool, flow, state, level and profile that is named must exist.

One function per kind of name; each yields complaints with the nearest name there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jukinet_sim.language.arrivals import Exact
from jukinet_sim.language.complaint import Complaint, fault, routes
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.references import unknown, unknown_uses, uses
from jukinet_sim.language.route import GateStep


def _unknown_in_steps(network: Network) -> Iterator[Complaint]:
    """Require that the stations, pools, flows and states that steps name exist."""
    known: dict[str, Mapping[str, object]] = {
        "station": network.stations,
        "pool": network.pools,
        "flow": network.flows,
        "state": network.states,
    }
    for name, flow in network.flows.items():
        yield from unknown_uses(uses(flow.route, ("network", "flows", name, "route")), known)


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
    if network.calendars or any(profile != "uniform" for _, profile in named):
        # The calendar brings a table of holidays, which most generic networks never need.
        from jukinet_sim.calendar import PROFILE_NAMES

        for path, profile in named:
            yield from unknown(path, "profile", profile, {**dict.fromkeys(PROFILE_NAMES), **network.calendars})
        for name in network.calendars.keys() & PROFILE_NAMES:
            what = f'"{name}" is a profile that is there already'
            yield fault(("network", "calendars", name), what, "give the calendar another name", at_key=True)


NAME_CHECKS = (
    _unknown_in_steps,
    _unknown_levels,
    _unknown_profiles,
)
