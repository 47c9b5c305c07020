"""The flat records that both engines feed through `observe`, and what they amount to over the observation window.

Totals are differences between the end and the snapshot taken when the window opened; histograms and extremes start afresh.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe
from jukinet_sim.engine.program import Program

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Totals:
    """Counts and compensated sums over the window; see `protocol.Replication` for the keys."""

    flow_counts: dict[str, Ints]
    flow_sums: dict[str, Floats]
    station_counts: dict[str, Ints]
    station_sums: dict[str, Floats]
    pool_counts: dict[str, Ints]
    pool_sums: dict[str, Floats]


class Tally:
    """Statistics of one replication in progress, fed by `observe`; the engines keep some words of their own in the arrays."""

    def __init__(self, program: Program) -> None:
        network = program.network
        self.program = program
        self.si = np.zeros(program.stations * L.STATION_WORDS, dtype=np.int64)
        self.sf = self.si.view(np.float64)
        self.fi = np.zeros(len(network.flows) * L.FLOW_WORDS, dtype=np.int64)
        self.ff = self.fi.view(np.float64)
        self.pi = np.zeros(program.pools * L.POOL_WORDS, dtype=np.int64)
        self.pf = self.pi.view(np.float64)
        self.sojourns = np.zeros((len(network.flows), L.HISTOGRAM_BINS), dtype=np.int64)
        self.flow_waits = np.zeros((len(network.flows), L.HISTOGRAM_BINS), dtype=np.int64)
        self.station_waits = np.zeros((len(network.stations), L.HISTOGRAM_BINS), dtype=np.int64)
        self.prints = np.zeros(2, dtype=np.int64)
        self.window_start = 0.0
        self._stations = self.si.reshape(-1, L.STATION_WORDS)
        self._stations_f = self.sf.reshape(-1, L.STATION_WORDS)
        self._flows = self.fi.reshape(-1, L.FLOW_WORDS)
        self._flows_f = self.ff.reshape(-1, L.FLOW_WORDS)
        self._pools = self.pi.reshape(-1, L.POOL_WORDS)
        self._pools_f = self.pf.reshape(-1, L.POOL_WORDS)
        slots = 0
        for group, station in enumerate(network.stations):
            for place in range(program.station_count[group]):
                record = self._stations[program.station_first[group] + place]
                record[L.S_USABLE] = record[L.S_SERVERS] = station.servers_at(place)
                record[L.S_GROUP] = group
                record[L.S_SLOTS] = -1
                if station.outages:
                    record[L.S_SLOTS] = slots
                    slots += station.servers_at(place)
        self.server_slots = slots
        for group, pool in enumerate(network.pools):
            first = program.pool_first[group]
            self._pools[first : first + program.pool_count[group], [L.P_FREE, L.P_TOKENS]] = pool.tokens
        self.open_window(0.0)

    def open_window(self, t: float) -> None:
        """Count from now on: everything known at or before t is forgotten, but for what is in the system."""
        self.window_start = t
        self.sojourns.fill(0)
        self.flow_waits.fill(0)
        self.station_waits.fill(0)
        self._stations_f[:, L.S_WAIT_MAX] = 0.0
        self._flows_f[:, [L.F_SOJOURN_MIN, L.F_WAIT_MIN]] = np.inf
        self._flows_f[:, [L.F_SOJOURN_MAX, L.F_WAIT_MAX]] = 0.0
        self._flows_f[:, L.F_WINDOW_START] = t
        self._pools_f[:, L.P_WAIT_MAX] = 0.0
        self._start = (self.si.copy(), self.fi.copy(), self.pi.copy())

    def flush(self, t: float) -> None:
        """Bring every area up to time t."""
        observe.flush(self.si, self.sf, self.fi, self.ff, self.pi, self.pf, t)

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that two runs share only if every event had the same time, job, step and order."""
        a, b = (int(v) & 0xFFFFFFFFFFFFFFFF for v in self.prints)
        return f"{a ^ ((b << 23 | b >> 41) & 0xFFFFFFFFFFFFFFFF):016x}"

    def totals(self, end: float) -> Totals:
        """What happened between the opening of the window and `end` (areas must have been flushed to `end`)."""
        stations, flows, pools = (
            _Difference(now, start, width)
            for now, start, width in zip(
                (self.si, self.fi, self.pi), self._start, (L.STATION_WORDS, L.FLOW_WORDS, L.POOL_WORDS), strict=True
            )
        )
        started = stations.count(L.S_STARTED) - stations.count(L.S_RESUMED)
        held = stations.count(L.S_PREEMPTED) - stations.count(L.S_RESUMED)
        servers = self._stations[:, L.S_SERVERS]
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
            },
            station_counts={
                "arrived": started - held + stations.count(L.S_QUEUE),
                "started": started,
                "completed": started - held - stations.count(L.S_BUSY),
                "waited": stations.count(L.S_WAITED),
            },
            station_sums={
                "busy_area": stations.total(L.S_AREA_BUSY),
                "queue_area": stations.total(L.S_AREA_QUEUE),
                "down_area": stations.total(L.S_AREA_DOWN),
                "server_area": servers.astype(np.float64) * (end - self.window_start),
                "given": stations.total(L.S_GIVEN),
                "wait": stations.total(L.S_WAIT),
                "wait_max": self._stations_f[:, L.S_WAIT_MAX].copy(),
            },
            pool_counts={"taken": pools.count(L.P_TAKEN)},
            pool_sums={
                "in_use_area": pools.total(L.P_AREA_IN_USE),
                "queue_area": pools.total(L.P_AREA_QUEUE),
                "wait": pools.total(L.P_WAIT),
                "wait_max": self._pools_f[:, L.P_WAIT_MAX].copy(),
            },
        )

    def identities(
        self, totals: Totals, remaining_start: Floats, remaining_end: Floats, clipped_in_system: Floats, end: float
    ) -> dict[str, float]:
        """How far each exact law is off, relative to its size.

        Flow balance counts jobs. Little's law on the path: the area under the number in system equals the time that jobs
        spent in it inside the window. Work conservation: busy time equals service given. And no station that works has an
        idle server while a job waits.
        """
        counts, sums = totals.flow_counts, totals.flow_sums
        balance = (
            counts["in_system_at_start"] + counts["arrived"]
            - counts["completed"] - counts["lost"] - counts["abandoned"] - counts["in_system"]
        )  # fmt: skip
        area, path = sums["in_system_area"], sums["sojourn"] - sums["before"] + clipped_in_system
        busy_s = totals.station_sums["busy_area"]
        given = totals.station_sums["given"] - remaining_end + remaining_start
        idle = self._stations[:, L.S_BUSY] < self._stations[:, L.S_USABLE]
        return {
            "flow balance": float(np.abs(balance).max(initial=0)),
            "Little's law": _relative(area, path, end),
            "busy time": _relative(busy_s, given, end),
            "idle server with a queue": float((idle & (self._stations[:, L.S_QUEUE] > 0)).sum()),
        }


class _Difference:
    """Words of a record array at the end less those at the opening of the window."""

    def __init__(self, now: Ints, start: Ints, width: int) -> None:
        self._now, self._start = now.reshape(-1, width), start.reshape(-1, width)

    def count(self, word: int) -> Ints:
        return self._now[:, word] - self._start[:, word]

    def at_start(self, word: int) -> Ints:
        return self._start[:, word].copy()

    def total(self, word: int) -> Floats:
        now, start = self._now.view(np.float64), self._start.view(np.float64)
        return (now[:, word] - start[:, word]) + (now[:, word + 1] - start[:, word + 1])


def _relative(a: Floats, b: Floats, end: float) -> float:
    """The largest difference, relative to the value but never to less than a thousandth of the window."""
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), max(1e-3 * end, 1e-300))
    return float(np.max(np.abs(a - b) / scale, initial=0.0))


class Series:
    """Counts and time averages in bins, per flow, station group and pool group."""

    FLOW = ("arrived", "completed", "in_system", "in_system_at_bin_end")
    STATION = ("arrived", "completed", "in_system", "queue", "busy", "in_system_at_bin_end")
    POOL = ("in_use", "queue")

    def __init__(self, program: Program) -> None:
        self._station_first = np.array(program.station_first, dtype=np.intp)
        self._pool_first = np.array(program.pool_first, dtype=np.intp)
        self._last: tuple[float, Floats, Floats, Floats] | None = None
        self._width: list[float] = []
        self._flow: list[Floats] = []
        self._station: list[Floats] = []
        self._pool: list[Floats] = []

    def record(self, t: float, tally: Tally) -> None:
        """Close the bin that ends at t."""
        flow, station, pool = self._flow_now(tally), self._station_now(tally), self._pool_now(tally)
        start, flow0, station0, pool0 = self._last or (0.0, flow * 0.0, station * 0.0, pool * 0.0)
        width = t - start
        self._width.append(width)
        f, s, p = flow - flow0, station - station0, pool - pool0
        self._flow.append(np.stack([f[0], f[1], f[2] / width, flow[3]]))
        self._station.append(np.stack([s[0], s[1], (s[2] + s[3]) / width, s[2] / width, s[3] / width, station[4]]))
        self._pool.append(p / width)
        self._last = (t, flow, station, pool)

    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Bins first: (bin, FLOW, flow), (bin, STATION, station group), (bin, POOL, pool group)."""
        return np.array(self._flow), np.array(self._station), np.array(self._pool)

    @staticmethod
    def _flow_now(tally: Tally) -> Floats:
        i, f = tally.fi.reshape(-1, L.FLOW_WORDS), tally.ff.reshape(-1, L.FLOW_WORDS)
        area = f[:, L.F_AREA_SYSTEM] + f[:, L.F_AREA_SYSTEM + 1]
        return np.stack([i[:, L.F_ARRIVED] * 1.0, i[:, L.F_COMPLETED] * 1.0, area, i[:, L.F_IN_SYSTEM] * 1.0])

    def _station_now(self, tally: Tally) -> Floats:
        i, f = tally.si.reshape(-1, L.STATION_WORDS), tally.sf.reshape(-1, L.STATION_WORDS)
        done = i[:, L.S_STARTED] - i[:, L.S_PREEMPTED]
        rows = np.stack([
            (done + i[:, L.S_QUEUE]) * 1.0,
            (done - i[:, L.S_BUSY]) * 1.0,
            f[:, L.S_AREA_QUEUE] + f[:, L.S_AREA_QUEUE + 1],
            f[:, L.S_AREA_BUSY] + f[:, L.S_AREA_BUSY + 1],
            (i[:, L.S_QUEUE] + i[:, L.S_BUSY]) * 1.0,
        ])  # fmt: skip
        grouped: Floats = np.add.reduceat(rows, self._station_first, axis=1)
        return grouped

    def _pool_now(self, tally: Tally) -> Floats:
        f = tally.pf.reshape(-1, L.POOL_WORDS)
        if not len(f):
            return np.zeros((2, 0))
        rows = np.stack([f[:, a] + f[:, a + 1] for a in (L.P_AREA_IN_USE, L.P_AREA_QUEUE)])
        grouped: Floats = np.add.reduceat(rows, self._pool_first, axis=1)
        return grouped
