"""The small moves of the event loop, each on flat records: queues, events, tokens, fresh jobs.

Those marked inlined become part of the loop when it is compiled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, compiled, inlined, ix
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.fast import heap as H
from jukinet_sim.engine.fast import world as W

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def jobs_inside(fi: Ints) -> int:
    """Jobs in the system over all flows."""
    inside = 0
    for f in range(0, fi.size, L.FLOW_WORDS):
        inside += fi[f + L.F_IN_SYSTEM]
    return inside


@inlined
def write(
    x: Ints, seq: int, size: int, free: int, instant: int, agenda_at: int, agenda_length: int, row: int
) -> None:
    """Let the rarer moves see the scalars that the loop keeps in registers."""
    x[W.X_SEQ], x[W.X_HEAP], x[W.X_FREE], x[W.X_INSTANT] = seq, size, free, instant
    x[W.X_AGENDA], x[W.X_AGENDA_LENGTH], x[W.X_ROWS] = agenda_at, agenda_length, row


@inlined
def read(x: Ints) -> tuple[int, int, int, int, int, int, int, int]:
    """Return the same scalars after a rarer move, and why the loop must stop, if it must."""
    return (
        x[W.X_SEQ], x[W.X_HEAP], x[W.X_FREE], x[W.X_INSTANT], x[W.X_AGENDA], x[W.X_AGENDA_LENGTH], x[W.X_ROWS], x[W.X_WHY],
    )  # fmt: skip


# Queues: that of a plain station is linked forward only, one from whose middle jobs may leave both ways.


@inlined
def append(records: Ints, at: int, j32: Any, slot: int, words: int) -> None:
    """Put a job at the end of the linked queue whose head stands at `at` and whose tail stands behind it."""
    j32[ix(2 * slot * words + L.J_NEXT_32)] = 0
    tail = records[ix(at + 1)]
    if tail == 0:
        records[ix(at)] = slot
    else:
        j32[ix(2 * tail * words + L.J_NEXT_32)] = slot
    records[ix(at + 1)] = slot


@inlined
def take(records: Ints, at: int, j32: Any, words: int) -> int:
    """Take the job at the head of a linked queue that is not empty."""
    slot: int = records[ix(at)]
    records[ix(at)] = j32[ix(2 * slot * words + L.J_NEXT_32)]
    if records[ix(at)] == 0:
        records[ix(at + 1)] = 0
    return slot


@compiled
def append_linked(records: Ints, at: int, j32: Any, slot: int, words: int) -> None:
    """`append` to a queue that is linked both ways."""
    j32[ix(2 * slot * words + L.J_PREV_32)] = records[ix(at + 1)]
    append(records, at, j32, slot, words)


@compiled
def put_first(records: Ints, at: int, j32: Any, slot: int, words: int) -> None:
    """Put a job at the head of a queue that is linked both ways."""
    head = records[ix(at)]
    j32[ix(2 * slot * words + L.J_PREV_32)] = 0
    j32[ix(2 * slot * words + L.J_NEXT_32)] = head
    if head == 0:
        records[ix(at + 1)] = slot
    else:
        j32[ix(2 * head * words + L.J_PREV_32)] = slot
    records[ix(at)] = slot


@compiled
def put_behind(records: Ints, at: int, j32: Any, before: int, slot: int, words: int) -> None:
    """Put a job right behind another in a queue that is linked both ways; at its head where the other is nobody."""
    if before == 0:
        put_first(records, at, j32, slot, words)
        return
    behind = j32[ix(2 * before * words + L.J_NEXT_32)]
    if behind == 0:
        append_linked(records, at, j32, slot, words)
        return
    j32[ix(2 * slot * words + L.J_PREV_32)] = before
    j32[ix(2 * slot * words + L.J_NEXT_32)] = behind
    j32[ix(2 * before * words + L.J_NEXT_32)] = slot
    j32[ix(2 * behind * words + L.J_PREV_32)] = slot


@compiled
def unlink(records: Ints, at: int, j32: Any, slot: int, words: int) -> None:
    """Take a job out of a queue that is linked both ways, wherever it stands."""
    before = j32[ix(2 * slot * words + L.J_PREV_32)]
    behind = j32[ix(2 * slot * words + L.J_NEXT_32)]
    if before == 0:
        records[ix(at)] = behind
    else:
        j32[ix(2 * before * words + L.J_NEXT_32)] = behind
    if behind == 0:
        records[ix(at + 1)] = before
    else:
        j32[ix(2 * behind * words + L.J_PREV_32)] = before


# Events and the agenda of an instant.


@compiled
def compact(heap: Ints, size: int, ji: Ints, words: int) -> int:
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
def next_number(w: Ints) -> int:
    """Return the number by which an event stands among those of its instant."""
    x = W.ints(w, W.X)
    number: int = x[W.X_SEQ] + 1
    x[W.X_SEQ] = number
    return number


@compiled
def schedule(w: Ints, slot: int, time: float) -> None:
    """Let an event for this record take place at `time`."""
    schedule_as(w, slot, time, next_number(w))


@compiled
def schedule_as(w: Ints, slot: int, time: float, seq: int) -> None:
    """Let an event with a number that was taken before take place at `time`."""
    x, ji, heap, words = W.ints(w, W.X), W.ints(w, W.JI), W.ints(w, W.HEAP), w[W.WORDS]
    if x[W.X_HEAP] >= 3 * x[W.X_SLOTS]:
        # Jobs that try again and again at one instant cancel an event each time; the loop has no chance to clear up.
        x[W.X_HEAP] = compact(heap, x[W.X_HEAP], ji, words)
        x[W.X_STALE] = 0
    ji[ix(slot * words + L.J_SEQ)] = seq
    H.push(heap, x[W.X_HEAP], bits_of(time), seq << H.SLOT_BITS | slot)
    x[W.X_HEAP] += 1


@compiled
def is_time(w: Ints, seconds: float) -> bool:
    """Whether a drawn time is one; if not, the loop will stop."""
    if 0.0 <= seconds < np.inf:
        return True
    W.ints(w, W.X)[W.X_WHY] = L.BAD_DELAY
    return False


@compiled
def cancel(w: Ints, slot: int) -> None:
    """Take back the event that is pending for this record, if any."""
    ji, x, words = W.ints(w, W.JI), W.ints(w, W.X), w[W.WORDS]
    if ji[ix(slot * words + L.J_SEQ)] != 0:
        ji[ix(slot * words + L.J_SEQ)] = 0
        x[W.X_STALE] += 1


@compiled
def to_agenda(w: Ints, slot: int) -> None:
    """Let a job move on once everything before it on the agenda has moved."""
    agenda, x = W.ints(w, W.AGENDA), W.ints(w, W.X)
    agenda[ix((x[W.X_AGENDA] + x[W.X_AGENDA_LENGTH]) & (agenda.size - 1))] = slot
    x[W.X_AGENDA_LENGTH] += 1


@compiled
def new_slot(w: Ints) -> int:
    """Return a free record; the loop sees to it that there are enough."""
    x, j32, words = W.ints(w, W.X), W.halves(w, W.J32), w[W.WORDS]
    slot: int = x[W.X_FREE]
    x[W.X_FREE] = j32[ix(2 * slot * words + L.J_NEXT_32)]
    return slot


@compiled
def free_slot(w: Ints, slot: int) -> None:
    """Give a record back; an event that may still stand for it is void."""
    ji, j32, x, words = W.ints(w, W.JI), W.halves(w, W.J32), W.ints(w, W.X), w[W.WORDS]
    ji[ix(slot * words + L.J_SEQ)] = 0
    j32[ix(2 * slot * words + L.J_NEXT_32)] = x[W.X_FREE]
    x[W.X_FREE] = slot


# Jobs.


@inlined
def new_job(
    flow: int, step: int, now: float, records: int, full: bool, drawn_words: int, counter_words: int, ji: Ints, jf: Floats,
    j32: Any, j: int,
) -> None:  # fmt: skip
    """Make the record at word `j` a fresh job; key, places and drawn values are the caller's."""
    j32[ix(2 * j + L.J_FLOW_32)] = flow
    j32[ix(2 * j + L.J_STEP_32)] = step
    jf[ix(j + L.J_BIRTH)] = now
    jf[ix(j + L.J_WAITED)] = 0.0
    ji[ix(j + L.J_RECORDS)] = records
    ji[ix(j + L.J_LOT)] = records
    ji[ix(j + L.J_HELD)] = 0
    if full:
        ji[ix(j + L.J_SEQ)] = 0
        ji[ix(j + L.J_ATTEMPT)] = 0
        jf[ix(j + L.J_BACKOFF)] = 1.0
        ji[ix(j + L.J_TIMER)] = 0
        jf[ix(j + L.J_EXTRA)] = 0.0
        ji[ix(j + L.J_CUSTOMER)] = 0
    for i in range(j + L.JOB_HEADER + drawn_words, j + L.JOB_HEADER + drawn_words + counter_words):
        ji[ix(i)] = 0


@compiled
def keep_row(w: Ints, j: int, start: float, now: float, outcome: int) -> None:
    """Keep the row of a visit to a special station that has ended, if rows are kept; `start` is NaN for one never served."""
    x, visit_i, j32, ji = W.ints(w, W.X), W.int_rows(w, W.VISIT_I, L.VISIT_INTS), W.halves(w, W.J32), W.ints(w, W.JI)
    visit_f, jf, keep_rows = W.float_rows(w, W.VISIT_F, L.VISIT_FLOATS), W.floats(w, W.JF), w[W.KEEP_ROWS]
    if keep_rows != 0:
        row = x[W.X_ROWS]
        visit_i[ix(row), 0] = j32[ix(2 * j + L.J_FLOW_32)]
        visit_i[ix(row), 1] = ji[ix(j + L.J_KEY)]
        visit_i[ix(row), 2] = j32[ix(2 * j + L.J_STEP_32)]
        visit_i[ix(row), 3] = j32[ix(2 * j + L.J_STATION_32)] // L.STATION_WORDS
        visit_i[ix(row), 4] = outcome
        visit_f[ix(row), 0] = jf[ix(j + L.J_ARRIVE)]
        visit_f[ix(row), 1] = start
        visit_f[ix(row), 2] = now
        x[W.X_ROWS] = row + 1


# Tokens.


@compiled
def drop_token(ji: Ints, j32: Any, j: int, held: int) -> None:
    """Strike the `held`-th token from a job's list."""
    for i in range(held + 1, ji[ix(j + L.J_HELD)]):
        j32[ix(2 * j + L.J_TOKENS_32 + i - 1)] = j32[ix(2 * j + L.J_TOKENS_32 + i)]
    ji[ix(j + L.J_HELD)] -= 1


@compiled
def give_back(
    p: int, now: float, pi: Ints, pf: Floats, pool_waits: Ints, ji: Ints, jf: Floats, j32: Any, words: int, prints: Ints,
    x: Ints,
) -> int:  # fmt: skip
    """Return a token of pool `p`; hand it to the first waiting job, if any, and return that job's slot (else 0)."""
    if pi[ix(p + L.P_HEAD)] == 0:
        observe.tokens(pi, pf, p, now, 1)
        return 0
    waiting = pi[ix(p + L.P_HEAD)]
    unlink(pi, p + L.P_HEAD, j32, waiting, words)
    k = waiting * words
    observe.pool_queue(pi, pf, p, now, -1)
    wait = now - jf[ix(k + L.J_MARK)]
    observe.token_waited(pi, pf, pool_waits, p, wait)
    jf[ix(k + L.J_WAITED)] += wait
    step = j32[ix(2 * k + L.J_STEP_32)]
    observe.mark(prints, now, ji[ix(k + L.J_KEY)], step, L.E_TOKEN)
    j32[ix(2 * k + L.J_TOKENS_32 + ji[ix(k + L.J_HELD)])] = p
    ji[ix(k + L.J_HELD)] += 1
    j32[ix(2 * k + L.J_STEP_32)] = step + 1
    if ji[ix(k + L.J_SEQ)] != 0:
        # Its patience is no longer asked for.
        ji[ix(k + L.J_SEQ)] = 0
        x[W.X_STALE] += 1
    return waiting
