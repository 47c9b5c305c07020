"""Figures of replications of a network on the compiled engine, simulated when first asked for and kept in memory.

Both engines give the same bits, so that a decision does not depend on which of them it is taken with.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from jukinet_sim.base.errors import LimitReached
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network.model import Network
from jukinet_sim.results.summary import digest
from jukinet_sim.verify.point import Figure, read

ENGINE: EngineName = "fast"
Row = tuple[float | None, ...]


class Simulated:
    """Replications of a network under a seed; `figures` are read from each. Networks are told apart by identity."""

    def __init__(self, network: Network, figures: Sequence[Figure], seed: int) -> None:
        self._program = _program(network)
        self._figures = tuple(figures)
        self._seed = seed
        self._rows: list[Row] = []

    def rows(self, replications: int) -> list[Row]:
        """Return the figures of the first so many replications. Raises LimitReached where one is cut short."""
        for k in range(len(self._rows), replications):
            run = conduct(make_engine(ENGINE, self._program, self._seed, k), self._program, k)
            if run.limit is not None:
                raise LimitReached(f"{self._program.network.name}, replication {k}: {run.limit}")
            told = digest(run, self._program)
            self._rows.append(tuple(read(told, figure) for figure in self._figures))
        return self._rows[:replications]

    def values(self, figure: int, replications: int) -> list[float | None]:
        """Return one figure of the first so many replications."""
        return [row[figure] for row in self.rows(replications)]


@lru_cache(maxsize=64)
def _program(network: Network) -> Program:
    """Compile once per process and network."""
    return compile_program(network)
