"""Outages of some of a station's servers: a host fails, and the others go on."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

from jukinet_sim.juki_net.incidents.schema import StationOutage
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.network import model as M


def with_fewer(nation: Nation, name: str, incident: StationOutage, station: M.Station, at_s: float, for_s: float) -> M.Station:
    """Return a station that has fewer servers meanwhile; a fault where it has a timetable, or none would be left."""
    plan = station.schedule or M.Schedule((0.0,), (station.servers_at(0),))
    wrong = _wrong(incident, station, plan, at_s, for_s)
    if wrong is not None:
        nation.fault(f"incidents.{name}.servers", *wrong)
        return station
    return replace(station, schedule=_less(plan, at_s, at_s + for_s, incident.servers or 0))


def _wrong(incident: StationOutage, station: M.Station, plan: M.Schedule, at_s: float, for_s: float) -> tuple[str, str] | None:
    """Return what is wrong with an outage of some servers, and the cure."""
    if station.per is not None:
        return f"each place has a {station.name} of its own", "delete servers: the whole one is down at its places"
    if incident.late_by is not None:
        return "one station is put right at one time", "delete late_by, or servers"
    if plan.repeat_s is not None:
        return f"{station.name} has a timetable", "delete servers: all that are at work are down"
    least = min(_during(plan, at_s, at_s + for_s))
    if (incident.servers or 0) >= least:
        return f"{station.name} has {least} then", "name fewer, or delete servers: all of them are down"
    return None


def _during(plan: M.Schedule, from_s: float, to_s: float) -> list[int]:
    """Return the numbers of servers that a plan has from an instant until another."""
    first = bisect_right(plan.start_s, from_s) - 1
    return [servers for at_s, servers in zip(plan.start_s[first:], plan.servers[first:], strict=True) if at_s < to_s]


def _less(plan: M.Schedule, from_s: float, to_s: float, down: int) -> M.Schedule:
    """Return a plan with so many servers less from an instant until another."""
    instants = sorted({*plan.start_s, from_s, to_s})
    planned = (plan.servers[bisect_right(plan.start_s, at_s) - 1] for at_s in instants)
    servers = [number - down * (from_s <= at_s < to_s) for at_s, number in zip(instants, planned, strict=True)]
    return M.Schedule(tuple(instants), tuple(servers))
