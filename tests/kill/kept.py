"""A folder of runs and experiments to everything in it that has to be the same however it came about."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from jukinet_sim.results.store import DATABASE, LOCK, MANIFEST, PROVENANCE, count_finished

_TABLES = ("replications", "metrics")
Kept = dict[str, object]


def kept(out: Path) -> Kept:
    """Return the rows of every database and the bytes of every other file of a scenario's folders, by their paths.

    Left out are the lock, and the list of calls, which tells of each by when and how it was made. A half-written file is in it.
    """
    found: Kept = {}
    for path in sorted(out.glob("*/**/*")):
        name = str(path.relative_to(out))
        if path.name == DATABASE:
            found |= {f"{name}: {table}": rows for table, rows in _rows(path).items()}
        elif path.is_file() and path.name not in (LOCK, PROVENANCE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            found[name] = path.read_bytes()
    return found


def _rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the tables, in the order of their keys; the first is of replications."""
    with closing(sqlite3.connect(database)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        assert whole == "ok", f"{database}: {whole}"
        order = {"replications": "replication", "metrics": "replication, kind, name, metric"}
        return {table: connection.execute(f"SELECT * FROM {table} ORDER BY {order[table]}").fetchall() for table in _TABLES}


def replications(found: Kept) -> list[list[int]]:
    """Return the numbers of the replications of each run."""
    numbers = []
    for name, rows in found.items():
        if name.endswith(": replications") and isinstance(rows, list):
            numbers.append([row[0] for row in rows])
    return numbers


def differences(a: Kept, b: Kept) -> list[str]:
    """Name what is not the same in both."""
    return [name for name in sorted(a.keys() | b.keys()) if a.get(name) != b.get(name)]


def finished(out: Path) -> int:
    """Return how many replications are committed, of all runs together; one that has no manifest yet has none."""
    return sum(count_finished(path.parent) for path in out.glob(f"*/*/{MANIFEST}"))
