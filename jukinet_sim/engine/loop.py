"""One compiled event loop over flat records, specialised for networks with and without the full vocabulary.

It follows the sample-path rules of the README to the letter; `reference` is the same machine written to be read. The loop
hands control back at a stop time, for more memory, or after a slice of events, and goes on where it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from jukinet_sim.draws import job_key, spawned_key
from jukinet_sim.engine import heap as H
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine import program as P
from jukinet_sim.engine import streams as T
from jukinet_sim.portable import bits_of, float_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Scalars of the loop that survive between calls.
(
    X_EVENTS, X_SEQ, X_FREE, X_SLOTS, X_HEAP, X_AGENDA, X_AGENDA_LENGTH, X_TIMELINE, X_NOW, X_INSTANT, X_STEP, X_ROWS, X_STALE,
) = range(13)  # fmt: skip
SCALARS = 16


@functools.cache
def loop(full: bool, keep_rows: bool) -> Callable[..., int]:
    """The event loop, compiled for networks that need the full vocabulary or not, keeping a row per visit or not."""

    @njit(cache=True, error_model="numpy")
    def advance(
        stop: float, inclusive: bool, max_events: int, event_budget: int, instant_budget: int, key: int,
        x: Ints, heap: Ints, agenda: Ints, ji: Ints, jf: Floats, j32: Any, words: int, si: Ints, sf: Floats, occupants: Ints,
        fi: Ints, ff: Floats, pi: Ints, pf: Floats, sojourns: Ints, flow_waits: Ints, station_waits: Ints, prints: Ints,
        steps: Ints, steps_f: Floats, samplers: Floats, samplers_tail: Floats, flow_i: Ints, flow_f: Floats, plan: Ints,
        tail_f: Floats, tail_i: Ints, cumulative: Floats, guide: Ints, parents: Ints, timeline_s: Floats, timeline: Ints,
        state_i: Ints, state_f: Floats, times: Floats, places: Ints, records: Ints, rows: Floats, order: Ints,
        next_bits: Ints, next_seq: Ints, drawn_words: int, visit_i: Ints, visit_f: Floats,
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
        flow = j = k = s = slot = step = base = at = i = p = t = change = wstep = waiting = held = place = per = 0
        counter = occurrence = left_over = child = woken = 0
        left = end = wait = demand = pair = value = u = 0.0
        while True:
            if agenda_length == 0:
                if hole:
                    size -= 1
                    hole = False
                    if size > 0:
                        H.replace_root(heap, size, heap[2 * (H.ROOT + size)], heap[2 * (H.ROOT + size) + 1])
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
                    time = heap[2 * H.ROOT]
                    rest = heap[2 * H.ROOT + 1]
                else:
                    time = infinity
                    rest = 0
                arrival = False
                if flows > 0:
                    flow = order[0]
                    t = next_bits[flow]
                    if t < time or (t == time and next_seq[flow] < (rest >> H.SLOT_BITS)):
                        time = t
                        arrival = True
                dated = False
                if full:
                    if tick < timeline_s.size and bits_of(timeline_s[tick]) <= time:
                        time = bits_of(timeline_s[tick])
                        dated = True
                if time >= stop_bits:
                    if not (inclusive and time == stop_bits) or time == infinity:
                        break
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
                    s = timeline[tick, 0]
                    change = timeline[tick, 1]
                    tick += 1
                    events += 1
                    observe.down(si, sf, s, now, change)
                    if change > 0 and si[s + L.S_DOWN] == 1:
                        # Pre-empt in server order: each goes to the head, so walk the servers backwards.
                        si[s + L.S_USABLE] = 0
                        base = si[s + L.S_SLOTS]
                        for server in range(si[s + L.S_SERVERS] - 1, -1, -1):
                            held = occupants[base + server]
                            if held != 0:
                                occupants[base + server] = 0
                                j = held * words
                                jf[j + L.J_LEFT] = jf[j + L.J_MARK] - now
                                jf[j + L.J_MARK] = -1.0
                                ji[j + L.J_SEQ] = 0
                                x[X_STALE] += 1
                                observe.preempted(si, sf, s, now, jf[j + L.J_LEFT])
                                observe.mark(prints, now, ji[j + L.J_KEY], j32[2 * j + L.J_STEP_32], L.E_PREEMPT)
                                observe.queue(si, sf, s, now, 1)
                                j32[2 * j + L.J_NEXT_32] = si[s + L.S_HEAD]
                                si[s + L.S_HEAD] = held
                                if si[s + L.S_TAIL] == 0:
                                    si[s + L.S_TAIL] = held
                    elif change < 0 and si[s + L.S_DOWN] == 0:
                        si[s + L.S_USABLE] = si[s + L.S_SERVERS]
                elif arrival:
                    events += 1
                    at = state_i[flow, T.T_NEXT]
                    slot = free
                    j = slot * words
                    free = j32[2 * j + L.J_NEXT_32]
                    j32[2 * j + L.J_FLOW_32] = flow
                    j32[2 * j + L.J_STEP_32] = flow_i[flow, P.A_FIRST_STEP]
                    ji[j + L.J_KEY] = job_key(flow_i[flow, P.A_HASH], state_i[flow, T.T_NUMBER] - L.BLOCK + at)
                    jf[j + L.J_BIRTH] = now
                    jf[j + L.J_WAITED] = 0.0
                    count = records[flow, at]
                    ji[j + L.J_RECORDS] = count
                    ji[j + L.J_LOT] = count
                    for place in range(1, 5):
                        j32[2 * j + L.J_PLACE_32 + place] = places[flow, at, place]
                    ji[j + L.J_HELD] = 0
                    head = j + L.JOB_HEADER
                    drawn = flow_i[flow, P.A_DRAWN]
                    for i in range(drawn):
                        jf[head + i] = rows[flow, at, i]
                    for i in range(drawn_words, words - L.JOB_HEADER):
                        ji[head + i] = 0
                    # The flow's next arrival is scheduled before its job moves.
                    at += 1
                    if at == L.BLOCK:
                        T.fill_block(
                            flow, key, flow_i, flow_f, plan, samplers, samplers_tail, tail_f, tail_i, cumulative, guide,
                            parents, state_i, state_f, times, places, records, rows,
                        )  # fmt: skip
                        at = 0
                    state_i[flow, T.T_NEXT] = at
                    t = bits_of(times[flow, at])
                    seq += 1
                    next_bits[flow] = t
                    next_seq[flow] = seq
                    i = 0
                    while i + 1 < flows and next_bits[order[i + 1]] <= t:
                        order[i] = order[i + 1]
                        i += 1
                    order[i] = flow
                    observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[j + L.J_KEY])
                else:
                    hole = True
                    slot = rest & H.SLOT_MASK
                    j = slot * words
                    if full:
                        if ji[j + L.J_SEQ] != rest >> H.SLOT_BITS:
                            x[X_STALE] -= 1
                            continue
                    events += 1
                    step = j32[2 * j + L.J_STEP_32]
                    if steps[step, L.K_KIND] == L.VISIT:
                        s = j32[2 * j + L.J_STATION_32]
                        if keep_rows:
                            visit_i[row, 0] = j32[2 * j + L.J_FLOW_32]
                            visit_i[row, 1] = ji[j + L.J_KEY]
                            visit_i[row, 2] = step
                            visit_i[row, 3] = s // L.STATION_WORDS
                            visit_f[row, 0] = jf[j + L.J_ARRIVE]
                            visit_f[row, 1] = jf[j + L.J_START]
                            visit_f[row, 2] = now
                            row += 1
                        if full:
                            base = si[s + L.S_SLOTS]
                            if base >= 0:
                                while occupants[base] != slot:
                                    base += 1
                                occupants[base] = 0
                        if si[s + L.S_HEAD] == 0:
                            observe.busy(si, sf, s, now, -1)
                        else:
                            # The server goes straight to the head of the queue and stays busy.
                            waiting = si[s + L.S_HEAD]
                            k = waiting * words
                            si[s + L.S_HEAD] = j32[2 * k + L.J_NEXT_32]
                            if si[s + L.S_HEAD] == 0:
                                si[s + L.S_TAIL] = 0
                            observe.queue(si, sf, s, now, -1)
                            left = jf[k + L.J_LEFT]
                            end = now + left
                            wstep = j32[2 * k + L.J_STEP_32]
                            observe.served(si, sf, s, end - now)
                            if jf[k + L.J_MARK] >= 0.0:
                                if keep_rows:
                                    jf[k + L.J_START] = now
                                wait = now - jf[k + L.J_MARK]
                                if wait > 0.0:
                                    observe.waited(si, sf, station_waits, s, wait)
                                    jf[k + L.J_WAITED] += wait
                                observe.mark(prints, end, ji[k + L.J_KEY], wstep, L.E_START)
                            else:
                                observe.resumed(si, s)
                                observe.mark(prints, end, ji[k + L.J_KEY], wstep, L.E_RESUME)
                            jf[k + L.J_MARK] = end
                            if full:
                                base = si[s + L.S_SLOTS]
                                if base >= 0:
                                    while occupants[base] != 0:
                                        base += 1
                                    occupants[base] = waiting
                            seq += 1
                            ji[k + L.J_SEQ] = seq
                            H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | waiting)
                            hole = False
                    j32[2 * j + L.J_STEP_32] = step + 1
                if dated:
                    # An outage ended: idle servers take the queue, in server order.
                    while si[s + L.S_BUSY] < si[s + L.S_USABLE] and si[s + L.S_HEAD] != 0:
                        waiting = si[s + L.S_HEAD]
                        k = waiting * words
                        si[s + L.S_HEAD] = j32[2 * k + L.J_NEXT_32]
                        if si[s + L.S_HEAD] == 0:
                            si[s + L.S_TAIL] = 0
                        observe.queue(si, sf, s, now, -1)
                        observe.busy(si, sf, s, now, 1)
                        left = jf[k + L.J_LEFT]
                        end = now + left
                        wstep = j32[2 * k + L.J_STEP_32]
                        observe.served(si, sf, s, end - now)
                        if jf[k + L.J_MARK] >= 0.0:
                            if keep_rows:
                                jf[k + L.J_START] = now
                            wait = now - jf[k + L.J_MARK]
                            if wait > 0.0:
                                observe.waited(si, sf, station_waits, s, wait)
                                jf[k + L.J_WAITED] += wait
                            observe.mark(prints, end, ji[k + L.J_KEY], wstep, L.E_START)
                        else:
                            observe.resumed(si, s)
                            observe.mark(prints, end, ji[k + L.J_KEY], wstep, L.E_RESUME)
                        jf[k + L.J_MARK] = end
                        base = si[s + L.S_SLOTS]
                        while occupants[base] != 0:
                            base += 1
                        occupants[base] = waiting
                        seq += 1
                        ji[k + L.J_SEQ] = seq
                        H.push(heap, size, bits_of(end), seq << H.SLOT_BITS | waiting)
                        size += 1
                    continue
            else:
                slot = agenda[agenda_at]
                agenda_at = (agenda_at + 1) & agenda_mask
                agenda_length -= 1

            # Move this job until it blocks or leaves.
            j = slot * words
            step = j32[2 * j + L.J_STEP_32]
            while True:
                kind = steps[step, L.K_KIND]
                if kind == L.VISIT or kind == L.DELAY:
                    column = steps[step, L.K_COLUMN]
                    if column < 0:
                        demand = steps_f[step, L.KF_CONSTANT]
                    else:
                        demand = jf[j + column]
                        counter = steps[step, L.K_OCCURRENCE]
                        if counter >= 0:
                            occurrence = ji[j + counter]
                            ji[j + counter] = occurrence + 1
                            if occurrence > 0:
                                demand, pair = T.draw_one(
                                    key, ji[j + L.J_KEY], steps[step, L.K_HASH], occurrence, steps[step, L.K_SAMPLER],
                                    samplers, samplers_tail,
                                )  # fmt: skip
                                if steps[step, L.K_PAIR] >= 0:
                                    jf[j + steps[step, L.K_PAIR]] = pair
                    if kind == L.VISIT:
                        if full:
                            demand += steps_f[step, L.KF_PER_RECORD] * ji[j + L.J_LOT]
                        if not (0.0 <= demand < np.inf):
                            why = L.BAD_DELAY
                            break
                        place = j32[2 * j + L.J_PLACE_32 + steps[step, L.K_WHICH]]
                        s = steps[step, L.K_BASE] + place * L.STATION_WORDS
                        j32[2 * j + L.J_STEP_32] = step
                        j32[2 * j + L.J_STATION_32] = s
                        if keep_rows:
                            jf[j + L.J_ARRIVE] = now
                            jf[j + L.J_START] = now
                        if si[s + L.S_BUSY] < si[s + L.S_USABLE]:
                            end = now + demand
                            observe.busy(si, sf, s, now, 1)
                            observe.served(si, sf, s, end - now)
                            observe.mark(prints, end, ji[j + L.J_KEY], step, L.E_START)
                            jf[j + L.J_MARK] = end
                            if full:
                                base = si[s + L.S_SLOTS]
                                if base >= 0:
                                    while occupants[base] != 0:
                                        base += 1
                                    occupants[base] = slot
                            seq += 1
                            ji[j + L.J_SEQ] = seq
                            if hole:
                                hole = False
                                H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                            else:
                                H.push(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                                size += 1
                        else:
                            observe.queue(si, sf, s, now, 1)
                            jf[j + L.J_MARK] = now
                            jf[j + L.J_LEFT] = demand
                            j32[2 * j + L.J_NEXT_32] = 0
                            tail = si[s + L.S_TAIL]
                            if tail == 0:
                                si[s + L.S_HEAD] = slot
                            else:
                                j32[2 * tail * words + L.J_NEXT_32] = slot
                            si[s + L.S_TAIL] = slot
                        break
                    if demand == 0.0:
                        step += 1
                        continue
                    if not (0.0 <= demand < np.inf):
                        why = L.BAD_DELAY
                        break
                    end = now + demand
                    j32[2 * j + L.J_STEP_32] = step
                    seq += 1
                    ji[j + L.J_SEQ] = seq
                    if hole:
                        hole = False
                        H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                    else:
                        H.push(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                        size += 1
                    break
                if kind == L.BRANCH:
                    column = steps[step, L.K_COLUMN]
                    u = jf[j + column]
                    counter = steps[step, L.K_OCCURRENCE]
                    if counter >= 0:
                        occurrence = ji[j + counter]
                        ji[j + counter] = occurrence + 1
                        if occurrence > 0:
                            u, _ = T.draw_one(
                                key, ji[j + L.J_KEY], steps[step, L.K_HASH], occurrence, -1, samplers, samplers_tail
                            )
                    i = 0
                    base = steps[step, L.K_BASE]
                    while u > cumulative[base + i]:
                        i += 1
                    target = tail_i[steps[step, L.K_TARGET] + i]
                    if target <= step:
                        instant += 1
                    step = target
                elif kind == L.LOOP_BEGIN:
                    per = steps[step, L.K_PER_RECORDS]
                    if full and per > 0:
                        left_over = ji[j + L.J_RECORDS]
                        ji[j + steps[step, L.K_COUNTER]] = left_over
                        ji[j + L.J_LOT] = min(per, left_over)
                    else:
                        left_over = steps[step, L.K_COUNT]
                        ji[j + steps[step, L.K_COUNTER]] = left_over
                    step = step + 1 if left_over > 0 else steps[step, L.K_TARGET]
                elif kind == L.LOOP_END:
                    per = steps[step, L.K_PER_RECORDS]
                    counter = steps[step, L.K_COUNTER]
                    if full and per > 0:
                        left_over = ji[j + counter] - per
                        ji[j + L.J_LOT] = min(per, left_over) if left_over > 0 else ji[j + L.J_RECORDS]
                    else:
                        left_over = ji[j + counter] - 1
                    ji[j + counter] = left_over
                    instant += 1
                    step = steps[step, L.K_TARGET] if left_over > 0 else step + 1
                elif kind == L.EXIT:
                    if full:
                        while ji[j + L.J_HELD] > 0:
                            p = j32[2 * j + L.J_TOKENS_32]
                            for i in range(1, ji[j + L.J_HELD]):
                                j32[2 * j + L.J_TOKENS_32 + i - 1] = j32[2 * j + L.J_TOKENS_32 + i]
                            ji[j + L.J_HELD] -= 1
                            woken = _give_back(p, now, pi, pf, ji, jf, j32, words, prints)
                            if woken != 0:
                                agenda[(agenda_at + agenda_length) & agenda_mask] = woken
                                agenda_length += 1
                    observe.completed(
                        fi, ff, sojourns, flow_waits, prints, j32[2 * j + L.J_FLOW_32], now, ji[j + L.J_KEY],
                        jf[j + L.J_BIRTH], jf[j + L.J_WAITED], ji[j + L.J_RECORDS],
                    )  # fmt: skip
                    j32[2 * j + L.J_NEXT_32] = free
                    ji[j + L.J_SEQ] = 0
                    free = slot
                    break
                elif full:
                    if kind == L.ACQUIRE:
                        place = j32[2 * j + L.J_PLACE_32 + steps[step, L.K_WHICH]]
                        p = steps[step, L.K_BASE] + place * L.POOL_WORDS
                        if ji[j + L.J_HELD] >= L.MAX_TOKENS:
                            why = L.TOO_MANY_TOKENS
                            break
                        if pi[p + L.P_FREE] > 0:
                            observe.tokens(pi, pf, p, now, -1)
                            observe.token_waited(pi, pf, p, 0.0)
                            observe.mark(prints, now, ji[j + L.J_KEY], step, L.E_TOKEN)
                            j32[2 * j + L.J_TOKENS_32 + ji[j + L.J_HELD]] = p
                            ji[j + L.J_HELD] += 1
                            step += 1
                        else:
                            observe.pool_queue(pi, pf, p, now, 1)
                            jf[j + L.J_MARK] = now
                            j32[2 * j + L.J_STEP_32] = step
                            j32[2 * j + L.J_NEXT_32] = 0
                            if pi[p + L.P_TAIL] == 0:
                                pi[p + L.P_HEAD] = slot
                            else:
                                j32[2 * pi[p + L.P_TAIL] * words + L.J_NEXT_32] = slot
                            pi[p + L.P_TAIL] = slot
                            break
                    elif kind == L.RELEASE:
                        place = j32[2 * j + L.J_PLACE_32 + steps[step, L.K_WHICH]]
                        p = steps[step, L.K_BASE] + place * L.POOL_WORDS
                        held = 0
                        while held < ji[j + L.J_HELD] and j32[2 * j + L.J_TOKENS_32 + held] != p:
                            held += 1
                        if held == ji[j + L.J_HELD]:
                            why = L.BAD_RELEASE
                            break
                        for i in range(held + 1, ji[j + L.J_HELD]):
                            j32[2 * j + L.J_TOKENS_32 + i - 1] = j32[2 * j + L.J_TOKENS_32 + i]
                        ji[j + L.J_HELD] -= 1
                        woken = _give_back(p, now, pi, pf, ji, jf, j32, words, prints)
                        if woken != 0:
                            agenda[(agenda_at + agenda_length) & agenda_mask] = woken
                            agenda_length += 1
                        step += 1
                    elif kind == L.GATE:
                        end = T.gate_opening(
                            tail_f, steps[step, L.K_TARGET], steps[step, L.K_COUNT], steps_f[step, L.KF_SPREAD],
                            j32[2 * j + L.J_PLACE_32 + L.ORIGIN], now,
                        )  # fmt: skip
                        if end <= now:
                            step += 1
                            continue
                        j32[2 * j + L.J_STEP_32] = step
                        if end < np.inf:
                            seq += 1
                            ji[j + L.J_SEQ] = seq
                            if hole:
                                hole = False
                                H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                            else:
                                H.push(heap, size, bits_of(end), seq << H.SLOT_BITS | slot)
                                size += 1
                        break
                    else:
                        # Spawn: the child starts at the end of this instant's agenda.
                        if free == 0:
                            j32[2 * j + L.J_STEP_32] = step
                            agenda_at = (agenda_at - 1) & agenda_mask
                            agenda[agenda_at] = slot
                            agenda_length += 1
                            why = L.NEED_SLOTS
                            break
                        occurrence = 0
                        if steps[step, L.K_OCCURRENCE] >= 0:
                            occurrence = ji[j + steps[step, L.K_OCCURRENCE]]
                            ji[j + steps[step, L.K_OCCURRENCE]] = occurrence + 1
                        child = free
                        k = child * words
                        free = j32[2 * k + L.J_NEXT_32]
                        flow = steps[step, L.K_CHILD]
                        j32[2 * k + L.J_FLOW_32] = flow
                        j32[2 * k + L.J_STEP_32] = flow_i[flow, P.A_FIRST_STEP]
                        ji[k + L.J_KEY] = spawned_key(ji[j + L.J_KEY], steps[step, L.K_HASH], occurrence)
                        jf[k + L.J_BIRTH] = now
                        jf[k + L.J_WAITED] = 0.0
                        ji[k + L.J_RECORDS] = flow_i[flow, P.A_RECORDS]
                        ji[k + L.J_LOT] = flow_i[flow, P.A_RECORDS]
                        for place in range(1, 5):
                            j32[2 * k + L.J_PLACE_32 + place] = j32[2 * j + L.J_PLACE_32 + place]
                        ji[k + L.J_HELD] = 0
                        for i in range(drawn_words, words - L.JOB_HEADER):
                            ji[k + L.JOB_HEADER + i] = 0
                        for entry in range(flow_i[flow, P.A_PLAN], flow_i[flow, P.A_PLAN] + flow_i[flow, P.A_PLAN_LENGTH]):
                            value, pair = T.draw_one(
                                key, ji[k + L.J_KEY], plan[entry, 0], 0, plan[entry, 1], samplers, samplers_tail
                            )
                            jf[k + plan[entry, 2]] = value
                            if plan[entry, 3] >= 0:
                                jf[k + plan[entry, 3]] = pair
                        observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[k + L.J_KEY])
                        agenda[(agenda_at + agenda_length) & agenda_mask] = child
                        agenda_length += 1
                        instant += 1
                        step += 1
                if instant > instant_budget:
                    why = L.INSTANT_BUDGET
                    j32[2 * j + L.J_STEP_32] = step
                    break
            if why != L.REACHED:
                x[X_STEP] = step
                break
        if hole:
            size -= 1
            if size > 0:
                H.replace_root(heap, size, heap[2 * (H.ROOT + size)], heap[2 * (H.ROOT + size) + 1])
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

    compiled: Callable[..., int] = advance
    return compiled


@njit(cache=True, error_model="numpy")
def _compact(heap: Ints, size: int, ji: Ints, words: int) -> int:
    """Drop cancelled events; returns how many are left."""
    kept = 0
    for entry in range(H.ROOT, H.ROOT + size):
        time, rest = heap[2 * entry], heap[2 * entry + 1]
        if ji[(rest & H.SLOT_MASK) * words + L.J_SEQ] == rest >> H.SLOT_BITS:
            H.push(heap, kept, time, rest)
            kept += 1
    return kept


@njit(cache=True, error_model="numpy")
def _give_back(
    p: int, now: float, pi: Ints, pf: Floats, ji: Ints, jf: Floats, j32: Any, words: int, prints: Ints
) -> int:
    """Return a token of pool `p`; hand it to the first waiting job, if any, and return that job's slot (else 0)."""
    waiting = pi[p + L.P_HEAD]
    if waiting == 0:
        observe.tokens(pi, pf, p, now, 1)
        return 0
    k = waiting * words
    pi[p + L.P_HEAD] = j32[2 * k + L.J_NEXT_32]
    if pi[p + L.P_HEAD] == 0:
        pi[p + L.P_TAIL] = 0
    observe.pool_queue(pi, pf, p, now, -1)
    wait = now - jf[k + L.J_MARK]
    observe.token_waited(pi, pf, p, wait)
    jf[k + L.J_WAITED] += wait
    step = j32[2 * k + L.J_STEP_32]
    observe.mark(prints, now, ji[k + L.J_KEY], step, L.E_TOKEN)
    j32[2 * k + L.J_TOKENS_32 + ji[k + L.J_HELD]] = p
    ji[k + L.J_HELD] += 1
    j32[2 * k + L.J_STEP_32] = step + 1
    waiting_slot: int = waiting
    return waiting_slot
