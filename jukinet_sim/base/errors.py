"""The faults people meet, as values and exceptions: who (file, line, column), what, and the cure.

Every exception the program means to raise is a `JukinetError` with an exit code; anything else is a bug of ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

_SHOWN_WIDTH = 120
_LONGEST_FILE, _LONGEST_WHAT, _LONGEST_CURE, _LONGEST_USAGE = 300, 400, 1_000, 1_500
_MOST_FAULTS = 100
"""So many faults of a scenario are shown; further ones are counted."""


def shortened(text: str, most: int) -> str:
    """Return text on one line and without its middle where it is longer than `most` characters.

    Messages quote what people wrote, which may be of any length; its beginning and its end say which text is meant.
    """
    line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", " ")
    if len(line) <= most:
        return line
    end = most // 3
    return f"{line[: most - end]}...{line[-end:]}"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A character of a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{shortened(self.file, _LONGEST_FILE)}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (`what`) and what to write instead (`cure`), with the source line it was found on."""

    what: str
    cure: str
    position: Position | None = None
    source_line: str | None = None

    @property
    def headline(self) -> str:
        """Return the message alone, `file:line:column: error: what; cure`."""
        message = f"error: {shortened(self.what, _LONGEST_WHAT)}; {shortened(self.cure, _LONGEST_CURE)}"
        return message if self.position is None else f"{self.position}: {message}"

    def render(self) -> str:
        """Return the message, then the source line and a caret below the culprit where they are known."""
        if self.position is None or self.source_line is None:
            return self.headline
        shown, before = _excerpt(self.source_line, self.position.column - 1)
        return f"{self.headline}\n  {shown}\n  {_blank(before)}^"


def _excerpt(line: str, index: int) -> tuple[str, str]:
    """Return what to show of a line around a character, and the part of it that stands before that character."""
    start = max(0, index - _SHOWN_WIDTH // 2) if len(line) > _SHOWN_WIDTH else 0
    cut = line[start : start + _SHOWN_WIDTH].rstrip()
    left = "..." if start else ""
    right = "..." if start + _SHOWN_WIDTH < len(line) else ""
    return left + cut + right, left + line[start:index]


def _blank(text: str) -> str:
    """Return white space as wide as `text` on a terminal: tabs stay tabs, full-width characters count two."""
    return "".join("\t" if c == "\t" else "  " if unicodedata.east_asian_width(c) in "WF" else " " for c in text)


class JukinetError(Exception):
    """Base of every error the program means to raise; `exit_code` is what the command returns."""

    exit_code: ClassVar[int] = 1


class ScenarioError(JukinetError):
    """A scenario that cannot be used; it holds every fault found, sorted by position."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(faults, key=_place))
        super().__init__(self.faults)

    def __str__(self) -> str:
        shown = [fault.render() for fault in self.faults[:_MOST_FAULTS]]
        more = len(self.faults) - len(shown)
        return "\n".join([*shown, *([f"... and {more:,} more faults"] if more else [])])


def _place(fault: Fault) -> tuple[str, int, int]:
    """Return the sort key of a fault; those without a position come first."""
    where = fault.position
    return ("", 0, 0) if where is None else (where.file, where.line, where.column)


class UsageError(JukinetError):
    """A command or call that cannot be carried out as it was written."""

    exit_code = 2

    def __str__(self) -> str:
        return shortened(super().__str__(), _LONGEST_USAGE)


class CheckFailed(JukinetError):
    """A check that did not hold: simulated against reported, a re-run against its record."""

    exit_code = 3


class LimitReached(JukinetError):
    """A budget of events, memory or time ran out; partial results are marked as such."""

    exit_code = 4


class StoreError(JukinetError):
    """Input or output failed: disk full, store in use, store damaged."""

    exit_code = 5
