"""The random numbers themselves: published answers, streams without correlation, and every distribution against its law.

Seeds are fixed, so a verdict is the same every time; each law and each coordinate has numbers of its own, for they count as
independent tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.draws import job_key, philox, uniform_pair
from jukinet_sim.chance.keys import name_hash, replication_key
from jukinet_sim.chance.sampling import Samplers, sample_block
from jukinet_sim.verify.acceptance import UNLIKELY
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.fit import chi_square_p_value, distribution_function, ks_p_value
from jukinet_sim.verify.seeds import independent_seed

KIND = "random numbers"
SEED = 2013
Floats = NDArray[np.float64]

KNOWN_ANSWERS = (
    ("zeros", (0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ("ones", (0xFFFFFFFF,) * 2, (0xFFFFFFFF,) * 4, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        "digits of pi", (0xA4093822, 0x299F31D0), (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)  # fmt: skip
"""Key, counter and answer of philox4x32-10 as its authors publish them with Random123 (Salmon et al. 2011)."""
COORDINATES = ("replication", "flow", "job", "step", "occurrence", "attempt", "purpose")
LAWS: dict[str, Distribution] = {
    "exponential": dist.exponential(0.3),
    "uniform": dist.uniform(1.0, 4.0),
    "Erlang-4": dist.erlang(4, 2.0),
    "gamma of shape 1/2": Distribution("gamma", (0.5, 4.0)),
    "gamma of shape 5/2": Distribution("gamma", (2.5, 0.4)),
    "log-normal": dist.lognormal(2.0, 1.5),
    "Weibull, cv 2": dist.weibull(2.0, 2.0),
    "Weibull, cv 0.5": dist.weibull(2.0, 0.5),
    "hyper-exponential": dist.hyperexponential(1.0, 2.0),
    "three exponentials": dist.mixture((0.5, 0.3, 0.2), (1.0, 0.1, 7.0)),
}
GEOMETRIC = dist.geometric(3.5)
VALUES = dist.empirical((5.0, 1.0, 2.0), (2.0, 5.0, 3.0))
_TRIALS = 20
_STREAM_DRAWS = 1000


def randomness_claims(streams: int, draws: int) -> Iterator[Claim]:
    """Yield the claims about so many streams and so many draws of each distribution."""
    yield from (_known_answer(*vector) for vector in KNOWN_ANSWERS)
    yield from (_uncorrelated(coordinate, streams) for coordinate in COORDINATES)
    yield _fitted("uniform of a draw", ks_p_value(_uniforms("uniform of a draw", draws), lambda x: x), draws)
    for name, law in LAWS.items():
        yield _fitted(name, ks_p_value(_values(law, _uniforms(name, draws)), distribution_function(law)), draws)
    yield _fitted("geometric", _geometric_p_value(_uniforms("geometric", draws)), draws)
    yield _fitted("given values", _given_p_value(_uniforms("given values", draws)), draws)
    same = bool((_values(dist.constant(0.3), _uniforms("constant", draws)) == 0.3).all())
    yield Claim(KIND, "distributions", "constant", "value", same)


def _known_answer(name: str, key: tuple[int, int], counter: tuple[int, int, int, int], answer: tuple[int, ...]) -> Claim:
    whole = key[1] << 32 | key[0]
    # Compiled code takes the 64 bits of the key as a signed number.
    found = philox(whole - (1 << 64) if whole >> 63 else whole, *counter)
    return Claim(KIND, "Philox4x32-10", name, "known answer", tuple(found) == answer)


def _uncorrelated(coordinate: str, streams: int) -> Claim:
    """Compare streams that differ in one coordinate alone: the largest of all correlations with its bound.

    Each is about normal with variance 1/n; the risk of .01 is shared among all pairs (Bonferroni).
    """
    count = min(streams, {"attempt": 256, "purpose": 16}.get(coordinate, streams))
    matrix = np.corrcoef(np.array([_stream(coordinate, i) for i in range(count)]))
    pairs = count * (count - 1) // 2
    largest = float(np.abs(matrix[np.triu_indices(count, 1)]).max())
    bound = _normal_tail_quantile(0.005 / pairs) / math.sqrt(_STREAM_DRAWS)
    details = {"seed": SEED, "streams": count, "draws": _STREAM_DRAWS, "largest": largest, "bound": bound}
    return Claim(KIND, "streams", f"differing in {coordinate}", "correlation", largest < bound, details=details)


def _stream(coordinate: str, i: int) -> list[float]:
    """Return the first uniforms of one stream."""
    key = replication_key(independent_seed(SEED, coordinate), i if coordinate == "replication" else 0)
    flow = name_hash(f"flow {i}" if coordinate == "flow" else "flow")
    step = name_hash(f"step {i}" if coordinate == "step" else "step")
    start = _STREAM_DRAWS * i if coordinate == "job" else 0
    last = tuple(i if coordinate == name else 1 for name in COORDINATES[4:])
    return [uniform_pair(key, job_key(flow, n), step, *last)[0] for n in range(start, start + _STREAM_DRAWS)]


def _normal_tail_quantile(p: float) -> float:
    """Return the z that a standard normal number exceeds with probability p, by halving."""
    low, high = 0.0, 40.0
    for _ in range(100):
        z = 0.5 * (low + high)
        low, high = (z, high) if 0.5 * math.erfc(z / math.sqrt(2.0)) > p else (low, z)
    return 0.5 * (low + high)


def _uniforms(name: str, draws: int) -> Floats:
    """Return the first numbers of the test of this name."""
    key, flow, step = replication_key(independent_seed(SEED, name), 0), name_hash("fit"), name_hash("draw")
    return np.array([uniform_pair(key, job_key(flow, n), step, 0, 0, 0)[0] for n in range(draws)])


def _values(law: Distribution, u: Floats) -> Floats:
    samplers = Samplers()
    row = samplers.add(law)
    rows, tail = samplers.arrays()
    values = np.empty_like(u)
    sample_block(rows, tail, row, u, values)
    return values


def _geometric_p_value(u: Floats) -> float:
    """Test the counts of 1, 2, ... and `_TRIALS` or more trials."""
    fails = 1.0 - 1.0 / GEOMETRIC.parameters[0]
    counts = np.bincount(np.minimum(_values(GEOMETRIC, u), _TRIALS).astype(np.int64), minlength=_TRIALS + 1)[1:]
    shares = fails ** np.arange(_TRIALS) * np.append(np.full(_TRIALS - 1, 1.0 - fails), 1.0)
    return chi_square_p_value(counts.astype(np.float64), shares)


def _given_p_value(u: Floats) -> float:
    """Test the counts of the values given; any other value makes it impossible."""
    values, weights = np.array(VALUES.values), np.array(VALUES.weights)
    found = _values(VALUES, u)
    if not np.isin(found, values).all():
        return 0.0
    counts = np.array([np.count_nonzero(found == value) for value in values], dtype=np.float64)
    return chi_square_p_value(counts, weights / weights.sum())


def _fitted(name: str, p_value: float, draws: int) -> Claim:
    details = {"seed": SEED, "draws": draws, "p_value": p_value, "rejected_below": UNLIKELY}
    return Claim(KIND, "distributions", name, "goodness of fit", p_value >= UNLIKELY, details=details)
