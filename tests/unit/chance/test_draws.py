"""The random numbers: published answers, independence of streams, and the ends of the unit interval."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from jukinet_sim.chance.draws import job_key, philox, spawned_key, uniform_pair, unit
from jukinet_sim.chance.keys import name_hash, replication_key

WORD = 0xFFFFFFFF
STREAMS = DRAWS = 1000
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def signed(value: int) -> int:
    """Give 64 bits as the signed number that the compiled functions take."""
    return value - (1 << 64) if value >> 63 else value


@njit(error_model="numpy")
def pairs(keys: Ints, jobs: Ints, steps: Ints, occurrences: Ints, attempts: Ints, purposes: Ints) -> Floats:
    """Compile a loop over `uniform_pair`; one row of two uniforms for each set of coordinates."""
    found = np.empty((keys.size, 2))
    for i in range(keys.size):
        found[i] = uniform_pair(keys[i], jobs[i], steps[i], occurrences[i], attempts[i], purposes[i])
    return found


def job_keys(flows: int | Ints, numbers: Ints) -> Ints:
    """Give the keys of many jobs."""
    return np.asarray(flows) << 32 | numbers


def philox_in_whole_numbers(key: tuple[int, int], counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Evaluate Philox4x32-10 as its authors define it (Salmon et al. 2011), in integers without overflow."""
    k0, k1 = key
    x0, x1, x2, x3 = counter
    for _ in range(10):
        high0, low0 = divmod(0xD2511F53 * x0, 1 << 32)
        high1, low1 = divmod(0xCD9E8D57 * x2, 1 << 32)
        x0, x1, x2, x3 = high1 ^ x1 ^ k0, low1, high0 ^ x3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B9) % (1 << 32), (k1 + 0xBB67AE85) % (1 << 32)
    return x0, x1, x2, x3


class TestPhilox:
    """The generator itself."""

    @pytest.mark.parametrize(
        ("counter", "key", "answer"),
        [
            ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
            ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
            ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
        ],
        ids=["zeros", "ones", "digits of pi"],
    )
    def test_known_answers(self, counter: str, key: str, answer: str) -> None:
        """The three vectors that Random123 publishes for philox4x32-10 come out."""
        c0, c1, c2, c3 = (int(word, 16) for word in counter.split())
        low, high = (int(word, 16) for word in key.split())
        found = philox(signed(high << 32 | low), c0, c1, c2, c3)
        assert " ".join(f"{word:08x}" for word in found) == answer

    def test_agrees_with_whole_numbers(self) -> None:
        """At 1,000 random keys and counters the compiled code equals the definition."""
        words = np.random.default_rng(1).integers(0, 1 << 32, (1000, 6))
        for k0, k1, c0, c1, c2, c3 in words.tolist():
            expected = philox_in_whole_numbers((k0, k1), (c0, c1, c2, c3))
            assert philox(signed(k1 << 32 | k0), c0, c1, c2, c3) == expected


class TestUnit:
    """Two words as a float between 0 and 1."""

    def test_never_zero_or_one(self) -> None:
        """All bits clear and all bits set stay 2^-53 inside the interval."""
        assert unit(0, 0) == 2.0**-53
        assert unit(WORD, WORD) == 1.0 - 2.0**-53

    def test_is_the_middle_of_its_cell(self) -> None:
        """The value is (n + 1/2) / 2^52, exactly, for the top 52 of the 64 bits."""
        words = np.random.default_rng(2).integers(0, 1 << 32, (1000, 2))
        for low, high in words.tolist():
            n = (high << 32 | low) >> 12
            assert unit(low, high) * 2.0**53 == 2 * n + 1


class TestStreams:
    """Draws with different coordinates."""

    @pytest.mark.parametrize("coordinate", ["replication", "flow", "job", "step", "occurrence", "attempt", "purpose"])
    def test_streams_are_uncorrelated(self, coordinate: str) -> None:
        """Streams that differ in one coordinate alone are pairwise uncorrelated.

        With independence each of the m(m-1)/2 correlations is about normal with variance 1/n; the largest is compared
        with the quantile at .01 shared among them (Bonferroni).
        """
        many = {"attempt": 256, "purpose": 16}.get(coordinate, STREAMS)
        stream, draw = (part.ravel() for part in np.meshgrid(np.arange(many), np.arange(DRAWS), indexing="ij"))
        number = draw if coordinate != "job" else 1000 * stream + draw
        flows = np.array([name_hash(f"flow {i}") for i in range(many)])
        steps = np.array([name_hash(f"step {i}") for i in range(many)])
        keys = np.array([replication_key(1, i) for i in range(many)])
        one = np.zeros_like(stream)
        found = pairs(
            keys[stream if coordinate == "replication" else one],
            job_keys(flows[stream if coordinate == "flow" else one], number),
            steps[stream if coordinate == "step" else one],
            stream if coordinate == "occurrence" else one,
            stream if coordinate == "attempt" else one,
            stream if coordinate == "purpose" else one,
        )
        for member in range(2):
            correlations = np.asarray(np.corrcoef(found[:, member].reshape(many, DRAWS)))
            largest = np.abs(correlations[np.triu_indices(many, 1)]).max()
            assert largest < stats.norm.isf(0.005 / (many * (many - 1) / 2)) / DRAWS**0.5

    def test_the_two_of_a_pair_are_uncorrelated(self) -> None:
        """The two uniforms of one purpose have no correlation beyond chance (four standard errors)."""
        n = 100_000
        zero = np.zeros(n, dtype=np.int64)
        found = pairs(zero + replication_key(1, 0), job_keys(name_hash("f"), np.arange(n)), zero, zero, zero, zero)
        assert abs(np.asarray(np.corrcoef(found.T))[0, 1]) < 4.0 / n**0.5

    def test_uniform(self) -> None:
        """Both uniforms of 100,000 jobs pass Kolmogorov and Smirnov's test at the level .001."""
        n = 100_000
        zero = np.zeros(n, dtype=np.int64)
        found = pairs(zero + replication_key(2, 0), job_keys(name_hash("f"), np.arange(n)), zero, zero, zero, zero)
        for member in range(2):
            assert stats.kstest(found[:, member], "uniform").pvalue > 0.001

    def test_every_coordinate_matters(self) -> None:
        """Changing any one coordinate changes both uniforms; occurrences beyond 16 bits count too."""
        base = (replication_key(1, 0), job_key(name_hash("f"), 7), name_hash("s"), 3, 1, 0)
        others = [
            (replication_key(1, 1), *base[1:]),
            (replication_key(2, 0), *base[1:]),
            (base[0], job_key(name_hash("g"), 7), *base[2:]),
            (base[0], job_key(name_hash("f"), 8), *base[2:]),
            (*base[:2], name_hash("t"), *base[3:]),
            (*base[:3], 4, *base[4:]),
            (*base[:3], 3 + 65536, *base[4:]),
            (*base[:4], 2, base[5]),
            (*base[:5], 1),
        ]
        found = [uniform_pair(*coordinates) for coordinates in (base, *others)]
        assert len({u for pair in found for u in pair}) == 2 * len(found)

    def test_loop_and_single_calls_agree(self) -> None:
        """A compiled loop over many coordinates gives the bits of one call at a time, in any order."""
        rng = np.random.default_rng(3)
        keys = rng.integers(0, 1 << 63, 500)
        jobs = rng.integers(-(1 << 63), 1 << 63, 500)
        steps = rng.integers(0, 1 << 32, 500)
        occurrences = rng.integers(0, 1 << 20, 500)
        attempts, purposes = rng.integers(0, 256, 500), rng.integers(0, 5, 500)
        block = pairs(keys, jobs, steps, occurrences, attempts, purposes)
        columns = (keys, jobs, steps, occurrences, attempts, purposes)
        for i in reversed(range(500)):
            assert tuple(block[i]) == uniform_pair(*(int(column[i]) for column in columns))


class TestKeys:
    """Names and parents as numbers."""

    def test_name_hash_is_blake2b(self) -> None:
        """The hash of the empty name is the first four bytes of BLAKE2b with a digest of four bytes."""
        assert name_hash("") == int.from_bytes(hashlib.blake2b(b"", digest_size=4).digest(), "little")
        assert 0 <= name_hash("住基") < 1 << 32

    def test_replication_keys_fit_and_differ(self) -> None:
        """Keys of 10,000 replications are distinct and fit 63 bits, and seeds do not overlap them."""
        keys = {replication_key(seed, k) for seed in (1, 2) for k in range(10_000)}
        assert len(keys) == 20_000
        assert all(0 <= key < 1 << 63 for key in keys)

    def test_job_keys_hold_flow_and_number(self) -> None:
        """The key of a job has its flow's hash in the upper half and its number in the lower."""
        flow = name_hash("f")
        key = job_key(flow, 7)
        assert int(key) % 2**64 == flow * 2**32 + 7
        assert key == job_keys(flow, np.array([7]))[0]

    def test_spawned_keys_differ(self) -> None:
        """Children of 1,000 parents at 3 steps, 3 occurrences and 2 attempts have 18,000 different keys."""
        parents = [job_key(name_hash("f"), n) for n in range(1000)]
        found = {spawned_key(p, s, o, a) for p in parents for s in (1, 2, 3) for o in range(3) for a in range(2)}
        assert len(found) == 18000
