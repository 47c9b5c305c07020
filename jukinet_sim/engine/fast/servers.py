"""The servers of special stations in the fast engine: who begins when, and what outages, schedules, failures and speed do.

A server works if it is on duty, not broken and no outage is in force. Every change ends with `dispatch`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled, float_of, ix
from jukinet_sim.chance.draws import PURPOSE_BREAKDOWN
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import drawing, moves, sharing
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]


@compiled
def begin(w: Ints, slot: int, s: int, q: int, now: float, fresh: bool) -> None:
    """Let a job be served by the lowest idle server; `fresh` where it has not been served at this visit before."""
    jf, qf, si, sf = W.floats(w, W.JF), W.floats(w, W.QF), W.ints(w, W.SI), W.floats(w, W.SF)
    station_waits, prints, ji = W.int_rows(w, W.STATION_WAITS, L.HISTOGRAM_BINS), W.ints(w, W.PRINTS), W.ints(w, W.JI)
    j32, qi, occupants, conditions = W.halves(w, W.J32), W.ints(w, W.QI), W.ints(w, W.OCCUPANTS), W.ints(w, W.CONDITIONS)
    words, keep_rows = w[W.WORDS], w[W.KEEP_ROWS]
    j = slot * words
    end = now + jf[ix(j + L.J_LEFT)] / qf[ix(q + L.Q_SPEED)]
    observe.served(si, sf, s, end - now)
    if fresh:
        if keep_rows != 0:
            jf[ix(j + L.J_START)] = now
        wait = now - jf[ix(j + L.J_MARK)]
        if wait > 0.0:
            observe.waited(si, sf, station_waits, s, wait)
            jf[ix(j + L.J_WAITED)] += wait
    else:
        observe.resumed(si, qi, s)
    kind = L.E_START if fresh else L.E_RESUME
    observe.mark(prints, end, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], kind)
    jf[ix(j + L.J_MARK)] = end
    ji[ix(j + L.J_STATE)] = L.SERVING
    at = qi[ix(q + L.Q_SLOTS)]
    if at >= 0:
        while occupants[ix(at)] != 0 or conditions[ix(at)] != 0:
            at += 1
        occupants[ix(at)] = slot
    moves.schedule(w, slot, end)


@compiled
def present(w: Ints, s: int, q: int) -> int:
    """Return how many jobs are at a special station: waiting, in service, or keeping a server after it."""
    si, qi = W.ints(w, W.SI), W.ints(w, W.QI)
    jobs: int = si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)] + qi[ix(q + L.Q_KEPT)]
    return jobs


@compiled
def has_idle(w: Ints, s: int, q: int) -> bool:
    """Whether a server works and has nobody."""
    si, qi, occupants, conditions = W.ints(w, W.SI), W.ints(w, W.QI), W.ints(w, W.OCCUPANTS), W.ints(w, W.CONDITIONS)
    kept, first = qi[ix(q + L.Q_KEPT)], qi[ix(q + L.Q_SLOTS)]
    if kept == 0 or first < 0:
        return si[ix(s + L.S_BUSY)] + kept < si[ix(s + L.S_USABLE)]
    # A server that is kept may be broken, so that numbers alone do not tell.
    if qi[ix(q + L.Q_OUTAGES)] == 0:
        for at in range(first, first + qi[ix(q + L.Q_SERVERS)]):
            if occupants[ix(at)] == 0 and conditions[ix(at)] == 0:
                return True
    return False


@compiled
def is_served(w: Ints, slot: int) -> bool:
    """Whether there is a job at a server that has not kept it after service."""
    return slot != 0 and W.ints(w, W.JI)[ix(slot * w[W.WORDS] + L.J_STATE)] != L.HOLDING


@compiled
def class_of(w: Ints, slot: int, q: int) -> int:
    """Where the queue stands in which this job waits at a special station."""
    qi, j32, flow_i, words = W.ints(w, W.QI), W.halves(w, W.J32), W.int_rows(w, W.FLOW_I, F.FLOW_INTS), w[W.WORDS]
    at: int = qi[ix(q + L.Q_LINKS)]
    if qi[ix(q + L.Q_CLASSES)] > 1:
        from_flow = j32[ix(2 * slot * words + L.J_FLOW_32)]
        at += 2 * flow_i[ix(from_flow), F.A_CLASS]
    return at


@compiled
def working(w: Ints, s: int, q: int) -> None:
    """Work out how many servers of a station work."""
    qi, si = W.ints(w, W.QI), W.ints(w, W.SI)
    outages, present, broken = qi[ix(q + L.Q_OUTAGES)], qi[ix(q + L.Q_PRESENT)], qi[ix(q + L.Q_FAILED)]
    si[ix(s + L.S_USABLE)] = 0 if outages > 0 else present - broken


@compiled
def book(w: Ints, q: int, now: float, scheduled: int) -> None:
    """Book how many servers are scheduled, and how many of those do not work."""
    qi, qf = W.ints(w, W.QI), W.floats(w, W.QF)
    broken = scheduled if qi[ix(q + L.Q_OUTAGES)] > 0 else min(scheduled, qi[ix(q + L.Q_FAILED)])
    observe.capacity(qi, qf, q, now, scheduled, broken)


@compiled
def vacate(w: Ints, slot: int, s: int, q: int) -> None:
    """Let a server lose its job, and leave if it only stayed to finish."""
    qi, occupants = W.ints(w, W.QI), W.ints(w, W.OCCUPANTS)
    at = qi[ix(q + L.Q_SLOTS)]
    if at >= 0:
        while occupants[ix(at)] != slot:
            at += 1
        occupants[ix(at)] = 0
        if qi[ix(q + L.Q_PRESENT)] > qi[ix(q + L.Q_SCHEDULED)]:
            dismiss(w, q, at)
            working(w, s, q)


@compiled
def dismiss(w: Ints, q: int, at: int) -> None:
    """Let a server go off duty."""
    conditions, qi = W.ints(w, W.CONDITIONS), W.ints(w, W.QI)
    if conditions[ix(at)] & L.FAILED:
        qi[ix(q + L.Q_FAILED)] -= 1
    conditions[ix(at)] |= L.OUT
    qi[ix(q + L.Q_PRESENT)] -= 1


@compiled
def stop(w: Ints, slot: int, s: int, q: int, now: float) -> None:
    """Pre-empt a job: it goes to the head of its class with the work that is left."""
    jf, qf, ji, si, sf = W.floats(w, W.JF), W.floats(w, W.QF), W.ints(w, W.JI), W.ints(w, W.SI), W.floats(w, W.SF)
    prints, j32, links, words = W.ints(w, W.PRINTS), W.halves(w, W.J32), W.ints(w, W.LINKS), w[W.WORDS]
    j = slot * words
    left = jf[ix(j + L.J_MARK)] - now
    jf[ix(j + L.J_LEFT)] = left * qf[ix(q + L.Q_SPEED)]
    jf[ix(j + L.J_MARK)] = -1.0
    ji[ix(j + L.J_STATE)] = L.WAITING
    moves.cancel(w, slot)
    observe.preempted(si, sf, qf, s, now, left)
    observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_PREEMPT)
    observe.queue(si, sf, s, now, 1)
    vacate(w, slot, s, q)
    moves.put_first(links, class_of(w, slot, q), j32, slot, words)


@compiled
def dispatch(w: Ints, s: int, q: int, now: float) -> None:
    """Let idle servers, and those that may be interrupted, take jobs from the queue: the first class first."""
    si, qi, links, j32, sf = W.ints(w, W.SI), W.ints(w, W.QI), W.ints(w, W.LINKS), W.halves(w, W.J32), W.floats(w, W.SF)
    jf, words = W.floats(w, W.JF), w[W.WORDS]
    while si[ix(s + L.S_QUEUE)] > 0:
        at = qi[ix(q + L.Q_LINKS)]
        while links[ix(at)] == 0:
            at += 2
        if not has_idle(w, s, q) and (
            qi[ix(q + L.Q_PREEMPTS)] == L.NEVER or not interrupt(w, s, q, now, (at - qi[ix(q + L.Q_LINKS)]) // 2)
        ):
            break
        slot = links[ix(at)]
        moves.unlink(links, at, j32, slot, words)
        moves.cancel(w, slot)
        observe.queue(si, sf, s, now, -1)
        observe.busy(si, sf, s, now, 1)
        # A negative mark tells a resumed job from a new one.
        begin(w, slot, s, q, now, jf[ix(slot * words + L.J_MARK)] >= 0.0)


@compiled
def interrupt(w: Ints, s: int, q: int, now: float, rank: int) -> bool:
    """Stop the service of the lowest class below a rank, of equals at the highest server; false where there is none.

    Servers are let alone while one of them only stays to finish: it would go, and nobody be served.
    """
    qi, occupants = W.ints(w, W.QI), W.ints(w, W.OCCUPANTS)
    if qi[ix(q + L.Q_PRESENT)] > qi[ix(q + L.Q_SCHEDULED)]:
        return False
    first, victim, lowest = qi[ix(q + L.Q_SLOTS)], 0, rank
    for at in range(first + qi[ix(q + L.Q_SERVERS)] - 1, first - 1, -1):
        slot = occupants[ix(at)]
        if is_served(w, slot) and rank_of(w, slot) > lowest:
            victim, lowest = slot, rank_of(w, slot)
    if victim == 0:
        return False
    stop(w, victim, s, q, now)
    if qi[ix(q + L.Q_PREEMPTS)] == L.RESTART:
        _begin_anew(w, victim)
    return True


@compiled
def _begin_anew(w: Ints, slot: int) -> None:
    """Let a job that was interrupted ask again for all the service that it came for."""
    jf, j = W.floats(w, W.JF), slot * w[W.WORDS]
    jf[ix(j + L.J_LEFT)] = jf[ix(j + L.J_CHILD)]


@compiled
def rank_of(w: Ints, slot: int) -> int:
    """Return the class of a job's flow; 0 is served first."""
    flow_i, j32 = W.int_rows(w, W.FLOW_I, F.FLOW_INTS), W.halves(w, W.J32)
    rank: int = flow_i[ix(j32[ix(2 * slot * w[W.WORDS] + L.J_FLOW_32)]), F.A_CLASS]
    return rank


@compiled
def change_outages(w: Ints, s: int, q: int, now: float, change: int) -> None:
    """Begin an outage (+1) or end one (-1); the first to begin stops every job, in server order."""
    qi, occupants = W.ints(w, W.QI), W.ints(w, W.OCCUPANTS)
    if qi[ix(q + L.Q_SHARING)] != 0:
        sharing.to_now(w, s, q, now)
    qi[ix(q + L.Q_OUTAGES)] += change
    if change > 0 and qi[ix(q + L.Q_OUTAGES)] == 1 and qi[ix(q + L.Q_SHARING)] == 0:
        # Each goes to the head of its class, so the servers are walked backwards.
        at = qi[ix(q + L.Q_SLOTS)]
        for server in range(at + qi[ix(q + L.Q_SERVERS)] - 1, at - 1, -1):
            if is_served(w, occupants[ix(server)]):
                stop(w, occupants[ix(server)], s, q, now)
    book(w, q, now, qi[ix(q + L.Q_SCHEDULED)])
    working(w, s, q)


@compiled
def change_condition(w: Ints, s: int, q: int, now: float, server: int, broken: bool) -> None:
    """Let a server break or be repaired, on duty or not."""
    qi, conditions, occupants = W.ints(w, W.QI), W.ints(w, W.CONDITIONS), W.ints(w, W.OCCUPANTS)
    if qi[ix(q + L.Q_SHARING)] != 0:
        sharing.to_now(w, s, q, now)
    at = qi[ix(q + L.Q_SLOTS)] + server
    on_duty = conditions[ix(at)] & L.OUT == 0
    if broken:
        conditions[ix(at)] |= L.FAILED
    else:
        conditions[ix(at)] &= ~L.FAILED
    if on_duty:
        qi[ix(q + L.Q_FAILED)] += 1 if broken else -1
    if broken and is_served(w, occupants[ix(at)]):
        stop(w, occupants[ix(at)], s, q, now)
    book(w, q, now, qi[ix(q + L.Q_SCHEDULED)])
    working(w, s, q)


@compiled
def change_schedule(w: Ints, s: int, q: int, now: float, scheduled: int) -> None:
    """From now on so many servers are on duty: idle ones go first, the highest first; busy ones finish, then go.

    Where the end of a shift interrupts, they stop and go at once; who only keeps a server after service goes on keeping it.
    """
    qi, occupants, conditions = W.ints(w, W.QI), W.ints(w, W.OCCUPANTS), W.ints(w, W.CONDITIONS)
    if qi[ix(q + L.Q_SHARING)] != 0:
        sharing.to_now(w, s, q, now)
    first = qi[ix(q + L.Q_SLOTS)]
    servers = qi[ix(q + L.Q_SERVERS)]
    at = first + servers - 1
    while at >= first and qi[ix(q + L.Q_PRESENT)] > scheduled:
        if occupants[ix(at)] == 0 and conditions[ix(at)] & L.OUT == 0:
            dismiss(w, q, at)
        at -= 1
    at = first
    while qi[ix(q + L.Q_PRESENT)] < scheduled:
        if conditions[ix(at)] & L.OUT != 0:
            conditions[ix(at)] &= ~L.OUT
            qi[ix(q + L.Q_PRESENT)] += 1
            if conditions[ix(at)] & L.FAILED != 0:
                qi[ix(q + L.Q_FAILED)] += 1
        at += 1
    book(w, q, now, scheduled)
    at = first + servers - 1
    while at >= first and qi[ix(q + L.Q_SHIFT)] != L.NEVER and qi[ix(q + L.Q_PRESENT)] > scheduled:
        slot = occupants[ix(at)]
        if is_served(w, slot):
            stop(w, slot, s, q, now)
            if qi[ix(q + L.Q_SHIFT)] == L.RESTART:
                _begin_anew(w, slot)
        at -= 1
    working(w, s, q)


@compiled
def change_speed(w: Ints, s: int, q: int, now: float, speed: float) -> None:
    """From now on every server works this much faster than at factor 1; what is left of each service is rescaled."""
    qf, qi, si, occupants = W.floats(w, W.QF), W.ints(w, W.QI), W.ints(w, W.SI), W.ints(w, W.OCCUPANTS)
    jf, sf, prints, ji = W.floats(w, W.JF), W.floats(w, W.SF), W.ints(w, W.PRINTS), W.ints(w, W.JI)
    j32, words = W.halves(w, W.J32), w[W.WORDS]
    old = qf[ix(q + L.Q_SPEED)]
    if qi[ix(q + L.Q_SHARING)] != 0:
        sharing.to_now(w, s, q, now)
        present = si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)]
        sharing.settle(w, s, q, now, present, speed)
        return
    qf[ix(q + L.Q_SPEED)] = speed
    at = qi[ix(q + L.Q_SLOTS)]
    for server in range(at, at + qi[ix(q + L.Q_SERVERS)]):
        slot = occupants[ix(server)]
        if is_served(w, slot):
            j = slot * words
            left = jf[ix(j + L.J_MARK)] - now
            end = now + left * old / speed
            observe.given(si, sf, qf, s, (end - now) - left)
            observe.mark(prints, end, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_RESUME)
            jf[ix(j + L.J_MARK)] = end
            moves.cancel(w, slot)
            moves.schedule(w, slot, end)


@compiled
def put_to_work(w: Ints, s: int, q: int, now: float) -> None:
    """After a change of servers: those that work take what waits."""
    qi, si, qf = W.ints(w, W.QI), W.ints(w, W.SI), W.floats(w, W.QF)
    if qi[ix(q + L.Q_SHARING)] != 0:
        present = si[ix(s + L.S_BUSY)] + si[ix(s + L.S_QUEUE)]
        sharing.settle(w, s, q, now, present, qf[ix(q + L.Q_SPEED)])
    else:
        dispatch(w, s, q, now)


@compiled
def change_by_date(w: Ints, tick: int, now: float) -> None:
    """One entry of the timeline takes effect."""
    timeline, states, si = W.int_rows(w, W.TIMELINE, L.DATED_COLUMNS), W.ints(w, W.STATES), W.ints(w, W.SI)
    what, word, value = timeline[ix(tick), 0], timeline[ix(tick), 1], timeline[ix(tick), 2]
    if what == L.STATE:
        states[ix(word)] = value
        return
    q = si[ix(word + L.S_SPECIAL)]
    if what == L.OUTAGE:
        change_outages(w, word, q, now, value)
    elif what == L.SERVERS:
        change_schedule(w, word, q, now, value)
    else:
        change_speed(w, word, q, now, float_of(value))
        return
    put_to_work(w, word, q, now)


@compiled
def clock_strikes(w: Ints, slot: int, now: float) -> None:
    """Let a server, or the whole station, break or be repaired; its clock is set again before anybody begins."""
    ji, clocks, si = W.ints(w, W.JI), W.int_rows(w, W.CLOCKS, L.CLOCK_COLUMNS), W.ints(w, W.SI)
    prints, words = W.ints(w, W.PRINTS), w[W.WORDS]
    j = slot * words
    clock = ji[ix(j + L.J_CUSTOMER)]
    s, server = clocks[ix(clock), 0], clocks[ix(clock), 1]
    q = si[ix(s + L.S_SPECIAL)]
    breaks = ji[ix(j + L.J_STATE)] == 0
    observe.mark(prints, now, clocks[ix(clock), 2], s, L.E_FAIL if breaks else L.E_REPAIR)
    if server < 0:
        change_outages(w, s, q, now, 1 if breaks else -1)
    else:
        change_condition(w, s, q, now, server, breaks)
    if not breaks:
        ji[ix(j + L.J_CYCLE)] += 1
    ji[ix(j + L.J_STATE)] = 1 if breaks else 0
    set_clock(w, slot, now)
    put_to_work(w, s, q, now)


@compiled
def set_clock(w: Ints, slot: int, now: float) -> None:
    """Plan the next failure or repair of a clock."""
    ji, clocks, words = W.ints(w, W.JI), W.int_rows(w, W.CLOCKS, L.CLOCK_COLUMNS), w[W.WORDS]
    j = slot * words
    clock = ji[ix(j + L.J_CUSTOMER)]
    broken = ji[ix(j + L.J_STATE)] != 0
    purpose, sampler = (PURPOSE_BREAKDOWN + drawing.SECOND, 5) if broken else (PURPOSE_BREAKDOWN, 4)
    lasts = drawing.time(
        w, clocks[ix(clock), 2], clocks[ix(clock), 3], ji[ix(j + L.J_CYCLE)], 0, purpose, clocks[ix(clock), ix(sampler)]
    )
    if moves.is_time(w, lasts):
        moves.schedule(w, slot, now + lasts)
