"""Uniform draws for designs: a pure function of a seed and of what they are for, apart from every draw of an engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance import arrays
from jukinet_sim.chance.keys import name_hash, replication_key

_PURPOSE = 255
"""The number by which these draws differ from every draw of an engine."""


def uniform_pairs(seed: int, name: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
    """Return the first `count` pairs of uniforms in (0, 1) that belong to a name, as an array [count, 2]."""
    jobs = np.arange(count, dtype=np.uint64)
    return arrays.uniform_pairs(replication_key(seed, 0), jobs, name_hash(name), attempt, _PURPOSE)


def uniforms(seed: int, name: str, count: int) -> NDArray[np.float64]:
    """Return the first `count` uniforms in (0, 1) that belong to a name."""
    return uniform_pairs(seed, name, (count + 1) // 2).ravel()[:count]
