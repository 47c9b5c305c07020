"""What sets a station or a flow of a network apart from a textbook's, and how flows come to a station.

Features are the names of fields, read off the descriptions themselves. A family of closed forms names those that it is about;
whatever else a station or its flows have rules it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.network.model import (
    Branch,
    Choose,
    Flow,
    Network,
    Poisson,
    Renewal,
    Spawn,
    Station,
    Step,
    Switch,
    Visit,
    all_steps,
)
from jukinet_sim.theory.known import remarkable

NOTHING: frozenset[str] = frozenset()


def station_features(station: Station, users: Sequence[Flow]) -> frozenset[str]:
    """Name every field by which a station is more than a constant number of servers that serve first come first served.

    Another discipline counts under its own name; priorities among flows of one rank change nothing.
    """
    said = remarkable(station) - {"servers", "discipline"}
    same_rank = station.discipline == "priority" and len({flow.priority for flow in users}) <= 1
    return said if station.discipline == "fifo" or same_rank else said | {station.discipline}


def flow_features(flows: Sequence[Flow]) -> frozenset[str]:
    """Name every field by which jobs of these flows do more than arrive and go along their route."""
    said = frozenset[str]().union(*(remarkable(flow) for flow in flows))
    return said - {"route", "arrivals", "priority"}


def stations_of(flow: Flow) -> frozenset[str]:
    """Give the names of the stations on a flow's route."""
    return frozenset(step.station for step in all_steps(flow.route) if isinstance(step, Visit))


class _Routes:
    """Where the flows of a network lead: the stations that each visits, in order, and those that others spawn."""

    def __init__(self, network: Network) -> None:
        self.stations = tuple(stations_of(flow) for flow in network.flows)
        steps = (step for flow in network.flows for step in all_steps(flow.route))
        self.spawned = frozenset(step.flow for step in steps if isinstance(step, Spawn))


@of_the_latest
def _routes_of(network: Network) -> _Routes:
    return _Routes(network)


def with_stations(network: Network) -> Iterator[tuple[Flow, frozenset[str]]]:
    """Yield the flows of a network, each with the names of the stations on its route."""
    return zip(network.flows, _routes_of(network).stations, strict=True)


def users_of(network: Network, station: Station) -> list[Flow]:
    """Give the flows with a visit to this station on their route."""
    return [flow for flow, stations in with_stations(network) if station.name in stations]


def is_spawned(network: Network, flow: Flow) -> bool:
    """Say whether other jobs start jobs of this flow."""
    return flow.name in _routes_of(network).spawned


def poisson_rate(network: Network, flow: Flow) -> float | None:
    """Give the rate of a flow all of whose jobs arrive in one Poisson process; None for any other flow.

    A renewal process with exponential times is one.
    """
    if is_spawned(network, flow):
        return None
    if isinstance(flow.arrivals, Poisson):
        return flow.arrivals.rate_per_s
    if isinstance(flow.arrivals, Renewal) and flow.arrivals.interarrival.kind == "exponential":
        return 1.0 / flow.arrivals.interarrival.mean
    return None


def is_simple(visit: Visit) -> bool:
    """Say whether a visit's demand is one draw and nothing more."""
    return remarkable(visit) <= {"station", "demand", "label"}


def entries(network: Network, station: Station) -> list[tuple[Flow, Visit]]:
    """Give the flows of a station with their visit, if each begins there and no job comes twice in one attempt; else none."""
    found: list[tuple[Flow, Visit]] = []
    for flow in users_of(network, station):
        first = flow.route[0]
        uses = [step for step in all_steps(flow.route) if isinstance(step, Visit) and step.station == station.name]
        if not isinstance(first, Visit) or uses != [first] or _returns(flow.route, first) or not is_simple(first):
            return []
        found.append((flow, first))
    return found


def _returns(route: tuple[Step, ...], first: Step) -> bool:
    """Whether a branch, a switch or a choice leads back to the first step."""
    jumps = [step for step in all_steps(route) if isinstance(step, Branch)]
    others = [step for step in all_steps(route) if isinstance(step, Switch | Choose)]
    targets = {label for step in jumps for label, _ in step.targets} | {label for s in others for _, label in s.targets}
    return first.label is not None and first.label in targets


@dataclass(frozen=True)
class Streams:
    """Independent streams that each enter a station directly: what they bring together."""

    rates_per_s: tuple[float, ...]
    visits: tuple[Visit, ...]

    @property
    def rate_per_s(self) -> float:
        """Arrivals per second of all streams together."""
        return sum(self.rates_per_s)

    @property
    def demand_s(self) -> float:
        """The mean demand over all arrivals."""
        return self._mean([visit.demand.moments[0] for visit in self.visits])

    @property
    def scv(self) -> float:
        """The squared coefficient of variation of the demand over all arrivals."""
        second = self._mean([visit.demand.moments[1] for visit in self.visits])
        return max(0.0, second / self.demand_s**2 - 1.0) if self.demand_s > 0.0 else 0.0

    @property
    def law(self) -> str | None:
        """The kind of the demand where all streams have the same one, None where they differ."""
        first = self.visits[0].demand
        return first.kind if all(visit.demand == first for visit in self.visits) else None

    def _mean(self, values: list[float]) -> float:
        return sum(r * v for r, v in zip(self.rates_per_s, values, strict=True)) / self.rate_per_s
