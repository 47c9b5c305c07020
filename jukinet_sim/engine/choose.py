"""Which engine runs a network: the fast one where its compile time pays, the SimPy reference for small ones. Same bits."""

from __future__ import annotations

from typing import Literal

from jukinet_sim.engine.program import Program
from jukinet_sim.engine.protocol import Engine

EngineName = Literal["fast", "reference"]
REFERENCE_BELOW_VISITS = 100_000
"""SimPy takes about a second for so many visits, the fast engine's first start about as long."""


def resolve(name: str, expected_visits: float) -> EngineName:
    """`auto` becomes the reference engine below about 100,000 expected visits in all, the fast one above."""
    if name == "auto":
        return "reference" if expected_visits < REFERENCE_BELOW_VISITS else "fast"
    return "fast" if name == "fast" else "reference"


def make_engine(name: EngineName, program: Program, seed: int, replication: int, keep_rows: bool = False) -> Engine:
    """Return a fresh engine for one replication."""
    if name == "fast":
        from jukinet_sim.engine.fast.engine import FastEngine

        return FastEngine(program, seed, replication, keep_rows=keep_rows)
    from jukinet_sim.engine.reference.engine import ReferenceEngine

    return ReferenceEngine(program, seed, replication, keep_rows=keep_rows)
