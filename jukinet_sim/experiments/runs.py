"""A loaded scenario to its run folder with every replication in it, and a run folder back to the result document.

The folder is named by a hash of everything that can change a number, so what is found there is what would be computed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.regular_files import is_regular
from jukinet_sim.experiments.precision import replications_for
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.backlogs import backlogs, watched
from jukinet_sim.results.damage import check_manifest, reading
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.results.files import read_json
from jukinet_sim.results.levels import write_tree
from jukinet_sim.results.manifest import manifest, provenance
from jukinet_sim.results.moments import first_day_of
from jukinet_sim.results.shape import Document, Status
from jukinet_sim.results.store import DATABASE, MANIFEST, Store, read_run
from jukinet_sim.scenario.load import Loaded, dump_resolved

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.experiments.replicate import Outcome
    from jukinet_sim.network.model import Network

RUNS = Path("runs")
ASSUMPTIONS = "assumptions.json"
"""The file of a run folder that holds what `run --assumptions` found."""
Task = Literal["pilot", "run"]


class Watcher(Protocol):
    """Someone who is told how replications get on; see `replicate.run_replications`."""

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear of a replication on its way."""

    def done(self, digest: ReplicationDigest) -> None:
        """Hear of a finished replication."""

    def close(self) -> None:
        """Hear that no more will come."""


NewWatcher = Callable[[Task, int, int], Watcher]
"""Called when replications begin: for the run or its pilot, how many it takes in all, how many are there already."""


class _Nobody:
    """The watcher where nobody watches."""

    def __init__(self, task: Task, replications: int, found: int) -> None: ...

    def __call__(self, replication: int, simulated_s: float, events: int) -> None: ...

    def done(self, digest: ReplicationDigest) -> None: ...

    def close(self) -> None: ...


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


def run_stored(
    loaded: Loaded,
    network: Network,
    plan: Plan,
    *,
    out: Path = RUNS,
    fresh: bool = False,
    places: bool = False,
    precision: float | None = None,
    command: Sequence[str] = (),
    watch: NewWatcher = _Nobody,
) -> StoredRun:
    """Run what the folder does not hold yet, on the plan's engine and processes.

    With a `precision` replications are added until every figure that is judged has this relative half-width, or until
    there are `precision.MOST`. Raises StoreError and what the engines raise.
    """
    from jukinet_sim.engine.protocol import RULE_VERSION
    from jukinet_sim.experiments.interrupts import Interrupted

    started = datetime.now(UTC)
    described = manifest(
        dump_resolved(loaded), scenario=loaded.scenario.scenario, seed=loaded.scenario.run.seed, engine=plan.engine,
        rule_version=RULE_VERSION, replications=plan.replications, fingerprint=None,
    )  # fmt: skip
    with Store(out, loaded.scenario.scenario, described["hash"], fresh=fresh) as store:
        call = _Call(loaded, plan, store, places, watch)
        kept = store.finished()
        try:
            network, note = call.settle(network, kept)
        except Interrupted as signal:
            return StoredRun(None, store.folder, network, plan.replications, 0, signal.number, None)
        if note:
            described["warm_up_note"] = note
        described["watches"] = watched(network)
        described["variant"] = list(loaded.variant)
        outcome, document = call.run(network, described)
        while document is not None and precision is not None and document["status"] == "complete":
            asked = replications_for(document, precision)
            if asked == described["replications"]:
                break
            described["replications"] = asked
            outcome, document = call.run(network, described)
        reused = min(len(kept), described["replications"])
        new = len(outcome.digests) - reused
        if new:
            store.add_provenance(provenance(command, jobs=plan.jobs, started=started, new_replications=new))
    return StoredRun(
        document, store.folder, network, described["replications"], reused, outcome.interrupted, outcome.limit
    )


@dataclass(frozen=True)
class _Call:
    """One call of `run_stored` with its folder open."""

    loaded: Loaded
    plan: Plan
    store: Store
    places: bool
    watch: NewWatcher

    def settle(self, network: Network, kept: Sequence[ReplicationDigest]) -> tuple[Network, str | None]:
        """Return the network with its warm-up settled, and a note on that; raises Interrupted, and nothing is kept then."""
        from jukinet_sim.experiments.warm_up import PILOT, resolve_warm_up

        if not network.warm_up_auto:
            return network, None
        if kept:
            known = self.store.manifest() or {}
            return replace(network, warm_up_s=kept[0].window_s[0], warm_up_auto=False), known.get("warm_up_note")
        with closing(self.watch("pilot", PILOT, 0)) as watcher:
            return resolve_warm_up(
                network, seed=self.loaded.scenario.run.seed, engine=self.plan.engine, jobs=self.plan.jobs, progress=watcher,
                on_done=watcher.done,
            )  # fmt: skip

    def run(self, network: Network, described: Mapping[str, Any]) -> tuple[Outcome, Document | None]:
        """Run what is missing of the replications that a manifest asks for, and write the manifest."""
        from jukinet_sim.experiments.replicate import run_replications

        run, asked = self.loaded.scenario.run, described["replications"]
        self.store.write_manifest(described)
        write_tree(self.store.folder, network)
        found = min(len(self.store.finished()), asked)
        with closing(self.watch("run", asked, found)) as watcher:
            outcome = run_replications(
                network, seed=run.seed, replications=asked, engine=self.plan.engine, jobs=self.plan.jobs,
                keep_rows=run.records == "visits", store=self.store, progress=watcher, on_done=watcher.done,
            )  # fmt: skip
        if not outcome.digests:
            return outcome, None
        with reading(self.store.folder) if found else nullcontext():
            document = _document(described, outcome.digests, outcome.status, places=self.places)
        if outcome.limit:
            document.setdefault("limit", outcome.limit)
        self.store.write_manifest({**described, "fingerprint": document["fingerprint"]})
        return outcome, document


def read_document(folder: Path, *, places: bool = False) -> Document:
    """Return the document of a stored run; one that lacks replications is marked interrupted.

    What its assumptions were found to do is in it, where that is kept. Raises StoreError, and UsageError where no
    replication is there yet.
    """
    described, digests = read_run(folder)
    if not digests:
        raise UsageError(f"{folder} holds no finished replication yet; run its scenario again to finish it")
    check_manifest(described, folder / MANIFEST)
    digests = digests[: described["replications"]]
    whole = len(digests) == described["replications"] or digests[-1].limit is not None
    with reading(folder):
        document = _document(described, digests, "complete" if whole else "interrupted", places=places)
    kept = read_json(folder / ASSUMPTIONS)
    if kept is not None:
        from jukinet_sim.experiments.assumptions.outcome import outcome

        with reading(folder / ASSUMPTIONS):
            document["assumptions"] = outcome(document, kept)
    return document


def _document(
    described: Mapping[str, Any], digests: Sequence[ReplicationDigest], status: Status, *, places: bool
) -> Document:
    """Return the document of a run that a manifest describes; service levels and measures are those of its scenario."""
    document = build_document(
        digests, scenario=described["scenario"], run_hash=described["hash"], seed=described["seed"],
        rule_version=described["rule_version"], status=status, places=places,
        warm_up_note=described.get("warm_up_note"), first_day=first_day_of(described["resolved"]),
        slo=[Slo.model_validate(slo) for slo in described["resolved"].get("slo", ())],
        measures={name: Measure.model_validate(one) for name, one in described["resolved"].get("measures", {}).items()},
    )  # fmt: skip
    if described["resolved"].get("title"):
        document["title"] = described["resolved"]["title"]
    if described.get("variant"):
        document["variant"] = described["variant"]
    note = DOMAIN.places_note(described["resolved"].get(DOMAIN.key))
    if note is not None:
        document["places_note"] = note
    if described.get("watches"):
        whole = [digest for digest in digests if digest.complete] or digests
        document["incidents"] = backlogs(whole, described["watches"], first_day_of(described["resolved"]))
    return document


def find_run(named: str | None, out: Path = RUNS) -> Path:
    """Return the run folder that a path, a hash's beginning or a scenario's name means; the latest run for None.

    Raises UsageError where there is none, or where a hash's beginning fits several.
    """
    if named is not None and any(os.path.lexists(Path(named) / file) for file in (MANIFEST, DATABASE)):
        return Path(named)
    known = sorted((path for path in out.glob(f"*/*/{MANIFEST}") if is_regular(path)), key=lambda path: path.stat().st_mtime_ns)
    folders = [path.parent for path in known]
    if named is None and folders:
        return folders[-1]
    by_hash = [folder for folder in folders if named and folder.name.startswith(named)]
    by_name = [folder for folder in folders if folder.parent.name == named]
    if len(by_hash) > 1 and not by_name:
        raise UsageError(f'"{named}" begins several hashes: {", ".join(f.name for f in by_hash)}; write more of one')
    if by_name or by_hash:
        return (by_name or by_hash)[-1]
    if not folders:
        raise UsageError(f"there is no run in {out}/ yet; run a scenario first, or name the folder with --out")
    names = sorted({folder.parent.name for folder in folders})
    raise UsageError(
        f'no run is called "{named}"; write a run folder, the beginning of a hash, or one of {", ".join(names)}'
    )
