"""What a run is (manifest), how it came about (provenance), and the hash that names it.

Nothing that differs between two runs of the same input, such as a clock, a host or the number of processes, enters the
manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

SCHEMA = 1
HASH_DIGITS = 12
_PACKAGES = ("jukinet-sim", "numpy", "numba", "simpy")
_NOT_PART_OF_THE_RUN = ("replications", "precision", "seed", "engine")
# These rooms only ask for results and show them.
_CANNOT_CHANGE_A_NUMBER = frozenset({"cli", "report"})


def canonical_json(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces; ValueError for NaN or infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a hash of the package's own files, code and data, that can change a number.

    Taken over contents rather than a release number, so that results are never reused across an edit of the source.
    """
    root = Path(__file__).resolve().parents[1]
    running = hashlib.blake2b(digest_size=8)
    for path in sorted(_own_files(root), key=lambda p: p.relative_to(root).as_posix()):
        content = path.read_bytes()
        running.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        running.update(content)
    return running.hexdigest()


def _own_files(root: Path) -> list[Path]:
    """Return the files below a folder but for caches, hidden ones and rooms that cannot change a number."""
    found = []
    for folder, folders, files in os.walk(root):
        skipped = _CANNOT_CHANGE_A_NUMBER if Path(folder) == root else frozenset()
        folders[:] = [name for name in folders if name != "__pycache__" and name[0] != "." and name not in skipped]
        found += [Path(folder, name) for name in files if name[0] != "."]
    return found


def scenario_hash(resolved: Mapping[str, Any], seed: int, engine: str, code: str, rule_version: int) -> str:
    """Return 64 hexadecimal digits that two runs share only if their replications are the same.

    `resolved` is the scenario with every default filled in and every data file's content or digest inside; how many
    replications or what precision is asked for does not count, seed and engine count as given here.
    """
    run = {key: value for key, value in resolved.get("run", {}).items() if key not in _NOT_PART_OF_THE_RUN}
    parts = {"scenario": {**resolved, "run": run}, "seed": seed, "engine": engine, "code": code, "rules": rule_version}
    return hashlib.blake2b(canonical_json(parts).encode(), digest_size=32).hexdigest()


def manifest(
    resolved: Mapping[str, Any],
    *,
    scenario: str,
    seed: int,
    engine: str,
    rule_version: int,
    replications: int,
    fingerprint: str | None,
) -> dict[str, Any]:
    """Return what the run is; `replications` were asked for, `fingerprint` is None until they are there."""
    return {
        "schema": SCHEMA,
        "scenario": scenario,
        "hash": scenario_hash(resolved, seed, engine, code_version(), rule_version),
        "resolved": resolved,
        "seed": seed,
        "engine": engine,
        "rule_version": rule_version,
        "code_version": code_version(),
        "packages": packages(),
        "replications": replications,
        "fingerprint": fingerprint,
    }


def packages() -> dict[str, str | None]:
    """Return the versions of the packages that make the numbers."""
    return {name: _version(name) for name in _PACKAGES}


def _version(package: str) -> str | None:
    """Return the installed version of a package, or None where it runs from a source tree."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def provenance(command: Sequence[str], *, jobs: int, started: datetime, new_replications: int) -> dict[str, Any]:
    """Return how one call came about: the command line, the clock and the host."""
    now = datetime.now(UTC)
    return {
        "command": list(command),
        "started": started.astimezone(UTC).isoformat(),
        "finished": now.isoformat(),
        "wall_s": (now - started).total_seconds(),
        "jobs": jobs,
        "new_replications": new_replications,
        "host": platform.node(),
        "platform": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
    }
