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

from jukinet_sim.compiled import bits_of, compiled, float_of, ix
from jukinet_sim.draws import job_key, spawned_key
from jukinet_sim.engine import heap as H
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import moves, observe
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


@functools.cache
def loop(full: bool, keep_rows: bool) -> Callable[..., int]:
    """The event loop, compiled for networks that need the full vocabulary or not, keeping a row per visit or not."""

    @compiled
    def advance(
        stop: float, inclusive: bool, max_events: int, instant_budget: int, key: int,
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
        flows = order.size
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
                    why = L.SLICE
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
                    if dated and x[X_CLOSED] != 0 and moves.jobs_inside(fi) == 0:
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
                        x[X_STALE] += moves.preempt_all(s, now, si, sf, prints, occupants, ji, jf, j32, words)
                    elif change < 0 and si[ix(s + L.S_DOWN)] == 0:
                        si[ix(s + L.S_USABLE)] = si[ix(s + L.S_SERVERS)]
                elif arrival:
                    events += 1
                    at = state_i[ix(flow), T.T_NEXT]
                    slot = free
                    j = slot * words
                    free = j32[ix(2 * j + L.J_NEXT_32)]
                    first_step = flow_i[ix(flow), P.A_FIRST_STEP]
                    moves.new_job(flow, first_step, now, records[ix(flow), ix(at)], drawn_words, counter_words, ji, jf, j32, j)
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
                    i = 0
                    while i + 1 < flows and next_bits[ix(order[ix(i + 1)])] <= t:
                        order[ix(i)] = order[ix(i + 1)]
                        i += 1
                    order[ix(i)] = flow
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
                            moves.occupy(si, occupants, s, slot, 0)
                        if si[ix(s + L.S_HEAD)] == 0:
                            observe.busy(si, sf, s, now, -1)
                        else:
                            # The server goes straight to the head of the queue and stays busy.
                            waiting = moves.take(si, s + L.S_HEAD, j32, words)
                            observe.queue(si, sf, s, now, -1)
                            k = waiting * words
                            end = moves.start_waiting(
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
                        waiting = moves.take(si, s + L.S_HEAD, j32, words)
                        observe.queue(si, sf, s, now, -1)
                        observe.busy(si, sf, s, now, 1)
                        k = waiting * words
                        end = moves.start_waiting(
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
                                moves.occupy(si, occupants, s, 0, slot)
                            seq += 1
                            ji[ix(j + L.J_SEQ)] = seq
                            size = H.put(heap, size, hole, bits_of(end), seq << H.SLOT_BITS | slot)
                            hole = False
                        else:
                            observe.queue(si, sf, s, now, 1)
                            jf[ix(j + L.J_MARK)] = now
                            jf[ix(j + L.J_LEFT)] = demand
                            moves.append(si, s + L.S_HEAD, j32, slot, words)
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
                            moves.drop_token(ji, j32, j, 0)
                            woken = moves.give_back(p, now, pi, pf, ji, jf, j32, words, prints)
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
                            moves.append(pi, p + L.P_HEAD, j32, slot, words)
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
                        moves.drop_token(ji, j32, j, held)
                        woken = moves.give_back(p, now, pi, pf, ji, jf, j32, words, prints)
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
                        moves.new_job(flow, first_step, now, count, drawn_words, counter_words, ji, jf, j32, k)
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
