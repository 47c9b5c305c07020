"""When each station and pool is asked for most of what it has: the busiest hour, from the flows' rates as functions of time.

Work is counted when its job arrives: gates and delays, which move it to a later hour, are ignored. A scheduled job, such as a
file of records, works its way through one visit at a time, so its work is spread over as long as its visits take; one with a
due time may take as long as it has, so its work is spread over that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Closed, Flow, Gate, Network, Scheduled, Station, all_steps
from jukinet_sim.theory.arrivals import rate_steps
from jukinet_sim.theory.courses import Courses, Steps
from jukinet_sim.theory.pools import pool_loads
from jukinet_sim.theory.servers import server_steps, speed_changes, working_servers
from jukinet_sim.theory.spread import places_of
from jukinet_sim.theory.traffic import per_server, station_loads
from jukinet_sim.theory.windows import HOUR_S, SAME, unbeaten
from jukinet_sim.theory.work import Asked, SourceWork, tokens_per_s, work_by_source

Floats = NDArray[np.float64]
_MOST_MEANS = 5_000_000
"""Where flows times hours are more than this, places are compared over the horizon only."""
_BLOCK = 16_384
"""So many places are compared at once, so that memory does not grow with places times hours."""
_SIDE_BY_SIDE = 16
"""So many sets of flows are kept laid out; stations that follow each other are often met by the same ones."""
_BLINK_S = 1e-3
"""A scheduled job is in progress for at least this long."""
_NO_SERVER = 1e150
"""Jobs a second per server where there are jobs and no server: more than any, yet weighted sums of it are finite."""


@dataclass(frozen=True)
class PeakLoad:
    """The busiest hour of a station or pool; it starts at `start_s`, and the load is its mean over that hour.

    For one kept per place it is the hour of the place that has the busiest one. `servers` is the mean that works in that hour,
    in servers at full speed; of a pool it is its tokens, of a bucket those that come in a second.
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


@dataclass(frozen=True)
class _Group:
    """Stations or pools of one name: their number, what one job of each source asks for, and what there is of it."""

    name: str
    per: str | None
    number: int
    asked: tuple[Asked, ...]
    able: Callable[[], Floats]
    """What there is at each place."""
    alike: tuple[tuple[NDArray[np.intp], Steps], ...]
    """Places whose servers or tokens have the same course but for their number, and that of the first of them."""
    course: Callable[[int], Steps]
    worst_place: int
    comparable: bool
    """Whether it has several places, each with something to share out."""


class Hours:
    """The load of each station and pool as a function of time, from the work of each flow and its rate.

    `sources` are the flows' works, `loads` what `traffic.offered` gives, `pool_loads` what `pools.pools_asked` does. Places
    are compared in the hours that no other hour beats for every flow; with very many of those, or of flows and hours, the
    place found may be only nearly the busiest. Hours that begin or end where nothing changes for a station are not looked at.
    """

    def __init__(self, network: Network) -> None:
        """Trace the work of a network. Raises ScenarioError as `offered` does."""
        self.network = network
        self.sources = work_by_source(network)
        self.loads = station_loads(network, self.sources)
        self.pool_loads = pool_loads(network, self.sources)
        self._tables = [_rates(source, network.horizon_s) for source in self.sources]
        self._urgent = np.array([not _can_wait(one.flow) for one in self.sources])
        self._groups = [self._station(group) for group in range(len(network.stations))]
        self._pools = [self._pool(group) for group in range(len(network.pools))]
        self._courses = lru_cache(maxsize=_SIDE_BY_SIDE)(self._laid_out)
        self._means = lru_cache(maxsize=_SIDE_BY_SIDE)(lambda *laid_out: self._courses(*laid_out).means())
        self._hours: dict[tuple[bytes, bytes, bytes], Floats] = {}

    @cached_property
    def peaks(self) -> tuple[PeakLoad, ...]:
        """The busiest hour of each station group, in the network's order; the first of several equal ones."""
        return tuple(self._peak(group) for group in self._groups)

    @cached_property
    def pool_peaks(self) -> tuple[PeakLoad, ...]:
        """The busiest hour of each pool group, in the network's order; the first of several equal ones."""
        return tuple(self._peak(group) for group in self._pools)

    def by_source(self, group: int, peak: PeakLoad, *, pool: bool = False) -> Floats:
        """Give the part of a peak's load that each source brings; `group` is the number of its station, or `pool`."""
        ends_s = peak.start_s + min(HOUR_S, self.network.horizon_s)
        rates = [_mean(table, peak.start_s, ends_s, self.network.horizon_s) for table in self._tables]
        asked = (self._pools if pool else self._groups)[group]
        return np.array(rates) * [asks.work_at(group, peak.place or 0) for asks in asked.asked]

    def _station(self, number: int) -> _Group:
        network, station, load = self.network, self.network.stations[number], self.loads[number]
        return _Group(
            station.name, station.per, number, tuple(source.stations for source in self.sources),
            lambda: working_servers(network, station), tuple(_alike(network, station)),
            lambda place: server_steps(network, station, place), load.worst_place or 0,
            load.worst_place is not None and bool(np.isfinite(load.worst_utilisation)),
        )  # fmt: skip

    def _pool(self, number: int) -> _Group:
        pool, load = self.network.pools[number], self.pool_loads[number]
        able = tokens_per_s(self.network, pool)

        def course(place: int) -> Steps:
            return np.zeros(1), able[place : place + 1]

        # Tokens do not come and go, so that places differ in their number alone.
        first = np.argsort(-able, kind="stable")
        return _Group(
            pool.name, pool.per, number, tuple(source.pools for source in self.sources), lambda: able,
            ((first, course(int(first[0]))),), course, load.worst_place or 0,
            load.worst_place is not None and bool(np.isfinite(load.worst_load)),
        )  # fmt: skip

    def _peak(self, group: _Group) -> PeakLoad:
        """Return the busiest hour of the place that is busiest in some hour, or over the horizon if its hour is busier."""
        used = np.array([i for i, asks in enumerate(group.asked) if asks.works(group.number)], dtype=np.intp)
        places = dict.fromkeys((group.worst_place, self._busiest_place(group, used)))
        return max((self._peak_at(group, place, used) for place in places), key=lambda peak: peak.utilisation)

    def _peak_at(self, group: _Group, place: int, used: NDArray[np.intp]) -> PeakLoad:
        """Return the busiest hour of a place; `used` are the sources that ask the group for anything."""
        work = np.array([group.asked[source].work_at(group.number, place) for source in used])
        if not work.any():
            used, work = used[:0], work[:0]
        servers = group.course(place)
        courses = self._courses(used.tobytes(), servers[0].tobytes())
        urgent = self._urgent[used]
        hurried = None if urgent.all() else courses.load(work * urgent)
        offered, there, at_s = courses.windows.busiest(courses.load(work), courses.laid_out(servers), hurried)
        return PeakLoad(group.name, None if group.per is None else place, offered, there, at_s)

    def _laid_out(self, used: bytes, servers_at_s: bytes) -> Courses:
        """Return the rates of some sources side by side, with servers that change at these instants."""
        tables = [self._tables[source] for source in np.frombuffer(used, dtype=np.intp)]
        return Courses(tables, np.frombuffer(servers_at_s), self.network.horizon_s)

    def _busiest_place(self, group: _Group, used: NDArray[np.intp]) -> int:
        """Return the place with the highest load per server in an hour that stands out; the first of several equal ones."""
        if group.per is None or not group.comparable or not len(used):
            return group.worst_place
        working = group.able()
        highest = np.zeros(len(working))
        # Laid out once for all places: hours that are only another place's to begin or end are no busier than its own.
        laid_out = (used.tobytes(), np.unique(np.concatenate([steps[0] for _, steps in group.alike])).tobytes())
        if len(used) * len(self._courses(*laid_out).windows) > _MOST_MEANS:
            return group.worst_place
        for places, steps in group.alike:
            rates = self._rates_per_server(laid_out, steps)
            size = np.divide(working[places[0]], working[places], out=np.zeros(len(places)), where=working[places] > 0.0)
            for begin in range(0, len(places), _BLOCK):
                some = places[begin : begin + _BLOCK]
                work = np.array([group.asked[source].work_s(group.number, some) for source in used])
                highest[some] = (work.T @ rates).max(axis=1) * size[begin : begin + _BLOCK]
        return int(np.argmax(highest >= highest.max() * (1.0 - SAME)))

    def _rates_per_server(self, laid_out: tuple[bytes, bytes], servers: Steps) -> Floats:
        """Return the rates of some flows per server, in the hours that can be the busiest of some place."""
        key = (laid_out[0], servers[0].tobytes(), servers[1].tobytes())
        if key not in self._hours:
            courses, rates = self._courses(*laid_out), self._means(*laid_out)
            able = courses.windows.working(courses.laid_out(servers))
            rates = np.divide(rates, able, out=np.where(rates > 0.0, _NO_SERVER, 0.0), where=able > 0.0)
            self._hours[key] = rates[:, unbeaten(rates)]
        return self._hours[key]


def _can_wait(flow: Flow) -> bool:
    """Tell whether a flow's work can wait for a server: it is spread over the time it has, or waits for a gate to open."""
    spread = isinstance(flow.arrivals, Scheduled) and flow.due_s is not None
    return spread or any(isinstance(step, Gate) for step in all_steps(flow.route))


def _alike(network: Network, station: Station) -> Iterator[tuple[NDArray[np.intp], Steps]]:
    """Places of a station whose servers come and go alike, but for their number, with the course at the first of them."""
    dated = speed_changes(station)
    if not dated.own:
        yield np.arange(places_of(network, station.per)), server_steps(network, station, 0)
        return
    kinds: dict[tuple[tuple[float, float], ...], list[int]] = {}
    for place in range(places_of(network, station.per)):
        changes = dated.at(place) if place in dated.own else ()
        kinds.setdefault(tuple((c.at_s, c.factor) for c in changes), []).append(place)
    for places in kinds.values():
        yield np.array(places), server_steps(network, station, places[0])


def _mean(table: Steps, begin_s: float, end_s: float, horizon_s: float) -> float:
    """Return the mean of a step function between two instants before the horizon."""
    edges = np.clip(np.append(table[0], horizon_s), begin_s, end_s)
    return float(np.dot(np.diff(edges), table[1])) / (end_s - begin_s)


def _rates(source: SourceWork, horizon_s: float) -> Steps:
    """Return a flow's arrivals as a step function; closed flows at the mean that the network lets through."""
    if isinstance(source.flow.arrivals, Scheduled):
        lasts_s = sum(_seconds(source.stations))
        if lasts_s <= 0.0 and any(source.pools.times(group).any() for group in source.pools.shares):
            # Visits are what a job lasts; one that only takes tokens is there as long as it holds them.
            lasts_s = max(_BLINK_S, *_seconds(source.pools))
        return _in_progress(source.flow.arrivals, lasts_s, source.flow.due_s or 0.0, horizon_s)
    if isinstance(source.flow.arrivals, Closed):
        return np.zeros(1), np.array([source.rate_per_s])
    return rate_steps(source.flow, horizon_s)


def _seconds(asked: Asked) -> list[float]:
    """Return what a job asks of each group over all places."""
    return [float(np.sum(asked.work_s(group))) for group in sorted(asked.shares)]


def _in_progress(arrivals: Scheduled, work_s: float, due_s: float, horizon_s: float) -> Steps:
    """Give the jobs a second, each spread over the time its visits take, or over the time it has where that is longer.

    `work_s` is the time that the visits of a job of the mean size take.
    """
    inside = arrivals.at_s < horizon_s
    at_s = arrivals.at_s[inside]
    records = np.array(arrivals.records, dtype=np.float64)[inside]
    if not len(at_s) or work_s <= 0.0 or records.sum() <= 0.0:
        return np.zeros(1), np.zeros(1)
    begins, share = at_s[records > 0.0], records[records > 0.0] / records.mean()
    together = np.ones(len(begins))
    if share.min() == share.max():
        # As many terminals begin at few instants, so do their jobs count together.
        begins, numbers = np.unique(begins, return_counts=True)
        together, share = numbers.astype(np.float64), np.full(len(begins), share[0])
    ends = begins + np.maximum(work_s * share, max(due_s, _BLINK_S))
    rate = together * share / (ends - begins)
    edges = np.concatenate([[0.0], begins, ends])
    changes = np.concatenate([[0.0], rate, -rate])
    order = np.argsort(edges, kind="stable")
    starts, rates = edges[order], np.cumsum(changes[order])
    kept = (starts < horizon_s) & np.append(np.diff(starts) > 0.0, True)
    return starts[kept], np.maximum(rates[kept], 0.0)
