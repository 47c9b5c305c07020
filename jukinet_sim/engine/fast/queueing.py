"""How a job that has come in at a special station begins, or waits, in the fast engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.chance.draws import PURPOSE_ORDER, PURPOSE_PATIENCE
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import drawing, moves, servers, sharing
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]


@compiled
def let_in(w: Ints, slot: int, s: int, q: int, now: float, demand: float) -> None:
    """Let a job that asks for this much service share, begin at once where a server can be had, or wait."""
    si, qi, jf, ji = W.ints(w, W.SI), W.ints(w, W.QI), W.floats(w, W.JF), W.ints(w, W.JI)
    j32, sf, links = W.halves(w, W.J32), W.floats(w, W.SF), W.ints(w, W.LINKS)
    flow_i, words = W.int_rows(w, W.FLOW_I, F.FLOW_INTS), w[W.WORDS]
    j = slot * words
    jf[ix(j + L.J_MARK)] = now
    if qi[ix(q + L.Q_SHARING)] != 0:
        sharing.join(w, slot, s, q, now, demand)
        return
    jf[ix(j + L.J_LEFT)] = demand
    preempts = qi[ix(q + L.Q_PREEMPTS)]
    if preempts == L.RESTART or qi[ix(q + L.Q_SHIFT)] == L.RESTART:
        jf[ix(j + L.J_CHILD)] = demand
    if servers.has_idle(w, s, q):
        observe.busy(si, sf, s, now, 1)
        servers.begin(w, slot, s, q, now, True)
        return
    if preempts != L.NEVER and servers.interrupt(w, s, q, now, servers.rank_of(w, slot)):
        observe.busy(si, sf, s, now, 1)
        servers.begin(w, slot, s, q, now, True)
        return
    observe.queue(si, sf, s, now, 1)
    ji[ix(j + L.J_STATE)] = L.WAITING
    ji[ix(j + L.J_SEQ)] = 0
    if qi[ix(q + L.Q_ORDER)] == L.LAST:
        moves.append_linked(links, servers.class_of(w, slot, q), j32, slot, words)
    else:
        _jump_queue(w, slot, q, si[ix(s + L.S_QUEUE)] - 1)
    sampler = flow_i[ix(j32[ix(2 * j + L.J_FLOW_32)]), F.A_PATIENCE]
    if sampler >= 0:
        _be_patient(w, slot, now, sampler)


@compiled
def _jump_queue(w: Ints, slot: int, q: int, waiting: int) -> None:
    """Let a job stand first, or at a place drawn by chance, among those of a queue of `waiting` who have not begun.

    Who always takes the first of a queue in random order takes any of them.
    """
    qi, links, j32, jf, words = W.ints(w, W.QI), W.ints(w, W.LINKS), W.halves(w, W.J32), W.floats(w, W.JF), w[W.WORDS]
    at = qi[ix(q + L.Q_LINKS)]
    stopped, before, ahead = 0, 0, links[ix(at)]
    while ahead != 0 and jf[ix(ahead * words + L.J_MARK)] < 0.0:
        stopped += 1
        before = ahead
        ahead = j32[ix(2 * ahead * words + L.J_NEXT_32)]
    if qi[ix(q + L.Q_ORDER)] == L.ANYWHERE:
        others = waiting - stopped
        before = links[ix(at + 1)]
        for _ in range(min(others, int(for_visit(w, slot, PURPOSE_ORDER, drawing.UNIFORM) * (others + 1)))):
            before = j32[ix(2 * before * words + L.J_PREV_32)]
    moves.put_behind(links, at, j32, before, slot, words)


@compiled
def _be_patient(w: Ints, slot: int, now: float, sampler: int) -> None:
    """Plan when a job that waits will have lost its patience."""
    patience = for_visit(w, slot, PURPOSE_PATIENCE, sampler)
    if moves.is_time(w, patience):
        moves.schedule(w, slot, now + patience)


@compiled
def for_visit(w: Ints, slot: int, purpose: int, sampler: int) -> float:
    """Draw for another purpose of the visit that a job is about."""
    j32, steps, ji, words = W.halves(w, W.J32), W.ints(w, W.STEPS), W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    code = L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)]
    counter = steps[ix(code + L.K_OCCURRENCE)]
    # The counter already stands at the visit that comes after this one.
    occurrence = ji[ix(j + counter)] - 1 if counter >= 0 else 0
    return drawing.time(
        w, ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence, ji[ix(j + L.J_ATTEMPT)], purpose, sampler
    )
