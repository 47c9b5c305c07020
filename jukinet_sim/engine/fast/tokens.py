"""Steps of a route that the fast engine's loop leaves to others: tokens of buckets, counted ones, jobs of limited patience."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, ix
from jukinet_sim.chance.draws import PURPOSE_PATIENCE
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import attempts, choosing, counted, drawing, moves
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
BLOCKED, TURNS = -1.0, -2.0
"""What has become of a job that does not go on at some step: it waits or has left, or it is still its turn, elsewhere."""


@compiled
def ask(w: Ints, slot: int, p: int, now: float) -> float:
    """Carry out a rarer step, at the pool `p` if it is about one; return the step at which the job goes on now, or why not."""
    j32, steps, x, words = W.halves(w, W.J32), W.ints(w, W.STEPS), W.ints(w, W.X), w[W.WORDS]
    step = j32[ix(2 * slot * words + L.J_STEP_32)]
    kind = steps[ix(L.STEP_WORDS * step + L.K_KIND)]
    if kind == L.METER:
        return _meter(w, slot, p, now)
    if kind == L.GIVE:
        if counted.give(w, slot, p, now):
            return step + 1.0
        x[W.X_WHY] = L.BAD_RELEASE
        return BLOCKED
    if kind == L.CHOOSE:
        return float(choosing.chosen(w, slot))
    if kind == L.LEAVE:
        attempts.finish(w, slot, now)
        return BLOCKED
    return _take(w, slot, p, now, kind)


@compiled
def _take(w: Ints, slot: int, p: int, now: float, kind: int) -> float:
    """Take tokens or stand in line; where patience is limited each asking is an execution of the step, waiting or not."""
    j32, ji, jf, pi, pf = W.halves(w, W.J32), W.ints(w, W.JI), W.floats(w, W.JF), W.ints(w, W.PI), W.floats(w, W.PF)
    steps, x, words = W.ints(w, W.STEPS), W.ints(w, W.X), w[W.WORDS]
    j = slot * words
    step = j32[ix(2 * j + L.J_STEP_32)]
    code = L.STEP_WORDS * step
    counter = steps[ix(code + L.K_OCCURRENCE)]
    occurrence = 0
    if counter >= 0:
        occurrence = ji[ix(j + counter)]
        ji[ix(j + counter)] = occurrence + 1
    if ji[ix(j + L.J_HELD)] >= L.MAX_TOKENS:
        x[W.X_WHY] = L.TOO_MANY_TOKENS
        return BLOCKED
    if kind == L.TAKE:
        if counted.can_take(w, slot, p):
            counted.grant(w, slot, p, now, steps[ix(code + L.K_COUNT)], 0.0)
            return step + 1.0
    elif pi[ix(p + L.P_FREE)] > 0:
        observe.tokens(pi, pf, p, now, -1)
        observe.token_waited(pi, pf, W.int_rows(w, W.POOL_WAITS, L.HISTOGRAM_BINS), p, 0.0)
        observe.mark(W.ints(w, W.PRINTS), now, ji[ix(j + L.J_KEY)], step, L.E_TOKEN)
        j32[ix(2 * j + L.J_TOKENS_32 + ji[ix(j + L.J_HELD)])] = p
        ji[ix(j + L.J_HELD)] += 1
        return step + 1.0
    patience = np.inf
    if steps[ix(code + L.K_SAMPLER)] >= 0:
        patience = drawing.time(
            w, ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence, ji[ix(j + L.J_ATTEMPT)], PURPOSE_PATIENCE,
            steps[ix(code + L.K_SAMPLER)],
        )  # fmt: skip
        if not moves.is_time(w, patience):
            return BLOCKED
        if patience == 0.0:
            return _turn_away(w, slot, now)
    observe.pool_queue(pi, pf, p, now, 1)
    jf[ix(j + L.J_MARK)] = now
    j32[ix(2 * j + L.J_STATION_32)] = p
    ji[ix(j + L.J_SEQ)] = 0
    if kind == L.TAKE:
        counted.line_up(w, slot, p)
    else:
        moves.append_linked(pi, p + L.P_HEAD, j32, slot, words)
    if patience < np.inf:
        moves.schedule(w, slot, now + patience)
    return BLOCKED


@compiled
def _turn_away(w: Ints, slot: int, now: float) -> float:
    """Let a job leave its attempt that does not wait at all."""
    ji, j32, words = W.ints(w, W.JI), W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    observe.mark(W.ints(w, W.PRINTS), now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_RENEGE)
    return TURNS if attempts.turn_from(w, slot, now, L.K_ON_ABANDON) else BLOCKED


@compiled
def lose_patience(w: Ints, slot: int, p: int, kind: int, now: float) -> None:
    """Let a job leave the line of a pool, and its attempt, because its patience is over."""
    ji, j32, x, words = W.ints(w, W.JI), W.halves(w, W.J32), W.ints(w, W.X), w[W.WORDS]
    j = slot * words
    leave_line(w, slot, p, kind, now)
    observe.mark(W.ints(w, W.PRINTS), now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_RENEGE)
    if attempts.turn_from(w, slot, now, L.K_ON_ABANDON):
        moves.to_agenda(w, slot)
        x[W.X_INSTANT] += 1


@compiled
def leave_line(w: Ints, slot: int, p: int, kind: int, now: float) -> None:
    """Let a job no longer wait for a token."""
    jf, pi, pf, j32, words = W.floats(w, W.JF), W.ints(w, W.PI), W.floats(w, W.PF), W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    jf[ix(j + L.J_WAITED)] += now - jf[ix(j + L.J_MARK)]
    observe.pool_queue(pi, pf, p, now, -1)
    if kind == L.METER:
        _leave_meter(w, slot, p)
        return
    moves.unlink(pi, p + L.P_HEAD, j32, slot, words)
    moves.cancel(w, slot)
    if kind == L.TAKE:
        # Those behind may ask for less.
        counted.hand_out(w, p, now)


@compiled
def pass_meter(w: Ints, slot: int, p: int, now: float) -> None:
    """Let a job go on whose token has come."""
    j32, jf, pi, pf = W.halves(w, W.J32), W.floats(w, W.JF), W.ints(w, W.PI), W.floats(w, W.PF)
    prints, ji, words = W.ints(w, W.PRINTS), W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    step = j32[ix(2 * j + L.J_STEP_32)]
    wait = now - jf[ix(j + L.J_MARK)]
    observe.pool_queue(pi, pf, p, now, -1)
    observe.token_waited(pi, pf, W.int_rows(w, W.POOL_WAITS, L.HISTOGRAM_BINS), p, wait)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], step, L.E_TOKEN)
    jf[ix(j + L.J_WAITED)] += wait
    j32[ix(2 * j + L.J_STEP_32)] = step + 1
    moves.to_agenda(w, slot)
    moves.unlink(pi, p + L.P_HEAD, j32, slot, words)
    _give_token(pi, pf, p, now)
    _plan_token(w, p)


@compiled
def _leave_meter(w: Ints, slot: int, p: int) -> None:
    """Let a job no longer wait for a token: those behind it move forward, and the next token is the next one's."""
    pi, j32, words = W.ints(w, W.PI), W.halves(w, W.J32), w[W.WORDS]
    was_first = pi[ix(p + L.P_HEAD)] == slot
    moves.unlink(pi, p + L.P_HEAD, j32, slot, words)
    if was_first:
        moves.cancel(w, slot)
        _plan_token(w, p)


@compiled
def _token_due(pi: Ints, pf: Floats, p: int) -> float:
    """When a bucket that ran at the steady rate would give its next token out."""
    due: float = pf[ix(p + L.P_SINCE)] + pi[ix(p + L.P_GIVEN)] * pf[ix(p + L.P_INTERVAL)]
    return due


@compiled
def _give_token(pi: Ints, pf: Floats, p: int, now: float) -> None:
    """Let a bucket give its next token out."""
    if _token_due(pi, pf, p) < now:
        pf[ix(p + L.P_SINCE)] = now
        pi[ix(p + L.P_GIVEN)] = 0
    pi[ix(p + L.P_GIVEN)] += 1


@compiled
def _plan_token(w: Ints, p: int) -> None:
    """Give a bucket's next token to the first who waits, if anybody does."""
    pf, pi, ji, words = W.floats(w, W.PF), W.ints(w, W.PI), W.ints(w, W.JI), w[W.WORDS]
    first = pi[ix(p + L.P_HEAD)]
    if first != 0:
        passes = _token_due(pi, pf, p) - pf[ix(p + L.P_BURST)]
        moves.schedule_as(w, first, passes, ji[ix(first * words + L.J_ENTRY)])


@compiled
def _meter(w: Ints, slot: int, p: int, now: float) -> float:
    """Ask a bucket that refills for a token; see `ask`. Tokens go out in the order of asking.

    The generic cell rate algorithm: what comes faster than the steady rate is let through up to a burst ahead of it. Only the
    first who waits has an event, so that who leaves frees its place without a look at the others.
    """
    pf, pi, prints, ji, j32 = W.floats(w, W.PF), W.ints(w, W.PI), W.ints(w, W.PRINTS), W.ints(w, W.JI), W.halves(w, W.J32)
    jf, steps, words = W.floats(w, W.JF), W.ints(w, W.STEPS), w[W.WORDS]
    j = slot * words
    alone = pi[ix(p + L.P_HEAD)] == 0
    if alone and _token_due(pi, pf, p) - pf[ix(p + L.P_BURST)] <= now:
        _give_token(pi, pf, p, now)
        observe.token_waited(pi, pf, W.int_rows(w, W.POOL_WAITS, L.HISTOGRAM_BINS), p, 0.0)
        observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_TOKEN)
        return j32[ix(2 * j + L.J_STEP_32)] + 1.0
    if steps[ix(L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)] + L.K_SAMPLER)] >= 0:
        return _turn_away(w, slot, now)
    observe.pool_queue(pi, pf, p, now, 1)
    jf[ix(j + L.J_MARK)] = now
    j32[ix(2 * j + L.J_STATION_32)] = p
    ji[ix(j + L.J_SEQ)] = 0
    ji[ix(j + L.J_ENTRY)] = moves.next_number(w)
    moves.append_linked(pi, p + L.P_HEAD, j32, slot, words)
    if alone:
        _plan_token(w, p)
    return BLOCKED
