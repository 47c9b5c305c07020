"""Numbers in tables: as many digits as their interval leaves a meaning, and one unit per column."""

from __future__ import annotations

from typing import Any

import pytest

from jukinet_sim.report.numbers import HOURS, MILLISECONDS, PERCENT, SECONDS, Unit, interval, plain, time_unit


def _value(value: float | None, half: float | None) -> dict[str, Any]:
    return {"value": value, "half_width": half, "per_replication": [value] if half is None else [value, value]}


@pytest.mark.parametrize(
    ("value", "half", "shown"),
    [
        (3.3213, 0.0871, "3.32 ± 0.09"),
        (3.3213, 0.00187, "3.3213 ± 0.0019"),
        (12345.6, 234.0, "12,346 ± 234"),
        (0.0, 0.0, "0 ± 0"),
        (0.25, 0.25e-12, "0.25 ± 0"),
        (0.00136799, 0.00000006, "0.001368 ± 0.000001"),
        (0.00136799, 0.0000011, "0.001368 ± 0.000002"),
        (3.663624, 0.000017, "3.6636 ± 0.0001"),
        (45336.632, 0.004, "45,337 ± 1"),
        (1.5, None, "1.5"),
        (0.00002, 0.0, "< 0.0001"),
        (None, None, "-"),
    ],
)
def test_intervals(value: float | None, half: float | None, shown: str) -> None:
    """One digit of the half-width counts, or two where the first is 1 or 2; rounding noise counts as none.

    No figure has more than five digits or six decimals, and a half-width is then rounded up to the last of them.
    """
    assert interval(_value(value, half)) == shown


def test_intervals_in_a_unit() -> None:
    """Value and half-width are both converted."""
    assert interval(_value(0.0331, 0.0009), MILLISECONDS) == "33.1 ± 0.9"
    assert interval(_value(0.5, 0.03), PERCENT) == "50 ± 3"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0.0, "0"), (0.5, "0.5"), (1234.5, "1,234"), (0.00012345, "0.0001234"), (1e20, "1.000e+20"), (None, "-")],
)
def test_plain_numbers(number: float | None, shown: str) -> None:
    """Four digits at most, without trailing zeros."""
    assert plain(number) == shown


@pytest.mark.parametrize(
    ("seconds", "unit"),
    [([0.02, 0.5], MILLISECONDS), ([0.02, 5.0], SECONDS), ([4000.0, 8000.0], HOURS), ([], SECONDS), ([0.0], SECONDS)],
)
def test_one_unit_for_a_column(seconds: list[float], unit: Unit) -> None:
    """Milliseconds where all are below a second, hours where all are above an hour, else seconds."""
    assert time_unit([_value(value, None) for value in seconds]) == unit
