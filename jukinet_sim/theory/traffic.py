"""How much work a network is asked to do: offered load per station, visits and events per flow, by traffic equations.

Long-run means without any randomness: gates, delays and pools pass work through unchanged, outages are not subtracted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.errors import Fault, ScenarioError
from jukinet_sim.network.model import Delay, Flow, Gate, Network, Spawn, Step, Visit, Which
from jukinet_sim.theory.arrivals import mean_rate, record_numbers
from jukinet_sim.theory.routes import step_times

Floats = NDArray[np.float64]
_ENDLESS = 1e9


@dataclass(frozen=True)
class StationLoad:
    """What a station group is asked to do, over all its places and at the place with the highest utilisation.

    Offered load is seconds of service asked for per second. `worst_place` is None for a station not kept per place.
    """

    station: str
    visits_per_s: float
    demand_s: float
    offered_erlangs: float
    servers: int
    worst_place: int | None
    worst_offered_erlangs: float
    worst_servers: int

    @property
    def utilisation(self) -> float:
        """Offered load per server of the whole group; above 1 it cannot keep up."""
        return self.offered_erlangs / self.servers

    @property
    def worst_utilisation(self) -> float:
        """Offered load per server at the worst place."""
        return self.worst_offered_erlangs / self.worst_servers

    @property
    def stable(self) -> bool:
        """Whether every place can keep up with its load."""
        return self.worst_utilisation < 1.0


@dataclass(frozen=True)
class SourceWork:
    """Visits and seconds of service that one arriving job of `flow` causes, with the jobs spawned on its behalf.

    One array over places for each station group of the network, in its order.
    """

    flow: Flow
    rate_per_s: float
    visits: tuple[Floats, ...]
    work_s: tuple[Floats, ...]


def offered(network: Network) -> tuple[StationLoad, ...]:
    """Give the load of each station group, in the network's order.

    Raises ScenarioError for routes that never end and flows that spawn each other without end.
    """
    return station_loads(network, work_by_source(network))


def station_loads(network: Network, sources: tuple[SourceWork, ...]) -> tuple[StationLoad, ...]:
    """Add up the work of all sources, as `offered` does."""
    return tuple(_load(network, group, sources) for group in range(len(network.stations)))


def expected_visits(network: Network) -> dict[str, float]:
    """Give the expected visits per flow over the horizon, as if every arrival finished its route before the end."""
    return _per_flow(network, lambda step: isinstance(step, Visit))


def expected_events(network: Network) -> dict[str, float]:
    """Give the expected timed events per flow over the horizon: arrivals and the ends of service, delays and gates.

    An upper estimate: each pass through a gate counts, though an open gate costs no event.
    """
    events = _per_flow(network, _takes_an_event)
    for flow in network.flows:
        events[flow.name] += mean_rate(flow, network.horizon_s) * network.horizon_s
    return events


def work_by_source(network: Network) -> tuple[SourceWork, ...]:
    """Trace to each flow that has arrivals of its own the work they cause at every station and place."""
    jobs = _Jobs(network)
    weights = _PlaceWeights(network)
    groups = {station.name: i for i, station in enumerate(network.stations)}
    sources = []
    for source, flow in enumerate(network.flows):
        if flow.arrivals is None:
            continue
        visits = [np.zeros(_places(network, station.per)) for station in network.stations]
        work = [np.zeros(_places(network, station.per)) for station in network.stations]
        for steps, number in [(jobs.arriving[source], 1.0), *zip(jobs.spawned, jobs.caused[source], strict=True)]:
            for mean in steps if number > 0.0 else ():
                if isinstance(mean.step, Visit):
                    group = groups[mean.step.station]
                    where = number * weights.of(flow, mean.step.at, network.stations[group].per)
                    visits[group] += where * mean.times
                    work[group] += where * (mean.times * mean.step.demand.mean + mean.records * mean.step.per_record_s)
        sources.append(SourceWork(flow, mean_rate(flow, network.horizon_s), tuple(visits), tuple(work)))
    return tuple(sources)


@dataclass(frozen=True)
class _MeanStep:
    """How often an average job comes to a step, and the records in hand summed over those times."""

    step: Step
    times: float
    records: float


class _Jobs:
    """Mean routes of each flow's arriving and spawned jobs, and who spawns whom.

    `caused[r, g]` is the number of jobs of flow g that are spawned, directly or not, for one arrival of flow r.
    """

    def __init__(self, network: Network) -> None:
        flows = network.flows
        self._index = {flow.name: i for i, flow in enumerate(flows)}
        self.arriving = [_mean_route(f, *record_numbers(f, network.horizon_s)) for f in flows]
        self.spawned = [_mean_route(f, np.array([float(f.records)]), np.ones(1)) for f in flows]
        identity = np.eye(len(flows))
        try:
            descent = np.linalg.solve(identity - self._children(self.spawned), identity)
        except np.linalg.LinAlgError:
            descent = np.full_like(identity, np.inf)
        if not np.all((descent > -1e-9) & (descent < _ENDLESS)):
            what = "flows spawn jobs of each other without end"
            raise ScenarioError((Fault(what, "remove one spawn step of the cycle, or make it rarer than once a job"),))
        self.caused: Floats = self._children(self.arriving) @ descent

    def _children(self, routes: list[tuple[_MeanStep, ...]]) -> Floats:
        children = np.zeros((len(routes), len(routes)))
        for parent, steps in enumerate(routes):
            for mean in steps:
                if isinstance(mean.step, Spawn):
                    children[parent, self._index[mean.step.flow]] += mean.times
        return children


def _mean_route(flow: Flow, records: Floats, share: Floats) -> tuple[_MeanStep, ...]:
    """A route's expected executions, averaged over the numbers of records that jobs carry."""
    means = step_times(flow.route, records, flow.name)
    return tuple(_MeanStep(mean.step, _average(mean.times, share), _average(mean.records, share)) for mean in means)


def _average(values: Floats, share: Floats) -> float:
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
        spread = np.zeros(_places(self._network, per))
        if per is None or name is None:
            spread[0] = 1.0
            return spread
        level = self._network.level(name)
        weights = source.share if at == "origin" and source.share is not None else level.weights
        index = np.arange(level.count) if name == per else np.array(level.parent, dtype=np.intp)
        np.add.at(spread, index, weights / weights.sum())
        return spread


def _places(network: Network, per: str | None) -> int:
    return 1 if per is None else network.level(per).count


def _load(network: Network, group: int, sources: tuple[SourceWork, ...]) -> StationLoad:
    station = network.stations[group]
    places = _places(network, station.per)
    visits, work = np.zeros(places), np.zeros(places)
    for source in sources:
        visits += source.rate_per_s * source.visits[group]
        work += source.rate_per_s * source.work_s[group]
    servers = np.array([station.servers_at(place) for place in range(places)])
    worst = int(np.argmax(work / servers))
    total = float(visits.sum())
    return StationLoad(
        station=station.name,
        visits_per_s=total,
        demand_s=float(work.sum()) / total if total > 0.0 else 0.0,
        offered_erlangs=float(work.sum()),
        servers=int(servers.sum()),
        worst_place=None if station.per is None else worst,
        worst_offered_erlangs=float(work[worst]),
        worst_servers=int(servers[worst]),
    )


def _per_flow(network: Network, counts: Callable[[Step], bool]) -> dict[str, float]:
    """Expected executions, over the horizon, of the steps that count, per flow they belong to."""
    jobs = _Jobs(network)
    own = np.array([mean_rate(flow, network.horizon_s) * network.horizon_s for flow in network.flows])
    caused = own @ jobs.caused
    totals = {}
    for i, flow in enumerate(network.flows):
        arriving = sum(mean.times for mean in jobs.arriving[i] if counts(mean.step))
        spawned = sum(mean.times for mean in jobs.spawned[i] if counts(mean.step))
        totals[flow.name] = float(own[i] * arriving + caused[i] * spawned)
    return totals


def _takes_an_event(step: Step) -> bool:
    """Whether executing a step takes time to pass; a constant delay of 0 does not."""
    if isinstance(step, Delay):
        return not (step.delay.kind == "constant" and step.delay.parameters[0] == 0.0)
    return isinstance(step, Visit | Gate)
