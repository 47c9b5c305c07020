"""Tables and lines as terminals print them to blocks of a page, each cell in both languages where they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jukinet_sim.report.messages.say import LANGUAGES
from jukinet_sim.report.page.texts import both
from jukinet_sim.report.terminal import Table
from jukinet_sim.report.words import Words


@dataclass(frozen=True)
class Line:
    """A paragraph."""

    text: Markup
    kind: str = "line"


@dataclass(frozen=True)
class Grid:
    """A table: headings, rows, and of each column whether it is aligned right."""

    columns: Sequence[Markup]
    rows: Sequence[Sequence[Markup]]
    right: Sequence[bool]
    kind: str = "grid"


Block = Line | Grid
_BAR, _DATE = re.compile("[·▒█]{4,}"), re.compile(r"\d{4}-\d\d(-\d\d)?")


def blocks(make: Callable[[Words], Iterable[str | Table]]) -> list[Block]:
    """Return what is printed, made once for each language; empty lines are left out.

    Where a language's has another shape than the other's, which no table of ours has, English stands for both.
    """
    english, japanese = (list(make(Words(language))) for language in LANGUAGES)
    if len(english) != len(japanese):
        japanese = english
    found: list[Block] = []
    for one, other in zip(english, japanese, strict=True):
        if isinstance(one, Table):
            found.append(_grid(one, other if isinstance(other, Table) else one))
        elif one.strip():
            found.append(Line(both(unwrapped(one), unwrapped(other) if isinstance(other, str) else unwrapped(one))))
    return found


def grid(columns: Sequence[Markup], rows: Iterable[Sequence[object]], *, left: int) -> Grid:
    """Return a table of a page's own; columns from `left` on are aligned right."""
    right = [number >= left for number in range(len(columns))]
    return Grid(columns, [[both(cell, cell) for cell in row] for row in rows], right)


def _grid(one: Table, other: Table) -> Grid:
    if len(one.rows) != len(other.rows) or len(one.columns) != len(other.columns):
        other = one
    rows = [tuple(map(_cell, a, b)) for a, b in zip(one.rows, other.rows, strict=True)]
    return Grid(tuple(map(both, one.columns, other.columns)), rows, one.right)


def _cell(one: str, other: str) -> Markup:
    """Return a cell in both languages; dates are never broken, and bars of characters stand in columns."""
    if _BAR.fullmatch(one):
        return Markup('<code class="bar">{}</code>').format(one)
    return Markup('<span class="whole">{}</span>').format(one) if _DATE.fullmatch(one) else both(one, other)


def unwrapped(line: str) -> str:
    """Return a line that was wrapped for a terminal without the breaks that were put in, but with those between sentences."""
    joined: list[str] = []
    for part in line.strip("\n").split("\n"):
        # A line that goes on is indented, or follows one that is nearly full.
        if joined and (part.startswith("  ") or len(joined[-1]) > _NEARLY_FULL):
            joined[-1] = f"{joined[-1]} {part.strip()}"
        else:
            joined.append(part.strip())
    return "\n".join(joined)


_NEARLY_FULL = 85
