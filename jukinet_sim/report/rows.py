"""Flat rows with the columns that all of them have: what frames of other libraries and exported files are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "count", "truth"]
"""What a column holds: words, floats, whole numbers, yes or no; each may be missing."""
Columns = Mapping[str, Kind]
_CASTS: Mapping[Kind, Callable[[Any], Any]] = {"text": str, "number": float}


@dataclass(frozen=True)
class Tidy:
    """Flat rows, and the columns that all of them have, in order."""

    columns: Columns
    rows: Sequence[Mapping[str, Any]]

    def dicts(self) -> list[dict[str, Any]]:
        """Return a dict for each row, with every column, None where something is missing."""
        columns = [self.values(name) for name in self.columns]
        return [dict(zip(self.columns, values, strict=True)) for values in zip(*columns, strict=True)]

    def values(self, name: str) -> list[Any]:
        """Return a column: its numbers all floats where it is one of numbers, texts where it is one of words."""
        found, as_kind = [row.get(name) for row in self.rows], _CASTS.get(self.columns[name])
        return found if as_kind is None else [None if one is None else as_kind(one) for one in found]


def kind_of(values: Sequence[Any]) -> Kind:
    """Return what the values of an axis are: whole numbers, numbers, or words where not all are numbers."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) and not isinstance(value, bool) for value in known):
        return "count"
    return "number" if known and all(type(value) in (int, float) for value in known) else "text"
