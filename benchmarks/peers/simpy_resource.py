"""The networks in plain SimPy: one process a job, one `simpy.Resource` a station, Python's own random numbers.

It keeps two numbers a flow and a count of visits, far less than our engines do.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable, Generator
from typing import Any

import simpy

from benchmarks.peers.routes import Choose, FlatFlow, Places, Serve, flatten
from benchmarks.peers.samplers import Sampler, sampler
from benchmarks.work import Run, Work
from jukinet_sim.network.model import Network

Compiled = tuple[Any, ...]
_SERVE, _WAIT, _CHOOSE = range(3)


class _Meter:
    """Visits of all flows; finished jobs and summed sojourns of each."""

    def __init__(self, flows: int) -> None:
        self.visits = 0
        self.completed = [0] * flows
        self.sojourn_s = [0.0] * flows


def prepare(network: Network, seed: int) -> Run:
    """Set up resources and arrival processes; the run goes to the horizon."""
    flat = flatten(network)
    generator = random.Random(seed)
    env = simpy.Environment()
    stations = [simpy.Resource(env, capacity=servers) for servers in flat.servers]
    meter = _Meter(len(flat.flows))
    for number, flow in enumerate(flat.flows):
        env.process(_arrivals(env, number, flow, _compiled(flow, generator), stations, meter, generator))

    def run() -> Work:
        env.run(until=network.horizon_s)
        names = [flow.name for flow in flat.flows]
        means = [total / max(1, jobs) for total, jobs in zip(meter.sojourn_s, meter.completed, strict=True)]
        completed = dict(zip(names, meter.completed, strict=True))
        return Work(meter.visits, completed, dict(zip(names, means, strict=True)))

    return run


def _compiled(flow: FlatFlow, generator: random.Random) -> tuple[Compiled, ...]:
    """The rows with their samplers, as plain tuples, which Python takes apart fastest."""
    rows: list[Compiled] = []
    for row in flow.rows:
        if isinstance(row, Serve):
            rows.append((_SERVE, sampler(row.demand, generator), row.first, row.slot))
        elif isinstance(row, Choose):
            rows.append((_CHOOSE, generator.random, row.cumulative, row.targets))
        else:
            rows.append((_WAIT, sampler(row.delay, generator), 0, 0))
    return tuple(rows)


def _arrivals(
    env: simpy.Environment,
    number: int,
    flow: FlatFlow,
    rows: tuple[Compiled, ...],
    stations: list[simpy.Resource],
    meter: _Meter,
    generator: random.Random,
) -> Generator[simpy.Event, Any, None]:
    uniform: Sampler = generator.random
    gap: Callable[[float], float] = generator.expovariate
    nowhere: Places = (0, 0, 0, 0, 0)
    placed = any(isinstance(row, Serve) and row.slot for row in flow.rows)
    while True:
        yield env.timeout(gap(flow.rate_per_s))
        places = flow.places(uniform(), uniform()) if placed else nowhere
        env.process(_job(env, number, rows, places, stations, meter))


def _job(
    env: simpy.Environment,
    number: int,
    rows: tuple[Compiled, ...],
    places: Places,
    stations: list[simpy.Resource],
    meter: _Meter,
) -> Generator[simpy.Event, Any, None]:
    born = env.now
    at = 0
    while at < len(rows):
        kind, draw, first, second = rows[at]
        if kind == _SERVE:
            with stations[first + places[second]].request() as request:
                yield request
                yield env.timeout(draw())
            meter.visits += 1
            at += 1
        elif kind == _CHOOSE:
            at = second[bisect(first, draw())]
        else:
            yield env.timeout(draw())
            at += 1
    meter.completed[number] += 1
    meter.sojourn_s[number] += env.now - born
