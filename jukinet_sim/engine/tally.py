"""The flat records that both engines feed through `observe`, and what they amount to over the observation window.

Totals are differences between the end and the snapshot taken when the window opened; histograms and extremes start afresh.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.lines import on_lines
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.program import Program
from jukinet_sim.network import model as M
from jukinet_sim.network.model import Station

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


NO_LIMIT = 1 << 62


@dataclass(frozen=True)
class Totals:
    """Counts and compensated sums over the window; see `protocol.Replication` for the keys."""

    flow_counts: dict[str, Ints]
    flow_sums: dict[str, Floats]
    station_counts: dict[str, Ints]
    station_sums: dict[str, Floats]
    station_queues: dict[str, Floats]
    pool_counts: dict[str, Ints]
    pool_sums: dict[str, Floats]
    pool_queues: dict[str, Floats]
    clipped: Floats
    """Per flow, the time inside the window already spent by jobs still in the system."""
    taken_back: Floats
    """Per station, the service that was booked and taken back."""


def jobs_may_leave(network: M.Network) -> bool:
    """Tell whether a job may ever be lost or abandoned: at a full station, out of patience or out of time."""
    if any(f.patience is not None or f.timeout is not None for f in network.flows):
        return True
    steps = (step for flow in network.flows for step in M.all_steps(flow.route))
    hasty = any(
        step.patience is not None if isinstance(step, M.Acquire) else isinstance(step, M.Visit) and bool(step.balk)
        for step in steps
    )
    return hasty or any(s.capacity is not None for s in network.stations)


class Tally:
    """Statistics of one replication in progress, fed by `observe`; the engines keep some words of their own in the arrays.

    Whole numbers are int64, floats float64, times seconds and areas unit-seconds; n flows, m station groups.

    - `si` and `sf` [stations * STATION_WORDS], `qi` and `qf` [special stations * SPECIAL_WORDS], `fi` and `ff`
      [n * FLOW_WORDS], `pi` and `pf` [pools * POOL_WORDS]: the records of `layout`; each pair is one memory.
    - `sojourns` and `flow_waits` [n, HISTOGRAM_BINS]: completed jobs by their time in the system, and by how long they waited.
    - `station_waits` [m, HISTOGRAM_BINS]: visits by how long they waited, those that did not left out.
    - `flow_gone` [n, HISTOGRAM_BINS], `station_gone` [m, HISTOGRAM_BINS]: jobs lost or abandoned, and visits that gave up
      waiting, by how long they had waited; one row where nobody can leave.
    - `pool_waits` [pool groups, HISTOGRAM_BINS]: tokens by how long they were waited for, if at all.
    - `prints` [2]: the fingerprint so far. `window_start`: when the window opened.
    - `server_slots` and `link_words`: servers told apart at special stations, and words of the heads and tails of queues there.
    """

    def __init__(self, program: Program) -> None:
        network = program.network
        self.program = program
        self.si = on_lines(program.stations * L.STATION_WORDS)
        self.sf = self.si.view(np.float64)
        special = [g for g, is_special in enumerate(program.special) if is_special]
        count = sum(program.station_count[g] for g in special)
        self.qi = on_lines(max(1, count) * L.SPECIAL_WORDS)
        self.qf = self.qi.view(np.float64)
        self.fi = on_lines(len(network.flows) * L.FLOW_WORDS)
        self.ff = self.fi.view(np.float64)
        self.pi = on_lines(program.pools * L.POOL_WORDS)
        self.pf = self.pi.view(np.float64)
        # A histogram takes memory only where something was counted, as long as nothing is written over its zeros.
        self.sojourns = on_lines((len(network.flows), L.HISTOGRAM_BINS))
        self.flow_waits = on_lines((len(network.flows), L.HISTOGRAM_BINS))
        self.station_waits = on_lines((len(network.stations), L.HISTOGRAM_BINS))
        self.pool_waits = on_lines((max(1, len(network.pools)), L.HISTOGRAM_BINS))
        leaves = jobs_may_leave(network)
        self.flow_gone = np.zeros((len(network.flows) if leaves else 1, L.HISTOGRAM_BINS), dtype=np.int64)
        self.station_gone = np.zeros((len(network.stations) if leaves else 1, L.HISTOGRAM_BINS), dtype=np.int64)
        self.prints = on_lines(2)
        self.window_start = 0.0
        self._stations = self.si.reshape(-1, L.STATION_WORDS)
        self._stations_f = self.sf.reshape(-1, L.STATION_WORDS)
        self._flows = self.fi.reshape(-1, L.FLOW_WORDS)
        self._flows_f = self.ff.reshape(-1, L.FLOW_WORDS)
        self._pools = self.pi.reshape(-1, L.POOL_WORDS)
        self._pools_f = self.pf.reshape(-1, L.POOL_WORDS)
        self.server_slots = self.link_words = at = 0
        self._stations[:, L.S_USABLE], self._stations[:, L.S_GROUP] = program.servers, program.groups
        self._stations[:, L.S_SPECIAL] = -1
        for group in special:
            first = program.station_first[group]
            for place in range(program.station_count[group]):
                self._stations[first + place, L.S_SPECIAL] = at
                self._special(network.stations[group], first + place, place, at)
                at += L.SPECIAL_WORDS
        for group, pool in enumerate(network.pools):
            first = program.pool_first[group]
            here = slice(first, first + program.pool_count[group])
            tokens = np.array([pool.tokens_at(place) for place in range(program.pool_count[group])])
            self._pools[here, L.P_FREE] = self._pools[here, L.P_TOKENS] = tokens
            self._pools[here, L.P_GROUP] = group
            if pool.refill_per_s is not None:
                # Infinity times no tokens would be no number.
                self._pools_f[here, L.P_INTERVAL] = min(1.0 / pool.refill_per_s, sys.float_info.max)
                self._pools_f[here, L.P_BURST] = (tokens - 1) / pool.refill_per_s
        self._waiting = Spread(self._stations[:, L.S_SPECIAL])(self.qi[L.Q_SHARING :: L.SPECIAL_WORDS]) == 0
        """Where jobs wait rather than share."""
        self._flows_f[:, L.F_DUE] = [np.inf if flow.due_s is None else flow.due_s for flow in network.flows]
        self.open_window(0.0)

    def _special(self, station: Station, index: int, place: int, at: int) -> None:
        """Fill the record of a special station as it is at time 0."""
        record, numbers = self.qi[at : at + L.SPECIAL_WORDS], self.qf[at : at + L.SPECIAL_WORDS]
        servers = station.servers_at(place)
        scheduled = servers if station.schedule is None else station.schedule.servers[0]
        record[L.Q_STATION] = index * L.STATION_WORDS
        record[L.Q_SHARING] = station.discipline == "ps"
        record[L.Q_CAPACITY] = NO_LIMIT if station.capacity is None else station.capacity
        record[L.Q_ORDER] = {"lifo": L.FIRST, "random": L.ANYWHERE}.get(station.discipline, L.LAST)
        preempts = station.preemptive if station.discipline == "priority" else None
        record[L.Q_PREEMPTS] = {"resume": L.RESUME, "restart": L.RESTART}.get(preempts or "", L.NEVER)
        if station.schedule is not None and station.schedule.interrupts and station.discipline != "ps":
            record[L.Q_SHIFT] = L.RESTART if station.preemptive == "restart" else L.RESUME
        record[L.Q_CLASSES] = self.program.classes if station.discipline == "priority" else 1
        record[L.Q_LINKS] = self.link_words
        self.link_words += 2 * int(record[L.Q_CLASSES])
        record[L.Q_SLOTS] = -1
        if station.outages or station.schedule or station.breakdowns or station.speed or preempts:
            record[L.Q_SLOTS] = self.server_slots
            self.server_slots += servers
        record[L.Q_SERVERS] = servers
        record[L.Q_CLOCKED] = station.breakdowns is not None
        record[L.Q_PRESENT] = record[L.Q_SCHEDULED] = self._stations[index, L.S_USABLE] = scheduled
        numbers[L.Q_SPEED] = station.speed_at_start(place)

    def conditions(self) -> Ints:
        """Return the servers of stations that tell theirs apart as they are at time 0: those not on duty are OUT."""
        found = np.zeros(max(1, self.server_slots), dtype=np.int64)
        for q in range(0, len(self.qi), L.SPECIAL_WORDS):
            at = int(self.qi[q + L.Q_SLOTS])
            if at >= 0:
                found[at + self.qi[q + L.Q_SCHEDULED] : at + self.qi[q + L.Q_SERVERS]] = L.OUT
        return found

    def open_window(self, t: float) -> None:
        """Count from now on: everything known at or before t is forgotten, but for what is in the system."""
        self.window_start = t
        if t > 0.0:
            self._clear_histograms()
        self._stations_f[:, L.S_WAIT_MAX] = 0.0
        self.qf[L.Q_GONE_MAX :: L.SPECIAL_WORDS] = 0.0
        self._flows_f[:, [L.F_SOJOURN_MIN, L.F_WAIT_MIN]] = np.inf
        self._flows_f[:, [L.F_SOJOURN_MAX, L.F_WAIT_MAX, L.F_GONE_MAX]] = 0.0
        self._flows_f[:, L.F_WINDOW_START] = t
        self._pools_f[:, L.P_WAIT_MAX] = 0.0
        _open_line(self._stations, L.S_LINE, self._stations[:, L.S_QUEUE] * self._waiting, t)
        _open_line(self._pools, L.P_LINE, self._pools[:, L.P_QUEUE], t)
        self._start = (self.si.copy(), self.qi.copy(), self.fi.copy(), self.pi.copy())

    def _clear_histograms(self) -> None:
        """Forget what was counted, leaving histograms alone in which nothing was."""
        stations = np.unique(self._stations[self._stations[:, L.S_STARTED] > 0, L.S_GROUP])
        flows = self._flows[:, L.F_ARRIVED] > 0
        self.sojourns[flows] = self.flow_waits[flows] = self.station_waits[stations] = 0
        if len(self.flow_gone) == len(flows):
            self.flow_gone[flows] = 0
        self.pool_waits[np.unique(self._pools[self._pools[:, L.P_TAKEN] > 0, L.P_GROUP])] = 0
        gone = self.qi[L.Q_ABANDONED :: L.SPECIAL_WORDS] > 0
        words = self.qi[L.Q_STATION :: L.SPECIAL_WORDS][gone]
        self.station_gone[self.si[words + L.S_GROUP]] = 0

    def flush(self, t: float) -> None:
        """Bring every area, and the length of every queue's present stretch, up to time t."""
        observe.flush(self.si, self.sf, self.qi, self.qf, self.fi, self.ff, self.pi, self.pf, t)

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that two runs share only if every event had the same time, job, step and order."""
        a, b = (int(v) & 0xFFFFFFFFFFFFFFFF for v in self.prints)
        return f"{a ^ ((b << 23 | b >> 41) & 0xFFFFFFFFFFFFFFFF):016x}"

    def totals(self, end: float, inside: Ints, births: Floats, records: Ints) -> Totals:
        """Return what happened between the opening of the window and `end` (areas must have been flushed to `end`).

        Jobs still in the system are told by flow, time of arrival and records.
        """
        widths = (L.STATION_WORDS, L.SPECIAL_WORDS, L.FLOW_WORDS, L.POOL_WORDS)
        arrays = (self.si, self.qi, self.fi, self.pi)
        stations, special, flows, pools = (
            _Difference(now, start, width) for now, start, width in zip(arrays, self._start, widths, strict=True)
        )
        spread = Spread(self._stations[:, L.S_SPECIAL])
        started = stations.count(L.S_STARTED) - spread(special.count(L.Q_RESUMED))
        plain_servers = self._stations[:, L.S_USABLE]
        late_inside = end - births > self._flows_f[inside, L.F_DUE]
        return Totals(
            flow_counts={
                "arrived": flows.count(L.F_ARRIVED),
                "completed": flows.count(L.F_COMPLETED),
                "lost": flows.count(L.F_LOST),
                "abandoned": flows.count(L.F_ABANDONED),
                "retried": flows.count(L.F_RETRIED),
                "records": flows.count(L.F_RECORDS),
                "in_system": self._flows[:, L.F_IN_SYSTEM].copy(),
                "in_system_at_start": flows.at_start(L.F_IN_SYSTEM),
                "late": flows.count(L.F_LATE) + self._by_flow(inside, late_inside),
                "late_inside": self._by_flow(inside, late_inside),
                "late_records": flows.count(L.F_LATE_RECORDS) + self._by_flow(inside, late_inside * records),
            },
            flow_sums={
                "in_system_area": flows.total(L.F_AREA_SYSTEM),
                "sojourn": flows.total(L.F_SOJOURN),
                "wait": flows.total(L.F_WAIT),
                "before": flows.total(L.F_BEFORE),
                "sojourn_min": self._flows_f[:, L.F_SOJOURN_MIN].copy(),
                "sojourn_max": self._flows_f[:, L.F_SOJOURN_MAX].copy(),
                "wait_min": self._flows_f[:, L.F_WAIT_MIN].copy(),
                "wait_max": self._flows_f[:, L.F_WAIT_MAX].copy(),
                "gone": flows.total(L.F_GONE),
                "wait_gone": flows.total(L.F_GONE_WAIT),
                "wait_gone_max": self._flows_f[:, L.F_GONE_MAX].copy(),
            },
            station_counts={
                "arrived": spread(special.count(L.Q_OFFERED), started + stations.count(L.S_QUEUE)),
                "started": started,
                "completed": spread(special.count(L.Q_DONE), started - stations.count(L.S_BUSY)),
                "waited": stations.count(L.S_WAITED),
                "refused": spread(special.count(L.Q_REFUSED)),
                "abandoned": spread(special.count(L.Q_ABANDONED)),
            },
            station_sums={
                "busy_area": stations.total(L.S_AREA_BUSY),
                "queue_area": stations.total(L.S_AREA_QUEUE),
                "down_area": spread(special.total(L.Q_AREA_DOWN)),
                "kept_area": spread(special.total(L.Q_AREA_KEPT)),
                "server_area": spread(special.total(L.Q_AREA_SCHEDULED), plain_servers * (end - self.window_start)),
                "given": stations.total(L.S_GIVEN),
                "work": spread(special.total(L.Q_WORK)),
                "wait": stations.total(L.S_WAIT),
                "wait_max": self._stations_f[:, L.S_WAIT_MAX].copy(),
                "wait_gone": spread(special.total(L.Q_GONE_WAIT)),
                "wait_gone_max": spread(self.qf[L.Q_GONE_MAX :: L.SPECIAL_WORDS]),
            },
            station_queues=_line(self._stations, L.S_LINE, self._stations[:, L.S_QUEUE] * self._waiting),
            pool_counts={"taken": pools.count(L.P_TAKEN)},
            pool_sums={
                "in_use_area": pools.total(L.P_AREA_IN_USE),
                "queue_area": pools.total(L.P_AREA_QUEUE),
                "wait": pools.total(L.P_WAIT),
                "wait_max": self._pools_f[:, L.P_WAIT_MAX].copy(),
            },
            pool_queues=_line(self._pools, L.P_LINE, self._pools[:, L.P_QUEUE]),
            clipped=exact_sums(inside, end - np.maximum(births, self.window_start), len(self._flows)),
            taken_back=spread(special.single(L.Q_TAKEN_BACK)),
        )

    def _by_flow(self, flows: Ints, values: Ints) -> Ints:
        """Sum over jobs, given the flow of each."""
        sums = np.zeros(len(self._flows), dtype=np.int64)
        np.add.at(sums, flows, values)
        return sums

    def identities(self, totals: Totals, remaining_start: Floats, remaining_end: Floats, end: float) -> dict[str, float]:
        """How far each exact law is off, relative to its size.

        A difference is relative to the size of the value, and does not count where it is no more than the rounding of what was
        added up. Flow balance counts jobs. Little's law on the path: the area under the number in system equals the time that
        jobs spent in it inside the window. Work conservation: busy time equals service given. And no station that works has an
        idle server while a job waits.
        """
        counts, sums = totals.flow_counts, totals.flow_sums
        balance = (
            counts["in_system_at_start"] + counts["arrived"]
            - counts["completed"] - counts["lost"] - counts["abandoned"] - counts["in_system"]
        )  # fmt: skip
        area, path = sums["in_system_area"], sums["sojourn"] + sums["gone"] - sums["before"] + totals.clipped
        passed = path + 2.0 * sums["before"]
        # Where jobs share servers, work is what can be booked ahead; elsewhere it is time.
        busy_s = np.where(self._waiting, totals.station_sums["busy_area"], totals.station_sums["work"])
        with np.errstate(over="ignore", invalid="ignore"):
            given = totals.station_sums["given"] - remaining_end + remaining_start
            booked = totals.station_sums["given"] + 2.0 * totals.taken_back + remaining_end + remaining_start
            booked += self._clock_work(totals.station_counts["started"], end)
        kept = Spread(self._stations[:, L.S_SPECIAL])(self.qi[L.Q_KEPT :: L.SPECIAL_WORDS])
        idle = self._stations[:, L.S_BUSY] + kept < self._stations[:, L.S_USABLE]
        return {
            "flow balance": float(np.abs(balance).max(initial=0)),
            "Little's law": _relative(area, path, end, passed),
            "busy time": _relative(busy_s, given, end, booked),
            "idle server with a queue": float((idle & (self._stations[:, L.S_QUEUE] > 0)).sum()),
        }

    def _clock_work(self, started: Ints, end: float) -> Floats:
        """Work that sharing stations could do from 0 to the end, for each of the few times that a visit sets their clocks.

        Their virtual clocks round as time does, whatever the visits ask for.
        """
        work = np.zeros(len(started))
        for group, station in enumerate(self.program.network.stations):
            if station.discipline == "ps":
                fastest = max([1.0, *(change.factor for change in station.speed)])
                for place in range(self.program.station_count[group]):
                    at = self.program.station_first[group] + place
                    work[at] = 4.0 * (started[at] + 1) * station.servers_at(place) * fastest * end
        return work


def exact_sum(values: list[float]) -> float:
    """Return the sum rounded once, which does not depend on the order."""
    try:
        return math.fsum(values)
    except OverflowError:
        return math.inf


def exact_sums(groups: Ints, values: Floats, count: int) -> Floats:
    """Return the exact sum of the values of each of `count` groups."""
    sums = np.zeros(count)
    order = np.argsort(groups, kind="stable")
    found, first = np.unique(groups[order], return_index=True)
    for group, part in zip(found.tolist(), np.split(values[order], first[1:]), strict=False):
        sums[group] = exact_sum(part.tolist())
    return sums


def _open_line(records: Ints, line: int, waiting: Ints, t: float) -> None:
    """Let the histories of queues begin now, with so many waiting."""
    records.view(np.float64)[:, line + L.LINE_SINCE] = t
    records[:, [line + L.LINE_LONGEST, line + L.LINE_FROM]] = 0
    records[:, line + L.LINE_PEAK] = waiting


def _line(records: Ints, line: int, waiting: Ints) -> dict[str, Floats]:
    """Return the histories of queues; see `protocol.Replication` for the keys."""
    numbers = records.view(np.float64)
    return {
        "at_end": waiting.astype(np.float64),
        "peak": records[:, line + L.LINE_PEAK].astype(np.float64),
        "longest": numbers[:, line + L.LINE_LONGEST].copy(),
        "longest_from": numbers[:, line + L.LINE_FROM].copy(),
    }


class Spread:
    """From one number per special station to one per station; plain stations get `elsewhere`."""

    def __init__(self, special: Ints) -> None:
        self._at = special // L.SPECIAL_WORDS
        self._special = special >= 0

    def __call__(self, values: Any, elsewhere: Any = 0) -> Any:
        """Return the values by station, of the type of `values`."""
        spread = np.zeros(len(self._at), dtype=values.dtype) + np.asarray(elsewhere, dtype=values.dtype)
        spread[self._special] = values[self._at[self._special]]
        return spread


class _Difference:
    """Words of a record array at the end less those at the opening of the window."""

    def __init__(self, now: Ints, start: Ints, width: int) -> None:
        self._now, self._start = now.reshape(-1, width), start.reshape(-1, width)

    def count(self, word: int) -> Ints:
        return self._now[:, word] - self._start[:, word]

    def at_start(self, word: int) -> Ints:
        return self._start[:, word].copy()

    def single(self, word: int) -> Floats:
        with np.errstate(invalid="ignore"):
            return self._now.view(np.float64)[:, word] - self._start.view(np.float64)[:, word]

    def total(self, word: int) -> Floats:
        now, start = self._now.view(np.float64), self._start.view(np.float64)
        with np.errstate(invalid="ignore"):
            return (now[:, word] - start[:, word]) + (now[:, word + 1] - start[:, word + 1])


_ROUNDING = 1e-5
"""As a share of the error allowed to a law it makes some forty units in the last place of what was added."""


def _relative(a: Floats, b: Floats, end: float, added: Floats) -> float:
    """Return the largest difference, relative to the value but never to less than a thousandth of the window.

    Nor is it relative to less than that of which rounding may be the allowed share, given the sum of the magnitudes added.
    """
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), max(1e-3 * end, 1e-300))
    scale = np.maximum(scale, _ROUNDING * added)
    with np.errstate(invalid="ignore", over="ignore"):
        wrong = np.abs(a - b) / scale
    # Sums beyond the largest float say nothing.
    return float(np.max(wrong, initial=0.0, where=np.isfinite(a) & np.isfinite(b) & np.isfinite(added)))
