"""Tables to CSV files: UTF-8, one line a row, numbers with every digit that they have, missing ones empty (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jukinet_sim.report.exports.safe_text import safe_text
from jukinet_sim.report.rows import Tidy
from jukinet_sim.results.files import whole_file

_TRUTH = {True: "true", False: "false"}


def write_csv(path: Path, table: Tidy) -> None:
    """Write a table. Raises StoreError."""
    write_columns(path, {name: table.values(name) for name in table.columns})


def write_columns(path: Path, columns: Mapping[str, Sequence[Any]]) -> None:
    """Write columns of equal length. Raises StoreError."""
    with whole_file(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(map(safe_text, columns))
        writer.writerows(_lines(columns.values()))
        text.detach()


def _lines(columns: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    for row in zip(*columns, strict=True):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    """Return a number as the shortest text that reads back as the same; NaN, which stands for a missing one, empty."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return _TRUTH[value]
    if isinstance(value, str):
        return safe_text(value)
    return repr(value)
