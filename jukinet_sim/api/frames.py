"""Rows to the frames of other libraries, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from jukinet_sim.base.errors import UsageError

Kind = Literal["text", "number", "count", "truth"]
"""What a column holds: words, floats, whole numbers, yes or no; each may be missing."""
Columns = Mapping[str, Kind]
_CASTS: Mapping[Kind, Callable[[Any], Any]] = {"text": str, "number": float}
_PANDAS: Mapping[Kind, str] = {"text": "string", "number": "float64", "count": "Int64", "truth": "boolean"}
_POLARS: Mapping[Kind, str] = {"text": "String", "number": "Float64", "count": "Int64", "truth": "Boolean"}
_ARROW: Mapping[Kind, str] = {"text": "string", "number": "float64", "count": "int64", "truth": "bool_"}


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


def library(name: str) -> Any:
    """Return a library of frames. Raises UsageError where it is not installed."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise UsageError(f"{name} is not installed; pip install 'jukinet-sim[frames]', or {name} alone") from None


def pandas_frame(tidy: Tidy) -> Any:
    """Return a `pandas.DataFrame`: string, float64, Int64 and boolean columns, missing ones NaN or NA."""
    pandas = library("pandas")
    series = {name: pandas.Series(tidy.values(name), dtype=_PANDAS[kind]) for name, kind in tidy.columns.items()}
    return pandas.DataFrame(series)


def polars_frame(tidy: Tidy) -> Any:
    """Return a `polars.DataFrame`: String, Float64, Int64 and Boolean columns, missing ones null."""
    polars = library("polars")
    schema = {name: getattr(polars, _POLARS[kind]) for name, kind in tidy.columns.items()}
    return polars.DataFrame({name: tidy.values(name) for name in tidy.columns}, schema=schema)


def arrow_table(tidy: Tidy) -> Any:
    """Return a `pyarrow.Table`: string, double, int64 and bool columns, missing ones null."""
    arrow = library("pyarrow")
    types = {name: getattr(arrow, _ARROW[kind])() for name, kind in tidy.columns.items()}
    return arrow.table({name: arrow.array(tidy.values(name), type=of) for name, of in types.items()})


def kind_of(values: Sequence[Any]) -> Kind:
    """Return what the values of an axis are: whole numbers, numbers, or words where not all are numbers."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int) and not isinstance(value, bool) for value in known):
        return "count"
    return "number" if known and all(type(value) in (int, float) for value in known) else "text"
