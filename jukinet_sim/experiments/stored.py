"""Run folders to result documents, and the names by which people call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.asked import Asked
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.monthly import Column
from jukinet_sim.language.record import Recorded
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.backlogs import backlogs
from jukinet_sim.results.damage import check_manifest, reading
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.results.files import read_json
from jukinet_sim.results.moments import first_day_of
from jukinet_sim.results.shape import Document, Status
from jukinet_sim.results.store import MANIFEST, read_run

RUNS = Path("runs")
ASSUMPTIONS = "assumptions.json"
"""The file of a run folder that holds what `run --assumptions` found."""


def read_document(folder: Path, *, places: bool = False) -> Document:
    """Return the document of a stored run; one that lacks replications is marked interrupted.

    What its assumptions were found to do is in it, where that is kept. Raises StoreError, and UsageError where no
    replication is there yet.
    """
    return document_in(folder, *read_run(folder), places=places)


def document_in(
    folder: Path, described: dict[str, Any], digests: Sequence[ReplicationDigest], *, places: bool = False
) -> Document:
    """Return the same of a manifest and of replications that were read from the folder before."""
    if not digests:
        raise UsageError(f"{folder} holds no finished replication yet; run its scenario again to finish it")
    check_manifest(described, folder / MANIFEST)
    digests = counted(digests, described["replications"])
    whole = bool(digests) and (len(digests) == described["replications"] or digests[-1].limit is not None)
    with reading(folder):
        document = document_of(described, digests, "complete" if whole else "interrupted", places=places)
    kept = read_json(folder / ASSUMPTIONS)
    if kept is not None:
        from jukinet_sim.experiments.assumptions.outcome import outcome

        with reading(folder / ASSUMPTIONS):
            document["assumptions"] = outcome(document, kept)
    return document


def counted(digests: Sequence[ReplicationDigest], replications: int) -> list[ReplicationDigest]:
    """Return those of the first so many replications that are there, none after one that a limit cut short."""
    found: list[ReplicationDigest] = []
    for digest in digests:
        if digest.replication >= replications or (found and found[-1].limit):
            break
        found.append(digest)
    return found


def document_of(
    described: Mapping[str, Any], digests: Sequence[ReplicationDigest], status: Status, *, places: bool
) -> Document:
    """Return the document of a run that a manifest describes; service levels and measures are those of its scenario."""
    document = build_document(
        digests, scenario=described["scenario"], run_hash=described["hash"], seed=described["seed"],
        rule_version=described["rule_version"], status=status, places=places,
        warm_up_note=described.get("warm_up_note"), first_day=first_day_of(described["resolved"]),
        slo=[Slo.model_validate(slo) for slo in described["resolved"].get("slo", ())],
        outputs=[Asked.model_validate(one) for one in described["resolved"].get("outputs", ())],
        record=[Recorded.model_validate(one) for one in described["resolved"].get("record", ())],
        measures={name: Measure.model_validate(one) for name, one in described["resolved"].get("measures", {}).items()},
        columns={name: Column.model_validate(one) for name, one in described["resolved"].get("monthly", {}).items()},
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
