"""The small moves of the event loop, each on flat records: queues, servers, tokens, cancelled events.

Those marked inlined become part of the loop when it is compiled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.compiled import compiled, inlined, ix
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe

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


@inlined
def occupy(si: Ints, occupants: Ints, s: int, old: int, new: int) -> None:
    """Note a change of occupant of the lowest server held by `old` (0 is idle), where the station keeps such a note."""
    base = si[ix(s + L.S_SLOTS)]
    if base >= 0:
        while occupants[ix(base)] != old:
            base += 1
        occupants[ix(base)] = new


@inlined
def new_job(
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
def start_waiting(
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
        occupy(si, occupants, s, 0, slot)
    return end


@compiled
def preempt_all(
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
def drop_token(ji: Ints, j32: Any, j: int, held: int) -> None:
    """Strike the `held`-th token from a job's list."""
    for i in range(held + 1, ji[ix(j + L.J_HELD)]):
        j32[ix(2 * j + L.J_TOKENS_32 + i - 1)] = j32[ix(2 * j + L.J_TOKENS_32 + i)]
    ji[ix(j + L.J_HELD)] -= 1


@compiled
def give_back(
    p: int, now: float, pi: Ints, pf: Floats, ji: Ints, jf: Floats, j32: Any, words: int, prints: Ints
) -> int:
    """Return a token of pool `p`; hand it to the first waiting job, if any, and return that job's slot (else 0)."""
    if pi[ix(p + L.P_HEAD)] == 0:
        observe.tokens(pi, pf, p, now, 1)
        return 0
    waiting = take(pi, p + L.P_HEAD, j32, words)
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
