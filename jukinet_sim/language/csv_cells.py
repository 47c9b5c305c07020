"""What a cell of a planner's CSV may say: parsers from text to value, each refusal with what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")

_DECIMAL = re.compile(r"[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", re.ASCII)
_SHOWN = 40


class WrongCell(Exception):
    """A cell that cannot be used: what is wrong with it, and the cure."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


def text(cure: str) -> Callable[[str], str]:
    """Make the parser of a cell that must not be empty."""

    def parse(cell: str) -> str:
        if not cell:
            raise WrongCell("this cell is empty", cure)
        return cell

    return parse


def whole(noun: str, low: int, high: int) -> Callable[[str], int]:
    """Make the parser of a whole number within limits, both allowed."""

    def parse(cell: str) -> int:
        digits = cell.replace(",", "")
        if not (digits.isascii() and digits.isdigit()):
            raise WrongCell(f"the {noun} {_short(cell)!r} is not a whole number", "write digits only, such as 12345")
        if digits != cell:
            raise WrongCell(f"the {noun} {_short(cell)!r} has separators", f"write {digits}")
        if len(digits) > len(str(high)) or not low <= int(digits) <= high:
            raise WrongCell(f"the {noun} {_short(cell)} is out of range", f"write {low} to {high}")
        return int(digits)

    return parse


def decimal(noun: str, low: float, high: float, unit: str) -> Callable[[str], float]:
    """Make the parser of a plain decimal number within limits, both allowed; the unit is named by the column."""

    def parse(cell: str) -> float:
        bare = cell.removesuffix(unit).rstrip()
        if not _DECIMAL.fullmatch(bare):
            cure = f"write {bare.replace(',', '.')}" if _DECIMAL.fullmatch(bare.replace(",", ".", 1)) else "write 12.5, say"
            raise WrongCell(f"the {noun} {_short(cell)!r} is not a plain number", cure)
        if bare != cell:
            raise WrongCell(f"the {noun} {_short(cell)!r} has a unit", f"write {bare}; the column's name says {unit}")
        if not low <= float(cell) <= high:
            raise WrongCell(f"the {noun} {_short(cell)} is out of range", f"write {low:g} to {high:.12g}")
        return float(cell)

    return parse


def date(noun: str) -> Callable[[str], dt.date]:
    """Make the parser of a date, YYYY-MM-DD."""

    def parse(cell: str) -> dt.date:
        parts = _DATE.fullmatch(cell)
        try:
            found = dt.date(*map(int, parts.groups())) if parts else None
        except ValueError:
            found = None
        if found is None:
            raise WrongCell(f"the {noun} {_short(cell)!r} is not a date", "write one such as 2013-09-01")
        if found.isoformat() != cell:
            raise WrongCell(f"the {noun} {cell!r} is written in another way", f"write {found.isoformat()}")
        return found

    return parse


def one_word(noun: str, words: Mapping[str, T], cure: str) -> Callable[[str], T]:
    """Make the parser of a cell that holds one of a few words, in capitals or not."""

    def parse(cell: str) -> T:
        if cell.lower() not in words:
            raise WrongCell(f"{noun} is {_short(cell)!r}", cure)
        return words[cell.lower()]

    return parse


def optional(parse: Callable[[str], T], otherwise: T) -> Callable[[str], T]:
    """Make the parser of a cell that may be empty."""
    return lambda cell: parse(cell) if cell else otherwise


def _short(cell: str) -> str:
    """Cut a cell that would fill the screen."""
    return cell if len(cell) <= _SHOWN else cell[:_SHOWN] + "..."
