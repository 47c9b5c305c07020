"""`jukinet log-on`: what there is to log on by, what one method means, and messages that say what to write instead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli_runner import ROOT

from jukinet_sim.authentication.beta_binomial import all_rejected
from jukinet_sim.cli.app import main

BASELINE = str(ROOT / "scenarios" / "fy2012.yaml")


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["log-on", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has both shipped methods and says that which one the network used is not published."""
    found = _document(capsys, "list")
    assert [one["name"] for one in found["methods"]][:2] == ["card", "biometric"]
    assert main(["log-on", "list"]) == 0
    assert "not published" in capsys.readouterr().out


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    """Of 1,000 log-ons so many are locked as the law of rejections in rows says, by the figures of the scenario."""
    found = _document(capsys, "explain", "card", "--in", BASELINE)
    assert found["per_1000"]["locked"] == pytest.approx(1000.0 * all_rejected(0.02, 0.1, 3), rel=1e-9)
    # One in the morning, one at noon at every second terminal, one as nobody touches it; 245 days, three operators.
    assert found["log_ons_per_year"] == pytest.approx(2.5 * 245 / 3.0, rel=0.02)
    assert {one["name"] for one in found["ways"]} == {"lent-card", "stolen-card", "shoulder-surfed-pin", "impostor"}
    assert main(["log-on", "explain", "biometric", "--people", "40"]) == 0
    shown = capsys.readouterr().out
    assert "capture.3" in shown
    assert "1,000 log-ons" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["explain", "cart"], 'there is no method of logging on "cart"; did you mean "card"?'),
        (["explain", "card", "--in", str(ROOT / "scenarios" / "textbook" / "loss.yaml")], "has no operators"),
    ],
)
def test_what_cannot_be(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A method that there is not, and a scenario without operators, are refused with what to write instead."""
    assert main(["log-on", *arguments]) == 2
    assert message in capsys.readouterr().err
