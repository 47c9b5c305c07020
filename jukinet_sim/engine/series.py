"""Counts and time averages in bins, taken from the flat records each time a bin ends.

Areas must have been flushed to the end of the bin.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Spread, Tally

Floats = NDArray[np.float64]


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
        started = i[:, L.S_STARTED]
        spread = Spread(i[:, L.S_SPECIAL])
        rows = np.stack([
            spread(tally.qi[L.Q_OFFERED :: L.SPECIAL_WORDS], started + i[:, L.S_QUEUE]) * 1.0,
            spread(tally.qi[L.Q_DONE :: L.SPECIAL_WORDS], started - i[:, L.S_BUSY]) * 1.0,
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
