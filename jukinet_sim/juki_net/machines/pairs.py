"""Between whom sessions are opened, and over what: the machines at both ends of each link, and the lines between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet_sim.juki_net.crypto.negotiate import End, Link
from jukinet_sim.juki_net.crypto.sessions import Machine, Pair, Way
from jukinet_sim.juki_net.nation import AGENCY, MUNICIPALITY, PREFECTURE
from jukinet_sim.network import model as M

if TYPE_CHECKING:
    from jukinet_sim.juki_net.schema import JukiNet


def _prefecture(at: M.Which) -> Machine:
    return Machine("prefecture_server", "prefecture_hsm", at)


NATION = Machine("national_database", "national_hsm")


def to_prefecture(spec: JukiNet, at: M.Which) -> Pair:
    """Return a municipality and its prefecture."""
    line = spec.municipality.line
    way = Way((("cs_line", line.bit_rate.value),), line.bit_rate.value, line.latency.value)
    return Pair(
        "cs-prefecture", MUNICIPALITY, Machine("cs", at=at), _prefecture(at), way,
        Link(End("municipality", at), End("prefecture", at)), limited=True,
    )  # fmt: skip


def to_other_prefecture(spec: JukiNet, at: M.Which) -> Pair:
    """Return a municipality and the prefecture of the job's other end."""
    to: M.Which = "destination" if at == "origin" else "origin"
    line = spec.municipality.line
    latency_s = line.latency.value + spec.prefecture.line.latency.value
    way = Way((("cs_line", line.bit_rate.value),), line.bit_rate.value, latency_s)
    link = Link(End("municipality", at), End("prefecture", to))
    return Pair("cs-other-prefecture", None, Machine("cs", at=at), _prefecture(to), way, link)


def to_nation(spec: JukiNet, at: M.Which) -> Pair:
    """Return a municipality and the nation."""
    town, county = spec.municipality.line, spec.prefecture.line
    lines = (("cs_line", town.bit_rate.value), ("prefecture_line", county.bit_rate.value))
    way = Way(lines, town.bit_rate.value, town.latency.value + county.latency.value)
    return Pair("cs-nation", MUNICIPALITY, Machine("cs", at=at), NATION, way, Link(End("municipality", at), End("nation")))


def from_prefecture(spec: JukiNet, at: M.Which) -> Pair:
    """Return a prefecture and the nation."""
    line = spec.prefecture.line
    way = Way((("prefecture_line", line.bit_rate.value),), line.bit_rate.value, line.latency.value)
    return Pair("prefecture-nation", PREFECTURE, _prefecture(at), NATION, way, Link(End("prefecture", at), End("nation")))


def to_other_cs(spec: JukiNet, at: M.Which) -> Pair:
    """Return two municipalities."""
    to: M.Which = "destination" if at == "origin" else "origin"
    line = spec.municipality.line
    way = Way((("cs_line", line.bit_rate.value),), line.bit_rate.value, 2.0 * line.latency.value)
    link = Link(End("municipality", at), End("municipality", to))
    return Pair("cs-cs", None, Machine("cs", at=at), Machine("cs", at=to), way, link)


def from_agency(spec: JukiNet) -> Pair:
    """Return an agency that asks the nation; what stands at the agency is not modelled."""
    line = spec.provisions.line
    way = Way((("agency_line", line.bit_rate.value),), line.bit_rate.value, line.latency.value)
    server = Machine("provision_server", "national_hsm")
    return Pair("agency-nation", AGENCY, Machine(None), server, way, Link(None, End("nation")))
