"""Uniform draws for designs: a pure function of a seed and of what they are for, apart from every draw of an engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_PURPOSE = 255
"""The number by which these draws differ from every draw of an engine."""


def uniform_pairs(seed: int, name: str, count: int, attempt: int = 0) -> NDArray[np.float64]:
    """Return the first `count` pairs of uniforms in (0, 1) that belong to a name, as an array [count, 2]."""
    # Compiled code comes in when something is drawn: most plans, such as grids, draw nothing.
    from jukinet_sim.chance.draws import name_hash, replication_key, uniform_pair

    key, step = replication_key(seed, 0), name_hash(name)
    return np.array([uniform_pair(key, i, step, 0, attempt, _PURPOSE) for i in range(count)], dtype=np.float64).reshape(-1, 2)


def uniforms(seed: int, name: str, count: int) -> NDArray[np.float64]:
    """Return the first `count` uniforms in (0, 1) that belong to a name."""
    return uniform_pairs(seed, name, (count + 1) // 2).ravel()[:count]
