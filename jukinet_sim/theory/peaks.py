"""When each station is asked to do most of what it can do: the busiest hour, from the flows' rates as functions of time.

Work is counted when its job arrives: gates and delays, which move it to a later hour, are ignored. A scheduled job, such as a
file of records, works its way through one visit at a time, so its work is spread over as long as its visits take; one with a
due time may take as long as it has, so its work is spread over that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Closed, Network, Scheduled, Station
from jukinet_sim.theory.arrivals import rate_steps
from jukinet_sim.theory.servers import server_steps, working_servers
from jukinet_sim.theory.traffic import per_server, station_loads
from jukinet_sim.theory.windows import SAME, Windows, unbeaten
from jukinet_sim.theory.work import SourceWork, places_of, work_by_source

Floats = NDArray[np.float64]
Steps = tuple[Floats, Floats]
"""A step function: when each value begins, from 0 s on, and the values."""
_MOST_MEANS = 5_000_000
"""Where flows times hours are more than this, places are compared over the horizon only."""
_NO_SERVER = 1e150
"""Jobs a second per server where there are jobs and no server: more than any, yet weighted sums of it are finite."""


@dataclass(frozen=True)
class PeakLoad:
    """The busiest hour of a station; it starts at `start_s`, and the load is its mean over that hour.

    For a station kept per place it is the hour of the place that has the busiest one. `servers` is the mean that works in
    that hour, in servers at full speed.
    """

    station: str
    place: int | None
    offered_erlangs: float
    servers: float
    start_s: float

    @property
    def utilisation(self) -> float:
        """Offered load per server in that hour; above 1 a backlog builds up; infinite where nobody serves."""
        return per_server(self.offered_erlangs, self.servers)


def busiest_hour(network: Network) -> tuple[PeakLoad, ...]:
    """Give the busiest hour of each station group, in the network's order; the first of several equal ones.

    A horizon shorter than an hour is one window. Raises ScenarioError as `offered` does.
    """
    return Hours(network).peaks


class Hours:
    """The load of each station as a function of time, from the work of each flow and its rate.

    `sources` are the flows' works, `loads` what `traffic.offered` gives. Places are compared in the hours that no other hour
    beats for every flow; with very many of those, or of flows and hours, the place found may be only nearly the busiest.
    """

    def __init__(self, network: Network) -> None:
        """Trace the work of a network. Raises ScenarioError as `offered` does."""
        self.network = network
        self.sources = work_by_source(network)
        self.loads = station_loads(network, self.sources)
        self._tables = [_rates(source, network.horizon_s) for source in self.sources]
        self._alike = [list(_alike(network, station)) for station in network.stations]
        working = [at_s for kinds in self._alike for _, (at_s, _) in kinds]
        begins = [at_s for at_s, _ in self._tables]
        self._starts = np.unique(np.concatenate([[0.0], *begins, *working]))
        self._window = Windows(self._starts, network.horizon_s)
        self._slots = np.searchsorted(self._starts, np.concatenate([np.zeros(0), *begins]))
        changes = [np.diff(rates, prepend=0.0) for _, rates in self._tables]
        self._change = np.concatenate([np.zeros(0), *changes])
        self._whose = np.repeat(np.arange(len(changes)), [len(change) for change in changes])
        self._hours: dict[tuple[bytes, bytes], Floats] = {}

    @cached_property
    def peaks(self) -> tuple[PeakLoad, ...]:
        """The busiest hour of each station group, in the network's order; the first of several equal ones."""
        return tuple(self._peak(group) for group in range(len(self.network.stations)))

    def by_source(self, group: int, peak: PeakLoad) -> Floats:
        """Give the part of a peak's load that each source brings; `group` is the number of its station."""
        ends_s = peak.start_s + self._window.wide_s
        rates = [_mean(table, peak.start_s, ends_s, self.network.horizon_s) for table in self._tables]
        return np.array(rates) * [source.work_s[group][peak.place or 0] for source in self.sources]

    def _peak(self, group: int) -> PeakLoad:
        """The busiest hour of the place that is busiest in some hour, or over the horizon if its hour is busier."""
        places = dict.fromkeys((self.loads[group].worst_place or 0, self._busiest_place(group)))
        return max((self._peak_at(group, place) for place in places), key=lambda peak: peak.utilisation)

    def _peak_at(self, group: int, place: int) -> PeakLoad:
        station = self.network.stations[group]
        work = np.array([source.work_s[group][place] for source in self.sources])
        steps = np.bincount(self._slots, weights=self._change * work[self._whose], minlength=len(self._starts))
        able = self._laid_out(server_steps(self.network, station, place))
        offered, servers, at_s = self._window.busiest(np.maximum(np.cumsum(steps), 0.0), able)
        return PeakLoad(station.name, None if station.per is None else place, offered, servers, at_s)

    def _busiest_place(self, group: int) -> int:
        """The place with the highest load per server in an hour that stands out; the first of several equal ones."""
        load = self.loads[group]
        work = np.array([source.work_s[group] for source in self.sources])
        used = np.nonzero(work.any(axis=1))[0] if len(work) else np.zeros(0, dtype=np.intp)
        compared = load.worst_place is not None and len(used) and np.isfinite(load.worst_utilisation)
        if not compared or len(used) * len(self._window) > _MOST_MEANS:
            return load.worst_place or 0
        working = working_servers(self.network, self.network.stations[group])
        highest = np.zeros(len(working))
        for places, steps in self._alike[group]:
            rates = self._rates_per_server(used, self._laid_out(steps))
            size = np.divide(working[places[0]], working[places], out=np.zeros(len(places)), where=working[places] > 0.0)
            highest[places] = (work[used][:, places].T @ rates).max(axis=1) * size
        return int(np.argmax(highest >= highest.max() * (1.0 - SAME)))

    def _rates_per_server(self, used: NDArray[np.intp], servers: Floats) -> Floats:
        """The rates of some flows per server, in the hours that can be the busiest of some place."""
        key = (used.tobytes(), servers.tobytes())
        if key not in self._hours:
            able = self._window.working(servers)
            rates = np.array([self._window.means(self._laid_out(self._tables[source])) for source in used])
            rates = np.divide(rates, able, out=np.where(rates > 0.0, _NO_SERVER, 0.0), where=able > 0.0)
            self._hours[key] = rates[:, unbeaten(rates)]
        return self._hours[key]

    def _laid_out(self, steps: Steps) -> Floats:
        """A step function's value from each instant on at which any has a step."""
        at_s, values = steps
        laid_out: Floats = values[np.maximum(np.searchsorted(at_s, self._starts, side="right") - 1, 0)]
        return laid_out


def _alike(network: Network, station: Station) -> Iterator[tuple[NDArray[np.intp], Steps]]:
    """Places of a station whose servers come and go alike, but for their number, with the course at the first of them."""
    kinds: dict[tuple[tuple[float, float], ...], list[int]] = {}
    own = {change.place for change in station.speed}
    for place in range(places_of(network, station.per)):
        changes = [c for c in station.speed if c.place in (None, place)] if place in own else ()
        kinds.setdefault(tuple((c.at_s, c.factor) for c in changes), []).append(place)
    for places in kinds.values():
        yield np.array(places), server_steps(network, station, places[0])


def _mean(table: Steps, begin_s: float, end_s: float, horizon_s: float) -> float:
    """The mean of a step function between two instants before the horizon."""
    edges = np.clip(np.append(table[0], horizon_s), begin_s, end_s)
    return float(np.dot(np.diff(edges), table[1])) / (end_s - begin_s)


def _rates(source: SourceWork, horizon_s: float) -> Steps:
    """A flow's arrivals as a step function; closed flows at the mean that the network lets through."""
    if isinstance(source.flow.arrivals, Scheduled):
        work_s = sum(float(np.sum(work)) for work in source.work_s)
        return _in_progress(source.flow.arrivals, work_s, source.flow.due_s or 0.0, horizon_s)
    if isinstance(source.flow.arrivals, Closed):
        return np.zeros(1), np.array([source.rate_per_s])
    return rate_steps(source.flow, horizon_s)


def _in_progress(arrivals: Scheduled, work_s: float, due_s: float, horizon_s: float) -> Steps:
    """Jobs a second, each spread over the time its visits take, or over the time it has where that is longer.

    `work_s` is the time that the visits of a job of the mean size take.
    """
    inside = arrivals.at_s < horizon_s
    at_s = arrivals.at_s[inside]
    records = np.array(arrivals.records, dtype=np.float64)[inside]
    if not len(at_s) or work_s <= 0.0 or records.sum() <= 0.0:
        return np.zeros(1), np.zeros(1)
    begins, share = at_s[records > 0.0], records[records > 0.0] / records.mean()
    ends = begins + np.maximum(work_s * share, max(due_s, 1e-3))
    rate = share / (ends - begins)
    edges = np.concatenate([[0.0], begins, ends])
    changes = np.concatenate([[0.0], rate, -rate])
    order = np.argsort(edges, kind="stable")
    starts, rates = edges[order], np.cumsum(changes[order])
    kept = (starts < horizon_s) & np.append(np.diff(starts) > 0.0, True)
    return starts[kept], np.maximum(rates[kept], 0.0)
