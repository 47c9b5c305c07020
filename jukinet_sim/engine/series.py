"""Counts and time averages in bins, taken from the flat records each time a bin ends.

Areas must have been flushed to the end of the bin.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Tally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Series:
    """Counts and time averages in bins, per flow, station group and pool group."""

    FLOW = ("arrived", "completed", "in_system", "in_system_at_bin_end")
    STATION = ("arrived", "completed", "in_system", "queue", "busy", "in_system_at_bin_end")
    POOL = ("in_use", "queue")

    def __init__(self, program: Program) -> None:
        self._station_first = np.array(program.station_first, dtype=np.intp)
        self._pool_first = np.array(program.pool_first, dtype=np.intp)
        self._now = _Now(
            np.zeros((4, len(program.network.flows))), np.zeros((6, program.stations)), np.zeros((2, program.pools))
        )
        self._end: list[float] = []
        self._flow: list[Floats] = []
        self._station: list[Floats] = []
        self._pool: list[Floats] = []

    def record(self, t: float, tally: Tally) -> None:
        """Close the bin that ends at t."""
        now = self._now
        _read(tally.fi, tally.ff, tally.si, tally.sf, tally.qi, tally.qf, tally.pf, *now)
        self._end.append(t)
        self._flow.append(now.flow.copy())
        self._station.append(_grouped(now.station, self._station_first))
        self._pool.append(_grouped(now.pool, self._pool_first))

    def arrays(self) -> tuple[Floats, Floats, Floats]:
        """Bins first: (bin, FLOW, flow), (bin, STATION, station group), (bin, POOL, pool group)."""
        width = _gained(np.array(self._end)).reshape(-1, 1)
        flow, station, pool = np.array(self._flow), np.array(self._station), np.array(self._pool)
        if not len(flow):
            return flow, station, pool
        f, s, p = _gained(flow), _gained(station), _gained(pool)
        flows = [f[:, 0], f[:, 1], f[:, 2] / width, flow[:, 3]]
        stations = [s[:, 0], s[:, 1], (s[:, 2] + (s[:, 3] + s[:, 5])) / width, s[:, 2] / width, s[:, 3] / width, station[:, 4]]
        return np.stack(flows, axis=1), np.stack(stations, axis=1), p / width[:, :, None]


class _Now(NamedTuple):
    """What the records say at the end of a bin, a row for each quantity; overwritten at the end of the next."""

    flow: Floats
    """arrived, completed, area in system, in system"""
    station: Floats
    """arrived, completed, area of the queue, area of the busy, in system, area of servers kept after service"""
    pool: Floats
    """area in use, area of the queue"""


def _grouped(rows: Floats, first: NDArray[np.intp]) -> Floats:
    """Add up the columns of each group."""
    if not len(first):
        return np.zeros((len(rows), 0))
    grouped: Floats = np.add.reduceat(rows, first, axis=1)
    return grouped


def _gained(totals: Floats) -> Floats:
    """Subtract from each bin's totals those of the bin before."""
    gained = totals.copy()
    gained[1:] -= totals[:-1]
    return gained


@compiled
def _read(
    fi: Ints, ff: Floats, si: Ints, sf: Floats, qi: Ints, qf: Floats, pf: Floats, flow: Floats, station: Floats, pool: Floats
) -> None:
    """Copy what a bin needs out of the records in one pass: there may be thousands of stations, and a million bins."""
    for i in range(flow.shape[1]):
        at = i * L.FLOW_WORDS
        flow[0, i] = float(fi[at + L.F_ARRIVED])
        flow[1, i] = float(fi[at + L.F_COMPLETED])
        flow[2, i] = ff[at + L.F_AREA_SYSTEM] + ff[at + L.F_AREA_SYSTEM + 1]
        flow[3, i] = float(fi[at + L.F_IN_SYSTEM])
    for i in range(station.shape[1]):
        at = i * L.STATION_WORDS
        special, started, queue, busy = si[at + L.S_SPECIAL], si[at + L.S_STARTED], si[at + L.S_QUEUE], si[at + L.S_BUSY]
        station[0, i] = float(qi[special + L.Q_OFFERED] if special >= 0 else started + queue)
        station[1, i] = float(qi[special + L.Q_DONE] if special >= 0 else started - busy)
        station[2, i] = sf[at + L.S_AREA_QUEUE] + sf[at + L.S_AREA_QUEUE + 1]
        station[3, i] = sf[at + L.S_AREA_BUSY] + sf[at + L.S_AREA_BUSY + 1]
        station[4, i] = float(queue + busy + (qi[special + L.Q_KEPT] if special >= 0 else 0))
        station[5, i] = qf[special + L.Q_AREA_KEPT] + qf[special + L.Q_AREA_KEPT + 1] if special >= 0 else 0.0
    for i in range(pool.shape[1]):
        at = i * L.POOL_WORDS
        pool[0, i] = pf[at + L.P_AREA_IN_USE] + pf[at + L.P_AREA_IN_USE + 1]
        pool[1, i] = pf[at + L.P_AREA_QUEUE] + pf[at + L.P_AREA_QUEUE + 1]
