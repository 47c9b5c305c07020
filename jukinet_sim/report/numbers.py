"""Numbers as people read them: `3.32 ± 0.09`, thousands with commas, times in one unit per column.

A run of one replication has no intervals, which its headline says once; an undefined figure is a dash.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

UNDEFINED = "-"
_SHOWN_DIGITS = 4
_LARGEST_PLAIN = 1e15
_SMALLEST_SHOWN = 0.0001
_MOST_DIGITS, _MOST_DECIMALS = 5, 6
"""Of a figure with its half-width, which is rounded up to the last digit where it would take more."""
_ROUNDING = 1e-8
"""A relative half-width below this is the rounding of sums, not chance."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit for a column: its name, and what one of it is in SI."""

    name: str
    size: float


PLAIN = Unit("", 1.0)
PERCENT = Unit("%", 0.01)
SECONDS = Unit("s", 1.0)
MILLISECONDS = Unit("ms", 1e-3)
HOURS = Unit("h", 3600.0)


def time_unit(values: Iterable[Mapping[str, Any]]) -> Unit:
    """Return the unit that suits all of some value objects in seconds: ms if all are below 1 s, h if all are above."""
    known = [abs(v["value"]) for v in values if v["value"]]
    if known and max(known) < 1.0:
        return MILLISECONDS
    return HOURS if known and min(known) >= HOURS.size else SECONDS


def count(number: float) -> str:
    """Return a whole number with commas between thousands."""
    return f"{number:,.0f}"


def plain(number: float | None) -> str:
    """Return a number to about four digits, without trailing zeros."""
    if number is None or not math.isfinite(number):
        return UNDEFINED
    if not number:
        return "0"
    if not 1e-6 <= abs(number) < _LARGEST_PLAIN:
        return f"{number:.3e}"
    shown = _fixed(number, max(_SHOWN_DIGITS - 1 - _exponent(number), 0))
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def interval(value: Mapping[str, Any], unit: Unit = PLAIN) -> str:
    """Return a value object as `3.32 ± 0.09`, the figure cut where its half-width makes the digits meaningless."""
    if value["value"] is None:
        return UNDEFINED
    number = value["value"] / unit.size
    if 0.0 < abs(number) < _SMALLEST_SHOWN and (value["half_width"] or 0.0) < _SMALLEST_SHOWN * unit.size:
        return f"< {_SMALLEST_SHOWN}"
    if value["half_width"] is None:
        return plain(number) if len(value["per_replication"]) == 1 else f"{plain(number)} ± n/a"
    half = value["half_width"] / unit.size
    if half <= _ROUNDING * abs(number):
        return f"{plain(number)} ± 0"
    if abs(number) >= _LARGEST_PLAIN:
        return f"{plain(number)} ± {plain(half)}"
    decimals, most = _meaningful_decimals(half), _MOST_DECIMALS
    if number:
        most = min(most, max(_MOST_DIGITS - 1 - _exponent(number), 0))
    if decimals > most:
        decimals, half = most, math.ceil(half * 10**most) / 10**most
    return f"{_fixed(number, decimals)} ± {_fixed(half, decimals)}"


def _meaningful_decimals(half: float) -> int:
    """Return the decimals that show one digit of a half-width, or two where the first digit is below 3."""
    exponent = _exponent(half)
    first_digit = half / 10.0**exponent
    return max(0, (1 if first_digit < 3.0 else 0) - exponent)


def _exponent(number: float) -> int:
    return math.floor(math.log10(abs(number)))


def _fixed(number: float, decimals: int) -> str:
    return f"{number:,.{decimals}f}"
