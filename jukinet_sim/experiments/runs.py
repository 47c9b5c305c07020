"""A loaded scenario to its run folder with every replication in it, and a run folder back to the result document.

The folder is named by a hash of everything that can change a number, so what is found there is what would be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jukinet_sim.errors import UsageError
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import Status, build_document
from jukinet_sim.results.manifest import manifest, provenance
from jukinet_sim.results.objectives import Objective
from jukinet_sim.results.store import MANIFEST, Store, read_run
from jukinet_sim.scenario.load import Loaded, dump_resolved
from jukinet_sim.scenario.run import Slo

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.experiments.replicate import OnDone
    from jukinet_sim.experiments.work import Progress
    from jukinet_sim.network.model import Network

RUNS = Path("runs")


@dataclass(frozen=True)
class StoredRun:
    """What a call of `run_stored` left behind; `document` is None where not even one replication was finished."""

    document: dict[str, Any] | None
    folder: Path
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
    command: Sequence[str] = (),
    on_found: Callable[[int], None] | None = None,
    progress: Progress | None = None,
    on_done: OnDone | None = None,
) -> StoredRun:
    """Run what the folder does not hold yet, on the plan's engine and processes.

    `on_found` is told how many replications were there already. Raises StoreError and what the engines raise.
    """
    from jukinet_sim.engine.protocol import RULE_VERSION
    from jukinet_sim.experiments.replicate import run_replications

    run, started = loaded.scenario.run, datetime.now(UTC)
    described = manifest(
        dump_resolved(loaded), scenario=loaded.scenario.scenario, seed=run.seed, engine=plan.engine,
        rule_version=RULE_VERSION, replications=run.replications, fingerprint=None,
    )  # fmt: skip
    with Store(out, loaded.scenario.scenario, described["hash"], fresh=fresh) as store:
        reused = min(len(store.finished()), run.replications)
        if on_found is not None:
            on_found(reused)
        store.write_manifest(described)
        outcome = run_replications(
            network, seed=run.seed, replications=run.replications, engine=plan.engine, jobs=plan.jobs,
            keep_rows=run.records == "visits", store=store, progress=progress, on_done=on_done,
        )  # fmt: skip
        document = None
        if outcome.digests:
            document = _document(described, outcome.digests, outcome.status, places=places)
            if outcome.limit:
                document.setdefault("limit", outcome.limit)
            store.write_manifest({**described, "fingerprint": document["fingerprint"]})
        new = len(outcome.digests) - reused
        if new:
            store.add_provenance(provenance(command, jobs=plan.jobs, started=started, new_replications=new))
    return StoredRun(document, store.folder, reused, outcome.interrupted, outcome.limit)


def read_document(folder: Path, *, places: bool = False) -> dict[str, Any]:
    """Return the document of a stored run; one that lacks replications is marked interrupted.

    Raises StoreError, and UsageError where no replication is there yet.
    """
    described, digests = read_run(folder)
    if not digests:
        raise UsageError(f"{folder} holds no finished replication yet; run its scenario again to finish it")
    digests = digests[: described["replications"]]
    whole = len(digests) == described["replications"] or digests[-1].limit is not None
    return _document(described, digests, "complete" if whole else "interrupted", places=places)


def _document(
    described: Mapping[str, Any], digests: Sequence[ReplicationDigest], status: Status, *, places: bool
) -> dict[str, Any]:
    """Return the document of a run that a manifest describes; its service levels are those of the resolved scenario."""
    return build_document(
        digests, scenario=described["scenario"], run_hash=described["hash"], seed=described["seed"],
        rule_version=described["rule_version"], status=status, places=places,
        objectives=[_objective(Slo.model_validate(slo)) for slo in described["resolved"].get("slo", ())],
    )  # fmt: skip


def _objective(slo: Slo) -> Objective:
    """Return a service level of a scenario as an objective for its results."""
    direction: Literal["below", "above"] = "below" if slo.below is not None else "above"
    return Objective(slo.kind, slo.subject, slo.metric, slo.bound, direction, slo.text)  # type: ignore[arg-type]  # kind is flow, station or pool


def find_run(named: str | None, out: Path = RUNS) -> Path:
    """Return the run folder that a path, a hash's beginning or a scenario's name means; the latest run for None.

    Raises UsageError where there is none, or where a hash's beginning fits several.
    """
    if named is not None and (Path(named) / MANIFEST).is_file():
        return Path(named)
    known = sorted(out.glob(f"*/*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns)
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
