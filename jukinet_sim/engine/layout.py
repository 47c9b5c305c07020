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
J_PREV_32 = 21
"""Who stands before this job in a queue from whose middle jobs may leave."""
J_RECORDS = 11
J_LOT = 12
J_HELD = 13
J_TOKENS_32 = 28
MAX_TOKENS = 4
J_ARRIVE = 16
J_START = 17
J_ATTEMPT = 18
"""Attempts given up so far."""
J_BACKOFF = 19
"""What the next back-off is multiplied by."""
J_TIMER = 20
"""Slot of the clock that times this attempt out; 0 for none, ZOMBIE for work that goes on for nobody."""
J_EXTRA = 21
"""Parts of the next demand, in seconds."""
J_CUSTOMER = 22
"""Which member of a closed population this is, counted from 1; 0 for none."""
J_CYCLE = 23
J_STATE = 24
"""Where at a special station: WAITING, SERVING or SHARING."""
J_ENTRY = 25
"""Order of entry under processor sharing; at a bucket the number that the event of the job's token will have."""
J_CHILD = 26
"""First child in the heap of a sharing station."""
JOB_HEADER = 28

WAITING, SERVING, SHARING = 1, 2, 3
ZOMBIE = -1
NOBODY_32 = -1
"""In place of a flow: this record is a clock, not a job."""

NO_PLACE, ORIGIN, ORIGIN_PARENT, DESTINATION, DESTINATION_PARENT = range(5)

# History of a queue: words from S_LINE on in a station, from P_LINE on in a pool.
LINE_SINCE = 0
"""When the present stretch of time with somebody waiting began, or the latest if nobody waits."""
LINE_LONGEST = 1
LINE_FROM = 2
"""How long the longest such stretch has lasted, and when it began; the first of equals."""
LINE_PEAK = 3
"""The most who waited at once."""

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
S_SPECIAL = 19
"""Where the record of a special station stands, in words; -1 for a plain one."""
S_LINE = 20
"""The history of its queue, see LINE_SINCE; none is kept under processor sharing, where nobody waits."""
STATION_WORDS = 24

# Special station: one that is more than c servers and a first-come first-served queue that nobody leaves.
Q_STATION = 0
Q_SHARING = 1
"""1 under processor sharing."""
Q_LINKS = 2
"""First of its pairs of queue head and tail, one pair per priority class."""
Q_CLASSES = 3
Q_CAPACITY = 4
Q_SLOTS = 5
"""First of its servers in the tables of occupants and conditions; -1 where nobody asks which server is whose."""
Q_PRESENT = 6
"""Servers that are there: scheduled, or still busy with their last job."""
Q_FAILED = 7
"""Broken servers among those."""
Q_OUTAGES = 8
"""Outages in force, failures of the whole station included."""
Q_SPEED = 9
Q_OFFERED = 10
Q_REFUSED = 11
Q_ABANDONED = 12
Q_DONE = 13
Q_GONE_WAIT = 14
Q_GONE_MAX = 16
Q_SCHEDULED = 17
"""Servers on duty by the schedule; with Q_DOWN what the capacity areas integrate."""
Q_DOWN = 18
Q_T_CAPACITY = 19
Q_AREA_SCHEDULED = 20
Q_AREA_DOWN = 22
Q_VIRTUAL = 24
"""Virtual time of a sharing station: the service each job present has had since it was last empty."""
Q_T_VIRTUAL = 25
Q_WORK = 26
"""Work done by a sharing station: the integral of busy servers times speed."""
Q_T_WORK = 28
Q_ENTRIES = 29
Q_ROOT = 30
"""The job present that will leave first, top of the heap."""
Q_NEXT = 31
"""The job for whose departure an event stands on the agenda of time; 0 for none."""
Q_CLOCKED = 32
"""1 where breakdowns can bring servers back."""
Q_SERVERS = 33
"""Servers there are, on duty or not."""
Q_RESUMED = 34
Q_TAKEN_BACK = 35
"""Service that was booked for jobs and taken back when they were stopped or left, for what rounding may amount to."""
SPECIAL_WORDS = 40
OUT, FAILED = 1, 2
"""Conditions of one server: not on duty, broken."""

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
F_GONE = 21
"""Time that lost and abandoned jobs had spent in the system."""
F_GONE_WAIT = 23
F_GONE_MAX = 25
F_DUE = 26
"""Longest time in the system that is not late; infinity for a flow that is never late."""
F_LATE = 27
F_LATE_RECORDS = 28
FLOW_WORDS = 32

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
P_INTERVAL = 15
"""Seconds between two new tokens of a bucket; 0 for a pool whose tokens are given back."""
P_BURST = 16
"""How far ahead of the steady rate a bucket lets jobs run, in seconds."""
P_SINCE = 17
"""When a bucket began to give its tokens out at the steady rate; a bucket that is full gives its next one out afresh."""
P_LINE = 18
"""The history of its queue, see LINE_SINCE."""
P_GIVEN = 22
"""Tokens that a bucket has given out since then: the next one is due so many intervals later, which no rounding adds up."""
POOL_WORDS = 24

# Step table.
VISIT, DELAY, SPECIAL, PART = range(4)
"""Steps that draw a value. SPECIAL is a visit to a special station, PART adds to the demand of the visit behind it."""
BRANCH, LOOP_BEGIN, LOOP_END, EXIT, GATE, ACQUIRE, RELEASE, METER, SPAWN, SWITCH, ASSIGN = range(4, 15)
RETRY, THINK, TIMER, CLOCK = range(15, 19)
"""Steps of no route, on which pending events stand: back-off, think time, time-out, breakdown."""
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
KF_LESS = 3
STEP_FLOATS = 4

# Histogram: eight mantissa bits (0.2-0.4 % a bin) over 2^-30 s to 2^34 s; bin 0 holds exact zeros.
HISTOGRAM_SHIFT = 44
HISTOGRAM_OFFSET = (1023 - 30) << 8
HISTOGRAM_BINS = 64 << 8

# Dated changes.
OUTAGE, SERVERS, SPEED, STATE = range(4)
SAME_INSTANT = 16
"""A change whose date is no more than so many units in the last place after the next event takes place with that event.

Times that are equal on paper are sums of few terms in the engines, and differ by the rounding of those.
"""

# Why an engine handed control back.
REACHED, NEED_SLOTS, SLICE, INSTANT_BUDGET, BAD_DELAY, BAD_RELEASE, TOO_MANY_TOKENS, CLOCK_BACKWARD, JOB_BUDGET = range(9)

# What a fingerprint entry is about.
E_ARRIVE, E_START, E_RESUME, E_PREEMPT, E_LEAVE, E_TOKEN = range(1, 7)
E_REFUSE, E_RENEGE, E_RETRY, E_GONE, E_BREAK, E_FAIL, E_REPAIR = range(7, 14)

# What became of a visit, in its row.
SERVED, REFUSED, ABANDONED, BROKEN_OFF = range(4)

# Columns of further tables.
PLAN_COLUMNS = 5
CLOCK_COLUMNS = 6
DATED_COLUMNS = 3
VISIT_INTS = 5
VISIT_FLOATS = 3

MAX_COLUMNS = 8
BLOCK = 64
"""Jobs whose draws are made in one go."""
