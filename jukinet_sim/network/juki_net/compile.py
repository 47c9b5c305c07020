"""The resident register network as stations, pools and flows: here, and nowhere else, domain words become queueing words.

Three tiers of stations stand at two levels of places (municipality within prefecture) and at none (the nation). Agencies are
a level of their own, so that each has its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jukinet_sim.errors import ScenarioError
from jukinet_sim.network import model as M
from jukinet_sim.network.compile_steps import run_settings
from jukinet_sim.network.juki_net.flows import Volume, national_flows
from jukinet_sim.network.juki_net.forwarding import Forwarding, states
from jukinet_sim.network.juki_net.incidents import troubles, watches, with_outages
from jukinet_sim.network.juki_net.links import LINKS, Sending
from jukinet_sim.network.juki_net.machines import Machines
from jukinet_sim.network.juki_net.nation import Nation, read_nation
from jukinet_sim.network.juki_net.provisions import expected_records, provision_flows
from jukinet_sim.network.juki_net.updates import update_flows
from jukinet_sim.network.measures import measure_faults
from jukinet_sim.scenario.load import Loaded
from jukinet_sim.scenario.suggest import one_of


def compile_jukinet(loaded: Loaded) -> M.Network:
    """Compile `juki_net:`. Raises ScenarioError with all that is wrong: lists that cannot be read, names that nothing bears."""
    network, _ = _compiled(loaded)
    return network


def expected_volumes(loaded: Loaded) -> tuple[Volume, ...]:
    """What must come out of a drained run, exactly: of the provisions in records, of the other flows in jobs or records."""
    if loaded.scenario.juki_net is None or loaded.scenario.run.period is None:
        return ()
    _, volumes = _compiled(loaded)
    return volumes


def crossings(loaded: Loaded) -> dict[str, tuple[M.Step, ...]]:
    """For each link by name the steps in which a message of 1 KiB from a job's origin crosses it."""
    sending = Sending(Machines(read_nation(loaded)), 1024.0, 0.0, "origin")
    return {name: link.cross(sending) for name, link in LINKS.items()}


def _compiled(loaded: Loaded) -> tuple[M.Network, tuple[Volume, ...]]:
    """The network, and the volume of each flow."""
    nation = read_nation(loaded)
    machines, trouble = Machines(nation), troubles(nation)
    forwarding = Forwarding(machines, trouble)
    listed, volumes = national_flows(machines, forwarding)
    stations = with_outages(nation, machines.stations())
    network = M.Network(
        name=loaded.scenario.scenario,
        stations=stations,
        flows=(*update_flows(machines, forwarding), *provision_flows(machines), *listed),
        pools=machines.pools(),
        levels=nation.levels(),
        states=states(trouble),
        watches=watches(nation, stations),
        **run_settings(loaded.scenario.run),  # type: ignore[arg-type]
    )
    _check_names(nation, network)
    if nation.faults:
        raise ScenarioError(dict.fromkeys(nation.faults))
    provided = (Volume(name, records, True, None) for name, records in expected_records(nation).items())
    return network, (*provided, *volumes)


def _check_names(nation: Nation, network: M.Network) -> None:
    """Refuse service levels about, and steps at, flows, stations, pools and states that the network does not have."""
    nation.faults.extend(measure_faults(nation.loaded, network))
    for number, slo in enumerate(nation.loaded.scenario.slo):
        if slo.kind == "measure":
            continue
        known = [part.name for part in getattr(network, f"{slo.kind}s")]
        if slo.subject not in known:
            what, cure = f'unknown {slo.kind} "{slo.subject}"', one_of(slo.subject, known, "")
            nation.faults.append(nation.loaded.fault(f"slo.{number}.{slo.kind}", what, cure))
    for name, times in Counter(flow.name for flow in network.flows).items():
        if times > 1:
            nation.fault(f"flows.{name}", f'there is a flow "{name}" already', "choose another name")
    for flow in network.flows:
        for noun, name, side in _named(flow):
            parts = {part.name: part for part in getattr(network, f"{noun}s")}
            if name not in parts:
                what = f'unknown {noun} "{name}" in a step of "{flow.name}"'
                nation.fault(f"flows.{flow.name}.route", what, one_of(name, parts, f"define a {noun} of that name"))
            elif noun != "flow":
                _check_place(nation, network, flow, noun, parts[name], side)


def _check_place(nation: Nation, network: M.Network, flow: M.Flow, noun: str, part: object, side: M.Which) -> None:
    """Refuse a station, pool or state that is kept per place where the job has no such place."""
    level = getattr(part, "per", None)
    place = flow.origin if side == "origin" else flow.destination
    above = None if place is None else network.level(place).within
    if level is None or level in (place, above):
        return
    what = f'"{flow.name}" passes the {noun} "{part.name}" of a {level}, and has no {side} there'  # type: ignore[attr-defined]  # all have names
    cure = f'write "{side}: {level}"' if level == "municipality" else f'write "{side}: municipality" or "{side}: {level}"'
    nation.fault(f"flows.{flow.name}.route", what, cure)


def _named(flow: M.Flow) -> Iterator[tuple[str, str, M.Which]]:
    """What the steps of a route name: a kind of thing, its name, and the side whose place decides."""
    for step in M.all_steps(flow.route):
        match step:
            case M.Visit(station=name):
                yield "station", name, step.at
            case M.Acquire(pool=name) | M.Release(pool=name):
                yield "pool", name, step.at
            case M.Spawn(flow=name):
                yield "flow", name, "origin"
            case M.Switch(state=name) | M.Assign(state=name):
                yield "state", name, step.at
