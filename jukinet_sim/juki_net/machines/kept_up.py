"""Machines with their breakdowns and dated changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jukinet_sim.chance.distributions import exponential
from jukinet_sim.juki_net.machines.keys import KEYS
from jukinet_sim.juki_net.machines.upkeep import Machine
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.network import model as M


def kept_up(nation: Nation, stations: tuple[M.Station, ...], specs: Mapping[str, Machine]) -> tuple[M.Station, ...]:
    """Return stations with what their specs say of failures and dates; faults where places have numbers of their own."""
    return tuple(_kept_up(nation, one, specs[one.name]) if one.name in specs else one for one in stations)


def _kept_up(nation: Nation, station: M.Station, spec: Machine) -> M.Station:
    if spec.breakdowns is not None:
        up, down = spec.breakdowns.up.value, spec.breakdowns.down.value
        station = replace(station, breakdowns=M.Breakdowns(exponential(up), exponential(down), spec.breakdowns.per))
    if not spec.changes:
        return station
    key = f"{KEYS.get(station.name, f'stations.{station.name}')}.changes"
    if not isinstance(station.servers, int) or station.speed:
        what = f'the places of "{station.name}" have numbers of their own'
        nation.fault(key, what, "change them in the list of municipalities")
        return station
    return _changed(nation, station, spec)


def _changed(nation: Nation, station: M.Station, spec: Machine) -> M.Station:
    """Return a station with the changes that come before the end of the run; of those before it the last holds."""
    assert isinstance(station.servers, int)  # others have been refused
    servers, speed = {0.0: station.servers}, {0.0: 1.0}
    for change in spec.changes:
        at_s = max(0.0, nation.period.seconds_of(change.first_day))
        if at_s < nation.period.seconds and change.servers is not None:
            servers[at_s] = change.servers.value
        if at_s < nation.period.seconds and change.speed is not None:
            speed[at_s] = change.speed.value
    if len(servers) > 1:
        schedule = M.Schedule(tuple(servers), tuple(servers.values()))
        station = replace(station, servers=max(servers.values()), schedule=schedule)
    else:
        station = replace(station, servers=servers[0.0])
    if speed == {0.0: 1.0}:
        return station
    return replace(station, speed=tuple(M.SpeedFrom(at_s, factor) for at_s, factor in speed.items()))
