"""The run folder `<out>/<scenario>/<hash>/`: finished replications in SQLite, each in one transaction.

A replication counts as finished when its transaction has been committed; whatever kills the process, the folder opens
again with exactly those.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import StoreError
from jukinet_sim.results.digest import Part, ReplicationDigest, digest_from_json
from jukinet_sim.results.files import PART, read_json, write_json
from jukinet_sim.results.lock import FolderLock
from jukinet_sim.results.manifest import HASH_DIGITS
from jukinet_sim.results.rows import FOLDER as ROWS_FOLDER

DATABASE = "results.sqlite"
MANIFEST = "manifest.json"
PROVENANCE = "provenance.json"
LOCK = "lock"
_OCCUPIED = ("queue_length", "in_station", "in_use")
_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS replications (
    replication INTEGER PRIMARY KEY, digest BLOB NOT NULL, finished INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS metrics (
    replication INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, metric TEXT NOT NULL, value REAL,
    PRIMARY KEY (replication, kind, name, metric)
) WITHOUT ROWID;
COMMIT;
"""


def run_folder(out: Path, scenario: str, run_hash: str) -> Path:
    """Return where the results of a run stand."""
    return out / scenario / run_hash[:HASH_DIGITS]


class Store:
    """A run folder open for writing, by one process at a time. Use as a context manager, or call `close`."""

    def __init__(self, out: Path, scenario: str, run_hash: str, *, fresh: bool = False) -> None:
        """Open or create the folder; `fresh` deletes what was finished before. Raises StoreError (exit code 5)."""
        self.folder = run_folder(out, scenario, run_hash)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self.folder / LOCK)
        except OSError as error:
            raise StoreError(f"cannot open {self.folder}: {error.strerror}; choose another --out") from error
        try:
            self._clear(everything=fresh)
            with _speaking(self.folder):
                self._connection = _connect(self.folder / DATABASE)
        except BaseException:
            self._lock.release()
            raise

    def _clear(self, *, everything: bool) -> None:
        """Delete half-written files, or all results."""
        leftovers = [*self.folder.glob(f"*{PART}"), *self.folder.glob(f"{ROWS_FOLDER}/*{PART}")]
        if everything:
            leftovers += [*self.folder.glob(f"{DATABASE}*"), self.folder / MANIFEST, self.folder / PROVENANCE]
            shutil.rmtree(self.folder / ROWS_FOLDER, ignore_errors=True)
        try:
            for path in leftovers:
                path.unlink(missing_ok=True)
        except OSError as error:
            what = f"cannot delete {error.filename}: {error.strerror}"
            raise StoreError(f"{what}; check the rights of the folder") from error

    def finished(self) -> list[ReplicationDigest]:
        """Return the committed replications 0, 1, 2, ... in order. Raises StoreError where they are damaged."""
        with _speaking(self.folder):
            return _read(self._connection, self.folder)

    def commit(self, digest: ReplicationDigest) -> None:
        """Keep one replication for good, in one transaction. Raises StoreError."""
        packed = zlib.compress(json.dumps(digest.as_json(), allow_nan=False).encode())
        with _speaking(self.folder), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO replications VALUES (?, ?, ?)", (digest.replication, packed, int(digest.complete))
            )
            self._connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?)", _metrics(digest))

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write what the run is; the same bytes for the same input."""
        write_json(self.folder / MANIFEST, manifest)

    def manifest(self) -> dict[str, Any] | None:
        """Return what the run is, None where that has not been written yet. Raises StoreError where it is damaged."""
        found = read_json(self.folder / MANIFEST)
        return found if isinstance(found, dict) else None

    def add_provenance(self, call: Mapping[str, Any]) -> None:
        """Add how this call came about to those before it; a damaged list is begun anew."""
        try:
            calls = read_json(self.folder / PROVENANCE)
        except StoreError:
            calls = None
        write_json(self.folder / PROVENANCE, [*(calls if isinstance(calls, list) else []), call])

    def close(self) -> None:
        """Close the folder and let the next writer in."""
        self._connection.close()
        self._lock.release()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_run(folder: Path) -> tuple[dict[str, Any], list[ReplicationDigest]]:
    """Return manifest and finished replications of a run folder, also while it is written to. Raises StoreError."""
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or not (folder / DATABASE).is_file():
        raise StoreError(f"{folder} is not a run folder; name one below runs/, such as runs/tiny/…")
    with _speaking(folder):
        connection = _connect_to_read(folder / DATABASE)
        try:
            return manifest, _read(connection, folder)
        finally:
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    """Open a database for writing, made if missing; SQLite rolls back what a kill left unfinished."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_TABLES)
        (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Open an existing database for reading; on a medium that cannot be written to, as a file that nobody changes."""
    address = path.resolve().as_uri()
    # Not mode=ro: such a connection could not remove the side files of WAL that it makes.
    connection = sqlite3.connect(f"{address}?mode=rw", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    return connection


def _read(connection: sqlite3.Connection, folder: Path) -> list[ReplicationDigest]:
    rows = connection.execute("SELECT replication, digest FROM replications ORDER BY replication").fetchall()
    try:
        digests = [digest_from_json(json.loads(zlib.decompress(packed))) for _, packed in rows]
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder, str(error)) from error
    if [digest.replication for digest in digests] != list(range(len(rows))):
        raise _damaged(folder, "a replication is missing or out of place")
    return digests


def _metrics(digest: ReplicationDigest) -> Iterator[tuple[int, str, str, str, float | None]]:
    """Yield a row per count and metric of every flow, and of the stations and pools where anything happened."""
    silent: dict[int, bool] = {}
    for kind, parts in digest.kinds().items():
        for name, part in parts.items():
            if id(part) not in silent:
                silent[id(part)] = kind != "flow" and _is_silent(part)
            if silent[id(part)]:
                continue
            for metric, value in {**part.counts, **part.metrics}.items():
                yield digest.replication, kind, name, metric, value


def _is_silent(part: Part) -> bool:
    """Whether nobody came to a station or pool, and nobody was there."""
    return not any(part.counts.values()) and not any(part.metrics.get(key) for key in _OCCUPIED)


@contextmanager
def _speaking(folder: Path) -> Iterator[None]:
    """Turn what SQLite says into a StoreError with a cure."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_FULL":
            cure = "make room and run again, finished replications are kept"
            raise StoreError(f"the disk of {folder} is full; {cure}") from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_BUSY")):
            cure = "check the disk or choose another --out"
            raise StoreError(f"cannot use {folder / DATABASE}: {error}; {cure}") from error
        raise _damaged(folder, str(error)) from error


def _damaged(folder: Path, what: str) -> StoreError:
    return StoreError(f"{folder / DATABASE} is damaged ({what}); run the scenario again with --fresh to replace it")
