"""Visit rows of a kept replication as an Arrow table: numbers as they are in memory, words as dictionaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jukinet_sim.api.frames import library
from jukinet_sim.results.rows import read_coded_rows


def visit_table(folder: Path, replication: int) -> Any:
    """Return a `pyarrow.Table` with the columns of `results.rows`, in their order.

    Columns of numbers share the memory that they were read into; a `start_s` of a visit that never started is NaN. Raises
    UsageError where pyarrow is not installed, StoreError where there are no such rows or they are damaged.
    """
    arrow = library("pyarrow")
    words, numbers = read_coded_rows(folder, replication)
    columns = {name: arrow.DictionaryArray.from_arrays(codes, arrow.array(table)) for name, (codes, table) in words.items()}
    return arrow.table(columns | {name: arrow.array(column) for name, column in numbers.items()})
