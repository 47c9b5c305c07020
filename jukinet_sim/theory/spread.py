"""How the jobs of a flow spread over the places of a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Flow, Network, Which

Floats = NDArray[np.float64]


class PlaceWeights:
    """How a flow's jobs spread over the places of a station group; spawned jobs keep the places of their source."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[str, Which, str | None], Floats] = {}

    def of(self, source: Flow, at: Which, per: str | None) -> Floats:
        """Probabilities over the places of level `per` for jobs that stem from arrivals of `source`."""
        key = (source.name, at, per)
        if key not in self._known:
            self._known[key] = self._spread(source, at, per)
        return self._known[key]

    def _spread(self, source: Flow, at: Which, per: str | None) -> Floats:
        name = source.origin if at == "origin" else source.destination
        spread = np.zeros(places_of(self._network, per))
        if per is None or name is None:
            spread[0] = 1.0
            return spread
        level = self._network.level(name)
        horizon_s = self._network.horizon_s
        shares = source.origin_shares(level, horizon_s) if at == "origin" else level.moved(level.weights, horizon_s)
        index = np.arange(level.count) if name == per else np.array(level.parent, dtype=np.intp)
        np.add.at(spread, index, shares)
        return spread


def places_of(network: Network, per: str | None) -> int:
    """Return how many places a level has; one for what is not kept per place."""
    return 1 if per is None else network.level(per).count
