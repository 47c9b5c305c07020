"""Faults as people see them."""

from __future__ import annotations

import pickle

import pytest

from jukinet_sim.base.errors import (
    CheckFailed,
    Fault,
    JukinetError,
    LimitReached,
    Position,
    ScenarioError,
    StoreError,
    UsageError,
)


def test_a_fault_shows_its_line_and_a_caret() -> None:
    """The message names file, line and column; the caret stands below that column."""
    fault = Fault("30 has no unit", 'write "30 ms"', Position("my.yaml", 22, 8), "wait: {30}")
    assert fault.render() == 'my.yaml:22:8: error: 30 has no unit; write "30 ms"\n  wait: {30}\n         ^'


def test_a_fault_without_a_place_is_its_message() -> None:
    """What concerns no line shows none."""
    assert Fault("no such file: x.yaml", "check the path").render() == "error: no such file: x.yaml; check the path"


def test_the_caret_stands_below_wide_characters_and_tabs() -> None:
    """A full-width character takes two columns of a terminal, and a tab stays a tab."""
    fault = Fault("a", "b", Position("f", 1, 5), "題\t: x")
    assert fault.render().splitlines()[-1] == "    \t  ^"


def test_a_long_line_is_cut_around_the_culprit() -> None:
    """The caret still points at the culprit in the part of the line that is shown."""
    line = "a" * 500 + "X" + "b" * 500
    shown, caret = Fault("a", "b", Position("f", 1, 501), line).render().splitlines()[1:]
    assert len(shown) < 140
    assert shown[caret.index("^")] == "X"


def test_a_scenario_error_sorts_its_faults() -> None:
    """Faults come in the order of the file, those without a place first."""
    places = [Position("f", 2, 1), Position("f", 1, 9), None, Position("f", 1, 2)]
    error = ScenarioError(Fault("w", "c", place) for place in places)
    assert [fault.position for fault in error.faults] == [
        None,
        Position("f", 1, 2),
        Position("f", 1, 9),
        Position("f", 2, 1),
    ]
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


@pytest.mark.parametrize(
    ("kind", "code"),
    [(JukinetError, 1), (ScenarioError, 2), (UsageError, 2), (CheckFailed, 3), (LimitReached, 4), (StoreError, 5)],
)
def test_exit_codes(kind: type[JukinetError], code: int) -> None:
    """Each error carries the exit code that the command promises."""
    assert kind.exit_code == code
    assert issubclass(kind, JukinetError)
