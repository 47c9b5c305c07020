"""What one arriving job causes: visits and seconds of service at every station and place, its spawned jobs included.

Which place a job goes to, what it finds at a switch and how often it comes to a step enter as averages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.errors import Fault, ScenarioError
from jukinet_sim.network.model import Closed, Delay, Flow, Network, Spawn, Station, Step, Switch, Visit, Which
from jukinet_sim.theory.arrivals import closed_rate, mean_rate, record_numbers
from jukinet_sim.theory.routes import Values, mean_demand_s, step_times
from jukinet_sim.theory.servers import working_servers
from jukinet_sim.theory.states import value_shares

Floats = NDArray[np.float64]
_ENDLESS = 1e9
Places = slice | NDArray[np.intp]
_ALL = slice(None)


class Share(NamedTuple):
    """What one step of a route adds at a station group: so many jobs with so many visits, spread over places like this.

    `stays` tells whether they can pile up without end.
    """

    jobs: float
    visits: float
    demand_s: float
    stays: bool
    where: Floats


@dataclass(frozen=True)
class SourceWork:
    """Visits and seconds of service that one arriving job of `flow` causes, with the jobs spawned on its behalf.

    `shares` holds what they do at each station group that they visit, by its number, from which arrays over places are made
    when asked for: a nation of many places would otherwise need one for each flow and station at once. `staying_s` is the part
    of the work that can pile up without end: that of jobs which are never refused and never give up. Those of a closed flow
    cannot, those that it spawns can.
    """

    flow: Flow
    rate_per_s: float
    shares: Mapping[int, Sequence[Share]]

    def visits(self, group: int) -> Floats:
        """Visits at each place of a group that is visited."""
        return _total((share.jobs * share.where) * share.visits for share in self.shares[group])

    def work_s(self, group: int, places: Places = _ALL) -> Floats:
        """Seconds of service at each place of a group that is visited, or at some of them."""
        return _total((share.jobs * share.where[places]) * share.demand_s for share in self.shares[group])

    def staying_s(self, group: int) -> Floats:
        """Of these, the seconds that can pile up without end."""
        return _total((share.jobs * share.where) * (share.demand_s if share.stays else 0.0) for share in self.shares[group])

    def work_at(self, group: int, place: int) -> float:
        """Seconds of service at one place; 0 for a group that is not visited."""
        return sum(float(share.jobs * share.where[place]) * share.demand_s for share in self.shares.get(group, ()))


def _total(arrays: Iterable[Floats]) -> Floats:
    """The sum of at least one array."""
    arrays = iter(arrays)
    total = next(arrays)
    for array in arrays:
        total += array
    return total


def arrivals_per_s(network: Network) -> dict[str, float]:
    """Give each flow's own arrivals per second, 0 for flows that only others spawn.

    For a closed flow it is the least of the bounds of Denning and Buzen (1978): its jobs over a cycle without waiting, and
    what each station can do at full speed over what a cycle asks of it.
    """
    rates = {source.flow.name: source.rate_per_s for source in work_by_source(network)}
    return {flow.name: rates.get(flow.name, 0.0) for flow in network.flows}


def work_by_source(network: Network) -> tuple[SourceWork, ...]:
    """Trace to each flow that has arrivals of its own the work they cause at every station and place."""
    tracer = _Tracer(network)
    return tuple(tracer.source(i) for i, flow in enumerate(network.flows) if flow.arrivals is not None)


class _Tracer:
    """Sums up the work of one arriving job and of all the jobs spawned for it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._jobs = Jobs(network)
        self._weights = _PlaceWeights(network)
        self._groups = {station.name: i for i, station in enumerate(network.stations)}

    def source(self, number: int) -> SourceWork:
        """The work caused by one arrival of this flow."""
        flow = self._network.flows[number]
        closed = isinstance(flow.arrivals, Closed)
        arriving = self._jobs.arriving[number]
        rate = mean_rate(flow, self._network.horizon_s)
        shares: dict[int, list[Share]] = {}
        self._add(shares, flow, flow, arriving, 1.0, closed=closed)
        source = SourceWork(flow, rate, shares)
        if isinstance(flow.arrivals, Closed):
            source = replace(source, rate_per_s=self._closed_rate(flow.arrivals, arriving, source))
        each = zip(self._network.flows, self._jobs.spawned, self._jobs.caused[number], strict=True)
        for spawned, steps, times in each:
            if times > 0.0:
                self._add(shares, flow, spawned, steps, float(times), closed=False)
        return source

    def _add(
        self, shares: dict[int, list[Share]], source: Flow, flow: Flow, steps: tuple[MeanStep, ...], times: float,
        *, closed: bool,
    ) -> None:
        """Add what so many jobs of `flow`, at the places of the source, do on their route."""
        for mean in steps:
            if isinstance(mean.step, Visit):
                group = self._groups[mean.step.station]
                station = self._network.stations[group]
                stays = not closed and not _relieved(station, flow)
                where = self._weights.of(source, mean.step.at, station.per)
                shares.setdefault(group, []).append(Share(times, mean.times, mean.demand_s, stays, where))

    def _closed_rate(self, arrivals: Closed, steps: tuple[MeanStep, ...], source: SourceWork) -> float:
        # Where servers ever work faster, a cycle may take less than its demands.
        fastest = max([1.0, *(change.factor for station in self._network.stations for change in station.speed)])
        rate = closed_rate(arrivals, sum(mean.least_s(fastest) for mean in steps))
        for group in source.shares:
            asked = source.work_s(group)
            busy = asked > 0.0
            if busy.any():
                working = working_servers(self._network, self._network.stations[group])
                rate = min(rate, float((working[busy] / asked[busy]).min()))
        return rate


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
        self.arriving = [
            _mean_route(f, *record_numbers(f, network.horizon_s), v) for f, v in zip(flows, values, strict=True)
        ]
        self.spawned = [
            _mean_route(f, np.array([float(f.records)]), np.ones(1), v) for f, v in zip(flows, values, strict=True)
        ]
        identity = np.eye(len(flows))
        try:
            descent = np.linalg.solve(identity - self._children(self.spawned), identity)
        except np.linalg.LinAlgError:
            descent = np.full_like(identity, np.inf)
        if not np.all((descent > -1e-9) & (descent < _ENDLESS)):
            what = "flows spawn jobs of each other without end"
            raise ScenarioError((Fault(what, "remove one spawn step of the cycle, or make it rarer than once a job"),))
        self.caused: Floats = self._children(self.arriving) @ descent

    def _children(self, routes: list[tuple[MeanStep, ...]]) -> Floats:
        children = np.zeros((len(routes), len(routes)))
        for parent, steps in enumerate(routes):
            for mean in steps:
                if isinstance(mean.step, Spawn):
                    children[parent, self._index[mean.step.flow]] += mean.times
        return children


def _switch_values(network: Network, flow: Flow) -> Values:
    """What a flow's jobs find at switches; where a flow does not say its places, the level's weights do."""
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
    """A route's expected executions, averaged over the numbers of records that jobs carry."""
    means = step_times(flow.route, records, flow.name, values)
    return tuple(MeanStep(mean.step, _average(mean.times, share), _average(mean.records, share)) for mean in means)


def _average(values: Floats, share: Floats) -> float:
    return float(np.dot(np.broadcast_to(values, share.shape), share))


class _PlaceWeights:
    """How a flow's jobs spread over the places of a station group; spawned jobs keep the places of their source."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[tuple[str | None, str | None, str | None], Floats] = {}

    def of(self, source: Flow, at: Which, per: str | None) -> Floats:
        """Probabilities over the places of level `per` for jobs that stem from arrivals of `source`."""
        # Flows without shares of their own spread alike over the places of a level.
        own = source.name if at == "origin" and source.share is not None else None
        key = (source.origin if at == "origin" else source.destination, per, own)
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
        weights = source.share if at == "origin" and source.share is not None else level.weights
        index = np.arange(level.count) if name == per else np.array(level.parent, dtype=np.intp)
        np.add.at(spread, index, weights / weights.sum())
        return spread


def places_of(network: Network, per: str | None) -> int:
    return 1 if per is None else network.level(per).count
