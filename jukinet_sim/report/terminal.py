"""Tables and lines to a stream, a hundred columns wide where that can be: numbers and names are never cut."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TextIO

from jukinet_sim.base.harmless import behind, harmless

if TYPE_CHECKING:
    from rich.table import Table as RichTable

WIDTH = 100
"""Columns of a terminal that text is wrapped to, and tables are kept to in steps: `lines`, `fitted`, `last_below`."""
_WIDEST = 1000
_SURELY_SINGLE = "\u0300"
"""Characters before this, the first that combines with another, each take one column."""
_GAP, _NARROW_GAP = "   ", "  "
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(slots=True)
class Table:
    """Rows of words below a line of headings; `right` tells of each column whether it is aligned right.

    A class of its own because a large network has many rows, and because loading a library for this takes longer than most
    commands do.
    """

    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    right: tuple[bool, ...]
    collapse_padding: bool = False
    """Whether columns stand closer together even where there is room."""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns)

    def lines(self, *, bold: bool) -> Iterator[str]:
        """Yield the lines of the table without blanks at their ends."""
        rows = self._parts()
        widths = _widths(rows)
        gap = _NARROW_GAP if self.collapse_padding or _across(widths, _GAP) > WIDTH else _GAP
        for i, row in enumerate(rows):
            for number in range(max(map(len, row))):
                cells = [cell[number] if number < len(cell) else "" for cell in row]
                padded = map(_padded, cells, widths, self.right)
                line = gap.join(padded).rstrip()
                yield f"{_BOLD}{line}{_PLAIN}" if bold and i == 0 else line
            if i == 0:
                yield "─" * _across(widths, gap)

    @property
    def fits(self) -> bool:
        """Whether its lines are no wider than `WIDTH`."""
        return _across(_widths(self._parts()), _NARROW_GAP) <= WIDTH

    def _parts(self) -> list[tuple[list[str], ...]]:
        """Return headings and rows, each cell as its lines."""
        return [tuple(cell.split("\n") for cell in row) for row in (self.columns, *self.rows)]


def _widths(rows: Sequence[tuple[list[str], ...]]) -> list[int]:
    return [max(columns_of(part) for cell in column for part in cell) for column in zip(*rows, strict=True)]


def _across(widths: Sequence[int], gap: str) -> int:
    return sum(widths) + len(gap) * (len(widths) - 1)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, right: int | None = None) -> Table:
    """Return a table: numbers aligned right from column `left` to `right` (or the last), words aligned left around them."""
    numbers = len(columns) if right is None else right
    return Table(
        tuple(map(harmless, columns)),
        [tuple(map(harmless, row)) for row in rows],
        tuple(left <= i < numbers for i in range(len(columns))),
    )


def fitted(made: Table, *spare: str) -> tuple[Table, list[str]]:
    """Return a table without as many of its spare columns, from the first on, as it takes to fit, and which those are.

    `spare` has their headings; one that the table does not have is passed over.
    """
    left_out = []
    for heading in spare:
        if heading in made.columns and not made.fits:
            at = made.columns.index(heading)
            columns, *rows = (row[:at] + row[at + 1 :] for row in (made.columns, *made.rows))
            made = replace(made, columns=columns, rows=rows, right=made.right[:at] + made.right[at + 1 :])
            left_out.append(heading)
    return made, left_out


def last_below(made: Table) -> Table:
    """Return a table that fits, or else with the last cell of each row, and its heading, on a line below the first."""
    if made.fits:
        return made
    *columns, last = made.columns
    rows = [(f"{row[0]}\n  {last}: {row[-1]}" if row[-1] else row[0], *row[1:-1]) for row in made.rows]
    return replace(made, columns=tuple(columns), rows=rows, right=made.right[:-1])


_PIECES = re.compile(r"\s+|[（「]*(?:[^\s\u2e80-\uffff]+|[\u2e80-\uffff])[、。，．：；）」ー々ゃゅょっャュョッァィゥェォ]*")
"""What is not broken: a word, or a wide character with the marks and small letters that may not begin a line."""


def broken(text: str, width: int, indent: str = "") -> str:
    """Return a text in lines no wider than that where words allow it, all but the first indented; a wide letter is a word."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line.strip() and not piece.isspace() and columns_of(line + piece) > width:
            lines.append(line.rstrip())
            line = indent
        line += piece if line.strip() or not lines or not piece.isspace() else ""
    return "\n".join([*lines, line.rstrip()])


def columns_of(text: str) -> int:
    """How many columns of a terminal a text takes: two for each East Asian wide character."""
    if text.isascii() or max(text) < _SURELY_SINGLE:
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int, right: bool) -> str:
    blanks = " " * (width - columns_of(text))
    return blanks + text if right else text + blanks


def show(lines: Iterable[str | Table | RichTable], stream: TextIO) -> None:
    """Print tables and lines; colour only on a terminal, and not where NO_COLOR is set."""
    stream = behind(stream)
    bold = stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    try:
        for line in lines:
            if isinstance(line, str):
                stream.write(f"{harmless(line)}\n")
            elif isinstance(line, Table):
                stream.writelines(["\n", *(f"{row}\n" for row in line.lines(bold=bold))])
            else:
                stream.write(_drawn(line, stream))
        stream.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; the command still has a verdict to give by its exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _drawn(made: RichTable, stream: TextIO) -> str:
    """Draw a table with coloured cells."""
    from rich.console import Console

    console = Console(file=stream, width=_WIDEST, highlight=False, markup=False, emoji=False, soft_wrap=True)
    with console.capture() as capture:
        console.print(made, soft_wrap=False)
    # Rich fills the last column with blanks, which only clutter files and copied text.
    return "\n" + "\n".join(row.rstrip() for row in capture.get().splitlines()) + "\n"
