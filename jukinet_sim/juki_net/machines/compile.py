"""The equipment of the three tiers as stations and pools, and what it takes to be handled by each."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import DAY_S
from jukinet_sim.chance.distributions import Distribution, constant, exponential, lognormal
from jukinet_sim.crypto.exchanges import Granularity
from jukinet_sim.juki_net.crypto.bill import Owed
from jukinet_sim.juki_net.crypto.compile import make_bills
from jukinet_sim.juki_net.crypto.negotiate import End
from jukinet_sim.juki_net.crypto.pay import NOTHING, Doing, Secured, Side
from jukinet_sim.juki_net.crypto.sessions import CONNECTIONS, Opening, Pair
from jukinet_sim.juki_net.machines.hosts import limited_hosts
from jukinet_sim.juki_net.machines.kept_up import kept_up
from jukinet_sim.juki_net.machines.schema import Firewall, Hsm, NationalStation, PrefectureLevel, Provision, Server
from jukinet_sim.juki_net.machines.upkeep import Machine
from jukinet_sim.juki_net.nation import AGENCY, MUNICIPALITY, PREFECTURE, Nation
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.network import model as M

LINES = ("cs_line", "cs_line_in", "prefecture_line", "agency_line")
"""Stations that are lines: what passes them has a size, so that only links lead over them."""
EQUIPMENT = ("cs", "network_firewall", "prefecture_server", "national_database", "provision_server")
UPLINKS = ("cs_uplink", "prefecture_uplink")


def _level(per: PrefectureLevel) -> str | None:
    """Return the level of places at which the prefectural tier stands; None for one centre of the nation."""
    return PREFECTURE if per == "prefecture" else None


def _packet_filter(name: str, spec: Firewall, per: str | None) -> M.Station:
    return M.Station(name, spec.servers.value, per, capacity=_room(spec))


def _room(spec: Firewall) -> int | None:
    """Return how many messages a firewall has in hand at most."""
    return None if spec.connections is None else spec.connections.value


def demand(mean_s: float, cv: float) -> Distribution:
    """Return a service time by mean and coefficient of variation: constant, exponential or log-normal."""
    if cv == 0.0:
        return constant(mean_s)
    return exponential(mean_s) if cv == 1.0 else lognormal(mean_s, cv)


class Machines:
    """The stations by name, each with the service a message gets there."""

    def __init__(self, nation: Nation) -> None:
        self.nation = nation
        town, county, centre = nation.spec.municipality, nation.spec.prefecture, nation.spec.nation
        self._firewalls: dict[str, Firewall] = {
            "municipal_firewall": town.firewall,
            "prefecture_firewall": county.firewall,
            "national_firewall": centre.network_firewall,
            "agency_firewall": centre.agency_firewall,
        }
        self._hsms: dict[str, Hsm] = {"prefecture_hsm": county.hsm, "national_hsm": centre.hsm}
        self._servers: dict[str, Server | NationalStation] = {
            "cs": town.cs,
            "prefecture_server": county.server,
            "national_database": centre.database,
            "provision_server": centre.provision,
            **nation.spec.stations,
        }
        self._check_names("stations", nation.spec.stations, {*self._firewalls, *self._hsms, *LINES, *EQUIPMENT})
        self._check_names("terminals", nation.spec.terminals, UPLINKS)
        self.bills = make_bills(nation)
        """What prices exchanges: nothing without a suite, that of the suite, or those of the old and the new one."""
        sessions = None if nation.spec.crypto is None else nation.spec.crypto.sessions
        programme = nation.spec.programme
        moving = programme is not None and programme.prefecture_centre is not None
        self.opening = None if sessions is None or not self.bills else Opening(sessions, self.bills, moving)
        self.hosts = limited_hosts(nation)

    def _check_names(self, section: str, names: Iterable[str], taken: Collection[str]) -> None:
        """Refuse further stations and terminals that bear a name of the equipment."""
        for name in names:
            if name in taken:
                self.nation.fault(f"{section}.{name}", f'"{name}" is part of the equipment already', "choose another name")

    def passing(self, station: str, at: M.Which, label: str | None, path: str) -> M.Visit:
        """Return the visit of one message to a machine that is not a line; a fault where there is no such machine."""
        if station in self._firewalls:
            return M.Visit(station, constant(self._firewalls[station].inspection_s), at=at, label=label)
        if station in self._hsms:
            hsm = self._hsms[station]
            return M.Visit(station, constant(hsm.per_operation.value * hsm.operations_per_message.value), at=at, label=label)
        if station in self._servers:
            server = self._servers[station]
            each = server.per_record if isinstance(server, (Provision, NationalStation)) else None
            seconds = 0.0 if each is None else each.value
            return M.Visit(station, demand(server.service.value, server.cv.value), seconds, at, label)
        known = [*self._firewalls, *self._hsms, *self._servers]
        is_line = station in LINES
        what = f'"{station}" is a line, which takes a message of some size' if is_line else f'unknown station "{station}"'
        unknown = one_of(station, known, "define it under juki_net.stations")
        cure = 'write "send: ..." over a link instead' if is_line else unknown
        self.nation.fault(path, what, cure)
        return M.Visit(station, constant(1.0), at=at, label=label)

    def module(self, station: str, at: M.Which = "origin") -> M.Visit:
        """Return the visit of a message on its way to a security module; with a suite it takes what its operations take."""
        return self.passing(station, at, None, "") if not self.bills else M.Visit(station, NOTHING, at=at)

    def secured(self, ends: Sequence[tuple[End, Side]], stated_bytes: float, per_record: float = 0.0) -> Secured:
        """Return the mark of a message that is signed and sealed at one end, opened and verified at the other."""

        def owed(side: Doing, module: bool, suite: int) -> Owed:
            return self.bills[suite].message(stated_bytes, per_record, side, module=module)

        return Secured(ends=tuple(ends), owed=owed)

    def opened(self, pair: Pair) -> tuple[M.Step, ...]:
        """Return the steps by which two machines open a session, where none is open; none where sessions cost nothing."""
        return () if self.opening is None else self.opening.steps(pair)

    @property
    def granularity(self) -> Granularity:
        """Whether records of files are signed one by one, or a file as a whole."""
        crypto = self.nation.spec.crypto
        return "file" if crypto is None else crypto.granularity

    def wire_bytes(self, stated_bytes: float, suite: int = 0) -> float:
        """Return how many bytes a message of a stated size has on a line."""
        return self.bills[suite].wire_bytes(stated_bytes) if self.bills else stated_bytes

    def handling(self, station: str, at: M.Which, label: str, path: str) -> tuple[M.Step, ...]:
        """Return the same for a step of a route: while a CS restarts, messages wait before it and those in it are finished."""
        visit = self.passing(station, at, label, path)
        if station != "cs" or self._up is None:
            return (visit,)
        opens_s, closes_s = self._up
        return M.Gate(opens_s, closes_s, label=label), replace(visit, label=f"{label}.up")

    @cached_property
    def _up(self) -> tuple[M.Floats, M.Floats] | None:
        """When the CSs are up: from the end of one daily restart to the beginning of the next, and beyond a run that drains."""
        restart = self.nation.spec.municipality.restart
        if restart is None:
            return None
        days = extended(self.nation.period, self.nation.run.drain).days
        stops = np.arange(days) * DAY_S + restart.at.value
        opens_s, closes_s = np.append(0.0, stops + restart.takes.value), np.append(stops, days * DAY_S)
        some = closes_s > opens_s
        return M.frozen_floats(opens_s[some]), M.frozen_floats(closes_s[some])

    def stations(self) -> tuple[M.Station, ...]:
        """Every station, the equipment first, tier by tier."""
        town, county, centre = self.nation.spec.municipality, self.nation.spec.prefecture, self.nation.spec.nation
        own = self.nation.places
        cs_servers = _own_or(own.cs_servers, town.cs.servers.value)
        cs_speed = _speeds(own.cs_service_s, town.cs.service.value)
        equipment = (
            _packet_filter("municipal_firewall", town.firewall, MUNICIPALITY),
            M.Station("cs", cs_servers, MUNICIPALITY, speed=cs_speed),
            *self._municipal_lines(),
            _packet_filter("prefecture_firewall", county.firewall, _level(county.firewall.per)),
            M.Station("prefecture_hsm", county.hsm.servers.value, _level(county.hsm.per)),
            M.Station("prefecture_server", county.server.servers.value, _level(county.server.per)),
            M.Station("prefecture_line", 1, PREFECTURE),
            _packet_filter("national_firewall", centre.network_firewall, None),
            M.Station("national_hsm", centre.hsm.servers.value),
            M.Station("national_database", centre.database.servers.value),
            M.Station("provision_server", centre.provision.servers.value),
            _packet_filter("agency_firewall", centre.agency_firewall, None),
            M.Station("agency_line", 1, AGENCY),
        )
        further = (M.Station(name, s.servers.value, s.per) for name, s in self.nation.spec.stations.items())
        return kept_up(self.nation, (*equipment, *further), self._kept)

    @property
    def _kept(self) -> Mapping[str, Machine]:
        """Return what is said of failures and dates by station; a fault for a firewall that is one with its line."""
        packet_filter = self.nation.spec.municipality.network_firewall
        if not self.own_lines and (packet_filter.breakdowns is not None or packet_filter.changes):
            key = "breakdowns" if packet_filter.breakdowns is not None else "changes"
            what = "this firewall is one with its line here, which has one server"
            cure = "delete it, or give municipalities lines of their own in a list (line_mbit_s)"
            self.nation.fault(f"municipality.network_firewall.{key}", what, cure)
        return {**self._firewalls, **self._hsms, **self._servers, "network_firewall": packet_filter}

    @property
    def own_lines(self) -> bool:
        """Whether municipalities have line speeds of their own, so that firewall and line are kept apart."""
        return self.nation.places.line_bit_rate is not None

    def _municipal_lines(self) -> tuple[M.Station, ...]:
        """Return the line out, one with the firewall before it unless lines differ; then a line in as well."""
        town = self.nation.spec.municipality
        if not self.own_lines:
            return (M.Station("cs_line", 1, MUNICIPALITY, capacity=_room(town.network_firewall)),)
        rates = self.nation.places.line_bit_rate
        # A line of twice the bit rate is a server twice as fast.
        speed = _speeds(None if rates is None else 1.0 / rates, 1.0 / town.line.bit_rate.value)
        return (
            _packet_filter("network_firewall", town.network_firewall, MUNICIPALITY),
            M.Station("cs_line", 1, MUNICIPALITY, speed=speed),
            M.Station("cs_line_in", 1, MUNICIPALITY, speed=speed),
        )

    def pools(self) -> tuple[M.Pool, ...]:
        """Return the uplinks that wait for acknowledgements, and the terminals of the counters."""
        terminals = []
        for name, spec in self.nation.spec.terminals.items():
            people, least = spec.people_per_terminal.value, spec.least.value
            usual = tuple(max(least, math.ceil(p / people)) for p in self.nation.places.population.tolist())
            terminals.append(M.Pool(name, _own_or(self.nation.places.terminals, usual), MUNICIPALITY))
        uplinks = M.Pool(UPLINKS[0], 1, MUNICIPALITY), M.Pool(UPLINKS[1], 1, PREFECTURE)
        return (*uplinks, *terminals, *self._connections(), *self._limits())

    def _limits(self) -> tuple[M.Pool, ...]:
        """Return what each prefecture may keep busy of the hosts of a common centre, where that is limited."""
        return tuple(one.pool for one in self.hosts)

    def _connections(self) -> tuple[M.Pool, ...]:
        """Return the connections of the prefectural security modules, where they are limited."""
        crypto, hsm = self.nation.spec.crypto, self.nation.spec.prefecture.hsm
        if crypto is None or crypto.sessions is None or crypto.sessions.connections is None:
            return ()
        return (M.Pool(CONNECTIONS, crypto.sessions.connections.value, _level(hsm.per), discipline="priority"),)


def _own_or(own: NDArray[np.int64] | None, usual: int | tuple[int, ...]) -> int | tuple[int, ...]:
    """Whole numbers for each place: its own where the list gives one (not 0), the usual elsewhere."""
    if own is None:
        return usual
    usuals = [usual] * len(own) if isinstance(usual, int) else list(usual)
    return tuple(mine or theirs for mine, theirs in zip(own.tolist(), usuals, strict=True))


def _speeds(own_s: NDArray[np.float64] | None, usual_s: float) -> tuple[M.SpeedFrom, ...]:
    """Speed factors from the start for places with a service time of their own."""
    if own_s is None:
        return ()
    return tuple(M.SpeedFrom(0.0, usual_s / own, place) for place, own in enumerate(own_s.tolist()) if not math.isnan(own))
