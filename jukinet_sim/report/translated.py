"""Printed lines and tables in the reader's language: headings, words in cells and whole lines that are known; all else stays.

Tables are made in English and translated at the end, so that no table has to know of languages, and widths are counted after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from jukinet_sim.report.messages.terminal import CELLS, HEADINGS, LABELLED, LABELS, LINES, PHRASES
from jukinet_sim.report.terminal import Table
from jukinet_sim.report.words import KNOWN

_LONGEST = 6
"""So many words may make one phrase of a heading."""
_ALONE = {"from", "to", "is", "was"}
"""Words that are headings only where nothing stands beside them."""


def translated(lines: Iterable[str | Table], language: str) -> Iterator[str | Table]:
    """Yield lines and tables in a language."""
    if language != "ja":
        yield from lines
        return
    for line in lines:
        if isinstance(line, Table):
            yield _table(line)
        else:
            yield _text(line)


def _table(made: Table) -> Table:
    labels = LABELS if made.columns[:1] in [(first,) for first in LABELLED] else {}
    rows = [
        (*(labels.get(cell, cell) for cell in row[:1]), *(CELLS.get(cell) or _phrase(cell) for cell in row[1:]))
        for row in made.rows
    ]
    return replace(made, columns=tuple(map(heading, made.columns)), rows=rows)


def heading(text: str) -> str:
    """Return a heading phrase by phrase, the longest that is known first; words that are not, such as units, stay."""
    known = {**KNOWN, **HEADINGS}
    if text in known:
        return known[text]
    words, said = text.split(" "), []
    while words:
        for length in range(min(len(words), _LONGEST), 0, -1):
            phrase = " ".join(words[:length])
            if phrase in known and phrase not in _ALONE:
                said.append(known[phrase])
                break
        else:
            length = 1
            said.append(words[0])
        words = words[length:]
    return " ".join(said)


def _text(text: str) -> str:
    """Return a text as a whole where it is known, broken lines joined; else line by line."""
    start = text[: len(text) - len(text.lstrip("\n"))]
    whole = _line(" ".join(text.split("\n"))) if "\n" in text.strip("\n") else None
    return whole if whole is not None else start + "\n".join(_line(line) or line for line in text.lstrip("\n").split("\n"))


def _line(line: str) -> str | None:
    """Return the Japanese of a line that is known."""
    for pattern, japanese in _patterns():
        if found := pattern.fullmatch(line):
            return japanese.format_map({name: _phrase(text) for name, text in found.groupdict().items()})
    return None


def _phrase(text: str) -> str:
    for pattern, japanese in PHRASES:
        text = re.sub(pattern, japanese, text)
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return each English line as a pattern, with its Japanese."""
    return tuple((re.compile(_pattern(english)), japanese) for english, japanese in LINES)


def _pattern(english: str) -> str:
    parts = re.split(r"\{(\w+)\}", english)
    return "".join(f"(?P<{part}>.+?)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
