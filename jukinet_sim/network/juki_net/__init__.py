"""`juki_net` to a network: one file for places, machines, links, store-and-forward, incidents and each kind of flow."""

from jukinet_sim.network.juki_net.compile import compile_jukinet, crossings, expected_volumes
from jukinet_sim.network.juki_net.flows import Volume
from jukinet_sim.network.juki_net.links import LINKS
from jukinet_sim.network.juki_net.provisions import PROVISION

__all__ = ["LINKS", "PROVISION", "Volume", "compile_jukinet", "crossings", "expected_volumes"]
