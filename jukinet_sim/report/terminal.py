"""Tables and lines to a stream: numbers are never cut, so a table may be wider than a narrow terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.table import Table

_WIDEST = 1000
Line = "str | Table"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", left: int = 1) -> Table:
    """Return a table whose first `left` columns are words, aligned left, and the others numbers, aligned right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    for i, column in enumerate(columns):
        made.add_column(Text(column), justify="left" if i < left else "right", no_wrap=True)
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def show(lines: Iterable[str | Table], stream: TextIO) -> None:
    """Print tables and lines; colour only on a terminal, and not where NO_COLOR is set."""
    from rich.console import Console

    console = Console(file=stream, width=_WIDEST, highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines:
        console.print(line, style="") if isinstance(line, str) else console.print(line, soft_wrap=False)
