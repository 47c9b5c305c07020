"""Routes as flat tables of visits, delays and branches, with loops written out, for simulators without a route language.

Only what the benchmark networks use is understood; everything else is refused, so that no peer runs an easier network.
"""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network import model as M

NO_PLACE, ORIGIN, ORIGIN_PARENT, DESTINATION, DESTINATION_PARENT = range(5)
Places = tuple[int, int, int, int, int]
"""A job's places: 0 for stations that stand alone, then origin, its parent, destination and its parent."""


@dataclass(frozen=True)
class Serve:
    """A visit to station `first` + the job's place number `slot`."""

    first: int
    slot: int
    demand: Distribution


@dataclass(frozen=True)
class Wait:
    """A delay."""

    delay: Distribution


@dataclass(frozen=True)
class Choose:
    """A jump to row `targets[i]`, i being the number of `cumulative` values up to a uniform draw."""

    cumulative: tuple[float, ...]
    targets: tuple[int, ...]


Row = Serve | Wait | Choose


@dataclass(frozen=True)
class PlaceTable:
    """Cumulative weights of a level's places and the parent of each (0 where the level has none above it)."""

    cumulative: tuple[float, ...]
    parent: tuple[int, ...]

    def draw(self, uniform: float) -> tuple[int, int]:
        """The place, and its parent, that a uniform value selects."""
        place = min(bisect(self.cumulative, uniform), len(self.cumulative) - 1)
        return place, self.parent[place]


NOWHERE = PlaceTable((1.0,), (0,))


@dataclass(frozen=True)
class FlatFlow:
    """A Poisson flow; row numbers run from 0, and reaching `len(rows)` completes the job."""

    name: str
    rate_per_s: float
    rows: tuple[Row, ...]
    origin: PlaceTable
    destination: PlaceTable

    def places(self, first: float, second: float) -> Places:
        """The places that two uniform values select."""
        return (0, *self.origin.draw(first), *self.destination.draw(second))


@dataclass(frozen=True)
class FlatNetwork:
    """`servers[i]` of every single station i, and the flows."""

    servers: tuple[int, ...]
    flows: tuple[FlatFlow, ...]


def flatten(network: M.Network) -> FlatNetwork:
    """Write a network out. Raises NotImplementedError for what the peers are not asked to do."""
    if network.pools or network.warm_up_s or network.drain or any(s.outages for s in network.stations):
        raise NotImplementedError("pools, outages, warm-up and drain are not written out for other simulators")
    firsts: dict[str, int] = {}
    servers: list[int] = []
    for station in network.stations:
        firsts[station.name] = len(servers)
        count = 1 if station.per is None else network.level(station.per).count
        servers.extend(station.servers_at(place) for place in range(count))
    return FlatNetwork(tuple(servers), tuple(_Flattener(network, flow, firsts).flow() for flow in network.flows))


class _Flattener:
    def __init__(self, network: M.Network, flow: M.Flow, firsts: dict[str, int]) -> None:
        self.network, self.source, self.firsts = network, flow, firsts
        self.rows: list[Row | M.Branch] = []

    def flow(self) -> FlatFlow:
        """Write out the flow."""
        arrivals = self.source.arrivals
        if not isinstance(arrivals, M.Poisson) or self.source.share is not None:
            raise NotImplementedError("only Poisson arrivals with the level's own weights are written out")
        self._lay(self.source.route)
        rows = tuple(row for row in self.rows if not isinstance(row, M.Branch))
        origin, destination = self._places(self.source.origin), self._places(self.source.destination)
        return FlatFlow(self.source.name, arrivals.rate_per_s, rows, origin, destination)

    def _lay(self, steps: tuple[M.Step, ...]) -> None:
        labels: dict[str, int] = {}
        branches: list[tuple[int, M.Branch]] = []
        for step in steps:
            if step.label:
                labels[step.label] = len(self.rows)
            match step:
                case M.Visit(per_record_s=0.0):
                    slot = self._slot(step)
                    self.rows.append(Serve(self.firsts[step.station], slot, step.demand))
                case M.Delay(delay=delay):
                    self.rows.append(Wait(delay))
                case M.Branch():
                    branches.append((len(self.rows), step))
                    self.rows.append(step)
                case M.Loop(body=body, times=int(times)):
                    for _ in range(times):
                        self._lay(body)
                case _:
                    raise NotImplementedError(f"a {type(step).__name__} is not written out for other simulators")
        for at, branch in branches:
            if any(label is None for label, _ in branch.targets):
                raise NotImplementedError("branches that leave the network are not written out for other simulators")
            targets = tuple(labels[label] for label, _ in branch.targets if label is not None)
            self.rows[at] = Choose(tuple(accumulate(p for _, p in branch.targets))[:-1], targets)

    def _slot(self, step: M.Visit) -> int:
        per = next(s.per for s in self.network.stations if s.name == step.station)
        if per is None:
            return NO_PLACE
        level = self.source.origin if step.at == "origin" else self.source.destination
        own = ORIGIN if step.at == "origin" else DESTINATION
        return own if per == level else own + 1

    def _places(self, name: str | None) -> PlaceTable:
        if name is None:
            return NOWHERE
        level = self.network.level(name)
        total = float(level.weights.sum())
        return PlaceTable(tuple(accumulate(float(w) / total for w in level.weights)), level.parent or (0,) * level.count)
