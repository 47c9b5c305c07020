"""Tables to Parquet files by DuckDB, which reads columns from memory and needs no other library of frames."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import StoreError
from jukinet_sim.report.libraries import library
from jukinet_sim.report.rows import Kind, Tidy

_TYPES: Mapping[Kind, str] = {"text": "VARCHAR", "number": "DOUBLE", "count": "BIGINT", "truth": "BOOLEAN"}
_CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Nothing is fetched: what Parquet takes is built in."""


def write_parquet(path: Path, table: Tidy) -> None:
    """Write a table: VARCHAR, DOUBLE, BIGINT and BOOLEAN columns, missing values null.

    Raises UsageError where duckdb is not installed, StoreError where the file cannot be written.
    """
    arrays = {name: _array(table.values(name), kind) for name, kind in table.columns.items()}
    write_arrays(path, arrays, {name: _TYPES[kind] for name, kind in table.columns.items()})


def write_arrays(path: Path, columns: Mapping[str, NDArray[Any]], types: Mapping[str, str]) -> None:
    """Write columns of equal length as these types of SQL; a NaN is written as null. Raises as `write_parquet`."""
    duckdb = library("duckdb", "export")
    # Names of columns are texts of a run: DuckDB sees numbers for them until they are quoted.
    held = {f"c{number}": array for number, array in enumerate(columns.values())}
    chosen = ", ".join(_column(f"c{number}", name, types[name]) for number, name in enumerate(columns))
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".parquet-") as aside, duckdb.connect(config=_CONFIG) as made:
            made.register("held", held)
            part = Path(aside) / path.name
            made.sql(f"SELECT {chosen} FROM held").write_parquet(str(part), compression="zstd")
            os.replace(part, path)
    except (OSError, duckdb.IOException) as error:
        raise StoreError(f"cannot write {path}: {error}; make room or choose another --out") from error


def _array(values: Sequence[Any], kind: Kind) -> NDArray[Any]:
    """Return a column as an array: missing numbers are NaN, other missing values None."""
    if kind == "number":
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _column(held: str, name: str, of: str) -> str:
    """Return the SQL of a column under its own name."""
    value = f"CASE WHEN isnan({held}) THEN NULL ELSE {held} END" if of == "DOUBLE" else held
    quoted = name.replace('"', '""')
    return f'CAST({value} AS {of}) AS "{quoted}"'
