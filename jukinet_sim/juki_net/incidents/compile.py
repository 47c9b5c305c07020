"""Incidents on their dates: outages of stations, and changes of the states that forwarding looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from jukinet_sim.base.suggest import one_of
from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.incidents import schema as I
from jukinet_sim.juki_net.incidents.fewer import with_fewer
from jukinet_sim.juki_net.incidents.places import known_places, place_numbers
from jukinet_sim.juki_net.monitoring.equipment import repaired
from jukinet_sim.juki_net.nation import MUNICIPALITY, PREFECTURE, Nation
from jukinet_sim.network import model as M

Changes = tuple[tuple[float, int | None, int], ...]


@dataclass(frozen=True)
class Troubles:
    """Dated changes of municipalities' states: acknowledgements lost, updates refused."""

    lost: Changes
    refused: Changes


def troubles(nation: Nation) -> Troubles:
    """Turn incidents of forwarding into dated changes; faults for unknown codes and incidents that overlap."""
    lost: list[tuple[float, float, int, str]] = []
    refused: list[tuple[float, float, int, str]] = []
    for name, incident in nation.spec.incidents.items():
        match incident:
            case I.LostAcknowledgement():
                lost += _at_places(nation, name, incident, incident.lost_acknowledgement, "lost_acknowledgement")
            case I.MalformedUpdate():
                refused += _at_places(nation, name, incident, incident.malformed_update, "malformed_update")
    return Troubles(_changes(nation, lost), _changes(nation, refused))


def with_outages(nation: Nation, stations: tuple[M.Station, ...]) -> tuple[M.Station, ...]:
    """Add the outages of incidents to their stations; faults for unknown stations and codes."""
    known = {station.name: station for station in stations}
    found: dict[str, list[M.Outage]] = {station.name: list(station.outages) for station in stations}
    levels = {station.name: station.per for station in stations}
    for name, incident in nation.spec.incidents.items():
        if not isinstance(incident, I.StationOutage):
            continue
        path = f"incidents.{name}"
        if incident.outage not in found:
            nation.fault(f"{path}.outage", f'unknown station "{incident.outage}"', one_of(incident.outage, found, ""))
            continue
        at_s, for_s = _begins(nation, name, incident), _lasts_s(nation, name, incident)
        if incident.servers is not None:
            known[incident.outage] = with_fewer(nation, name, incident, known[incident.outage], at_s, for_s)
            continue
        level = levels[incident.outage]
        where: Sequence[int | None] = (None,)
        if level is None and incident.places is not None:
            nation.fault(f"{path}.places", f"there is only one {incident.outage}", "delete places")
        elif level is not None and incident.places is not None:
            where = place_numbers(nation, level, incident.places, f"{path}.places")
        elif level is not None and incident.late_by is not None:
            where = range(len(nation.codes(level)))
        late_s = _lateness(nation, name, incident, len(where))
        found[incident.outage] += [M.Outage(at_s, for_s + late, place) for place, late in zip(where, late_s, strict=True)]
    return tuple(replace(station, outages=tuple(found[name])) for name, station in known.items())


def watches(
    nation: Nation, stations: Sequence[M.Station], pools: Sequence[M.Pool], flows: Iterable[M.Flow]
) -> tuple[M.Watch, ...]:
    """Where the back-logs of incidents are looked for: at a broken station, and at every pool that is held meanwhile.

    Whoever stands at the broken station may hold an uplink or a terminal, for which others wait behind.
    """
    levels = {station.name: station.per for station in stations}
    held, owned = _held_at(flows), {pool.name: pool.per for pool in pools}
    found = []
    for name, incident in nation.spec.incidents.items():
        at_s = _begins(nation, name, incident)
        watch = partial(M.Watch, name, at_s, at_s + _lasts_s(nation, name, incident))
        match incident:
            case I.LostAcknowledgement(lost_acknowledgement=codes) | I.MalformedUpdate(malformed_update=codes):
                found.append(watch("pool", "cs_uplink", known_places(nation, MUNICIPALITY, codes)))
            case I.StationOutage(outage=station) if station in levels:
                level = levels[station]
                places = None if incident.places is None or level is None else known_places(nation, level, incident.places)
                # It is over when the last place is back.
                everywhere = 1 if level is None else len(nation.codes(level)) if places is None else len(places)
                latest_s = max(_lateness(nation, name, incident, everywhere), default=0.0)
                watch = partial(M.Watch, name, at_s, at_s + _lasts_s(nation, name, incident) + latest_s)
                found.append(watch("station", station, places))
                behind = ((pool, _within(nation, places, level, owned.get(pool))) for pool in held.get(station, ()))
                found.extend(watch("pool", pool, its) for pool, its in behind)
    return tuple(found)


def concerned(nation: Nation) -> Iterator[float]:
    """Yield the beginning of each incident once for each municipality that it concerns; a nation-wide one concerns all."""
    of, connected = nation.places.prefecture, nation.places.connected
    known = nation.codes(PREFECTURE)
    for name, incident in nation.spec.incidents.items():
        match incident:
            case I.LostAcknowledgement(lost_acknowledgement=codes) | I.MalformedUpdate(malformed_update=codes):
                towns = len(known_places(nation, MUNICIPALITY, codes))
            case I.StationOutage(places=None):
                towns = int(connected.sum())
            case I.StationOutage(places=I.InGroup() as group):
                towns = len(known_places(nation, MUNICIPALITY, group))
            case I.StationOutage(places=codes):
                at = [known[code] for code in codes or () if code in known]
                towns = int(connected[np.isin(of, at)].sum()) + len(known_places(nation, MUNICIPALITY, codes or ()))
        yield from (_begins(nation, name, incident) for _ in range(towns))


def _held_at(flows: Iterable[M.Flow]) -> dict[str, tuple[str, ...]]:
    """Return the pools of which a job may hold a token while it is at a station of its origin, or at one that all share."""
    found: dict[str, dict[str, None]] = {}
    for flow in flows:
        held: dict[str, None] = {}
        for step in M.all_steps(flow.route):
            match step:
                case M.Acquire(pool=pool):
                    held[pool] = None
                case M.Release(pool=pool):
                    held.pop(pool, None)
                case M.Visit(station=station, at="origin"):
                    found.setdefault(station, {}).update(held)
    return {station: tuple(pools) for station, pools in found.items()}


def _within(nation: Nation, places: tuple[int, ...] | None, level: str | None, wanted: str | None) -> tuple[int, ...] | None:
    """Return the places of another level that belong to some places; all of them where that cannot be told."""
    if places is None or level == wanted:
        return places
    of = nation.places.prefecture
    if level == PREFECTURE and wanted == MUNICIPALITY:
        return tuple(np.nonzero(np.isin(of, places))[0].tolist())
    if level == MUNICIPALITY and wanted == PREFECTURE:
        return tuple(sorted({int(of[place]) for place in places}))
    return None


def _lateness(nation: Nation, name: str, incident: I.StationOutage, places: int) -> list[float]:
    """Return by how many seconds an outage lasts longer at each of some places."""
    if incident.late_by is None:
        return [0.0] * places
    drawn = -incident.late_by.value * np.log(uniforms(nation.run.seed, f"{name} put right late", places))
    return [float(late) for late in drawn]


def _begins(nation: Nation, name: str, incident: I.Begun) -> float:
    """Seconds from the start of the run; a fault for an incident outside it."""
    at_s = nation.seconds_of(incident.at)
    if not 0.0 <= at_s < nation.period.seconds:
        what = f"this incident begins outside the run, {nation.period.first} to {nation.period.last}"
        nation.fault(f"incidents.{name}.at", what, "change its date or the run's period")
    return max(at_s, 0.0)


def _lasts_s(nation: Nation, name: str, incident: I.AnyIncident) -> float:
    """Return how long an incident lasts: as stated, or until it has been noticed and mended; a fault where nobody notices."""
    if incident.for_s is not None:
        return incident.for_s
    assert isinstance(incident, I.StationOutage)  # others have a length
    known = repaired(nation, incident, _begins(nation, name, incident))
    if known is None:
        what = "how long this outage lasts follows from when it is noticed, and nobody watches equipment"
        nation.fault(f"incidents.{name}.repair", what, 'write "for: 4 h" instead, or add "monitoring: {..., equipment: ...}"')
        return 1.0
    return known.ends_s - known.at_s


def _at_places(
    nation: Nation, name: str, incident: I.IncidentBase, where: I.Where, key: str
) -> list[tuple[float, float, int, str]]:
    """Begin, end, municipality and name of an incident at each of its places."""
    at_s = _begins(nation, name, incident)
    places = place_numbers(nation, MUNICIPALITY, where, f"incidents.{name}.{key}")
    return [(at_s, at_s + incident.for_s, place, name) for place in places]


def _changes(nation: Nation, spans: list[tuple[float, float, int, str]]) -> Changes:
    """1 where a span begins and 0 where it ends; a fault where two of one place overlap."""
    ordered = sorted(spans, key=lambda span: (span[2], span[0]))
    for before, after in pairwise(ordered):
        if before[2] == after[2] and after[0] <= before[1]:
            what = f'this incident begins before "{before[3]}" has ended at {nation.places.code[after[2]]}'
            nation.fault(f"incidents.{after[3]}.at", what, "let it begin later, or make one incident of both")
    changes = [change for begin, end, place, _ in ordered for change in ((begin, place, 1), (end, place, 0))]
    return tuple(sorted(changes, key=lambda change: change[0]))
