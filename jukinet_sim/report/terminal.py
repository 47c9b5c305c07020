"""Tables and lines to a stream: numbers are never cut, so a table may be wider than a narrow terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from jukinet_sim.harmless import behind, harmless, one_line

if TYPE_CHECKING:
    from rich.table import Table

_WIDEST = 1000


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, right: int | None = None) -> Table:
    """Return a table: numbers aligned right from column `left` to `right` (or the last), words aligned left around them."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    numbers = len(columns) if right is None else right
    for i, column in enumerate(columns):
        made.add_column(Text(one_line(column)), justify="right" if left <= i < numbers else "left", no_wrap=True)
    for row in rows:
        made.add_row(*(Text(one_line(cell)) for cell in row))
    return made


def show(lines: Iterable[str | Table], stream: TextIO) -> None:
    """Print tables and lines; colour only on a terminal, and not where NO_COLOR is set."""
    from rich.console import Console

    stream = behind(stream)
    console = Console(file=stream, width=_WIDEST, highlight=False, markup=False, emoji=False, soft_wrap=True)
    try:
        for line in lines:
            # Rich fills the last column with blanks, which only clutter files and copied text.
            with console.capture() as capture:
                console.print(harmless(line) if isinstance(line, str) else line, soft_wrap=isinstance(line, str))
            above = "" if isinstance(line, str) else "\n"
            stream.write(above + "\n".join(row.rstrip() for row in capture.get().splitlines()) + "\n")
        stream.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; the command still has a verdict to give by its exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
