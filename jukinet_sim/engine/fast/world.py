"""Everything the compiled engine works on: as a tuple of arrays for the event loop, and as one table of their addresses.

The order of the table is that of the fields of `World`, which is asserted when this file is imported. The table is what the
rarer moves take: a function whose one argument is an array compiles many times as fast as one that takes fifty. Whoever
makes a table keeps the arrays alive as long as it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from numba import types
from numpy.typing import NDArray

from jukinet_sim.base.borrowed import listed, rows_listed
from jukinet_sim.base.errors import JukinetError
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Floats = NDArray[np.float64]

(
    X_EVENTS, X_SEQ, X_FREE, X_SLOTS, X_HEAP, X_AGENDA, X_AGENDA_LENGTH, X_TIMELINE, X_NOW, X_INSTANT, X_STEP, X_ROWS, X_STALE,
    X_CLOSED, X_WHY, X_CLOCKS, X_GATES,
) = range(17)  # fmt: skip
"""Numbers that survive between calls of the loop: events so far; the last sequence number; the first free slot and how many
slots there are; events in the heap; head and length of the agenda; dated changes done; the bits of now; events and jumps at
this instant; the step in progress; rows of visits; cancelled events in the heap; 1 once arrivals are closed; why the loop must
stop; clocks of breakdowns; events in the heap of gates."""
SCALARS = 17


class World(NamedTuple):
    """State and tables of one replication; `ints` and `floats` are arrays of 8-byte words, `halves` of 4-byte ones.

    Shapes are in brackets: n flows, m station groups, k job slots (a power of two), b = `layout.BLOCK` jobs drawn in one go,
    d drawn words of a job. Records lie in their array one after another, so a record is told by the number of its first
    word. Times are in seconds. What stands under one array with it is a view of the same memory, see VIEWS.
    """

    x: Ints
    """[SCALARS] The X_ numbers above."""
    heap: Ints
    """[2 * entries] Pending events, see `heap`."""
    gates: Ints
    """[2 * entries] The same for jobs at closed gates, where no time-out can cancel any of them."""
    agenda: Ints
    """[k] Ring of the slots of jobs whose turn it is at this instant."""
    ji: Ints
    jf: Floats
    j32: Ints32
    """[k * words] Job records (J_); slot 0 is nobody."""
    si: Ints
    sf: Floats
    """[stations * STATION_WORDS] Station records (S_)."""
    qi: Ints
    qf: Floats
    """[special stations * SPECIAL_WORDS] What special stations have besides (Q_)."""
    links: Ints
    """[2 * queues] Head and tail of each queue of a special station, as slots."""
    occupants: Ints
    """[servers] The slot of who is served by each server of a station that tells its servers apart; 0 is idle."""
    conditions: Ints
    """[servers] OUT and FAILED of the same servers, as bits."""
    fi: Ints
    ff: Floats
    """[n * FLOW_WORDS] Flow records (F_)."""
    pi: Ints
    pf: Floats
    """[pools * POOL_WORDS] Pool records (P_)."""
    states: Ints
    """[places of all states] The integer of each place."""
    sojourns: Ints
    flow_waits: Ints
    """[n, HISTOGRAM_BINS] Jobs that completed by the time they took, and by how much of it they waited."""
    flow_gone: Ints
    """[n, HISTOGRAM_BINS] Jobs that were lost or abandoned by how long they waited; one row where no job can be."""
    station_waits: Ints
    """[m, HISTOGRAM_BINS] Visits that waited by how long."""
    station_gone: Ints
    """[m, HISTOGRAM_BINS] Visits that gave up waiting by how long they waited; one row where none can."""
    pool_waits: Ints
    """[pool groups, HISTOGRAM_BINS] Tokens that were waited for by how long."""
    prints: Ints
    """[2] The fingerprint so far."""
    steps: Ints
    """[steps * STEP_WORDS] The step table (K_)."""
    steps_f: Floats
    """[steps * STEP_FLOATS] Its floats (KF_)."""
    samplers: Floats
    samplers_tail: Floats
    """[distributions, SAMPLER_FLOATS] and [any] Distributions, see `sampling`."""
    flow_i: Ints
    flow_f: Floats
    """[n, FLOW_INTS] and [n, FLOW_FLOATS] The flow table (A_, AF_)."""
    plan: Ints
    """[entries, PLAN_COLUMNS] What to draw ahead: step hash, sampler, column, pair column, occurrence."""
    tail_f: Floats
    """[any] Profiles of rates, dates of arrival, and opening and closing times of gates, one after another."""
    tail_i: Ints
    """[any] Targets of branches, values and targets of switches, records of dated arrivals."""
    cumulative: Floats
    """[any] Cumulative probabilities of places and of branches."""
    guide: Ints
    """[any] At i, where among the cumulative weights of n places to begin looking for a uniform from i/n on."""
    parents: Ints
    """[any] The parent of each place."""
    timeline_s: Floats
    """[dated changes] When, in order."""
    timeline: Ints
    """[dated changes, DATED_COLUMNS] What changes, the station word or place of a state, and the value."""
    clocks: Ints
    """[clocks, CLOCK_COLUMNS] Station word, server (-1 for all), key, hash of the station, samplers of up and down time."""
    state_i: Ints
    state_f: Floats
    """[n, STATE_INTS] and [n, STATE_FLOATS] Where each flow's stream of arrivals stands, see `streams`."""
    times: Floats
    """[n, b] Times of arrival; infinity past the last."""
    places: Ints
    """[n, b, 5] Places of the same jobs."""
    records: Ints
    """[n, b] How many records each of them carries."""
    rows: Floats
    """[n, b, d] What has been drawn for each of them."""
    order: Ints
    """[flows with arrivals] Flows by the time of their next arrival; of equals, by sequence number."""
    next_bits: Ints
    """[n] The bits of that time."""
    next_seq: Ints
    """[n] Its sequence number."""
    scratch: Floats
    """[3, b] Working space of `streams.fill_block`."""
    visit_i: Ints
    visit_f: Floats
    """[rows, VISIT_INTS] and [rows, VISIT_FLOATS] Rows of visits until they are put aside."""
    table: Ints
    """[LENGTH] Addresses and lengths of the arrays above, then the numbers below."""
    key: int
    """The replication's key, from its seed and number."""
    words: int
    """Words of a job record."""
    drawn_words: int
    counter_words: int
    """Of these, words with drawn values, and words with counters behind them."""
    timer_step: int
    """The step on which clocks of time-outs stand."""
    keep_rows: int
    """1 where a row is kept of every visit."""
    placed: int
    """1 where jobs have places."""
    job_budget: int
    """Most jobs in the system at once."""
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
    keep: int


ARRAYS = World._fields[: World._fields.index("table")]
VIEWS = {"ji": ("jf", "j32"), "si": ("sf",), "qi": ("qf",), "fi": ("ff",), "pi": ("pf",)}
"""Arrays that are views of the same memory."""
NUMBERS = World._fields[World._fields.index("table") + 1 :]
FUNCTIONS = World._fields[World._fields.index("draw_time") :]
COLUMNS = {
    "sojourns": L.HISTOGRAM_BINS, "flow_waits": L.HISTOGRAM_BINS, "flow_gone": L.HISTOGRAM_BINS,
    "station_waits": L.HISTOGRAM_BINS, "station_gone": L.HISTOGRAM_BINS, "pool_waits": L.HISTOGRAM_BINS,
    "samplers": F.SAMPLER_FLOATS, "flow_i": F.FLOW_INTS, "flow_f": F.FLOW_FLOATS, "plan": L.PLAN_COLUMNS,
    "timeline": L.DATED_COLUMNS, "clocks": L.CLOCK_COLUMNS, "visit_i": L.VISIT_INTS, "visit_f": L.VISIT_FLOATS,
}  # fmt: skip
"""How wide the arrays are that compiled code takes apart into rows."""
(
    X, HEAP, GATES, AGENDA, JI, JF, J32, SI, SF, QI, QF, LINKS, OCCUPANTS, CONDITIONS, FI, FF, PI, PF, STATES, SOJOURNS,
    FLOW_WAITS, FLOW_GONE, STATION_WAITS, STATION_GONE, POOL_WAITS, PRINTS, STEPS, STEPS_F, SAMPLERS, SAMPLERS_TAIL, FLOW_I,
    FLOW_F, PLAN, TAIL_F, TAIL_I, CUMULATIVE, GUIDE, PARENTS, TIMELINE_S, TIMELINE, CLOCKS, STATE_I, STATE_F, TIMES,
    PLACES, RECORDS, ROWS, ORDER, NEXT_BITS, NEXT_SEQ, SCRATCH, VISIT_I, VISIT_F,
) = range(0, 2 * len(ARRAYS), 2)  # fmt: skip
SELF = 2 * len(ARRAYS)
"""The address of the table itself; the numbers follow."""
LENGTH = SELF + 1 + len(NUMBERS)
(
    KEY, WORDS, DRAWN_WORDS, COUNTER_WORDS, TIMER_STEP, KEEP_ROWS, PLACED, JOB_BUDGET, DRAW_TIME, DRAW_JOB, CHANGE, IS_STUCK,
    BEGIN, HAPPEN, ENTER, FINISH, METER, KEEP,
) = range(SELF + 1, LENGTH)  # fmt: skip


def offsets() -> dict[str, int]:
    """Return where each field of the World stands in the table."""
    found = {name: 2 * at for at, name in enumerate(ARRAYS)}
    return found | {name: at for at, name in enumerate(NUMBERS, start=SELF + 1)}


def misplaced(constants: Mapping[str, object]) -> list[str]:
    """Name the fields of the World whose constant is missing, or is not where the field stands in the table."""
    return [name for name, at in offsets().items() if constants.get(name.upper()) != at]


if misplaced(globals()):
    raise ImportError(f"bring World and the constants of its table into one order: {', '.join(misplaced(globals()))}")

_DTYPES = {Ints: np.dtype(np.int64), Ints32: np.dtype(np.int32), Floats: np.dtype(np.float64)}
_HINTS = get_type_hints(World)


def table_of(world: World) -> Ints:
    """Return addresses and lengths of the arrays, and the numbers. Raises JukinetError for what compiled code cannot read."""
    arrays: list[int] = []
    for name in ARRAYS:
        array = getattr(world, name)
        arrays += _address(name, array), array.size
    table = np.array([*arrays, 0, *(getattr(world, name) for name in NUMBERS)], dtype=np.int64)
    table[SELF] = table.ctypes.data
    return table


def _address(name: str, array: NDArray[Any]) -> int:
    """Return where an array stands. Raises JukinetError for one that is not what its field says."""
    wanted, columns = _DTYPES[_HINTS[name]], COLUMNS.get(name)
    address: int = array.__array_interface__["data"][0]  # `ctypes.data` takes twice as long
    if array.dtype != wanted or not array.flags.c_contiguous or address == 0:
        raise JukinetError(f"the fast engine cannot read {name}: it needs {wanted} in one piece, not {array.dtype}")
    if columns is not None and array.shape[-1] != columns:
        raise JukinetError(f"the fast engine cannot read {name}: it needs {columns} columns, not {array.shape[-1]}")
    return address


def check_calls(world: World, rich: bool, keeps: bool) -> None:
    """Refuse to run a rich network without the address of each function; compiled code would jump to 0.

    That of `keep` is asked for only where servers are kept after service.
    """
    missing = [name for name in FUNCTIONS if getattr(world, name) == 0 and (keeps or name != "keep")]
    if rich and missing:
        raise JukinetError(f"the fast engine has no address of {', '.join(missing)}; numba compiled nothing for it")


ints = listed(types.int64)
"""The array of integers whose address stands at a place of the table."""
floats = listed(types.float64)
"""The array of floats whose address stands there."""
halves = listed(types.int32)
"""The array of half words whose address stands there."""
int_rows = rows_listed(types.int64)
"""The array of integers with so many columns whose address stands there."""
float_rows = rows_listed(types.float64)
"""The array of floats with so many columns whose address stands there."""
