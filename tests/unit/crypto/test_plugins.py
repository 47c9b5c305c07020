"""Suites, cards and policies of another package, really installed: used where they are right, refused where they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from cli_runner import ROOT, environment

from jukinet_sim.base import plugins
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.plugins import BUILT_IN, registry

PLUGIN = ROOT / "tests" / "plugin"


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pip installed the example package into."""
    folder = tmp_path_factory.mktemp("installed")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
         "--no-build-isolation", "--target", str(folder), str(PLUGIN)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def _jukinet(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(installed)])
    return subprocess.run(
        [sys.executable, "-m", "jukinet_sim", "crypto", *arguments], capture_output=True, text=True, env=env, check=False
    )


def test_listed_and_refused(installed: Path) -> None:
    """What is right of another package is listed with its owner; each entry that is not is listed with its reason."""
    done = _jukinet(installed, "list", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    owners = {one["name"]: one["owner"] for one in found["suites"]}
    assert owners["p521-aes256gcm"] == "example-suites"
    assert owners["rsa1024-sha1-3tdea"] == "jukinet-sim"
    assert {one["name"]: one["cost_card_only"] for one in found["suites"]}["x25519-ed25519-future"] == (
        "nobody has written it yet"
    )
    assert "example-card" in [one["name"] for one in found["cards"]]
    assert "house" in found["authorities"]
    refused = {one["entry"]: one["reason"] for one in found["refused"]}
    assert refused["broken"] == "RuntimeError: this package is broken"
    assert "neither a Suite nor several" in refused["nothing"]
    assert refused["x25519-ed25519-aes256gcm"] == 'the suite "today" is offered by jukinet-sim and by example-suites'


def test_used(installed: Path) -> None:
    """A suite of another package is tested, judged and explained as a shipped one; its card and policy are used."""
    done = _jukinet(installed, "selftest", "highest", "x25519-ed25519-future")
    assert done.returncode == 0, done.stderr
    assert "ok   p521-aes256gcm" in done.stdout
    assert "plan x25519-ed25519-future: cost card only, nobody has written it yet" in done.stdout
    judged = json.loads(_jukinet(installed, "status", "highest", "--authority", "house", "--json").stdout)["verdicts"]
    assert [(one["generates"], one["verifies"]) for one in judged] == [("disallowed", "disallowed")]
    lacks = _jukinet(installed, "explain", "x25519-ed25519-future", "unsigned", "--card", "example-card")
    assert lacks.returncode == 2
    assert "lacks future.decrypt;" in lacks.stderr


def test_shipped_names_stay(installed: Path) -> None:
    """A package that takes a shipped name changes nothing for whoever uses that name."""
    shown = json.loads(_jukinet(installed, "explain", "today", "message", "--card", "xeon-2012", "--json").stdout)
    assert shown["suite"] == "rsa1024-sha1-3tdea"


def test_our_entries_are_declared() -> None:
    """The table of our own entries is what `pyproject.toml` declares."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    assert {group: tuple(entries.items()) for group, entries in declared.items()} == {
        group: (entry,) for group, entry in BUILT_IN.items()
    }


class _Made:
    """What an entry of a package that is not there points to."""

    def __init__(self, name: str, owner: str, offers: Any) -> None:
        self.name, self.owner, self.offers = name, owner, offers

    def load(self) -> Any:
        """Return it, or raise it."""
        if isinstance(self.offers, BaseException):
            raise self.offers
        return self.offers


def _registry(monkeypatch: pytest.MonkeyPatch, *entries: _Made) -> plugins.Registry[str]:
    monkeypatch.setattr(plugins, "_entries", lambda group: [(entry, entry.owner) for entry in entries])
    return registry(plugins.SUITES, "suite", lambda names: [((name,), f"item {name}") for name in names])  # type: ignore[attr-defined]


def test_two_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that two packages claim is nobody's, and whoever asks for it hears of both; their other names stay."""
    found = _registry(monkeypatch, _Made("x", "one", ["a", "b"]), _Made("y", "two", ["b", "c"]))
    assert (found.ask("a"), found.ask("c")) == ("item a", "item c")
    with pytest.raises(UsageError, match='the suite "b" is offered by one and by two; uninstall all but one'):
        found.ask("b")
    assert [one.owner for one in found.refused] == ["one", "two"]


def test_twice_in_one_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that claims a name twice disputes it with itself."""
    found = _registry(monkeypatch, _Made("x", "one", ["a"]), _Made("y", "one", ["a"]))
    with pytest.raises(UsageError, match='the suite "a" is offered by one; uninstall'):
        found.ask("a")


@pytest.mark.parametrize("error", [ImportError("no"), SystemExit(3), RecursionError(), ValueError("bad\x1b[31m\nline")])
def test_any_failure_is_a_reason(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Whatever loading an entry does, it becomes a reason on one line that does nothing to a terminal."""
    found = _registry(monkeypatch, _Made("bad", "one", error), _Made("good", "two", ["a"]))
    assert found.ask("a") == "item a"
    [refused] = found.refused
    assert refused.reason.startswith(type(error).__name__)
    assert "\n" not in refused.reason
    assert "\x1b" not in refused.reason


def test_an_interruption_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever interrupts the program while an entry is loaded interrupts it."""
    with pytest.raises(KeyboardInterrupt):
        _registry(monkeypatch, _Made("bad", "one", KeyboardInterrupt()))


def test_found_without_metadata(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shipped is found where the package is not installed at all."""
    monkeypatch.setattr(plugins.metadata, "entry_points", lambda group: ())
    for group in BUILT_IN:
        assert [(type(entry), owner) for entry, owner in plugins._entries(group)] == [(EntryPoint, "jukinet-sim")]
