"""An axis of an experiment: one key of a scenario and the values that it takes, as text such as "35 ms".

Numbers are exact until they are written, and what is written is what is put into the scenario and shown.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.units import UNITS, UnitError, number_and_unit
from jukinet_sim.design.unit_cube import from_share

Kind = Literal["list", "integer", "real", "date"]
MOST_POINTS = 100_000
"""So many points an experiment may have."""
WHOLE = re.compile(r"\+?[0-9]+([eE]\+?[0-9]+)?")
"""How a whole number is written: 1.0 is a real number that happens to be whole."""
_DIGITS = 6
"""A sampled value is written to a millionth of its range or finer, by logarithm to seven significant digits."""
_MOST_DECIMALS = 40
"""So many decimals are read in a scenario."""


@dataclass(frozen=True)
class Axis:
    """One key of a scenario and the values that it takes; `written` is the axis as the user wrote it.

    A list has its `texts`. A range has `low`, `high` and perhaps a `step`, exact numbers of `unit` ("" for none; days from
    0001-01-01 on for dates); with `log` it is sampled by logarithm.
    """

    key: str
    kind: Kind
    written: str
    texts: tuple[str, ...] = ()
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    step: Fraction | None = None
    unit: str = ""
    log: bool = False

    @property
    def count(self) -> int | None:
        """How many values there are; None for a range that has no step."""
        if self.kind == "list":
            return len(self.texts)
        return None if self.step is None else math.floor((self.high - self.low) / self.step) + 1

    def values(self, levels: int | None = None) -> tuple[str, ...]:
        """Return every value in order; of a range without a step so many levels, both ends among them, evenly apart.

        By logarithm levels are apart by a factor. Raises UsageError for such a range without `levels`, and for more than
        `MOST_POINTS` values.
        """
        if self.kind == "list":
            return self.texts
        count = self.count
        if count is not None and self.step is not None:
            _check_number(count, self.written)
            return tuple(self.text(self.low + i * self.step) for i in range(count))
        if levels is None or levels < 2:
            what = "this range has no step and could take any value"
            raise UsageError(f"--vary {self.written}: {what}; {_stepped(self)}, or ask for 2 or more points")
        _check_number(levels, self.written)
        if self.kind == "real":
            return tuple(self.text(self._real_at(i / (levels - 1))) for i in range(levels))
        wanted = (self._real_at(i / (levels - 1)) for i in range(levels))
        # Whole numbers close to each other are one.
        return tuple(dict.fromkeys(self.text(Fraction(round(number))) for number in wanted))

    def at(self, share: float) -> str:
        """Return the value below which this share, from 0 to 1, of the axis lies.

        Listed and stepped values are equally likely; so are whole numbers, by logarithm as `unit_cube.from_share` has them.
        """
        count = self.count
        if count is not None:
            return self._nth(min(int(share * count), count - 1))
        if self.kind == "integer":
            return self.text(Fraction(from_share(share, int(self.low), int(self.high), whole=True, log=self.log)))
        return self.text(self._real_at(share))

    def _nth(self, i: int) -> str:
        if self.kind == "list":
            return self.texts[i]
        return self.text(self.low + i * (self.step or 0))

    def _real_at(self, share: float) -> Fraction:
        """Return the number at a share of a range of reals, rounded to what is worth writing, never outside the range."""
        if share in (0.0, 1.0):
            return self.high if share else self.low
        width = self.high - self.low
        value = Fraction(from_share(share, float(self.low), float(self.high), log=self.log))
        scale = float(value if self.log else width)
        decimals = min(max(_DIGITS - math.floor(math.log10(scale)), 0), _MOST_DECIMALS)
        return min(max(Fraction(round(value * 10**decimals), 10**decimals), self.low), self.high)

    def text(self, number: Fraction) -> str:
        """Return a number of this axis as a scenario has it, such as "35 ms"; numbers of a list are numbers of it."""
        if self.kind == "date":
            return date.fromordinal(int(number)).isoformat()
        return f"{_decimal(number)} {self.unit}".strip()

    def number(self, text: str) -> float | None:
        """Return the number of a value's text in `unit`, for the axis of a plot; None for words, and for lists of units."""
        if self.kind == "date":
            return float(date.fromisoformat(text).toordinal())
        try:
            number, unit = number_and_unit(text)
        except UnitError:
            return None
        return float(number) if unit == self.unit else None


def _check_number(count: int, written: str) -> None:
    """Raise UsageError for more values than an experiment may have points."""
    if count > MOST_POINTS:
        cure = f"write a step so that at most {MOST_POINTS:,} are left"
        raise UsageError(f"--vary {written}: these are {count:,} values; {cure}")


def _stepped(axis: Axis) -> str:
    """Return the cure for a range without a step: the same with one."""
    step = 10 ** Fraction(math.floor(math.log10(float(axis.high - axis.low))))
    return f"write {axis.key}={axis.text(axis.low)}..{axis.text(axis.high)}/{axis.text(Fraction(step))}"


def _decimal(number: Fraction) -> str:
    """Return a number of at least 0 without exponent, exactly where it has at most 40 decimals."""
    for decimals in range(_MOST_DECIMALS):
        if (number * 10**decimals).denominator == 1:
            break
    digits = str(round(number * 10**decimals)).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits


def common_unit(units: tuple[str, ...]) -> str | None:
    """Return the smallest of some units of one kind of figure, so that no number gets new decimals; None for several kinds."""
    kinds = {UNITS[unit][0] for unit in units}
    return min(units, key=lambda unit: UNITS[unit][1]) if len(kinds) == 1 else None


def json_value(text: str) -> int | float | str:
    """Return a value of an axis for a result document: a plain number as a number, everything else as its text."""
    try:
        number, unit = number_and_unit(text)
    except UnitError:
        return text
    if unit:
        return text
    return int(number) if WHOLE.fullmatch(text.strip()) else float(number)
