"""How much a station can do: servers as scheduled, times the share of time they work, times their speed.

In servers at full speed. Breakdowns count at their long-run availability; outages are not subtracted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.network.model import Network, SpeedFrom, Station
from jukinet_sim.theory.breakdowns import availability

Floats = NDArray[np.float64]
MOST_SEGMENTS = 100_000
"""A schedule that repeats so often that it would need more segments than this counts at its mean."""


def working_servers(network: Network, station: Station) -> Floats:
    """Give the mean over the horizon for each place of a station group.

    A repeating schedule counts at the mean of one repeat, a changing speed at its own mean: where both change together the
    true mean of their product may differ.
    """
    places = 1 if station.per is None else network.level(station.per).count
    servers = station.servers_by_place(places).astype(np.float64)
    if station.schedule is not None:
        until_s = station.schedule.repeat_s or network.horizon_s
        servers[:] = _mean(np.array(station.schedule.start_s), np.array(station.schedule.servers, dtype=np.float64), until_s)
    if station.speed:
        changes = speed_changes(station)
        servers *= [_mean(*_speeds(changes.at(place)), network.horizon_s) for place in range(places)]
    return servers * _available(station)


def server_steps(network: Network, station: Station, place: int) -> tuple[Floats, Floats]:
    """Give the same for one place as a step function: when each value begins, from 0 s to the horizon, and the values."""
    starts, servers = np.zeros(1), np.array([float(station.servers_at(place))])
    if station.schedule is None and not station.speed:
        return starts, servers * _available(station)
    if station.schedule is not None:
        starts, servers = _scheduled(station, network.horizon_s)
    changes, factors = _speeds(speed_changes(station).at(place))
    edges = np.unique(np.concatenate([starts, changes]))
    edges = edges[edges < network.horizon_s]
    product = _value_at(edges, starts, servers) * _value_at(edges, changes, factors)
    return edges, product * _available(station)


def _available(station: Station) -> float:
    if station.breakdowns is None:
        return 1.0
    return availability(station.breakdowns.up.mean, station.breakdowns.down.mean)


def _scheduled(station: Station, horizon_s: float) -> tuple[Floats, Floats]:
    """Return a schedule with its repeats written out, or at its mean where that would be too long."""
    schedule = station.schedule
    assert schedule is not None
    starts, servers = np.array(schedule.start_s), np.array(schedule.servers, dtype=np.float64)
    if schedule.repeat_s is None:
        return starts, servers
    repeats = math.ceil(horizon_s / schedule.repeat_s)
    if repeats * starts.size > MOST_SEGMENTS:
        return np.zeros(1), np.array([_mean(starts, servers, schedule.repeat_s)])
    return (starts + np.arange(repeats)[:, None] * schedule.repeat_s).ravel(), np.tile(servers, repeats)


class SpeedChanges:
    """A station's changes of speed by place, in order of time; those of one instant as they are written."""

    def __init__(self, station: Station) -> None:
        self._common: list[tuple[int, SpeedFrom]] = []
        self.own: dict[int, list[tuple[int, SpeedFrom]]] = {}
        """The numbered changes of each place that has some of its own."""
        for number, change in enumerate(sorted(station.speed, key=lambda change: change.at_s)):
            (self._common if change.place is None else self.own.setdefault(change.place, [])).append((number, change))

    def at(self, place: int) -> tuple[SpeedFrom, ...]:
        """Return what changes at a place."""
        own = self.own.get(place)
        numbered = self._common if own is None else sorted([*self._common, *own], key=lambda pair: pair[0])
        return tuple(change for _, change in numbered)


@of_the_latest
def speed_changes(station: Station) -> SpeedChanges:
    """Return a station's changes of speed by place."""
    return SpeedChanges(station)


def _speeds(changes: Sequence[SpeedFrom]) -> tuple[Floats, Floats]:
    """Return speed factors in time, from 1 on; of several at one instant the last named counts."""
    dated = {0.0: 1.0}
    for change in changes:
        dated[max(change.at_s, 0.0)] = change.factor
    return np.array(list(dated)), np.array(list(dated.values()))


def _value_at(t_s: Floats, starts: Floats, values: Floats) -> Floats:
    picked: Floats = values[np.maximum(np.searchsorted(starts, t_s, side="right") - 1, 0)]
    return picked


def _mean(starts: Floats, values: Floats, until_s: float) -> float:
    """Return the mean of a step function before `until_s`."""
    edges = np.minimum(np.append(starts, until_s), until_s)
    return float(np.dot(np.diff(edges), values)) / until_s
