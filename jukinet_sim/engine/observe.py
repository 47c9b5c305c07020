"""The statistics that both engines feed, as compiled functions over flat records: areas, moments, histograms, fingerprint.

Every sum is compensated (Neumaier's two-sum) and taken in event order, so engines that agree on events agree on every bit
of every statistic. Times in seconds, areas in unit-seconds.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.portable import bits_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_C1 = 0x9E3779B97F4A7C15 - (1 << 64)
_C2 = 0xD1342543DE82EF95 - (1 << 64)


@njit(cache=True, error_model="numpy", forceinline=True)
def add(f: Floats, at: int, value: float) -> None:
    """Add to the compensated sum at `at` (its compensation stands in the next word)."""
    old = f[at]
    new = old + value
    part = new - old
    f[at] = new
    f[at + 1] += (old - (new - part)) + (value - part)


@njit(cache=True, error_model="numpy", forceinline=True)
def bin_of(value: float) -> int:
    """The histogram bin of a positive value."""
    index = (bits_of(value) >> L.HISTOGRAM_SHIFT) - L.HISTOGRAM_OFFSET
    return min(max(index, 1), L.HISTOGRAM_BINS - 1)


@njit(cache=True, error_model="numpy", forceinline=True)
def mark(prints: Ints, t: float, job: int, step: int, kind: int) -> None:
    """Run the fingerprint over one event."""
    h = (prints[0] ^ bits_of(t)) * _C1
    prints[0] = h ^ ((h >> 29) & 0x7FFFFFFFF)
    prints[1] = (prints[1] ^ job) * _C2 + (step << 4 | kind)


@njit(cache=True, error_model="numpy", forceinline=True)
def busy(si: Ints, sf: Floats, s: int, t: float, change: int) -> None:
    """A server of station `s` becomes busy or idle."""
    add(sf, s + L.S_AREA_BUSY, si[s + L.S_BUSY] * (t - sf[s + L.S_T_BUSY]))
    sf[s + L.S_T_BUSY] = t
    si[s + L.S_BUSY] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def queue(si: Ints, sf: Floats, s: int, t: float, change: int) -> None:
    """The queue of station `s` grows or shrinks."""
    add(sf, s + L.S_AREA_QUEUE, si[s + L.S_QUEUE] * (t - sf[s + L.S_T_QUEUE]))
    sf[s + L.S_T_QUEUE] = t
    si[s + L.S_QUEUE] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def served(si: Ints, sf: Floats, s: int, duration: float) -> None:
    """Service of this length begins (a first start or the rest after a pre-emption).

    The length is end - now, not the demand: their difference is the rounding of the clock, and busy time must add up.
    """
    add(sf, s + L.S_GIVEN, duration)
    si[s + L.S_STARTED] += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def preempted(si: Ints, sf: Floats, s: int, t: float, left: float) -> None:
    """A server stops with `left` seconds of its job still to do."""
    add(sf, s + L.S_GIVEN, -left)
    si[s + L.S_PREEMPTED] += 1
    busy(si, sf, s, t, -1)


@njit(cache=True, error_model="numpy", forceinline=True)
def resumed(si: Ints, s: int) -> None:
    """The rest of a pre-empted service begins."""
    si[s + L.S_RESUMED] += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def waited(si: Ints, sf: Floats, waits: Ints, s: int, wait: float) -> None:
    """A visit first starts service after a positive wait."""
    add(sf, s + L.S_WAIT, wait)
    si[s + L.S_WAITED] += 1
    if wait > sf[s + L.S_WAIT_MAX]:
        sf[s + L.S_WAIT_MAX] = wait
    waits[si[s + L.S_GROUP], bin_of(wait)] += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def down(si: Ints, sf: Floats, s: int, t: float, change: int) -> None:
    """An outage of station `s` begins or ends."""
    stopped = si[s + L.S_SERVERS] if si[s + L.S_DOWN] > 0 else 0
    add(sf, s + L.S_AREA_DOWN, stopped * (t - sf[s + L.S_T_DOWN]))
    sf[s + L.S_T_DOWN] = t
    si[s + L.S_DOWN] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def in_system(fi: Ints, ff: Floats, f: int, t: float, change: int) -> None:
    """A job of flow `f` enters or leaves."""
    add(ff, f + L.F_AREA_SYSTEM, fi[f + L.F_IN_SYSTEM] * (t - ff[f + L.F_T_SYSTEM]))
    ff[f + L.F_T_SYSTEM] = t
    fi[f + L.F_IN_SYSTEM] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def arrived(fi: Ints, ff: Floats, prints: Ints, f: int, t: float, job: int) -> None:
    """A job enters flow `f`."""
    in_system(fi, ff, f, t, 1)
    fi[f + L.F_ARRIVED] += 1
    mark(prints, t, job, 0, L.E_ARRIVE)


@njit(cache=True, error_model="numpy", forceinline=True)
def completed(
    fi: Ints, ff: Floats, sojourns: Ints, waits: Ints, prints: Ints, flow: int, t: float, job: int, birth: float, wait: float,
    records: int,
) -> None:
    """A job leaves flow number `flow` at the end of its route."""  # fmt: skip
    f = flow * L.FLOW_WORDS
    in_system(fi, ff, f, t, -1)
    fi[f + L.F_COMPLETED] += 1
    fi[f + L.F_RECORDS] += records
    sojourn = t - birth
    add(ff, f + L.F_SOJOURN, sojourn)
    add(ff, f + L.F_WAIT, wait)
    add(ff, f + L.F_CLIPPED, t - max(birth, ff[f + L.F_WARM_UP]))
    ff[f + L.F_SOJOURN_MIN] = min(ff[f + L.F_SOJOURN_MIN], sojourn)
    ff[f + L.F_SOJOURN_MAX] = max(ff[f + L.F_SOJOURN_MAX], sojourn)
    ff[f + L.F_WAIT_MIN] = min(ff[f + L.F_WAIT_MIN], wait)
    ff[f + L.F_WAIT_MAX] = max(ff[f + L.F_WAIT_MAX], wait)
    sojourns[flow, bin_of(sojourn) if sojourn > 0.0 else 0] += 1
    waits[flow, bin_of(wait) if wait > 0.0 else 0] += 1
    mark(prints, t, job, 0, L.E_LEAVE)


@njit(cache=True, error_model="numpy", forceinline=True)
def tokens(pi: Ints, pf: Floats, p: int, t: float, change: int) -> None:
    """Free tokens of pool `p` change by `change`."""
    held = pi[p + L.P_TOKENS] - pi[p + L.P_FREE]
    add(pf, p + L.P_AREA_IN_USE, held * (t - pf[p + L.P_T]))
    pf[p + L.P_T] = t
    pi[p + L.P_FREE] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def pool_queue(pi: Ints, pf: Floats, p: int, t: float, change: int) -> None:
    """The queue for pool `p` grows or shrinks."""
    add(pf, p + L.P_AREA_QUEUE, pi[p + L.P_QUEUE] * (t - pf[p + L.P_T_QUEUE]))
    pf[p + L.P_T_QUEUE] = t
    pi[p + L.P_QUEUE] += change


@njit(cache=True, error_model="numpy", forceinline=True)
def token_waited(pi: Ints, pf: Floats, p: int, wait: float) -> None:
    """A job gets a token of pool `p` after this wait."""
    pi[p + L.P_TAKEN] += 1
    if wait > 0.0:
        add(pf, p + L.P_WAIT, wait)
        pf[p + L.P_WAIT_MAX] = max(pf[p + L.P_WAIT_MAX], wait)


@njit(cache=True, error_model="numpy")
def flush(si: Ints, sf: Floats, fi: Ints, ff: Floats, pi: Ints, pf: Floats, t: float) -> None:
    """Bring every area up to time t."""
    for s in range(0, si.size, L.STATION_WORDS):
        busy(si, sf, s, t, 0)
        queue(si, sf, s, t, 0)
        down(si, sf, s, t, 0)
    for f in range(0, fi.size, L.FLOW_WORDS):
        in_system(fi, ff, f, t, 0)
    for p in range(0, pi.size, L.POOL_WORDS):
        tokens(pi, pf, p, t, 0)
        pool_queue(pi, pf, p, t, 0)


def bin_edges() -> Floats:
    """Lower edges of the histogram bins and the upper edge of the last, in seconds; bin 0 is the exact zero."""
    index = np.arange(L.HISTOGRAM_BINS + 1, dtype=np.int64)
    edges = ((index + L.HISTOGRAM_OFFSET) << L.HISTOGRAM_SHIFT).view(np.float64)
    edges[0] = 0.0
    return edges

