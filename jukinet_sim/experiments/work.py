"""One replication from start to digest, in whatever process it is called."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.experiments.executors.pieces import REPORT_EVERY_S, Progress
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.rows import row_names, write_rows
from jukinet_sim.results.summary import digest

_PROGRAMS = 8
"""Compiled networks that a process keeps: replications of several scenarios come in turn."""
Summary = Callable[[Replication, Program], ReplicationDigest]


@dataclass(frozen=True, eq=False)
class Order:
    """What is the same for all replications: `rows_folder` is where visit rows go, None to keep none.

    `summary` makes a digest of each; it is a function of a module, so that other processes find it.
    """

    network: Network
    seed: int
    engine: EngineName
    rows_folder: Path | None
    summary: Summary = digest


@lru_cache(maxsize=_PROGRAMS)
def _program(order: Order) -> Program:
    """Compile once per process and order (orders are told apart by identity)."""
    return compile_program(order.network)


def perform(order: Order, replication: int, progress: Progress) -> ReplicationDigest:
    """Run one replication and digest it, its visit rows on disk; progress comes at once, then four times a second."""
    program = _program(order)
    keep_rows = order.rows_folder is not None
    engine = make_engine(order.engine, program, order.seed, replication, keep_rows=keep_rows)
    latest = -math.inf

    def report(simulated_s: float, events: int) -> None:
        nonlocal latest
        now = time.monotonic()
        if now - latest >= REPORT_EVERY_S:
            latest = now
            progress(replication, simulated_s, events)

    result = conduct(engine, program, replication, report)
    if order.rows_folder is not None and result.visit_rows is not None:
        write_rows(order.rows_folder, replication, result.visit_rows, row_names(program))
    return order.summary(result, program)
