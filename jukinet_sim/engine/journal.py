"""A buffer between the reference engine and the compiled statistics: observations wait as rows and are replayed in blocks.

A call into compiled code with the record arrays costs microseconds, a row packed into the buffer a tenth of that.
"""

from __future__ import annotations

from struct import Struct

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.compiled import compiled
from jukinet_sim.engine import observe
from jukinet_sim.engine.tally import Tally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
(
    BUSY, QUEUE, SERVED, WAITED, PREEMPTED, RESUMED, CAPACITY, COUNT, GAVE_UP, GIVEN, JOINED, SHARE, ARRIVED, COMPLETED,
    LATE, RETRIED, GONE, TOKENS, POOL_QUEUE, TOKEN_WAITED, KEPT, MARK,
) = range(22)  # fmt: skip
_ROW = Struct("=4q3d")
_WORDS = 7
"""A row: what was observed, i, j, k, then t, x, y, in 8-byte words."""
_ROWS = 8192


class Journal:
    """Observations of one replication on their way to its tally."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._bytes = bytearray(_ROWS * _ROW.size)
        self._ints = np.frombuffer(self._bytes, dtype=np.int64).reshape(-1, _WORDS)
        self._end = 0
        self._pack = _ROW.pack_into

    def note(self, what: int, t: float, i: int, j: int = 0, k: int = 0, x: float = 0.0, y: float = 0.0) -> None:
        """Remember one observation; the meaning of i, j, k, x and y is the argument order of the `observe` function."""
        self._pack(self._bytes, self._end, what, i, j, k, t, x, y)
        self._end += _ROW.size
        if self._end == len(self._bytes):
            self.flush()

    def flush(self) -> None:
        """Replay what has been noted into the tally."""
        if self._end:
            t, rows = self._tally, self._ints[: self._end // _ROW.size]
            _replay(
                rows, rows.view(np.float64), t.si, t.sf, t.qi, t.qf, t.fi, t.ff, t.pi, t.pf,
                t.sojourns, t.flow_waits, t.flow_gone, t.station_waits, t.station_gone, t.pool_waits, t.prints,
            )  # fmt: skip
            self._end = 0


@compiled
def _replay(
    ints: Ints, floats: Floats, si: Ints, sf: Floats, qi: Ints, qf: Floats, fi: Ints, ff: Floats, pi: Ints, pf: Floats,
    sojourns: Ints, flow_waits: Ints, flow_gone: Ints, station_waits: Ints, station_gone: Ints, pool_waits: Ints,
    prints: Ints,
) -> None:  # fmt: skip
    for row in range(ints.shape[0]):
        what, i, j, k = ints[row, 0], ints[row, 1], ints[row, 2], ints[row, 3]
        t, x, y = floats[row, 4], floats[row, 5], floats[row, 6]
        if what == BUSY:
            observe.busy(si, sf, i, t, j)
        elif what == QUEUE:
            observe.queue(si, sf, i, t, j)
        elif what == SERVED:
            observe.served(si, sf, i, x)
        elif what == WAITED:
            observe.waited(si, sf, station_waits, i, x)
        elif what == PREEMPTED:
            observe.preempted(si, sf, qf, i, t, x)
        elif what == RESUMED:
            observe.resumed(si, qi, i)
        elif what == CAPACITY:
            observe.capacity(qi, qf, i, t, j, k)
        elif what == COUNT:
            observe.count(qi, i)
        elif what == GAVE_UP:
            observe.gave_up_waiting(qi, qf, station_gone, i, j, x)
        elif what == GIVEN:
            observe.given(si, sf, qf, i, x)
        elif what == JOINED:
            observe.joined(si, i)
        elif what == SHARE:
            observe.share(si, sf, qi, qf, i, t, j, k, x)
        elif what == ARRIVED:
            observe.arrived(fi, ff, prints, i, t, j)
        elif what == COMPLETED:
            observe.completed(fi, ff, sojourns, flow_waits, prints, i, t, j, x, y, k)
        elif what == LATE:
            observe.late(fi, ff, i, x, j)
        elif what == RETRIED:
            observe.retried(fi, i)
        elif what == GONE:
            observe.gone(fi, ff, flow_gone, prints, i, t, j, x, y, k)
        elif what == TOKENS:
            observe.tokens(pi, pf, i, t, j)
        elif what == POOL_QUEUE:
            observe.pool_queue(pi, pf, i, t, j)
        elif what == TOKEN_WAITED:
            observe.token_waited(pi, pf, pool_waits, i, x)
        elif what == KEPT:
            observe.kept(qi, qf, i, t, j)
        else:
            observe.mark(prints, t, i, j, k)
