"""An experiment: a verb, what it was asked, and the scenarios it was asked about, kept in one folder until it is answered.

`<out>/<scenario>/<verb>-<hash>/` holds the scenarios and `experiment.json`; the replications of its points lie in their own
run folders, where every verb finds them. An experiment is a function of what its folder says, so it can be taken up again, or
repeated and compared.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import ScenarioError, StoreError
from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.drafts import Draft, point_of
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.points import NewWatcher, Nobody, Point, write_kept
from jukinet_sim.experiments.stored import RUNS
from jukinet_sim.results.damage import damaged
from jukinet_sim.results.files import read_json, write_json
from jukinet_sim.results.lock import FolderLock
from jukinet_sim.results.manifest import HASH_DIGITS, canonical_json, code_version, packages
from jukinet_sim.results.store import LOCK
from jukinet_sim.scenario.keep import SCENARIO
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded, dump_resolved

FILE = "experiment.json"
SCHEMA = 1
_SCENARIOS = "scenarios"


@dataclass(frozen=True)
class Request:
    """What a verb was asked: plain JSON, from which alone, with the scenarios, its answer follows."""

    verb: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Sources:
    """The scenarios of an experiment as they are kept, everything laid over them in place, and how people call them."""

    paths: tuple[Path, ...]
    names: tuple[str, ...]
    _bases: dict[int, Loaded] = field(default_factory=dict, compare=False)

    def load(self, number: int, settings: Sequence[str] = (), overrides: Sequence[str] = ()) -> Loaded:
        """Return a scenario with named overrides and then settings laid over it. Raises ScenarioError."""
        return self.draft(number, settings, overrides).load()

    def draft(self, number: int, settings: Sequence[str] = (), overrides: Sequence[str] = ()) -> Draft:
        """Return the same before anything is laid over it."""
        if number not in self._bases:
            self._bases[number] = load(self.paths[number])
        return Draft(self._bases[number], tuple(settings), tuple(overrides))

    def point(self, number: int, settings: Sequence[str] = (), overrides: Sequence[str] = ()) -> Point:
        """Return the point of an experiment that such a scenario is. Raises ScenarioError."""
        return point_of(self.load(number, settings, overrides))


Carrier = Callable[[Request, Sources, Bench], dict[str, Any]]
"""What carries a verb out: returns what its document says, `status` complete or partial with it."""


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Settings:
    """How an experiment is carried out; nothing of it changes a number. `out` is None to keep nothing."""

    out: Path | None = RUNS
    jobs: int = 1
    on: str | None = None
    fresh: bool = False
    watch: NewWatcher = field(default=Nobody)
    first: Callable[[], None] = field(default=_nothing)
    """What is done before anything runs, while processes start."""


@dataclass(frozen=True)
class Experiment:
    """What has come of an experiment; `document` is None where it was interrupted.

    `computed` is how many replications were not there before; `reused` tells that the whole answer was.
    """

    request: Request
    document: dict[str, Any] | None
    folder: Path | None
    interrupted: int = 0
    computed: int = 0
    reused: bool = False

    def in_place(self) -> Experiment:
        """Return it with a document that names the file beside it by its whole path; kept, it says only the name."""
        if self.document is None or self.folder is None or "/" in self.document.get("override", "/"):
            return self
        return replace(self, document={**self.document, "override": str(self.folder / self.document["override"])})


def conduct(
    request: Request, scenarios: Sequence[Loaded], carry_out: Carrier, settings: Settings, names: Sequence[str] = ()
) -> Experiment:
    """Carry out a verb on loaded scenarios, or take up what is kept of it.

    Raises ScenarioError and UsageError for what cannot be carried out, StoreError, and what the engines raise.
    """
    called = tuple(names) or tuple(loaded.scenario.scenario for loaded in scenarios)
    described = _described(request, scenarios, called)
    with ExitStack() as stack:
        if settings.out is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="jukinet-")))
        else:
            folder = settings.out / scenarios[0].scenario.scenario / f"{request.verb}-{described['hash'][:HASH_DIGITS]}"
            lock = _lock(folder)
            stack.callback(lock.release)
            kept = None if settings.fresh else read_record(folder)
            # What is partial may owe it to chance, such as a lack of memory, and costs little where it does not.
            if kept is not None and kept["status"] == "complete":
                settings.first()
                return Experiment(request, kept["document"], folder, reused=True)
        paths = []
        for number, loaded in enumerate(scenarios):
            place = folder / _SCENARIOS / str(number)
            place.mkdir(parents=True, exist_ok=True)
            write_kept(loaded, place)
            paths.append(place / SCENARIO)
        return _carried(request, Sources(tuple(paths), called), described, carry_out, settings, folder)


def _carried(
    request: Request, sources: Sources, described: Mapping[str, Any], carry_out: Carrier, settings: Settings, folder: Path
) -> Experiment:
    """Carry out a verb on scenarios that are kept, and write down what comes of it."""
    keep = settings.out is not None
    if keep:
        _write(folder, {**described, "status": "running", "document": None})
    interrupted, document = 0, None
    with Interrupts() as interrupts, make_executor(settings.jobs, settings.on, interrupts.check) as executor:
        bench = Bench(executor, interrupts, settings.out, settings.jobs, settings.fresh, settings.watch)
        executor.warm()
        try:
            settings.first()
            document = {**_head(described), **carry_out(request, sources, bench)}
        except Interrupted as signal:
            interrupted = signal.number
            interrupts.heed()
    status = "interrupted" if document is None else document["status"]
    if keep:
        _write(folder, {**described, "status": status, "document": document})
    return Experiment(request, document, folder if keep else None, interrupted, bench.computed)


def _lock(folder: Path) -> FolderLock:
    """Open the folder of an experiment for writing. Raises StoreError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FolderLock(folder / LOCK)
    except OSError as error:
        what = f"{error.filename or folder}: {error.strerror}"
        raise StoreError(f"cannot open {what}; choose another --out, or delete what is in the way") from error


def _described(request: Request, scenarios: Sequence[Loaded], names: Sequence[str]) -> dict[str, Any]:
    """Return what an experiment is, with the hash that names it."""
    resolved = [dump_resolved(loaded) for loaded in scenarios]
    what = {"verb": request.verb, "options": dict(request.options), "scenarios": resolved, "names": list(names)}
    parts = {**what, "code": code_version(), "rules": RULE_VERSION}
    return {
        "schema": SCHEMA,
        "verb": request.verb,
        "options": dict(request.options),
        "names": list(names),
        "hash": hashlib.blake2b(canonical_json(parts).encode(), digest_size=32).hexdigest(),
        "scenario": scenarios[0].scenario.scenario,
        "seed": scenarios[0].scenario.run.seed,
        "rule_version": RULE_VERSION,
        "code_version": code_version(),
        "packages": packages(),
    }


def _head(described: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the document of every experiment begins with."""
    keys = ("schema", "verb", "hash", "scenario", "seed", "rule_version", "code_version", "packages")
    return {key: described[key] for key in keys}


def _write(folder: Path, record: Mapping[str, Any]) -> None:
    write_json(folder / FILE, {**record, "checksum": _checksum(record)})


def _checksum(record: Mapping[str, Any]) -> str:
    return hashlib.blake2b(canonical_json(record).encode(), digest_size=16).hexdigest()


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of an experiment, None where there is none. Raises StoreError where it was changed by hand."""
    found = read_json(folder / FILE)
    if found is None:
        return None
    if not isinstance(found, dict) or "checksum" not in found:
        raise damaged(folder / FILE, "it is no experiment")
    checksum = found.pop("checksum")
    if _checksum(found) != checksum:
        raise damaged(folder / FILE, "its content does not fit its checksum: somebody has changed it")
    return found


def kept_sources(folder: Path, record: Mapping[str, Any]) -> tuple[Loaded, ...]:
    """Return the scenarios that are kept in the folder of an experiment. Raises StoreError."""
    try:
        return tuple(load(folder / _SCENARIOS / str(number) / SCENARIO) for number in range(len(record["names"])))
    except ScenarioError as error:
        raise damaged(folder / _SCENARIOS, error.faults[0].what) from None
