"""The key of a scenario by which each machine of the network grows: what a planner varies when it is what gives way first."""

from __future__ import annotations

from jukinet_sim.juki_net.call_centre.compile import STATION
from jukinet_sim.juki_net.machines.compile import LINES
from jukinet_sim.juki_net.machines.keys import KEYS
from jukinet_sim.juki_net.schema import JukiNet


def capacity_key(net: JukiNet, station: str) -> str | None:
    """Return the key, below `juki_net`, that gives a station more servers or a faster line; None where there is none."""
    if station in net.stations:
        return f"stations.{station}.servers"
    if station in net.terminals:
        return f"terminals.{station}.people_per_terminal"
    if station == STATION:
        return "call_centre.agents"
    key = KEYS.get(station)
    return None if key is None else f"{key}.{'bit_rate' if station in LINES else 'servers'}"
