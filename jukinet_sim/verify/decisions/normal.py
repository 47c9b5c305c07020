"""Normal numbers as a pure function of a seed and a name, so that values of a known law can stand in for simulated ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.draws import job_key, uniform_pair
from jukinet_sim.chance.keys import name_hash, replication_key

Floats = NDArray[np.float64]


class Normals:
    """An unending row of independent standard normal numbers that belong to a seed and a name."""

    def __init__(self, seed: int, name: str) -> None:
        self._key = replication_key(seed, 0)
        self._flow = name_hash(name)
        self._found: Floats = np.empty(0)

    def first(self, count: int) -> Floats:
        """Return the first `count` of them, always the same ones."""
        while len(self._found) < count:
            self._found = np.concatenate([self._found, self._more()])
        return self._found[:count]

    def _more(self) -> Floats:
        """Make as many again as there are, by the transform of Box and Muller (1958), which turns two uniforms into two."""
        start = len(self._found) // 2
        numbers = range(start, 2 * start or 16)
        u, v = np.array([uniform_pair(self._key, job_key(self._flow, n), 0, 0, 0, 0) for n in numbers]).T
        radius = np.sqrt(-2.0 * np.log(u))
        return np.stack([radius * np.cos(2.0 * math.pi * v), radius * np.sin(2.0 * math.pi * v)], axis=1).ravel()
