"""How far a run is, on stderr: one line that renews itself on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import TYPE_CHECKING

from jukinet_sim.base.harmless import behind
from jukinet_sim.base.units import format_duration
from jukinet_sim.cli.boundary import say
from jukinet_sim.cli.convergence import Convergence

if TYPE_CHECKING:
    from jukinet_sim.results.digest import ReplicationDigest

_RENEW_S = 0.2
_SPEAK_S = 20.0
"""Where there is no terminal a plain line comes so often at most: a log is read afterwards."""


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
        self._convergence = Convergence()

    def already(self, finished: int) -> None:
        """Take note of replications that were found finished."""
        self._done = finished

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Take note of a replication on its way."""
        self._running[replication] = (min(simulated_s, self._horizon_s), events)
        self._tell()

    def done(self, digest: ReplicationDigest) -> None:
        """Take note of a finished replication; where somebody looks on, how sure the run has become is told as well."""
        if self._terminal and not self._quiet:
            self._convergence.add(digest)
        self.finished(digest.replication, digest.events, digest.limit)

    def finished(self, number: int, events: int, trouble: str | None) -> None:
        """Take note that a piece, counted from 0, is finished, or why it stopped."""
        self._running.pop(number, None)
        self._done += 1
        self._new += 1
        self._events += events
        if trouble and not self._quiet and not self._terminal:
            say(f"{self._noun} {number + 1} stopped: {trouble}")
        self._tell()

    def _tell(self) -> None:
        """Say how far it is, if that is due again."""
        now = time.monotonic()
        if self._quiet or now - self._shown < (_RENEW_S if self._terminal else _SPEAK_S):
            return
        self._shown = now
        if self._terminal:
            self._renew(self.line(now - self._started))
        else:
            say(self.line(now - self._started))

    def line(self, elapsed_s: float) -> str:
        """Return the line for so many seconds after the start."""
        simulated = self._new * self._horizon_s + sum(at for at, _ in self._running.values())
        events = self._events + sum(number for _, number in self._running.values())
        missing = (self._total - self._done) * self._horizon_s - sum(at for at, _ in self._running.values())
        pace = f"{events / elapsed_s:,.0f} events/s" if elapsed_s > 0.0 else ""
        left = f", about {_short(missing * elapsed_s / simulated)} left" if simulated > 0.0 and missing > 0.0 else ""
        sure = self._convergence.text()
        return f"[{self._done}/{self._total}] {self._noun}s{', ' if pace else ''}{pace}{left}{', ' if sure else ''}{sure}"

    def close(self) -> None:
        """Wipe the line off the terminal."""
        if self._width:
            self._renew("")
            self._write("\r")

    def _renew(self, line: str) -> None:
        self._write(f"\r{line:<{self._width}}")
        self._width = len(line)

    def _write(self, text: str) -> None:
        """Write past what makes text harmless, as going back to the first column is meant."""
        with contextlib.suppress(OSError):
            stream = behind(sys.stderr)
            stream.write(text)
            stream.flush()


def _short(seconds: float) -> str:
    """Return a time to two digits: a forecast has no more."""
    return format_duration(max(1.0, float(f"{seconds:.1e}")))
