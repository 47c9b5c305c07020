"""What one arriving job causes: visits and seconds of service, tokens and how long they are held, spawned jobs included.

Which place a job goes to, what it finds at a switch and how often it comes to a step enter as averages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.network.model import (
    Acquire,
    Closed,
    Delay,
    Flow,
    Network,
    Pool,
    Spawn,
    Station,
    Step,
    Switch,
    Visit,
    Which,
    all_steps,
)
from jukinet_sim.theory.arrivals import closed_rate, mean_rate, record_numbers
from jukinet_sim.theory.holding import held_s
from jukinet_sim.theory.routes import Values, mean_demand_s, step_times
from jukinet_sim.theory.servers import working_servers
from jukinet_sim.theory.states import value_shares

Floats = NDArray[np.float64]
_ENDLESS = 1e9
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
    pools: Asked


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


_traced: list[tuple[Network, tuple[SourceWork, ...]]] = []
"""The work of the network asked about last: a plan asks about loads, visits, events and pools in turn."""


def work_by_source(network: Network) -> tuple[SourceWork, ...]:
    """Trace to each flow that has arrivals of its own the work they cause at every station, pool and place."""
    if not _traced or _traced[0][0] is not network:
        tracer = _Tracer(network)
        sources = tuple(tracer.source(i) for i, flow in enumerate(network.flows) if flow.arrivals is not None)
        _traced[:] = [(network, sources)]
    return _traced[0][1]


_Shares = dict[int, list[Share]]


class _Tracer:
    """Sums up the work of one arriving job and of all the jobs spawned for it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._jobs = jobs_of(network)
        self._weights = _PlaceWeights(network)
        self._groups = {station.name: i for i, station in enumerate(network.stations)}
        self._pools = {pool.name: i for i, pool in enumerate(network.pools)}

    def source(self, number: int) -> SourceWork:
        """Return the work caused by one arrival of this flow."""
        flow = self._network.flows[number]
        closed = isinstance(flow.arrivals, Closed)
        arriving = self._jobs.arriving[number]
        stations: _Shares = {}
        pools: _Shares = {}
        self._visits(stations, flow, flow, arriving, 1.0, closed=closed)
        self._tokens(pools, flow, flow, self._jobs.numbers[number], arriving, 1.0, closed=closed)
        source = SourceWork(flow, mean_rate(flow, self._network.horizon_s), Asked(stations), Asked(pools))
        if isinstance(flow.arrivals, Closed):
            source = replace(source, rate_per_s=self._closed_rate(flow.arrivals, arriving, source))
        each = zip(self._network.flows, self._jobs.spawned, self._jobs.caused[number], strict=True)
        for spawned, steps, times in each:
            if times > 0.0:
                self._visits(stations, flow, spawned, steps, float(times), closed=False)
                own = (np.array([float(spawned.records)]), np.ones(1))
                self._tokens(pools, flow, spawned, own, steps, float(times), closed=False)
        return source

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

    def _closed_rate(self, arrivals: Closed, steps: tuple[MeanStep, ...], source: SourceWork) -> float:
        # Where servers ever work faster, a cycle may take less than its demands.
        fastest = max([1.0, *(change.factor for station in self._network.stations for change in station.speed)])
        rate = closed_rate(arrivals, sum(mean.least_s(fastest) for mean in steps))
        stations, pools = self._network.stations, self._network.pools
        able = [(working_servers(self._network, stations[i]), source.stations.work_s(i)) for i in source.stations.shares]
        able += [(tokens_per_s(self._network, pools[i]), source.pools.work_s(i)) for i in source.pools.shares]
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


@dataclass(frozen=True)
class MeanStep:
    """How often an average job comes to a step, and the records in hand summed over those times."""

    step: Step
    times: float
    records: float

    @property
    def demand_s(self) -> float:
        """Seconds of service that a job asks for at the step in all."""
        if not isinstance(self.step, Visit):
            return 0.0
        return self.times * mean_demand_s(self.step) + self.records * self.step.per_record_s

    def least_s(self, speed: float) -> float:
        """Seconds that the job spends at the step in all when nobody is in the way of servers this fast."""
        delay_s = self.times * self.step.delay.mean if isinstance(self.step, Delay) else 0.0
        return self.demand_s / speed + delay_s


class Jobs:
    """Mean routes of each flow's arriving and spawned jobs, and who spawns whom.

    `caused[r, g]` is the number of jobs of flow g that are spawned, directly or not, for one arrival of flow r.
    """

    def __init__(self, network: Network) -> None:
        flows = network.flows
        self._index = {flow.name: i for i, flow in enumerate(flows)}
        values = [_switch_values(network, flow) for flow in flows]
        self.values = {flow.name: known for flow, known in zip(flows, values, strict=True)}
        self.numbers = [record_numbers(flow, network.horizon_s) for flow in flows]
        self.arriving = [_mean_route(f, *n, v) for f, n, v in zip(flows, self.numbers, values, strict=True)]
        self.spawned = [self._spawned_route(i, f, v) for i, (f, v) in enumerate(zip(flows, values, strict=True))]
        identity = np.eye(len(flows))
        try:
            descent = np.linalg.solve(identity - self._children(self.spawned), identity)
        except np.linalg.LinAlgError:
            descent = np.full_like(identity, np.inf)
        if not np.all((descent > -1e-9) & (descent < _ENDLESS)):
            what = "flows spawn jobs of each other without end"
            raise ScenarioError((Fault(what, "remove one spawn step of the cycle, or make it rarer than once a job"),))
        self.caused: Floats = self._children(self.arriving) @ descent

    def _spawned_route(self, number: int, flow: Flow, values: Values) -> tuple[MeanStep, ...]:
        """Return the mean route of a flow's spawned jobs; mostly it is that of its arriving ones."""
        records, share = np.array([float(flow.records)]), np.ones(1)
        if all(map(np.array_equal, self.numbers[number], (records, share))):
            return self.arriving[number]
        return _mean_route(flow, records, share, values)

    def _children(self, routes: list[tuple[MeanStep, ...]]) -> Floats:
        children = np.zeros((len(routes), len(routes)))
        for parent, steps in enumerate(routes):
            for mean in steps:
                if isinstance(mean.step, Spawn):
                    children[parent, self._index[mean.step.flow]] += mean.times
        return children


_latest: list[tuple[Network, Jobs]] = []
"""The routes of the network asked about last."""


def jobs_of(network: Network) -> Jobs:
    """Return the mean routes of a network. Raises ScenarioError where jobs never leave."""
    if not _latest or _latest[0][0] is not network:
        _latest[:] = [(network, Jobs(network))]
    return _latest[0][1]


def _switch_values(network: Network, flow: Flow) -> Values:
    """Return what a flow's jobs find at switches; where a flow does not say its places, the level's weights do."""
    states = {state.name: state for state in network.states}
    weights = _PlaceWeights(network)
    known: dict[tuple[str, Which], Mapping[int, float]] = {}

    def values(switch: Switch) -> Mapping[int, float]:
        key = (switch.state, switch.at)
        if key not in known:
            state = states[switch.state]
            where = weights.of(flow, switch.at, state.per)
            if state.per is not None and (flow.origin if switch.at == "origin" else flow.destination) is None:
                level = network.level(state.per).weights
                where = level / level.sum()
            known[key] = value_shares(network, state, where)
        return known[key]

    return values


def _mean_route(flow: Flow, records: Floats, share: Floats, values: Values) -> tuple[MeanStep, ...]:
    """Return a route's expected executions, averaged over the numbers of records that jobs carry."""
    means = step_times(flow.route, records, flow.name, values)
    return tuple(MeanStep(mean.step, _average(mean.times, share), _average(mean.records, share)) for mean in means)


def _average(values: Floats, share: Floats) -> float:
    if len(values) == len(share) == 1:
        return float(values[0]) * float(share[0])
    return float(np.dot(np.broadcast_to(values, share.shape), share))


class _PlaceWeights:
    """How a flow's jobs spread over the places of a station group; spawned jobs keep the places of their source."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[str, Which, str | None], Floats] = {}

    def of(self, source: Flow, at: Which, per: str | None) -> Floats:
        """Probabilities over the places of level `per` for jobs that stem from arrivals of `source`."""
        key = (source.name, at, per)
        if key not in self._known:
            self._known[key] = self._spread(source, at, per)
        return self._known[key]

    def _spread(self, source: Flow, at: Which, per: str | None) -> Floats:
        name = source.origin if at == "origin" else source.destination
        spread = np.zeros(places_of(self._network, per))
        if per is None or name is None:
            spread[0] = 1.0
            return spread
        level = self._network.level(name)
        weights = source.origin_shares(level) if at == "origin" else level.weights
        index = np.arange(level.count) if name == per else np.array(level.parent, dtype=np.intp)
        np.add.at(spread, index, weights / weights.sum())
        return spread


def places_of(network: Network, per: str | None) -> int:
    """Return how many places a level has; one for what is not kept per place."""
    return 1 if per is None else network.level(per).count
