"""The run folder `<out>/<scenario>/<hash>/`: finished replications in SQLite, each in one transaction.

A replication counts as finished when its transaction has been committed; whatever kills the process, the folder opens
again with exactly those.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import StoreError
from jukinet_sim.results.damage import damaged, reading, refuse_links
from jukinet_sim.results.digest import Part, ReplicationDigest, digest_from_json
from jukinet_sim.results.files import PART, parse_json, read_json, write_json
from jukinet_sim.results.lock import FolderLock
from jukinet_sim.results.manifest import HASH_DIGITS
from jukinet_sim.results.rows import FOLDER as ROWS_FOLDER

DATABASE = "results.sqlite"
MANIFEST = "manifest.json"
PROVENANCE = "provenance.json"
LOCK = "lock"
_OCCUPIED = ("queue_length", "in_station", "in_use")
_MOST_BYTES = 2**27
"""The figures of one replication, unpacked: of a nation with a hundred times as many places as there are."""
_STEPS_BETWEEN, _STEPS_MOST = 2**20, 2**8
"""Between two looks at a reading database, and looks before it is given up; a thousand replications take a thousandth."""
_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS replications (
    replication INTEGER PRIMARY KEY, digest BLOB NOT NULL, finished INTEGER NOT NULL, checksum BLOB NOT NULL
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
            what = f"{error.filename or self.folder}: {error.strerror}"
            raise StoreError(f"cannot open {what}; choose another --out, or delete what is in the way") from error
        try:
            self._clear(everything=fresh)
            refuse_links(self.folder.iterdir())
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
            rows = self.folder / ROWS_FOLDER
            leftovers += [rows] if rows.is_symlink() or rows.is_file() else []
            shutil.rmtree(rows, ignore_errors=True)
        try:
            for path in leftovers:
                path.unlink(missing_ok=True)
        except OSError as error:
            what = f"cannot delete {error.filename}: {error.strerror}"
            raise StoreError(f"{what}; check the rights of the folder") from error

    def finished(self) -> list[ReplicationDigest]:
        """Return the committed replications in order; some may be missing between. Raises StoreError where they are damaged."""
        with _speaking(self.folder):
            return list(_each(self._connection, self.folder))

    def count(self) -> int:
        """Return how many replications are committed. Raises StoreError."""
        with _speaking(self.folder):
            (number,) = self._connection.execute("SELECT count(*) FROM replications").fetchone()
            return int(number)

    def first(self) -> ReplicationDigest | None:
        """Return the first committed replication, None where there is none. Raises StoreError where it is damaged."""
        with _speaking(self.folder):
            return next(_each(self._connection, self.folder), None)

    def commit(self, digest: ReplicationDigest) -> None:
        """Keep one replication for good, in one transaction. Raises StoreError."""
        text = json.dumps(digest.as_json(), allow_nan=False).encode()
        if len(text) > _MOST_BYTES:
            what = f"the figures of one replication take {len(text) // 2**20} MiB; {_MOST_BYTES // 2**20} MiB can be kept"
            raise StoreError(f"{what}: simulate fewer places, or choose a wider bin under series")
        packed = zlib.compress(text)
        with _speaking(self.folder), self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "INSERT INTO replications VALUES (?, ?, ?, ?)",
                (digest.replication, packed, int(digest.complete), _checksum(packed)),
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
    found, database = manifest is not None, folder / DATABASE
    if not found and not os.path.lexists(database):
        raise StoreError(f"{folder} is not a run folder; name one below runs/, such as runs/tiny/…")
    if not found or not os.path.lexists(database):
        missing, there = (MANIFEST, DATABASE) if not found else (DATABASE, MANIFEST)
        cure = "put it back if you have it, or run the scenario again"
        raise StoreError(f"{folder / missing} is missing, though {there} is there; {cure}")
    if not isinstance(manifest, dict):
        raise damaged(folder / MANIFEST, "it holds no mapping")
    refuse_links(folder.glob(f"{DATABASE}*"))
    with _speaking(folder):
        connection = _connect_to_read(folder / DATABASE)
        try:
            return manifest, list(_each(connection, folder))
        finally:
            connection.close()


def count_finished(folder: Path) -> int:
    """Return how many replications are committed in a run folder. Raises StoreError."""
    if not os.path.lexists(folder / DATABASE):
        return 0
    refuse_links(folder.glob(f"{DATABASE}*"))
    with _speaking(folder):
        connection = _connect_to_read(folder / DATABASE)
        try:
            _check_tables(connection)
            (number,) = connection.execute("SELECT count(*) FROM replications").fetchone()
            return int(number)
        finally:
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    """Open a database for writing, made if missing; SQLite rolls back what a kill left unfinished."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(_TABLES)
        _check_tables(connection)
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
    connection = _open_to_read(f"{address}?mode=rw")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        connection = _open_to_read(f"{address}?mode=ro&immutable=1")
    return connection


def _open_to_read(address: str) -> sqlite3.Connection:
    """Open a database that may come from anywhere: it runs no functions of its own, and is given up when it never ends."""
    connection = sqlite3.connect(address, uri=True)
    connection.execute("PRAGMA trusted_schema=OFF")
    looks = iter(range(_STEPS_MOST))
    connection.set_progress_handler(lambda: next(looks, None) is None, _STEPS_BETWEEN)
    return connection


def _each(connection: sqlite3.Connection, folder: Path) -> Iterator[ReplicationDigest]:
    """Yield the replications in order; each is checked before the next is read, so that a made-up one ends it."""
    _check_tables(connection)
    first: ReplicationDigest | None = None
    rows = connection.execute("SELECT replication, digest, checksum FROM replications ORDER BY replication")
    for number, packed, checksum in rows:
        with reading(folder / DATABASE):
            if _checksum(packed) != checksum:
                raise ValueError(f"replication {number} does not fit its checksum: somebody has changed it")
            digest = digest_from_json(parse_json(_unpacked(packed)))
            if digest.replication != number:
                raise ValueError(f"replication {number} is out of place")
            if first is not None and digest.shape() != first.shape():
                raise ValueError(f"replication {number} is of another network than replication {first.replication}")
            first = first or digest
        yield digest


def _checksum(packed: bytes) -> bytes:
    """Return what tells whether the digest of a replication is still what was written."""
    return hashlib.blake2b(packed, digest_size=16).digest()


def _unpacked(packed: bytes) -> bytes:
    """Return what was compressed; ValueError where it is not all there, or more than a replication can say."""
    inflate = zlib.decompressobj()
    try:
        text = inflate.decompress(packed, _MOST_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not inflate.eof:
        much = f"more than {_MOST_BYTES // 2**20} MiB in one replication"
        raise ValueError(much if inflate.unconsumed_tail else "it ends early")
    return text


def _check_tables(connection: sqlite3.Connection) -> None:
    """Refuse a database with anything but our own two tables: a view or trigger may run for ever. Raises DatabaseError."""
    made = {" ".join(sql.split()) for (sql,) in connection.execute("SELECT sql FROM sqlite_master LIMIT 9") if sql}
    wanted = {" ".join(sql.replace("IF NOT EXISTS ", "").split()) for sql in _TABLES.split(";") if "TABLE" in sql}
    if made - wanted or len(made) == 1:
        raise sqlite3.DatabaseError("its tables are not those of a run")


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
    except (sqlite3.Error, UnicodeDecodeError) as error:
        name = getattr(error, "sqlite_errorname", "")
        if name == "SQLITE_FULL":
            cure = "make room and run again, finished replications are kept"
            raise StoreError(f"the disk of {folder} is full; {cure}") from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_IOERR", "SQLITE_BUSY")):
            cure = "check the disk or choose another --out"
            raise StoreError(f"cannot use {folder / DATABASE}: {error}; {cure}") from error
        raise damaged(folder / DATABASE, error) from error
