"""Random numbers as a pure function of what they are for: Philox4x32-10 keyed by seed, replication, job, step and purpose.

Nothing here has state, so no draw depends on the order of events. Only `arrays` makes random numbers beside it, the same ones.
"""

from __future__ import annotations

from jukinet_sim.base.compiled import compiled, float_of, inlined
from jukinet_sim.chance.keys import MULTIPLIERS, ROUNDS, WEYL
from jukinet_sim.chance.keys import WORD as _WORD

PURPOSE_DEMAND = 0
PURPOSE_ARRIVAL = 1
PURPOSE_PATIENCE = 2
PURPOSE_BACKOFF = 3
PURPOSE_DESTINATION = 4
PURPOSE_BATCH = 5
PURPOSE_BREAKDOWN = 6
PURPOSE_THINK = 7
PURPOSE_TIMEOUT = 8
PURPOSE_STATE = 9
PURPOSE_ORDER = 10
PURPOSE_BALK = 11

_M0, _M1 = MULTIPLIERS
_W0, _W1 = WEYL
_ONE_BITS = 0x3FF0000000000000
_HALF_ULP_OFF_ONE = 1.0 - 2.0**-53


@inlined
def philox(key: int, c0: int, c1: int, c2: int, c3: int) -> tuple[int, int, int, int]:
    """Ten rounds of Philox4x32 (Salmon et al., SC'11) on 32-bit words held in int64s; `key` holds both key words."""
    k0 = key & _WORD
    k1 = (key >> 32) & _WORD
    for _ in range(ROUNDS):
        # Two 31-bit halves would lose bits; the products fit an unsigned 64-bit word, and the masks undo the sign.
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = ((p1 >> 32) & _WORD) ^ c1 ^ k0
        c2 = ((p0 >> 32) & _WORD) ^ c3 ^ k1
        c1 = p1 & _WORD
        c3 = p0 & _WORD
        k0 = (k0 + _W0) & _WORD
        k1 = (k1 + _W1) & _WORD
    return c0, c1, c2, c3


@inlined
def unit(low: int, high: int) -> float:
    """Two 32-bit words as a float strictly between 0 and 1: (n + 1/2) / 2^52 for the top 52 bits n."""
    n = ((high << 20) & 0x000FFFFFFFFFFFFF) | (low >> 12)
    return float_of(_ONE_BITS | n) - _HALF_ULP_OFF_ONE


@inlined
def uniform_pair(key: int, job: int, step: int, occurrence: int, attempt: int, purpose: int) -> tuple[float, float]:
    """Return the two uniforms in (0, 1) that belong to one purpose of one job at one step.

    `job` is the 64-bit job key, `step` a 32-bit hash. Occurrences above 65,535 and attempts above 255 are folded into the
    step word.
    """
    low = (occurrence & 0xFFFF) << 16 | (attempt & 0xFF) << 8 | purpose
    folded = (step ^ ((occurrence >> 16) * _W0) ^ ((attempt >> 8) * _W1)) & _WORD
    a, b, c, d = philox(key, job & _WORD, (job >> 32) & _WORD, folded, low)
    return unit(a, b), unit(c, d)


@inlined
def job_key(flow: int, number: int) -> int:
    """Return the key of the `number`-th job to arrive in the flow with this 32-bit hash."""
    return (flow << 32) | number


@compiled
def spawned_key(parent: int, step: int, occurrence: int, attempt: int) -> int:
    """Return the 64-bit key of a job spawned by `parent` at a step, occurrence and attempt (Philox under a key of its own)."""
    last = (occurrence + attempt * _W0) & _WORD
    a, b, _, _ = philox(0x5350_4157_4E, parent & _WORD, (parent >> 32) & _WORD, step, last)
    return (a << 32) | b


@inlined
def cycle_key(flow: int, customer: int, cycle: int) -> int:
    """Return the 64-bit key of one cycle of one member of a closed population (Philox under a key of its own)."""
    a, b, _, _ = philox(0x4359_434C_45, flow, customer, cycle & _WORD, (cycle >> 32) & _WORD)
    return (a << 32) | b
