"""Bytes of a file to checked text with its lines: at most 1 MiB of UTF-8 without control characters."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.base.regular_files import open_regular

MAX_BYTES = 2**20
_MOST_UNPRINTABLE = 20
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_BIDI = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = f"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff{_BIDI}"
_UNPRINTABLE = re.compile(f"(?!\x85)[{_CONTROL}]")
"""Raw characters that no file may hold; U+0085 is a line break of YAML."""
_UNPRINTABLE_VALUE = re.compile(f"[\r\u2028\u2029{_CONTROL}]")
"""Characters that no value may hold, whichever escape it was written with: they would steer a terminal or reorder text."""


@dataclass(frozen=True)
class Text:
    """The text of a file under the name that messages show."""

    file: str
    content: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as YAML counts them."""
        return tuple(_LINE_BREAK.split(self.content))

    def fault(self, line: int, column: int, what: str, cure: str) -> Fault:
        """Return a fault at a line and column that count from 1, with its source line."""
        shown = printable(self.lines[line - 1]) if 0 < line <= len(self.lines) else None
        return Fault(what, cure, Position(self.file, line, column), shown)


def read_text(path: str | os.PathLike[str], shown_as: str) -> Text:
    """Read a file of at most 1 MiB as UTF-8; raises ScenarioError that names the cure."""
    try:
        with open_regular(path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ScenarioError([Fault(f"{shown_as} cannot be read: {reason}", "name a readable file of text")]) from None
    return decode(content, shown_as)


def decode(content: bytes, shown_as: str) -> Text:
    """Return the text of bytes that must be UTF-8 without control characters; raises ScenarioError."""
    top = Position(shown_as, 1, 1)
    if len(content) > MAX_BYTES:
        cure = "move long tables to CSV files or split it with extends"
        raise ScenarioError([Fault("the file is larger than 1 MiB", cure, top)])
    try:
        text = Text(shown_as, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        good = content[: error.start].decode("utf-8-sig", "replace")
        line, column = _line_and_column(good, len(good))
        fault = Fault("the file is not UTF-8 text", "save it as UTF-8", Position(shown_as, line, column))
        raise ScenarioError([fault]) from None
    refuse_unprintable(text)
    return text


def refuse_unprintable(text: Text, *, as_values: bool = False) -> None:
    """Raise ScenarioError where a text holds raw characters that steer a terminal or turn the direction of reading.

    With `as_values` the line breaks that only YAML knows are refused as well.
    """
    refused = _UNPRINTABLE_VALUE if as_values else _UNPRINTABLE
    faults = [
        text.fault(
            *_line_and_column(text.content, found.start()),
            f"unprintable character U+{ord(found.group()):04X}",
            "delete it or save the file as plain UTF-8 text",
        )
        for found in islice(refused.finditer(text.content), _MOST_UNPRINTABLE)
    ]
    if faults:
        raise ScenarioError(faults)


def unprintable_in(value: str) -> str | None:
    """Return the first character that a value may not hold as "U+001B", or None."""
    found = _UNPRINTABLE_VALUE.search(value)
    return None if found is None else f"U+{ord(found.group()):04X}"


def printable(value: str) -> str:
    """Return a value with a replacement character for each that a message must not show."""
    return _UNPRINTABLE_VALUE.sub("\ufffd", value)


def _line_and_column(content: str, offset: int) -> tuple[int, int]:
    """Return the line and column, from 1, of a character of a text."""
    breaks = list(_LINE_BREAK.finditer(content, 0, offset))
    return len(breaks) + 1, offset - (breaks[-1].end() if breaks else 0) + 1
