"""Predictions for stations of networks whose stationary law is a product: open ones after Jackson, closed ones of one flow."""

from __future__ import annotations

import numpy as np

from jukinet_sim.network.model import Branch, Closed, Delay, Flow, Network, Station, Visit
from jukinet_sim.theory import prediction as P
from jukinet_sim.theory.conditions import (
    NOTHING,
    flow_features,
    is_simple,
    is_spawned,
    poisson_rate,
    station_features,
    stations_of,
    with_stations,
)
from jukinet_sim.theory.networks import closed_network
from jukinet_sim.theory.prediction import Prediction
from jukinet_sim.theory.routes import step_times
from jukinet_sim.theory.stations import mmc
from jukinet_sim.theory.traffic import StationLoad

_MOST_JOBS = 2000
_MOST_STATIONS = 20
"""Beyond these a closed network takes longer to solve than anybody would wait for a check."""


def jackson(network: Network, station: Station, load: StationLoad) -> list[Prediction]:
    """Give the waits at a station of a Jackson network; none where the stations and flows around it do not form one.

    They are those of M/M/c at the station's total rate, for jobs on the move see the stationary state without themselves
    (Sevcik and Mitrani 1981; Lavenberg and Reiser 1980).
    """
    flows, around = _neighbourhood(network, station)
    if any(poisson_rate(network, flow) is None for flow in flows) or flow_features(flows):
        return []
    demands: dict[str, float] = {}
    if not all(_moves_freely(flow, demands) for flow in flows):
        return []
    if any(station_features(s, flows) for s in network.stations if s.name in around):
        return []
    return mmc(load.station, "Jackson", load.visits_per_s, load.demand_s, load.servers)


def closed(network: Network, flow: Flow) -> list[Prediction]:
    """Give throughput, stay and use of stations for a closed flow that has its stations to itself; none where it has not.

    Stations are first come first served with one exponential demand, or shared with any demands; think time and delays may
    have any law (Baskett, Chandy, Muntz and Palacios 1975). Something must be exponential: jobs that all begin at once and
    take constant times stay in step for ever.
    """
    arrivals = flow.arrivals
    if not isinstance(arrivals, Closed) or not 0 < arrivals.jobs <= _MOST_JOBS or is_spawned(network, flow):
        return []
    names = stations_of(flow)
    if len(names) > _MOST_STATIONS or any(names & stations_of(other) for other in network.flows if other is not flow):
        return []
    stations = [station for station in network.stations if station.name in names]
    sharing = {station.name for station in stations if station_features(station, [flow]) == {"ps"}}
    if any(station_features(s, [flow]) != NOTHING for s in stations if s.name not in sharing) or flow_features([flow]):
        return []
    if not _moves_freely(flow, {}, sharing) or not _mixes(flow, arrivals):
        return []
    demands, delays_s = _cycle(flow)
    if sum(demands.values()) <= 0.0:
        return []
    return _solved(flow, arrivals, stations, demands, delays_s)


def _solved(
    flow: Flow, arrivals: Closed, stations: list[Station], demands: dict[str, float], delays_s: float
) -> list[Prediction]:
    family, think_s = "closed network", arrivals.think.mean
    servers = [station.servers_at(0) for station in stations]
    asked = [demands.get(station.name, 0.0) for station in stations]
    solved = closed_network(asked, servers, arrivals.jobs, think_s + delays_s)
    rows = [
        Prediction("flow", flow.name, family, P.THROUGHPUT, solved.throughput_per_s),
        Prediction("flow", flow.name, family, P.SOJOURN, solved.response_s + delays_s),
    ]
    for station, demand_s, c, number in zip(stations, asked, servers, solved.numbers, strict=True):
        if demand_s > 0.0:
            rows.append(Prediction("station", station.name, family, P.UTILISATION, solved.throughput_per_s * demand_s / c))
            rows.append(Prediction("station", station.name, family, P.NUMBER, number))
    return rows


def _moves_freely(flow: Flow, demands: dict[str, float], sharing: set[str] | frozenset[str] = frozenset()) -> bool:
    """Whether a route has only visits, delays and branches, with one exponential demand at each station not shared."""
    for step in flow.route:
        if not isinstance(step, Visit | Branch | Delay):
            return False
        if isinstance(step, Visit):
            if not is_simple(step):
                return False
            if step.station in sharing:
                continue
            if step.demand.kind != "exponential" or demands.setdefault(step.station, step.demand.mean) != step.demand.mean:
                return False
    return True


def _mixes(flow: Flow, arrivals: Closed) -> bool:
    """Whether every cycle may pass through something exponential."""
    reached = [mean.step for mean in step_times(flow.route, np.ones(1), flow.name) if mean.times[0] > 0.0]
    laws = [step.demand if isinstance(step, Visit) else step.delay for step in reached if isinstance(step, Visit | Delay)]
    return any(law.kind == "exponential" for law in [arrivals.think, *laws])


def _cycle(flow: Flow) -> tuple[dict[str, float], float]:
    """Return what a job asks of each station in one cycle, and how long it is delayed."""
    demands: dict[str, float] = {}
    delays_s = 0.0
    for mean in step_times(flow.route, np.ones(1), flow.name):
        if isinstance(mean.step, Visit):
            asked = float(mean.times[0]) * mean.step.demand.mean
            demands[mean.step.station] = demands.get(mean.step.station, 0.0) + asked
        elif isinstance(mean.step, Delay):
            delays_s += float(mean.times[0]) * mean.step.delay.mean
    return demands, delays_s


def _neighbourhood(network: Network, station: Station) -> tuple[list[Flow], set[str]]:
    """Return the flows and stations that are linked to a station by shared use, near or far."""
    stations = {station.name}
    while True:
        linked = [(flow, visited) for flow, visited in with_stations(network) if stations & visited]
        wider = set().union(*(visited for _, visited in linked))
        if wider <= stations:
            return [flow for flow, _ in linked], stations
        stations |= wider
