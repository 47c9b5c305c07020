"""`run`: replications of a scenario into a run folder, and its document."""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path

from jukinet_sim.api.answer import RunAnswer
from jukinet_sim.api.asking import Folder, Scenario, Source, Way, doubts, interrupted, name_of, warn
from jukinet_sim.api.frozen import frozen
from jukinet_sim.api.words import Settings, Texts, share
from jukinet_sim.base.errors import LimitReached
from jukinet_sim.experiments.assumptions.study import check_options, study
from jukinet_sim.experiments.executors.choose import cores
from jukinet_sim.experiments.plan import planned
from jukinet_sim.experiments.precision import read_precision
from jukinet_sim.experiments.runs import StoredRun, run_stored
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.statistics.precision import LEAST


def run(
    scenario: Scenario,
    *,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    replications: int | None = None,
    precision: str | float | None = None,
    extend: int | None = None,
    engine: str | None = None,
    places: bool = False,
    assumptions: int | None = None,
    every: int | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> RunAnswer:
    """Run a scenario, as `jukinet run` does; what is kept of it already is not run again.

    `set` changes keys, such as `{"run.horizon": "1 h"}`; `precision` adds replications until what is judged is known so well,
    `extend` adds so many to those that are kept. `assumptions` draws our assumptions so many times and says how far they move
    the headlines, on one municipality in `every`. Raises ScenarioError and UsageError for what cannot be run, LimitReached
    where no replication could be finished, and KeyboardInterrupt, with finished replications kept.
    """
    way = Way(jobs, on, out, fresh, progress)
    loaded = Source({name_of(scenario): scenario}, set, override, seed, replications, engine)(name_of(scenario))
    width = read_precision(share(precision))
    temporary = tempfile.TemporaryDirectory(prefix="jukinet-") if way.folder is None else nullcontext(str(way.folder))
    with temporary as folder:
        check_options(loaded, assumptions, every)
        stored = _stored(loaded, way, Path(folder), width, extend, places=places)
        if assumptions is not None and stored.went_to_its_end:
            stored = study(
                loaded, stored, samples=assumptions, every=every, jobs=way.jobs or cores(), on=way.on, fresh=way.fresh,
                watch=way.watch(stored.network.horizon_s),
            )  # fmt: skip
    kept = None if way.folder is None else stored.folder
    if stored.interrupted:
        interrupted(stored.interrupted, kept)
    if stored.document is None:
        raise LimitReached(stored.limit or "no replication was finished; run fewer at a time")
    return RunAnswer("run", frozen(stored.document), kept, loaded.scenario)


def _stored(
    loaded: Loaded, way: Way, out: Path, precision: float | None, extend: int | None, *, places: bool
) -> StoredRun:
    """Carry a run out in a folder."""
    network = compile_network(loaded)
    plan = planned(loaded, network, way.jobs, at_least=1 if precision is None else LEAST)
    warn(*doubts(loaded, network), *plan.doubts)
    way.compile(network, plan.engine, keep_rows=loaded.scenario.run.records == "visits")
    stored = run_stored(
        loaded, network, plan, out=out, fresh=way.fresh, places=places, precision=precision, extend=extend, on=way.on,
        command=("jukinet_sim.run",), watch=way.watch(network.horizon_s),
    )  # fmt: skip
    if stored.document is not None and "warm_up_note" in stored.document:
        warn(stored.document["warm_up_note"])
    return stored
