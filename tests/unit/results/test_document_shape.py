"""Real result documents against their type: no key is missing, none has no name there, and every value is of its kind."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from cli_runner import write_scenario
from everything import EVERYTHING

from jukinet_sim import simulate, summarise
from jukinet_sim.cli.app import main
from jukinet_sim.experiments.stored import read_document
from jukinet_sim.results.shape import Document
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

DEADLOCK = """scenario: deadlock
run: {horizon: 2000 s, replications: 2, engine: fast}
network:
  pools: {a: {tokens: 1}, b: {tokens: 1}}
  stations: {s: {servers: 1}}
  flows:
    ab: {arrivals: {poisson: 0.2 /s}, route: [{acquire: a}, {delay: {constant: 2 s}}, {acquire: b}, {release: b}, {release: a}]}
    ba: {arrivals: {poisson: 0.2 /s}, route: [{acquire: b}, {delay: {constant: 2 s}}, {acquire: a}, {release: a}, {release: b}]}
slo: [{flow: ab, metric: sojourn.p99, below: 30 s}]
"""


def misfits(value: Any, kind: Any, path: str = "document") -> list[str]:
    """Where a value is not what a type says; keys that a typed mapping does not name count as well."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is Any:
        return []
    if origin in (NotRequired, Required):
        return misfits(value, args[0], path)
    if origin in (Union, types.UnionType):
        return [] if any(not misfits(value, one, path) for one in args) else [f"{path}: {value!r:.60}"]
    if origin is Literal:
        return [] if value in args else [f"{path}: {value!r:.60}"]
    if origin is list:
        return [m for i, one in enumerate(value) for m in misfits(one, args[0], f"{path}.{i}")]
    if origin is dict:
        return [m for key, one in value.items() for m in misfits(one, args[1], f"{path}.{key}")]
    if is_typeddict(kind):
        hints = get_type_hints(kind, include_extras=True)
        needed = {key for key, hint in hints.items() if kind.__total__ and get_origin(hint) is not NotRequired}
        found = [f"{path} lacks {key}" for key in needed - value.keys()]
        found += [f"{path} has {key}" for key in value.keys() - hints.keys()]
        return found + [m for key, one in value.items() if key in hints for m in misfits(one, hints[key], f"{path}.{key}")]
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    return [] if fits or (kind is float and type(value) is int) else [f"{path}: {value!r:.60} is no {kind}"]


def test_a_document_in_which_everything_happens(tmp_path: Path) -> None:
    """Losses, breakdowns, lateness, series, measures and places are all in the type."""
    text = EVERYTHING.replace("replications: 2", "replications: 2, series: 50 s")
    path = write_scenario(tmp_path, text)
    main(["run", path, "--quiet", "--out", str(tmp_path)])
    (folder,) = tmp_path.glob("everything/*")
    assert misfits(read_document(folder, places=True), Document) == []


def test_a_document_of_the_nation_with_its_incidents(tmp_path: Path) -> None:
    """Incidents, opening hours and generated places are in the type as well."""
    file, thin = str(shipped_folder() / "outage.yaml"), "juki_net.municipalities.every=400"
    main(["run", file, "--set", thin, "--set", "run.replications=1", "--quiet", "--out", str(tmp_path)])
    (folder,) = tmp_path.glob("*/*")
    found = read_document(folder, places=True)
    assert found["incidents"]
    assert misfits(found, Document) == []


def test_a_document_of_jobs_that_are_stuck(tmp_path: Path) -> None:
    """A deadlock, and the service level that it leaves undecided."""
    document = summarise(simulate(load(write_scenario(tmp_path, DEADLOCK))))
    assert document["stuck"][0]["kind"] == "deadlock"
    assert document["slo"][0]["met"] is None
    assert misfits(document, Document) == []


@pytest.mark.parametrize(
    ("key", "value"), [("seed", "one"), ("status", "done"), ("colour", 1), ("flows", {"q": {"arrived": 1.5}}), ("slo", [{}])]
)
def test_a_misfit_is_seen(key: str, value: object, tmp_path: Path) -> None:
    """The check itself sees a wrong type, a word that is none, a key without a name and a missing one."""
    document = summarise(simulate(load(write_scenario(tmp_path, DEADLOCK)), replications=1))
    assert misfits({**document, key: value}, Document)
