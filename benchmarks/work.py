"""What a contender has to deliver, and our own two engines as contenders.

`Prepare` does everything that comes before the first event and returns the run itself, so that only runs are timed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.fast.engine import FastEngine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Engine, Replication, conduct
from jukinet_sim.network.model import Network


@dataclass(frozen=True)
class Work:
    """What a run did: finished visits to stations (delays are none), and per flow the finished jobs and mean sojourn (s)."""

    visits: int
    completed: dict[str, int]
    sojourn_s: dict[str, float]


Run = Callable[[], Work]
Prepare = Callable[[Network, int], Run]


def fast(network: Network, seed: int) -> Run:
    """The fast engine, with every statistic and the fingerprint, in the specialisation that the network gets."""
    return _engine(network, seed, "fast")


def fast_full(network: Network, seed: int) -> Run:
    """The fast engine in its full specialisation, whose features these networks leave unused."""
    program = compile_program(network)
    engine = FastEngine(program, seed, 0, full=True)
    return lambda: _summary(network, conduct(engine, program, 0))


def reference(network: Network, seed: int) -> Run:
    """The SimPy reference engine, with every statistic and the fingerprint."""
    return _engine(network, seed, "reference")


def _engine(network: Network, seed: int, name: EngineName) -> Run:
    program = compile_program(network)
    engine: Engine = make_engine(name, program, seed, 0)
    return lambda: _summary(network, conduct(engine, program, 0))


def _summary(network: Network, replication: Replication) -> Work:
    names = [flow.name for flow in network.flows]
    completed = replication.flow_counts["completed"]
    sojourn = replication.flow_sums["sojourn"]
    return Work(
        visits=int(replication.station_counts["completed"].sum()),
        completed={name: int(completed[i]) for i, name in enumerate(names)},
        sojourn_s={name: float(sojourn[i] / max(1, completed[i])) for i, name in enumerate(names)},
    )
