"""The networks in Ciw: process-based routing, whose route of nodes is drawn when a job arrives.

Branches do not look at the state, so drawing a job's whole way at arrival gives the same law as drawing step by step. A
station that is visited with different demands gets one distribution that asks the job for its next demand. Delays share one
node with infinitely many servers. Flows that start at their origin arrive as one thinned Poisson process for each place.
Ciw keeps a record of every visit; the means come from those records, as its documentation shows.
"""

from __future__ import annotations

import random
from bisect import bisect
from typing import Any

import ciw
from ciw.dists import Distribution

from benchmarks.peers.routes import NO_PLACE, ORIGIN, Choose, FlatFlow, FlatNetwork, Places, Serve, Wait, flatten
from benchmarks.peers.samplers import Sampler, sampler
from benchmarks.work import Run, Work
from jukinet_sim.network.model import Network


class _NextDemand(Distribution):  # type: ignore[misc]
    """The service time that the individual in hand brings for its present node."""

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        """Draw the next demand of the individual."""
        draw: Sampler = ind.demands.pop()
        return draw()


class _Way:
    """Draws a job's way through the nodes; Ciw calls it at each arrival."""

    def __init__(self, flow: FlatFlow, delay_node: int, generator: random.Random) -> None:
        self.flow, self.delay_node, self.uniform = flow, delay_node, generator.random
        self.samplers: list[Sampler | None] = [
            None if isinstance(r, Choose) else sampler(r.demand if isinstance(r, Serve) else r.delay, generator)
            for r in flow.rows
        ]

    def __call__(self, individual: Any, simulation: Any) -> list[int]:
        """Leave the demands, last one first, with the individual; return the nodes after the first."""
        places = self._places(individual.starting_node)
        nodes: list[int] = []
        demands: list[Sampler] = []
        at = 0
        while at < len(self.flow.rows):
            row, draw = self.flow.rows[at], self.samplers[at]
            if isinstance(row, Choose):
                at = row.targets[bisect(row.cumulative, self.uniform())]
                continue
            assert draw is not None
            nodes.append(self.delay_node if isinstance(row, Wait) else 1 + row.first + places[row.slot])
            demands.append(draw)
            at += 1
        demands.reverse()
        individual.demands = demands
        return nodes[1:]

    def _places(self, starting_node: int) -> Places:
        first = self.flow.rows[0]
        if isinstance(first, Serve) and first.slot == ORIGIN:
            origin = starting_node - 1 - first.first
            return (0, origin, self.flow.origin.parent[origin], *self.flow.destination.draw(self.uniform()))
        return self.flow.places(self.uniform(), self.uniform())


def prepare(network: Network, seed: int) -> Run:
    """Build the Ciw network and its simulation; the run goes to the horizon and reads the records."""
    ciw.seed(seed)
    flat = flatten(network)
    simulation = ciw.Simulation(_ciw_network(flat, random.Random(seed)))
    delay_node = len(flat.servers) + 1

    def run() -> Work:
        simulation.simulate_until_max_time(network.horizon_s)
        visits = sum(record.node != delay_node for record in simulation.get_all_records())
        completed = dict.fromkeys((flow.name for flow in flat.flows), 0)
        total = dict.fromkeys(completed, 0.0)
        for individual in simulation.nodes[-1].all_individuals:
            completed[individual.customer_class] += 1
            records = individual.data_records
            total[individual.customer_class] += records[-1].exit_date - records[0].arrival_date
        return Work(visits, completed, {name: total[name] / max(1, completed[name]) for name in completed})

    return run


def _ciw_network(flat: FlatNetwork, generator: random.Random) -> Any:
    nodes = len(flat.servers) + 1
    names = [flow.name for flow in flat.flows]
    return ciw.create_network(
        arrival_distributions={flow.name: _arrivals(flow, nodes) for flow in flat.flows},
        service_distributions={name: [_NextDemand() for _ in range(nodes)] for name in names},
        routing={flow.name: ciw.routing.ProcessBased(_Way(flow, nodes, generator)) for flow in flat.flows},
        number_of_servers=[*flat.servers, float("inf")],
    )


def _arrivals(flow: FlatFlow, nodes: int) -> list[Any]:
    """The arrival process at each node: one at the first station, or one for each place of it."""
    first = flow.rows[0]
    found: list[Any] = [None] * nodes
    if not isinstance(first, Serve) or first.slot not in (NO_PLACE, ORIGIN):
        raise NotImplementedError("a flow must begin at a national station or at its origin")
    if first.slot == NO_PLACE:
        found[first.first] = ciw.dists.Exponential(rate=flow.rate_per_s)
        return found
    before = 0.0
    for place, cumulative in enumerate(flow.origin.cumulative):
        found[first.first + place] = ciw.dists.Exponential(rate=flow.rate_per_s * (cumulative - before))
        before = cumulative
    return found
