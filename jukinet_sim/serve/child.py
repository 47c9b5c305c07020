"""A run in a process of its own: what it tells is a line of JSON each on its standard output.

SIGINT stops it; finished replications are kept then, as they are when a command is interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jukinet_sim.base.errors import JukinetError, ScenarioError
from jukinet_sim.base.harmless import harmless
from jukinet_sim.experiments.compiled import compile_kept
from jukinet_sim.experiments.figures import names_that_matter, read_row, unit_of
from jukinet_sim.experiments.plan import planned
from jukinet_sim.experiments.runs import StoredRun, run_stored
from jukinet_sim.report.experiment_figures import unit_for
from jukinet_sim.report.numbers import Unit
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.statistics.intervals import over_replications

if TYPE_CHECKING:
    from jukinet_sim.experiments.points import Task
    from jukinet_sim.results.digest import ReplicationDigest

HEADLINES = 6
"""So many figures are followed while a run goes on, the first that matter."""
_TELL_EVERY_S = 0.5


def tell(kind: str, **told: Any) -> None:
    """Say one thing."""
    print(json.dumps({"kind": kind, **told}, allow_nan=False), flush=True)


class Watcher:
    """Tells how a run gets on: replications, pace, and how the figures that matter settle."""

    def __init__(self, loaded: Loaded, horizon_s: float, task: Task, total: int, found: int) -> None:
        self._loaded, self._horizon_s, self._task, self._total, self._done = loaded, horizon_s, task, total, found
        self._running: dict[int, tuple[float, int]] = {}
        self._events = self._new = 0
        self._values: dict[str, list[float | None]] = {}
        self._units: dict[str, Unit] = {}
        self._started = self._told = time.monotonic()
        tell("begun", task=task, total=total, found=found)

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Take note of a replication on its way."""
        self._running[replication] = (min(simulated_s, self._horizon_s), events)
        if time.monotonic() - self._told >= _TELL_EVERY_S:
            self._progress()

    def done(self, digest: ReplicationDigest) -> None:
        """Take note of a finished replication."""
        self._running.pop(digest.replication, None)
        self._done += 1
        self._new += 1
        self._events += digest.events
        self._progress()
        if self._task == "run":
            tell("settled", done=self._done, headlines=self._settled(digest))

    def close(self) -> None:
        """Say nothing more."""

    def _progress(self) -> None:
        self._told = time.monotonic()
        elapsed_s = self._told - self._started
        under_way_s = sum(at_s for at_s, _ in self._running.values())
        simulated_s = self._new * self._horizon_s + under_way_s
        missing_s = (self._total - self._done) * self._horizon_s - under_way_s
        events = self._events + sum(number for _, number in self._running.values())
        left_s = missing_s * elapsed_s / simulated_s if simulated_s > 0.0 and missing_s > 0.0 else None
        whole_s = self._total * self._horizon_s
        tell(
            "progress", done=self._done, total=self._total, events_per_s=events / elapsed_s if elapsed_s > 0.0 else None,
            left_s=left_s, share=min(1.0, 1.0 - missing_s / whole_s) if whole_s > 0.0 else 1.0,
        )  # fmt: skip

    def _settled(self, digest: ReplicationDigest) -> list[dict[str, Any]]:
        """Return the figures that matter over the replications so far, each in the unit that fits its first value."""
        scenario = self._loaded.scenario
        row = read_row(scenario, digest)
        if not self._values:
            names = names_that_matter(scenario, [row])[:HEADLINES]
            self._values = {name: [] for name in names}
            units = {name: unit_for(name, [{"value": row.values.get(name)}]) for name in names}
            self._units = {name: unit if unit.name else Unit(unit_of(name, scenario), 1.0) for name, unit in units.items()}
        found = []
        for name, values in self._values.items():
            values.append(row.values.get(name))
            so_far, unit = over_replications(values), self._units[name]
            found.append({
                "name": harmless(name), "unit": harmless(unit.name),
                "value": None if so_far.value is None else so_far.value / unit.size,
                "half_width": None if so_far.half_width is None else so_far.half_width / unit.size,
            })  # fmt: skip
        return found


def carry_out(loaded: Loaded, out: Path) -> StoredRun:
    """Run a scenario, telling of it."""
    network = compile_network(loaded)
    plan = planned(loaded, network, None)
    tell("plan", replications=plan.replications, engine=plan.engine, doubts=[harmless(doubt) for doubt in plan.doubts])
    if plan.engine == "fast":
        compile_kept(network, keep_rows=loaded.scenario.run.records == "visits", tell=lambda said: tell("said", text=said))

    def watch(task: Task, total: int, found: int) -> Watcher:
        return Watcher(loaded, network.horizon_s, task, total, found)

    return run_stored(loaded, network, plan, out=out, command=("jukinet", "serve"), watch=watch)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a scenario file and say what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--out", required=True)
    parser.add_argument("--set", action="append", default=[], dest="sets")
    given = parser.parse_args(arguments)
    try:
        stored = carry_out(load(given.file, sets=given.sets), Path(given.out))
    except ScenarioError as error:
        tell("failed", why=[harmless(f"{fault.what}; {fault.cure}") for fault in error.faults])
        return 2
    except JukinetError as error:
        tell("failed", why=[harmless(str(error))])
        return error.exit_code
    except KeyboardInterrupt:
        tell("failed", why=["interrupted"])
        return 130
    document = stored.document
    levels = [] if document is None else [
        {"text": harmless(level["text"]), "verdict": level["verdict"]} for level in document["slo"]
    ]  # fmt: skip
    status = "interrupted" if stored.interrupted else "nothing" if document is None else document["status"]
    tell(
        "finished", run=f"{stored.folder.parent.name}/{stored.folder.name}", status=status, limit=stored.limit,
        replications=0 if document is None else document["replications"], asked=stored.replications, levels=levels,
    )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
