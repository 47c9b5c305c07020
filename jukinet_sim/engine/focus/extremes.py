"""Extremes of the run, such as the longest wait, that are watched per window as well.

A record keeps one extreme. Where a window begins or ends the word is taken out, told to the run and to every window that is
open, and begun anew; at the end of the run the word is given back what it would have been had nobody watched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.tally import Tally

Floats = NDArray[np.float64]

_WORDS: dict[tuple[str, str], int] = {
    ("flow", "sojourn_min"): L.F_SOJOURN_MIN,
    ("flow", "sojourn_max"): L.F_SOJOURN_MAX,
    ("flow", "wait_min"): L.F_WAIT_MIN,
    ("flow", "wait_max"): L.F_WAIT_MAX,
    ("flow", "wait_gone_max"): L.F_GONE_MAX,
    ("station", "wait_max"): L.S_WAIT_MAX,
    ("station", "wait_gone_max"): L.Q_GONE_MAX,
    ("station", "peak"): L.S_LINE + L.LINE_PEAK,
    ("pool", "wait_max"): L.P_WAIT_MAX,
    ("pool", "peak"): L.P_LINE + L.LINE_PEAK,
}
_NOTHING = {"sojourn_min": np.inf, "wait_min": np.inf}
"""The extreme of no observation, 0 of all others."""


@dataclass(eq=False)
class Tracked:
    """One extreme within the window that is open."""

    word: _Word
    rows: Any
    open: bool = False
    so_far: Floats = field(default_factory=lambda: np.zeros(0))

    def begin(self) -> None:
        """Begin a window now; the word has been taken out."""
        self.open, self.so_far = True, self.word.nothing()

    @property
    def values(self) -> Floats:
        """The extreme of each record since the window began, up to when the word was last taken out."""
        return np.asarray(self.so_far[self.rows])


class _Word:
    """One extreme of all records of a kind."""

    def __init__(self, tally: Tally, kind: str, name: str) -> None:
        self._peak, self._empty = name == "peak", _NOTHING.get(name, 0.0)
        self._larger = np.minimum if name in _NOTHING else np.maximum
        self._shared: Any = None
        self._waiting: Any = None
        word = _WORDS[kind, name]
        records = {"flow": tally.fi, "station": tally.si, "pool": tally.pi}[kind]
        width = {"flow": L.FLOW_WORDS, "station": L.STATION_WORDS, "pool": L.POOL_WORDS}[kind]
        self._column = records.reshape(-1, width)[:, word]
        self._spread: Any = None
        if self._peak:
            self._waiting = records.reshape(-1, width)[:, L.S_QUEUE if kind == "station" else L.P_QUEUE]
            if kind == "station":
                network = tally.program.network
                self._shared = np.array([station.discipline == "ps" for station in network.stations])[tally.program.groups]
        elif (kind, name) == ("station", "wait_gone_max"):
            at = tally.si.reshape(-1, width)[:, L.S_SPECIAL] // L.SPECIAL_WORDS
            self._column, self._spread = tally.qi.reshape(-1, L.SPECIAL_WORDS)[:, word], at
        if not self._peak:
            self._column = self._column.view(np.float64)
        self._run = np.full(self._column.shape, self._empty)
        self.tracked: list[Tracked] = []
        self._taken_at = -1.0

    def nothing(self) -> Floats:
        """Return the extreme, for each record, of a window that begins now."""
        now = self._begun()
        return now if self._spread is None else self._by_station(now)

    def _begun(self) -> Floats:
        if not self._peak:
            return np.full(self._column.shape, self._empty)
        waiting = self._waiting.astype(np.float64)
        return np.where(self._shared, 0.0, waiting) if self._shared is not None else waiting

    def _by_station(self, values: Floats) -> Floats:
        return np.where(self._spread >= 0, values[self._spread], 0.0)

    def take(self, at_s: float) -> None:
        """Take the word out, once an instant."""
        if at_s == self._taken_at:
            return
        self._taken_at = at_s
        now = self._column.astype(np.float64)
        self._run = self._larger(self._run, now)
        told = now if self._spread is None else self._by_station(now)
        for one in self.tracked:
            if one.open:
                one.so_far = self._larger(one.so_far, told)
        self._column[:] = self._begun()

    def give_back(self) -> None:
        """Let the record have the extreme of the run."""
        self._column[:] = self._larger(self._run, self._column)


class Extremes:
    """Every extreme that some window asks for."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._words: dict[tuple[str, str], _Word] = {}

    def track(self, kind: str, name: str, rows: Any) -> Tracked:
        """Begin to track an extreme of some records."""
        key = (kind, name)
        if key not in self._words:
            self._words[key] = _Word(self._tally, kind, name)
        tracked = Tracked(self._words[key], rows)
        self._words[key].tracked.append(tracked)
        return tracked

    def give_back(self) -> None:
        """Let all records have the extremes of the run again."""
        for word in self._words.values():
            word.give_back()
