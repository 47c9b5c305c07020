"""Run folders from anywhere: whatever stands in one, `show` prints it or says what is damaged, soon and in little memory."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cli_runner import write_scenario

from jukinet_sim.cli.app import main
from jukinet_sim.results.store import DATABASE, LOCK, MANIFEST

SCENARIO = """\
scenario: hall
title: a hall with incidents
run: {horizon: 300 s, replications: 2, seed: 5, engine: fast, series: 100 s, records: visits}
network:
  stations:
    desk: {servers: 1, outages: [{at: 100 s, for: 20 s}]}
  pools:
    chairs: {tokens: 5}
  flows:
    people:
      arrivals: {poisson: 0.5 /s}
      due: 10 s
      route: [{acquire: chairs}, {visit: desk, demand: {exponential: 1 s}}, {release: chairs}]
slo:
  - {flow: people, metric: sojourn.mean, below: 1 h}
measures:
  waits: {unit: h, sum: [{flow: people, metric: wait_hours}]}
  twice: {unit: h, sum: [{measure: waits, times: {value: 2, assumed: a guess, range: [1, 3]}}]}
"""
PLACES = {
    "levels": {
        "town": {"names": ["a", "b"], "within": "land", "parent": [0, 0]},
        "land": {"names": ["x"], "within": None, "parent": []},
    },
    "stations": {},
    "pools": {},
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with places beside it."""
    folder = tmp_path_factory.mktemp("original")
    options = ["--quiet", "--jobs", "1", "--assumptions", "3", "--out", str(folder / "runs")]
    assert main(["run", write_scenario(folder, SCENARIO), *options]) == 0
    # The samples of its assumptions lie beside it as runs of their own.
    (run,) = (one for one in (folder / "runs" / "hall").iterdir() if (one / "assumptions.json").exists())
    (run / "places.json").write_text(json.dumps(PLACES))
    return run


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    """A copy of the run that a test may change."""
    return Path(shutil.copytree(original, tmp_path / "run"))


def shown(run: Path, *options: str) -> int:
    """The exit code of `show`."""
    return main(["show", str(run), *options])


NASTY: tuple[Any, ...] = (
    None, True, -1, 0, 2**70, 10**400, -1e308, 1e308, "", "x", "\x1b[31m\x9b\u202e", [], {}, [[]], {"value": None},
    "2012-02-30",
)  # fmt: skip


def nasty(chance: Random) -> Any:
    """One of the values that do not belong where they are put."""
    return json.loads(json.dumps(chance.choice(NASTY)))


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to every value within a JSON value."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(inner, (*path, key))


def mutated(value: Any, chance: Random) -> Any:
    """A JSON value with one to three things in it replaced, deleted, renamed or doubled."""
    value = json.loads(json.dumps(value))
    for _ in range(1 + chance.randrange(3)):
        every = list(nodes(value))
        path = every[chance.randrange(len(every))]
        if not path:
            return nasty(chance)
        parent = functools.reduce(lambda inner, key: inner[key], path[:-1], value)
        key, what = path[-1], chance.randrange(4)
        if what == 0:
            del parent[key]
        elif what == 1 and isinstance(parent, dict):
            parent[f"{key}2"] = parent.pop(key)
        elif what == 2 and isinstance(parent, list):
            parent.extend(parent[:3])
        else:
            parent[key] = nasty(chance)
    return value


def in_json(name: str) -> Callable[[Path, Random], None]:
    """The mutation of a JSON file by its values."""

    def change(run: Path, chance: Random) -> None:
        content = json.loads((run / name).read_text())
        (run / name).write_text(json.dumps(mutated(content, chance)))

    return change


def in_bytes(name: str) -> Callable[[Path, Random], None]:
    """The mutation of a file by its bytes: some changed, cut out, or the end cut off."""

    def change(run: Path, chance: Random) -> None:
        content = bytearray((run / name).read_bytes())
        for _ in range(1 + chance.randrange(8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.randrange(3) == 0:
            at = chance.randrange(len(content))
            del content[at : at + 1 + chance.randrange(64)]
        (run / name).write_bytes(content[: chance.randrange(len(content))] if chance.randrange(8) == 0 else content)

    return change


def in_a_digest(run: Path, chance: Random) -> None:
    """Mutate the digest of one replication by its values."""
    with database(run) as connection:
        number = chance.randrange(2)
        (packed,) = connection.execute("SELECT digest FROM replications WHERE replication = ?", (number,)).fetchone()
        text = json.dumps(mutated(json.loads(zlib.decompress(packed)), chance)).encode()
        packed = zlib.compress(text)[: -5 if chance.randrange(8) == 0 else None]
        connection.execute("UPDATE replications SET digest = ? WHERE replication = ?", (packed, number))


def in_a_row(run: Path, chance: Random) -> None:
    """Replace a cell of the table of replications by something of another kind."""
    value = (None, "text", 1.5, b"", b"\0" * 10, -1, 2**40)[chance.randrange(7)]
    column = ("replication", "digest", "finished")[chance.randrange(3)]
    with database(run) as connection:
        try:
            connection.execute(f"UPDATE replications SET {column} = ? WHERE replication = ?", (value, chance.randrange(2)))
        except sqlite3.IntegrityError:
            connection.execute("DELETE FROM replications WHERE replication = ?", (chance.randrange(2),))


class database(sqlite3.Connection):  # noqa: N801  # it is used as a verb: with database(run) as connection
    """The database of a run, closed and committed at the end of a block."""

    def __init__(self, run: Path) -> None:
        super().__init__(run / DATABASE)

    def __exit__(self, *raised: Any) -> None:  # type: ignore[override]
        super().__exit__(*raised)
        self.close()


MUTATIONS: dict[str, tuple[Callable[[Path, Random], None], int]] = {
    "manifest": (in_json(MANIFEST), 30),
    "manifest bytes": (in_bytes(MANIFEST), 10),
    "places": (in_json("places.json"), 15),
    "places bytes": (in_bytes("places.json"), 10),
    "assumptions": (in_json("assumptions.json"), 20),
    "assumptions bytes": (in_bytes("assumptions.json"), 10),
    "provenance": (in_json("provenance.json"), 3),
    "digest": (in_a_digest, 20),
    "row": (in_a_row, 15),
    "database bytes": (in_bytes(DATABASE), 25),
}


@pytest.mark.parametrize("kind", MUTATIONS)
def test_a_mutated_run_is_shown_or_named_as_damaged(original: Path, tmp_path: Path, kind: str) -> None:
    """Whatever is changed in a file of a run folder, the exit code is 0, or 5 with a cure; never a bug's."""
    change, count = MUTATIONS[kind]
    for seed in range(count):
        run = Path(shutil.copytree(original, tmp_path / str(seed)))
        change(run, Random(f"{kind} {seed}"))
        options = (["--json"], ["--places", "--all"], ["--by", "land"])[seed % 3]
        if options == ["--by", "land"] and not _has_level(run):
            options = []
        assert shown(run, *options) in (0, 5), f"{kind}, seed {seed}, {options}"


def _has_level(run: Path) -> bool:
    """Whether the level that is asked for is there; one that is not is a fault of the question, exit 2."""
    try:
        return "land" in json.loads((run / "places.json").read_bytes())["levels"]
    except (ValueError, TypeError, KeyError):
        return False


def test_a_mutated_run_is_reused_or_named_as_damaged(original: Path, tmp_path: Path) -> None:
    """`run` on a folder of its own that somebody has changed ends with 0, or with 5 and a cure."""
    kinds = ("manifest", "assumptions", "provenance", "digest", "row", "database bytes")
    for seed, kind in enumerate(kinds * 4):
        out = tmp_path / str(seed)
        run = Path(shutil.copytree(original.parents[1], out)) / "hall" / original.name
        MUTATIONS[kind][0](run, Random(f"reused {kind} {seed}"))
        arguments = ["run", str(original.parents[2] / "corner.yaml"), "--out", str(out), "--quiet", "--jobs", "1"]
        assert main([*arguments, "--assumptions", "3"]) in (0, 5), f"{kind}, seed {seed}"


def set_json(key: str, value: Any) -> Callable[[Path], None]:
    """A manifest with another value, as text, at a key of the scenario or of its own."""

    def change(run: Path) -> None:
        manifest = json.loads((run / MANIFEST).read_text())
        part, _, last = key.rpartition(".")
        (manifest[part] if part else manifest)[last] = value
        (run / MANIFEST).write_text(json.dumps(manifest))

    return change


def manifest_of(text: str) -> Callable[[Path], None]:
    """A manifest of another text."""
    return lambda run: (run / MANIFEST).write_text(text) and None


def instead(name: str, make: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Something else under the name of a file."""

    def change(run: Path) -> None:
        (run / name).unlink()
        make(run / name)

    return change


def sql(*statements: str) -> Callable[[Path], None]:
    """A database on which statements were executed."""

    def change(run: Path) -> None:
        with database(run) as connection:
            for statement in statements:
                connection.execute(statement)

    return change


def bomb(run: Path) -> None:
    """A digest of less than a megabyte that unpacks to 160."""
    packer = zlib.compressobj(1)
    packed = b"".join([*(packer.compress(b"0," * 2**19) for _ in range(160)), packer.flush()])
    with database(run) as connection:
        connection.execute("UPDATE replications SET digest = ?", (packed,))


def renamed_flows(run: Path) -> None:
    """One replication whose flow has another name."""
    with database(run) as connection:
        (packed,) = connection.execute("SELECT digest FROM replications WHERE replication = 1").fetchone()
        text = zlib.decompress(packed).replace(b'"people"', b'"nobody"')
        connection.execute("UPDATE replications SET digest = ? WHERE replication = 1", (zlib.compress(text),))


ENDLESS = (
    "ALTER TABLE replications RENAME TO kept",
    "CREATE VIEW replications AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i FROM n) SELECT i AS replication, "
    "(SELECT digest FROM kept) AS digest FROM n",
)
DAMAGES: dict[str, Callable[[Path], None]] = {
    "empty manifest": manifest_of("{}"),
    "manifest is a list": manifest_of("[]"),
    "manifest is null": manifest_of("null"),
    "manifest is no JSON": manifest_of("{"),
    "deep manifest": manifest_of('{"a":' * 200_000 + "1" + "}" * 200_000),
    "manifest of brackets": manifest_of("[" * 5_000_000),
    "NaN": set_json("replications", float("nan")),
    "a title that is a list": set_json("resolved.title", [1]),
    "replications: 0": set_json("replications", 0),
    "replications: text": set_json("replications", "2"),
    "unknown service level": set_json("resolved.slo", [{"flow": "nobody", "metric": "sojourn.mean", "below": 1.0}]),
    "service level of nothing": set_json("resolved.slo", [{}]),
    "service levels as a text": set_json("resolved.slo", "all met"),
    "measures in a circle": set_json("resolved.measures", {"a": {"unit": "h", "sum": [{"measure": "a"}]}}),
    "a watch of nothing": set_json("watches", [{"name": "x"}]),
    "manifest is a pipe": instead(MANIFEST, os.mkfifo),
    "manifest is a folder": instead(MANIFEST, os.mkdir),
    "manifest leads to itself": instead(MANIFEST, lambda path: path.symlink_to(path)),
    "manifest is a device": instead(MANIFEST, lambda path: path.symlink_to("/dev/zero")),
    "manifest is missing": lambda run: (run / MANIFEST).unlink(),
    "database is missing": lambda run: (run / DATABASE).unlink(),
    "database is a pipe": instead(DATABASE, os.mkfifo),
    "database is a folder": instead(DATABASE, os.mkdir),
    "database leads elsewhere": instead(DATABASE, lambda path: path.symlink_to("/dev/null")),
    "database is empty": lambda run: (run / DATABASE).write_bytes(b""),
    "endless view": sql(*ENDLESS),
    "a trigger": sql("CREATE TRIGGER t AFTER INSERT ON replications BEGIN DELETE FROM metrics; END"),
    "other columns": sql("DROP TABLE replications", "CREATE TABLE replications (replication, digest)"),
    "no table of replications": sql("DROP TABLE replications"),
    "zlib bomb": bomb,
    "renamed flows": renamed_flows,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named_with_a_cure(run: Path, damage: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A run folder that holds what no run writes is exit 5, in one line that says what to do."""
    DAMAGES[damage](run)
    assert shown(run) == 5
    error, last = capsys.readouterr().err.splitlines()
    assert error.startswith("error: ")
    assert str(run) in error
    assert "; " in error
    assert last == "exit 5: input or output failed"


def test_what_is_missing_is_said(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a manifest and no results is a run folder that lacks something."""
    (run / DATABASE).unlink()
    shown(run)
    assert f"{run / DATABASE} is missing, though manifest.json is there" in capsys.readouterr().err


def test_places_within_themselves_are_damage(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Levels of places that lie in a circle are not followed for ever."""
    levels = {name: {"names": ["a"], "within": within, "parent": [0]} for name, within in (("land", "town"), ("town", "land"))}
    (run / "places.json").write_text(json.dumps({"levels": levels, "stations": {"desk": "land"}, "pools": {}}))
    assert shown(run, "--by", "land") == 5
    assert "lie within themselves" in capsys.readouterr().err


def test_a_damaged_run_does_not_hide_the_others(run: Path, tmp_path: Path) -> None:
    """Runs are found although one folder beside them holds a pipe for a manifest."""
    out = tmp_path / "runs"
    for name in ("a", "b"):
        shutil.copytree(run, out / "hall" / name)
    instead(MANIFEST, os.mkfifo)(out / "hall" / "a")
    assert main(["show", "hall", "--out", str(out)]) == 0


LINKED = {
    LOCK: "cannot open",
    f"{MANIFEST}.part": None,
    MANIFEST: "is a symbolic link",
    DATABASE: "is a symbolic link",
    f"{DATABASE}-wal": "is a symbolic link",
    "places.json": "is a symbolic link",
    "provenance.json": "is a symbolic link",
    "visits": "is a symbolic link",
}


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("fresh", [False, True])
def test_nothing_is_written_through_a_link(
    original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, fresh: bool
) -> None:
    """A file of a run folder that is a link to somebody's file leaves that file as it was."""
    out = Path(shutil.copytree(original.parents[1], tmp_path / "runs"))
    target = tmp_path / "precious"
    if name == "visits":
        target.mkdir()
    else:
        target.write_text("precious")
    at = out / "hall" / original.name / name
    if at.is_dir():
        shutil.rmtree(at)
    else:
        at.unlink(missing_ok=True)
    at.symlink_to(target)
    options = ["--out", str(out), "--quiet", "--jobs", "1", *(["--fresh"] if fresh else [])]
    code = main(["run", str(original.parents[2] / "corner.yaml"), *options])
    message = LINKED[name]
    removed = fresh and name in (MANIFEST, DATABASE, f"{DATABASE}-wal", "provenance.json", "visits")
    assert code == (0 if message is None or removed else 5)
    if code:
        assert message is not None
        assert message in capsys.readouterr().err
    assert list(target.iterdir()) == [] if name == "visits" else target.read_text() == "precious"


def test_a_tampered_run_is_not_reused(original: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`run` does not print what stands in place of its own results; --fresh replaces it."""
    out = Path(shutil.copytree(original.parents[1], tmp_path / "runs"))
    sql(*ENDLESS)(out / "hall" / original.name)
    arguments = ["run", str(original.parents[2] / "corner.yaml"), "--out", str(out), "--quiet", "--jobs", "1"]
    assert main(arguments) == 5
    assert "its tables are not those of a run" in capsys.readouterr().err
    assert main([*arguments, "--fresh"]) == 0
