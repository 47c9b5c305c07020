"""The networks in cimba: one compiled process a job, one resource a station, cimba's own random numbers.

cimba expresses these networks in full, feedback, branches and places included: every job is a spawned model whose process
walks the table of its flow. It counts visits, finished jobs and summed sojourns, and the mean use that each resource
keeps anyway; no histograms, no areas of queues, no fingerprint.
"""

from __future__ import annotations

from itertools import chain

import cimba as cb

from benchmarks.peers.routes import Choose, FlatFlow, Serve, flatten
from benchmarks.work import Run, Work
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import Network

_SERVE, _WAIT, _CHOOSE = 0, 1, 2
_DRAWS = {"constant": 0, "exponential": 1, "gamma": 2, "uniform": 3}
_BRIEF_S = 1e-6


class Station(cb.Model):
    """Servers and their queue."""

    servers: cb.Resource


class World(cb.Model):
    """The stations and the tables of all flows."""

    stations: list[Station]
    flows: list[Source]
    kind: cb.Array[int]
    draw: cb.Array[int]
    first: cb.Array[int]
    slot: cb.Array[int]
    one: cb.Array[float]
    two: cb.Array[float]
    chance: cb.Array[float]
    target: cb.Array[int]
    visits: cb.Output[float]
    visited: int = 0

    @cb.on_end
    def report(self) -> None:
        """Give the visits."""
        self.visits = float(self.visited)


class Source(cb.Model):
    """Arrivals of one flow, and what became of them."""

    world: cb.Ref[World]
    gap_s: float
    begin: int
    end: int
    placed: bool
    origin_weight: cb.Array[float]
    origin_parent: cb.Array[int]
    destination_weight: cb.Array[float]
    destination_parent: cb.Array[int]
    jobs: int = 0
    time_s: float = 0.0
    completed: cb.Output[float]
    sojourn_s: cb.Output[float]

    @cb.function
    def origin(self) -> int:
        """Draw an origin by weight."""
        uniform = cb.random.uniform(0.0, 1.0)
        low, high = 0, len(self.origin_weight) - 1
        while low < high:
            middle = (low + high) // 2
            if uniform < self.origin_weight[middle]:
                high = middle
            else:
                low = middle + 1
        return low

    @cb.function
    def destination(self) -> int:
        """Draw a destination by weight."""
        uniform = cb.random.uniform(0.0, 1.0)
        low, high = 0, len(self.destination_weight) - 1
        while low < high:
            middle = (low + high) // 2
            if uniform < self.destination_weight[middle]:
                high = middle
            else:
                low = middle + 1
        return low

    @cb.process
    def arrivals(self) -> None:
        """Send off jobs."""
        while True:
            cb.hold(cb.random.exponential(self.gap_s))
            if self.placed:
                origin, destination = self.origin(), self.destination()
                cb.spawn(
                    Job,
                    source=self,
                    world=self.world,
                    origin=origin,
                    origin_parent=self.origin_parent[origin],
                    destination=destination,
                    destination_parent=self.destination_parent[destination],
                )
            else:
                cb.spawn(Job, source=self, world=self.world)

    @cb.on_end
    def report(self) -> None:
        """Give the finished jobs and their mean sojourn."""
        self.completed = float(self.jobs)
        self.sojourn_s = self.time_s / max(1, self.jobs)


class Job(cb.Model):
    """One job on its way."""

    source: cb.Ref[Source]
    world: cb.Ref[World]
    origin: int = 0
    origin_parent: int = 0
    destination: int = 0
    destination_parent: int = 0

    @cb.process
    def walk(self) -> None:
        """Execute the rows of the flow from the first one to the last."""
        source, world = self.source, self.world
        born = cb.now()
        at = source.begin
        while at < source.end:
            kind = world.kind[at]
            if kind == _CHOOSE:
                entry = world.first[at]
                uniform = cb.random.uniform(0.0, 1.0)
                while uniform >= world.chance[entry]:
                    entry += 1
                at = world.target[entry]
                continue
            draw = world.draw[at]
            if draw == 1:
                time_s = cb.random.exponential(world.one[at])
            elif draw == 0:
                time_s = world.one[at]
            elif draw == 2:
                time_s = cb.random.gamma(world.one[at], world.two[at])
            else:
                time_s = cb.random.uniform(world.one[at], world.two[at])
            if kind == _SERVE:
                slot = world.slot[at]
                place = 0
                if slot == 1:
                    place = self.origin
                elif slot == 2:
                    place = self.origin_parent
                elif slot == 3:
                    place = self.destination
                elif slot == 4:
                    place = self.destination_parent
                servers = world.stations[world.first[at] + place].servers
                servers.acquire()
                cb.hold(time_s)
                servers.release()
                world.visited += 1
            else:
                cb.hold(time_s)
            at += 1
        source.jobs += 1
        source.time_s += cb.now() - born
        cb.release(self)


def prepare(network: Network, seed: int) -> Run:
    """Build the models and have cimba compile them; the run goes to the horizon on one thread."""
    world = _world(network)
    cb.Experiment(world, window=cb.Window(duration=_BRIEF_S), seed=seed).run(workers=1)
    experiment = cb.Experiment(world, window=cb.Window(duration=network.horizon_s), seed=seed)
    names = [flow.name for flow in network.flows]

    def run() -> Work:
        results = experiment.run(workers=1)
        if results.failed.any():
            raise RuntimeError(str(results.failure_reasons))
        parts = [results[source] for source in world.flows]
        return Work(
            visits=int(results[world].visits.values.item()),
            completed={n: int(p.completed.values.item()) for n, p in zip(names, parts, strict=True)},
            sojourn_s={n: float(p.sojourn_s.values.item()) for n, p in zip(names, parts, strict=True)},
        )

    return run


def _world(network: Network) -> World:
    flat = flatten(network)
    world = World()
    world.stations = [_station(servers) for servers in flat.servers]
    tables = _Tables()
    sources = []
    for flow in flat.flows:
        begin = len(tables.kind)
        tables.append(flow)
        sources.append(_source(world, flow, begin, len(tables.kind)))
    world.flows = sources
    for name, values in vars(tables).items():
        setattr(world, name, cb.Array(values))
    return world


def _station(servers: int) -> Station:
    station = Station()
    station.servers = cb.Resource(capacity=servers)
    return station


def _source(world: World, flow: FlatFlow, begin: int, end: int) -> Source:
    source = Source()
    source.world = world
    source.gap_s = 1.0 / flow.rate_per_s
    source.begin, source.end = begin, end
    source.placed = any(isinstance(row, Serve) and row.slot > 0 for row in flow.rows)
    source.origin_weight, source.origin_parent = cb.Array(flow.origin.cumulative), cb.Array(flow.origin.parent)
    source.destination_weight = cb.Array(flow.destination.cumulative)
    source.destination_parent = cb.Array(flow.destination.parent)
    return source


class _Tables:
    """Columns of all rows of all flows; `chance` and `target` hold the branches."""

    def __init__(self) -> None:
        self.kind: list[int] = []
        self.draw: list[int] = []
        self.first: list[int] = []
        self.slot: list[int] = []
        self.one: list[float] = []
        self.two: list[float] = []
        self.chance: list[float] = []
        self.target: list[int] = []

    def append(self, flow: FlatFlow) -> None:
        """Append the rows of a flow."""
        begin = len(self.kind)
        for row in flow.rows:
            if isinstance(row, Choose):
                self._row(_CHOOSE, None, len(self.chance), 0)
                self.chance.extend(chain(row.cumulative, (1.0,)))
                self.target.extend(begin + target for target in row.targets)
            elif isinstance(row, Serve):
                self._row(_SERVE, row.demand, row.first, row.slot)
            else:
                self._row(_WAIT, row.delay, 0, 0)

    def _row(self, kind: int, distribution: Distribution | None, first: int, slot: int) -> None:
        if distribution is not None and distribution.kind not in _DRAWS:
            raise NotImplementedError(f"{distribution.kind} is not written out for other simulators")
        parameters = (*(distribution.parameters if distribution else ()), 0.0, 0.0)
        self.kind.append(kind)
        self.draw.append(_DRAWS[distribution.kind] if distribution else 0)
        self.first.append(first)
        self.slot.append(slot)
        self.one.append(parameters[0])
        self.two.append(parameters[1])
