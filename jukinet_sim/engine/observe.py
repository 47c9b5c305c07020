"""The statistics that both engines feed, as compiled functions over flat records: areas, moments, histograms, fingerprint.

Every sum is compensated (Neumaier's two-sum) and taken in event order, so engines that agree on events agree on every bit
of every statistic. Times in seconds, areas in unit-seconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import bits_of, compiled, inlined, ix
from jukinet_sim.engine import layout as L

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_C1 = 0x9E3779B97F4A7C15 - (1 << 64)
_C2 = 0xD1342543DE82EF95 - (1 << 64)


@inlined
def add(f: Floats, at: int, value: float) -> None:
    """Add to the compensated sum at `at` (its compensation stands in the next word)."""
    old = f[ix(at)]
    new = old + value
    part = new - old
    f[ix(at)] = new
    f[ix(at + 1)] += (old - (new - part)) + (value - part)


@inlined
def bin_of(value: float) -> int:
    """Return the histogram bin of a positive value."""
    index = (bits_of(value) >> L.HISTOGRAM_SHIFT) - L.HISTOGRAM_OFFSET
    return min(max(index, 1), L.HISTOGRAM_BINS - 1)


@inlined
def mark(prints: Ints, t: float, job: int, step: int, kind: int) -> None:
    """Run the fingerprint over one event."""
    h = (prints[0] ^ bits_of(t)) * _C1
    prints[0] = h ^ ((h >> 29) & 0x7FFFFFFFF)
    prints[1] = (prints[1] ^ job) * _C2 + (step << 4 | kind)


@inlined
def busy(si: Ints, sf: Floats, s: int, t: float, change: int) -> None:
    """Let a server of station `s` become busy or idle."""
    add(sf, s + L.S_AREA_BUSY, si[ix(s + L.S_BUSY)] * (t - sf[ix(s + L.S_T_BUSY)]))
    sf[ix(s + L.S_T_BUSY)] = t
    si[ix(s + L.S_BUSY)] += change


@inlined
def joins_line(i: Ints, f: Floats, line: int, waiting: int, changed: float, t: float) -> None:
    """One more job joins a queue of `waiting` whose length last changed at `changed`.

    A queue that was empty for no time has not been interrupted.
    """
    since = f[ix(line + L.LINE_SINCE)]
    # Whether a queue was empty cannot be predicted: a choice of two values takes no branch, a rare new peak takes one.
    f[ix(line + L.LINE_SINCE)] = t if (waiting == 0) & (changed < t) else since
    if waiting >= i[ix(line + L.LINE_PEAK)]:
        i[ix(line + L.LINE_PEAK)] = waiting + 1


@inlined
def lasted(f: Floats, line: int, t: float) -> None:
    """Somebody has waited all the time from the beginning of the present stretch until t, and perhaps still does."""
    length = t - f[ix(line + L.LINE_SINCE)]
    if length > f[ix(line + L.LINE_LONGEST)]:
        f[ix(line + L.LINE_LONGEST)] = length
        f[ix(line + L.LINE_FROM)] = f[ix(line + L.LINE_SINCE)]


@inlined
def queue(si: Ints, sf: Floats, s: int, t: float, change: int) -> None:
    """Let the queue of station `s` grow or shrink by one."""
    waiting = si[ix(s + L.S_QUEUE)]
    if change > 0:
        joins_line(si, sf, s + L.S_LINE, waiting, sf[ix(s + L.S_T_QUEUE)], t)
    else:
        lasted(sf, s + L.S_LINE, t)
    without_server(si, sf, s, t, waiting + change)


@inlined
def without_server(si: Ints, sf: Floats, s: int, t: float, waiting: int) -> None:
    """From now on so many jobs at station `s` have no server of their own."""
    add(sf, s + L.S_AREA_QUEUE, si[ix(s + L.S_QUEUE)] * (t - sf[ix(s + L.S_T_QUEUE)]))
    sf[ix(s + L.S_T_QUEUE)] = t
    si[ix(s + L.S_QUEUE)] = waiting


@inlined
def served(si: Ints, sf: Floats, s: int, duration: float) -> None:
    """Service of this length begins (a first start or the rest after a pre-emption).

    The length is end - now, not the demand: their difference is the rounding of the clock, and busy time must add up.
    """
    add(sf, s + L.S_GIVEN, duration)
    si[ix(s + L.S_STARTED)] += 1


@inlined
def preempted(si: Ints, sf: Floats, qf: Floats, s: int, t: float, left: float) -> None:
    """Stop a server with `left` seconds of its job still to do."""
    given(si, sf, qf, s, -left)
    busy(si, sf, s, t, -1)


@inlined
def resumed(si: Ints, qi: Ints, s: int) -> None:
    """Begin the rest of a pre-empted service."""
    qi[ix(si[ix(s + L.S_SPECIAL)] + L.Q_RESUMED)] += 1


@inlined
def waited(si: Ints, sf: Floats, waits: Ints, s: int, wait: float) -> None:
    """Note that a visit first starts service after a positive wait."""
    add(sf, s + L.S_WAIT, wait)
    si[ix(s + L.S_WAITED)] += 1
    # Non-negative floats sort as their bits; the integer maximum needs no branch.
    si[ix(s + L.S_WAIT_MAX)] = max(si[ix(s + L.S_WAIT_MAX)], bits_of(wait))
    waits[ix(si[ix(s + L.S_GROUP)]), ix(bin_of(wait))] += 1


@inlined
def capacity(qi: Ints, qf: Floats, q: int, t: float, scheduled: int, not_working: int) -> None:
    """From now on so many servers are scheduled at special station `q`, and so many of them do not work."""
    dt = t - qf[ix(q + L.Q_T_CAPACITY)]
    add(qf, q + L.Q_AREA_SCHEDULED, qi[ix(q + L.Q_SCHEDULED)] * dt)
    add(qf, q + L.Q_AREA_DOWN, qi[ix(q + L.Q_DOWN)] * dt)
    qf[ix(q + L.Q_T_CAPACITY)] = t
    qi[ix(q + L.Q_SCHEDULED)] = scheduled
    qi[ix(q + L.Q_DOWN)] = not_working


@inlined
def kept(qi: Ints, qf: Floats, q: int, t: float, change: int) -> None:
    """Let one more server of special station `q`, or one fewer, be kept by a job whose service is over."""
    add(qf, q + L.Q_AREA_KEPT, qi[ix(q + L.Q_KEPT)] * (t - qf[ix(q + L.Q_T_KEPT)]))
    qf[ix(q + L.Q_T_KEPT)] = t
    qi[ix(q + L.Q_KEPT)] += change


@inlined
def count(qi: Ints, at: int) -> None:
    """One more visit at a special station: offered, refused or done."""
    qi[ix(at)] += 1


@inlined
def gave_up_waiting(qi: Ints, qf: Floats, gone: Ints, q: int, group: int, wait: float) -> None:
    """Let a visit leave the queue of a special station before its service began."""
    qi[ix(q + L.Q_ABANDONED)] += 1
    add(qf, q + L.Q_GONE_WAIT, wait)
    qf[ix(q + L.Q_GONE_MAX)] = max(qf[ix(q + L.Q_GONE_MAX)], wait)
    gone[ix(group), ix(bin_of(wait) if wait > 0.0 else 0)] += 1


@inlined
def given(si: Ints, sf: Floats, qf: Floats, s: int, change: float) -> None:
    """Change the service that was booked for jobs at a special station by so many seconds."""
    add(sf, s + L.S_GIVEN, change)
    qf[ix(si[ix(s + L.S_SPECIAL)] + L.Q_TAKEN_BACK)] += max(0.0, -change)


@inlined
def joined(si: Ints, s: int) -> None:
    """Begin a visit's service at a sharing station."""
    si[ix(s + L.S_STARTED)] += 1


@inlined
def share(si: Ints, sf: Floats, qi: Ints, qf: Floats, s: int, t: float, served_jobs: int, others: int, speed: float) -> None:
    """From now on a sharing station works at this speed with as many servers as `served_jobs`; `others` jobs share too."""
    q = si[ix(s + L.S_SPECIAL)]
    add(qf, q + L.Q_WORK, (si[ix(s + L.S_BUSY)] * qf[ix(q + L.Q_SPEED)]) * (t - qf[ix(q + L.Q_T_WORK)]))
    qf[ix(q + L.Q_T_WORK)] = t
    qf[ix(q + L.Q_SPEED)] = speed
    busy(si, sf, s, t, served_jobs - si[ix(s + L.S_BUSY)])
    without_server(si, sf, s, t, others)


@inlined
def in_system(fi: Ints, ff: Floats, f: int, t: float, change: int) -> None:
    """Let a job of flow `f` enter or leave."""
    add(ff, f + L.F_AREA_SYSTEM, fi[ix(f + L.F_IN_SYSTEM)] * (t - ff[ix(f + L.F_T_SYSTEM)]))
    ff[ix(f + L.F_T_SYSTEM)] = t
    fi[ix(f + L.F_IN_SYSTEM)] += change


@inlined
def arrived(fi: Ints, ff: Floats, prints: Ints, f: int, t: float, job: int) -> None:
    """Let a job enter flow `f`."""
    in_system(fi, ff, f, t, 1)
    fi[ix(f + L.F_ARRIVED)] += 1
    mark(prints, t, job, 0, L.E_ARRIVE)


@inlined
def late(fi: Ints, ff: Floats, f: int, sojourn: float, records: int) -> None:
    """Count a job of flow `f` that leaves, or is still there at the end, if it has been in the system for too long."""
    if sojourn > ff[ix(f + L.F_DUE)]:
        fi[ix(f + L.F_LATE)] += 1
        fi[ix(f + L.F_LATE_RECORDS)] += records


@inlined
def completed(
    fi: Ints,
    ff: Floats,
    sojourns: Ints,
    waits: Ints,
    prints: Ints,
    flow: int,
    t: float,
    job: int,
    birth: float,
    wait: float,
    records: int,
) -> None:
    """Let a job leave flow number `flow` at the end of its route."""  # fmt: skip
    f = flow * L.FLOW_WORDS
    in_system(fi, ff, f, t, -1)
    fi[ix(f + L.F_COMPLETED)] += 1
    fi[ix(f + L.F_RECORDS)] += records
    sojourn = t - birth
    add(ff, f + L.F_SOJOURN, sojourn)
    late(fi, ff, f, sojourn, records)
    add(ff, f + L.F_WAIT, wait)
    if birth < ff[ix(f + L.F_WINDOW_START)]:
        add(ff, f + L.F_BEFORE, ff[ix(f + L.F_WINDOW_START)] - birth)
    # Non-negative floats sort as their bits; integer extremes need no branch.
    fi[ix(f + L.F_SOJOURN_MIN)] = min(fi[ix(f + L.F_SOJOURN_MIN)], bits_of(sojourn))
    fi[ix(f + L.F_SOJOURN_MAX)] = max(fi[ix(f + L.F_SOJOURN_MAX)], bits_of(sojourn))
    fi[ix(f + L.F_WAIT_MIN)] = min(fi[ix(f + L.F_WAIT_MIN)], bits_of(wait))
    fi[ix(f + L.F_WAIT_MAX)] = max(fi[ix(f + L.F_WAIT_MAX)], bits_of(wait))
    sojourns[ix(flow), ix(bin_of(sojourn) if sojourn > 0.0 else 0)] += 1
    waits[ix(flow), ix(bin_of(wait) if wait > 0.0 else 0)] += 1
    mark(prints, t, job, 0, L.E_LEAVE)


@inlined
def retried(fi: Ints, f: int) -> None:
    """Note that a job of flow `f` will try again."""
    fi[ix(f + L.F_RETRIED)] += 1


@inlined
def gone(
    fi: Ints, ff: Floats, waits: Ints, prints: Ints, flow: int, t: float, job: int, birth: float, wait: float, lost: int
) -> None:
    """Let a job leave flow number `flow` for good without completing its route: lost (1) or abandoned (0)."""
    f = flow * L.FLOW_WORDS
    in_system(fi, ff, f, t, -1)
    fi[ix(f + L.F_LOST)] += lost
    fi[ix(f + L.F_ABANDONED)] += 1 - lost
    add(ff, f + L.F_GONE, t - birth)
    add(ff, f + L.F_GONE_WAIT, wait)
    if birth < ff[ix(f + L.F_WINDOW_START)]:
        add(ff, f + L.F_BEFORE, ff[ix(f + L.F_WINDOW_START)] - birth)
    ff[ix(f + L.F_GONE_MAX)] = max(ff[ix(f + L.F_GONE_MAX)], wait)
    waits[ix(flow), ix(bin_of(wait) if wait > 0.0 else 0)] += 1
    mark(prints, t, job, 0, L.E_GONE)


@inlined
def tokens(pi: Ints, pf: Floats, p: int, t: float, change: int) -> None:
    """Free tokens of pool `p` change by `change`."""
    held = pi[ix(p + L.P_TOKENS)] - pi[ix(p + L.P_FREE)]
    add(pf, p + L.P_AREA_IN_USE, held * (t - pf[ix(p + L.P_T)]))
    pf[ix(p + L.P_T)] = t
    pi[ix(p + L.P_FREE)] += change


@inlined
def pool_queue(pi: Ints, pf: Floats, p: int, t: float, change: int) -> None:
    """Let the queue for pool `p` grow or shrink by one."""
    waiting = pi[ix(p + L.P_QUEUE)]
    if change > 0:
        joins_line(pi, pf, p + L.P_LINE, waiting, pf[ix(p + L.P_T_QUEUE)], t)
    else:
        lasted(pf, p + L.P_LINE, t)
    without_token(pi, pf, p, t, waiting + change)


@inlined
def without_token(pi: Ints, pf: Floats, p: int, t: float, waiting: int) -> None:
    """From now on so many jobs wait for a token of pool `p`."""
    add(pf, p + L.P_AREA_QUEUE, pi[ix(p + L.P_QUEUE)] * (t - pf[ix(p + L.P_T_QUEUE)]))
    pf[ix(p + L.P_T_QUEUE)] = t
    pi[ix(p + L.P_QUEUE)] = waiting


@inlined
def token_waited(pi: Ints, pf: Floats, waits: Ints, p: int, wait: float) -> None:
    """Give a job a token of pool `p` after this wait."""
    pi[ix(p + L.P_TAKEN)] += 1
    if wait > 0.0:
        add(pf, p + L.P_WAIT, wait)
        pf[ix(p + L.P_WAIT_MAX)] = max(pf[ix(p + L.P_WAIT_MAX)], wait)
        waits[ix(pi[ix(p + L.P_GROUP)]), ix(bin_of(wait))] += 1


@compiled
def flush(si: Ints, sf: Floats, qi: Ints, qf: Floats, fi: Ints, ff: Floats, pi: Ints, pf: Floats, t: float) -> None:
    """Bring every area, and the length of every queue's present stretch, up to time t.

    An empty queue is left alone: the time of its last change tells whether the next one is a stretch of its own.
    """
    for s in range(0, si.size, L.STATION_WORDS):
        q = si[s + L.S_SPECIAL]
        if q >= 0:
            capacity(qi, qf, q, t, qi[q + L.Q_SCHEDULED], qi[q + L.Q_DOWN])
            kept(qi, qf, q, t, 0)
        if q >= 0 and qi[q + L.Q_SHARING] != 0:
            share(si, sf, qi, qf, s, t, si[s + L.S_BUSY], si[s + L.S_QUEUE], qf[q + L.Q_SPEED])
        else:
            busy(si, sf, s, t, 0)
            if si[s + L.S_QUEUE] > 0:
                without_server(si, sf, s, t, si[s + L.S_QUEUE])
                lasted(sf, s + L.S_LINE, t)
    for f in range(0, fi.size, L.FLOW_WORDS):
        in_system(fi, ff, f, t, 0)
    for p in range(0, pi.size, L.POOL_WORDS):
        tokens(pi, pf, p, t, 0)
        if pi[p + L.P_QUEUE] > 0:
            without_token(pi, pf, p, t, pi[p + L.P_QUEUE])
            lasted(pf, p + L.P_LINE, t)


@compiled
def busiest(si: Ints, sf: Floats, t: float, closes: bool, began: float, last: Floats, most: Floats, begins: Floats) -> None:
    """Read the busy area of every station at t; where a bin closes, keep for each the largest gain and when its bin began.

    `last` [stations] holds the areas at the latest reading. Nothing of the records is written.
    """
    for n in range(last.size):
        s = n * L.STATION_WORDS
        if closes and si[s + L.S_BUSY] == 0 and sf[s + L.S_T_BUSY] <= began:
            # Nobody came: most stations in most hours. Its area need not be fetched from memory.
            continue
        area = sf[s + L.S_AREA_BUSY] + sf[s + L.S_AREA_BUSY + 1]
        if si[s + L.S_BUSY] != 0:
            area += si[s + L.S_BUSY] * (t - sf[s + L.S_T_BUSY])
        if closes and area - last[n] > most[n]:
            most[n] = area - last[n]
            begins[n] = began
        last[n] = area


@compiled
def busiest_scheduled(
    si: Ints, sf: Floats, qi: Ints, qf: Floats, which: Ints, t: float, closes: bool, began: float, last: Floats, most: Floats,
    begins: Floats,
) -> None:
    """Do the same for the stations `which`, whose servers come and go: of the time of their servers, which part was busy.

    `last` [of them, 2] holds both areas at the latest reading. A bin in which no server was there counts for nothing.
    """  # fmt: skip
    for n in range(which.size):
        s = which[n] * L.STATION_WORDS
        q = si[s + L.S_SPECIAL]
        busy_area = sf[s + L.S_AREA_BUSY] + sf[s + L.S_AREA_BUSY + 1]
        if si[s + L.S_BUSY] != 0:
            busy_area += si[s + L.S_BUSY] * (t - sf[s + L.S_T_BUSY])
        there = qf[q + L.Q_AREA_SCHEDULED] + qf[q + L.Q_AREA_SCHEDULED + 1]
        there += qi[q + L.Q_SCHEDULED] * (t - qf[q + L.Q_T_CAPACITY])
        if closes and there > last[n, 1]:
            share = max(busy_area - last[n, 0], 0.0) / (there - last[n, 1])
            if share > most[n]:
                most[n] = share
                begins[n] = began
        last[n, 0] = busy_area
        last[n, 1] = there


def bin_edges() -> Floats:
    """Lower edges of the histogram bins and the upper edge of the last, in seconds; bin 0 is the exact zero."""
    index = np.arange(L.HISTOGRAM_BINS + 1, dtype=np.int64)
    edges = ((index + L.HISTOGRAM_OFFSET) << L.HISTOGRAM_SHIFT).view(np.float64)
    edges[0] = 0.0
    return edges
