"""Bytes of a planner's CSV to checked rows: UTF-8, or the Shift-JIS in which Japan publishes its lists, with commas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.language.source_text import Text, refuse_unprintable

_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NO_SHIFT_JIS = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")
"""What the decoder makes of single bytes that are no character of Shift-JIS, rather than refuse them."""
NO_COMMAS = "the columns are not separated by commas", "save the file as CSV with commas"


class NotCsv(Exception):
    """A row that is not CSV: its line, what is wrong and the cure."""

    def __init__(self, line: int, what: str, cure: str) -> None:
        super().__init__(line, what, cure)
        self.line, self.what, self.cure = line, what, cure


def read_csv_text(path: str | Path, noun: str) -> str:
    """Read a file as text with plain line ends; a byte-order mark is skipped.

    The bytes must be UTF-8 or Shift-JIS (cp932) from the first to the last, and no control characters. Raises
    ScenarioError where the file cannot be read or its encoding cannot be told; `noun` says what the file is.
    """
    try:
        data = read_regular(path)
    except OSError as error:
        what = f"cannot read this {noun}: {error.strerror or error}"
        raise ScenarioError([Fault(what, "check the path", Position(str(path), 1, 1))]) from error
    text = _decoded(data, str(path)).replace("\r\n", "\n").replace("\r", "\n")
    refuse_unprintable(Text(str(path), text), as_values=True)
    return text


def _decoded(data: bytes, file: str) -> str:
    """Decode bytes strictly as UTF-8, else strictly as Shift-JIS, unless they could be EUC-JP as well."""
    cure = "save the file as UTF-8 (spreadsheets call it CSV UTF-8)"
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = "this line is neither UTF-8 nor Shift-JIS (cp932) text"
    text = None if data.startswith(_WIDE_MARKS) else _decodable(data, "cp932")
    if text is not None and _NO_SHIFT_JIS.isdisjoint(text):
        if _decodable(data, "euc_jp") is None:
            return text
        what = "this line is not UTF-8 text and could be Shift-JIS (cp932) as well as EUC-JP"
    raise ScenarioError([Fault(what, cure, Position(file, line, 1))])


def _decodable(data: bytes, encoding: str) -> str | None:
    """Return bytes as text of an encoding, or None where they are not."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def rows_of(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank with the line it begins on; raises NotCsv where quotation marks do not close."""
    rows = csv.reader(io.StringIO(text), strict=True)
    line = 1
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            long = "field larger than" in str(error)
            what = "a cell of this row is too long" if long else f"this row is not CSV: {error}"
            raise NotCsv(line, what, "close every quotation mark") from None
        if row is None:
            return
        begins, line = line, rows.line_num + 1
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield begins, cells


def lacks_commas(header: list[str]) -> bool:
    """Tell whether a header is one cell with other separators in it."""
    return len(header) == 1 and any(mark in header[0] for mark in ";\t|")
