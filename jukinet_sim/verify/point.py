"""A textbook network at one choice of its parameters, and the figures of it that theory gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import Arrivals, Flow, Network, Station, Visit
from jukinet_sim.results.digest import ReplicationDigest

STATION, FLOW = "s", "f"
"""Names in networks of one station and one flow."""


@dataclass(frozen=True)
class Figure:
    """A metric of a station or flow, by its path in a digest or a name of `DERIVED`, and its value by theory.

    A `rare` one needs so many jobs that only its bias is judged, ten times less precisely below the full size.
    """

    kind: Literal["station", "flow"]
    name: str
    metric: str
    theory: float
    rare: bool = False

    @property
    def label(self) -> str:
        """What tables call it."""
        return self.metric if self.name in (STATION, FLOW) else f"{self.name} {self.metric}"

    @property
    def is_quantile(self) -> bool:
        """Whether the metric is read off a histogram."""
        return self.metric.rpartition(".")[2] in ("p50", "p90", "p95", "p99")


@dataclass(frozen=True, eq=False)
class Point:
    """A member of a family of queues. A `transient` one is looked at at a fixed instant, so it is repeated, never stretched.

    `printed` marks parameters that textbooks and this project's own oracles print results for.
    """

    family: str
    label: str
    network: Network
    figures: tuple[Figure, ...]
    printed: bool = True
    transient: bool = False

    @property
    def key(self) -> str:
        """What names the point among all."""
        return f"{self.family} {self.label}"

    @property
    def observed_s(self) -> float:
        """How long one replication is observed."""
        return self.network.horizon_s - self.network.warm_up_s

    def stretched(self, observed: float, warm_up: float) -> Network:
        """Return the network with the observed time and the warm-up multiplied."""
        if self.transient:
            return self.network
        warm_up_s = self.network.warm_up_s * warm_up
        return replace(self.network, warm_up_s=warm_up_s, horizon_s=warm_up_s + self.observed_s * observed)


def read(digest: ReplicationDigest, figure: Figure) -> float | None:
    """Return what one replication says about a figure; None where nothing was observed."""
    if figure.metric in ("wait_fraction", "jobs_between_attempts", "in_system"):
        return _derived(digest, figure)
    parts = digest.stations if figure.kind == "station" else digest.flows
    return parts[figure.name].metrics[figure.metric]


def _derived(digest: ReplicationDigest, figure: Figure) -> float | None:
    """Return a figure that the result document does not state as such.

    The share of those not refused who wait; jobs of a flow that are at no station; jobs in the system at the horizon.
    """
    if figure.metric == "in_system":
        return float(digest.flows[figure.name].counts["in_system"])
    if figure.metric == "wait_fraction":
        counts = digest.stations[figure.name].counts
        seen = counts["started"] + counts["abandoned"]
        return (counts["waited"] + counts["abandoned"]) / seen if seen else None
    whole = digest.flows[figure.name].metrics["in_system_mean"]
    inside = [part.metrics["in_station"] for part in digest.stations.values()]
    return None if whole is None else whole - sum(number for number in inside if number is not None)


def at_station(metric: str, theory: float, *, rare: bool = False, name: str = STATION) -> Figure:
    """Return a figure of a station."""
    return Figure("station", name, metric, theory, rare)


def of_flow(metric: str, theory: float, *, name: str = FLOW) -> Figure:
    """Return a figure of a flow."""
    return Figure("flow", name, metric, theory)


def queue(
    arrivals: Arrivals,
    demand: Distribution,
    servers: int = 1,
    *,
    observed_s: float,
    warm_up_s: float,
    station: Mapping[str, Any] | None = None,
    flow: Mapping[str, Any] | None = None,
) -> Network:
    """Return one station that one flow visits once, with further words of either."""
    stations = (Station(STATION, servers, **(station or {})),)
    flows = (Flow(FLOW, (Visit(STATION, demand),), arrivals, **(flow or {})),)
    return Network("queue", warm_up_s + observed_s, stations, flows, warm_up_s=warm_up_s)
