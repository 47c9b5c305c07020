"""Text such as "20 ms" to SI floats (seconds, bytes, per second, bit/s) and back to text for people.

A number that needs a unit and has none is an error, and a unit of another quantity is never guessed to be meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

_NUMBER = re.compile(r"([+-]?)([0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})([eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])")
_SHOWN_DIGITS = 4


class UnitError(ValueError):
    """A text that is not the quantity it should be: `what` is wrong with it and the `cure`."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what = what
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.what}; {self.cure}"


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A kind of figure: its name (with article), its units with their size in SI, two units to suggest, an example."""

    name: str
    units: dict[str, Fraction]
    suggested: tuple[str, str]
    example: str
    spelled_out: dict[str, str]

    def legal(self) -> str:
        """Return the units as a list for a message."""
        return " ".join(self.units)


_WORDS_OF_TIME = {
    word: unit
    for unit, words in {
        "ns": "nanosecond nanoseconds nsec",
        "us": "µs μs microsecond microseconds usec",
        "ms": "millisecond milliseconds msec MS Ms",
        "s": "sec secs second seconds S 秒",
        "min": "mins minute minutes Min MIN 分",
        "h": "hr hrs hour hours H 時間",
        "d": "day days D 日",
    }.items()
    for word in words.split()
}
_SECONDS = {"s": Fraction(1), "min": Fraction(60), "h": Fraction(3600), "d": Fraction(86400)}
_TIME = _Quantity(
    "a time",
    {"ns": Fraction(1, 10**9), "us": Fraction(1, 10**6), "ms": Fraction(1, 1000), **_SECONDS},
    ("ms", "s"),
    "20 ms",
    _WORDS_OF_TIME,
)
_RATE = _Quantity(
    "a rate",
    {f"/{unit}": 1 / seconds for unit, seconds in _SECONDS.items()},
    ("/s", "/h"),
    "0.8 /s",
    {"per " + word: "/" + unit for word, unit in _WORDS_OF_TIME.items() if unit in _SECONDS}
    | {"/" + word: "/" + unit for word, unit in _WORDS_OF_TIME.items() if unit in _SECONDS}
    | {"Hz": "/s"},
)
_DATA = _Quantity(
    "an amount of data",
    {
        "B": Fraction(1),
        "KiB": Fraction(2**10),
        "MiB": Fraction(2**20),
        "GiB": Fraction(2**30),
        "kB": Fraction(10**3),
        "MB": Fraction(10**6),
        "GB": Fraction(10**9),
    },
    ("B", "KiB"),
    "2 KiB",
    {"bytes": "B", "byte": "B"},
)
_BIT_RATE = _Quantity(
    "a bit rate",
    {"bit/s": Fraction(1), "kbit/s": Fraction(10**3), "Mbit/s": Fraction(10**6), "Gbit/s": Fraction(10**9)},
    ("kbit/s", "Mbit/s"),
    "1.5 Mbit/s",
    {"bps": "bit/s", "kbps": "kbit/s", "Mbps": "Mbit/s", "Gbps": "Gbit/s"},
)
_QUANTITIES = (_TIME, _RATE, _DATA, _BIT_RATE)
UNITS: Mapping[str, tuple[str, Fraction]] = MappingProxyType(
    {
        "": ("a plain number", Fraction(1)),
        "%": ("a fraction", Fraction(1, 100)),
        **{unit: (quantity.name, size) for quantity in _QUANTITIES for unit, size in quantity.units.items()},
    }
)
"""Every unit a figure may have, "" for none: the kind of figure it makes, and its size in SI."""


def parse_duration(text: str) -> float:
    """Return the seconds in a text such as "20 ms" (ns us ms s min h d)."""
    return _with_unit(text, _TIME)


def parse_rate(text: str) -> float:
    """Return the events per second in a text such as "0.8 /s" (/s /min /h /d)."""
    return _with_unit(text, _RATE)


def parse_data(text: str) -> float:
    """Return the bytes in a text such as "2 KiB" (B KiB MiB GiB kB MB GB)."""
    return _with_unit(text, _DATA)


def parse_bit_rate(text: str) -> float:
    """Return the bits per second in a text such as "1.5 Mbit/s" (bit/s kbit/s Mbit/s Gbit/s)."""
    return _with_unit(text, _BIT_RATE)


def parse_fraction(text: str) -> float:
    """Return the fraction in "80 %" or "0.8"; values above 1 are left to the caller to judge."""
    value, unit = _split(text, 'write a fraction such as "0.8" or "80 %"')
    if unit not in ("", "%"):
        raise UnitError(f'"{unit}" is not a unit of a fraction', 'write a fraction such as "0.8" or "80 %"')
    return _to_float(text, value / 100 if unit else value)


def parse_number(text: str) -> float:
    """Return a plain number of at least 0, such as a coefficient of variation or a weight."""
    value, unit = _split(text, 'write a plain number such as "0.5"')
    if unit:
        raise _unwanted_unit(text, unit, "a plain number")
    return _to_float(text, value)


def parse_count(text: str) -> int:
    """Return the whole number in a text such as "10" or "2e6"."""
    value, unit = _split(text, 'write a whole number such as "10"')
    if unit:
        raise _unwanted_unit(text, unit, "a whole number")
    if value.denominator != 1:
        raise UnitError(f"{text.strip()} is not a whole number", f'write "{int(value)}" or "{int(value) + 1}"')
    return int(value)


def number_and_unit(text: str) -> tuple[Fraction, str]:
    """Return the exact number in a text such as "20 ms" and its unit, one of `UNITS`, for whoever writes figures back.

    Raises UnitError for what is not one number of at least 0 with a known unit or none.
    """
    value, unit = _split(text, 'write a number such as "5" or "20 ms"')
    if unit in UNITS:
        return value, unit
    for quantity in _QUANTITIES:
        if unit in quantity.spelled_out:
            raise _wrong_unit(text, unit, quantity)
    raise UnitError(f'unknown unit "{_short(unit)}"', f"write one of {' '.join(UNITS).strip()}")


def _with_unit(text: str, quantity: _Quantity) -> float:
    """Return the figure in SI, or say which unit is missing or wrong."""
    value, unit = _split(text, f'write {quantity.name} such as "{quantity.example}"')
    if not unit:
        shown = text.strip()
        first, second = quantity.suggested
        raise UnitError(f"{shown} has no unit", f'write "{shown} {first}" or "{shown} {second}"')
    if unit not in quantity.units:
        raise _wrong_unit(text, unit, quantity)
    return _to_float(text, value * quantity.units[unit])


@lru_cache(maxsize=1024)  # a scenario is read once for each of its named overrides
def _split(text: str, cure: str) -> tuple[Fraction, str]:
    """Return the number in front and the unit behind it; refuse what is not one finite number of at least 0."""
    stripped = text.strip()
    match = _NUMBER.match(stripped)
    if match is None:
        raise UnitError(f'"{_short(stripped)}" is not a number' if stripped else "there is no value", cure)
    unit = stripped[match.end() :].strip()
    _refuse_separators(stripped, match.group(), unit)
    if re.search(r"[0-9.:]", unit):
        raise UnitError(f'"{_short(stripped)}" is not one number with one unit', cure)
    sign, digits, exponent = match.groups()
    value = Fraction(digits + (exponent or ""))
    if sign == "-" and value:
        raise UnitError(f"{_short(stripped)} is negative", "write a number of at least 0")
    return value, unit


def _refuse_separators(text: str, number: str, unit: str) -> None:
    """Refuse `1_000`, `1,000` and `0,5`, which readers and programs take differently."""
    if not unit.startswith((",", "_")):
        return
    grouped = _GROUPED.match(text)
    if grouped is not None or unit.startswith("_"):
        mark, name = (",", "comma") if grouped is not None else ("_", "underscore")
        raise UnitError(f"{_short(text)} has a thousands {name}", f'write "{text.replace(mark, "")}"')
    raise UnitError(f"{_short(text)} has a decimal comma", f'write "{text.replace(",", ".", 1)}"')


def _wrong_unit(text: str, unit: str, quantity: _Quantity) -> UnitError:
    """Say that a unit is unknown, or belongs to another quantity, and name the legal ones."""
    owners = ["a fraction"] if unit == "%" else [other.name for other in _QUANTITIES if unit in other.units]
    if owners:
        cure = f'write {quantity.name} such as "{quantity.example}" (units: {quantity.legal()})'
        return UnitError(f'"{unit}" is the unit of {owners[0]}, not of {quantity.name}', cure)
    if unit in quantity.spelled_out:
        number = text.strip()[: -len(unit)].strip()
        cure = f'write "{number} {quantity.spelled_out[unit]}" (units: {quantity.legal()})'
    else:
        cure = f"write one of {quantity.legal()}"
    return UnitError(f'unknown unit "{_short(unit)}"', cure)


def _unwanted_unit(text: str, unit: str, wanted: str) -> UnitError:
    """Say that a unit stands where none belongs."""
    number = text.strip()[: -len(unit)].strip()
    return UnitError(f'"{_short(text.strip())}" has a unit where {wanted} is expected', f'write "{number}"')


def _to_float(text: str, value: Fraction) -> float:
    """Return the nearest float, so that "20 ms" is exactly the literal 0.02; refuse what a float cannot hold."""
    try:
        nearest = float(value)
    except OverflowError:
        raise UnitError(f"{_short(text)} is too large", "write a smaller number") from None
    if value and not nearest:
        raise UnitError(f"{_short(text)} is too small", "write 0 or a larger number")
    return nearest


def _short(text: str) -> str:
    """Return the text, cut where it is too long for a message."""
    return text if len(text) <= 40 else text[:37] + "..."


def format_duration(seconds: float) -> str:
    """Return seconds for people: "20 ms", "1.5 min", "1 h"."""
    return _scaled(seconds, _TIME.units.items())


def format_rate(per_second: float) -> str:
    """Return events per second for people: "0.8 /s", "30 /h"."""
    # One event in a while reads better per hour or day; 0.8 /s reads better than 48 /min.
    for unit in ("/s", "/min", "/h"):
        if abs(per_second) / float(_RATE.units[unit]) >= 0.1:
            return _one(per_second, unit, _RATE.units[unit])
    return _one(per_second, "/d", _RATE.units["/d"]) if per_second else "0 /s"


def format_data(size_bytes: float) -> str:
    """Return bytes for people, in KiB to GiB where that is a whole number, else in kB to GB: "2 KiB", "1.5 kB"."""
    binary, decimal = (
        _scaled(size_bytes, [(unit, _DATA.units[unit]) for unit in units])
        for units in (("B", "KiB", "MiB", "GiB"), ("B", "kB", "MB", "GB"))
    )
    return decimal if "." in binary else binary


def format_bit_rate(bits_per_second: float) -> str:
    """Return bits per second for people: "1.5 Mbit/s"."""
    return _scaled(bits_per_second, _BIT_RATE.units.items())


def format_fraction(fraction: float) -> str:
    """Return a fraction for people: "80 %"."""
    return _one(fraction, "%", Fraction(1, 100))


def _scaled(value: float, units: Iterable[tuple[str, Fraction]]) -> str:
    """Return `value` in the largest unit that makes the number shown at least 1; 0 is shown in SI."""
    ladder = [(unit, size) for unit, size in units if value or size == 1]
    if not math.isfinite(value):
        return "n/a"
    chosen = ladder[0]
    for unit, size in ladder:
        if abs(float(_digits(value / float(size)))) >= 1:
            chosen = (unit, size)
    return _one(value, *chosen)


def _one(value: float, unit: str, size: Fraction) -> str:
    """Return `value` in one unit."""
    return f"{_digits(value / float(size))} {unit}" if math.isfinite(value) else "n/a"


def _digits(value: float) -> str:
    """Return about four significant digits, without exponent and without trailing zeros."""
    if not value:
        return "0"
    decimals = _SHOWN_DIGITS - 1 - math.floor(math.log10(abs(value)))
    shown = f"{value:.{min(max(decimals, 0), 30)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
