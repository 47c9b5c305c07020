"""Where each number stands in the engines' flat records, as word offsets into 8-byte words.

Job, station, flow and pool records are arrays of words seen as int64 and as float64; names ending in `_32` count 4-byte words.
A new field is one more line in the list of its record; times are seconds, areas unit-seconds, links and slots 0 for nobody.
"""

from __future__ import annotations

from jukinet_sim.engine.records import Record

MAX_TOKENS = 4
"""So many takings of tokens a job may hold at once."""
AMOUNT_BITS = 16
MOST_AT_ONCE = (1 << (AMOUNT_BITS - 1)) - 1
"""Most tokens of one taking: half of what its bits hold, so that the last of them never looks like a sign."""

# Job: the first cache line is what every visit touches; drawn values follow the header, then counters of this route.
JOB = Record("job")
J_NEXT_32 = JOB.half()
"""Slot of who stands behind this job in a queue, or of the next free record."""
J_STATION_32 = JOB.half()
"""Word of the station that the job is at, or of the pool for whose token it waits."""
J_FLOW_32 = JOB.half()
J_STEP_32 = JOB.half()
"""Row of the step table: where the job is, or what it does next once its turn comes."""
J_KEY = JOB.word()
"""What its draws are keyed by; of the clock of a time-out the slot of its job."""
J_BIRTH = JOB.word()
"""When it arrived."""
J_MARK = JOB.word()
"""When its service ends, or its wait began; negative if it waits for the rest of a service that was stopped."""
J_SEQ = JOB.word()
"""Sequence number of the event that is pending for it; 0 for none."""
J_WAITED = JOB.word()
"""How long it has waited so far."""
J_LEFT = JOB.word()
"""Service that it waits for; under processor sharing the virtual time at which it leaves."""
J_PLACE_32 = JOB.half(5)
"""Five 4-byte slots: always 0, origin, origin's parent, destination, destination's parent."""
J_PREV_32 = JOB.half()
"""Who stands before this job in a queue from whose middle jobs may leave."""
J_RECORDS = JOB.word()
J_LOT = JOB.word()
"""Records that it carries, and those in hand in a loop over lots of them."""
J_HELD = JOB.word()
J_TOKENS_32 = JOB.half(MAX_TOKENS)
"""How often it has taken tokens that it holds, and the words of their pools in the order in which it took them."""
J_ARRIVE = JOB.word()
J_START = JOB.word()
"""When the visit in progress began, and its service; kept where rows are."""
J_ATTEMPT = JOB.word()
"""Attempts given up so far."""
J_BACKOFF = JOB.word()
"""What the next back-off is multiplied by."""
J_TIMER = JOB.word()
"""Slot of the clock that times this attempt out; 0 for none, ZOMBIE for work that goes on for nobody."""
J_EXTRA = JOB.word()
"""Parts of the next demand, in seconds."""
J_CUSTOMER = JOB.word()
"""Which member of a closed population this is, counted from 1; 0 for none."""
J_CYCLE = JOB.word()
"""Which of its cycles that member is in, or which cycle a clock of breakdowns, from 0."""
J_STATE = JOB.word()
"""Where at a special station: WAITING, SERVING or SHARING; HOLDING as long as it keeps a server after service."""
J_ENTRY = JOB.word()
"""Order of entry under processor sharing; at a bucket the number that the event of the job's token will have."""
J_CHILD = JOB.word()
"""First child in the heap of a sharing station; where interrupted services begin anew, the service that was asked for; of a
job that keeps its server after service the word of its station."""
J_AMOUNTS = JOB.word()
"""Of pools whose tokens are counted how many it holds by each taking, AMOUNT_BITS for each; 0 of any other pool."""
JOB_HEADER = JOB.close(28)
"""Where drawn values begin."""

WAITING, SERVING, SHARING, HOLDING = 1, 2, 3, 4
ZOMBIE = -1
NOBODY_32 = -1
"""In place of a flow: this record is a clock, not a job."""

NO_PLACE, ORIGIN, ORIGIN_PARENT, DESTINATION, DESTINATION_PARENT = range(5)

# History of a queue: words from S_LINE on in a station, from P_LINE on in a pool.
LINE = Record("line")
LINE_SINCE = LINE.word()
"""When the present stretch of time with somebody waiting began, or the latest if nobody waits."""
LINE_LONGEST = LINE.word()
LINE_FROM = LINE.word()
"""How long the longest such stretch has lasted, and when it began; the first of equals."""
LINE_PEAK = LINE.word()
"""The most who waited at once."""
LINE_WORDS = LINE.close(4)

# Station.
STATION = Record("station")
S_BUSY = STATION.word()
S_USABLE = STATION.word()
S_QUEUE = STATION.word()
S_HEAD = STATION.word()
S_TAIL = STATION.word()
S_STARTED = STATION.word()
S_T_BUSY = STATION.word()
S_T_QUEUE = STATION.word()
S_AREA_BUSY = STATION.sum()
S_AREA_QUEUE = STATION.sum()
S_WAIT = STATION.sum()
S_GIVEN = STATION.sum()
S_WAIT_MAX = STATION.word()
S_GROUP = STATION.word()
S_WAITED = STATION.word()
"""How many visits waited at all."""
S_SPECIAL = STATION.word()
"""Where the record of a special station stands, in words; -1 for a plain one."""
S_LINE = STATION.part(LINE)
"""The history of its queue, see LINE_SINCE; none is kept under processor sharing, where nobody waits."""
STATION_WORDS = STATION.close(24)

# Special station: one that is more than c servers and a first-come first-served queue that nobody leaves.
SPECIAL_STATION = Record("special station")
Q_STATION = SPECIAL_STATION.word()
Q_SHARING = SPECIAL_STATION.word()
"""1 under processor sharing."""
Q_LINKS = SPECIAL_STATION.word()
"""First of its pairs of queue head and tail, one pair per priority class."""
Q_CLASSES = SPECIAL_STATION.word()
Q_CAPACITY = SPECIAL_STATION.word()
Q_SLOTS = SPECIAL_STATION.word()
"""First of its servers in the tables of occupants and conditions; -1 where nobody asks which server is whose."""
Q_PRESENT = SPECIAL_STATION.word()
"""Servers that are there: scheduled, or still busy with their last job."""
Q_FAILED = SPECIAL_STATION.word()
"""Broken servers among those."""
Q_OUTAGES = SPECIAL_STATION.word()
"""Outages in force, failures of the whole station included."""
Q_SPEED = SPECIAL_STATION.word()
Q_OFFERED = SPECIAL_STATION.word()
Q_REFUSED = SPECIAL_STATION.word()
Q_ABANDONED = SPECIAL_STATION.word()
Q_DONE = SPECIAL_STATION.word()
Q_GONE_WAIT = SPECIAL_STATION.sum()
Q_GONE_MAX = SPECIAL_STATION.word()
Q_SCHEDULED = SPECIAL_STATION.word()
"""Servers on duty by the schedule; with Q_DOWN what the capacity areas integrate."""
Q_DOWN = SPECIAL_STATION.word()
Q_T_CAPACITY = SPECIAL_STATION.word()
Q_AREA_SCHEDULED = SPECIAL_STATION.sum()
Q_AREA_DOWN = SPECIAL_STATION.sum()
Q_VIRTUAL = SPECIAL_STATION.word()
"""Virtual time of a sharing station: the service each job present has had since it was last empty."""
Q_T_VIRTUAL = SPECIAL_STATION.word()
Q_WORK = SPECIAL_STATION.sum()
"""Work done by a sharing station: the integral of busy servers times speed."""
Q_T_WORK = SPECIAL_STATION.word()
Q_ENTRIES = SPECIAL_STATION.word()
Q_ROOT = SPECIAL_STATION.word()
"""The job present that will leave first, top of the heap."""
Q_NEXT = SPECIAL_STATION.word()
"""The job for whose departure an event stands on the agenda of time; 0 for none."""
Q_CLOCKED = SPECIAL_STATION.word()
"""1 where breakdowns can bring servers back."""
Q_SERVERS = SPECIAL_STATION.word()
"""Servers there are, on duty or not."""
Q_RESUMED = SPECIAL_STATION.word()
Q_TAKEN_BACK = SPECIAL_STATION.word()
"""Service that was booked for jobs and taken back when they were stopped or left, for what rounding may amount to."""
Q_ORDER = SPECIAL_STATION.word()
"""Where a job that has not begun stands in the queue of its class: LAST, FIRST, or ANYWHERE."""
Q_PREEMPTS = SPECIAL_STATION.word()
"""Whether a job interrupts services of lower classes: NEVER, or so that they RESUME or RESTART."""
Q_SHIFT = SPECIAL_STATION.word()
"""Whether services are interrupted by the end of a shift: NEVER, or so that they RESUME or RESTART."""
Q_KEPT = SPECIAL_STATION.word()
"""Servers that are kept by jobs whose service is over."""
Q_T_KEPT = SPECIAL_STATION.word()
Q_AREA_KEPT = SPECIAL_STATION.sum()
Q_DOOR = SPECIAL_STATION.word()
Q_DOOR_TAIL = SPECIAL_STATION.word()
"""Head and tail of the line of those who keep a server elsewhere until there is room here."""
SPECIAL_WORDS = SPECIAL_STATION.close(48)
NEVER, RESUME, RESTART = range(3)
LAST, FIRST, ANYWHERE = range(3)
"""First come first served, last come first served, random order of service; work that was stopped stands before them all."""
OUT, FAILED = 1, 2
"""Conditions of one server: not on duty, broken."""

# Flow.
FLOW = Record("flow")
F_ARRIVED = FLOW.word()
F_COMPLETED = FLOW.word()
F_LOST = FLOW.word()
F_ABANDONED = FLOW.word()
F_RETRIED = FLOW.word()
F_IN_SYSTEM = FLOW.word()
F_RECORDS = FLOW.word()
F_T_SYSTEM = FLOW.word()
F_AREA_SYSTEM = FLOW.sum()
F_SOJOURN = FLOW.sum()
F_WAIT = FLOW.sum()
F_BEFORE = FLOW.sum()
"""Time that jobs which left had spent in the system before the window opened, for Little's law on the path."""
F_SOJOURN_MIN = FLOW.word()
F_SOJOURN_MAX = FLOW.word()
F_WAIT_MIN = FLOW.word()
F_WAIT_MAX = FLOW.word()
F_WINDOW_START = FLOW.word()
F_GONE = FLOW.sum()
"""Time that lost and abandoned jobs had spent in the system."""
F_GONE_WAIT = FLOW.sum()
F_GONE_MAX = FLOW.word()
F_DUE = FLOW.word()
"""Longest time in the system that is not late; infinity for a flow that is never late."""
F_LATE = FLOW.word()
F_LATE_RECORDS = FLOW.word()
FLOW_WORDS = FLOW.close(32)

# Pool.
POOL = Record("pool")
P_FREE = POOL.word()
P_HEAD = POOL.word()
P_TAIL = POOL.word()
P_QUEUE = POOL.word()
P_T = POOL.word()
P_AREA_IN_USE = POOL.sum()
P_AREA_QUEUE = POOL.sum()
P_WAIT = POOL.sum()
P_TAKEN = POOL.word()
P_TOKENS = POOL.word()
P_T_QUEUE = POOL.word()
P_WAIT_MAX = POOL.word()
P_INTERVAL = POOL.word()
"""Seconds between two new tokens of a bucket; 0 for a pool whose tokens are given back."""
P_BURST = POOL.word()
"""How far ahead of the steady rate a bucket lets jobs run, in seconds."""
P_SINCE = POOL.word()
"""When a bucket began to give its tokens out at the steady rate; a bucket that is full gives its next one out afresh."""
P_LINE = POOL.part(LINE)
"""The history of its queue, see LINE_SINCE."""
P_GIVEN = POOL.word()
"""Tokens that a bucket has given out since then: the next one is due so many intervals later, which no rounding adds up."""
P_GROUP = POOL.word()
POOL_WORDS = POOL.close(24)

# Step table.
VISIT, DELAY, SPECIAL, PART = range(4)
"""Steps that draw a value. SPECIAL is a visit to a special station, PART adds to the demand of the visit behind it."""
BRANCH, LOOP_BEGIN, LOOP_END, EXIT, GATE, ACQUIRE, RELEASE, METER, SPAWN, SWITCH, ASSIGN = range(4, 15)
"""METER is to acquire a token of a bucket."""
PATIENT, TAKE, GIVE, LEAVE, CHOOSE = range(15, 20)
"""Steps that the loop leaves to rarer moves. PATIENT is to acquire a token for which a job does not wait longer than its
patience lasts; TAKE and GIVE acquire and release tokens of a pool that counts them, K_COUNT at once, K_TARGET 1 where some
stand before others in line; LEAVE is the end of a route on which a job may hold such tokens; CHOOSE goes on by the state of
K_COUNT stations, which stand in a tail each as its word, the place that selects it and the step that it leads to."""
RETRY, THINK, TIMER, CLOCK = range(20, 24)
"""Steps of no route, on which pending events stand: back-off, think time, time-out, breakdown."""
STEP = Record("step")
K_KIND = STEP.word()
K_BASE = STEP.word()
"""First station or pool of the group, in words."""
K_WHICH = STEP.word()
K_COLUMN = STEP.word()
"""Where the drawn value stands in the job, in words; -1 for a constant."""
K_PAIR = STEP.word()
"""Where the second uniform goes, for the branch that follows; -1 for none."""
K_OCCURRENCE = STEP.word()
"""Where the job counts its executions of this step; -1 where it can come by only once."""
K_HASH = STEP.word()
K_SAMPLER = STEP.word()
K_TARGET = STEP.word()
"""Where a loop leads, or a table of the step's begins in a tail: ways of a branch or a switch, times of a gate; of a visit
at which some turn away the numbers from which they do, then their probabilities, K_PER_RECORDS of each."""
K_COUNT = STEP.word()
K_COUNTER = STEP.word()
K_CHILD = STEP.word()
"""The flow that is spawned; of a visit 1 where the job keeps its server after service."""
K_PER_RECORDS = STEP.word()
K_COLUMNS = STEP.word()
"""Executions whose values are drawn ahead, side by side from K_COLUMN (and K_PAIR) on."""
K_ON_REFUSED = STEP.word()
K_ON_ABANDON = STEP.word()
"""Steps at which a job goes on that the station refuses, or whose patience is over; -1 where its attempt is at an end."""
STEP_WORDS = STEP.close(16)
STEP_NUMBERS = Record("step numbers")
KF_CONSTANT = STEP_NUMBERS.word()
KF_PER_RECORD = STEP_NUMBERS.word()
KF_SPREAD = STEP_NUMBERS.word()
KF_LESS = STEP_NUMBERS.word()
STEP_FLOATS = STEP_NUMBERS.close(4)

RECORDS = {
    "J": JOB, "LINE": LINE, "S": STATION, "Q": SPECIAL_STATION, "F": FLOW, "P": POOL, "K": STEP, "KF": STEP_NUMBERS,
}  # fmt: skip
"""Each record by the first part of its fields' names."""

SHORTEST, LEAST, IDLE, ROTATION = range(4)
"""By what a station is chosen, in K_PER_RECORDS; whose turn it is stands among the states, from K_BASE on by place."""

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
E_REFUSE, E_RENEGE, E_RETRY, E_GONE, E_BREAK, E_FAIL, E_REPAIR, E_BLOCK = range(7, 15)

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
