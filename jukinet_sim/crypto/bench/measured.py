"""A bench to the card of the machine that it ran on."""

from __future__ import annotations

import datetime as dt

from jukinet_sim.crypto.bench import host
from jukinet_sim.crypto.bench.binding import NONE, kind_of
from jukinet_sim.crypto.bench.figures import LONG_RUN_S, figures, noise
from jukinet_sim.crypto.bench.fit import fitted, fitted_tries
from jukinet_sim.crypto.bench.rounds import Timed
from jukinet_sim.crypto.bench.run import Bench
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.this_host import NAME


def measured_card(done: Bench, name: str = NAME, day: dt.date | None = None) -> Card:
    """Return the card of what was timed: by best times of long runs, by medians of short ones."""
    ratio, grade = noise(done.rounds.gauge)
    long = done.rounds.seconds >= LONG_RUN_S
    when = f" on {day}" if day else ""
    kept = "best" if long else "median"
    source = f"{kept} of {done.rounds.rounds} rounds in {done.rounds.seconds:.0f} s{when}, {grade} machine ({ratio:.2f})"
    binding = {kind: _typical(timed, long) for kind, timed in done.binding.items()} | {NONE: 0.0}
    sizes: dict[str, dict[int, Timed]] = {}
    for (operation, size), timed in done.operations.items():
        sizes.setdefault(operation, {})[size] = timed
    tries = {
        f"{part.name}.sign": part.mean_tries for suite in done.suites for part in suite.signature.parts if part.mean_tries
    }
    slowdown = figures(done.rounds.gauge).mean_s / _typical(done.rounds.gauge, long)
    operations = {
        operation: fitted_tries(
            found[min(found)], tries[operation], slowdown, binding[kind_of(operation)], source, best=long
        )
        # What a byte adds to one signature drowns in the tries of all others; it is too little to matter here.
        if operation in tries
        else fitted(
            [(size, _typical(timed, long)) for size, timed in found.items()], binding[kind_of(operation)], source
        )
        for operation, found in sizes.items()
    }
    return Card(
        name=name, title="this machine, measured", platform=f"one core of {host.processor()}", provenance="measured",
        operations=operations, instruction_set=host.instruction_set(), library=host.library(),
    )  # fmt: skip


def _typical(timed: Timed, long: bool) -> float:
    found = figures(timed)
    return found.best_s if long else found.median_s
