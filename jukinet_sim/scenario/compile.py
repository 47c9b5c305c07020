"""A loaded scenario to a network, whichever of the two languages it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.juki_net.domain import DOMAIN, JukiNet
from jukinet_sim.language.complaint import Complaint
from jukinet_sim.language.focus_checks import asked_for, focuses, levels_compiled, place_complaints
from jukinet_sim.language.measures import calendars
from jukinet_sim.language.monthly import unknown_parts
from jukinet_sim.language.part import Part
from jukinet_sim.language.subjects import compiled as compiled_subjects
from jukinet_sim.language.subjects import subject_complaints
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.scenario.series_size import refuse_long_series

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Dated, ReportedCheck


def compile_network(loaded: Loaded) -> Network:
    """Compile the scenario's `network` or `juki_net` part.

    Raises ScenarioError, with positions, for data files that cannot be read and for names that nothing bears.
    """
    return compile_dated(loaded)[0]


def compile_dated(loaded: Loaded) -> tuple[Network, tuple[Dated, ...]]:
    """Return the same network, and what changes on dates in it, by the first day."""
    scenario = loaded.scenario
    if scenario.network is not None:
        from jukinet_sim.language.compile_raw import compile_raw

        return _complete(compile_raw(Part(scenario.scenario, scenario.network, scenario.run, loaded)), loaded), ()
    part = national_part(loaded)
    compiled = DOMAIN.compile(part)
    faults = [*_subject_faults(loaded, compiled.network), *compiled.faults]
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return _complete(compiled.network, loaded), compiled.timeline


def _complete(network: Network, loaded: Loaded) -> Network:
    """Return the network with what measures and service levels look at: calendars, windows and places."""
    refuse_long_series(network, loaded)
    scenario = loaded.scenario
    network = _with_hours(network, scenario)
    asked = asked_for(scenario.measures, scenario.asked)
    return replace(network, focuses=focuses(asked, scenario.run, network)) if asked else network


def _with_hours(network: Network, scenario: Scenario) -> Network:
    """Return the network with the calendars in whose open hours measures count."""
    names = calendars(scenario.measures)
    if not names:
        return network
    from jukinet_sim.language.compile_steps import opening_hours

    return replace(network, hours=tuple(opening_hours(name, scenario.run, scenario.calendars) for name in names))


def national_part(loaded: Loaded) -> Part[JukiNet]:
    """Return the national part of a scenario that has one."""
    scenario = loaded.scenario
    if scenario.juki_net is None:
        raise TypeError("the scenario has no juki_net")
    named = (about.place for _, about in asked_for(scenario.measures, scenario.asked) if about.place is not None)
    return Part(scenario.scenario, scenario.juki_net, scenario.run, loaded, frozenset(named))


def check_reported(loaded: Loaded, network: Network, document: Mapping[str, Any]) -> ReportedCheck:
    """Hold a result against every figure that its domain reports; without rows for a generic network."""
    part = None if loaded.scenario.juki_net is None else national_part(loaded)
    return DOMAIN.check(part, network, document)


def _parts(network: Network) -> dict[str, dict[str, object]]:
    """Return the flows, stations and pools of a compiled network by name."""
    flows, stations = {one.name: one for one in network.flows}, {one.name: one for one in network.stations}
    return {"flow": {**flows}, "station": {**stations}, "pool": {one.name: one for one in network.pools}}


def _subject_faults(loaded: Loaded, network: Network) -> Iterator[Fault]:
    """Yield the faults of measures and service levels about parts whose names only the compiled network has."""
    scenario = loaded.scenario
    asked = asked_for(scenario.measures, scenario.asked)
    found: list[Complaint] = [
        *subject_complaints(scenario.measures, scenario.asked, compiled_subjects(network)),
        *place_complaints(asked, levels_compiled(network)),
        *unknown_parts(scenario.monthly, _parts(network)),
    ]
    for complaint in found:
        one = complaint.objection
        yield loaded.fault(".".join(str(key) for key in one.path), one.what, one.cure)
