"""Scenarios that are legal and probably not meant: they load, with warnings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.scenario.load import load

BASE = """\
scenario: shop
run: {horizon: 1000 s}
network:
  stations:
    till: {servers: 2, discipline: priority, capacity: 9}
    bakery: {servers: 1}
  flows:
    buyers:
      arrivals: {poisson: 0.5 /s}
      route: [{visit: till, demand: {exponential: 2 s}}, {visit: bakery, demand: {exponential: 1 s}}]
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a scenario file and returns its path."""

    def write_file(content: str) -> Path:
        path = tmp_path / "shop.yaml"
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def doubts(path: Path, *sets: str) -> list[str]:
    """Return the warnings of a scenario that must load."""
    return [doubt.what for doubt in load(path, sets=sets).warnings]


def test_an_outage_after_the_end_is_only_doubted(write: Write) -> None:
    """Shortening a run must not make it illegal; what will not happen is a warning."""
    path = write(BASE.replace("capacity: 9", "capacity: 9, outages: [{at: 500 s, for: 5 s}]"))
    assert doubts(path) == []
    assert doubts(path, "run.horizon=400 s") == ["this outage begins after the end of the run"]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("speed: [{at: 1000 s, factor: 2}]", ["this change comes after the end of the run"]),
        ("speed: [{at: 999 s, factor: 2}]", []),
    ],
)
def test_a_change_of_speed_after_the_end_is_only_doubted(write: Write, keys: str, expected: list[str]) -> None:
    """A change at the horizon or later never happens, which is legal."""
    assert doubts(write(BASE.replace("capacity: 9", f"capacity: 9, {keys}"))) == expected


def test_a_change_of_state_after_the_end_is_only_doubted(write: Write) -> None:
    """States are held against the length of the run like stations."""
    states = "  states: {suite: {changes: [{at: 1 s, to: 1}, {at: 1 h, to: 2}]}}\n  flows:"
    assert doubts(write(BASE.replace("  flows:", states, 1))) == ["this change comes after the end of the run"]


def test_a_change_of_places_after_the_end_is_only_doubted(write: Write) -> None:
    """A merger at the end of the run moves nobody."""
    changes = "[{at: 999 s, place: 0, to: 1}, {at: 1000 s, place: 0, to: itself}]"
    places = f"  places: {{town: {{count: 2, changes: {changes}}}}}\n  flows:"
    text = BASE.replace("  flows:", places, 1)
    late = "this change comes after the end of the run"
    nobody = 'no flow begins or ends at "town", so that its changes move nobody'
    assert doubts(write(text.replace("    buyers:\n", "    buyers:\n      origin: town\n"))) == [late]
    assert doubts(write(text)) == [nobody, late]


RETRY = "retry: {attempts: 3, backoff: {constant: 1 s}}"
NO_CAPACITY = "{servers: 2, discipline: priority}"


@pytest.mark.parametrize(
    ("till", "keys", "expected"),
    [
        (NO_CAPACITY, RETRY, ["no job of this flow is ever lost or gives up, so none ever retries"]),
        ("{servers: 2, capacity: 2}", RETRY, []),
        (NO_CAPACITY, f"{RETRY}\n      patience: {{constant: 1 s}}", []),
        (NO_CAPACITY, f"{RETRY}\n      timeout: {{constant: 1 s}}", []),
        (
            "{servers: 2, capacity: 2}",
            "retry: {attempts: unlimited, backoff: {constant: 0 s}}",
            ["jobs retry at once and without limit, which may never end at one instant"],
        ),
        ("{servers: 2, capacity: 2}", "retry: {attempts: 9, backoff: {constant: 0 s}}", []),
        (NO_CAPACITY, "patience: {constant: 0 s}", ["with a patience of 0 nobody ever waits"]),
        (NO_CAPACITY, "priority: 3", []),
        ("{servers: 2, capacity: 1}", "priority: 3", []),
    ],
)
def test_what_a_flow_never_does_is_doubted(write: Write, till: str, keys: str, expected: list[str]) -> None:
    """Retries and patience that nothing sets off, or that may run away, are warnings; the rest passes in silence."""
    text = BASE.replace("{servers: 2, discipline: priority, capacity: 9}", till)
    assert doubts(write(text.replace("    buyers:\n", f"    buyers:\n      {keys}\n", 1))) == expected


def test_patience_under_processor_sharing_is_doubted(write: Write) -> None:
    """Where all stations of the route share their servers nobody waits; one queue on the way makes patience sensible."""
    shared = BASE.replace("discipline: priority", "discipline: ps")
    patient = shared.replace("    buyers:\n", "    buyers:\n      patience: {constant: 1 s}\n", 1)
    assert doubts(write(patient)) == []
    patient = patient.replace("bakery: {servers: 1}", "bakery: {servers: 1, discipline: ps}")
    assert doubts(write(patient)) == ["nobody waits where servers are shared (discipline ps), so this patience changes nothing"]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{visit: till, demand: {constant: 20 ns}}", False),
        ("{visit: till, demand: {exponential: 20 ns}}", False),
        ("{visit: till, demand: {constant: 20 ns}, per_record: 1 ms}", True),
        ("{visit: till, parts: [{constant: 20 ns}]}", False),
        ("{visit: till, per_record: 20 ns}", False),
        ("{loop: 3, of: [{delay: {constant: 20 ns}}]}", False),
        ("{delay: {constant: 0 s}}", True),
        ("{delay: {constant: 1 ms}}", True),
    ],
)
def test_a_time_below_the_resolution_of_the_clock(write: Write, step: str, told: bool) -> None:
    """After thirty years a double counts in steps of 0.1 to 0.2 us, and a time of 20 ns comes out as none."""
    path = write(BASE.replace("{visit: bakery, demand: {exponential: 1 s}}", step))
    assert doubts(path) == []
    found = doubts(path, "run.horizon=11000 d")
    assert bool(found) is not told
    assert all(what.startswith("a mean of 20 ns is lost in the clock") for what in found)
