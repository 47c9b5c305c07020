"""What one arriving job causes: visits and seconds of service, tokens and how long they are held, spawned jobs included.

Which place a job goes to, what it finds at a switch and how often it comes to a step enter as averages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.network.model import Acquire, Closed, Flow, Network, Pool, Station, Visit, Which, all_steps
from jukinet_sim.theory.arrivals import closed_rate, mean_rate
from jukinet_sim.theory.holding import held_s
from jukinet_sim.theory.jobs import MeanStep, jobs_of
from jukinet_sim.theory.servers import working_servers
from jukinet_sim.theory.spread import PlaceWeights, places_of

Floats = NDArray[np.float64]
Places = slice | NDArray[np.intp]
_ALL = slice(None)


class Share(NamedTuple):
    """What one step of a route asks of a group: so many jobs so many times each, for so long in all, spread over places so.

    `stays` tells whether they can pile up without end.
    """

    jobs: float
    times: float
    work_s: float
    stays: bool
    where: Floats


@dataclass(frozen=True)
class Asked:
    """What one arriving job asks of the station groups or of the pool groups of a network, by the number of the group.

    Arrays over places are made when asked for: a nation of many places would otherwise need one for each flow and group at
    once. Only groups that are asked for anything are in `shares`.
    """

    shares: Mapping[int, Sequence[Share]]

    def times(self, group: int) -> Floats:
        """Return the visits to, or tokens taken at, each place of a group that is asked."""
        return _total((share.jobs * share.where) * share.times for share in self.shares[group])

    def work_s(self, group: int, places: Places = _ALL) -> Floats:
        """Return the seconds at each place of a group that is asked, or at some of them."""
        return _total((share.jobs * share.where[places]) * share.work_s for share in self.shares[group])

    def staying_s(self, group: int) -> Floats:
        """Return the part of these that can pile up without end."""
        return _total((share.jobs * share.where) * (share.work_s if share.stays else 0.0) for share in self.shares[group])

    def work_at(self, group: int, place: int) -> float:
        """Return the seconds at one place; 0 for a group that is not asked."""
        return sum(float(share.jobs * share.where[place]) * share.work_s for share in self.shares.get(group, ()))

    def works(self, group: int) -> bool:
        """Tell whether a group is asked for any time."""
        return group in self.shares and bool(self.work_s(group).any())


@dataclass(frozen=True)
class SourceWork:
    """What one arriving job of `flow` asks for, with the jobs spawned on its behalf.

    Of stations it is visits and seconds of service. Of pools it is tokens and the seconds for which they are held at least,
    without any wait; of a bucket, whose tokens are used up, both are tokens. What can pile up without end is that of jobs
    which are never refused and never give up: those of a closed flow cannot, those that it spawns can.
    """

    flow: Flow
    rate_per_s: float
    stations: Asked
    _pools: Callable[[], Asked]

    @cached_property
    def pools(self) -> Asked:
        """Tokens and seconds; who only wants to know how many jobs and visits there are need not wait for these."""
        return self._pools()


def _total(arrays: Iterable[Floats]) -> Floats:
    """Return the sum of at least one array."""
    arrays = iter(arrays)
    total = next(arrays)
    for array in arrays:
        total += array
    return total


def arrivals_per_s(network: Network) -> dict[str, float]:
    """Give each flow's own arrivals per second, 0 for flows that only others spawn.

    For a closed flow it is the least of the bounds of Denning and Buzen (1978): its jobs over a cycle without waiting, and
    what each station or pool can do at full speed over what a cycle asks of it.
    """
    rates = {source.flow.name: source.rate_per_s for source in work_by_source(network)}
    return {flow.name: rates.get(flow.name, 0.0) for flow in network.flows}


@of_the_latest
def work_by_source(network: Network) -> tuple[SourceWork, ...]:
    """Trace to each flow that has arrivals of its own the work they cause at every station, pool and place."""
    tracer = _Tracer(network)
    return tuple(tracer.source(i) for i, flow in enumerate(network.flows) if flow.arrivals is not None)


_Shares = dict[int, list[Share]]


class _Tracer:
    """Sums up the work of one arriving job and of all the jobs spawned for it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._jobs = jobs_of(network)
        self._weights = PlaceWeights(network)
        self._groups = {station.name: i for i, station in enumerate(network.stations)}
        self._pools = {pool.name: i for i, pool in enumerate(network.pools)}

    def source(self, number: int) -> SourceWork:
        """Return the work caused by one arrival of this flow."""
        flow = self._network.flows[number]
        closed = isinstance(flow.arrivals, Closed)
        arriving = self._jobs.arriving[number]
        stations: _Shares = {}
        self._visits(stations, flow, flow, arriving, 1.0, closed=closed)
        alone: _Shares = {}
        rate = mean_rate(flow, self._network.horizon_s)
        if isinstance(flow.arrivals, Closed):
            self._tokens(alone, flow, flow, self._jobs.numbers[number], arriving, 1.0, closed=True)
            rate = self._closed_rate(flow.arrivals, arriving, Asked(stations), Asked(alone))
        each = zip(self._network.flows, self._jobs.spawned, self._jobs.caused[number], strict=True)
        caused = [(spawned, steps, float(times)) for spawned, steps, times in each if times > 0.0]
        for spawned, steps, times in caused:
            self._visits(stations, flow, spawned, steps, times, closed=False)

        def pools() -> Asked:
            shares: _Shares = {}
            self._tokens(shares, flow, flow, self._jobs.numbers[number], arriving, 1.0, closed=closed)
            for spawned, steps, times in caused:
                own = (np.array([float(spawned.records)]), np.ones(1))
                self._tokens(shares, flow, spawned, own, steps, times, closed=False)
            return Asked(shares)

        return SourceWork(flow, rate, Asked(stations), pools)

    def _visits(
        self, shares: _Shares, source: Flow, flow: Flow, steps: tuple[MeanStep, ...], jobs: float, *, closed: bool
    ) -> None:
        """Add the visits that so many jobs of `flow`, at the places of the source, make on their route."""
        for mean in steps:
            if isinstance(mean.step, Visit):
                group = self._groups[mean.step.station]
                station = self._network.stations[group]
                stays = not closed and not _relieved(station, flow)
                where = self._weights.of(source, mean.step.at, station.per)
                shares.setdefault(group, []).append(Share(jobs, mean.times, mean.demand_s, stays, where))

    def _tokens(
        self, shares: _Shares, source: Flow, flow: Flow, numbers: tuple[Floats, Floats], steps: tuple[MeanStep, ...],
        jobs: float, *, closed: bool,
    ) -> None:  # fmt: skip
        """Add the tokens that so many jobs of `flow` take, and how long they hold them."""
        for name, at in dict.fromkeys((mean.step.pool, mean.step.at) for mean in steps if isinstance(mean.step, Acquire)):
            group = self._pools[name]
            pool = self._network.pools[group]
            taken = sum(
                m.times * m.step.tokens
                for m in steps
                if isinstance(m.step, Acquire) and (m.step.pool, m.step.at) == (name, at)
            )
            held = taken
            if pool.refill_per_s is None:
                values = self._jobs.values[flow.name]
                held = float(np.dot(held_s(self._network, flow, (name, at), numbers[0], values), numbers[1]))
            stays = not closed and not _leaves_pool(flow, (name, at))
            shares.setdefault(group, []).append(Share(jobs, taken, held, stays, self._weights.of(source, at, pool.per)))

    def _closed_rate(self, arrivals: Closed, steps: tuple[MeanStep, ...], visits: Asked, taken: Asked) -> float:
        # Where servers ever work faster, a cycle may take less than its demands.
        fastest = max([1.0, *(change.factor for station in self._network.stations for change in station.speed)])
        rate = closed_rate(arrivals, sum(mean.least_s(fastest) for mean in steps))
        stations, pools = self._network.stations, self._network.pools
        able = [(working_servers(self._network, stations[i]), visits.work_s(i)) for i in visits.shares]
        able += [(tokens_per_s(self._network, pools[i]), taken.work_s(i)) for i in taken.shares]
        for most, asked in able:
            busy = asked > 0.0
            if busy.any():
                rate = min(rate, float((most[busy] / asked[busy]).min()))
        return rate


def tokens_per_s(network: Network, pool: Pool) -> Floats:
    """Give what a pool can do at each place: token-seconds per second, or tokens per second of a bucket."""
    places = places_of(network, pool.per)
    if pool.refill_per_s is not None:
        return np.full(places, pool.refill_per_s)
    return np.broadcast_to(np.array(pool.tokens, dtype=np.float64), (places,))


def _leaves_pool(flow: Flow, pool: tuple[str, Which]) -> bool:
    """Whether jobs of an open flow cannot pile up at a pool: they leave it in time, and do not come back without limit."""
    if flow.retry is not None and flow.retry.attempts is None:
        return False
    asks = (step for step in all_steps(flow.route) if isinstance(step, Acquire) and (step.pool, step.at) == pool)
    return flow.timeout is not None or all(step.patience is not None for step in asks)


def _relieved(station: Station, flow: Flow) -> bool:
    """Whether the jobs of an open flow cannot pile up at a station, whatever it is offered.

    Patience ends with the beginning of service, which processor sharing gives at once; a job whose work goes on after its
    time-out leaves no room either. Those that try again without limit come back until they are served.
    """
    if flow.retry is not None and flow.retry.attempts is None:
        return False
    queues = station.discipline != "ps"
    times_out = flow.timeout is not None and (queues or not flow.zombie)
    return station.capacity is not None or times_out or (queues and flow.patience is not None)
