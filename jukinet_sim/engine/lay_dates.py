"""Dated changes and breakdown clocks as tables."""

from __future__ import annotations

from collections.abc import Sequence

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
        if station.outages:
            words = [tables.station_words(group, outage.place) for outage in station.outages]
            at_s, for_s = np.array([(outage.at_s, outage.for_s) for outage in station.outages]).T
            changes.add(at_s, L.OUTAGE, words, 1)
            changes.add(at_s + for_s, L.OUTAGE, words, -1)
        speeds = [speed for speed in station.speed if speed.at_s > 0.0]
        if speeds:
            words = [tables.station_words(group, speed.place) for speed in speeds]
            bits = np.array([speed.factor for speed in speeds], dtype=np.float64).view(np.int64)
            changes.add(np.array([speed.at_s for speed in speeds]), L.SPEED, words, bits)
        if station.schedule is not None:
            starts_s, servers = M.unrolled(station.schedule, tables.network.calendar_s)
            changes.add(starts_s, L.SERVERS, [tables.station_words(group, None)], servers)
    for index, state in enumerate(tables.network.states):
        if state.changes:
            instants, places, values = zip(*state.changes, strict=True)
            words = [tables.state_words(index, place) for place in places]
            changes.add(np.array(instants, dtype=np.float64), L.STATE, words, np.array(values, dtype=np.int64))
    return changes.in_order()


class _Changes:
    """Dated changes as they are found: an instant, a kind, the words concerned, and the new value or the difference."""

    def __init__(self) -> None:
        self._at_s: list[Floats] = []
        self._rows: list[Ints] = []

    def add(self, at_s: Floats, kind: int, words: Sequence[range], values: Ints | int) -> None:
        """Note a change at each instant of the words that belong to it, or of the same where one range of them is given."""
        first, step, count = np.array([(one.start, one.step, len(one)) for one in words], dtype=np.int64).T
        if len(words) != len(at_s):
            first, step, count = (np.broadcast_to(column, len(at_s)) for column in (first, step, count))
        each = np.repeat(np.arange(len(at_s)), count)
        nth = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
        kinds, value = np.full(len(each), kind), np.broadcast_to(values, len(at_s))
        self._at_s.append(at_s[each])
        self._rows.append(np.column_stack([kinds, first[each] + nth * step[each], value[each]]))

    def in_order(self) -> tuple[Floats, Ints]:
        """Instants, and rows of kind, word and value: by instant, ends of outages after everything else, kind and word."""
        if not self._rows:
            return floats(()), ints((), L.DATED_COLUMNS)
        at_s, rows = np.concatenate(self._at_s), np.concatenate(self._rows)
        kinds, words, values = rows.T
        ends = (kinds == L.OUTAGE) & (values < 0)
        order = np.lexsort((words, kinds, ends, at_s))
        return floats(at_s[order]), ints(rows[order], L.DATED_COLUMNS)


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
