"""Where each number stands in the engines' flat records, as word offsets into 8-byte words.

Job, station, flow and pool records are arrays of words seen as int64 and as float64; names ending in `_32` count 4-byte words.
"""

from __future__ import annotations

# Job: the first cache line is what every visit touches; drawn values follow the header.
J_NEXT_32 = 0
J_STATION_32 = 1
J_FLOW_32 = 2
J_STEP_32 = 3
J_KEY = 2
J_BIRTH = 3
J_MARK = 4
J_SEQ = 5
J_WAITED = 6
J_LEFT = 7
J_PLACE_32 = 16
"""Five 4-byte slots: always 0, origin, origin's parent, destination, destination's parent."""
J_RECORDS = 11
J_LOT = 12
J_HELD = 13
J_TOKENS_32 = 28
MAX_TOKENS = 4
J_ARRIVE = 16
J_START = 17
JOB_HEADER = 18

NO_PLACE, ORIGIN, ORIGIN_PARENT, DESTINATION, DESTINATION_PARENT = range(5)

# Station.
S_BUSY = 0
S_USABLE = 1
S_QUEUE = 2
S_HEAD = 3
S_TAIL = 4
S_STARTED = 5
S_T_BUSY = 6
S_T_QUEUE = 7
S_AREA_BUSY = 8
S_AREA_QUEUE = 10
S_WAIT = 12
S_GIVEN = 14
S_WAIT_MAX = 16
S_GROUP = 17
S_WAITED = 18
"""How many visits waited at all."""
S_DOWN = 19
"""Outages in force."""
S_T_DOWN = 20
S_AREA_DOWN = 21
"""Server-seconds out of order."""
S_SERVERS = 23
S_SLOTS = 24
"""First entry of this station in the table of who occupies which server, or -1."""
S_RESUMED = 25
S_PREEMPTED = 26
STATION_WORDS = 32

# Flow.
F_ARRIVED = 0
F_COMPLETED = 1
F_LOST = 2
F_ABANDONED = 3
F_RETRIED = 4
F_IN_SYSTEM = 5
F_RECORDS = 6
F_T_SYSTEM = 7
F_AREA_SYSTEM = 8
F_SOJOURN = 10
F_WAIT = 12
F_BEFORE = 14
"""Time that jobs which left had spent in the system before the window opened, for Little's law on the path."""
F_SOJOURN_MIN = 16
F_SOJOURN_MAX = 17
F_WAIT_MIN = 18
F_WAIT_MAX = 19
F_WINDOW_START = 20
FLOW_WORDS = 24

# Pool.
P_FREE = 0
P_HEAD = 1
P_TAIL = 2
P_QUEUE = 3
P_T = 4
P_AREA_IN_USE = 5
P_AREA_QUEUE = 7
P_WAIT = 9
P_TAKEN = 11
P_TOKENS = 12
P_T_QUEUE = 13
P_WAIT_MAX = 14
POOL_WORDS = 16

# Step table.
VISIT, DELAY, GATE, ACQUIRE, RELEASE, BRANCH, LOOP_BEGIN, LOOP_END, SPAWN, EXIT = range(10)
K_KIND = 0
K_BASE = 1
"""First station or pool of the group, in words."""
K_WHICH = 2
K_COLUMN = 3
"""Where the drawn value stands in the job, in words; -1 for a constant."""
K_PAIR = 4
"""Where the second uniform goes, for the branch that follows; -1 for none."""
K_OCCURRENCE = 5
"""Where the job counts its executions of this step; -1 where it can come by only once."""
K_HASH = 6
K_SAMPLER = 7
K_TARGET = 8
K_COUNT = 9
K_COUNTER = 10
K_CHILD = 11
K_PER_RECORDS = 12
K_COLUMNS = 13
"""Executions whose values are drawn ahead, side by side from K_COLUMN (and K_PAIR) on."""
STEP_WORDS = 16
KF_CONSTANT = 0
KF_PER_RECORD = 1
KF_SPREAD = 2
STEP_FLOATS = 4

# Histogram: eight mantissa bits (0.2-0.4 % a bin) over 2^-30 s to 2^34 s; bin 0 holds exact zeros.
HISTOGRAM_SHIFT = 44
HISTOGRAM_OFFSET = (1023 - 30) << 8
HISTOGRAM_BINS = 64 << 8

# Why an engine handed control back.
REACHED, NEED_SLOTS, SLICE, INSTANT_BUDGET, BAD_DELAY, BAD_RELEASE, TOO_MANY_TOKENS, CLOCK_BACKWARD = range(8)

# What a fingerprint entry is about.
E_ARRIVE, E_START, E_RESUME, E_PREEMPT, E_LEAVE, E_TOKEN = range(1, 7)

MAX_COLUMNS = 8
BLOCK = 64
"""Jobs whose draws are made in one go."""
