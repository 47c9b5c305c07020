"""The name of a run and the files that describe it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from jukinet_sim.base.errors import StoreError
from jukinet_sim.results import manifest as described_run
from jukinet_sim.results.files import read_json, write_json

RESOLVED: dict[str, Any] = {
    "scenario": "two-tier",
    "run": {"horizon": 100.0, "replications": 20, "seed": 1, "engine": "auto"},
    "network": {"stations": {"web": {"servers": 2}}},
}


def name_of(resolved: dict[str, Any] = RESOLVED, **changes: Any) -> str:
    """The hash of a run with some of its parts changed."""
    parts = {"seed": 1, "engine": "fast", "code": "c0de", "rule_version": 1, **changes}
    return described_run.scenario_hash(resolved, **parts)


def with_run(**changes: Any) -> dict[str, Any]:
    """The scenario with keys of its run changed."""
    return {**RESOLVED, "run": {**RESOLVED["run"], **changes}}


def test_hash_ignores_how_many_replications() -> None:
    """More replications or another precision continue the same run."""
    assert name_of(with_run(replications=500, precision=0.02)) == name_of()


def test_hash_ignores_the_order_of_keys() -> None:
    """The same scenario written in another order is the same run."""
    assert name_of(dict(reversed(RESOLVED.items()))) == name_of()


@pytest.mark.parametrize("change", [{"seed": 2}, {"engine": "reference"}, {"code": "beef"}, {"rule_version": 2}])
def test_hash_tells_runs_apart(change: dict[str, Any]) -> None:
    """Seed, engine, code and rules each make another run."""
    assert name_of(**change) != name_of()


def test_hash_tells_scenarios_apart() -> None:
    """Any other value of the scenario makes another run."""
    assert name_of(with_run(horizon=101.0)) != name_of()


def test_hash_takes_the_engine_as_chosen() -> None:
    """`auto` that became the fast engine and the fast engine asked for by name are the same run."""
    assert name_of(with_run(engine="fast")) == name_of(with_run(engine="auto"))


def test_canonical_json_refuses_nan() -> None:
    """What cannot be written in JSON is refused rather than written in a dialect."""
    with pytest.raises(ValueError, match="JSON"):
        described_run.canonical_json({"x": float("nan")})


def test_code_version_covers_code_but_not_the_command_line() -> None:
    """Files of the engine count; caches, the command line and reports cannot change a number."""
    root = Path(described_run.__file__).parents[1]
    names = {path.relative_to(root).as_posix() for path in described_run._own_files(root)}
    assert {"engine/fast/loop.py", "chance/draws.py", "results/summary.py"} <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(("cli/", "report/"))]


def test_code_version_changes_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed byte of the package makes another code version."""
    (tmp_path / "results").mkdir()
    source = tmp_path / "draws.py"
    monkeypatch.setattr(described_run, "__file__", str(tmp_path / "results" / "manifest.py"))
    versions = set()
    for text in ("a = 1\n", "a = 2\n"):
        source.write_text(text)
        described_run.code_version.cache_clear()
        versions.add(described_run.code_version())
    described_run.code_version.cache_clear()
    assert len(versions) == 2


def described() -> dict[str, Any]:
    """The manifest of the run above."""
    return described_run.manifest(
        RESOLVED, scenario="two-tier", seed=1, engine="fast", rule_version=1, replications=20, fingerprint="ab"
    )


def test_manifest_is_the_same_bytes_for_the_same_input(tmp_path: Path) -> None:
    """Nothing that a clock or a host knows enters the manifest."""
    for name in ("a", "b"):
        write_json(tmp_path / name, described())
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_manifest_names_the_versions_of_what_computes() -> None:
    """Versions of numpy, numba and SimPy are those installed, and the hash is that of the run."""
    found = described()
    assert {name: found["packages"][name] for name in ("numpy", "numba", "simpy")} == {
        name: version(name) for name in ("numpy", "numba", "simpy")
    }
    assert found["hash"] == described_run.scenario_hash(RESOLVED, 1, "fast", described_run.code_version(), 1)


def test_provenance_says_when_and_where() -> None:
    """Clock, host and command line stand in the provenance."""
    started = datetime.now(UTC) - timedelta(seconds=5)
    found = described_run.provenance(["jukinet", "run"], jobs=2, started=started, new_replications=3)
    assert (found["command"], found["jobs"], found["new_replications"]) == (["jukinet", "run"], 2, 3)
    assert found["wall_s"] >= 5.0
    assert datetime.fromisoformat(found["started"]) == started


def test_json_files_come_back(tmp_path: Path) -> None:
    """What is written is read back; a file that is not there is None."""
    write_json(tmp_path / "a.json", {"名": [1.5, None]})
    assert read_json(tmp_path / "a.json") == {"名": [1.5, None]}
    assert read_json(tmp_path / "b.json") is None


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """A value that cannot be written does not touch what is there."""
    write_json(tmp_path / "a.json", 1)
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", float("inf"))
    assert read_json(tmp_path / "a.json") == 1


def test_file_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    """A path below a plain file is an input/output failure with a cure."""
    (tmp_path / "plain").write_text("x")
    with pytest.raises(StoreError, match=r"cannot write .* choose another --out"):
        write_json(tmp_path / "plain" / "a.json", 1)
