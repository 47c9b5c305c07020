"""Everything the compiled engine works on: as a tuple of arrays for the event loop, and as one table of their addresses.

The table is what the rarer moves take: a function whose one argument is a plain array compiles many times as fast as one
that takes fifty. Whoever makes a table keeps the arrays alive as long as it is used.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.compiled import carray, inlined, ix, pointer

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Floats = NDArray[np.float64]

# Scalars that survive between calls of the loop.
(
    X_EVENTS, X_SEQ, X_FREE, X_SLOTS, X_HEAP, X_AGENDA, X_AGENDA_LENGTH, X_TIMELINE, X_NOW, X_INSTANT, X_STEP, X_ROWS, X_STALE,
    X_CLOSED, X_WHY, X_CLOCKS,
) = range(16)  # fmt: skip
SCALARS = 16


class World(NamedTuple):
    """State and tables of one replication. `ji`, `jf` and `j32` are views of one array, as are `si`, `sf` and so on."""

    x: Ints
    heap: Ints
    agenda: Ints
    ji: Ints
    jf: Floats
    j32: Ints32
    si: Ints
    sf: Floats
    qi: Ints
    qf: Floats
    links: Ints
    """Head and tail of each queue of a special station."""
    occupants: Ints
    """Who is served by each server of a station that tells its servers apart; 0 is idle."""
    conditions: Ints
    """OUT and FAILED of the same servers."""
    fi: Ints
    ff: Floats
    pi: Ints
    pf: Floats
    states: Ints
    """The integer of each place."""
    sojourns: Ints
    flow_waits: Ints
    flow_gone: Ints
    station_waits: Ints
    station_gone: Ints
    prints: Ints
    steps: Ints
    steps_f: Floats
    samplers: Floats
    samplers_tail: Floats
    flow_i: Ints
    flow_f: Floats
    plan: Ints
    tail_f: Floats
    tail_i: Ints
    cumulative: Floats
    guide: Ints
    parents: Ints
    timeline_s: Floats
    timeline: Ints
    clocks: Ints
    state_i: Ints
    state_f: Floats
    times: Floats
    places: Ints
    records: Ints
    rows: Floats
    order: Ints
    next_bits: Ints
    next_seq: Ints
    scratch: Floats
    visit_i: Ints
    visit_f: Floats
    table: Ints
    """Addresses and lengths of the arrays above, then the numbers below."""
    key: int
    words: int
    drawn_words: int
    counter_words: int
    timer_step: int
    keep_rows: int
    placed: int
    job_budget: int
    draw_time: int
    """Addresses of functions, from here on; 0 where this network has no use for them."""
    draw_job: int
    change: int
    is_stuck: int
    begin: int
    happen: int
    enter: int
    finish: int
    meter: int


ARRAYS = World._fields[: World._fields.index("table")]
VIEWS = {"ji": ("jf", "j32"), "si": ("sf",), "qi": ("qf",), "fi": ("ff",), "pi": ("pf",)}
"""Arrays that are views of the same memory."""
NUMBERS = World._fields[World._fields.index("table") + 1 :]
(
    X, HEAP, AGENDA, JI, JF, J32, SI, SF, QI, QF, LINKS, OCCUPANTS, CONDITIONS, FI, FF, PI, PF, STATES, SOJOURNS,
    FLOW_WAITS, FLOW_GONE, STATION_WAITS, STATION_GONE, PRINTS, STEPS, STEPS_F, SAMPLERS, SAMPLERS_TAIL, FLOW_I,
    FLOW_F, PLAN, TAIL_F, TAIL_I, CUMULATIVE, GUIDE, PARENTS, TIMELINE_S, TIMELINE, CLOCKS, STATE_I, STATE_F, TIMES,
    PLACES, RECORDS, ROWS, ORDER, NEXT_BITS, NEXT_SEQ, SCRATCH, VISIT_I, VISIT_F,
) = range(0, 2 * len(ARRAYS), 2)  # fmt: skip
SELF = 2 * len(ARRAYS)
"""The address of the table itself; the numbers follow."""
LENGTH = SELF + 1 + len(NUMBERS)
(
    KEY, WORDS, DRAWN_WORDS, COUNTER_WORDS, TIMER_STEP, KEEP_ROWS, PLACED, JOB_BUDGET, DRAW_TIME, DRAW_JOB, CHANGE, IS_STUCK,
    BEGIN, HAPPEN, ENTER, FINISH, METER,
) = range(SELF + 1, LENGTH)  # fmt: skip


def table_of(world: World) -> Ints:
    """Addresses and lengths of a world's arrays, and its numbers."""
    arrays = [number for name in ARRAYS for number in (getattr(world, name).ctypes.data, getattr(world, name).size)]
    table = np.array([*arrays, 0, *(getattr(world, name) for name in NUMBERS)], dtype=np.int64)
    table[SELF] = table.ctypes.data
    return table


@inlined
def ints(table: Ints, at: int) -> Ints:
    """The array of integers whose address stands at `at`."""
    return carray(pointer(table[ix(at)]), (table[ix(at + 1)],), np.int64)


@inlined
def floats(table: Ints, at: int) -> Floats:
    """The array of floats whose address stands at `at`."""
    return carray(pointer(table[ix(at)]), (table[ix(at + 1)],), np.float64)


@inlined
def halves(table: Ints, at: int) -> Ints32:
    """The array of half words whose address stands at `at`."""
    return carray(pointer(table[ix(at)]), (table[ix(at + 1)],), np.int32)


@inlined
def int_rows(table: Ints, at: int, width: int) -> Ints:
    """The array of integers with so many columns whose address stands at `at`."""
    return carray(pointer(table[ix(at)]), (table[ix(at + 1)] // width, width), np.int64)


@inlined
def float_rows(table: Ints, at: int, width: int) -> Floats:
    """The array of floats with so many columns whose address stands at `at`."""
    return carray(pointer(table[ix(at)]), (table[ix(at + 1)] // width, width), np.float64)
