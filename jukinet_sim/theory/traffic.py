"""How much work a network is asked to do: offered load per station, visits and events per flow, by traffic equations.

Long-run means without any randomness: gates, delays and pools pass work through unchanged, outages are not subtracted.
Every job is counted once and to the end of its route, as if none were refused, gave up or tried again: where jobs are
refused the load further on is less, and each further try adds to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Delay, Gate, Network, Step, Visit
from jukinet_sim.theory.jobs import jobs_of
from jukinet_sim.theory.servers import working_servers
from jukinet_sim.theory.spread import places_of
from jukinet_sim.theory.work import SourceWork, arrivals_per_s, work_by_source

Floats = NDArray[np.float64]
_SAME = 1e-9


@dataclass(frozen=True)
class StationLoad:
    """What a station group is asked to do, over all its places and at the place with the highest utilisation.

    Offered load is seconds of service asked for per second. `servers` is the most the station ever has, `working` their mean
    with schedules, breakdowns and speeds. `worst_place` is None for a station not kept per place. `staying_utilisation`, also
    at its worst place, leaves out the work of jobs that are refused, give up or belong to a closed flow before a queue can
    grow without end.
    """

    station: str
    visits_per_s: float
    demand_s: float
    offered_erlangs: float
    servers: int
    working: float
    worst_place: int | None
    worst_offered_erlangs: float
    worst_servers: int
    worst_working: float
    staying_utilisation: float

    @property
    def utilisation(self) -> float:
        """Offered load per working server of the whole group; above 1 it cannot serve everybody."""
        return per_server(self.offered_erlangs, self.working)

    @property
    def worst_utilisation(self) -> float:
        """Offered load per working server at the worst place."""
        return per_server(self.worst_offered_erlangs, self.worst_working)

    @property
    def stable(self) -> bool:
        """Whether no queue grows without end at any place."""
        return self.staying_utilisation < 1.0

    @property
    def sheds(self) -> bool:
        """Whether a place is offered at least all it can do, yet stays stable because what is too much does not stay."""
        return self.stable and self.worst_utilisation >= 1.0 - _SAME

    @property
    def staying_share(self) -> float:
        """The share of the load at the worst place that can pile up there; 1 where nothing is ever turned away."""
        if math.isinf(self.staying_utilisation) or self.staying_utilisation >= self.worst_utilisation:
            return 1.0
        return 0.0 if math.isinf(self.worst_utilisation) else self.staying_utilisation / self.worst_utilisation


def per_server(erlangs: float, servers: float) -> float:
    """Give the load per server; infinite without servers, but 0 where nothing is asked for."""
    if servers > 0.0:
        return erlangs / servers
    return math.inf if erlangs > 0.0 else 0.0


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
    events, rates = _per_flow(network, _takes_an_event), arrivals_per_s(network)
    for flow in network.flows:
        events[flow.name] += rates[flow.name] * network.horizon_s
    return events


def _load(network: Network, group: int, sources: tuple[SourceWork, ...]) -> StationLoad:
    station = network.stations[group]
    if station.per is None and not any(group in source.stations.shares for source in sources):
        most, able = station.servers_at(0), float(working_servers(network, station)[0])
        return StationLoad(station.name, 0.0, 0.0, 0.0, most, able, None, 0.0, most, able, 0.0)
    places = places_of(network, station.per)
    visits, work, staying = np.zeros(places), np.zeros(places), np.zeros(places)
    for source in sources:
        if group in source.stations.shares:
            visits += source.rate_per_s * source.stations.times(group)
            work += source.rate_per_s * source.stations.work_s(group)
            staying += source.rate_per_s * source.stations.staying_s(group)
    servers = station.servers_by_place(places)
    working = working_servers(network, station)
    worst = int(np.argmax(ratios(work, working)))
    total = float(visits.sum())
    return StationLoad(
        station=station.name,
        visits_per_s=total,
        demand_s=float(work.sum()) / total if total > 0.0 else 0.0,
        offered_erlangs=float(work.sum()),
        servers=int(servers.sum()),
        working=float(working.sum()),
        worst_place=None if station.per is None else worst,
        worst_offered_erlangs=float(work[worst]),
        worst_servers=int(servers[worst]),
        worst_working=float(working[worst]),
        staying_utilisation=float(ratios(staying, working).max()),
    )


def ratios(work: Floats, working: Floats) -> Floats:
    """Give the work per working server at each place, by the rule of `per_server`."""
    idle = np.where(work > 0.0, np.inf, 0.0)
    return np.divide(work, working, out=idle, where=working > 0.0)


def _per_flow(network: Network, counts: Callable[[Step], bool]) -> dict[str, float]:
    """Return the expected executions, over the horizon, of the steps that count, per flow they belong to."""
    jobs = jobs_of(network)
    own = np.array(list(arrivals_per_s(network).values())) * network.horizon_s
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
