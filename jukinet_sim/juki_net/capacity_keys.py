"""The key of a scenario by which each machine of the network grows: what a planner varies when it is what gives way first."""

from __future__ import annotations

from jukinet_sim.juki_net.call_centre.compile import STATION
from jukinet_sim.juki_net.schema import JukiNet

_OF_TIERS = {
    "municipal_firewall": "municipality.firewall.servers",
    "cs": "municipality.cs.servers",
    "network_firewall": "municipality.network_firewall.servers",
    "cs_line": "municipality.line.bit_rate",
    "cs_line_in": "municipality.line.bit_rate",
    "prefecture_firewall": "prefecture.firewall.servers",
    "prefecture_hsm": "prefecture.hsm.servers",
    "prefecture_server": "prefecture.server.servers",
    "prefecture_line": "prefecture.line.bit_rate",
    "national_firewall": "nation.network_firewall.servers",
    "national_hsm": "nation.hsm.servers",
    "national_database": "nation.database.servers",
    "provision_server": "nation.provision.servers",
    "agency_firewall": "nation.agency_firewall.servers",
    STATION: "call_centre.agents",
}


def capacity_key(net: JukiNet, station: str) -> str | None:
    """Return the key, below `juki_net`, that gives a station more servers or a faster line; None where there is none."""
    if station in net.stations:
        return f"stations.{station}.servers"
    if station in net.terminals:
        return f"terminals.{station}.people_per_terminal"
    return _OF_TIERS.get(station)
