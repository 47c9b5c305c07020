"""Visits to special stations in the fast engine, and the events that only a rich network has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, call, compiled, ix
from jukinet_sim.chance.draws import PURPOSE_BALK
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import attempts, drawing, keeping, moves, queueing, servers, sharing, tokens
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def enter(w: Ints, slot: int, s: int, now: float, demand: float) -> bool:
    """Let a job come for this much service; true where it was refused and begins its next attempt at once."""
    si, qi, jf, prints, ji = W.ints(w, W.SI), W.ints(w, W.QI), W.floats(w, W.JF), W.ints(w, W.PRINTS), W.ints(w, W.JI)
    j32, words, keep_rows = W.halves(w, W.J32), w[W.WORDS], w[W.KEEP_ROWS]
    j = slot * words
    q = si[ix(s + L.S_SPECIAL)]
    if keep_rows != 0:
        jf[ix(j + L.J_ARRIVE)] = now
        jf[ix(j + L.J_START)] = now
    present = servers.present(w, s, q)
    keeps = ji[ix(j + L.J_STATE)] == L.HOLDING
    if (present >= qi[ix(q + L.Q_CAPACITY)] and not keeps) or _balks(w, slot, present):
        observe.count(qi, q + L.Q_OFFERED)
        observe.count(qi, q + L.Q_REFUSED)
        observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_REFUSE)
        moves.keep_row(w, j, np.nan, now, L.REFUSED)
        return attempts.turn_from(w, slot, now, L.K_ON_REFUSED)
    if keeps:
        call(w[W.KEEP], w[W.SELF], keeping.COME, slot, s, bits_of(now), bits_of(demand), 0)
    else:
        observe.count(qi, q + L.Q_OFFERED)
        queueing.let_in(w, slot, s, q, now, demand)
    return False


@compiled
def _balks(w: Ints, slot: int, present: int) -> bool:
    """Whether a job turns away that finds so many at the station."""
    j32, steps, tail_f = W.halves(w, W.J32), W.ints(w, W.STEPS), W.floats(w, W.TAIL_F)
    code = L.STEP_WORDS * j32[ix(2 * slot * w[W.WORDS] + L.J_STEP_32)]
    at = steps[ix(code + L.K_TARGET)]
    if at < 0 or present < tail_f[ix(at)]:
        return False
    entries, i = steps[ix(code + L.K_PER_RECORDS)], 0
    while i + 1 < entries and present >= tail_f[ix(at + i + 1)]:
        i += 1
    return queueing.for_visit(w, slot, PURPOSE_BALK, drawing.UNIFORM) < tail_f[ix(at + entries + i)]


@compiled
def _complete(w: Ints, slot: int, s: int, now: float) -> None:
    """End a visit that has received its service; the server is handed on before the job moves."""
    si, jf, qi, ji, sf = W.ints(w, W.SI), W.floats(w, W.JF), W.ints(w, W.QI), W.ints(w, W.JI), W.floats(w, W.SF)
    j32, words = W.halves(w, W.J32), w[W.WORDS]
    j = slot * words
    q = si[ix(s + L.S_SPECIAL)]
    moves.keep_row(w, j, jf[ix(j + L.J_START)], now, L.SERVED)
    observe.count(qi, q + L.Q_DONE)
    if ji[ix(j + L.J_STATE)] == L.SHARING:
        sharing.depart(w, slot, s, q, now)
        _make_room(w, s, q, now)
    else:
        observe.busy(si, sf, s, now, -1)
        code = L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)]
        if W.ints(w, W.STEPS)[ix(code + L.K_CHILD)] == 1 and ji[ix(j + L.J_TIMER)] != L.ZOMBIE:
            observe.kept(qi, W.floats(w, W.QF), q, now, 1)
            ji[ix(j + L.J_STATE)] = L.HOLDING
            ji[ix(j + L.J_CHILD)] = s
        else:
            servers.vacate(w, slot, s, q)
            servers.dispatch(w, s, q, now)
            _make_room(w, s, q, now)
    if ji[ix(j + L.J_TIMER)] == L.ZOMBIE:
        moves.free_slot(w, slot)
    else:
        j32[ix(2 * j + L.J_STEP_32)] += 1
        moves.to_agenda(w, slot)


@compiled
def _make_room(w: Ints, s: int, q: int, now: float) -> None:
    """Let those in who keep a server elsewhere until there is room at a station that somebody has left."""
    if W.ints(w, W.QI)[ix(q + L.Q_DOOR)] != 0:
        call(w[W.KEEP], w[W.SELF], keeping.ROOM, 0, s, bits_of(now), 0, 0)


@compiled
def _leave_queue(w: Ints, slot: int, s: int, now: float) -> None:
    """End a visit before its service began."""
    si, links, j32, sf, jf = W.ints(w, W.SI), W.ints(w, W.LINKS), W.halves(w, W.J32), W.floats(w, W.SF), W.floats(w, W.JF)
    qi, qf, station_gone = W.ints(w, W.QI), W.floats(w, W.QF), W.int_rows(w, W.STATION_GONE, L.HISTOGRAM_BINS)
    prints, ji, words = W.ints(w, W.PRINTS), W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    q = si[ix(s + L.S_SPECIAL)]
    moves.unlink(links, servers.class_of(w, slot, q), j32, slot, words)
    observe.queue(si, sf, s, now, -1)
    if jf[ix(j + L.J_MARK)] >= 0.0:
        wait = now - jf[ix(j + L.J_MARK)]
        observe.gave_up_waiting(qi, qf, station_gone, q, si[ix(s + L.S_GROUP)], wait)
        jf[ix(j + L.J_WAITED)] += wait
        moves.keep_row(w, j, np.nan, now, L.ABANDONED)
    else:
        moves.keep_row(w, j, jf[ix(j + L.J_START)], now, L.BROKEN_OFF)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_RENEGE)
    _make_room(w, s, q, now)


@compiled
def _break_service_off(w: Ints, slot: int, s: int, now: float) -> None:
    """Let a job leave the server that serves it."""
    si, jf, prints, ji, j32 = W.ints(w, W.SI), W.floats(w, W.JF), W.ints(w, W.PRINTS), W.ints(w, W.JI), W.halves(w, W.J32)
    sf, words = W.floats(w, W.SF), w[W.WORDS]
    j = slot * words
    q = si[ix(s + L.S_SPECIAL)]
    moves.keep_row(w, j, jf[ix(j + L.J_START)], now, L.BROKEN_OFF)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_BREAK)
    if ji[ix(j + L.J_STATE)] == L.SHARING:
        sharing.break_off(w, slot, s, q, now)
        _make_room(w, s, q, now)
        return
    moves.cancel(w, slot)
    observe.given(si, sf, W.floats(w, W.QF), s, now - jf[ix(j + L.J_MARK)])
    observe.busy(si, sf, s, now, -1)
    servers.vacate(w, slot, s, q)
    servers.dispatch(w, s, q, now)
    _make_room(w, s, q, now)


@compiled
def _time_out(w: Ints, clock: int, now: float) -> None:
    """End an attempt that has lasted too long: the job leaves from wherever it is."""
    ji, steps, j32, flow_i = W.ints(w, W.JI), W.ints(w, W.STEPS), W.halves(w, W.J32), W.int_rows(w, W.FLOW_I, F.FLOW_INTS)
    x, words = W.ints(w, W.X), w[W.WORDS]
    slot = ji[ix(clock * words + L.J_KEY)]
    j = slot * words
    kind = steps[ix(L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)] + L.K_KIND)]
    s = j32[ix(2 * j + L.J_STATION_32)]
    if kind == L.SPECIAL and ji[ix(j + L.J_STATE)] == L.WAITING:
        _leave_queue(w, slot, s, now)
        moves.cancel(w, slot)
    elif kind == L.SPECIAL and ji[ix(j + L.J_STATE)] == L.HOLDING:
        moves.unlink(W.ints(w, W.QI), W.ints(w, W.SI)[ix(s + L.S_SPECIAL)] + L.Q_DOOR, j32, slot, words)
    elif kind == L.SPECIAL and flow_i[ix(j32[ix(2 * j + L.J_FLOW_32)]), F.A_ZOMBIE] != 0:
        slot = _walk_away(w, slot)
    elif kind == L.SPECIAL:
        _break_service_off(w, slot, s, now)
    elif kind == L.ACQUIRE or kind == L.METER or kind == L.PATIENT or kind == L.TAKE:
        tokens.leave_line(w, slot, s, kind, now)
    else:
        moves.cancel(w, slot)
    if attempts.leave_attempt(w, slot, now, 0):
        moves.to_agenda(w, slot)
        x[W.X_INSTANT] += 1


@compiled
def _walk_away(w: Ints, slot: int) -> int:
    """Leave a service running for nobody; the job goes on in a record of its own, whose slot is returned."""
    ji, words = W.ints(w, W.JI), w[W.WORDS]
    j = slot * words
    heir = moves.new_slot(w)
    k = heir * words
    for i in range(words):
        ji[ix(k + i)] = ji[ix(j + i)]
    ji[ix(k + L.J_SEQ)] = 0
    ji[ix(ji[ix(k + L.J_TIMER)] * words + L.J_KEY)] = heir
    ji[ix(j + L.J_TIMER)] = L.ZOMBIE
    ji[ix(j + L.J_HELD)] = ji[ix(j + L.J_AMOUNTS)] = 0
    return heir


@compiled
def happen(w: Ints, slot: int, now: float) -> None:
    """Carry out the event that was pending for a record at a special station or on a step of no route."""
    steps, j32, ji, x, words = W.ints(w, W.STEPS), W.halves(w, W.J32), W.ints(w, W.JI), W.ints(w, W.X), w[W.WORDS]
    j = slot * words
    kind = steps[ix(L.STEP_WORDS * j32[ix(2 * j + L.J_STEP_32)] + L.K_KIND)]
    s = j32[ix(2 * j + L.J_STATION_32)]
    ji[ix(j + L.J_SEQ)] = 0
    if kind == L.SPECIAL:
        if ji[ix(j + L.J_STATE)] == L.WAITING:
            _leave_queue(w, slot, s, now)
            if attempts.turn_from(w, slot, now, L.K_ON_ABANDON):
                moves.to_agenda(w, slot)
                x[W.X_INSTANT] += 1
        else:
            _complete(w, slot, s, now)
    elif kind == L.METER:
        tokens.pass_meter(w, slot, s, now)
    elif kind == L.PATIENT or kind == L.TAKE:
        tokens.lose_patience(w, slot, s, kind, now)
    elif kind == L.RETRY:
        attempts.try_again(w, slot, now)
        moves.to_agenda(w, slot)
    elif kind == L.THINK:
        attempts.come(w, slot, now)
    elif kind == L.TIMER:
        _time_out(w, slot, now)
    else:
        servers.clock_strikes(w, slot, now)


@compiled
def nothing_can_move(w: Ints) -> bool:
    """Whether only failures and repairs lie ahead, with nobody in a queue that they could help."""
    x, fi, qi, si = W.ints(w, W.X), W.ints(w, W.FI), W.ints(w, W.QI), W.ints(w, W.SI)
    pending = x[W.X_HEAP] + x[W.X_GATES] - x[W.X_STALE] - x[W.X_CLOCKS]
    if moves.jobs_inside(fi) == 0:
        return True
    for q in range(0, qi.size, L.SPECIAL_WORDS):
        s = qi[q + L.Q_STATION]
        if qi[q + L.Q_CLOCKED] != 0 and qi[q + L.Q_KEPT] < qi[q + L.Q_SERVERS]:
            pending += si[s + L.S_QUEUE] + si[s + L.S_BUSY]
    return pending == 0
