"""Trials timed in rounds: each round takes all of them in another order, so that whatever disturbs the machine disturbs all.

What counts is the processor time of this thread. Most trials are repeated within a round until the clock's own cost is nothing
beside them; those that take another time at each call are timed call by call.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import TypeVar

from jukinet_sim.crypto.bench.memory import keep_memory
from jukinet_sim.crypto.bench.trial import Trial
from jukinet_sim.crypto.digests import hashed

Key = TypeVar("Key", bound=Hashable)
_BATCH_NS = 400_000
_MOST_REPEATS = 2_000
LEAST_RANDOM = 250
"""So many calls at least of what takes another time at each."""
_RANDOM_IN_A_ROUND = 3
_LEAST_ROUNDS, _LEAST_SINGLE = 5, 20
_GAUGE_BYTES = 4096
_READINGS = 1_000


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds of a call, in order of rounds: the mean of a round's calls, or one call of those that differ each time."""

    seconds: tuple[float, ...]


@dataclass(frozen=True)
class Rounds:
    """What was timed, how many rounds there were, and the gauge: a reference timed between all the others."""

    gauge: Timed
    rounds: int
    seconds: float


def shuffled(count: int, turn: int) -> list[int]:
    """Return the numbers below `count` in an order that is another one at each turn and the same in each process."""
    digest = hashlib.shake_256(f"round {turn}".encode()).digest(8 * count)
    keys = [digest[8 * number : 8 * number + 8] for number in range(count)]
    return sorted(range(count), key=keys.__getitem__)


@cache
def _reading_ns() -> int:
    """Return what reading the clock takes: the typical time between two readings with nothing in between."""
    found = []
    for _ in range(_READINGS):
        start = time.thread_time_ns()
        found.append(time.thread_time_ns() - start)
    return int(median(found))


class _Cell:
    """One trial with what was measured of it; a batch is warmed up by a call that is not timed."""

    def __init__(self, trial: Trial, random: bool, single: bool = False) -> None:
        self.trial, self._one_by_one, self._warm = trial, random or single, not single
        self.found: list[float] = []
        self.repeats = 1
        self._least = LEAST_RANDOM if random else _LEAST_SINGLE if single else _LEAST_ROUNDS
        self._calibrate()
        if single:
            self.repeats = 1
        elif random:
            # So many calls in each round that the least number of them comes together in good time.
            self.repeats = max(_RANDOM_IN_A_ROUND, self.repeats)

    def _calibrate(self) -> None:
        """Find how many calls make a batch that the clock can be trusted with; they also warm everything up."""
        while (taken := self._time(self.repeats)) < _BATCH_NS and self.repeats < _MOST_REPEATS:
            self.repeats = min(_MOST_REPEATS, max(2 * self.repeats, int(self.repeats * 1.2 * _BATCH_NS / max(taken, 1))))

    def _time(self, repeats: int) -> int:
        """Return the nanoseconds of so many calls; what they need is made before."""
        items = [self.trial.prepare() for _ in range(repeats)]
        act = self.trial.act
        start = time.thread_time_ns()
        for item in items:
            act(item)
        # An exchange of a few microseconds reads the clock once, its operations each on their own.
        return max(1, time.thread_time_ns() - start - _reading_ns())

    def turn(self) -> None:
        """Time a batch, or each call of it on its own."""
        if self._warm:
            self.trial.act(self.trial.prepare())
        if self._one_by_one:
            self.found.extend(self._time(1) * 1e-9 for _ in range(self.repeats))
        else:
            self.found.append(self._time(self.repeats) * 1e-9 / self.repeats)

    def enough(self) -> bool:
        """Whether there are as many calls as are needed in any case."""
        return len(self.found) >= self._least


def time_rounds(
    trials: Mapping[Key, Trial], random: Sequence[Key], seconds: float, tell: Callable[[float], None] | None = None,
    single: bool = False,
) -> tuple[dict[Key, Timed], Rounds]:
    """Time trials for so many seconds, longer where some have not had their least number of calls; `tell` hears the seconds.

    `random` names those that take another time at each call. With `single` each call is timed on its own between others, as
    cold as within an exchange; otherwise calls are repeated, as warm as on a server that does little else.
    """
    keep_memory()
    cells = {key: _Cell(trial, key in random, single) for key, trial in trials.items()}
    message = bytes(range(256)) * (_GAUGE_BYTES // 256)
    gauge = _Cell(Trial(lambda: message, lambda data: hashed("sha256", data)), random=False)
    keys = list(cells)
    started = time.monotonic()
    turn = 0
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        while time.monotonic() - started < seconds or not all(cell.enough() for cell in cells.values()):
            late = time.monotonic() - started >= seconds
            for at, number in enumerate(shuffled(len(keys), turn)):
                cell = cells[keys[number]]
                if not late or not cell.enough():
                    cell.turn()
                if at % 16 == 0:
                    gauge.turn()
            turn += 1
            if tell is not None:
                tell(time.monotonic() - started)
    finally:
        if was_collecting:
            gc.enable()
    taken = time.monotonic() - started
    found = {key: Timed(tuple(cell.found)) for key, cell in cells.items()}
    return found, Rounds(Timed(tuple(gauge.found)), turn, taken)
