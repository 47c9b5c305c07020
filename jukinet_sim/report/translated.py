"""Printed lines and tables in the reader's language: headings, words in cells and whole lines that are known; all else stays.

Tables are made in English and translated at the end, so that no table has to know of languages, and widths are counted after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from jukinet_sim.report.messages.terminal import CELLS, HEADINGS, LABELLED, LABELS, LINES, NAMED, PHRASES, SAYINGS
from jukinet_sim.report.terminal import Table, broken, columns_of
from jukinet_sim.report.words import KNOWN

_LONGEST = 6
"""So many words may make one phrase of a heading."""
_ALONE = {"from", "to", "is", "was"}
"""Words that are headings only where nothing stands beside them."""
_TOLD = re.compile(r"(why|did|status|stage)\d?")
"""What stands in braces of these names is said in words of its own, and translated as such."""
_NUMBER, _WORD = re.compile(r"n\d?"), re.compile(r"(word|stage)\d?")
"""What stands in braces of these names is a number, in a saying, or one word; in all others anything."""
_ENGLISH = re.compile("[A-Za-z]{2}")
_REMEMBERED = 4096
_Whole = dict[str, str]
_Patterns = tuple[tuple[re.Pattern[str], str], ...]


def translated(lines: Iterable[Any], language: str) -> Iterator[Any]:
    """Yield lines and tables in a language; what is laid out already stays as it is."""
    if language != "ja":
        yield from lines
        return
    for line in lines:
        if isinstance(line, Table):
            yield _table(line)
        else:
            yield _text(line) if isinstance(line, str) else line


def _table(made: Table) -> Table:
    first = _label if made.columns[:1] in [(first,) for first in LABELLED] else _named
    rooms = [max((columns_of(part) for row in made.rows for part in row[i].split("\n")), default=0) for i in range(made.width)]
    rows = [
        (*map(first, row[:1]), *(_cell(cell, room) for cell, room in zip(row[1:], rooms[1:], strict=True))) for row in made.rows
    ]
    return replace(made, columns=tuple(map(heading, made.columns)), rows=rows)


def heading(text: str) -> str:
    """Return a heading phrase by phrase, the longest that is known first; words that are not, such as units, stay."""
    known = {**KNOWN, **HEADINGS}
    if text in known:
        return known[text]
    if (whole := _saying(text)) is not None:
        return whole
    words, said = _phrase(text).split(" "), []
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


def _named(cell: str) -> str:
    """Return a name as it is, but for a range of numbers, dates or months that belongs to it."""
    for pattern, japanese in NAMED:
        cell = re.sub(pattern, japanese, cell)
    return cell


def _label(cell: str) -> str:
    return LABELS.get(cell) or _told(cell)


def _cell(cell: str, room: int) -> str:
    """Return a cell of which the whole is known, or each of its paragraphs: those are indented alike."""
    if not _ENGLISH.search(cell):
        return cell
    if "\n" not in cell:
        return _told(cell)
    parts = cell.split("\n")
    if (whole := _whole(_joined(parts))) is not None:
        return broken(whole, room, _indent(parts[1]))
    paragraphs: list[list[str]] = []
    for part in parts:
        if not paragraphs or _indent(part) != _indent(paragraphs[-1][-1]):
            paragraphs.append([])
        paragraphs[-1].append(part)
    return "\n".join(_paragraph(one, room) for one in paragraphs)


def _paragraph(parts: Sequence[str], room: int) -> str:
    """Return lines that are indented alike, broken anew where what they say is known."""
    indent, said = _indent(parts[0]), _joined(parts).lstrip()
    told = _told(said)
    return "\n".join(parts) if told == said else broken(indent + told, room, indent)


def _text(text: str) -> str:
    """Return a text as a whole where it is known, broken into lines anew where it was; else line by line."""
    said = text.lstrip("\n")
    start, parts = text[: len(text) - len(said)], said.split("\n")
    whole = _line(_joined(parts)) if len(parts) > 1 else None
    if whole is not None:
        return start + broken(whole, max(map(columns_of, parts)), _indent(parts[1]))
    return start + "\n".join(_line(line) or line for line in parts)


def _joined(parts: Sequence[str]) -> str:
    return " ".join([parts[0], *(part.strip() for part in parts[1:])])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _line(line: str) -> str | None:
    """Return the Japanese of a line that is known, or that is a saying behind blanks."""
    if (found := _found(line, *_known_lines())) is not None:
        return found
    said = _saying(line.lstrip(" "))
    return None if said is None else _indent(line) + said


@lru_cache(_REMEMBERED)
def _told(text: str) -> str:
    """Return the Japanese of what stands in a cell or is said in a line, else the phrases in it."""
    said = _whole(text)
    return _phrase(text) if said is None else said


def _whole(text: str) -> str | None:
    """Return the Japanese of words that are known as a whole; else part by part, as semicolons and commas part them."""
    if (said := _exact(text)) is not None:
        return said
    parts = text.split("; ")
    told = [_listed(part) or _saying(part) for part in parts]
    if any(told):
        return "；".join(one or _phrase(part) for one, part in zip(told, parts, strict=True))
    return None


def _listed(text: str) -> str | None:
    """Return the Japanese of words between commas, where each is known."""
    if ", " not in text:
        return None
    told = [_saying(part) for part in text.split(", ")]
    return "、".join(one for one in told if one) if all(told) else None


def _saying(text: str) -> str | None:
    return _exact(text) or _found(text, *_known_sayings())


def _exact(text: str) -> str | None:
    return CELLS.get(text) or _known_sayings()[0].get(text)


def _phrase(text: str) -> str:
    for pattern, japanese in PHRASES:
        text = re.sub(pattern, japanese, text)
    return text


def _found(text: str, whole: _Whole, patterns: _Patterns) -> str | None:
    if text in whole:
        return whole[text]
    for pattern, japanese in patterns:
        if found := pattern.fullmatch(text):
            return japanese.format_map({name: _value(name, part) for name, part in found.groupdict().items()})
    return None


def _value(name: str, text: str) -> str:
    """Return what stands in braces: told in words of its own, a name as it is, or with the phrases in it."""
    return _told(text) if _TOLD.fullmatch(name) else text if name == "name" else _phrase(text)


@cache
def _known_lines() -> tuple[_Whole, _Patterns]:
    return _sorted(LINES, ".+?")


@cache
def _known_sayings() -> tuple[_Whole, _Patterns]:
    # What is short and stands anywhere must not be taken for what it is not: where a number is meant, one has to stand.
    return _sorted(SAYINGS, r"[\d.,]+")


def _sorted(known: Iterable[tuple[str, str]], number: str) -> tuple[_Whole, _Patterns]:
    """Return what is known without braces by its English, and the rest as patterns, with their Japanese."""
    apart = [(english, japanese) for english, japanese in known if "{" in english]
    whole = {english: japanese for english, japanese in known if "{" not in english}
    return whole, tuple((re.compile(_pattern(english, number)), japanese) for english, japanese in apart)


def _pattern(english: str, number: str) -> str:
    parts = re.split(r"\{(\w+)\}", english)
    meant = [number if _NUMBER.fullmatch(part) else r"\S+" if _WORD.fullmatch(part) else ".+?" for part in parts]
    return "".join(f"(?P<{part}>{meant[i]})" if i % 2 else re.escape(part) for i, part in enumerate(parts))
