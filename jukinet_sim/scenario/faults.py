"""What pydantic and the checks object to, turned into faults with a line, a column and a cure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from jukinet_sim.base.errors import Position
from jukinet_sim.base.suggest import one_of
from jukinet_sim.base.units import UnitError
from jukinet_sim.language.base import SpecError
from jukinet_sim.language.complaint import Objection
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.shape import Kinds, inside, known_keys, models
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar, Sequence
from jukinet_sim.scenario.schema import Scenario


def objections(error: ValidationError, tree: Mapping) -> list[Objection]:
    """Return what a validation error says, in our words and with paths into the tree."""
    found = [_objection(part, tree) for part in error.errors(include_url=False)]
    meant = {_meant_key(one) for one in found}
    # A mistyped key is reported once, not again as the missing key it was meant to be.
    kept = [one for one in found if (one.path, one.what) not in meant and not (one.of_length and _above(one, found))]
    return list(dict.fromkeys(kept))


def _above(one: Objection, found: list[Objection]) -> bool:
    """Tell whether something below is wrong too: pydantic counts only the entries of a list that it could read."""
    depth = len(one.path)
    return any(len(other.path) > depth and other.path[:depth] == one.path for other in found)


def _meant_key(one: Objection) -> tuple[NodePath, str] | None:
    """Return the report of a missing key that an unknown key with a near miss makes superfluous."""
    meant = re.fullmatch(r'did you mean "(.*)"\?', one.cure)
    return (one.path[:-1], f'missing key "{meant[1]}"') if one.at_key and meant else None


def _objection(part: Any, tree: Mapping) -> Objection:
    """Translate one error of pydantic."""
    loc: tuple[str | int, ...] = part["loc"]
    if part["type"] == "extra_forbidden":
        path = follow(tree, loc[:-1])
        known = known_keys(kinds_at(path))
        if loc[-1] in known:
            # One of several kinds was chosen by its key, and this is a key of another.
            what = f'"{loc[-1]}" does not go with "{str(loc[-2]).lstrip("?")}"'
            return Objection((*path, loc[-1]), what, "delete one of the two", at_key=True)
        cure = one_of(str(loc[-1]), known, "delete it")
        return Objection((*path, loc[-1]), f'unknown key "{loc[-1]}"', cure, at_key=True)
    if part["type"] == "missing":
        return Objection(follow(tree, loc[:-1]), f'missing key "{loc[-1]}"', f'add "{loc[-1]}: ..."')
    path = follow(tree, loc)
    cause = part.get("ctx", {}).get("error")
    if isinstance(cause, SpecError):
        return Objection((*path, *cause.at), cause.what, cause.cure, at_key=cause.at_key or loc[-1:] == ("[key]",))
    if isinstance(cause, UnitError):
        return Objection(path, cause.what, cause.cure)
    what, cure = _plain_words(part, path)
    return Objection(path, what, cure, of_length=part["type"] in ("too_short", "too_long"))


def _plain_words(part: Any, path: NodePath) -> tuple[str, str]:
    """Say what an error of pydantic's own checks means."""
    kind, value, context = part["type"], part["input"], part.get("ctx", {})
    noun = _noun(path)
    if isinstance(context.get("error"), ValueError):
        what, _, cure = str(context["error"]).partition("; ")
        return what, cure or "change it"
    if isinstance(value, (dict, list, tuple)) and kind not in _WANTED and kind not in ("too_short", "too_long"):
        return f"{noun} is {_shape(value)} where one value is expected", "write one value"
    if kind == "string_too_short":
        return f"{noun} has no value", "write a value or delete the key"
    if kind == "literal_error":
        allowed = re.findall(r"'([^']*)'", context["expected"])
        # A word may be near in letters and far in meaning, so all there are are named, not the nearest: lifo is not fifo.
        bare = noun[1:-1] if noun.startswith('"') else noun
        return f"unknown {bare} {_shown(value)}", f"write one of {', '.join(allowed)}"
    if kind in ("too_short", "too_long"):
        if kind == "too_short":
            return f"{noun} has too few entries", f"write at least {context['min_length']}"
        return f"{noun} has too many entries", f"write at most {context['max_length']}"
    wanted = _WANTED.get(kind)
    if wanted is not None:
        return f"{noun} is {_shape(value)} where {wanted[0]} is expected", f"write {wanted[1]}"
    bound = next((context[key] for key in ("gt", "ge", "lt", "le") if key in context), None)
    if bound is not None:
        relation = {"gt": "greater than", "ge": "at least", "lt": "less than", "le": "at most"}
        limit = next(f"{words} {context[key]}" for key, words in relation.items() if key in context)
        return f"{_shown(value)} is out of range for {noun}", f"write a value {limit}"
    return f"{_shown(value)} does not fit {noun}", "write another value; jukinet explain tells which are legal"


_WANTED = {
    "model_type": ("a mapping", '"key: value" pairs'),
    "model_attributes_type": ("a mapping", '"key: value" pairs'),
    "dict_type": ("a mapping", '"name: value" pairs'),
    "tuple_type": ("a list", 'it as [..., ...], or begin each entry with "- "'),
    "list_type": ("a list", 'it as [..., ...], or begin each entry with "- "'),
    "string_type": ("text", "one word or quoted text"),
    "int_type": ("a whole number", "a whole number"),
    "int_parsing": ("a whole number", "a whole number"),
    "float_type": ("a number", "a number"),
    "float_parsing": ("a number", "a number"),
}


def _noun(path: NodePath) -> str:
    """Return the name to use for the value at a path."""
    if not path:
        return "the scenario"
    if isinstance(path[-1], int):
        return f'entry {path[-1] + 1} of "{path[-2]}"' if len(path) > 1 else f"entry {path[-1] + 1}"
    return f'"{path[-1]}"'


def _shape(value: Any) -> str:
    """Name the shape of a value."""
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, (list, tuple)) else f'the single value "{str(value)[:40]}"'


def _shown(value: Any) -> str:
    """Return a value for a message."""
    return _shape(value) if isinstance(value, (dict, list, tuple)) else f'"{str(value)[:40]}"'


def kinds_at(path: NodePath) -> Kinds:
    """Return what the schema allows at a path of a scenario."""
    kinds: Kinds = (Scenario,)
    for key in path:
        kinds = inside(kinds, str(key))
    return kinds


def follow(tree: Node, loc: tuple[str | int, ...]) -> NodePath:
    """Return the part of a location that is a path into the tree; tags of unions lead nowhere and are left out."""
    path: list[str | int] = []
    node = tree
    for part in loc:
        if isinstance(node, Mapping) and str(part) in node.entries:
            node = node.entries[str(part)].node
            path.append(str(part))
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            path.append(part)
    return tuple(path)


def position_of(tree: Node, path: NodePath, *, at_key: bool) -> Position:
    """Return where a value stands: a collection under a key at its key, as does anything asked for `at_key`."""
    node, key_position = tree, tree.position
    for part in path:
        if isinstance(node, Mapping) and str(part) in node.entries:
            entry = node.entries[str(part)]
            node, key_position = entry.node, entry.key_position
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            key_position = node.position
    return node.position if isinstance(node, Scalar) and not at_key else key_position


def empty_values(node: Node, path: NodePath = ()) -> Iterator[Objection]:
    """Object to every key that has no value."""
    if isinstance(node, Scalar):
        if node.is_empty:
            yield _no_value(path)
    elif node.holds_empty:
        below = enumerate(node.items) if isinstance(node, Sequence) else ((key, one.node) for key, one in node.entries.items())
        for key, value in below:
            yield from empty_values(value, (*path, key))


def _no_value(path: NodePath) -> Objection:
    return Objection(path, f"{_noun(path)} has no value", _cure_for_empty(path), at_key=True)


def _cure_for_empty(path: NodePath) -> str:
    """Say what to write where a value is missing."""
    kinds = kinds_at(path)
    if models(kinds):
        return f"indent its keys below it ({', '.join(sorted(known_keys(kinds))[:6])})"
    return "write a value or delete the entry" if isinstance(path[-1], int) else f'write "{path[-1]}: value" or delete it'
