"""Processor sharing in the fast engine: virtual time, and the jobs present in a heap by the virtual time of their departure.

A pairing heap (Fredman, Sedgewick, Sleator and Tarjan 1986) whose nodes are the job records, so that any job can leave it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import moves
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def _rate(w: Ints, s: int, q: int) -> float:
    """Service each job present receives per second: min(1, servers / jobs) times the speed."""
    si, qf = W.ints(w, W.SI), W.floats(w, W.QF)
    present = si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)]
    if present == 0:
        return 0.0
    return min(1.0, si[ix(s + L.S_USABLE)] / present) * qf[ix(q + L.Q_SPEED)]


@compiled
def to_now(w: Ints, s: int, q: int, now: float) -> None:
    """Bring the virtual time of a sharing station up to now, at the rate that held until now."""
    qf = W.floats(w, W.QF)
    qf[ix(q + L.Q_VIRTUAL)] += _rate(w, s, q) * (now - qf[ix(q + L.Q_T_VIRTUAL)])
    qf[ix(q + L.Q_T_VIRTUAL)] = now


@compiled
def settle(w: Ints, s: int, q: int, now: float, present: int, speed: float) -> None:
    """After a change: so many jobs are present; book it and plan the next departure."""
    si, sf, qi, qf, jf = W.ints(w, W.SI), W.floats(w, W.SF), W.ints(w, W.QI), W.floats(w, W.QF), W.floats(w, W.JF)
    words = w[W.WORDS]
    served_jobs = min(present, si[ix(s + L.S_USABLE)])
    observe.share(si, sf, qi, qf, s, now, served_jobs, present - served_jobs, speed)
    if qi[ix(q + L.Q_NEXT)] != 0:
        moves.cancel(w, qi[ix(q + L.Q_NEXT)])
        qi[ix(q + L.Q_NEXT)] = 0
    if present == 0:
        qf[ix(q + L.Q_VIRTUAL)] = 0.0
        return
    rate = _rate(w, s, q)
    if rate > 0.0:
        first = qi[ix(q + L.Q_ROOT)]
        ahead = max(0.0, jf[ix(first * words + L.J_LEFT)] - qf[ix(q + L.Q_VIRTUAL)])
        moves.schedule(w, first, now + ahead / rate)
        qi[ix(q + L.Q_NEXT)] = first


@compiled
def join(w: Ints, slot: int, s: int, q: int, now: float, demand: float) -> None:
    """Let a job with this much service to receive join those present."""
    qf, jf, ji, qi, si = W.floats(w, W.QF), W.floats(w, W.JF), W.ints(w, W.JI), W.ints(w, W.QI), W.ints(w, W.SI)
    sf, prints, j32, words = W.floats(w, W.SF), W.ints(w, W.PRINTS), W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    to_now(w, s, q, now)
    tag = qf[ix(q + L.Q_VIRTUAL)] + demand
    jf[ix(j + L.J_LEFT)] = tag
    ji[ix(j + L.J_ENTRY)] = qi[ix(q + L.Q_ENTRIES)]
    qi[ix(q + L.Q_ENTRIES)] += 1
    ji[ix(j + L.J_STATE)] = L.SHARING
    ji[ix(j + L.J_SEQ)] = 0
    _insert(w, q, slot)
    observe.joined(si, s)
    observe.given(si, sf, qf, s, demand)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_START)
    settle(w, s, q, now, si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)] + 1, qf[ix(q + L.Q_SPEED)])


@compiled
def depart(w: Ints, slot: int, s: int, q: int, now: float) -> None:
    """Let the first job go, which has received its service; virtual time snaps to its tag."""
    qf, jf, qi, si, words = W.floats(w, W.QF), W.floats(w, W.JF), W.ints(w, W.QI), W.ints(w, W.SI), w[W.WORDS]
    qf[ix(q + L.Q_VIRTUAL)] = jf[ix(slot * words + L.J_LEFT)]
    qf[ix(q + L.Q_T_VIRTUAL)] = now
    qi[ix(q + L.Q_NEXT)] = 0
    _remove(w, q, slot)
    settle(w, s, q, now, si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)] - 1, qf[ix(q + L.Q_SPEED)])


@compiled
def break_off(w: Ints, slot: int, s: int, q: int, now: float) -> None:
    """Let a job leave before it has received all its service."""
    jf, qf, sf, qi, si = W.floats(w, W.JF), W.floats(w, W.QF), W.floats(w, W.SF), W.ints(w, W.QI), W.ints(w, W.SI)
    words = w[W.WORDS]
    to_now(w, s, q, now)
    left = max(0.0, jf[ix(slot * words + L.J_LEFT)] - qf[ix(q + L.Q_VIRTUAL)])
    observe.given(si, sf, qf, s, -left)
    _remove(w, q, slot)
    if qi[ix(q + L.Q_NEXT)] == slot:
        moves.cancel(w, slot)
        qi[ix(q + L.Q_NEXT)] = 0
    settle(w, s, q, now, si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)] - 1, qf[ix(q + L.Q_SPEED)])


@compiled
def _meld(w: Ints, a: int, b: int) -> int:
    """Meld two heaps, either of which may be 0: the later root becomes the first child of the earlier."""
    jf, ji, j32, words = W.floats(w, W.JF), W.ints(w, W.JI), W.halves(w, W.J32), w[W.WORDS]
    if a == 0 or b == 0:
        return a + b
    ja, jb = a * words, b * words
    later = jf[ix(jb + L.J_LEFT)] < jf[ix(ja + L.J_LEFT)] or (
        jf[ix(jb + L.J_LEFT)] == jf[ix(ja + L.J_LEFT)] and ji[ix(jb + L.J_ENTRY)] < ji[ix(ja + L.J_ENTRY)]
    )
    first, second = (b, a) if later else (a, b)
    top = first * words
    child = ji[ix(top + L.J_CHILD)]
    j32[ix(2 * second * words + L.J_NEXT_32)] = child
    j32[ix(2 * second * words + L.J_PREV_32)] = first
    if child != 0:
        j32[ix(2 * child * words + L.J_PREV_32)] = second
    ji[ix(top + L.J_CHILD)] = second
    return first


@compiled
def _insert(w: Ints, q: int, slot: int) -> None:
    ji, qi, words = W.ints(w, W.JI), W.ints(w, W.QI), w[W.WORDS]
    ji[ix(slot * words + L.J_CHILD)] = 0
    qi[ix(q + L.Q_ROOT)] = _meld(w, qi[ix(q + L.Q_ROOT)], slot)


@compiled
def _merged(w: Ints, child: int) -> int:
    """Make one heap of a list of siblings: pairs from left to right, then all of them from right to left."""
    j32, words = W.halves(w, W.J32), w[W.WORDS]
    pairs = 0
    while child != 0:
        a = child
        b = j32[ix(2 * a * words + L.J_NEXT_32)]
        child = j32[ix(2 * b * words + L.J_NEXT_32)] if b != 0 else 0
        pair = _meld(w, a, b)
        j32[ix(2 * pair * words + L.J_NEXT_32)] = pairs
        pairs = pair
    root = 0
    while pairs != 0:
        following = j32[ix(2 * pairs * words + L.J_NEXT_32)]
        root = _meld(w, pairs, root)
        pairs = following
    return root


@compiled
def _remove(w: Ints, q: int, slot: int) -> None:
    ji, qi, j32, words = W.ints(w, W.JI), W.ints(w, W.QI), W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    rest = _merged(w, ji[ix(j + L.J_CHILD)])
    if qi[ix(q + L.Q_ROOT)] == slot:
        qi[ix(q + L.Q_ROOT)] = rest
        return
    before = j32[ix(2 * j + L.J_PREV_32)]
    behind = j32[ix(2 * j + L.J_NEXT_32)]
    if ji[ix(before * words + L.J_CHILD)] == slot:
        ji[ix(before * words + L.J_CHILD)] = behind
    else:
        j32[ix(2 * before * words + L.J_NEXT_32)] = behind
    if behind != 0:
        j32[ix(2 * behind * words + L.J_PREV_32)] = before
    qi[ix(q + L.Q_ROOT)] = _meld(w, qi[ix(q + L.Q_ROOT)], rest)
