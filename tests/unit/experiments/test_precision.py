"""Stopping at a relative precision: what is judged, how far one goes next, and that it is a plain run in the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import MM1, write_scenario

from jukinet_sim.cli.app import main
from jukinet_sim.experiments.precision import Uncertain, least_certain, replications_for
from jukinet_sim.statistics.precision import MOST


def value(number: float | None, half: float | None) -> dict[str, Any]:
    """A value object as far as precision looks at it."""
    return {"value": number, "half_width": half}


def document(replications: int, flows: dict[str, Any], slo: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A document with these mean sojourns and service levels."""
    named = {name: {"sojourn_s": {"mean": mean}} for name, mean in flows.items()}
    return {"replications": replications, "flows": named, "slo": slo or []}


def test_the_worst_flow_decides() -> None:
    """Without service levels every flow's mean sojourn is judged, by its half-width relative to its value."""
    assert least_certain(document(20, {"a": value(2.0, 0.1), "b": value(10.0, 1.0)})) == Uncertain("b sojourn.mean", 0.1)


def test_service_levels_come_first() -> None:
    """Where there are service levels, their metrics are judged instead of the flows."""
    level = {"text": "desk utilisation < 80 %", "value": value(0.5, 0.01)}
    judged = least_certain(document(20, {"a": value(2.0, 1.0)}, [level]))
    assert judged == Uncertain("desk utilisation < 80 %", 0.02)


def test_what_was_never_observed_is_left_out() -> None:
    """An idle flow has no precision to reach."""
    assert least_certain(document(20, {"a": value(None, None)})) is None
    assert replications_for(document(20, {"a": value(None, None)}), 0.01) == 20


@pytest.mark.parametrize(("number", "half", "relative"), [(0.0, 0.0, 0.0), (0.0, 0.1, float("inf")), (1.0, None, float("inf"))])
def test_relative_to_nothing(number: float, half: float | None, relative: float) -> None:
    """A figure that is always 0 is exact; one around 0, or observed once, is not known at all."""
    assert least_certain(document(20, {"a": value(number, half)})) == Uncertain("a sojourn.mean", relative)


@pytest.mark.parametrize(
    ("done", "half", "asked"),
    [
        (20, 0.04, 20),
        (20, 0.05, 32),  # 20 x (5/4)^2 = 31.25
        (20, 0.4, 40),  # at most twice as many at once
        (20, 0.0400001, 21),
        (900, 0.2, MOST),
        (MOST, 0.2, MOST),
        (2 * MOST, 0.2, 2 * MOST),
    ],
)
def test_the_next_number_of_replications(done: int, half: float, asked: int) -> None:
    """For 4 % the number grows with the square of what is missing, at most twofold, and not beyond the most."""
    assert replications_for(document(done, {"a": value(1.0, half)}), 0.04) == asked


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A small scenario without service levels in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path, MM1.partition("slo:")[0])


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], str]:
    """The document that a command prints, and what it said."""
    capsys.readouterr()
    main([*arguments, "--json"])
    shown = capsys.readouterr()
    return json.loads(shown.out), shown.err


def test_a_run_stops_when_it_is_precise(file: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The mean sojourn is known to 2 %, and the document is that of a plain run of as many replications."""
    precise, said = ran(capsys, "run", file, "--precision", "2%", "--engine", "fast")
    mean = precise["flows"]["people"]["sojourn_s"]["mean"]
    assert mean["half_width"] <= 0.02 * mean["value"]
    assert precise["replications"] > 20
    assert "precision reached: people sojourn.mean" in said
    assert ran(capsys, "show")[0] == precise
    plain = ["run", file, "--replications", str(precise["replications"]), "--engine", "fast", "--out", str(tmp_path / "plain")]
    assert ran(capsys, *plain)[0] == precise


def test_precision_begins_with_twenty_replications(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Even where fewer are asked for and would do, half-widths are not trusted below twenty."""
    assert ran(capsys, "run", file, "--precision", "50%", "--replications", "3")[0]["replications"] == 20


def test_processes_and_earlier_replications_do_not_move_the_end(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two processes, and a folder that already holds more replications, end with the same document."""
    precise, _ = ran(capsys, "run", file, "--precision", "4%", "--engine", "fast")
    ran(capsys, "run", file, "--replications", "60", "--engine", "fast")
    assert ran(capsys, "run", file, "--precision", "4%", "--engine", "fast")[0] == precise
    assert ran(capsys, "run", file, "--precision", "4%", "--engine", "fast", "--jobs", "2", "--fresh")[0] == precise


@pytest.mark.parametrize("text", ["0", "100 %", "2 s", "two"])
def test_no_precision_exits_2(file: str, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """What is no fraction between 0 and 1 is refused with what to write instead."""
    assert main(["run", file, "--precision", text]) == 2
    assert "--precision: " in capsys.readouterr().err
