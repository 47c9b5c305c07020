"""What windows cost: one replication of a scenario with what it looks at in windows and without, in turns.

`python -m benchmarks.windows [SCENARIO] [PAIRS]`, by default the nine months and four pairs; seconds of processor time.
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace

from jukinet_sim import compile_network, load
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.engine.protocol import conduct


def seconds(program: Program) -> tuple[float, str]:
    """Processor time of one replication on the fast engine, and its fingerprint."""
    began = time.process_time()
    fingerprint = conduct(make_engine("fast", program, 1, 0), program, 0).fingerprint
    return time.process_time() - began, fingerprint


def main(scenario: str = "scenarios/fy2012.yaml", pairs: str = "4") -> None:
    """Print each pair and the median of their ratios."""
    network = compile_network(load(scenario))
    watched = compile_program(network)
    plain = compile_program(replace(network, focuses=(), busiest_hours=False))
    seconds(compile_program(replace(network, horizon_s=7200.0)))
    ratios = []
    for pair in range(int(pairs)):
        order = (watched, plain) if pair % 2 else (plain, watched)
        taken = {id(program): seconds(program) for program in order}
        (with_s, one), (without_s, other) = taken[id(watched)], taken[id(plain)]
        assert one == other
        ratios.append(with_s / without_s)
        print(f"with {with_s:.2f} s, without {without_s:.2f} s, ratio {ratios[-1]:.3f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
