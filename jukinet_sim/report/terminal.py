"""Tables and lines to a stream: numbers are never cut, so a table may be wider than a narrow terminal."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from jukinet_sim.base.harmless import behind, harmless

if TYPE_CHECKING:
    from rich.table import Table as RichTable

_WIDEST = 1000
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
    """Whether columns stand closer together."""

    @property
    def width(self) -> int:
        """How many columns it has."""
        return len(self.columns)

    def lines(self, *, bold: bool) -> Iterator[str]:
        """Yield the lines of the table without blanks at their ends."""
        gap = _NARROW_GAP if self.collapse_padding else _GAP
        rows = [tuple(cell.split("\n") for cell in row) for row in (self.columns, *self.rows)]
        widths = [max(columns_of(part) for cell in column for part in cell) for column in zip(*rows, strict=True)]
        for i, row in enumerate(rows):
            for number in range(max(map(len, row))):
                cells = [cell[number] if number < len(cell) else "" for cell in row]
                padded = map(_padded, cells, widths, self.right)
                line = gap.join(padded).rstrip()
                yield f"{_BOLD}{line}{_PLAIN}" if bold and i == 0 else line
            if i == 0:
                yield "─" * (sum(widths) + len(gap) * (len(widths) - 1))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, right: int | None = None) -> Table:
    """Return a table: numbers aligned right from column `left` to `right` (or the last), words aligned left around them."""
    numbers = len(columns) if right is None else right
    return Table(
        tuple(map(harmless, columns)),
        [tuple(map(harmless, row)) for row in rows],
        tuple(left <= i < numbers for i in range(len(columns))),
    )


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
    if text.isascii():
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
