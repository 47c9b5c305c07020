"""One centre in place of the prefectures' own machines: where a message is worked depends on whether they have moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.nation import BITS, PREFECTURE, Nation
from jukinet_sim.juki_net.programme.coming import Coming
from jukinet_sim.juki_net.programme.names import CENTRE, CENTRE_CONNECTIONS, MOVED
from jukinet_sim.juki_net.programme.schema import Copying, PrefectureCentre
from jukinet_sim.network import model as M

COPY = "programme.copy"
"""The registers on their way to the centre, a job for each prefecture."""


def stations(nation: Nation, spec: PrefectureCentre) -> tuple[M.Station, ...]:
    """Return the machines of the centre; each is as fast as a prefecture's times its speed."""
    hosts = [(one.servers.value, one.speed.value) for one in (spec.firewall, spec.hsm, spec.server)]
    hosts.append((1, spec.line.value / nation.spec.prefecture.line.bit_rate.value))
    return tuple(_station(name, *host) for name, host in zip(CENTRE.values(), hosts, strict=True))


def _station(name: str, servers: int, speed: float) -> M.Station:
    return M.Station(name, servers, speed=() if speed == 1.0 else (M.SpeedFrom(0.0, speed),))


def pools(spec: PrefectureCentre) -> tuple[M.Pool, ...]:
    """Return the connections of the centre's security modules, where they are limited."""
    connections = spec.hsm.connections
    return () if connections is None else (M.Pool(CENTRE_CONNECTIONS, connections.value, discipline="priority"),)


def moved_state(dates: Mapping[int, Coming]) -> M.State:
    """Return which prefectures have moved when."""
    changes = sorted((max(0.0, one.at_s), place, 1) for place, one in dates.items())
    return M.State(MOVED, 0, PREFECTURE, tuple(changes))


def away(nation: Nation, spec: PrefectureCentre, dates: Mapping[int, Coming]) -> Iterator[M.Outage]:
    """Yield when the servers of prefectures stand still as they move, those included that fail to."""
    if spec.away is None:
        return
    for place, one in dates.items():
        for at_s in (one.failed_s, one.at_s):
            if at_s is not None and 0.0 <= at_s < nation.period.seconds:
                yield M.Outage(at_s, spec.away.value, place)


def copies(nation: Nation, spec: PrefectureCentre, dates: Mapping[int, Coming]) -> Iterator[tuple[M.Flow, int]]:
    """Yield the flow by which registers are copied before the moves that lie in the run, and its records."""
    copying = spec.copy_
    if copying is None:
        return
    people = {place: _people(nation, place, one.at_s) for place, one in dates.items()}
    due = sorted((dates[place].at_s - copying.lead.value, place) for place in dates if people[place] > 0)
    inside = [(at_s, place) for at_s, place in due if 0.0 <= at_s < nation.period.seconds]
    places = tuple(place for _, place in inside)
    records = tuple(people[place] for place in places)
    arrivals = M.Scheduled(M.frozen_floats([at_s for at_s, _ in inside]), records, places)
    yield M.Flow(COPY, (_copied(nation, copying),), arrivals, origin=PREFECTURE), sum(records)


def _people(nation: Nation, place: int, at_s: float) -> int:
    """Return the residents of a prefecture's municipalities that are on the network at an instant."""
    return int(nation.residents_on(nation.period.date_at(at_s))[nation.places.prefecture == place].sum())


def _copied(nation: Nation, copying: Copying) -> M.Loop:
    """Return how a register travels, lot by lot: over the prefecture's line, to the server of the centre."""
    line = nation.spec.prefecture.line
    lot = (
        M.Visit("prefecture_line", NOTHING, copying.record.value * BITS / line.bit_rate.value, label="line"),
        M.Delay(constant(line.latency.value), "way"),
        M.Visit(CENTRE["prefecture_server"], NOTHING, copying.per_record.value, label="stored"),
    )
    return M.Loop(lot, per_records=copying.lot.value, label="lots")


def through(steps: Sequence[M.Step], prefix: str = "") -> tuple[M.Step, ...]:
    """Return a route that goes to the centre in place of a prefecture that has moved; what is there already keeps its draws."""
    if not any(isinstance(step, M.Visit) and step.station in CENTRE for step in M.all_steps(steps)):
        return tuple(steps)
    paths = [M.step_path(prefix, number, step) for number, step in enumerate(steps)]
    aims = {label for step in steps for label in M.jumps(step) if label}
    found: list[M.Step] = []
    number = 0
    while number < len(steps):
        step, path = steps[number], paths[number]
        stretch = _stretch(steps, paths, aims, number)
        if stretch:
            found += _either(stretch, path, aimed_at=path in aims)
        elif isinstance(step, M.Loop):
            found.append(replace(step, body=through(step.body, f"{path}."), label=path))
        else:
            found.append(replace(step, label=path))
        number += max(1, len(stretch))
    return tuple(found)


def _stretch(steps: Sequence[M.Step], paths: Sequence[str], aims: set[str], start: int) -> list[tuple[M.Visit, str]]:
    """Return visits to machines of one prefecture, one right after the other, that nobody enters but at the first."""
    found: list[tuple[M.Visit, str]] = []
    for step, path in zip(steps[start:], paths[start:], strict=True):
        if not isinstance(step, M.Visit) or step.station not in CENTRE:
            break
        if found and (path in aims or step.at != found[0][0].at):
            break
        found.append((step, path))
    return found


def _either(visits: Sequence[tuple[M.Visit, str]], path: str, *, aimed_at: bool) -> Iterator[M.Step]:
    """Yield a stretch of visits at the prefecture, and again at the centre, and what decides between them."""
    at = visits[0][0].at
    there, on = f"{path}~moved", f"{path}~worked"
    yield M.Switch(MOVED, ((1, there),), at, path if aimed_at else f"{path}~where")
    for number, (visit, own) in enumerate(visits):
        yield replace(visit, label=f"{own}~stayed" if aimed_at and number == 0 else own)
    yield M.Switch(MOVED, ((0, on), (1, on)), at, f"{path}~there")
    for visit, own in visits:
        yield replace(visit, station=CENTRE[visit.station], label=f"{own}~moved")
    yield M.Delay(NOTHING, on)
