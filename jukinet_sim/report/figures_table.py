"""Every other reported figure as tables, one for each verdict, with the reasons below or beside the numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.numbers import UNDEFINED, count
from jukinet_sim.report.terminal import WIDTH, Table, table
from jukinet_sim.report.words import Words

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import FigureRow

_LONGEST_TEXT = 25
_GAP = 3
"""Between two columns of a table."""
_MEANING: dict[str, str] = {
    "conserved": "put in exactly as volumes of flows, so they must come out exactly: that is not validation",
    "derived": "arithmetic from other figures, simulated where this run gives them",
    "structure": "in the model as parameters or counts",
    "not a flow": "nothing in this run to hold them against",
}


def wrapped(text: str, *, indent: str = "") -> str:
    """Return a text in lines that fit the width, the second and later ones indented further."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + "  " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def figure_tables(figures: Sequence[FigureRow], words: Words) -> Iterator[str | Table]:
    """Yield the figures by verdict, each group under what its verdict means."""
    for verdict, meaning in _MEANING.items():
        rows = [row for row in figures if row.verdict == verdict]
        if not rows:
            continue
        yield ""
        yield f"{words(verdict)}: {meaning}"
        if verdict == "not a flow":
            yield _reasons(rows, words)
            continue
        yield _numbers(rows, words, verdict)
        yield ""
        yield from (wrapped(f"{row.key}: {row.reason}", indent="  ") for row in rows)


def figures_document(figures: Sequence[FigureRow]) -> list[dict[str, Any]]:
    """Return the figures as plain data, in the order of the report."""
    return [
        {
            "key": row.key,
            "verdict": row.verdict,
            "printed": row.printed,
            "expected": row.expected,
            "computed": row.computed,
            "difference": row.difference,
            "reason": row.reason,
        }
        for row in figures
    ]


def plain_count(number: float) -> str:
    """Return a whole number as one, and any other with decimals, so that it does not look whole."""
    return count(number) if number == int(number) else f"{number:,.3f}"


def signed(number: float) -> str:
    """Return a difference with its sign, 0 without."""
    if not number:
        return "0"
    return f"{number:+,.0f}" if number == int(number) else f"{number:+,.3f}"


def _numbers(rows: Sequence[FigureRow], words: Words, verdict: str) -> Table:
    """Set what was put in or stated beside what is printed; only a conserved figure has something to expect."""
    middle = {"conserved": ("expected", "simulated"), "derived": ("computed",)}.get(verdict, ("in the scenario",))
    columns = ("figure", "reported", *middle, "difference")
    lines = []
    for row in rows:
        difference = UNDEFINED if row.difference is None else signed(row.difference)
        values = (row.expected, row.computed) if verdict == "conserved" else (row.computed,)
        lines.append((row.key, _as_printed(row.printed), *(_shown(value) for value in values), difference))
    return table(tuple(words(column) for column in columns), lines)


def _reasons(rows: Sequence[FigureRow], words: Words) -> Table:
    """Set a reason beside each figure that is not compared."""
    printed = [_as_printed(row.printed) for row in rows]
    room = WIDTH - max(len(row.key) for row in rows) - max(map(len, printed)) - 2 * _GAP
    lines = [(row.key, text, textwrap.fill(row.reason, room)) for row, text in zip(rows, printed, strict=True)]
    return table((words("figure"), words("reported"), words("reason")), lines, left=3)


def _as_printed(value: float | str) -> str:
    """Return a number with the digits that the report gives."""
    return _shown(value) if isinstance(value, str) else f"{value:,.12g}"


def _shown(value: float | str | None) -> str:
    """Return a number in full, a text shortened where it would push numbers aside."""
    if value is None:
        return UNDEFINED
    return textwrap.shorten(value, _LONGEST_TEXT, placeholder=" ...") if isinstance(value, str) else plain_count(value)
