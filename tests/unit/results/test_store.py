"""The run folder: what is committed stays, one writer at a time, damage is named."""

from __future__ import annotations

import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from results_samples import sample

from jukinet_sim.base.errors import StoreError
from jukinet_sim.results.rows import rows_path
from jukinet_sim.results.store import DATABASE, LOCK, MANIFEST, PROVENANCE, Store, read_run

HASH = "0123456789abcdef"
HERE = Path(__file__).parents[1]


def opened(out: Path, *, fresh: bool = False) -> Store:
    """The store of one made-up run."""
    return Store(out, "sample", HASH, fresh=fresh)


def filled(out: Path, count: int) -> Path:
    """The folder of a closed store with so many finished replications."""
    with opened(out) as store:
        for number in range(count):
            store.commit(sample(number))
        store.write_manifest({"scenario": "sample"})
    return store.folder


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that can import what these tests import."""
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


HOLD = """
import sys, time
from pathlib import Path
from jukinet_sim.results.store import Store
held = Store(Path(sys.argv[1]), "sample", sys.argv[2])
print("held", flush=True)
time.sleep(60)
"""

COMMIT = """
import sys
from pathlib import Path
from results_samples import sample
from jukinet_sim.results.store import Store
store = Store(Path(sys.argv[1]), "sample", sys.argv[2])
for number in range(100_000):
    store.commit(sample(number))
    print(number, flush=True)
"""


def test_folder_is_named_by_scenario_and_hash(tmp_path: Path) -> None:
    """The folder carries the scenario's name and twelve digits of the hash."""
    with opened(tmp_path) as store:
        assert store.folder == tmp_path / "sample" / "0123456789ab"


def test_reopening_returns_what_was_finished(tmp_path: Path) -> None:
    """Committed replications come back equal and in order."""
    filled(tmp_path, 3)
    with opened(tmp_path) as store:
        assert store.finished() == [sample(0), sample(1), sample(2)]


def test_fresh_deletes_what_was_finished(tmp_path: Path) -> None:
    """`fresh` starts from nothing: no replication, manifest, provenance or visit row is left."""
    folder = filled(tmp_path, 2)
    rows_path(folder, 0).parent.mkdir()
    rows_path(folder, 0).write_bytes(b"rows")
    with opened(tmp_path, fresh=True) as store:
        assert store.finished() == []
    assert {path.name for path in folder.iterdir()} <= {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOCK}


def test_metrics_table_holds_every_figure(tmp_path: Path) -> None:
    """Each replication has a row per count and metric, readable without this package."""
    folder = filled(tmp_path, 2)
    connection = sqlite3.connect(folder / DATABASE)
    rows = connection.execute(
        "SELECT replication, value FROM metrics WHERE kind='station' AND name='town' AND metric='wait_s.mean'"
    ).fetchall()
    counted = connection.execute("SELECT value FROM metrics WHERE name='query' AND metric='arrived'").fetchall()
    finished = connection.execute("SELECT replication, finished FROM replications").fetchall()
    connection.close()
    assert rows == [(0, 1.5), (1, 1.5)]
    assert counted == [(40.0,), (40.0,)]
    assert finished == [(0, 1), (1, 1)]


def test_commit_is_all_or_nothing(tmp_path: Path) -> None:
    """A replication that cannot be committed twice leaves the first one as it was."""
    filled(tmp_path, 1)
    with opened(tmp_path) as store:
        with pytest.raises(StoreError):
            store.commit(sample(0, events=999))
        assert store.finished() == [sample(0)]


def test_resumed_store_holds_the_same_as_one_made_at_once(tmp_path: Path) -> None:
    """Two openings or one: every table ends with the same rows."""

    def dump(folder: Path) -> list[str]:
        connection = sqlite3.connect(folder / DATABASE)
        lines = list(connection.iterdump())
        connection.close()
        return lines

    at_once = filled(tmp_path / "a", 3)
    filled(tmp_path / "b", 2)
    with opened(tmp_path / "b") as store:
        store.commit(sample(2))
    assert dump(store.folder) == dump(at_once)


def test_second_writer_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    """A folder in use by another process is exit 5 and names that process and host."""
    holder = child(HOLD, str(tmp_path), HASH)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreError, match=f"in use by process {holder.pid} on {platform.node()}") as caught:
            opened(tmp_path)
        assert caught.value.exit_code == 5
    finally:
        holder.kill()
        holder.communicate()


def test_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    """A killed holder leaves its name in the lock file but not its lock."""
    holder = child(HOLD, str(tmp_path), HASH)
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.kill()
    holder.communicate()
    lock = tmp_path / "sample" / HASH[:12] / LOCK
    assert json.loads(lock.read_text())["pid"] == holder.pid
    with opened(tmp_path):
        assert json.loads(lock.read_text())["pid"] == os.getpid()


def test_closed_store_can_be_opened_again_at_once(tmp_path: Path) -> None:
    """Closing lets the next writer in, in the same process too; before that it is kept out."""
    store = opened(tmp_path)
    with pytest.raises(StoreError, match=f"process {os.getpid()} "):
        opened(tmp_path)
    store.close()
    opened(tmp_path).close()


@pytest.mark.parametrize("seen", [0, 1, 7])
def test_killed_writer_leaves_what_it_reported(tmp_path: Path, seen: int) -> None:
    """After SIGKILL in the middle of commits, the store opens with every reported replication, in order and whole."""
    writer = child(COMMIT, str(tmp_path), HASH)
    assert writer.stdout is not None
    reported = [int(writer.stdout.readline()) for _ in range(seen + 1)][-1]
    writer.send_signal(signal.SIGKILL)
    with writer, writer.stdout as output:
        rest = output.read()
    # A killed process may leave half a number: only a line that ends was reported.
    reported = max([reported, *(int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n"))])
    with opened(tmp_path) as store:
        found = store.finished()
        store.commit(sample(len(found)))
    assert len(found) > reported
    assert found == [sample(number) for number in range(len(found))]


def test_half_written_files_are_swept_away(tmp_path: Path) -> None:
    """What a kill left of a file in the making is deleted when the folder is opened."""
    folder = filled(tmp_path, 1)
    (folder / "manifest.json.part").write_text("{")
    opened(tmp_path).close()
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("damage", ["garbage", "middle"])
def test_damaged_database_is_named_with_a_cure(tmp_path: Path, damage: str) -> None:
    """A database that SQLite cannot read is exit 5 and says how to replace it; `fresh` does."""
    database = filled(tmp_path, 40) / DATABASE
    content = bytearray(database.read_bytes())
    start = 0 if damage == "garbage" else 4096
    content[start : start + 8192] = b"\xa5" * 8192
    database.write_bytes(content)
    with pytest.raises(StoreError, match=r"results\.sqlite is damaged .*--fresh"):
        opened(tmp_path)
    with opened(tmp_path, fresh=True) as store:
        assert store.finished() == []


def overwrite(database: Path, sql: str, *values: object) -> None:
    """Change a database behind the store's back."""
    connection = sqlite3.connect(database)
    with connection:
        connection.execute(sql, values)
    connection.close()


@pytest.mark.parametrize("blob", [b"no zlib", zlib.compress(b"[1"), zlib.compress(b"{}"), zlib.compress(b"[]")])
def test_damaged_digest_is_named_with_a_cure(tmp_path: Path, blob: bytes) -> None:
    """A digest that does not unpack to one is damage, not a traceback."""
    folder = filled(tmp_path, 1)
    overwrite(folder / DATABASE, "UPDATE replications SET digest = ?", blob)
    with opened(tmp_path) as store, pytest.raises(StoreError, match="is damaged"):
        store.finished()


def test_a_missing_replication_leaves_the_others(tmp_path: Path) -> None:
    """Replications are committed as they are finished, so that one whose process died may be missing between others."""
    folder = filled(tmp_path, 3)
    overwrite(folder / DATABASE, "DELETE FROM replications WHERE replication = ?", 1)
    assert read_run(folder)[1] == [sample(0), sample(2)]


def test_replication_under_another_number_is_damage(tmp_path: Path) -> None:
    """A replication that says it is another one has been moved by hand."""
    folder = filled(tmp_path, 3)
    overwrite(folder / DATABASE, "UPDATE replications SET replication = ? WHERE replication = 1", 7)
    with pytest.raises(StoreError, match="replication 7 is out of place"):
        read_run(folder)


def test_reading_needs_no_lock(tmp_path: Path) -> None:
    """A run can be read while it is written to."""
    with opened(tmp_path) as store:
        store.commit(sample(0))
        store.write_manifest({"scenario": "sample"})
        manifest, digests = read_run(store.folder)
    assert (manifest, digests) == ({"scenario": "sample"}, [sample(0)])


def test_reading_leaves_no_files_behind(tmp_path: Path) -> None:
    """Looking at a run does not change its folder."""
    folder = filled(tmp_path, 1)
    before = sorted(folder.iterdir())
    read_run(folder)
    assert sorted(folder.iterdir()) == before


def test_reading_what_is_no_run_says_so(tmp_path: Path) -> None:
    """A folder without results is exit 5, and no database is made in it."""
    with pytest.raises(StoreError, match="is not a run folder"):
        read_run(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    """An --out that is a plain file is exit 5 with a cure."""
    (tmp_path / "out").write_text("x")
    with pytest.raises(StoreError, match="choose another --out"):
        opened(tmp_path / "out")


def test_provenance_grows_by_one_per_call(tmp_path: Path) -> None:
    """Each call adds how it came about to those before."""
    for number in range(2):
        with opened(tmp_path) as store:
            store.add_provenance({"call": number})
    assert json.loads((store.folder / PROVENANCE).read_text()) == [{"call": 0}, {"call": 1}]


def test_damaged_provenance_does_not_stop_a_run(tmp_path: Path) -> None:
    """How earlier calls came about is not worth losing a result for."""
    with opened(tmp_path) as store:
        (store.folder / PROVENANCE).write_text("{")
        store.add_provenance({"call": 1})
    assert json.loads((store.folder / PROVENANCE).read_text()) == [{"call": 1}]


def test_damaged_manifest_is_named(tmp_path: Path) -> None:
    """A manifest that is not JSON is exit 5 with a cure."""
    folder = filled(tmp_path, 1)
    (folder / MANIFEST).write_text("{")
    with pytest.raises(StoreError, match=r"manifest\.json is damaged .*--fresh"):
        read_run(folder)
