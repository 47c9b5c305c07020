"""Read a planner's own CSV into typed columns, or say everything that is wrong with it at once.

A reader lists its columns; columns it does not know are ignored unless their name is all but that of a known one.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.base.suggest import closest
from jukinet_sim.language.csv_cells import WrongCell
from jukinet_sim.language.csv_text import NO_COMMAS, NotCsv, lacks_commas, read_csv_text, rows_of

_BLOCK = 4096
"""So many rows are read at once."""
_ALIKE = 0.8
"""From this similarity on a column that is not known is taken for a misspelt one."""
Columns = Mapping[str, list[Any]]
"""Values by column, each of the type that its parser gives; an optional column that is not in the file is left out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column a file may have: its name, how a cell is read, and what it means to the planner."""

    name: str
    parse: Callable[[str], Any]
    meaning: str
    required: bool = True
    unique: bool = False
    """No two rows may have the same value."""
    aliases: tuple[str, ...] = ()
    """Names that are taken where `name` itself is not there."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of list: what a row is, its columns, and a last look at a row, which may object (column, what, cure)."""

    noun: str
    plural: str
    columns: tuple[Column, ...]
    objection: Callable[[Mapping[str, Any]], tuple[str, str, str] | None] | None = None

    @property
    def required(self) -> list[str]:
        """The names of the columns that must be there."""
        return [column.name for column in self.columns if column.required]


def read_columns(path: str | Path, kind: Kind) -> Columns:
    """Read UTF-8 or Shift-JIS text with a header line, in the file's order; a byte-order mark is accepted.

    Raises `ScenarioError` with every fault of the file by line and column.
    """
    reader = _Reader(str(path), read_csv_text(path, f"list of {kind.plural}"), kind)
    reader.read()
    if reader.faults:
        raise ScenarioError(reader.faults)
    return reader.columns


class _Reader:
    """One file being read: the columns so far and the faults so far."""

    def __init__(self, file: str, text: str, kind: Kind) -> None:
        self.file, self.kind = file, kind
        self.faults: list[Fault] = []
        self.columns: dict[str, list[Any]] = {}
        self._text = text
        self._lines: list[str] = []
        self._known = {column.name: column for column in kind.columns}
        self._first_lines: dict[str, dict[Any, int]] = {column.name: {} for column in kind.columns if column.unique}
        self._waiting: list[tuple[int, list[str]]] = []

    def read(self) -> None:
        """Read header and rows; a file whose header is wrong is not read further."""
        numbers: Mapping[str, int] | None = None
        width = 0
        try:
            for line, cells in rows_of(self._text):
                if numbers is not None:
                    self._waiting.append((line, cells))
                    if len(self._waiting) >= _BLOCK:
                        self._block(numbers, width)
                    continue
                numbers, width = self._header(cells, line), len(cells)
                if self.faults:
                    return
        except NotCsv as error:
            self._block(numbers, width)
            self._fault(error.what, error.cure, error.line)
        self._block(numbers, width)
        if not self.faults and not any(self.columns.values()):
            cure = f"write the header {','.join(self.kind.required)} and a row each"
            self._fault(f"the list holds no {self.kind.noun}", cure, 1)

    def _header(self, cells: list[str], line: int) -> Mapping[str, int]:
        """Give the column number of each field that is there, and note what is wrong with the header."""
        if lacks_commas(cells):
            self._fault(*NO_COMMAS, line)
            return {}
        for number, cell in enumerate(cells):
            if cell and cell in cells[:number]:
                self._fault(f"the column {cell!r} stands twice", "remove one", line, number)
        numbers: dict[str, int] = {}
        for column in self.kind.columns:
            found = [name for name in (column.name, *column.aliases) if name in cells]
            if found:
                numbers[column.name] = cells.index(found[0])
            elif column.required:
                near = closest(column.name, set(cells) - set(self._known) - {""})
                cure = f"rename {near!r}" if near else f"name the columns {', '.join(self.kind.required)} in the first line"
                self._fault(f"there is no column {column.name!r}", cure, line)
        if not self.faults:
            self._misspelt(cells, numbers, line)
        self.columns = {field: [] for field in numbers}
        return numbers

    def _misspelt(self, cells: Sequence[str], numbers: Mapping[str, int], line: int) -> None:
        """Note columns whose name is all but that of an optional one, which would be ignored in silence."""
        missing = [name for name in self._known if name not in numbers]
        for number, cell in enumerate(cells):
            meant = None if number in numbers.values() else _meant(cell, missing)
            if meant is not None:
                cure = f"did you mean {meant!r} ({self._known[meant].meaning})? rename it, or remove it"
                self._fault(f"unknown column {cell!r}", cure, line, number)

    def _block(self, numbers: Mapping[str, int] | None, width: int) -> None:
        """Add the rows that wait: column by column, which is quicker, or one by one where something is wrong with any."""
        rows, self._waiting = self._waiting, []
        if numbers is not None and rows and not self._at_once(numbers, width, rows):
            for line, cells in rows:
                self._row(numbers, width, cells, line)

    def _at_once(self, numbers: Mapping[str, int], width: int, rows: Sequence[tuple[int, list[str]]]) -> bool:
        """Add some rows and tell so, or leave everything as it is where there may be something wrong with them."""
        if self.kind.objection is not None or any(len(cells) != width for _, cells in rows):
            return False
        columns = list(zip(*(cells for _, cells in rows), strict=True))
        try:
            values = {field: list(map(self._known[field].parse, columns[number])) for field, number in numbers.items()}
        except WrongCell:
            return False
        lines = {field: dict(zip(values[field], (line for line, _ in rows), strict=True)) for field in self._first_lines}
        for field, here in lines.items():
            if len(here) != len(rows) or not self._first_lines[field].keys().isdisjoint(here):
                return False
        for field, here in lines.items():
            self._first_lines[field].update(here)
        for field, found in values.items():
            self.columns[field].extend(found)
        return True

    def _row(self, numbers: Mapping[str, int], width: int, cells: list[str], line: int) -> None:
        """Add one row's cells to the columns and note what is wrong with them."""
        if len(cells) != width:
            self._fault(f"this row has {len(cells)} columns, the header has {width}", "add or remove commas", line)
            return
        row: dict[str, Any] = {}
        for field, number in numbers.items():
            try:
                row[field] = self._known[field].parse(cells[number])
            except WrongCell as wrong:
                self._fault(wrong.what, wrong.cure, line, number)
                continue
            self.columns[field].append(row[field])
            first = self._first_lines[field].setdefault(row[field], line) if field in self._first_lines else line
            if first != line:
                cure = f"give each {self.kind.noun} its own"
                self._fault(f"the {field} {row[field]} is already on line {first}", cure, line, number)
        objection = self.kind.objection(row) if self.kind.objection is not None and len(row) == len(numbers) else None
        if objection is not None:
            field, what, cure = objection
            self._fault(what, cure, line, numbers[field])

    def _fault(self, what: str, cure: str, line: int, number: int = 0) -> None:
        """Note a fault at a cell; its place in the line is known unless the line holds quotation marks."""
        if not self._lines:
            self._lines = self._text.split("\n")
        source = self._lines[line - 1] if line <= len(self._lines) else None
        before = [] if source is None or '"' in source else source.split(",")[:number]
        column = 1 + sum(len(cell) + 1 for cell in before)
        self.faults.append(Fault(what, cure, Position(self.file, line, column), source))


def _meant(cell: str, names: Sequence[str]) -> str | None:
    """Give the name that is a slip of the pen away, or that the cell is without its unit; None if there is none."""
    given = cell.casefold().replace("-", "_").replace(" ", "_")
    shortened = [name for name in names if "_" in given and name.startswith(f"{given}_")]
    return next(iter(shortened or difflib.get_close_matches(given, names, n=1, cutoff=_ALIKE)), None)
