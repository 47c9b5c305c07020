"""Runs and experiments from their folders once more: taken up where they were interrupted, or repeated and compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import ScenarioError, StoreError, UsageError
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.experiment import (
    Experiment,
    Request,
    Settings,
    conduct,
    kept_sources,
    read_record,
)
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.points import Point, make_point, open_run
from jukinet_sim.experiments.replicate import replicate
from jukinet_sim.experiments.verbs.registry import carrier
from jukinet_sim.results.damage import check_manifest, damaged, reading
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.manifest import code_version
from jukinet_sim.results.store import MANIFEST, read_run
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.keep import SCENARIO
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded

_OF_THE_VERSION = ("hash", "code_version", "packages")
"""What the document of an experiment says of the program rather than of the network."""


@dataclass(frozen=True)
class Comparison:
    """What came of repeating: how many replications or numbers were compared, and the first that differs, None for none.

    `interrupted` is the signal that stopped it before it could tell, 0 for none; `other_version` tells that another version of
    the program had made what is kept.
    """

    compared: int
    difference: str | None
    interrupted: int
    other_version: bool


def kept_scenario(folder: Path) -> tuple[dict[str, Any], list[ReplicationDigest], Loaded]:
    """Return manifest, finished replications and scenario of a run folder. Raises StoreError."""
    described, digests = read_run(folder)
    check_manifest(described, folder / MANIFEST)
    settings = (f"run.replications={described['replications']}", f"run.engine={described['engine']}")
    try:
        return described, digests, load(folder / SCENARIO, sets=settings)
    except ScenarioError as error:
        raise damaged(folder / SCENARIO, error.faults[0].what) from None


def check_version(described: dict[str, Any], folder: Path) -> None:
    """Refuse to add to what another version of the program began. Raises UsageError."""
    if described.get("code_version") != code_version():
        what = "was begun with another version of jukinet-sim, whose numbers may differ"
        raise UsageError(f"{folder} {what}; go on with that one, or run {folder / SCENARIO} anew")


def resume_experiment(folder: Path, settings: Settings) -> Experiment:
    """Take up an experiment where it was interrupted; `out` of the settings is where its folder lies.

    Raises StoreError and UsageError, and what its verb raises.
    """
    record = _record(folder)
    check_version(record, folder)
    request = Request(record["verb"], record["options"])
    return conduct(request, kept_sources(folder, record), carrier(record["verb"]), settings, record["names"])


def repeat_experiment(folder: Path, settings: Settings) -> Comparison:
    """Compute an experiment anew, keeping nothing, and compare every number of its document. Raises as `resume_experiment`."""
    record = _record(folder)
    if record["document"] is None:
        raise UsageError(f"{folder} has no result yet that could be compared; jukinet resume {folder} completes it")
    request = Request(record["verb"], record["options"])
    again = conduct(request, kept_sources(folder, record), carrier(record["verb"]), settings, record["names"])
    other = record["code_version"] != code_version()
    if again.document is None:
        return Comparison(0, None, again.interrupted, other)
    pairs = list(_leaves(record["document"], again.document))
    differing = (f"{path}: {kept!r} is kept, {found!r} found" for path, kept, found in pairs if kept != found)
    return Comparison(len(pairs), next(differing, None), 0, other)


def read_experiment(folder: Path) -> Experiment:
    """Return an experiment as it is kept. Raises StoreError, and UsageError where it has no answer yet."""
    record = _record(folder)
    if record["document"] is None:
        raise UsageError(f"{folder} was interrupted and has no answer yet; jukinet resume {folder} completes it")
    return Experiment(Request(record["verb"], record["options"]), record["document"], folder, reused=True)


def _record(folder: Path) -> dict[str, Any]:
    record = read_record(folder)
    if record is None:
        raise StoreError(f"{folder} is neither a run nor an experiment; jukinet ls lists them")
    return record


def repeat_run(folder: Path, *, jobs: int, on: str | None = None) -> Comparison:
    """Compute the finished replications of a run anew, keeping nothing, and compare every number.

    Raises StoreError, UsageError and what the engines raise.
    """
    described, digests, loaded = kept_scenario(folder)
    if not digests:
        raise UsageError(f"{folder} holds no finished replication yet that could be compared")
    point = make_point(loaded, compile_network(loaded), described["engine"])
    try:
        again = _replications(point, len(digests), jobs, on)
    except Interrupted as signal:
        return Comparison(0, None, signal.number, False)
    found = {digest.replication: digest for digest in again}
    with reading(folder):
        for digest in digests:
            other = found.get(digest.replication)
            if other != digest:
                what = _first_difference(digest, other)
                return Comparison(len(digests), what, 0, described.get("code_version") != code_version())
    return Comparison(len(digests), None, 0, described.get("code_version") != code_version())


def _replications(point: Point, number: int, jobs: int, on: str | None) -> list[ReplicationDigest]:
    run = open_run(point, None, jobs=jobs)
    with Interrupts() as interrupts, make_executor(min(jobs, number), on, interrupts.check) as executor:
        outcome = replicate([run.wanted(number)], executor, interrupts)[0]
    if outcome.interrupted:
        raise Interrupted(outcome.interrupted)
    return outcome.digests


def _first_difference(kept: ReplicationDigest, found: ReplicationDigest | None) -> str:
    """Name the first number of a replication that differs."""
    if found is None:
        return f"replication {kept.replication} was not finished this time"
    for path, a, b in _leaves(kept.as_json(), found.as_json()):
        if a != b:
            return f"replication {kept.replication}, {path}: {a!r} is kept, {b!r} found"
    return f"replication {kept.replication} is of another shape"


def _leaves(kept: Any, found: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield every leaf of two JSON values with its path; what one of them lacks is None there."""
    if isinstance(kept, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*kept, *found)):
            if path or key not in _OF_THE_VERSION:
                yield from _leaves(kept.get(key), found.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(kept, (list, tuple)) and isinstance(found, (list, tuple)) and len(kept) == len(found):
        for number, (a, b) in enumerate(zip(kept, found, strict=True)):
            yield from _leaves(a, b, f"{path}.{number}")
    else:
        yield path, kept, found
