"""A loaded scenario to its run folder with every replication in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.pieces import Executor
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.points import NewWatcher, Nobody, OpenRun, make_point, open_run
from jukinet_sim.experiments.precision import replications_for
from jukinet_sim.experiments.replicate import Outcome, replicate
from jukinet_sim.experiments.stored import RUNS, document_of
from jukinet_sim.results.damage import reading
from jukinet_sim.results.manifest import provenance
from jukinet_sim.results.shape import Document
from jukinet_sim.results.store import Store
from jukinet_sim.scenario.loaded import Loaded

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.network.model import Network


@dataclass(frozen=True)
class StoredRun:
    """What a call of `run_stored` left behind; `document` is None where not even one replication was finished.

    `network` is what was executed, its warm-up settled; `replications` were asked for in the end, of which `reused` were
    there before.
    """

    document: Document | None
    folder: Path
    network: Network
    replications: int
    reused: int
    interrupted: int
    limit: str | None

    @property
    def went_to_its_end(self) -> bool:
        """Whether every replication was finished and none cut short."""
        return self.document is not None and self.document["status"] == "complete" and self.limit is None


def run_stored(
    loaded: Loaded,
    network: Network,
    plan: Plan,
    *,
    out: Path = RUNS,
    fresh: bool = False,
    places: bool = False,
    precision: float | None = None,
    extend: int | None = None,
    on: str | None = None,
    command: Sequence[str] = (),
    watch: NewWatcher = Nobody,
) -> StoredRun:
    """Run what the folder does not hold yet, on the plan's engine, on its processes or on the cluster at `on`.

    With a `precision` replications are added until every figure that is judged has this relative half-width, or until
    there are `precision.MOST`. With `extend` so many are added to those that a finished run has. Raises UsageError,
    StoreError and what the engines raise.
    """
    started = datetime.now(UTC)
    point = make_point(loaded, network, plan.engine)
    with Store(out, loaded.scenario.scenario, point.hash, fresh=fresh) as store:
        there = store.count()
        asked = plan.replications if extend is None else _extended(store, there, extend)
        try:
            run = open_run(point, store, jobs=plan.jobs, watch=watch)
        except Interrupted as signal:
            return StoredRun(None, store.folder, network, asked, 0, signal.number, None)
        with Interrupts() as interrupts, make_executor(min(plan.jobs, asked), on, interrupts.check) as executor:
            call = _Call(run, executor, interrupts, places, watch)
            outcome, document = call.bring(asked)
            while document is not None and precision is not None and document["status"] == "complete":
                more = replications_for(document, precision)
                if more == asked:
                    break
                asked = more
                outcome, document = call.bring(asked)
        reused = min(there, asked)
        new = len(outcome.digests) - reused
        if new > 0:
            store.add_provenance(provenance(command, jobs=plan.jobs, started=started, new_replications=new))
    return StoredRun(document, store.folder, run.network, asked, reused, outcome.interrupted, outcome.limit)


def _extended(store: Store, there: int, extend: int) -> int:
    """Return how many replications a run has when so many are added to what it was asked for. Raises UsageError."""
    described = store.manifest()
    if not there or described is None:
        raise UsageError("--extend adds to a run that is kept, and there is none of this scenario; leave it out at first")
    return int(described["replications"]) + extend


@dataclass(frozen=True)
class _Call:
    """One call of `run_stored` with its folder open."""

    run: OpenRun
    executor: Executor
    interrupts: Interrupts
    places: bool
    watch: NewWatcher

    def bring(self, asked: int) -> tuple[Outcome, Document | None]:
        """Run what is missing of so many replications, and write the manifest."""
        run, store = self.run, self.run.store
        assert store is not None  # a stored run has a folder
        run.describe(asked)
        found = min(store.count(), asked)
        with closing(self.watch("run", asked, found)) as watcher:
            outcome = replicate([run.wanted(asked)], self.executor, self.interrupts, watcher, watcher.done)[0]
        if not outcome.digests:
            return outcome, None
        described = {**run.point.described, "replications": asked}
        with reading(store.folder) if found else nullcontext():
            document = document_of(described, outcome.digests, outcome.status, places=self.places)
        if outcome.limit:
            document.setdefault("limit", outcome.limit)
        run.finish(asked, document["fingerprint"])
        return outcome, document
