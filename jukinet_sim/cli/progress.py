"""How far a run is, on stderr: a line that renews itself on a terminal, one line per finished replication elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from jukinet_sim.base.units import format_duration

if TYPE_CHECKING:
    from jukinet_sim.results.digest import ReplicationDigest

_RENEW_S = 0.2


class Progress:
    """Tells events per second and the time left, by simulated time and the pace so far.

    `horizon_s` is the simulated length of one replication, or of whatever the `noun` says is counted; those that were found
    finished count as done.
    """

    def __init__(self, replications: int, horizon_s: float, *, quiet: bool, noun: str = "replication") -> None:
        self._total, self._horizon_s, self._noun = replications, horizon_s, noun
        self._quiet, self._terminal = quiet, sys.stderr.isatty()
        self._done = 0
        self._new = 0
        self._events = 0
        self._running: dict[int, tuple[float, int]] = {}
        self._started = self._shown = time.monotonic()
        self._width = 0

    def already(self, finished: int) -> None:
        """Take note of replications that were found finished."""
        self._done = finished

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Take note of a replication on its way."""
        self._running[replication] = (min(simulated_s, self._horizon_s), events)
        now = time.monotonic()
        if self._terminal and not self._quiet and now - self._shown >= _RENEW_S:
            self._shown = now
            self._renew(self.line(now - self._started))

    def done(self, digest: ReplicationDigest) -> None:
        """Take note of a finished replication."""
        self.finished(digest.replication, digest.events, digest.limit)

    def finished(self, number: int, events: int, trouble: str | None) -> None:
        """Take note that a piece, counted from 0, is finished, or why it stopped."""
        self._running.pop(number, None)
        self._done += 1
        self._new += 1
        self._events += events
        if not self._quiet and not self._terminal:
            state = f"stopped: {trouble}" if trouble else "done"
            print(f"{self._noun} {number + 1} of {self._total} {state}, {events:,} events", file=sys.stderr)

    def line(self, elapsed_s: float) -> str:
        """Return the line for so many seconds after the start."""
        simulated = self._new * self._horizon_s + sum(at for at, _ in self._running.values())
        events = self._events + sum(number for _, number in self._running.values())
        missing = (self._total - self._done) * self._horizon_s - sum(at for at, _ in self._running.values())
        pace = f"{events / elapsed_s:,.0f} events/s" if elapsed_s > 0.0 else ""
        left = f", about {_short(missing * elapsed_s / simulated)} left" if simulated > 0.0 and missing > 0.0 else ""
        return f"{self._done} of {self._total} {self._noun}s done, {pace}{left}"

    def close(self) -> None:
        """Wipe the line off the terminal."""
        if self._width:
            self._renew("")
            print("\r", end="", file=sys.stderr, flush=True)

    def _renew(self, line: str) -> None:
        print(f"\r{line:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)


def _short(seconds: float) -> str:
    """Return a time to two digits: a forecast has no more."""
    return format_duration(max(1.0, float(f"{seconds:.1e}")))
