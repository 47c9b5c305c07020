"""One compiled event loop over flat records, specialised for networks with and without the full vocabulary.

It follows the sample-path rules of the README to the letter; `reference` is the same machine written to be read. The loop
hands control back at a stop time, for more memory, or after a slice of events, and goes on where it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.compiled import bits_of, compiled, float_of, inlined, ix
from jukinet_sim.draws import job_key, spawned_key
from jukinet_sim.engine import heap as H
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine import program as P
from jukinet_sim.engine import streams as T

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Scalars of the loop that survive between calls.
(
    X_EVENTS, X_SEQ, X_FREE, X_SLOTS, X_HEAP, X_AGENDA, X_AGENDA_LENGTH, X_TIMELINE, X_NOW, X_INSTANT, X_STEP, X_ROWS, X_STALE,
    X_CLOSED,
) = range(14)  # fmt: skip
SCALARS = 16
FEW_FLOWS = 8
"""Up to so many flows the next to arrive is found by comparing all; beyond, their order is kept sorted."""


@functools.cache
def loop(full: bool, keep_rows: bool) -> Callable[..., int]:
    """The event loop, compiled for networks that need the full vocabulary or not, keeping a row per visit or not."""

    @compiled
    def advance(
        stop: float, inclusive: bool, max_events: int, event_budget: int, instant_budget: int, key: int,
        x: Ints, heap: Ints, agenda: Ints, ji: Ints, jf: Floats, j32: Any, words: int, si: Ints, sf: Floats, occupants: Ints,
        fi: Ints, ff: Floats, pi: Ints, pf: Floats, sojourns: Ints, flow_waits: Ints, station_waits: Ints, prints: Ints,
        steps: Ints, steps_f: Floats, samplers: Floats, samplers_tail: Floats, flow_i: Ints, flow_f: Floats, plan: Ints,
        tail_f: Floats, tail_i: Ints, cumulative: Floats, guide: Ints, parents: Ints, timeline_s: Floats, timeline: Ints,
        state_i: Ints, state_f: Floats, times: Floats, places: Ints, records: Ints, rows: Floats, order: Ints,
        next_bits: Ints, next_seq: Ints, drawn_words: int, counter_words: int, placed: bool, scratch: Floats, visit_i: Ints,
        visit_f: Floats,
    ) -> int:  # fmt: skip
        infinity = bits_of(np.inf)
        stop_bits = bits_of(stop)
        events = x[X_EVENTS]
        last_event = events + max_events
        seq = x[X_SEQ]
        free = x[X_FREE]
        size = x[X_HEAP]
        agenda_at = x[X_AGENDA]
        agenda_length = x[X_AGENDA_LENGTH]
        agenda_mask = agenda.size - 1
        tick = x[X_TIMELINE]
        instant = x[X_INSTANT]
        now = float_of(x[X_NOW])
        now_bits = x[X_NOW]
        row = x[X_ROWS]
        hole = False
        why = L.REACHED
        flows = order.size - 1
        # Typed here once: names first met in a branch that a specialisation drops would be undefined to the compiler.
        flow = j = k = s = slot = step = code = base = at = i = p = t = change = waiting = held = place = per = 0
        counter = occurrence = pair_at = left_over = child = woken = first_step = count = 0
        end = demand = pair = u = 0.0
        step = x[X_STEP]
        while True:
            if agenda_length == 0:
                if hole:
                    size = H.close_hole(heap, size)
                    hole = False
                if free == 0:
                    why = L.NEED_SLOTS
                    break
                if full and x[X_STALE] > x[X_SLOTS]:
                    size = _compact(heap, size, ji, words)
                    x[X_STALE] = 0
                if events >= last_event:
                    why = L.SLICE if events < event_budget else L.EVENT_BUDGET
                    break
                if keep_rows and row + 4 >= visit_i.shape[0]:
                    why = L.SLICE
                    break
                # The next event: from the heap, from the earliest flow, or (first at its instant) from the timeline.
                if size > 0:
                    time = heap[ix(2 * H.ROOT)]
                    rest = heap[ix(2 * H.ROOT + 1)]
                else:
                    time = infinity
                    rest = 0
                arrival = False
                if flows > 0:
                    flow = order[0]
                    t = next_bits[ix(flow)]
                    if t < time or (t == time and next_seq[ix(flow)] < (rest >> H.SLOT_BITS)):
                        time = t
                        arrival = True
                dated = False
                if full:
                    if tick < timeline_s.size and bits_of(timeline_s[ix(tick)]) <= time:
                        time = bits_of(timeline_s[ix(tick)])
                        dated = True
                if time >= stop_bits:
                    if not (inclusive and time == stop_bits) or time == infinity:
                        break
                if full:
                    if dated and x[X_CLOSED] != 0 and _jobs_inside(fi) == 0:
                        break
                    if not dated and not arrival:
                        if ji[ix((rest & H.SLOT_MASK) * words + L.J_SEQ)] != rest >> H.SLOT_BITS:
                            # Cancelled: it is no event, and time does not go on with it.
                            hole = True
                            x[X_STALE] -= 1
                            continue
                if time != now_bits:
                    if time < now_bits:
                        why = L.CLOCK_BACKWARD
                        break
                    now_bits = time
                    now = float_of(time)
                    instant = 0
                instant += 1
                if instant > instant_budget:
                    why = L.INSTANT_BUDGET
                    break
                slot = 0
                s = 0
                if dated:
                    s = timeline[ix(tick), 0]
                    change = timeline[ix(tick), 1]
                    tick += 1
                    events += 1
                    observe.down(si, sf, s, now, change)
                    if change > 0 and si[ix(s + L.S_DOWN)] == 1:
                        si[ix(s + L.S_USABLE)] = 0
                        x[X_STALE] += _preempt_all(s, now, si, sf, prints, occupants, ji, jf, j32, words)
                    elif change < 0 and si[ix(s + L.S_DOWN)] == 0:
                        si[ix(s + L.S_USABLE)] = si[ix(s + L.S_SERVERS)]
                elif arrival:
                    events += 1
                    at = state_i[ix(flow), T.T_NEXT]
                    slot = free
                    j = slot * words
                    free = j32[ix(2 * j + L.J_NEXT_32)]
                    first_step = flow_i[ix(flow), P.A_FIRST_STEP]
                    _new_job(flow, first_step, now, records[ix(flow), ix(at)], drawn_words, counter_words, ji, jf, j32, j)
                    ji[ix(j + L.J_KEY)] = job_key(flow_i[ix(flow), P.A_HASH], state_i[ix(flow), T.T_NUMBER] - L.BLOCK + at)
                    if placed:
                        for place in range(1, 5):
                            j32[ix(2 * j + L.J_PLACE_32 + place)] = places[ix(flow), ix(at), ix(place)]
                    # As many words for every flow, so that the length of the copy is always predicted.
                    for i in range(drawn_words):
                        jf[ix(j + L.JOB_HEADER + i)] = rows[ix(flow), ix(at), ix(i)]
                    # The flow's next arrival is scheduled before its job moves.
                    at += 1
                    if at == L.BLOCK:
                        T.fill_block(
                            flow, key, flow_i, flow_f, plan, samplers, samplers_tail, tail_f, tail_i, cumulative, guide,
                            parents, state_i, state_f, times, places, records, rows, scratch,
                        )  # fmt: skip
                        at = 0
                    state_i[ix(flow), T.T_NEXT] = at
                    t = bits_of(times[ix(flow), ix(at)])
                    seq += 1
                    next_bits[ix(flow)] = t
                    next_seq[ix(flow)] = seq
                    if flows <= FEW_FLOWS:
                        order[0] = _earliest(order, flows, next_bits, next_seq)
                    else:
                        i = 1
                        while i < flows and next_bits[ix(order[ix(i + 1)])] <= t:
                            order[ix(i)] = order[ix(i + 1)]
                            i += 1
                        order[ix(i)] = flow
                        order[0] = order[1]
                    observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[ix(j + L.J_KEY)])
                else:
                    hole = True
                    slot = rest & H.SLOT_MASK
                    j = slot * words
                    events += 1
                    step = j32[ix(2 * j + L.J_STEP_32)]
                    if steps[ix(L.STEP_WORDS * step + L.K_KIND)] == L.VISIT:
                        s = j32[ix(2 * j + L.J_STATION_32)]
                        if keep_rows:
                            visit_i[ix(row), 0] = j32[ix(2 * j + L.J_FLOW_32)]
                            visit_i[ix(row), 1] = ji[ix(j + L.J_KEY)]
                            visit_i[ix(row), 2] = step
                            visit_i[ix(row), 3] = s // L.STATION_WORDS
                            visit_f[ix(row), 0] = jf[ix(j + L.J_ARRIVE)]
                            visit_f[ix(row), 1] = jf[ix(j + L.J_START)]
                            visit_f[ix(row), 2] = now
                            row += 1
                        if full:
                            _occupy(si, occupants, s, slot, 0)
                        if si[ix(s + L.S_HEAD)] == 0:
                            observe.busy(si, sf, s, now, -1)
                        else:
                            # The server goes straight to the head of the queue and stays busy.
                            waiting = _take(si, s + L.S_HEAD, j32, words)
                            observe.queue(si, sf, s, now, -1)
                            k = waiting * words
                            end = _start_waiting(
                                s, waiting, now, full, keep_rows, si, sf, station_waits, prints, occupants, ji, jf, j32, words
                            )
                            seq += 1
                            ji[ix(k + L.J_SEQ)] = seq
                            H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | waiting)
                            hole = False
                    j32[ix(2 * j + L.J_STEP_32)] = step + 1
                if dated:
                    # An outage ended: idle servers take the queue, in server order.
                    while si[ix(s + L.S_BUSY)] < si[ix(s + L.S_USABLE)] and si[ix(s + L.S_HEAD)] != 0:
                        waiting = _take(si, s + L.S_HEAD, j32, words)
                        observe.queue(si, sf, s, now, -1)
                        observe.busy(si, sf, s, now, 1)
                        k = waiting * words
                        end = _start_waiting(
                            s, waiting, now, full, keep_rows, si, sf, station_waits, prints, occupants, ji, jf, j32, words
                        )
                        seq += 1
                        ji[ix(k + L.J_SEQ)] = seq
                        H.push(heap, size, bits_of(end), seq << H.SLOT_BITS | waiting)
                        size += 1
                    continue
            else:
                slot = agenda[ix(agenda_at)]
                agenda_at = (agenda_at + 1) & agenda_mask
                agenda_length -= 1

            # Move this job until it blocks or leaves.
            j = slot * words
            step = j32[ix(2 * j + L.J_STEP_32)]
            while True:
                code = L.STEP_WORDS * step
                kind = steps[ix(code + L.K_KIND)]
                if kind == L.VISIT or kind == L.DELAY:
                    column = steps[ix(code + L.K_COLUMN)]
                    if column < 0:
                        demand = steps_f[ix(L.STEP_FLOATS * step + L.KF_CONSTANT)]
                    else:
                        demand = jf[ix(j + column)]
                        counter = steps[ix(code + L.K_OCCURRENCE)]
                        if counter >= 0:
                            occurrence = ji[ix(j + counter)]
                            ji[ix(j + counter)] = occurrence + 1
                            pair_at = steps[ix(code + L.K_PAIR)]
                            if occurrence >= steps[ix(code + L.K_COLUMNS)]:
                                demand, pair = T.draw_one(
                                    key, ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence,
                                    steps[ix(code + L.K_SAMPLER)], samplers, samplers_tail,
                                )  # fmt: skip
                                if pair_at >= 0:
                                    jf[ix(j + pair_at)] = pair
                            elif occurrence > 0:
                                demand = jf[ix(j + column + occurrence)]
                                if pair_at >= 0:
                                    jf[ix(j + pair_at)] = jf[ix(j + pair_at + occurrence)]
                    if kind == L.VISIT:
                        if full:
                            demand += steps_f[ix(L.STEP_FLOATS * step + L.KF_PER_RECORD)] * ji[ix(j + L.J_LOT)]
                        if not (0.0 <= demand < np.inf):
                            why = L.BAD_DELAY
                            break
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        s = steps[ix(code + L.K_BASE)] + place * L.STATION_WORDS
                        j32[ix(2 * j + L.J_STEP_32)] = step
                        j32[ix(2 * j + L.J_STATION_32)] = s
                        if keep_rows:
                            jf[ix(j + L.J_ARRIVE)] = now
                            jf[ix(j + L.J_START)] = now
                        if si[ix(s + L.S_BUSY)] < si[ix(s + L.S_USABLE)]:
                            end = now + demand
                            observe.busy(si, sf, s, now, 1)
                            observe.served(si, sf, s, end - now)
                            observe.mark(prints, end, ji[ix(j + L.J_KEY)], step, L.E_START)
                            jf[ix(j + L.J_MARK)] = end
                            if full:
                                _occupy(si, occupants, s, 0, slot)
                            seq += 1
                            ji[ix(j + L.J_SEQ)] = seq
                            size = H.put(heap, size, hole, bits_of(end), seq << H.SLOT_BITS | slot)
                            hole = False
                        else:
                            observe.queue(si, sf, s, now, 1)
                            jf[ix(j + L.J_MARK)] = now
                            jf[ix(j + L.J_LEFT)] = demand
                            _append(si, s + L.S_HEAD, j32, slot, words)
                        break
                    if demand == 0.0:
                        step += 1
                        continue
                    if not (0.0 <= demand < np.inf):
                        why = L.BAD_DELAY
                        break
                    end = now + demand
                    j32[ix(2 * j + L.J_STEP_32)] = step
                    seq += 1
                    ji[ix(j + L.J_SEQ)] = seq
                    size = H.put(heap, size, hole, bits_of(end), seq << H.SLOT_BITS | slot)
                    hole = False
                    break
                if kind == L.BRANCH:
                    column = steps[ix(code + L.K_COLUMN)]
                    u = jf[ix(j + column)]
                    counter = steps[ix(code + L.K_OCCURRENCE)]
                    if counter >= 0:
                        occurrence = ji[ix(j + counter)]
                        ji[ix(j + counter)] = occurrence + 1
                        if occurrence < steps[ix(code + L.K_COLUMNS)]:
                            u = jf[ix(j + column + occurrence)]
                        else:
                            u, _ = T.draw_one(
                                key, ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence, -1, samplers, samplers_tail
                            )
                    i = 0
                    base = steps[ix(code + L.K_BASE)]
                    while u > cumulative[ix(base + i)]:
                        i += 1
                    target = tail_i[ix(steps[ix(code + L.K_TARGET)] + i)]
                    if target <= step:
                        instant += 1
                    step = target
                elif kind == L.LOOP_BEGIN:
                    per = steps[ix(code + L.K_PER_RECORDS)]
                    if full and per > 0:
                        left_over = ji[ix(j + L.J_RECORDS)]
                        ji[ix(j + steps[ix(code + L.K_COUNTER)])] = left_over
                        ji[ix(j + L.J_LOT)] = min(per, left_over)
                    else:
                        left_over = steps[ix(code + L.K_COUNT)]
                        ji[ix(j + steps[ix(code + L.K_COUNTER)])] = left_over
                    step = step + 1 if left_over > 0 else steps[ix(code + L.K_TARGET)]
                elif kind == L.LOOP_END:
                    per = steps[ix(code + L.K_PER_RECORDS)]
                    counter = steps[ix(code + L.K_COUNTER)]
                    if full and per > 0:
                        left_over = ji[ix(j + counter)] - per
                        ji[ix(j + L.J_LOT)] = min(per, left_over) if left_over > 0 else ji[ix(j + L.J_RECORDS)]
                    else:
                        left_over = ji[ix(j + counter)] - 1
                    ji[ix(j + counter)] = left_over
                    instant += 1
                    step = steps[ix(code + L.K_TARGET)] if left_over > 0 else step + 1
                elif kind == L.EXIT:
                    if full:
                        while ji[ix(j + L.J_HELD)] > 0:
                            p = j32[ix(2 * j + L.J_TOKENS_32)]
                            _drop_token(ji, j32, j, 0)
                            woken = _give_back(p, now, pi, pf, ji, jf, j32, words, prints)
                            if woken != 0:
                                agenda[ix((agenda_at + agenda_length) & agenda_mask)] = woken
                                agenda_length += 1
                    observe.completed(
                        fi, ff, sojourns, flow_waits, prints, j32[ix(2 * j + L.J_FLOW_32)], now, ji[ix(j + L.J_KEY)],
                        jf[ix(j + L.J_BIRTH)], jf[ix(j + L.J_WAITED)], ji[ix(j + L.J_RECORDS)],
                    )  # fmt: skip
                    j32[ix(2 * j + L.J_NEXT_32)] = free
                    ji[ix(j + L.J_SEQ)] = 0
                    free = slot
                    break
                elif full:
                    if kind == L.ACQUIRE:
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        p = steps[ix(code + L.K_BASE)] + place * L.POOL_WORDS
                        if ji[ix(j + L.J_HELD)] >= L.MAX_TOKENS:
                            why = L.TOO_MANY_TOKENS
                            break
                        if pi[ix(p + L.P_FREE)] > 0:
                            observe.tokens(pi, pf, p, now, -1)
                            observe.token_waited(pi, pf, p, 0.0)
                            observe.mark(prints, now, ji[ix(j + L.J_KEY)], step, L.E_TOKEN)
                            j32[ix(2 * j + L.J_TOKENS_32 + ji[ix(j + L.J_HELD)])] = p
                            ji[ix(j + L.J_HELD)] += 1
                            step += 1
                        else:
                            observe.pool_queue(pi, pf, p, now, 1)
                            jf[ix(j + L.J_MARK)] = now
                            j32[ix(2 * j + L.J_STEP_32)] = step
                            _append(pi, p + L.P_HEAD, j32, slot, words)
                            break
                    elif kind == L.RELEASE:
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        p = steps[ix(code + L.K_BASE)] + place * L.POOL_WORDS
                        held = 0
                        while held < ji[ix(j + L.J_HELD)] and j32[ix(2 * j + L.J_TOKENS_32 + held)] != p:
                            held += 1
                        if held == ji[ix(j + L.J_HELD)]:
                            why = L.BAD_RELEASE
                            break
                        _drop_token(ji, j32, j, held)
                        woken = _give_back(p, now, pi, pf, ji, jf, j32, words, prints)
                        if woken != 0:
                            agenda[ix((agenda_at + agenda_length) & agenda_mask)] = woken
                            agenda_length += 1
                        step += 1
                    elif kind == L.GATE:
                        end = T.gate_opening(
                            tail_f, steps[ix(code + L.K_TARGET)], steps[ix(code + L.K_COUNT)],
                            steps_f[ix(L.STEP_FLOATS * step + L.KF_SPREAD)],
                            j32[ix(2 * j + L.J_PLACE_32 + L.ORIGIN)], now,
                        )  # fmt: skip
                        if end <= now:
                            step += 1
                            continue
                        j32[ix(2 * j + L.J_STEP_32)] = step
                        if end < np.inf:
                            seq += 1
                            ji[ix(j + L.J_SEQ)] = seq
                            size = H.put(heap, size, hole, bits_of(end), seq << H.SLOT_BITS | slot)
                            hole = False
                        break
                    else:
                        # Spawn: the child starts at the end of this instant's agenda.
                        if free == 0:
                            j32[ix(2 * j + L.J_STEP_32)] = step
                            agenda_at = (agenda_at - 1) & agenda_mask
                            agenda[ix(agenda_at)] = slot
                            agenda_length += 1
                            why = L.NEED_SLOTS
                            break
                        occurrence = 0
                        if steps[ix(code + L.K_OCCURRENCE)] >= 0:
                            occurrence = ji[ix(j + steps[ix(code + L.K_OCCURRENCE)])]
                            ji[ix(j + steps[ix(code + L.K_OCCURRENCE)])] = occurrence + 1
                        child = free
                        k = child * words
                        free = j32[ix(2 * k + L.J_NEXT_32)]
                        flow = steps[ix(code + L.K_CHILD)]
                        first_step, count = flow_i[ix(flow), P.A_FIRST_STEP], flow_i[ix(flow), P.A_RECORDS]
                        _new_job(flow, first_step, now, count, drawn_words, counter_words, ji, jf, j32, k)
                        ji[ix(k + L.J_KEY)] = spawned_key(ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence)
                        for place in range(1, 5):
                            j32[ix(2 * k + L.J_PLACE_32 + place)] = j32[ix(2 * j + L.J_PLACE_32 + place)]
                        T.draw_job(key, ji[ix(k + L.J_KEY)], flow_i[flow], plan, samplers, samplers_tail, jf, k)
                        observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[ix(k + L.J_KEY)])
                        agenda[ix((agenda_at + agenda_length) & agenda_mask)] = child
                        agenda_length += 1
                        instant += 1
                        step += 1
                if instant > instant_budget:
                    why = L.INSTANT_BUDGET
                    j32[ix(2 * j + L.J_STEP_32)] = step
                    break
            if why != L.REACHED:
                break
        if hole:
            size = H.close_hole(heap, size)
        x[X_STEP] = step
        x[X_EVENTS] = events
        x[X_SEQ] = seq
        x[X_FREE] = free
        x[X_HEAP] = size
        x[X_AGENDA] = agenda_at
        x[X_AGENDA_LENGTH] = agenda_length
        x[X_TIMELINE] = tick
        x[X_NOW] = now_bits
        x[X_INSTANT] = instant
        x[X_ROWS] = row
        return why

    return advance


@compiled
def _compact(heap: Ints, size: int, ji: Ints, words: int) -> int:
    """Drop cancelled events; returns how many are left."""
    kept = 0
    for entry in range(H.ROOT, H.ROOT + size):
        time, rest = heap[ix(2 * entry)], heap[ix(2 * entry + 1)]
        if ji[ix((rest & H.SLOT_MASK) * words + L.J_SEQ)] == rest >> H.SLOT_BITS:
            H.push(heap, kept, time, rest)
            kept += 1
    heap[2 * (H.ROOT + kept) : 2 * (H.ROOT + size)] = H.NEVER
    return kept


@compiled
def _jobs_inside(fi: Ints) -> int:
    """Jobs in the system over all flows."""
    inside = 0
    for f in range(0, fi.size, L.FLOW_WORDS):
        inside += fi[f + L.F_IN_SYSTEM]
    return inside


@inlined
def _earliest(order: Ints, flows: int, next_bits: Ints, next_seq: Ints) -> int:
    """The flow with the earliest next arrival, by time and then sequence number, among those that order[1:] lists."""
    best = order[1]
    time, seq = next_bits[ix(best)], next_seq[ix(best)]
    for i in range(2, flows + 1):
        flow = order[ix(i)]
        t, q = next_bits[ix(flow)], next_seq[ix(flow)]
        first = (t < time) | ((t == time) & (q < seq))
        best = flow if first else best
        time = t if first else time
        seq = q if first else seq
    return best


@inlined
def _append(records: Ints, at: int, j32: Any, slot: int, words: int) -> None:
    """Put a job at the end of the linked queue whose head stands at `at` and whose tail stands behind it."""
    j32[ix(2 * slot * words + L.J_NEXT_32)] = 0
    tail = records[ix(at + 1)]
    if tail == 0:
        records[ix(at)] = slot
    else:
        j32[ix(2 * tail * words + L.J_NEXT_32)] = slot
    records[ix(at + 1)] = slot


@inlined
def _take(records: Ints, at: int, j32: Any, words: int) -> int:
    """Take the job at the head of a linked queue that is not empty."""
    slot: int = records[ix(at)]
    records[ix(at)] = j32[ix(2 * slot * words + L.J_NEXT_32)]
    if records[ix(at)] == 0:
        records[ix(at + 1)] = 0
    return slot


@inlined
def _occupy(si: Ints, occupants: Ints, s: int, old: int, new: int) -> None:
    """Note a change of occupant of the lowest server held by `old` (0 is idle), where the station keeps such a note."""
    base = si[ix(s + L.S_SLOTS)]
    if base >= 0:
        while occupants[ix(base)] != old:
            base += 1
        occupants[ix(base)] = new


@inlined
def _new_job(
    flow: int, step: int, now: float, records: int, drawn_words: int, counter_words: int, ji: Ints, jf: Floats, j32: Any, j: int
) -> None:
    """Make the record at word `j` a fresh job; key, places and drawn values are the caller's."""
    j32[ix(2 * j + L.J_FLOW_32)] = flow
    j32[ix(2 * j + L.J_STEP_32)] = step
    jf[ix(j + L.J_BIRTH)] = now
    jf[ix(j + L.J_WAITED)] = 0.0
    ji[ix(j + L.J_RECORDS)] = records
    ji[ix(j + L.J_LOT)] = records
    ji[ix(j + L.J_HELD)] = 0
    for i in range(j + L.JOB_HEADER + drawn_words, j + L.JOB_HEADER + drawn_words + counter_words):
        ji[ix(i)] = 0


@inlined
def _start_waiting(
    s: int, slot: int, now: float, full: bool, keep_rows: bool, si: Ints, sf: Floats, station_waits: Ints, prints: Ints,
    occupants: Ints, ji: Ints, jf: Floats, j32: Any, words: int,
) -> float:  # fmt: skip
    """Begin or resume service of a job taken from the queue of station `s`; returns when it will end."""
    k = slot * words
    end: float = now + jf[ix(k + L.J_LEFT)]
    step = j32[ix(2 * k + L.J_STEP_32)]
    observe.served(si, sf, s, end - now)
    if jf[ix(k + L.J_MARK)] >= 0.0:
        if keep_rows:
            jf[ix(k + L.J_START)] = now
        wait = now - jf[ix(k + L.J_MARK)]
        if wait > 0.0:
            observe.waited(si, sf, station_waits, s, wait)
            jf[ix(k + L.J_WAITED)] += wait
        observe.mark(prints, end, ji[ix(k + L.J_KEY)], step, L.E_START)
    else:
        observe.resumed(si, s)
        observe.mark(prints, end, ji[ix(k + L.J_KEY)], step, L.E_RESUME)
    jf[ix(k + L.J_MARK)] = end
    if full:
        _occupy(si, occupants, s, 0, slot)
    return end


@compiled
def _preempt_all(
    s: int, now: float, si: Ints, sf: Floats, prints: Ints, occupants: Ints, ji: Ints, jf: Floats, j32: Any, words: int
) -> int:
    """Stop every job in service and put it at the head of the queue, in server order; returns how many there were."""
    stopped = 0
    base = si[ix(s + L.S_SLOTS)]
    # Each goes to the head, so the servers are walked backwards. A negative mark tells a resumed job from a new one.
    for server in range(si[ix(s + L.S_SERVERS)] - 1, -1, -1):
        slot = occupants[ix(base + server)]
        if slot != 0:
            occupants[ix(base + server)] = 0
            j = slot * words
            jf[ix(j + L.J_LEFT)] = jf[ix(j + L.J_MARK)] - now
            jf[ix(j + L.J_MARK)] = -1.0
            ji[ix(j + L.J_SEQ)] = 0
            observe.preempted(si, sf, s, now, jf[ix(j + L.J_LEFT)])
            observe.mark(prints, now, ji[ix(j + L.J_KEY)], j32[ix(2 * j + L.J_STEP_32)], L.E_PREEMPT)
            observe.queue(si, sf, s, now, 1)
            j32[ix(2 * j + L.J_NEXT_32)] = si[ix(s + L.S_HEAD)]
            si[ix(s + L.S_HEAD)] = slot
            if si[ix(s + L.S_TAIL)] == 0:
                si[ix(s + L.S_TAIL)] = slot
            stopped += 1
    return stopped


@inlined
def _drop_token(ji: Ints, j32: Any, j: int, held: int) -> None:
    """Strike the `held`-th token from a job's list."""
    for i in range(held + 1, ji[ix(j + L.J_HELD)]):
        j32[ix(2 * j + L.J_TOKENS_32 + i - 1)] = j32[ix(2 * j + L.J_TOKENS_32 + i)]
    ji[ix(j + L.J_HELD)] -= 1


@compiled
def _give_back(
    p: int, now: float, pi: Ints, pf: Floats, ji: Ints, jf: Floats, j32: Any, words: int, prints: Ints
) -> int:
    """Return a token of pool `p`; hand it to the first waiting job, if any, and return that job's slot (else 0)."""
    if pi[ix(p + L.P_HEAD)] == 0:
        observe.tokens(pi, pf, p, now, 1)
        return 0
    waiting = _take(pi, p + L.P_HEAD, j32, words)
    k = waiting * words
    observe.pool_queue(pi, pf, p, now, -1)
    wait = now - jf[ix(k + L.J_MARK)]
    observe.token_waited(pi, pf, p, wait)
    jf[ix(k + L.J_WAITED)] += wait
    step = j32[ix(2 * k + L.J_STEP_32)]
    observe.mark(prints, now, ji[ix(k + L.J_KEY)], step, L.E_TOKEN)
    j32[ix(2 * k + L.J_TOKENS_32 + ji[ix(k + L.J_HELD)])] = p
    ji[ix(k + L.J_HELD)] += 1
    j32[ix(2 * k + L.J_STEP_32)] = step + 1
    return waiting
