"""Visits a second of every contender on both networks, in interleaved rounds of one process, as a Markdown table.

`python -m benchmarks.ratios [--rounds N] [--write]`. Time is CPU time of the process (all its threads), which other work on
the machine disturbs least; a ratio is taken within each round, and the table shows medians over the rounds.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks import work
from benchmarks.networks import busy_stations, eight_stations, of_visits, tree
from benchmarks.peers import cimba_network, ciw_network, simpy_resource
from benchmarks.work import Prepare
from jukinet_sim import __version__
from jukinet_sim.network.model import Network

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- ratios:begin -->", "<!-- ratios:end -->"
PACKAGES = ("numba", "numpy", "simpy", "cimba", "ciw")


@dataclass(frozen=True)
class Contender:
    """One line of the table. `pilot_visits` are run once, to compile and to find how many visits fill a round."""

    name: str
    prepare: Prepare
    pilot_visits: float
    only: str | None = None


CONTENDERS = (
    Contender("fast engine", work.fast, 300_000),
    Contender("fast engine, full specialisation", work.fast_full, 300_000),
    Contender("reference engine", work.reference, 20_000),
    Contender("SimPy", simpy_resource.prepare, 20_000),
    Contender("cimba", cimba_network.prepare, 200_000),
    Contender("Ciw", ciw_network.prepare, 5_000, only="eight-stations"),
)
AGAINST = ("SimPy", "cimba")
NETWORKS: tuple[Callable[[], Network], ...] = (eight_stations, busy_stations, tree)


def main() -> int:
    """Measure, print the table and, if asked, write it into the README."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ratios", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds of all contenders, one after another (default 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU seconds a contender gets a round (default 1)")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    chosen = parser.parse_args()
    machine = _machine(chosen.rounds)
    text = "\n".join([*_measured(chosen.rounds, chosen.seconds), "", machine])
    print(text)
    if chosen.write:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        README.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
    return 0


def _measured(rounds: int, seconds: float) -> Iterator[str]:
    """Yield the lines of the table, network by network."""
    yield "| network | contender | visits/s | against SimPy | against cimba |"
    yield "|---|---|--:|--:|--:|"
    for make in NETWORKS:
        network = make()
        rates = _rates(network, rounds, seconds)
        for name, own in rates.items():
            ratios = [median(a / b for a, b in zip(own, rates[other], strict=True)) for other in AGAINST]
            cells = " | ".join(f"{ratio:,.2f}" if ratio < 10 else f"{ratio:,.0f}" for ratio in ratios)
            yield f"| {network.name} | {name} | {_rounded(median(own)):,} | {cells} |"


def _rates(network: Network, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Visits a CPU second of each contender in each round; rounds go through all contenders in turn."""
    contenders = [c for c in CONTENDERS if c.only in (None, network.name)]
    sized = {c.name: _sized(network, c, seconds) for c in contenders}
    rates: dict[str, list[float]] = {c.name: [] for c in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            rate = _run(contender.prepare, sized[contender.name], number)
            rates[contender.name].append(rate)
            print(f"{network.name}, round {number}: {contender.name} {rate:,.0f} visits/s", file=sys.stderr)
    return rates


def _sized(network: Network, contender: Contender, seconds: float) -> Network:
    """The network over the horizon that keeps the contender busy for about so many seconds."""
    pilot = of_visits(network, contender.pilot_visits)
    _run(contender.prepare, pilot, 0)
    rate = _run(contender.prepare, pilot, 0)
    return of_visits(network, max(rate * seconds, contender.pilot_visits))


def _run(prepare: Prepare, network: Network, seed: int) -> float:
    """Visits a CPU second of one run, what `prepare` does not counted."""
    run = prepare(network, seed)
    gc.collect()
    start = time.process_time()
    visits = run().visits
    return visits / (time.process_time() - start)


def _rounded(rate: float) -> int:
    """Three significant digits."""
    return int(float(f"{rate:.3g}"))


def _machine(rounds: int) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Medians of {rounds} interleaved rounds; {_processor()}, {os.cpu_count()} cores, {platform.system()}; "
        f"Python {platform.python_version()}, jukinet-sim {__version__}, {packages}."
    )


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
