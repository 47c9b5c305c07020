"""Read a planner's own list of municipalities, or say everything that is wrong with it at once.

Columns: code, prefecture_code, name (or name_en, or name_ja), population and, if wanted, connected; others are
ignored. Codes stay text, so that 01100 keeps its zero.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jukinet_sim.errors import Fault, Position, ScenarioError
from jukinet_sim.facts import prefectures
from jukinet_sim.network.municipalities.table import Municipalities

MAX_POPULATION = 1_000_000_000
_REQUIRED = ("code", "prefecture_code", "name", "population")
_NAMES = ("name", "name_en", "name_ja")
_CONNECTED = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_csv(path: str | Path) -> Municipalities:
    """Read municipalities in the file's order from UTF-8 text with a header line; a byte-order mark is accepted.

    `connected` is yes or no, and yes where empty. Raises `ScenarioError` with every fault of the file by line.
    """
    reader = _Reader(str(path), _load(path))
    reader.read()
    if reader.faults:
        raise ScenarioError(reader.faults)
    columns = reader.columns
    return Municipalities.from_columns(
        code=columns["code"],
        name=columns["name"],
        prefecture=columns["prefecture_code"],
        population=columns["population"],
        connected=columns.get("connected", [True] * len(columns["code"])),
    )


def _load(path: str | Path) -> str:
    """Read a file as UTF-8 text with plain line ends; `ScenarioError` if it cannot be read or is not UTF-8."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        what = f"cannot read this list of municipalities: {error.strerror or error}"
        raise ScenarioError([Fault(what, "check the path", Position(str(path), 1, 1))]) from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        cure = "save the file as UTF-8 (spreadsheets call it CSV UTF-8)"
        raise ScenarioError([Fault("this line is not UTF-8 text", cure, Position(str(path), line, 1))]) from error


class _WrongCell(Exception):
    """A cell that cannot be used: what is wrong with it, and the cure."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


class _Reader:
    """One file being read: the columns so far and the faults so far."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.columns: dict[str, list[Any]] = {}  # each of the type its parser gives
        self._text = text
        self._lines = text.split("\n")
        self._line_of_code: dict[str, int] = {}

    def read(self) -> None:
        """Read header and rows; a file whose header is wrong is not read further."""
        rows = csv.reader(io.StringIO(self._text), strict=True)
        numbers: Mapping[str, int] | None = None
        width = 0
        next_line = 1
        try:
            for row in rows:
                line, next_line = next_line, rows.line_num + 1
                cells = [cell.strip() for cell in row]
                if not any(cells):
                    continue
                if numbers is not None:
                    self._row(numbers, width, cells, line)
                    continue
                numbers, width = self._header(cells, line), len(cells)
                if self.faults:
                    return
        except csv.Error as error:
            self._fault(f"this row is not CSV: {error}", "close every quotation mark", next_line)
        if not self.faults and not self.columns.get("code"):
            self._fault("the list holds no municipality", f"write the header {','.join(_REQUIRED)} and a row each", 1)

    def _header(self, cells: list[str], line: int) -> Mapping[str, int]:
        """Give the column number of each field that is there, and note what is wrong with the header."""
        for number, cell in enumerate(cells):
            if cell and cell in cells[:number]:
                self._fault(f"the column {cell!r} stands twice", "remove one", line, number)
        numbers: dict[str, int] = {}
        for field in (*_REQUIRED, "connected"):
            found = [name for name in (_NAMES if field == "name" else (field,)) if name in cells]
            if found:
                numbers[field] = cells.index(found[0])
            elif field in _REQUIRED:
                near = difflib.get_close_matches(field, set(cells) - set(_REQUIRED), n=1)
                cure = f"rename {near[0]!r}" if near else f"name the columns {', '.join(_REQUIRED)} in the first line"
                self._fault(f"there is no column {field!r}", cure, line)
        self.columns = {field: [] for field in numbers}
        return numbers

    def _row(self, numbers: Mapping[str, int], width: int, cells: list[str], line: int) -> None:
        """Add one municipality's cells to the columns and note what is wrong with them."""
        if len(cells) != width:
            self._fault(f"this row has {len(cells)} columns, the header has {width}", "add or remove commas", line)
            return
        for field, number in numbers.items():
            try:
                self.columns[field].append(_PARSERS[field](cells[number]))
            except _WrongCell as wrong:
                self._fault(wrong.what, wrong.cure, line, number)
        code = cells[numbers["code"]]
        first = self._line_of_code.setdefault(code, line)
        if code and first != line:
            cure = "give each municipality its own"
            self._fault(f"the code {code} is already on line {first}", cure, line, numbers["code"])

    def _fault(self, what: str, cure: str, line: int, number: int = 0) -> None:
        """Note a fault at a cell; its place in the line is known unless the line holds quotation marks."""
        source = self._lines[line - 1] if line <= len(self._lines) else None
        before = [] if source is None or '"' in source else source.split(",")[:number]
        column = 1 + sum(len(cell) + 1 for cell in before)
        self.faults.append(Fault(what, cure, Position(self.file, line, column), source))


def _text(text: str) -> str:
    """Check that a code or a name is there."""
    if not text:
        raise _WrongCell("this cell is empty", "give every municipality a code and a name")
    return text


def _prefecture(text: str) -> int:
    """Turn a prefecture code into its index 0..46."""
    codes = [place.code for place in prefectures()]
    if text in codes:
        return codes.index(text)
    padded = text.zfill(2)
    cure = f"write {padded} (if a spreadsheet dropped its zero, look at the codes too)"
    raise _WrongCell(f"{text!r} is not a prefecture code", cure if padded in codes else "write 01 to 47")


def _population(text: str) -> int:
    """Turn a population into a whole number from 1 to `MAX_POPULATION`."""
    digits = text.replace(",", "")
    if not (digits.isascii() and digits.isdigit()):
        raise _WrongCell(f"the population {text!r} is not a whole number", "write digits only, such as 12345")
    if digits != text:
        raise _WrongCell(f"the population {text!r} has separators", f"write {digits}")
    if len(digits) > len(str(MAX_POPULATION)) or not 1 <= int(digits) <= MAX_POPULATION:
        raise _WrongCell(f"the population {text} is out of range", f"write 1 to {MAX_POPULATION}")
    return int(digits)


def _is_connected(text: str) -> bool:
    """Turn yes or no into a truth value; empty is yes."""
    if text.lower() not in _CONNECTED:
        raise _WrongCell(f"connected is {text!r}", "write yes or no")
    return _CONNECTED[text.lower()]


_PARSERS: Mapping[str, Callable[[str], object]] = {
    "code": _text,
    "prefecture_code": _prefecture,
    "name": _text,
    "population": _population,
    "connected": _is_connected,
}
