"""Servers that are kept after service in the fast engine: until their jobs have come in at the next station, or leave.

Who finds that station full waits at its door. Whoever comes in there hands a server on, which may make room at that station in
turn: one by one, in the order in which they came to each door.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import moves, queueing, servers
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]
COME, ROOM, LEAVE = range(3)
"""A job that keeps a server comes to a station, there is room at a station, and such a job leaves its attempt."""


@compiled
def act(w: Ints, what: int, slot: int, s: int, now: float, demand: float) -> None:
    """Carry out one of the above."""
    if what == COME:
        _come(w, slot, s, now, demand)
    elif what == ROOM:
        _make_room(w, s, now)
    else:
        _make_room(w, _hand_on(w, slot, now), now)


@compiled
def _come(w: Ints, slot: int, s: int, now: float, demand: float) -> None:
    """Let a job come in, or wait at the door; at the station whose server it keeps it takes its own place."""
    ji, jf, qi, si, words = W.ints(w, W.JI), W.floats(w, W.JF), W.ints(w, W.QI), W.ints(w, W.SI), w[W.WORDS]
    j = slot * words
    q = si[ix(s + L.S_SPECIAL)]
    kept = ji[ix(j + L.J_CHILD)]
    if kept == s:
        observe.count(qi, q + L.Q_OFFERED)
        _hand_on(w, slot, now)
        queueing.let_in(w, slot, s, q, now, demand)
        return
    if servers.present(w, s, q) < qi[ix(q + L.Q_CAPACITY)]:
        _come_in(w, slot, s, q, now, demand)
        _make_room(w, kept, now)
        return
    j32 = W.halves(w, W.J32)
    jf[ix(j + L.J_MARK)] = now
    jf[ix(j + L.J_LEFT)] = demand
    ji[ix(j + L.J_SEQ)] = 0
    observe.mark(W.ints(w, W.PRINTS), now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_BLOCK)
    moves.append_linked(qi, q + L.Q_DOOR, j32, slot, words)


@compiled
def _come_in(w: Ints, slot: int, s: int, q: int, now: float, demand: float) -> None:
    """Let a job in; then the server that it kept is handed on."""
    ji, jf, words = W.ints(w, W.JI), W.floats(w, W.JF), w[W.WORDS]
    j = slot * words
    kept = ji[ix(j + L.J_CHILD)]
    if w[W.KEEP_ROWS] != 0:
        jf[ix(j + L.J_ARRIVE)] = now
        jf[ix(j + L.J_START)] = now
    observe.count(W.ints(w, W.QI), q + L.Q_OFFERED)
    queueing.let_in(w, slot, s, q, now, demand)
    _free(w, slot, kept, now)


@compiled
def _make_room(w: Ints, s: int, now: float) -> None:
    """Let in who waits at a door first, if there is room; and so on wherever this makes room."""
    ji, jf, qi, si, j32 = W.ints(w, W.JI), W.floats(w, W.JF), W.ints(w, W.QI), W.ints(w, W.SI), W.halves(w, W.J32)
    words = w[W.WORDS]
    while True:
        q = si[ix(s + L.S_SPECIAL)]
        slot = qi[ix(q + L.Q_DOOR)]
        if slot == 0 or servers.present(w, s, q) >= qi[ix(q + L.Q_CAPACITY)]:
            return
        moves.unlink(qi, q + L.Q_DOOR, j32, slot, words)
        kept = ji[ix(slot * words + L.J_CHILD)]
        _come_in(w, slot, s, q, now, jf[ix(slot * words + L.J_LEFT)])
        s = kept


@compiled
def _hand_on(w: Ints, slot: int, now: float) -> int:
    """Let a job no longer keep its server; return the station of that server."""
    ji, words = W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    kept: int = ji[ix(j + L.J_CHILD)]
    ji[ix(j + L.J_STATE)] = 0
    _free(w, slot, kept, now)
    return kept


@compiled
def _free(w: Ints, slot: int, s: int, now: float) -> None:
    """Let the server that a job kept at a station serve others."""
    q = W.ints(w, W.SI)[ix(s + L.S_SPECIAL)]
    observe.kept(W.ints(w, W.QI), W.floats(w, W.QF), q, now, -1)
    servers.vacate(w, slot, s, q)
    servers.dispatch(w, s, q, now)
