"""Rows to the frames of other libraries, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jukinet_sim.report.libraries import library as optional
from jukinet_sim.report.rows import Kind, Tidy

_PANDAS: Mapping[Kind, str] = {"text": "string", "number": "float64", "count": "Int64", "truth": "boolean"}
_POLARS: Mapping[Kind, str] = {"text": "String", "number": "Float64", "count": "Int64", "truth": "Boolean"}
_ARROW: Mapping[Kind, str] = {"text": "string", "number": "float64", "count": "int64", "truth": "bool_"}


def library(name: str) -> Any:
    """Return a library of frames. Raises UsageError where it is not installed."""
    return optional(name, "frames")


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
