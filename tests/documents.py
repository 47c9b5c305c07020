"""Markdown to its code blocks, their commands to calls in this process, and what they print to what is shown of it.

A block is told by comments right before it what a test cannot see: `<!-- file: NAME -->` it is to be written there,
`<!-- exit N -->` its last command ends so, `<!-- not run: REASON -->` it is not carried out.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"((?:^<!-- [^\n]* -->\n)*)^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"<!-- (file|exit|not run):? (.*) -->")
_ANY_LINES, _ANY_TEXT = "(?:.*\n)*?", ".*?"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and what the comments before it say."""

    language: str
    text: str
    file: str | None = None
    code: int = 0
    not_run: str | None = None

    @property
    def commands(self) -> list[list[str]]:
        """The words of each command of a shell block; lines that end with a backslash go on."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [words for line in lines if (words := shlex.split(line, comments=True))]


def blocks(text: str) -> Iterator[Block]:
    """Yield every fenced block of a document."""
    for marks, language, inside in _BLOCK.findall(text):
        told = dict(_MARK.findall(marks))
        yield Block(language, inside, told.get("file"), int(told.get("exit", 0)), told.get("not run"))


def marked(text: str, marker: str) -> str:
    """Return the inside of the fenced block that follows a marker comment."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\s*```[a-z]*\n(.*?)\n```", text, re.DOTALL)
    assert found, f"no block is marked {marker}"
    return found.group(1)


def table(text: str, first: str) -> dict[str, list[str]]:
    """Return the rows of the table whose first column has this heading, by that column."""
    found = re.search(rf"^\| {re.escape(first)} \|.*\n\| ---.*\n((?:\|.*\n)+)", text, re.M)
    assert found, f"no table starts with {first}"
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found[1].splitlines()]
    return {name.strip(): cells for name, *cells in rows}


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether a text is printed as it is shown: `...` stands for any text of a line, on a line of its own for any lines."""
    lines = [
        _ANY_LINES if line.strip() == "..." else _ANY_TEXT.join(map(re.escape, line.rstrip().split("..."))) + r"[ ]*\n"
        for line in shown.strip("\n").splitlines()
    ]
    return re.fullmatch("".join(lines), printed.strip("\n") + "\n") is not None
