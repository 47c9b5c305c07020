"""Methods of another package, really installed: used where they are right, refused with their reason where they are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import ROOT, environment

from jukinet_sim.authentication.method import Method
from jukinet_sim.authentication.methods import method, registered
from jukinet_sim.authentication.plan import Plan, Stage
from jukinet_sim.base import plugins
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.plugins import METHODS, registry


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pip installed the example package into."""
    folder = tmp_path_factory.mktemp("installed")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
         "--no-build-isolation", "--target", str(folder), str(ROOT / "tests" / "plugin")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def jukinet(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where the package is installed."""
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(installed)])
    command = [sys.executable, "-m", "jukinet_sim", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def test_listed_and_refused(installed: Path) -> None:
    """What is right is listed with its owner, what is not with its reason, and a shipped name stays with what is shipped."""
    done = jukinet(installed, "log-on", "list", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    owners = {one["name"]: one["owner"] for one in found["methods"]}
    assert owners == {"card": "jukinet-sim", "biometric": "jukinet-sim", "house-token": "example-suites"}
    refused = {one["entry"]: one["reason"] for one in found["refused"]}
    assert refused["broken"] == "RuntimeError: this package is broken"
    assert refused["endless"].startswith('PlanError: "again" leads to "again"')
    assert refused["card"] == 'the method of logging on "card" is offered by jukinet-sim and by example-suites'


def test_used_in_a_run(installed: Path, tmp_path: Path) -> None:
    """Operators log on by a method of another package with figures of the scenario, and its lock-outs are counted."""
    sets = [
        "run.period={from: 2012-05-14, to: 2012-05-14}", "run.replications=1", "juki_net.municipalities.every=40",
        "juki_net.operators.method=house-token", "juki_net.operators.misuse={stolen-token: 200000}",
        "juki_net.operators.parameters={wrong_code: 0.25}",
    ]  # fmt: skip
    arguments = [part for one in sets for part in ("--set", one)]
    scenario = str(ROOT / "scenarios" / "fy2012.yaml")
    done = jukinet(installed, "run", scenario, "-q", "--json", "--out", str(tmp_path), *arguments)
    # A service level of the nine months may have nothing to judge on one day.
    assert done.returncode in (0, 99), done.stderr
    assert 'house-token says nothing of the way "lent-card"' in done.stderr
    found = json.loads(done.stdout)
    log_ons = sum(found["flows"][f"log-on.{name}"]["arrived"] for name in ("opening", "change", "time-out"))
    locked = found["stations"]["log_ons.locked.house-token"]["arrived"]
    assert log_ons > 500
    assert abs(locked - 0.25 * log_ons) < 4.0 * (0.25 * 0.75 * log_ons) ** 0.5
    attempts = found["flows"]["misuse.stolen-token"]["arrived"]
    assert attempts == found["flows"]["misuse.stolen-token.got-in"]["arrived"] > 0
    wrong = jukinet(installed, "run", scenario, "-q", *arguments, "--set", "juki_net.operators.parameters={wrong_kode: 0.25}")
    assert wrong.returncode == 2
    assert 'did you mean "wrong_code"?' in wrong.stderr


class _Made:
    """What an entry of a package that is not there points to."""

    def __init__(self, name: str, owner: str, offers: object) -> None:
        self.name, self.owner, self.offers = name, owner, offers

    def load(self) -> object:
        """Return it."""
        return self.offers


def test_two_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that two packages claim is nobody's, and whoever asks for it hears of both and where to look."""
    one = Method("iris", "", (), lambda _values, _setting: Plan((Stage("look"),)))
    monkeypatch.setattr(plugins, "_entries", lambda group: [(_Made("x", "a", one), "a"), (_Made("y", "b", one), "b")])
    found = registry(METHODS, "method of logging on", lambda item: [(("iris",), item)])
    with pytest.raises(UsageError, match='"iris" is offered by a and by b; uninstall all but one'):
        found.ask("iris")
    with pytest.raises(UsageError, match="2 refused; see jukinet log-on list"):
        found.ask("retina")


def test_shipped() -> None:
    """Both shipped methods come in by the door of the others."""
    assert {offer.item.name: offer.owner for offer in registered().offers}["biometric"] == "jukinet-sim"
    with pytest.raises(UsageError, match='there is no method of logging on "biometrics"; did you mean "biometric"'):
        method("biometrics")
