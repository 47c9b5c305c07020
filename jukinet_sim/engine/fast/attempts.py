"""Attempts in the fast engine: how a job begins one, leaves it before its end, tries again, and thinks between two cycles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, call, compiled, ix
from jukinet_sim.chance.draws import PURPOSE_BACKOFF, PURPOSE_THINK, PURPOSE_TIMEOUT, cycle_key
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import counted, drawing, keeping, moves
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]


@compiled
def begin_attempt(w: Ints, slot: int, now: float) -> None:
    """Set the clock that times this attempt out, in flows that have one."""
    j32, flow_i, ji, words = W.halves(w, W.J32), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.ints(w, W.JI), w[W.WORDS]
    timer_step = w[W.TIMER_STEP]
    j = slot * words
    flow = j32[ix(2 * j + L.J_FLOW_32)]
    sampler = flow_i[ix(flow), F.A_TIMEOUT]
    if sampler < 0:
        return
    timeout = drawing.time(w, ji[ix(j + L.J_KEY)], 0, 0, ji[ix(j + L.J_ATTEMPT)], PURPOSE_TIMEOUT, sampler)
    if not moves.is_time(w, timeout):
        return
    clock = ji[ix(j + L.J_TIMER)]
    if clock == 0:
        clock = moves.new_slot(w)
        ji[ix(j + L.J_TIMER)] = clock
        k = clock * words
        j32[ix(2 * k + L.J_FLOW_32)] = L.NOBODY_32
        j32[ix(2 * k + L.J_STEP_32)] = timer_step
        ji[ix(k + L.J_KEY)] = slot
    moves.schedule(w, clock, now + timeout)


@compiled
def leave_attempt(w: Ints, slot: int, now: float, lost: int) -> bool:
    """Let a job give this attempt up, refused (`lost` is 1) or out of patience; true where it begins the next at once.

    Whatever it waited for must have been settled before.
    """
    j32, ji, flow_i, fi = W.halves(w, W.J32), W.ints(w, W.JI), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.ints(w, W.FI)
    ff, flow_gone, prints = W.floats(w, W.FF), W.int_rows(w, W.FLOW_GONE, L.HISTOGRAM_BINS), W.ints(w, W.PRINTS)
    jf, flow_f, words = W.floats(w, W.JF), W.float_rows(w, W.FLOW_F, F.FLOW_FLOATS), w[W.WORDS]
    drawn_words, counter_words = w[W.DRAWN_WORDS], w[W.COUNTER_WORDS]
    j = slot * words
    flow = j32[ix(2 * j + L.J_FLOW_32)]
    counted.give_all_back(w, j, now)
    _hand_server_on(w, slot, now)
    if ji[ix(j + L.J_TIMER)] > 0:
        moves.cancel(w, ji[ix(j + L.J_TIMER)])
    tried = ji[ix(j + L.J_ATTEMPT)] + 1
    most = flow_i[ix(flow), F.A_ATTEMPTS]
    if most != 0 and tried >= most:
        observe.gone(
            fi, ff, flow_gone, prints, flow, now, ji[ix(j + L.J_KEY)], jf[ix(j + L.J_BIRTH)],
            jf[ix(j + L.J_WAITED)], lost,
        )  # fmt: skip
        observe.late(fi, ff, flow * L.FLOW_WORDS, now - jf[ix(j + L.J_BIRTH)], ji[ix(j + L.J_RECORDS)])
        retire(w, slot, now)
        return False
    observe.retried(fi, flow * L.FLOW_WORDS)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_RETRY)
    ji[ix(j + L.J_ATTEMPT)] = tried
    backoff = drawing.time(w, ji[ix(j + L.J_KEY)], 0, 0, tried, PURPOSE_BACKOFF, flow_i[ix(flow), F.A_BACKOFF])
    backoff *= jf[ix(j + L.J_BACKOFF)]
    jf[ix(j + L.J_BACKOFF)] *= flow_f[ix(flow), F.AF_FACTOR]
    ji[ix(j + L.J_LOT)] = ji[ix(j + L.J_RECORDS)]
    jf[ix(j + L.J_EXTRA)] = 0.0
    at = j + L.JOB_HEADER + drawn_words
    for i in range(at, at + counter_words):
        ji[ix(i)] = 0
    drawing.job_values(w, j, flow, tried, 0)
    j32[ix(2 * j + L.J_STEP_32)] = flow_i[ix(flow), F.A_RETRY_STEP]
    if not moves.is_time(w, backoff):
        return False
    if backoff > 0.0:
        moves.schedule(w, slot, now + backoff)
        return False
    try_again(w, slot, now)
    return True


@compiled
def _hand_server_on(w: Ints, slot: int, now: float) -> None:
    """Let a job that leaves no longer keep the server that it may have kept after service."""
    if W.ints(w, W.JI)[ix(slot * w[W.WORDS] + L.J_STATE)] == L.HOLDING:
        call(w[W.KEEP], w[W.SELF], keeping.LEAVE, slot, 0, bits_of(now), 0, 0)


@compiled
def turn_from(w: Ints, slot: int, now: float, word: int) -> bool:
    """Let a job turn away from where it was refused or waited in vain; true where it goes on at once.

    The step's `word` says where it goes on; where it says nothing the attempt is at an end.
    """
    j32, steps, words = W.halves(w, W.J32), W.ints(w, W.STEPS), w[W.WORDS]
    step = 2 * slot * words + L.J_STEP_32
    target = steps[ix(L.STEP_WORDS * j32[ix(step)] + word)]
    if target < 0:
        return leave_attempt(w, slot, now, 1 if word == L.K_ON_REFUSED else 0)
    j32[ix(step)] = target
    return True


@compiled
def try_again(w: Ints, slot: int, now: float) -> None:
    """Let a job whose back-off is over stand at its first step."""
    j32, flow_i, words = W.halves(w, W.J32), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), w[W.WORDS]
    j = slot * words
    flow = j32[ix(2 * j + L.J_FLOW_32)]
    j32[ix(2 * j + L.J_STEP_32)] = flow_i[ix(flow), F.A_FIRST_STEP]
    begin_attempt(w, slot, now)


@compiled
def finish(w: Ints, slot: int, now: float) -> None:
    """Let a job go that has come to the end of its route."""
    ji, fi, ff = W.ints(w, W.JI), W.ints(w, W.FI), W.floats(w, W.FF)
    sojourns, flow_waits = W.int_rows(w, W.SOJOURNS, L.HISTOGRAM_BINS), W.int_rows(w, W.FLOW_WAITS, L.HISTOGRAM_BINS)
    prints, j32, jf, words = W.ints(w, W.PRINTS), W.halves(w, W.J32), W.floats(w, W.JF), w[W.WORDS]
    j = slot * words
    counted.give_all_back(w, j, now)
    _hand_server_on(w, slot, now)
    if ji[ix(j + L.J_TIMER)] > 0:
        moves.cancel(w, ji[ix(j + L.J_TIMER)])
    observe.completed(
        fi, ff, sojourns, flow_waits, prints, j32[ix(2 * j + L.J_FLOW_32)], now, ji[ix(j + L.J_KEY)],
        jf[ix(j + L.J_BIRTH)], jf[ix(j + L.J_WAITED)], ji[ix(j + L.J_RECORDS)],
    )  # fmt: skip
    retire(w, slot, now)


@compiled
def retire(w: Ints, slot: int, now: float) -> None:
    """Free the record of a job that has left; that of a member of a closed population thinks until its next cycle."""
    ji, x, j32, words = W.ints(w, W.JI), W.ints(w, W.X), W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    if ji[ix(j + L.J_TIMER)] > 0:
        moves.free_slot(w, ji[ix(j + L.J_TIMER)])
    customer = ji[ix(j + L.J_CUSTOMER)]
    if customer > 0 and x[W.X_CLOSED] == 0:
        ji[ix(j + L.J_CYCLE)] += 1
        if think(w, slot, j32[ix(2 * j + L.J_FLOW_32)], now, False):
            come(w, slot, now)
            # Last of all, as a cycle without any time in it must be noticed.
            x[W.X_INSTANT] += 1
    else:
        moves.free_slot(w, slot)


@compiled
def think(w: Ints, slot: int, flow: int, now: float, at_start: bool) -> bool:
    """Let a member of a closed population begin to think; true where it is done at once (at the start it never is)."""
    j32, flow_i, ji, words = W.halves(w, W.J32), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    j32[ix(2 * j + L.J_FLOW_32)] = L.NOBODY_32 - 1 - flow
    j32[ix(2 * j + L.J_STEP_32)] = flow_i[ix(flow), F.A_THINK_STEP]
    ji[ix(j + L.J_KEY)] = cycle_key(flow_i[ix(flow), F.A_HASH], ji[ix(j + L.J_CUSTOMER)], ji[ix(j + L.J_CYCLE)])
    ji[ix(j + L.J_SEQ)] = 0
    seconds = drawing.time(w, ji[ix(j + L.J_KEY)], 0, 0, 0, PURPOSE_THINK, flow_i[ix(flow), F.A_SAMPLER])
    if not moves.is_time(w, seconds):
        return False
    if seconds > 0.0 or at_start:
        moves.schedule(w, slot, now + seconds)
        return False
    return True


@compiled
def come(w: Ints, slot: int, now: float) -> None:
    """Thinking is over: the next cycle arrives as a job."""
    j32, ji, flow_i, jf = W.halves(w, W.J32), W.ints(w, W.JI), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.floats(w, W.JF)
    fi, ff, prints, words = W.ints(w, W.FI), W.floats(w, W.FF), W.ints(w, W.PRINTS), w[W.WORDS]
    x, job_budget = W.ints(w, W.X), w[W.JOB_BUDGET]
    if x[W.X_SLOTS] > job_budget and moves.jobs_inside(fi) >= job_budget:
        x[W.X_WHY] = L.JOB_BUDGET
        return
    drawn_words, counter_words = w[W.DRAWN_WORDS], w[W.COUNTER_WORDS]
    j = slot * words
    flow = L.NOBODY_32 - 1 - j32[ix(2 * j + L.J_FLOW_32)]
    customer = ji[ix(j + L.J_CUSTOMER)]
    info = flow_i[flow]
    moves.new_job(flow, info[F.A_FIRST_STEP], now, info[F.A_RECORDS], True, drawn_words, counter_words, ji, jf, j32, j)
    ji[ix(j + L.J_CUSTOMER)] = customer
    for place in range(5):
        j32[ix(2 * j + L.J_PLACE_32 + place)] = 0
    drawing.job_values(w, j, flow, 0, 1)
    observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[ix(j + L.J_KEY)])
    begin_attempt(w, slot, now)
    moves.to_agenda(w, slot)
