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
        self._blocks: list[tuple[Floats, Ints, Ints, Ints]] = []

    def add(self, at_s: Floats, kind: int, words: Sequence[range], values: Ints | int) -> None:
        """Note a change at each instant of its own words, or of the same ones where there is one range; all have one step."""
        step = words[0].step
        first, count = np.array([(one.start, len(one)) for one in words], dtype=np.int64).T
        first, count, values = (np.broadcast_to(column, len(at_s)) for column in (first, count, values))
        before = np.cumsum(count) - count
        found = np.repeat(first - step * before, count)
        found += step * np.arange(len(found))
        self._blocks.append((np.repeat(at_s, count), np.full(len(found), kind), found, np.repeat(values, count)))

    def in_order(self) -> tuple[Floats, Ints]:
        """Instants, and rows of kind, word and value: by instant, ends of outages after everything else, kind and word."""
        if not self._blocks:
            return floats(()), ints((), L.DATED_COLUMNS)
        at_s, kinds, words, values = (np.concatenate(parts) for parts in zip(*self._blocks, strict=True))
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
