"""Replications of a point to the values of its figures, in whatever process; the largest error of every law is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.results.summary import digest
from jukinet_sim.verify.catalogue import catalogue
from jukinet_sim.verify.point import Point, read
from jukinet_sim.verify.seeds import independent_seed
from jukinet_sim.verify.workers import Workers

Row = tuple[float | None, ...]
"""One replication's value for each figure of the point."""
_BATCHES = 8
"""Parts into which the replications of a point are cut, so that all processes are busy to the end."""


@dataclass(frozen=True)
class Batch:
    """Replications `first` .. `first + count - 1` of a point under its seed, its times multiplied."""

    key: str
    engine: EngineName
    seed: int
    first: int
    count: int
    observed: float
    warm_up: float


@dataclass(frozen=True)
class Found:
    """What came of a batch."""

    rows: tuple[Row, ...]
    laws: Mapping[str, float]
    events: int


@dataclass
class Laws:
    """The largest relative error of every exact law over all runs so far."""

    worst: dict[str, float] = field(default_factory=dict)
    runs: int = 0
    events: int = 0

    def add(self, laws: Mapping[str, float], runs: int, events: int) -> None:
        """Take note of so many runs."""
        for name, error in laws.items():
            self.worst[name] = max(self.worst.get(name, 0.0), error)
        self.runs += runs
        self.events += events


@lru_cache(maxsize=4)
def _program(key: str, observed: float, warm_up: float) -> Program:
    """Compile a point once per process."""
    return compile_program(catalogue()[key].stretched(observed, warm_up))


def simulate(batch: Batch) -> Found:
    """Run a batch. Raises what the engine raises, LimitReached where a run was cut short."""
    program = _program(batch.key, batch.observed, batch.warm_up)
    figures = catalogue()[batch.key].figures
    rows, laws = [], Laws()
    for k in range(batch.first, batch.first + batch.count):
        run = conduct(make_engine(batch.engine, program, batch.seed, k), program, k)
        if run.limit is not None:
            raise LimitReached(f"{batch.key}, replication {k}: {run.limit}")
        laws.add(run.identities, 1, run.events)
        told = digest(run, program)
        rows.append(tuple(read(told, figure) for figure in figures))
    return Found(tuple(rows), laws.worst, laws.events)


@dataclass(frozen=True)
class Task:
    """So many replications of a point, from `first` on."""

    point: Point
    first: int
    count: int
    observed: float
    warm_up: float

    def run_seed(self, seed: int) -> int:
        """Return the seed of its runs: the battery's and the point's name, for points count as independent."""
        return independent_seed(seed, self.point.key)

    def batches(self, engine: EngineName, seed: int) -> Iterator[Batch]:
        """Yield the parts in which the task is run under a seed of the battery."""
        own = self.run_seed(seed)
        each = max(1, -(-self.count // _BATCHES))
        for first in range(0, self.count, each):
            count = min(each, self.count - first)
            yield Batch(self.point.key, engine, own, self.first + first, count, self.observed, self.warm_up)


def run_tasks(
    tasks: Iterable[Task], engine: EngineName, seed: int, pool: Workers, laws: Laws
) -> Iterator[tuple[Task, list[Row]]]:
    """Yield each task with its rows, in replication order."""
    tasks = list(tasks)
    found = pool.map(simulate, (batch for task in tasks for batch in task.batches(engine, seed)))
    for task in tasks:
        rows: list[Row] = []
        for batch, result in zip(task.batches(engine, seed), found, strict=False):
            laws.add(result.laws, batch.count, result.events)
            rows.extend(result.rows)
        yield task, rows
