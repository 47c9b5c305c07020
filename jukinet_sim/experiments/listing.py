"""What lies in a folder of runs: every run and experiment with a line about it, and the one that a name means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.base.regular_files import is_regular
from jukinet_sim.experiments.experiment import FILE
from jukinet_sim.experiments.points import OF_EXPERIMENT
from jukinet_sim.results.files import read_json
from jukinet_sim.results.store import DATABASE, MANIFEST, count_finished
from jukinet_sim.scenario.keep import SCENARIO

Kind = Literal["run", "experiment"]


@dataclass(frozen=True)
class Listed:
    """A run or an experiment: where it lies, what it is of, how far it is, and when it was last written to (s since 1970).

    `finished` and `asked` are replications of a run; an experiment has none of its own. `trouble` is why it cannot be read.
    """

    folder: Path
    kind: Kind
    verb: str
    scenario: str
    status: str
    finished: int | None
    asked: int | None
    written_s: float
    trouble: str | None = None
    of_experiment: bool = False
    """Whether it is a run that nobody has asked for but experiments."""


def folders(out: Path) -> list[Path]:
    """Return every folder of a run or an experiment below a folder, the one written to last at the end."""
    known = [path for name in (MANIFEST, FILE) for path in out.glob(f"*/*/{name}") if is_regular(path)]
    return [path.parent for path in sorted(known, key=lambda path: (path.stat().st_mtime_ns, path))]


def listed(out: Path) -> Iterator[Listed]:
    """Yield a line for each of them, the latest last; one that is damaged says so."""
    for folder in folders(out):
        experiment = (folder / FILE).exists()
        file = folder / (FILE if experiment else MANIFEST)
        written_s = file.stat().st_mtime
        try:
            found = read_json(file)
            line = _experiment(folder, found, written_s) if experiment else _run(folder, found, written_s)
        except (StoreError, KeyError, TypeError, AttributeError) as error:
            kind: Kind = "experiment" if experiment else "run"
            yield Listed(folder, kind, kind, folder.parent.name, "damaged", None, None, written_s, str(error))
            continue
        yield line


def _run(folder: Path, found: Any, written_s: float) -> Listed:
    finished, asked = count_finished(folder), int(found["replications"])
    status = "complete" if finished >= asked else "interrupted"
    inner = bool(found.get(OF_EXPERIMENT))
    return Listed(
        folder, "run", "run", str(found["scenario"]), status, min(finished, asked), asked, written_s, of_experiment=inner
    )


def _experiment(folder: Path, found: Any, written_s: float) -> Listed:
    # One that says it is running is so only as long as somebody holds its lock, which is not worth taking for a list.
    status = {"running": "interrupted or running"}.get(found["status"], str(found["status"]))
    return Listed(folder, "experiment", str(found["verb"]), str(found["scenario"]), status, None, None, written_s)


def is_experiment(folder: Path) -> bool:
    """Tell the folder of an experiment from that of a run."""
    return os.path.lexists(folder / FILE)


def find(named: str | None, out: Path) -> Path:
    """Return the folder of a run or an experiment that a path, a hash's beginning or a scenario's name means.

    None means the latest. The folder of an experiment is also meant by its verb, as in `sweep-1f2e`. Raises UsageError where
    there is none, or where a beginning fits several.
    """
    if named is not None and any(os.path.lexists(Path(named) / file) for file in (MANIFEST, DATABASE, FILE)):
        return Path(named)
    known = folders(out)
    if named is None and known:
        return _last_asked_for(known)
    by_hash = [folder for folder in known if named and _begins(folder.name, named)]
    by_name = [folder for folder in known if folder.parent.name == named]
    if len(by_hash) > 1 and not by_name:
        raise UsageError(f'"{named}" begins several hashes: {", ".join(f.name for f in by_hash)}; write more of one')
    if by_name or by_hash:
        return _last_asked_for(by_name or by_hash)
    if not known:
        raise UsageError(f"there is no run in {out}/ yet; run a scenario first, or name the folder where runs are kept")
    names = sorted({folder.parent.name for folder in known})
    raise UsageError(
        f'no run is called "{named}"; write a run folder, the beginning of a hash, or one of {", ".join(names)}'
    )


def _last_asked_for(known: list[Path]) -> Path:
    """Return the last folder that somebody has asked for, or the last one where nobody has."""
    return next((folder for folder in reversed(known) if not _of_experiment(folder)), known[-1])


def _of_experiment(folder: Path) -> bool:
    """Whether it is a run that nobody has asked for but experiments; a manifest that cannot be read is somebody's."""
    try:
        found = None if is_experiment(folder) else read_json(folder / MANIFEST)
    except StoreError:
        return False
    return isinstance(found, dict) and bool(found.get(OF_EXPERIMENT))


def scenario_of(name: str, out: Path) -> str:
    """Return the scenario file that a name means: itself, or that of a stored run which is called so. Raises UsageError."""
    if name.endswith((".yaml", ".yml")) or Path(name).is_file():
        return name
    folder = find(name, out)
    return name if is_experiment(folder) else str(folder / SCENARIO)


def _begins(name: str, text: str) -> bool:
    return name.startswith(text) or name.rpartition("-")[2].startswith(text)
