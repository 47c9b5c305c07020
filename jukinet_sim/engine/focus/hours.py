"""The busiest hour of every station: what every run looks at, in one compiled pass over all stations at each full hour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import observe
from jukinet_sim.engine.focus.watched import Edges, Found
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network.focus import HOUR_S, Focus, focus_key, whole_bins
from jukinet_sim.network.model import Network, Station

LEAST_HOURS, MOST_HOURS = 2, 100_000
MOST_GROUPS = 1000
"""Station groups beyond which none is told apart by the hour: digests would be about little else."""


def hourly(station: Station) -> Focus:
    """Return the focus on the utilisation of a station's busiest hour, at the worst place of a group."""
    place = "" if station.per is None else "worst place"
    key = focus_key("station", station.name, "utilisation", "busiest 1 h", place)
    return Focus(key, "station", (station.name,), "utilisation", worst=bool(place), busiest_s=HOUR_S)


def has_hours(network: Network) -> bool:
    """Whether the busiest hour is looked for: in a run of several whole hours."""
    if not network.busiest_hours:
        return False
    hours = whole_bins(HOUR_S, network.warm_up_s, network.horizon_s).count
    return LEAST_HOURS <= hours <= MOST_HOURS and len(network.stations) <= MOST_GROUPS


class BusiestHours:
    """The busiest hour of every station.

    Where the number of servers is no matter of a schedule it is the hour with most busy time, and where nobody ever comes the
    first one; where it is, the hour in which most of the servers' time was busy.
    """

    def __init__(self, program: Program, tally: Tally) -> None:
        network = program.network
        bins = whole_bins(HOUR_S, network.warm_up_s, network.horizon_s)
        self.edges = Edges(bins.first, bins.count + 1, HOUR_S, (network.warm_up_s, network.horizon_s))
        self._program, self._tally = program, tally
        self._next, self._began = 0, 0.0
        self._last = np.zeros(program.stations)
        self._most, self._begins = np.zeros(program.stations), np.full(program.stations, self.edges.at(0))
        self._scheduled = _scheduled(program)
        size = len(self._scheduled)
        self._last_shares, self._shares, self._shares_begin = np.zeros((size, 2)), np.full(size, -np.inf), np.zeros(size)

    @property
    def next_edge(self) -> float:
        """When the next hour begins or ends; infinity where none will."""
        return self.edges.at(self._next) if self._next < self.edges.count else np.inf

    def edge(self, t: float) -> None:
        """Close the hour that is open, and open the next one."""
        si, sf, closes = self._tally.si, self._tally.sf, self._next > 0
        observe.busiest(si, sf, t, closes, self._began, self._last, self._most, self._begins)
        if len(self._scheduled):
            observe.busiest_scheduled(
                si, sf, self._tally.qi, self._tally.qf, self._scheduled, t, closes, self._began, self._last_shares,
                self._shares, self._shares_begin,
            )  # fmt: skip
        self._began = t
        self._next += 1

    def found(self) -> Iterator[tuple[str, Found]]:
        """Yield what was found for each group."""
        program = self._program
        shares, begin = self._most / (program.servers * HOUR_S), self._begins.copy()
        shares[self._scheduled], begin[self._scheduled] = self._shares, self._shares_begin
        groups = zip(program.network.stations, program.station_first, program.station_count, strict=True)
        for station, first, count in groups:
            place = int(np.argmax(shares[first : first + count]))
            at = first + place
            if self._next > 1 and shares[at] >= 0.0:
                found = Found(float(shares[at]), float(begin[at]), None if station.per is None else place)
            else:
                found = Found(None)
            yield hourly(station).key, found


def _scheduled(program: Program) -> NDArray[np.int64]:
    """Return the numbers of the stations whose servers come and go by a schedule."""
    groups = zip(program.network.stations, program.station_first, program.station_count, strict=True)
    numbers = [np.arange(first, first + count) for station, first, count in groups if station.schedule is not None]
    return np.concatenate([np.empty(0, dtype=np.int64), *numbers])
