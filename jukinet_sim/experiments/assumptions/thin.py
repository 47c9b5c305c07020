"""The scenario with fewer of its places, on which many samples take no longer than a few whole runs."""

from __future__ import annotations

from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.load import lay
from jukinet_sim.scenario.loaded import Loaded


def thinned(loaded: Loaded, every: int | None, network: Network) -> tuple[Loaded, int | None]:
    """Return the scenario with only every n-th place of its domain, and that n; None for a generic network, which stays whole.

    Without a number the domain chooses one that leaves enough of the network that was run.
    """
    net = loaded.scenario.juki_net
    if net is None:
        return loaded, None
    chosen = DOMAIN.every(DOMAIN.thinned(net, every, network))
    return (loaded if chosen == DOMAIN.every(net) else lay(loaded, [f"{DOMAIN.every_key}={chosen}"])), chosen
