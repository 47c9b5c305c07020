"""Compiles one part of the fast engine, and nothing else: `python -m tests.compiling PART`.

The parts take about as long as each other and have little in common. All forms of the loop stand in one, as they share a file
in the cache.
"""

from __future__ import annotations

import gc
import sys

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.network.model import Breakdowns, Closed, Flow, Network, Poisson, Station, Visit

FLOW = Flow("flow", (Visit("station", constant(1.0)),), Poisson(1.0))
LEAN = Network("lean", 10.0, (Station("station", 1),), (FLOW,))
RICH = Network(
    "rich", 10.0, (Station("station", 1, breakdowns=Breakdowns(exponential(1.0), constant(1.0))),),
    (Flow("closed", FLOW.route, Closed(1, constant(1.0))),),
)  # fmt: skip


def loops() -> None:
    """The four forms of the event loop, what happens before and after it, and the reference engine."""
    from jukinet_sim.engine.fast.engine import FastEngine
    from jukinet_sim.engine.program import compile_program
    from jukinet_sim.engine.protocol import conduct
    from jukinet_sim.engine.reference.engine import ReferenceEngine

    program = compile_program(LEAN)
    for full in (False, True):
        for keep_rows in (False, True):
            conduct(FastEngine(program, 1, 0, keep_rows=keep_rows, full=full), program, 0)
    for network in (LEAN, RICH):
        program = compile_program(network)
        conduct(ReferenceEngine(program, 1, 0, keep_rows=True), program, 0)


def rarer_moves() -> None:
    """The moves and draws that the loop calls by address, and what a rich network begins with."""
    from jukinet_sim.engine.fast import calls, drawing
    from jukinet_sim.engine.fast.engine import FastEngine
    from jukinet_sim.engine.program import compile_program

    calls.addresses(keeps=True)
    drawing.addresses()
    FastEngine(compile_program(RICH), 1, 0)


PARTS = {"loops": loops, "rarer moves": rarer_moves}

if __name__ == "__main__":
    gc.disable()  # of what numba makes little is garbage, and the process ends soon
    PARTS[sys.argv[1]]()
