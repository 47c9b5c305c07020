"""Latin hypercubes in the unit cube: of each axis every n-th part is hit once.

Each axis' draws belong to its name alone, so that one axis more changes no other's values.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.design.chance import uniform_pairs

CANDIDATES = 50
"""So many hypercubes are drawn when the one that is spread best is wanted."""


def latin_hypercube(names: Sequence[str], points: int, seed: int, attempt: int = 0) -> NDArray[np.float64]:
    """Return an array [points, axes] in (0, 1) of which each n-th part of every axis holds exactly one point.

    McKay, Beckman and Conover (1979). The strata are permuted, and the place within each is drawn, by a counter-based
    generator from the seed, the name of the axis and the attempt.
    """
    if not names:
        return np.empty((points, 0))
    return np.stack([_column(name, points, seed, attempt) for name in names], axis=1)


def _column(name: str, points: int, seed: int, attempt: int) -> NDArray[np.float64]:
    drawn = uniform_pairs(seed, name, points, attempt)
    strata = np.empty(points)
    strata[np.argsort(drawn[:, 0], kind="stable")] = np.arange(points)
    shares: NDArray[np.float64] = (strata + drawn[:, 1]) / points
    return shares


def maximin_hypercube(names: Sequence[str], points: int, seed: int) -> NDArray[np.float64]:
    """Return that of `CANDIDATES` Latin hypercubes whose two nearest points lie farthest apart, as an array [points, axes].

    The criterion of Johnson, Moore and Ylvisaker (1990), among Latin hypercubes as in Morris and Mitchell (1995). The work
    grows with the square of the points.
    """
    drawn = (latin_hypercube(names, points, seed, attempt) for attempt in range(CANDIDATES))
    return max(drawn, key=least_distance)


def least_distance(points: NDArray[np.float64]) -> float:
    """Return the Euclidean distance of the two nearest of some points [n, axes]; infinite for fewer than two."""
    nearest = np.inf
    for i in range(len(points) - 1):
        apart = points[i + 1 :] - points[i]
        nearest = min(nearest, float(np.einsum("ij,ij->i", apart, apart).min()))
    return float(np.sqrt(nearest))
