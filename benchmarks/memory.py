"""Peak resident memory of the fast engine after 10^6, 10^7 and 10^8 visits, each in a process of its own.

`python -m benchmarks.memory [VISITS ...]`. The peak includes the interpreter, numba and its compiled code.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.networks import eight_stations, of_visits, tree
from benchmarks.work import fast

NETWORKS = {"eight-stations": eight_stations, "tree": tree}
_UNITS_PER_MIB = 1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0


def main() -> int:
    """Print the table, or, as a child, one measurement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("visits", nargs="*", type=float, default=[1e6, 1e7, 1e8])
    parser.add_argument("--network", choices=tuple(NETWORKS), default="eight-stations")
    parser.add_argument("--here", action="store_true", help="measure in this process and print JSON")
    chosen = parser.parse_args()
    if chosen.here:
        print(json.dumps(measured_here(chosen.network, chosen.visits[0])))
        return 0
    print(f"| visits of {chosen.network} | peak memory, MiB |\n|--:|--:|")
    for visits in chosen.visits:
        done, peak = measured_apart(chosen.network, visits)
        print(f"| {done:,} | {peak:.0f} |", flush=True)
    return 0


def measured_apart(network: str, visits: float) -> tuple[int, float]:
    """Visits done and peak memory (MiB) of a fresh process that runs about so many visits."""
    command = [sys.executable, "-m", "benchmarks.memory", str(visits), "--network", network, "--here"]
    folder = Path(__file__).parent.parent
    done, peak = json.loads(subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE).stdout)
    return int(done), float(peak)


def measured_here(network: str, visits: float) -> tuple[int, float]:
    """Visits done and peak memory (MiB) of this process."""
    done = fast(of_visits(NETWORKS[network](), visits), seed=1)().visits
    return done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _UNITS_PER_MIB


if __name__ == "__main__":
    sys.exit(main())
