"""The links between the tiers: each a message's way through firewalls, line and security module. A new link is an entry here.

Lines are full duplex and queue where a message leaves; where it arrives, its sending time and the way are one delay, unless
municipalities have line speeds of their own. Messages between prefecture and nation are decrypted and encrypted at the nation,
messages for a prefecture's own server at the prefecture.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net.crypto.negotiate import End, Tier
from jukinet_sim.juki_net.crypto.pay import Either, Side
from jukinet_sim.juki_net.crypto.sessions import Pair, followed_by
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.pairs import (
    from_prefecture,
    to_nation,
    to_other_cs,
    to_other_prefecture,
    to_prefecture,
)
from jukinet_sim.juki_net.nation import BITS
from jukinet_sim.juki_net.read import read_nation
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.part import Part
from jukinet_sim.network import model as M


@dataclass(frozen=True)
class Sending:
    """One message under way: its bytes as stated, those it has for each record in hand, and the end it leaves from."""

    machines: Machines
    bytes_: float
    per_record: float
    at: M.Which
    suite: int = 0
    """Which of the scenario's suites it is secured with."""

    @property
    def on_line(self) -> float:
        """Its bytes on a line, with what the suite adds."""
        return self.machines.wire_bytes(self.bytes_, self.suite)

    @property
    def to(self) -> M.Which:
        """The other end."""
        return "destination" if self.at == "origin" else "origin"

    def passing(self, station: str, at: M.Which | None = None) -> M.Visit:
        """Return the visit to a machine."""
        return self.machines.passing(station, at or self.at, None, "")

    def module(self, station: str, at: M.Which | None = None) -> M.Visit:
        """Return the visit to a security module."""
        return self.machines.module(station, at or self.at)

    def line(self, station: str, bit_rate: float) -> M.Visit:
        """Return the visit to a line of this speed."""
        each = self.per_record * BITS / bit_rate
        return M.Visit(station, constant(self.on_line * BITS / bit_rate), each, self.at)

    def municipal_line(self) -> tuple[M.Step, ...]:
        """Firewall and line in one visit: nothing else queues between them; two where lines differ."""
        town = self.machines.nation.spec.municipality
        firewall, line = town.network_firewall.inspection_s, self.line("cs_line", town.line.bit_rate.value)
        if self.machines.own_lines:
            return M.Visit("network_firewall", constant(firewall), at=self.at), line
        return (replace(line, demand=constant(firewall + line.demand.parameters[0])),)

    def to_municipality(self, at: M.Which, latency_s: float) -> tuple[M.Step, ...]:
        """Return the way to a municipality and what its line takes to carry the message in."""
        bit_rate = self.machines.nation.spec.municipality.line.bit_rate.value
        if self.machines.own_lines:
            return M.Delay(constant(latency_s)), replace(self.line("cs_line_in", bit_rate), at=at)
        return (M.Delay(constant(latency_s + self.on_line * BITS / bit_rate)),)


def _latencies(s: Sending) -> tuple[float, float]:
    spec = s.machines.nation.spec
    return spec.municipality.line.latency.value, spec.prefecture.line.latency.value


def _cs_to_prefecture(s: Sending) -> tuple[M.Step, ...]:
    town, _ = _latencies(s)
    return (*s.municipal_line(), M.Delay(constant(town)), s.passing("prefecture_firewall"), s.module("prefecture_hsm"))


def _prefecture_to_nation(s: Sending) -> tuple[M.Step, ...]:
    line = s.machines.nation.spec.prefecture.line
    return (
        s.line("prefecture_line", line.bit_rate.value),
        M.Delay(constant(line.latency.value)),
        s.passing("national_firewall"),
        s.module("national_hsm"),
    )


def _cs_to_nation(s: Sending) -> tuple[M.Step, ...]:
    town, _ = _latencies(s)
    return (*s.municipal_line(), M.Delay(constant(town)), s.passing("prefecture_firewall"), *_prefecture_to_nation(s))


def _cs_to_other_prefecture(s: Sending) -> tuple[M.Step, ...]:
    town, county = _latencies(s)
    way = M.Delay(constant(town + county))
    return (*s.municipal_line(), way, s.passing("prefecture_firewall", s.to), s.module("prefecture_hsm", s.to))


def _cs_to_cs(s: Sending) -> tuple[M.Step, ...]:
    town, _ = _latencies(s)
    return (*s.municipal_line(), *s.to_municipality(s.to, 2.0 * town))


def _prefecture_to_cs(s: Sending) -> tuple[M.Step, ...]:
    town, _ = _latencies(s)
    return (*s.to_municipality(s.at, town), s.passing("municipal_firewall"))


def _other_prefecture_to_cs(s: Sending) -> tuple[M.Step, ...]:
    town, county = _latencies(s)
    return (*s.to_municipality(s.at, town + county), s.passing("municipal_firewall"))


def _nation_to_prefecture(s: Sending) -> tuple[M.Step, ...]:
    line = s.machines.nation.spec.prefecture.line
    return (M.Delay(constant(line.latency.value + s.on_line * BITS / line.bit_rate.value)),)


def _nation_to_cs(s: Sending) -> tuple[M.Step, ...]:
    return (*_nation_to_prefecture(s), *_prefecture_to_cs(s))


def _nation_to_outside(s: Sending) -> tuple[M.Step, ...]:
    return (s.passing("agency_firewall"),)


Opens = Callable[[JukiNet, M.Which], Pair]
"""From a scenario and the place of a request to who opens a session by it."""
Ends = tuple[tuple[Tier, Literal["at", "to"], Side], ...]
"""Whose machines secure a message: tier, place (the end it leaves from, or the other one), and what they do."""


@dataclass(frozen=True)
class Link:
    """What a link is for, how a message crosses it, and who secures it."""

    meaning: str
    path: Callable[[Sending], tuple[M.Step, ...]]
    ends: Ends
    opens: Opens | None = None

    def cross(self, s: Sending) -> tuple[M.Step, ...]:
        """Return the steps of a message; with a suite its ends pay, and a session is opened where none is."""
        if not s.machines.bills:
            return self.path(s)
        # Between two municipalities the one that asks opens the session; what comes back uses it.
        opens = self.opens if s.at == "origin" else None
        before = () if opens is None else s.machines.opened(opens(s.machines.nation.spec, s.at))
        ends = tuple((End(tier, s.at if place == "at" else s.to), side) for tier, place, side in self.ends)
        mark = s.machines.secured(ends, s.bytes_, s.per_record)
        suites = range(len(s.machines.bills))
        first, *rest = (
            steps[0] if all(step == steps[0] for step in steps) else Either(steps=steps, link=mark.link)
            for steps in zip(*(self.path(replace(s, suite=suite)) for suite in suites), strict=True)
        )
        return (*followed_by(before, first), mark, *rest)


def _between(sender: Tier, receiver: Tier, there: Literal["at", "to"] = "at", back: Literal["at", "to"] = "at") -> Ends:
    """Return the ends of a link from one tier to another, `there` and `back` saying at which of the job's places they stand."""
    return (sender, back, "sender"), (receiver, there, "receiver")


LINKS: Mapping[str, Link] = {
    "cs-to-prefecture": Link(
        "firewall and line of the municipality, firewall and HSM of its prefecture", _cs_to_prefecture,
        _between("municipality", "prefecture"), to_prefecture,
    ),
    "cs-to-other-prefecture": Link(
        "the same, to the prefecture of the job's other end", _cs_to_other_prefecture,
        _between("municipality", "prefecture", there="to"), to_other_prefecture,
    ),
    "cs-to-nation": Link(
        "through the prefecture's firewall and line, without its server, to the national HSM", _cs_to_nation,
        _between("municipality", "nation"), to_nation,
    ),
    "cs-to-cs": Link(
        "line out, way, line in: the path on which no acknowledgement is waited for", _cs_to_cs,
        _between("municipality", "municipality", there="to"), to_other_cs,
    ),
    "prefecture-to-nation": Link(
        "line of the prefecture, firewall and HSM of the nation", _prefecture_to_nation, _between("prefecture", "nation"),
        from_prefecture,
    ),
    "prefecture-to-cs": Link(
        "back to the municipality that asked", _prefecture_to_cs, _between("prefecture", "municipality")
    ),
    "other-prefecture-to-cs": Link(
        "back from the prefecture of the other end", _other_prefecture_to_cs, _between("prefecture", "municipality", back="to")
    ),
    "nation-to-prefecture": Link("back to the prefecture", _nation_to_prefecture, _between("nation", "prefecture")),
    "nation-to-cs": Link("back to the municipality that asked", _nation_to_cs, _between("nation", "municipality")),
    "outside": Link(
        "through the national firewall on the agencies' side, in or out", _nation_to_outside, (("nation", "at", "either"),)
    ),
}  # fmt: skip
"""Every link by name."""


@dataclass(frozen=True)
class Crossing:
    """A link by name, what it is for, and the stations and delays that a message of 1 KiB passes on it, in words."""

    name: str
    meaning: str
    steps: tuple[str, ...]


def crossings(part: Part[JukiNet]) -> tuple[Crossing, ...]:
    """Return every link as a message from a job's origin crosses it."""
    sending = Sending(Machines(read_nation(part)), 1024.0, 0.0, "origin")
    return tuple(Crossing(name, link.meaning, tuple(map(_word, link.cross(sending)))) for name, link in LINKS.items())


def _word(step: M.Step) -> str:
    """Name what a step of a link is."""
    if isinstance(step, M.Visit):
        return step.station if step.at == "origin" else f"{step.station} there"
    return f"{step.delay.mean * 1000.0:.3g} ms" if isinstance(step, M.Delay) else type(step).__name__.lower()
