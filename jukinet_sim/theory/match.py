"""Which stations of a network are textbook queues, and what the textbook says about each.

Only exact results count: a station that meets no family's conditions to the letter gets no prediction. All predictions
are for the stationary regime and hold after a warm-up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jukinet_sim.network.model import Branch, Delay, Flow, Loop, Network, Poisson, Spawn, Station, Step, Visit
from jukinet_sim.theory import queues
from jukinet_sim.theory.traffic import StationLoad, offered

MEAN_WAIT, P95_WAIT, UTILISATION = "wait.mean", "wait.p95", "utilisation"


@dataclass(frozen=True)
class Prediction:
    """One exact value: a `metric` of a station over all its visits, those that do not wait included; and its model."""

    station: str
    family: str
    metric: str
    value: float


def qualifying(network: Network) -> tuple[Prediction, ...]:
    """Give the predictions for every station that is a stable textbook queue, in the network's order.

    M/M/1, M/M/c and M/G/1 need Poisson flows whose first step is the station's only use. A station of a Jackson network
    (feedback and tandems included) has M/M/c waits at its total rate: jobs on the move see the stationary state without
    themselves (Sevcik and Mitrani 1981; Lavenberg and Reiser 1980). Raises ScenarioError as `offered` does.
    """
    predictions: list[Prediction] = []
    loads = offered(network)
    for station, load in zip(network.stations, loads, strict=True):
        if station.per is None and not station.outages and load.stable and load.visits_per_s > 0.0:
            first = _first_station(network, station, load)
            # Behind an overloaded station arrivals are what it lets through, which no product form describes.
            further = [] if first or any(not other.stable for other in loads) else _jackson_station(network, station, load)
            predictions.extend(first or further)
    return tuple(predictions)


def _first_station(network: Network, station: Station, load: StationLoad) -> list[Prediction]:
    """Predictions for a station that Poisson flows enter directly, each job once; none where that is not so."""
    visits: list[Visit] = []
    for flow in _users(network, station):
        first = flow.route[0]
        uses = [step for step in _steps(flow.route) if isinstance(step, Visit) and step.station == station.name]
        if uses != [first] or _returns(flow.route, first) or not _is_poisson(network, flow):
            return []
        visits.extend(uses)
    if any(visit.per_record_s != 0.0 or visit.demand != visits[0].demand for visit in visits):
        return []
    demand = visits[0].demand
    if demand.kind == "exponential":
        return _mmc("M/M/1" if load.servers == 1 else "M/M/c", load)
    if load.servers == 1:
        wait = queues.mg1_mean_wait(load.visits_per_s, demand.mean, demand.scv)
        return [Prediction(load.station, "M/G/1", MEAN_WAIT, wait), _utilisation("M/G/1", load)]
    return []


def _jackson_station(network: Network, station: Station, load: StationLoad) -> list[Prediction]:
    """Predictions for a station of a Jackson network; none where the stations and flows around it do not form one."""
    flows, stations = _neighbourhood(network, station)
    if not all(_is_poisson(network, flow) for flow in flows):
        return []
    if any(s.per is not None or s.outages for s in network.stations if s.name in stations):
        return []
    demands: dict[str, float] = {}
    for flow in flows:
        for step in flow.route:
            if not isinstance(step, Visit | Branch | Delay):
                return []
            if isinstance(step, Visit) and (step.demand.kind != "exponential" or step.per_record_s != 0.0):
                return []
            if isinstance(step, Visit) and demands.setdefault(step.station, step.demand.mean) != step.demand.mean:
                return []
    return _mmc("Jackson", load)


def _mmc(family: str, load: StationLoad) -> list[Prediction]:
    rate, demand_s, servers = load.visits_per_s, load.demand_s, load.servers
    return [
        Prediction(load.station, family, MEAN_WAIT, queues.mmc_mean_wait(rate, demand_s, servers)),
        Prediction(load.station, family, P95_WAIT, queues.mmc_wait_quantile(rate, demand_s, servers, 0.95)),
        _utilisation(family, load),
    ]


def _utilisation(family: str, load: StationLoad) -> Prediction:
    return Prediction(load.station, family, UTILISATION, load.utilisation)


def _steps(steps: tuple[Step, ...]) -> Iterator[Step]:
    """The steps of a route, bodies of loops included."""
    for step in steps:
        yield step
        if isinstance(step, Loop):
            yield from _steps(step.body)


def _stations(flow: Flow) -> set[str]:
    return {step.station for step in _steps(flow.route) if isinstance(step, Visit)}


def _users(network: Network, station: Station) -> list[Flow]:
    return [flow for flow in network.flows if station.name in _stations(flow)]


def _is_poisson(network: Network, flow: Flow) -> bool:
    """Whether all jobs of the flow arrive in a Poisson process, none of them spawned."""
    return isinstance(flow.arrivals, Poisson) and not any(
        isinstance(step, Spawn) and step.flow == flow.name for other in network.flows for step in _steps(other.route)
    )


def _returns(route: tuple[Step, ...], first: Step) -> bool:
    """Whether a branch leads back to the first step."""
    targets = (label for step in _steps(route) if isinstance(step, Branch) for label, _ in step.targets)
    return first.label is not None and first.label in targets


def _neighbourhood(network: Network, station: Station) -> tuple[list[Flow], set[str]]:
    """The flows and stations that are linked to a station by shared use, near or far."""
    stations = {station.name}
    while True:
        flows = [flow for flow in network.flows if stations & _stations(flow)]
        wider = set().union(*(_stations(flow) for flow in flows))
        if wider <= stations:
            return flows, stations
        stations |= wider
