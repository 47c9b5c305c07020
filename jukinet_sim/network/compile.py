"""A loaded scenario to a network, whichever of the two languages it is written in."""

from __future__ import annotations

from jukinet_sim.network.model import Network
from jukinet_sim.scenario.load import Loaded


def compile_network(loaded: Loaded) -> Network:
    """Compile the scenario's `network` or `juki_net` part.

    Raises ScenarioError, with positions, for words that are understood but cannot be simulated yet and for data files
    that cannot be read.
    """
    if loaded.scenario.network is not None:
        from jukinet_sim.network.compile_raw import compile_raw

        return compile_raw(loaded)
    from jukinet_sim.network.juki_net import compile_jukinet

    return compile_jukinet(loaded)
