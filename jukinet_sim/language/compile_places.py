"""Levels of places as a scenario writes them, to those of the network."""

from __future__ import annotations

import numpy as np

from jukinet_sim.language import network as N
from jukinet_sim.network import model as M


def compile_level(name: str, place: N.Place) -> M.PlaceLevel:
    """Return a level of places; equal weights where none are given."""
    weights = M.frozen_floats(place.weights if place.weights is not None else np.ones(place.count))
    changes = tuple(M.PlaceFrom(one.at, one.place, _to(one)) for one in place.changes)
    return M.PlaceLevel(name, place.count, weights, place.within, tuple(place.of or ()), changes=changes)


def _to(change: N.PlaceFrom) -> int:
    match change.to:
        case "others":
            return M.OTHERS
        case "itself":
            return change.place
        case int(place):
            return place
