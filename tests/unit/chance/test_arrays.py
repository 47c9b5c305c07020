"""Draws for many jobs at once, without compiled code: the same bits as the compiled ones, job by job."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.chance.arrays import uniform_pairs
from jukinet_sim.chance.draws import uniform_pair
from jukinet_sim.chance.keys import name_hash, replication_key

RNG = np.random.default_rng(7)
JOBS = np.concatenate([np.arange(300, dtype=np.uint64), RNG.integers(0, 1 << 64, 300, dtype=np.uint64)])
"""Numbers as designs use them, and keys of 64 bits as jobs of an engine have them."""


def signed(value: int) -> int:
    """Give 64 bits as the signed number that the compiled functions take."""
    return value - (1 << 64) if value >> 63 else value


@pytest.mark.parametrize("attempt", [0, 1, 255, 256, 70_000])
@pytest.mark.parametrize("name", ["", "entrusted prefectures"])
def test_the_same_bits_as_compiled(attempt: int, name: str) -> None:
    """Key, job, step, attempts beyond a byte and purpose enter alike; both uniforms of a pair are equal to the last bit."""
    key, step = replication_key(2012, 3), name_hash(name)
    expected = [uniform_pair(key, signed(job), step, 0, attempt, 255) for job in JOBS.tolist()]
    assert np.array_equal(uniform_pairs(key, JOBS, step, attempt, 255), np.array(expected))


def test_no_jobs() -> None:
    """Nothing is drawn for nobody."""
    assert uniform_pairs(1, JOBS[:0], 2, 0, 3).shape == (0, 2)
