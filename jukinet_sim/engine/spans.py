"""What is counted only within some stretches of time: who is inside or holds a token in opening hours, who waits in incidents.

Areas are read where a stretch begins and ends, and nothing is written: the loop, the sample path and every other statistic
are those of a run without stretches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Tally

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Look = Callable[[Tally, float], tuple[Floats, Floats]]
"""Areas of some quantities up to an instant, in unit-seconds, and how many there are of each."""


@dataclass(frozen=True)
class _Reading:
    at_s: float
    area: Floats
    level: Floats

    def until(self, end_s: float) -> Floats:
        """Return the areas at an earlier end, if nothing happened after it."""
        return self.area + self.level * min(end_s - self.at_s, 0.0)


class _Stretches:
    """Some quantities within stretches of time that do not overlap, none before the window opens."""

    def __init__(self, look: Look, stretches: Iterable[tuple[float, float]], window_start_s: float) -> None:
        self._look = look
        self._stretches = [(max(a, window_start_s), b) for a, b in stretches if b > window_start_s]
        self.instants = frozenset(edge for stretch in self._stretches for edge in stretch)
        self._read: dict[float, _Reading] = {}

    def read(self, at_s: float, tally: Tally) -> None:
        if at_s in self.instants:
            self._read[at_s] = _Reading(at_s, *self._look(tally, at_s))

    def area(self, end_s: float, tally: Tally) -> Floats:
        """Return the areas within the stretches, up to the end of the run."""
        last = _Reading(end_s, *self._look(tally, end_s))
        total = np.zeros_like(last.area)
        for begins, ends in self._stretches:
            if begins < end_s:
                # An end that lies before it and that nobody has read is one that a limit kept the run from reaching.
                opened, closed = self._read.get(begins, last), self._read.get(ends, last)
                total += closed.until(end_s) - opened.until(end_s)
        return np.maximum(total, 0.0)

    def at_last_end(self, end_s: float, tally: Tally) -> Floats:
        """How many there were when the last stretch ended, or at the end of the run if that comes before."""
        ends = self._stretches[-1][1] if self._stretches else end_s
        return self._read[ends].level if ends in self._read else self._look(tally, end_s)[1]


class Spans:
    """Every stretch of a network, read while a replication runs."""

    def __init__(self, program: Program) -> None:
        network = program.network
        pools = np.array(program.pool_first, dtype=np.intp)
        self._flows = len(network.flows)
        self._hours = [
            _Stretches(_inside_and_held(pools), zip(hours.opens_s, hours.closes_s, strict=True), network.warm_up_s)
            for hours in network.hours
        ]
        self._watches = [
            _Stretches(look, [(watch.begins_s, watch.ends_s)], network.warm_up_s)
            for watch, look in zip(network.watches, _queues(program), strict=True)
        ]
        known = {at_s for stretches in (*self._hours, *self._watches) for at_s in stretches.instants}
        self.instants_s: Sequence[float] = sorted(known)
        """When the engine has to stop for a reading."""

    def read(self, at_s: float, tally: Tally) -> None:
        """Read whatever begins or ends now; every event up to now has been processed."""
        for stretches in (*self._hours, *self._watches):
            stretches.read(at_s, tally)

    def hours(self, end_s: float, tally: Tally) -> tuple[dict[str, Floats], ...]:
        """Return what was counted within each of the network's `hours`; see `protocol.Replication` for the keys."""
        areas = [stretches.area(end_s, tally) for stretches in self._hours]
        return tuple({"inside": area[: self._flows], "held": area[self._flows :]} for area in areas)

    def waited(self, end_s: float, tally: Tally) -> tuple[dict[str, Floats], ...]:
        """Return what was counted at each of the network's watches; see `protocol.Replication` for the keys."""
        return tuple({"area": w.area(end_s, tally), "at_end": w.at_last_end(end_s, tally)} for w in self._watches)


def _inside_and_held(pool_first: NDArray[np.intp]) -> Look:
    """Jobs inside per flow, then tokens held per pool group."""

    def look(tally: Tally, at_s: float) -> tuple[Floats, Floats]:
        flows = tally.fi.reshape(-1, L.FLOW_WORDS)
        inside = _area(flows, flows[:, L.F_IN_SYSTEM], L.F_AREA_SYSTEM, L.F_T_SYSTEM, at_s)
        if not len(pool_first):
            return inside
        pools = tally.pi.reshape(-1, L.POOL_WORDS)
        held = _area(pools, pools[:, L.P_TOKENS] - pools[:, L.P_FREE], L.P_AREA_IN_USE, L.P_T, at_s)
        grouped = [np.add.reduceat(values, pool_first) for values in held]
        return np.concatenate([inside[0], grouped[0]]), np.concatenate([inside[1], grouped[1]])

    return look


def _queues(program: Program) -> Iterator[Look]:
    """Who waits at each place of every watched station or pool."""
    network = program.network
    for watch in network.watches:
        if watch.kind == "station":
            group = [station.name for station in network.stations].index(watch.part)
            yield _queue("si", L.STATION_WORDS, program.station_first[group], program.station_count[group])
        else:
            group = [pool.name for pool in network.pools].index(watch.part)
            yield _queue("pi", L.POOL_WORDS, program.pool_first[group], program.pool_count[group])


def _queue(records: str, words: int, first: int, count: int) -> Look:
    """Who waits at some stations ("si") or pools ("pi") in a row."""
    waiting, area, changed = {
        "si": (L.S_QUEUE, L.S_AREA_QUEUE, L.S_T_QUEUE),
        "pi": (L.P_QUEUE, L.P_AREA_QUEUE, L.P_T_QUEUE),
    }[records]

    def look(tally: Tally, at_s: float) -> tuple[Floats, Floats]:
        here = getattr(tally, records).reshape(-1, words)[first : first + count]
        return _area(here, here[:, waiting], area, changed, at_s)

    return look


def _area(records: Ints, level: Ints, area: int, changed: int, at_s: float) -> tuple[Floats, Floats]:
    """Areas of records brought up to an instant, and their levels; the compensation of an area stands in the next word."""
    numbers, levels = records.view(np.float64), level.astype(np.float64)
    since = np.where(levels != 0.0, at_s - numbers[:, changed], 0.0)
    return (numbers[:, area] + numbers[:, area + 1]) + levels * since, levels
