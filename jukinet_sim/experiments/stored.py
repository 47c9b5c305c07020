"""Run folders to result documents, and the names by which people call them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.regular_files import is_regular
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.backlogs import backlogs
from jukinet_sim.results.damage import check_manifest, reading
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.results.files import read_json
from jukinet_sim.results.moments import first_day_of
from jukinet_sim.results.shape import Document, Status
from jukinet_sim.results.store import DATABASE, MANIFEST, read_run

RUNS = Path("runs")
ASSUMPTIONS = "assumptions.json"
"""The file of a run folder that holds what `run --assumptions` found."""


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
        document = document_of(described, digests, "complete" if whole else "interrupted", places=places)
    kept = read_json(folder / ASSUMPTIONS)
    if kept is not None:
        from jukinet_sim.experiments.assumptions.outcome import outcome

        with reading(folder / ASSUMPTIONS):
            document["assumptions"] = outcome(document, kept)
    return document


def document_of(
    described: Mapping[str, Any], digests: Sequence[ReplicationDigest], status: Status, *, places: bool
) -> Document:
    """Return the document of a run that a manifest describes; service levels and measures are those of its scenario."""
    document = build_document(
        digests, scenario=described["scenario"], run_hash=described["hash"], seed=described["seed"],
        rule_version=described["rule_version"], status=status, places=places,
        warm_up_note=described.get("warm_up_note"),
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
