"""Dated changes and breakdown clocks as tables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.draws import name_hash
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.tables import Tables, floats, ints
from jukinet_sim.network import model as M

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def timeline_rows(tables: Tables) -> tuple[Floats, Ints]:
    """Dated changes in order; at one instant outages begin first and end last, so that outages which touch are one."""
    events: list[tuple[float, int, int, int]] = []
    for group, station in enumerate(tables.network.stations):
        for outage in station.outages:
            for word in tables.station_words(group, outage.place):
                events.append((outage.at_s, L.OUTAGE, word, 1))
                events.append((outage.at_s + outage.for_s, L.OUTAGE, word, -1))
        for speed in station.speed:
            if speed.at_s > 0.0:
                bits = int(np.float64(speed.factor).view(np.int64))
                events.extend((speed.at_s, L.SPEED, word, bits) for word in tables.station_words(group, speed.place))
        if station.schedule is not None:
            until_s = tables.network.calendar_s
            for at_s, servers in M.unrolled(station.schedule, until_s):
                events.extend((at_s, L.SERVERS, word, servers) for word in tables.station_words(group, None))
    for index, state in enumerate(tables.network.states):
        for at_s, place, value in state.changes:
            places = range(tables.places(state.per)) if place is None else (place,)
            events.extend((at_s, L.STATE, tables.state_first[index] + p, value) for p in places)
    events.sort(key=lambda e: (e[0], e[1] == L.OUTAGE and e[3] < 0, e[1], e[2]))
    return floats([e[0] for e in events]), ints([list(e[1:]) for e in events], L.DATED_COLUMNS)


def clock_rows(tables: Tables) -> list[list[int]]:
    """A row for every server, or station, that fails at random."""
    rows = []
    for group, station in enumerate(tables.network.stations):
        breakdowns = station.breakdowns
        if breakdowns is None:
            continue
        up, down = tables.samplers.add(breakdowns.up), tables.samplers.add(breakdowns.down)
        for place, word in enumerate(tables.station_words(group, None)):
            servers = range(station.servers_at(place)) if breakdowns.per == "server" else (-1,)
            rows += [[word, i, place << 32 | max(i, 0), name_hash(station.name), up, down] for i in servers]
    return rows
