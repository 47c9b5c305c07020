"""The draws of `draws` for a whole row of jobs at once, without compiled code: whoever draws a few values need not load it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.keys import MULTIPLIERS, ROUNDS, WEYL, WORD

Words = NDArray[np.uint64]
"""32-bit words, in unsigned 64 bits, so that the product of two of them fits."""
_HALF = np.uint64(32)
_SPARE = np.uint64(12)
"""Bits of two words that a float has no room for."""


def uniform_pairs(key: int, jobs: Words, step: int, attempt: int, purpose: int) -> NDArray[np.float64]:
    """Return what `draws.uniform_pair` gives at occurrence 0, to the last bit, as an array [jobs, 2]."""
    folded = (step ^ ((attempt >> 8) * WEYL[1])) & WORD
    last = (attempt & 0xFF) << 8 | purpose
    a, b, c, d = _philox(key, (jobs & np.uint64(WORD), jobs >> _HALF, _words(folded), _words(last)))
    return np.stack([_unit(a, b), _unit(c, d)], axis=1)


def _philox(key: int, counter: tuple[Words, Words, Words, Words]) -> tuple[Words, Words, Words, Words]:
    """Ten rounds of Philox4x32 (Salmon et al., SC'11), as in `draws.philox`."""
    k0, k1 = key & WORD, key >> 32 & WORD
    c0, c1, c2, c3 = counter
    word = np.uint64(WORD)
    for _ in range(ROUNDS):
        p0, p1 = np.uint64(MULTIPLIERS[0]) * c0, np.uint64(MULTIPLIERS[1]) * c2
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ np.uint64(k0), p1 & word, (p0 >> _HALF) ^ c3 ^ np.uint64(k1), p0 & word
        k0, k1 = (k0 + WEYL[0]) & WORD, (k1 + WEYL[1]) & WORD
    return c0, c1, c2, c3


def _unit(low: Words, high: Words) -> NDArray[np.float64]:
    """Two words as a float strictly between 0 and 1: (n + 1/2) / 2^52, exactly, for the top 52 bits n."""
    n = (high << _HALF | low) >> _SPARE
    return (2 * n + 1).astype(np.float64) * 2.0**-53


def _words(value: int) -> Words:
    return np.array([value], dtype=np.uint64)
