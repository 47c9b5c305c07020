"""Tokens that are counted: several at once, some jobs before others in line; and all that a job gives back when it leaves.

Nobody overtakes: whoever asks for more tokens than are free holds up those behind.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import moves
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]


@compiled
def amount(ji: Ints, j: int, held: int) -> int:
    """Return how many counted tokens the job at word `j` has by its `held`-th taking; 0 of a pool that does not count them."""
    return (ji[ix(j + L.J_AMOUNTS)] >> (L.AMOUNT_BITS * held)) & L.MOST_AT_ONCE


@compiled
def _strike(ji: Ints, j32: Any, j: int, held: int) -> None:
    """Strike the `held`-th taking from a job's list."""
    amounts = ji[ix(j + L.J_AMOUNTS)]
    bits = L.AMOUNT_BITS * held
    kept = amounts & ((1 << bits) - 1)
    behind = (amounts >> bits) >> L.AMOUNT_BITS
    ji[ix(j + L.J_AMOUNTS)] = kept | (behind << bits)
    moves.drop_token(ji, j32, j, held)


@compiled
def _return_one(w: Ints, p: int, now: float) -> None:
    """Return a token of a pool that does not count them."""
    ji, j32, pi, pf, jf = W.ints(w, W.JI), W.halves(w, W.J32), W.ints(w, W.PI), W.floats(w, W.PF), W.floats(w, W.JF)
    prints, words, pool_waits = W.ints(w, W.PRINTS), w[W.WORDS], W.int_rows(w, W.POOL_WAITS, L.HISTOGRAM_BINS)
    woken = moves.give_back(p, now, pi, pf, pool_waits, ji, jf, j32, words, prints, W.ints(w, W.X))
    if woken != 0:
        moves.to_agenda(w, woken)


@compiled
def _return_several(w: Ints, p: int, now: float, tokens: int) -> None:
    """Return tokens of a pool that counts them."""
    observe.tokens(W.ints(w, W.PI), W.floats(w, W.PF), p, now, tokens)
    hand_out(w, p, now)


@compiled
def hand_out(w: Ints, p: int, now: float) -> None:
    """Let those go on that stand first in the line of a pool, as long as there are tokens enough for the first of them."""
    pi, pf, jf = W.ints(w, W.PI), W.floats(w, W.PF), W.floats(w, W.JF)
    j32, steps, words = W.halves(w, W.J32), W.ints(w, W.STEPS), w[W.WORDS]
    while pi[ix(p + L.P_HEAD)] != 0:
        first = pi[ix(p + L.P_HEAD)]
        k = first * words
        wants = steps[ix(L.STEP_WORDS * j32[ix(2 * k + L.J_STEP_32)] + L.K_COUNT)]
        if pi[ix(p + L.P_FREE)] < wants:
            break
        moves.unlink(pi, p + L.P_HEAD, j32, first, words)
        observe.pool_queue(pi, pf, p, now, -1)
        wait = now - jf[ix(k + L.J_MARK)]
        grant(w, first, p, now, wants, wait)
        jf[ix(k + L.J_WAITED)] += wait
        j32[ix(2 * k + L.J_STEP_32)] += 1
        # Its patience, if it has any, is no longer asked for.
        moves.cancel(w, first)
        moves.to_agenda(w, first)


@compiled
def grant(w: Ints, slot: int, p: int, now: float, wants: int, wait: float) -> None:
    """Give a job the tokens that it asked for."""
    pi, pf, ji, j32 = W.ints(w, W.PI), W.floats(w, W.PF), W.ints(w, W.JI), W.halves(w, W.J32)
    j = slot * w[W.WORDS]
    observe.tokens(pi, pf, p, now, -wants)
    observe.token_waited(pi, pf, W.int_rows(w, W.POOL_WAITS, L.HISTOGRAM_BINS), p, wait)
    observe.mark(W.ints(w, W.PRINTS), now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_TOKEN)
    held = ji[ix(j + L.J_HELD)]
    j32[ix(2 * j + L.J_TOKENS_32 + held)] = p
    ji[ix(j + L.J_AMOUNTS)] |= wants << (L.AMOUNT_BITS * held)
    ji[ix(j + L.J_HELD)] = held + 1


@compiled
def _class_of(w: Ints, slot: int) -> int:
    """Return the rank of a job's flow; 0 goes first."""
    flow_i, j32 = W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.halves(w, W.J32)
    rank: int = flow_i[ix(j32[ix(2 * slot * w[W.WORDS] + L.J_FLOW_32)]), F.A_CLASS]
    return rank


@compiled
def can_take(w: Ints, slot: int, p: int) -> bool:
    """Whether a job that asks at the step where it stands gets its tokens at once."""
    pi, steps, j32 = W.ints(w, W.PI), W.ints(w, W.STEPS), W.halves(w, W.J32)
    code = L.STEP_WORDS * j32[ix(2 * slot * w[W.WORDS] + L.J_STEP_32)]
    if pi[ix(p + L.P_FREE)] < steps[ix(code + L.K_COUNT)]:
        return False
    first = pi[ix(p + L.P_HEAD)]
    return first == 0 or (steps[ix(code + L.K_TARGET)] == 1 and _class_of(w, slot) < _class_of(w, first))


@compiled
def line_up(w: Ints, slot: int, p: int) -> None:
    """Let a job stand in the line of a pool: last, or last of its class and those before it."""
    pi, steps, j32, words = W.ints(w, W.PI), W.ints(w, W.STEPS), W.halves(w, W.J32), w[W.WORDS]
    before = pi[ix(p + L.P_TAIL)]
    if steps[ix(L.STEP_WORDS * j32[ix(2 * slot * words + L.J_STEP_32)] + L.K_TARGET)] == 1:
        rank = _class_of(w, slot)
        while before != 0 and _class_of(w, before) > rank:
            before = j32[ix(2 * before * words + L.J_PREV_32)]
    moves.put_behind(pi, p + L.P_HEAD, j32, before, slot, words)


@compiled
def give(w: Ints, slot: int, p: int, now: float) -> bool:
    """Give back as many tokens of a pool as the step says, those taken first before others; false where it has fewer."""
    ji, j32, steps = W.ints(w, W.JI), W.halves(w, W.J32), W.ints(w, W.STEPS)
    j = slot * w[W.WORDS]
    left = steps[ix(L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)] + L.K_COUNT)]
    has = 0
    for held in range(ji[ix(j + L.J_HELD)]):
        if j32[ix(2 * j + L.J_TOKENS_32 + held)] == p:
            has += max(1, amount(ji, j, held))
    if has < left:
        return False
    held = returned = 0
    while left > 0:
        if j32[ix(2 * j + L.J_TOKENS_32 + held)] != p:
            held += 1
            continue
        some = amount(ji, j, held)
        part = min(left, max(1, some))
        if part >= some:
            _strike(ji, j32, j, held)
        else:
            ji[ix(j + L.J_AMOUNTS)] -= part << (L.AMOUNT_BITS * held)
        if some == 0:
            _return_one(w, p, now)
        else:
            returned += part
        left -= part
    if returned > 0:
        _return_several(w, p, now, returned)
    return True


@compiled
def give_all_back(w: Ints, j: int, now: float) -> None:
    """Return every token a job holds, in the order in which it took them."""
    ji, j32 = W.ints(w, W.JI), W.halves(w, W.J32)
    while ji[ix(j + L.J_HELD)] > 0:
        p = j32[ix(2 * j + L.J_TOKENS_32)]
        some = amount(ji, j, 0)
        _strike(ji, j32, j, 0)
        if some == 0:
            _return_one(w, p, now)
        else:
            _return_several(w, p, now, some)
