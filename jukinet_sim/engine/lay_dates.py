"""Dated changes and breakdown clocks as tables."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.keys import name_hash
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.tables import Tables, floats, ints
from jukinet_sim.network import model as M

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def timeline_rows(tables: Tables) -> tuple[Floats, Ints]:
    """Dated changes in order; at one instant outages begin first and end last, so that outages which touch are one.

    A large network whose every place stops once a day has a million of them, so they never become Python objects.
    """
    changes = _Changes()
    for group, station in enumerate(tables.network.stations):
        for outage in station.outages:
            words = tables.station_words(group, outage.place)
            changes.add(outage.at_s, L.OUTAGE, words, 1)
            changes.add(outage.at_s + outage.for_s, L.OUTAGE, words, -1)
        for speed in station.speed:
            if speed.at_s > 0.0:
                bits = int(np.float64(speed.factor).view(np.int64))
                changes.add(speed.at_s, L.SPEED, tables.station_words(group, speed.place), bits)
        if station.schedule is not None:
            words = tables.station_words(group, None)
            for at_s, servers in M.unrolled(station.schedule, tables.network.calendar_s):
                changes.add(at_s, L.SERVERS, words, servers)
    for index, state in enumerate(tables.network.states):
        first = tables.state_first[index]
        everywhere = range(first, first + tables.places(state.per))
        for at_s, place, value in state.changes:
            changes.add(at_s, L.STATE, everywhere if place is None else (first + place,), value)
    return changes.in_order()


class _Changes:
    """Dated changes as they are found: an instant, a kind, the words concerned, and the new value or the difference."""

    def __init__(self) -> None:
        self._blocks: list[tuple[float, int, Ints, int]] = []

    def add(self, at_s: float, kind: int, words: Iterable[int], value: int) -> None:
        """Note one change of several words."""
        if isinstance(words, range):  # of all places of a group, of which there may be thousands
            found = np.arange(words.start, words.stop, words.step, dtype=np.int64)
        else:
            found = np.fromiter(words, np.int64)
        self._blocks.append((at_s, kind, found, value))

    def in_order(self) -> tuple[Floats, Ints]:
        """Instants, and rows of kind, word and value: by instant, ends of outages after everything else, kind and word."""
        sizes = [len(words) for _, _, words, _ in self._blocks]
        at_s, kinds, values = (
            np.repeat(np.array([block[part] for block in self._blocks], dtype), sizes)
            for part, dtype in ((0, np.float64), (1, np.int64), (3, np.int64))
        )
        words = np.concatenate([block[2] for block in self._blocks]) if self._blocks else np.zeros(0, np.int64)
        ends = (kinds == L.OUTAGE) & (values < 0)
        order = np.lexsort((words, kinds, ends, at_s))
        return floats(at_s[order]), ints(np.column_stack([kinds, words, values])[order], L.DATED_COLUMNS)


def clock_rows(tables: Tables) -> Ints:
    """Return a row for every server, or station, that fails at random: there may be a million of them."""
    blocks = []
    for group, station in enumerate(tables.network.stations):
        breakdowns = station.breakdowns
        if breakdowns is None:
            continue
        up, down = tables.samplers.add(breakdowns.up), tables.samplers.add(breakdowns.down)
        for place, word in enumerate(tables.station_words(group, None)):
            servers = np.arange(station.servers_at(place)) if breakdowns.per == "server" else np.array([-1])
            rows = np.full((len(servers), L.CLOCK_COLUMNS), (word, 0, 0, name_hash(station.name), up, down))
            rows[:, 1], rows[:, 2] = servers, place << 32 | np.maximum(servers, 0)
            blocks.append(rows)
    return ints(np.concatenate(blocks) if blocks else (), L.CLOCK_COLUMNS)
