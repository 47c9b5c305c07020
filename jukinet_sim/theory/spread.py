"""How the jobs of a flow spread over the places of a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Flow, Network, PlaceLevel, Scheduled, Which

Floats = NDArray[np.float64]


class PlaceWeights:
    """How a flow's jobs spread over the places of a station group; spawned jobs keep the places of their source."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[str, Which, str | None], Floats] = {}
        self._alike: dict[tuple[int, str, str], Floats] = {}
        """The same for jobs that are drawn by the same weights."""

    def of(self, source: Flow, at: Which, per: str | None) -> Floats:
        """Probabilities over the places of level `per` for jobs that stem from arrivals of `source`."""
        key = (source.name, at, per)
        if key not in self._known:
            self._known[key] = self._spread(source, at, per)
        return self._known[key]

    def of_level(self, per: str) -> Floats:
        """Return the probabilities over the places of a level by its own weights."""
        level = self._network.level(per)
        return self._drawn(level, level.weights, per)

    def _spread(self, source: Flow, at: Which, per: str | None) -> Floats:
        name = source.origin if at == "origin" else source.destination
        if per is None or name is None:
            nowhere = np.zeros(places_of(self._network, per))
            nowhere[0] = 1.0
            return nowhere
        level = self._network.level(name)
        given = isinstance(source.arrivals, Scheduled) and source.arrivals.places
        if at == "origin" and given:
            return self._placed(level, per, source.origin_shares(level, self._network.horizon_s))
        return self._drawn(level, level.weights if at == "destination" or source.share is None else source.share, per)

    def _drawn(self, level: PlaceLevel, weights: Floats, per: str) -> Floats:
        """Return the probabilities over the places of level `per` for jobs that are drawn at a level by some weights."""
        key = (id(weights), level.name, per)
        if key not in self._alike:
            self._alike[key] = self._placed(level, per, level.moved(weights, self._network.horizon_s))
        return self._alike[key]

    def _placed(self, level: PlaceLevel, per: str, shares: Floats) -> Floats:
        """Return shares of the places of a level as those of it or of the level in which they lie."""
        if level.name == per:
            return shares
        above = np.zeros(places_of(self._network, per))
        np.add.at(above, np.array(level.parent, dtype=np.intp), shares)
        return above


def places_of(network: Network, per: str | None) -> int:
    """Return how many places a level has; one for what is not kept per place."""
    return 1 if per is None else network.level(per).count
