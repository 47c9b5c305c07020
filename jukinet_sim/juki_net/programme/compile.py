"""The programme as stations that change on dates, flows that come with changes, and routes that lead to the new centre."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.links import LINKS, Sending
from jukinet_sim.juki_net.nation import MUNICIPALITY, PREFECTURE
from jukinet_sim.juki_net.programme import centre
from jukinet_sim.juki_net.programme.coming import Arriving, coming, programme_of
from jukinet_sim.juki_net.programme.entry import entry
from jukinet_sim.juki_net.programme.names import CENTRE
from jukinet_sim.juki_net.programme.schema import (
    CutOverChange,
    Entry,
    Joining,
    Merger,
    PrefectureCentre,
    Renewal,
    Resizing,
    Software,
)
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.juki_net.updates.forwarding import Forwarding
from jukinet_sim.network import model as M

PROGRAMME = "programme."
"""How flows that come with changes are called: by the change."""
FAILED = "cut-over"
"""The kind of calls that a failed change makes, as one of operators does."""
_TIERS = {"prefectures": PREFECTURE, "municipalities": MUNICIPALITY}
_AT = {PREFECTURE: ("nation-to-prefecture", "prefecture_server"), MUNICIPALITY: ("nation-to-cs", "cs")}
"""By which link software comes to a machine of a tier, and the machine."""


class Changes(Topic):
    """What a programme changes."""

    def __init__(self, machines: Machines, always_open: Forwarding, calls: CallCentre) -> None:
        self.machines, self.forwarding, self.calls, self.nation = machines, always_open, calls, machines.nation
        self.spec = programme_of(machines.nation)
        self._volumes: list[Volume] = []

    @cached_property
    def arriving(self) -> dict[str, Arriving]:
        """When each change comes to which places; changes of traffic and entries come to none."""
        found = {}
        for name, change in self.spec.changes.items():
            path = f"programme.changes.{name}"
            match change:
                case Software(software=tier):
                    found[name] = self._waves(change, name, _TIERS[tier], path)
                case Renewal():
                    found[name] = self._waves(change, name, self._level_of(change.renews, f"{path}.renews"), path)
                case Resizing():
                    at_s = self.nation.period.seconds_of(change.first_day)
                    found[name] = Arriving.at(name, None, {0: at_s})
                case Merger() | Joining():
                    seconds = self.nation.period.seconds_of
                    at_places = {move.place: seconds(move.day) for move in self.nation.moves if move.change == name}
                    found[name] = Arriving.at(name, MUNICIPALITY, at_places)
        if self.spec.prefecture_centre is not None:
            path = "programme.prefecture_centre"
            found["prefecture_centre"] = self._waves(self.spec.prefecture_centre, "prefecture_centre", PREFECTURE, path)
        return found

    def _waves(self, change: CutOverChange, name: str, level: str, path: str) -> Arriving:
        return Arriving(name, level, coming(self.nation, change, name, level, path))

    def _level_of(self, station: str, path: str) -> str:
        """Return the level at which a station stands that comes to places by waves; a fault where it is none."""
        levels = {one.name: one.per for one in self.machines.stations() if one.per in _TIERS.values()}
        if station not in levels:
            what = f'"{station}" is no machine that each municipality or prefecture has'
            self.nation.fault(path, what, one_of(station, levels, 'write "resizes" for one of the nation'))
        return levels.get(station) or MUNICIPALITY

    def stations(self) -> tuple[M.Station, ...]:
        """Return the machines of the centre."""
        spec = self.spec.prefecture_centre
        if spec is None:
            return ()
        if any(one.per is None for one in self.machines.stations() if one.name in CENTRE):
            what = "the prefectures have one centre already, by per: nation"
            self.nation.fault("programme.prefecture_centre", what, 'write "per: prefecture", or delete this key')
        self._check_connections(spec)
        return centre.stations(self.nation, spec)

    def _check_connections(self, spec: PrefectureCentre) -> None:
        """Require that sessions are limited with the prefectures and at the centre, or with neither."""
        crypto = self.nation.spec.crypto
        limited = crypto is not None and crypto.sessions is not None and crypto.sessions.connections is not None
        path = "programme.prefecture_centre.hsm"
        if limited and spec.hsm.connections is None:
            what = "a prefecture's security modules keep so many sessions at a time, and nothing says how many the centre's do"
            self.nation.fault(path, what, 'add "connections: 8000"')
        if not limited and spec.hsm.connections is not None:
            what = "the centre's security modules keep so many sessions at a time, and nothing says how many a prefecture's do"
            self.nation.fault(f"{path}.connections", what, "add crypto.sessions.connections, or delete this")

    def pools(self) -> tuple[M.Pool, ...]:
        """Return the connections of the centre."""
        return () if self.spec.prefecture_centre is None else centre.pools(self.spec.prefecture_centre)

    def states(self) -> tuple[M.State, ...]:
        """Return which prefectures have moved to the centre."""
        if self.spec.prefecture_centre is None:
            return ()
        return (centre.moved_state(self.arriving["prefecture_centre"].dates),)

    def flows(self) -> Flows:
        """Return registers on their way to the centre, software on its way to machines, and entries in bulk."""
        self.calls.on_dates(FAILED, self._failed_s())
        found = [*self._copies()]
        for name, change in self.spec.changes.items():
            match change:
                case Software():
                    found.append(self._distributed(name, change))
                case Merger() | Joining():
                    found.append(self._counted(name))
                case Entry():
                    flow, count = entry(self.machines, self.forwarding, PROGRAMME + name, change, f"programme.changes.{name}")
                    self._volumes.append(Volume(flow.name, count, False, None))
                    found.append(flow)
        return tuple(found)

    def _counted(self, name: str) -> M.Flow:
        """Return a flow of one job for each municipality that merges or joins, on its day, so that a table can count them."""
        return M.Flow(PROGRAMME + name, (M.Delay(NOTHING, "comes"),), self._on_its_days(name), origin=MUNICIPALITY)

    def _on_its_days(self, name: str) -> M.Scheduled:
        """Return a job for each place to which a change comes in the run, when it does."""
        dates = self.arriving[name].dates.items()
        due = sorted((one.at_s, place) for place, one in dates if 0.0 <= one.at_s < self.nation.period.seconds)
        at_s = M.frozen_floats([at_s for at_s, _ in due])
        return M.Scheduled(at_s, (1,) * len(due), tuple(place for _, place in due))

    def _failed_s(self) -> list[float]:
        """Return when attempts fail, in the run, in order."""
        dates = [one.failed_s for arriving in self.arriving.values() for one in arriving.dates.values()]
        return sorted(at_s for at_s in dates if at_s is not None and 0.0 <= at_s < self.nation.period.seconds)

    def _copies(self) -> Iterator[M.Flow]:
        spec = self.spec.prefecture_centre
        if spec is not None:
            for flow, records in centre.copies(self.nation, spec, self.arriving["prefecture_centre"].dates):
                self._volumes.append(Volume(flow.name, records, True, None))
                yield flow

    def _distributed(self, name: str, change: Software) -> M.Flow:
        """Return the flow of software to the places that get it in the run, from the national centre to the machine."""
        level = _TIERS[change.software]
        link, machine = _AT[level]
        arrivals = self._on_its_days(name)
        sending = Sending(self.machines, change.size.value, 0.0, "origin")
        route = (
            self.machines.passing("national_firewall", "origin", "sent", ""),
            *LINKS[link].cross(sending),
            *self.machines.handling(machine, "origin", "received", ""),
        )
        return M.Flow(PROGRAMME + name, route, arrivals, origin=level)

    def volumes(self) -> Iterator[Volume]:
        """Yield what has to arrive of registers and entries."""
        yield from self._volumes

    def equipped(self, stations: tuple[M.Station, ...]) -> tuple[M.Station, ...]:
        """Return all stations with the dates on which they are replaced, resized or away."""
        found = {station.name: station for station in stations}
        for name, change in self.spec.changes.items():
            path = f"programme.changes.{name}"
            if isinstance(change, Renewal) and change.renews in found:
                found[change.renews] = self._renewed(found[change.renews], change, self.arriving[name])
            elif isinstance(change, Resizing):
                self._resize(found, change, path)
        spec = self.spec.prefecture_centre
        if spec is not None:
            away = tuple(centre.away(self.nation, spec, self.arriving["prefecture_centre"].dates))
            server = found["prefecture_server"]
            found["prefecture_server"] = replace(server, outages=(*server.outages, *away))
        return tuple(found.values())

    def _renewed(self, station: M.Station, change: Renewal, arriving: Arriving) -> M.Station:
        """Return a station that is faster at each place from a date on, and away before."""
        speed, outages = [*station.speed], [*station.outages]
        if any(one.at_s > 0.0 for one in speed):
            what = f'"{station.name}" has speeds of its own from other dates on'
            self.nation.fault(f"programme.changes.{arriving.name}.renews", what, 'delete "changes" of the machine, or this')
        horizon_s = self.nation.period.seconds
        for place, one in arriving.dates.items():
            if one.at_s < horizon_s:
                faster = change.speed.value * station.speed_at_start(place)
                speed.append(M.SpeedFrom(max(0.0, one.at_s), faster, place))
            if change.away is not None:
                instants = (at_s for at_s in (one.failed_s, one.at_s) if at_s is not None and 0.0 <= at_s < horizon_s)
                outages += [M.Outage(at_s, change.away.value, place) for at_s in instants]
        ordered = sorted(speed, key=lambda one: one.at_s)
        return replace(station, speed=tuple(ordered), outages=tuple(outages))

    def _resize(self, found: dict[str, M.Station], change: Resizing, path: str) -> None:
        """Give a station another number of servers from a date on."""
        station = found.get(change.resizes)
        if station is None:
            cure = one_of(change.resizes, found, "name a station of the network")
            self.nation.fault(f"{path}.resizes", f'unknown station "{change.resizes}"', cure)
            return
        if not isinstance(station.servers, int):
            what = f'the places of "{station.name}" have numbers of servers of their own'
            self.nation.fault(f"{path}.resizes", what, "change them in the list of municipalities")
            return
        at_s = max(0.0, self.nation.period.seconds_of(change.first_day))
        if at_s >= self.nation.period.seconds:
            return
        before = station.schedule or M.Schedule((0.0,), (station.servers,))
        if before.repeat_s is not None or (at_s <= before.start_s[-1] and at_s > 0.0):
            what = f'"{station.name}" has a timetable, or another change on this day or later'
            self.nation.fault(f"{path}.on", what, "sort the changes of a station by date, one for each")
            return
        start_s = (*before.start_s, at_s) if at_s > 0.0 else (0.0,)
        servers = (*before.servers, change.servers.value) if at_s > 0.0 else (change.servers.value,)
        found[station.name] = replace(station, servers=max(servers), schedule=M.Schedule(start_s, servers))

    def through(self, flows: Flows) -> Flows:
        """Return flows that go to the centre where their prefecture has moved; registers on their way there stay."""
        if self.spec.prefecture_centre is None:
            return flows
        return tuple(flow if flow.name == centre.COPY else replace(flow, route=centre.through(flow.route)) for flow in flows)
