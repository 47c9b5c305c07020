"""Scenario text to a tree that may hold equal keys twice, and back; every value is text."""

from __future__ import annotations

import json
import re
from typing import TypeAlias

import yaml

Tree: TypeAlias = "Pairs | list[Tree] | str"
_PLAIN = re.compile(r"[A-Za-z0-9.][\w./+%-]*( [\w./%-]+)*")


class Pairs:
    """A mapping as a list of keys and values, so that a key may be there twice."""

    def __init__(self, items: list[tuple[str, Tree]]) -> None:
        self.items = items


def read(content: bytes) -> Tree:
    """Read a scenario that is in order."""
    return _plain(yaml.load(content, Loader=yaml.BaseLoader))


def _plain(node: object) -> Tree:
    if isinstance(node, dict):
        return Pairs([(str(key), _plain(value)) for key, value in node.items()])
    return [_plain(item) for item in node] if isinstance(node, list) else str(node)


def write(tree: Tree) -> bytes:
    """Write a tree, each key of the top level on a line of its own; unusual text is written with escapes."""
    if not isinstance(tree, Pairs):
        return _inline(tree).encode()
    return "".join(f"{_word(key)}: {_inline(value)}\n" for key, value in tree.items).encode()


def _inline(tree: Tree) -> str:
    if isinstance(tree, Pairs):
        return "{" + ", ".join(f"{_word(key)}: {_inline(value)}" for key, value in tree.items) + "}"
    return "[" + ", ".join(map(_inline, tree)) + "]" if isinstance(tree, list) else _word(tree)


def _word(text: str) -> str:
    """Write text as it is where that is safe, or in double quotes."""
    return text if _PLAIN.fullmatch(text) or text in ("", "~") else json.dumps(text)
