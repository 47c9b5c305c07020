"""One compiled event loop over flat records, in a lean and a full form; the package's docstring explains both on one page.

It follows the sample-path rules of the README to the letter; `reference` is the same machine written to be read. The loop
hands control back at a stop time, for more memory, or after a slice of events, and goes on where it was.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, call, compiled, float_of, ix, prefetch
from jukinet_sim.chance.draws import job_key, spawned_key
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine import streams as T
from jukinet_sim.engine.arrival_times import T_NEXT, T_NUMBER
from jukinet_sim.engine.fast import heap as H
from jukinet_sim.engine.fast import moves
from jukinet_sim.engine.fast import world as W
from jukinet_sim.engine.fast.world import World

Ints = NDArray[np.int64]
_LARGE = 256
"""Pending events of which not all records are in the cache anyway."""
Advance = Callable[[float, bool, int, int, bool, World], int]


@functools.cache
def loop(full: bool, keep_rows: bool) -> Advance:
    """Return the event loop in its lean or its `full` form, keeping a row per visit or not."""

    @compiled
    def advance(stop: float, inclusive: bool, max_events: int, instant_budget: int, wide: bool, w: World) -> int:
        x, heap, gates, agenda, ji, jf, j32, words = w.x, w.heap, w.gates, w.agenda, w.ji, w.jf, w.j32, w.words
        si, sf, fi, ff, pi, pf, prints = w.si, w.sf, w.fi, w.ff, w.pi, w.pf, w.prints
        sojourns, flow_waits, station_waits, pool_waits = w.sojourns, w.flow_waits, w.station_waits, w.pool_waits
        steps, steps_f, samplers, samplers_tail, plan = w.steps, w.steps_f, w.samplers, w.samplers_tail, w.plan
        flow_i, flow_f, tail_f, tail_i, cumulative = w.flow_i, w.flow_f, w.tail_f, w.tail_i, w.cumulative
        guide, parents, timeline_s = w.guide, w.parents, w.timeline_s
        state_i, state_f, times, places, records, rows = w.state_i, w.state_f, w.times, w.places, w.records, w.rows
        order, next_bits, next_seq, scratch = w.order, w.next_bits, w.next_seq, w.scratch
        visit_i, visit_f, key = w.visit_i, w.visit_f, w.key
        drawn_words, counter_words, placed, states, table = w.drawn_words, w.counter_words, w.placed != 0, w.states, w.table
        infinity = bits_of(np.inf)
        stop_bits = bits_of(stop)
        events = x[W.X_EVENTS]
        last_event = events + max_events
        seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
        agenda_mask = agenda.size - 1
        tick = x[W.X_TIMELINE]
        now = float_of(x[W.X_NOW])
        now_bits = x[W.X_NOW]
        hole = False
        flows = order.size
        job_budget = w.job_budget
        # Jobs need be counted only where there are more records than jobs may be in the system.
        crowded = x[W.X_SLOTS] > job_budget
        # Typed here once: names first met in a branch that a specialisation drops would be undefined to the compiler.
        flow = j = k = s = slot = step = code = base = at = i = p = t = waiting = held = place = per = 0
        counter = occurrence = pair_at = left_over = child = woken = first_step = count = 0
        end = demand = pair = u = 0.0
        tried = target = kind = column = pair_at = 0
        step = x[W.X_STEP]
        while why == L.REACHED:
            if agenda_length == 0:
                if hole:
                    size = H.close_hole(heap, size)
                    hole = False
                if free == 0 or (full and wide and _short(j32, words, free)):
                    why = L.NEED_SLOTS
                    break
                if full and x[W.X_STALE] > x[W.X_SLOTS]:
                    size = moves.compact(heap, size, ji, words)
                    x[W.X_STALE] = 0
                if events >= last_event:
                    why = L.SLICE
                    break
                # Room for the rows of one turn, of which a rarer move may keep several.
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
                gated = False
                if full:
                    t = gates[ix(2 * H.ROOT)]
                    if t < time or (t == time and gates[ix(2 * H.ROOT + 1)] < rest):
                        time = t
                        rest = gates[ix(2 * H.ROOT + 1)]
                        gated = True
                arrival = False
                if flows > 0:
                    flow = order[0]
                    t = next_bits[ix(flow)]
                    if t < time or (t == time and next_seq[ix(flow)] < (rest >> H.SLOT_BITS)):
                        time = t
                        arrival = True
                dated = False
                if full:
                    if tick < timeline_s.size:
                        t = bits_of(timeline_s[ix(tick)])
                        # A change within rounding of the next event comes with it, and first; a cancelled event is none.
                        if t <= time or (
                            t - L.SAME_INSTANT <= time
                            and (arrival or ji[ix((rest & H.SLOT_MASK) * words + L.J_SEQ)] == rest >> H.SLOT_BITS)
                        ):
                            time = min(t, time)
                            dated = True
                if time >= stop_bits:
                    if not (inclusive and time == stop_bits) or time == infinity:
                        break
                if full:
                    # Work for nobody, failures and dated changes may lie ahead; a drained run ends with its last job.
                    if x[W.X_CLOSED] != 0 and (dated or table[W.HAPPEN] != 0) and moves.jobs_inside(fi) == 0:
                        break
                    if not dated and not arrival:
                        i = (rest & H.SLOT_MASK) * words
                        # A clock of a server sets itself again for ever, so it must not keep a drained run alive.
                        if x[W.X_CLOSED] != 0 and steps[ix(L.STEP_WORDS * j32[ix(2 * i + L.J_STEP_32)] + L.K_KIND)] == L.CLOCK:
                            x[W.X_HEAP] = size
                            if call(table[W.IS_STUCK], table[W.SELF], 0, 0, 0, 0, 0, 0) != 0.0:
                                break
                        if ji[ix((rest & H.SLOT_MASK) * words + L.J_SEQ)] != rest >> H.SLOT_BITS:
                            # Cancelled: it is no event, and time does not go on with it.
                            hole = True
                            x[W.X_STALE] -= 1
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
                    events += 1
                    moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                    call(table[W.CHANGE], table[W.SELF], tick, now_bits, 0, 0, 0, 0)
                    seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                    tick += 1
                    continue
                if arrival:
                    events += 1
                    if crowded and moves.jobs_inside(fi) >= job_budget:
                        why = L.JOB_BUDGET
                        break
                    at = state_i[ix(flow), T_NEXT]
                    slot = free
                    j = slot * words
                    free = j32[ix(2 * j + L.J_NEXT_32)]
                    first_step = flow_i[ix(flow), F.A_FIRST_STEP]
                    moves.new_job(
                        flow, first_step, now, records[ix(flow), ix(at)], full, drawn_words, counter_words, ji, jf, j32, j
                    )
                    ji[ix(j + L.J_KEY)] = job_key(flow_i[ix(flow), F.A_HASH], state_i[ix(flow), T_NUMBER] - L.BLOCK + at)
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
                    state_i[ix(flow), T_NEXT] = at
                    t = bits_of(times[ix(flow), ix(at)])
                    seq += 1
                    next_bits[ix(flow)] = t
                    next_seq[ix(flow)] = seq
                    # Flows stand by their next arrival; the one that arrived steps back past those that come before.
                    i = 0
                    while i + 1 < flows and next_bits[ix(order[ix(i + 1)])] <= t:
                        order[ix(i)] = order[ix(i + 1)]
                        i += 1
                    order[ix(i)] = flow
                    observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[ix(j + L.J_KEY)])
                    if full and wide:
                        moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                        call(table[W.BEGIN], table[W.SELF], slot, now_bits, 0, 0, 0, 0)
                        seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                        if why != L.REACHED:
                            break
                else:
                    if full and gated:
                        x[W.X_GATES] = H.close_hole(gates, x[W.X_GATES])
                    else:
                        hole = True
                    slot = rest & H.SLOT_MASK
                    j = slot * words
                    events += 1
                    if size > _LARGE:
                        # The next event is most likely a child of the root: let the lines of job and station come meanwhile.
                        for i in range(2 * H.ROOT + 3, 2 * H.ROOT + 11, 2):
                            k = (heap[ix(i)] & H.SLOT_MASK) * words
                            prefetch(ji, k)
                            prefetch(ji, k + L.JOB_HEADER)
                            prefetch(si, j32[ix(2 * k + L.J_STATION_32)])
                            prefetch(si, j32[ix(2 * k + L.J_STATION_32)] + 8)
                    step = j32[ix(2 * j + L.J_STEP_32)]
                    kind = steps[ix(L.STEP_WORDS * step + L.K_KIND)]
                    if kind == L.VISIT:
                        s = j32[ix(2 * j + L.J_STATION_32)]
                        if keep_rows:
                            visit_i[ix(row), 0] = j32[ix(2 * j + L.J_FLOW_32)]
                            visit_i[ix(row), 1] = ji[ix(j + L.J_KEY)]
                            visit_i[ix(row), 2] = step
                            visit_i[ix(row), 3] = s // L.STATION_WORDS
                            visit_i[ix(row), 4] = L.SERVED
                            visit_f[ix(row), 0] = jf[ix(j + L.J_ARRIVE)]
                            visit_f[ix(row), 1] = jf[ix(j + L.J_START)]
                            visit_f[ix(row), 2] = now
                            row += 1
                        if si[ix(s + L.S_HEAD)] == 0:
                            observe.busy(si, sf, s, now, -1)
                        else:
                            # The server goes straight to the head of the queue and stays busy.
                            waiting = moves.take(si, s + L.S_HEAD, j32, words)
                            observe.queue(si, sf, s, now, -1)
                            k = waiting * words
                            end = now + jf[ix(k + L.J_LEFT)]
                            observe.served(si, sf, s, end - now)
                            if keep_rows:
                                jf[ix(k + L.J_START)] = now
                            u = now - jf[ix(k + L.J_MARK)]
                            if u > 0.0:
                                observe.waited(si, sf, station_waits, s, u)
                                jf[ix(k + L.J_WAITED)] += u
                            observe.mark(prints, end, ji[ix(k + L.J_KEY)], j32[ix(2 * k + L.J_STEP_32)], L.E_START)
                            jf[ix(k + L.J_MARK)] = end
                            seq += 1
                            ji[ix(k + L.J_SEQ)] = seq
                            H.replace_root(heap, size, bits_of(end), seq << H.SLOT_BITS | waiting)
                            hole = False
                    # What is left of a delay and a gate is to go on; everything else is rarer.
                    elif full and kind > L.DELAY and kind != L.GATE:
                        size = H.close_hole(heap, size)
                        hole = False
                        moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                        call(table[W.HAPPEN], table[W.SELF], slot, now_bits, 0, 0, 0, 0)
                        seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                        if why != L.REACHED:
                            break
                        continue
                    j32[ix(2 * j + L.J_STEP_32)] = step + 1
            else:
                if instant > instant_budget:
                    why = L.INSTANT_BUDGET
                    break
                if keep_rows and row + 4 >= visit_i.shape[0]:
                    why = L.SLICE
                    break
                slot = agenda[ix(agenda_at)]
                agenda_at = (agenda_at + 1) & agenda_mask
                agenda_length -= 1

            # Move this job until it blocks or leaves.
            j = slot * words
            step = j32[ix(2 * j + L.J_STEP_32)]
            while True:
                code = L.STEP_WORDS * step
                kind = steps[ix(code + L.K_KIND)]
                if kind <= (L.PART if full else L.DELAY):
                    column = steps[ix(code + L.K_COLUMN)]
                    if column < 0:
                        demand = steps_f[ix(L.STEP_FLOATS * step + L.KF_CONSTANT)]
                        if full and steps[ix(code + L.K_OCCURRENCE)] >= 0:
                            ji[ix(j + steps[ix(code + L.K_OCCURRENCE)])] += 1
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
                                    ji[ix(j + L.J_ATTEMPT)] if full else 0, steps[ix(code + L.K_SAMPLER)], samplers,
                                    samplers_tail,
                                )  # fmt: skip
                                if pair_at >= 0:
                                    jf[ix(j + pair_at)] = pair
                            elif occurrence > 0:
                                demand = jf[ix(j + column + occurrence)]
                                if pair_at >= 0:
                                    jf[ix(j + pair_at)] = jf[ix(j + pair_at + occurrence)]
                    if kind == L.VISIT or (full and kind == L.SPECIAL):
                        if full:
                            demand += steps_f[ix(L.STEP_FLOATS * step + L.KF_PER_RECORD)] * ji[ix(j + L.J_LOT)]
                            if steps[ix(code + L.K_COUNT)] > 0:
                                demand += jf[ix(j + L.J_EXTRA)]
                                jf[ix(j + L.J_EXTRA)] = 0.0
                        if not (0.0 <= demand < np.inf):
                            why = L.BAD_DELAY
                            break
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        s = steps[ix(code + L.K_BASE)] + place * L.STATION_WORDS
                        j32[ix(2 * j + L.J_STEP_32)] = step
                        j32[ix(2 * j + L.J_STATION_32)] = s
                        if full and kind == L.SPECIAL:
                            size = H.without_hole(heap, size, hole)
                            hole = False
                            moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                            if call(table[W.ENTER], table[W.SELF], slot, s, now_bits, bits_of(demand), 0, 0) != 0.0:
                                # Refused, and going on elsewhere at once: it is still this job's turn.
                                x[W.X_AGENDA] = (agenda_at - 1) & agenda_mask
                                agenda[ix(x[W.X_AGENDA])] = slot
                                x[W.X_AGENDA_LENGTH] += 1
                                x[W.X_INSTANT] += 1
                            seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                            break
                        if keep_rows:
                            jf[ix(j + L.J_ARRIVE)] = now
                            jf[ix(j + L.J_START)] = now
                        if si[ix(s + L.S_BUSY)] < si[ix(s + L.S_USABLE)]:
                            end = now + demand
                            observe.busy(si, sf, s, now, 1)
                            observe.served(si, sf, s, end - now)
                            observe.mark(prints, end, ji[ix(j + L.J_KEY)], step, L.E_START)
                            jf[ix(j + L.J_MARK)] = end
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
                    if full and kind == L.PART:
                        demand = (demand - steps_f[ix(L.STEP_FLOATS * step + L.KF_LESS)]) * steps_f[
                            ix(L.STEP_FLOATS * step + L.KF_PER_RECORD)
                        ]
                        jf[ix(j + L.J_EXTRA)] += demand
                        step += 1
                        continue
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
                            tried = ji[ix(j + L.J_ATTEMPT)] if full else 0
                            u, _ = T.draw_one(
                                key, ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence, tried, -1, samplers,
                                samplers_tail,
                            )  # fmt: skip
                    i = 0
                    base = steps[ix(code + L.K_BASE)]
                    while u > cumulative[ix(base + i)]:
                        i += 1
                    target = tail_i[ix(steps[ix(code + L.K_TARGET)] + i)]
                    # Only a jump back can go on for ever at one instant.
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
                    if full and (ji[ix(j + L.J_TIMER)] != 0 or ji[ix(j + L.J_CUSTOMER)] != 0):
                        size = H.without_hole(heap, size, hole)
                        hole = False
                        moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                        call(table[W.FINISH], table[W.SELF], slot, now_bits, 0, 0, 0, 0)
                        seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                        break
                    if full:
                        while ji[ix(j + L.J_HELD)] > 0:
                            p = j32[ix(2 * j + L.J_TOKENS_32)]
                            moves.drop_token(ji, j32, j, 0)
                            woken = moves.give_back(p, now, pi, pf, pool_waits, ji, jf, j32, words, prints, x)
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
                            observe.token_waited(pi, pf, pool_waits, p, 0.0)
                            observe.mark(prints, now, ji[ix(j + L.J_KEY)], step, L.E_TOKEN)
                            j32[ix(2 * j + L.J_TOKENS_32 + ji[ix(j + L.J_HELD)])] = p
                            ji[ix(j + L.J_HELD)] += 1
                            step += 1
                        else:
                            observe.pool_queue(pi, pf, p, now, 1)
                            jf[ix(j + L.J_MARK)] = now
                            ji[ix(j + L.J_SEQ)] = 0
                            j32[ix(2 * j + L.J_STEP_32)] = step
                            j32[ix(2 * j + L.J_STATION_32)] = p
                            moves.append_linked(pi, p + L.P_HEAD, j32, slot, words)
                            break
                    elif kind == L.METER or kind >= L.PATIENT:
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        p = steps[ix(code + L.K_BASE)] + place * L.POOL_WORDS
                        size = H.without_hole(heap, size, hole)
                        hole = False
                        j32[ix(2 * j + L.J_STEP_32)] = step
                        moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                        answer = call(table[W.METER], table[W.SELF], slot, p, now_bits, 0, 0, 0)
                        if answer == -2.0:
                            # Impatient, and going on elsewhere at once: it is still this job's turn.
                            x[W.X_AGENDA] = (agenda_at - 1) & agenda_mask
                            agenda[ix(x[W.X_AGENDA])] = slot
                            x[W.X_AGENDA_LENGTH] += 1
                            x[W.X_INSTANT] += 1
                        seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                        if answer < 0.0:
                            break
                        target = int(answer)
                        if target <= step:
                            instant += 1
                        step = target
                    elif kind == L.SWITCH or kind == L.ASSIGN:
                        place = j32[ix(2 * j + L.J_PLACE_32 + steps[ix(code + L.K_WHICH)])]
                        at = steps[ix(code + L.K_BASE)] + place
                        if kind == L.ASSIGN:
                            states[ix(at)] = steps[ix(code + L.K_COUNT)]
                            step += 1
                        else:
                            base = steps[ix(code + L.K_TARGET)]
                            target = step + 1
                            for i in range(base, base + 2 * steps[ix(code + L.K_COUNT)], 2):
                                if tail_i[ix(i)] == states[ix(at)]:
                                    target = tail_i[ix(i + 1)]
                            if target <= step:
                                instant += 1
                            step = target
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
                        woken = moves.give_back(p, now, pi, pf, pool_waits, ji, jf, j32, words, prints, x)
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
                        ji[ix(j + L.J_SEQ)] = 0
                        if end < np.inf:
                            seq += 1
                            ji[ix(j + L.J_SEQ)] = seq
                            if wide:
                                size = H.put(heap, size, hole, bits_of(end), seq << H.SLOT_BITS | slot)
                                hole = False
                            else:
                                H.push(gates, x[W.X_GATES], bits_of(end), seq << H.SLOT_BITS | slot)
                                x[W.X_GATES] += 1
                        break
                    else:
                        # Spawn: the child starts at the end of this instant's agenda.
                        if free == 0 or (wide and _short(j32, words, free)):
                            why = L.NEED_SLOTS
                        elif crowded and moves.jobs_inside(fi) >= job_budget:
                            why = L.JOB_BUDGET
                        if why != L.REACHED:
                            # Back to the head of the agenda: it does this step once there are records, and stands somewhere
                            # when a look ahead finds what happens next.
                            j32[ix(2 * j + L.J_STEP_32)] = step
                            agenda_at = (agenda_at - 1) & agenda_mask
                            agenda[ix(agenda_at)] = slot
                            agenda_length += 1
                            break
                        occurrence = 0
                        if steps[ix(code + L.K_OCCURRENCE)] >= 0:
                            occurrence = ji[ix(j + steps[ix(code + L.K_OCCURRENCE)])]
                            ji[ix(j + steps[ix(code + L.K_OCCURRENCE)])] = occurrence + 1
                        child = free
                        k = child * words
                        free = j32[ix(2 * k + L.J_NEXT_32)]
                        flow = steps[ix(code + L.K_CHILD)]
                        first_step, count = flow_i[ix(flow), F.A_FIRST_STEP], flow_i[ix(flow), F.A_RECORDS]
                        moves.new_job(flow, first_step, now, count, full, drawn_words, counter_words, ji, jf, j32, k)
                        ji[ix(k + L.J_KEY)] = spawned_key(
                            ji[ix(j + L.J_KEY)], steps[ix(code + L.K_HASH)], occurrence, ji[ix(j + L.J_ATTEMPT)]
                        )
                        for place in range(1, 5):
                            j32[ix(2 * k + L.J_PLACE_32 + place)] = j32[ix(2 * j + L.J_PLACE_32 + place)]
                        T.draw_job(key, ji[ix(k + L.J_KEY)], 0, flow_i[flow], plan, samplers, samplers_tail, jf, k)
                        observe.arrived(fi, ff, prints, flow * L.FLOW_WORDS, now, ji[ix(k + L.J_KEY)])
                        if wide:
                            size = H.without_hole(heap, size, hole)
                            hole = False
                            moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
                            call(table[W.BEGIN], table[W.SELF], child, now_bits, 0, 0, 0, 0)
                            seq, size, free, instant, agenda_at, agenda_length, row, why = moves.read(x)
                            if why != L.REACHED:
                                break
                        agenda[ix((agenda_at + agenda_length) & agenda_mask)] = child
                        agenda_length += 1
                        instant += 1
                        step += 1
                if instant > instant_budget:
                    why = L.INSTANT_BUDGET
                    j32[ix(2 * j + L.J_STEP_32)] = step
                    agenda_at = (agenda_at - 1) & agenda_mask
                    agenda[ix(agenda_at)] = slot
                    agenda_length += 1
                    break
        size = H.without_hole(heap, size, hole)
        moves.write(x, seq, size, free, instant, agenda_at, agenda_length, row)
        x[W.X_STEP], x[W.X_EVENTS], x[W.X_TIMELINE], x[W.X_NOW] = step, events, tick, now_bits
        return why

    return advance


@compiled
def _short(j32: Any, words: int, free: int) -> bool:
    """Whether fewer than three records are free."""
    second = j32[ix(2 * free * words + L.J_NEXT_32)]
    return second == 0 or j32[ix(2 * second * words + L.J_NEXT_32)] == 0
