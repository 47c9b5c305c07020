"""Scrambled Sobol points: a low-discrepancy sequence made random by seed and names, so that two axes never share a scramble."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.chance import uniforms

_BITS = 30
MOST_DIMENSIONS = 21_201
"""The dimensions for which Joe and Kuo (2008) computed direction numbers."""


def sobol_points(names: Sequence[str], points: int, seed: int) -> NDArray[np.float64]:
    """Return the first points of a scrambled Sobol sequence, as an array [points, axes] in (0, 1).

    Sobol (1967) with the direction numbers of Joe and Kuo (2008), by scipy; scrambled by a random linear matrix and a
    digital shift (Matousek 1998), which keeps every balance of the sequence and makes each point uniform. The first 2^m
    points hit each 2^m-th part of every axis once. Raises UsageError for more than `MOST_DIMENSIONS` axes.
    """
    if len(names) > MOST_DIMENSIONS:
        raise UsageError(f"a Sobol sequence has at most {MOST_DIMENSIONS:,} axes, not {len(names):,}; use a Latin hypercube")
    if not names or points < 1:
        return np.empty((max(points, 0), len(names)))
    from scipy.stats import qmc

    power = max(points - 1, 0).bit_length()
    plain = qmc.Sobol(len(names), scramble=False, bits=_BITS).random_base2(power)[:points]
    digits = np.rint(plain * 2.0**_BITS).astype(np.int64)
    return np.stack([_scrambled(digits[:, j], name, seed) for j, name in enumerate(names)], axis=1)


def _scrambled(digits: NDArray[np.int64], name: str, seed: int) -> NDArray[np.float64]:
    """Return one coordinate, given as whole numbers of `_BITS` bits, scrambled."""
    *columns, shift = (uniforms(seed, f"scramble {name}", _BITS + 1) * 2.0**_BITS).astype(np.int64).tolist()
    result = np.full_like(digits, shift)
    for j, random in enumerate(columns):
        weight = _BITS - 1 - j
        # A lower triangular matrix with a unit diagonal: a digit enters itself and, at random, the finer ones.
        column = 1 << weight | random & ((1 << weight) - 1)
        result ^= np.where(digits >> weight & 1, column, 0)
    return np.asarray((result + 0.5) / 2.0**_BITS, dtype=np.float64)
