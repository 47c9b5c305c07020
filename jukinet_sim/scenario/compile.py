"""A loaded scenario to a network, whichever of the two languages it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.domain import DOMAIN, JukiNet
from jukinet_sim.language.measures import calendars
from jukinet_sim.language.part import Part
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.load import Loaded
from jukinet_sim.scenario.measure_checks import Lacking, lacks, subject_complaints
from jukinet_sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import ReportedCheck


def compile_network(loaded: Loaded) -> Network:
    """Compile the scenario's `network` or `juki_net` part.

    Raises ScenarioError, with positions, for data files that cannot be read and for names that nothing bears.
    """
    scenario = loaded.scenario
    if scenario.network is not None:
        from jukinet_sim.language.compile_raw import compile_raw

        return _with_hours(compile_raw(Part(scenario.scenario, scenario.network, scenario.run, loaded)), scenario)
    compiled = DOMAIN.compile(national_part(loaded))
    faults = [*measure_faults(loaded, compiled.network), *_level_faults(loaded, compiled.network), *compiled.faults]
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return _with_hours(compiled.network, scenario)


def _with_hours(network: Network, scenario: Scenario) -> Network:
    """Return the network with the calendars in whose open hours measures count."""
    names = calendars(scenario.measures)
    if not names:
        return network
    from jukinet_sim.language.compile_steps import opening_hours

    return replace(network, hours=tuple(opening_hours(name, scenario.run) for name in names))


def national_part(loaded: Loaded) -> Part[JukiNet]:
    """Return the national part of a scenario that has one."""
    scenario = loaded.scenario
    if scenario.juki_net is None:
        raise TypeError("the scenario has no juki_net")
    return Part(scenario.scenario, scenario.juki_net, scenario.run, loaded)


def check_reported(loaded: Loaded, network: Network, document: Mapping[str, Any]) -> ReportedCheck:
    """Hold a result against every figure that its domain reports; without rows for a generic network."""
    part = None if loaded.scenario.juki_net is None else national_part(loaded)
    return DOMAIN.check(part, network, document)


def measure_faults(loaded: Loaded, network: Network) -> list[Fault]:
    """Return the faults of measures about flows, stations and pools whose names only the compiled network has."""
    lacking: Lacking = {
        "flow": {flow.name: lacks(due=flow.due_s is not None) for flow in network.flows},
        "station": {station.name: lacks(shared=station.discipline == "ps") for station in network.stations},
        "pool": {pool.name: lacks(refilled=pool.refill_per_s is not None) for pool in network.pools},
    }
    found = (complaint.objection for complaint in subject_complaints(loaded.scenario, lacking))
    return [loaded.fault(".".join(str(key) for key in one.path), one.what, one.cure) for one in found]


def _level_faults(loaded: Loaded, network: Network) -> Iterator[Fault]:
    """Yield the faults of service levels about flows, stations and pools that the network does not have."""
    for number, slo in enumerate(loaded.scenario.slo):
        if slo.kind == "measure":
            continue
        known = [part.name for part in getattr(network, f"{slo.kind}s")]
        if slo.subject not in known:
            what, cure = f'unknown {slo.kind} "{slo.subject}"', one_of(slo.subject, known, "")
            yield loaded.fault(f"slo.{number}.{slo.kind}", what, cure)
