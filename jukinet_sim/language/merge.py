"""Node trees laid over each other: mappings merge, everything else replaces, `null` deletes.

Where the schema offers alternatives (`{exponential: 20 ms}` or `{constant: 5 ms}`), an override that would mix two of
them takes the place of what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jukinet_sim.base.errors import Position
from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.shape import Kinds, inside, keys_of, known_keys, models, takes_any_key
from jukinet_sim.language.yaml_source import Entry, Mapping, Node, Scalar, Sequence, read_only

NodePath = tuple[str | int, ...]
Key = tuple[str, Position]


class PathError(ValueError):
    """A dotted path that leads nowhere; `position` is its first wrong segment."""

    def __init__(self, what: str, cure: str, position: Position) -> None:
        super().__init__(what, cure, position)
        self.what = what
        self.cure = cure
        self.position = position


def merge(base: Mapping, over: Mapping, kinds: Kinds) -> Mapping:
    """Return `base` overridden by `over`; `kinds` is what the schema allows in their place."""
    merged = base
    for key, entry in over.entries.items():
        old = merged.entries.get(key)
        node = entry.node
        if old is not None and isinstance(old.node, Mapping) and isinstance(node, Mapping):
            node = merge(old.node, node, inside(kinds, key))
        merged = assign(merged, key, Entry(entry.key_position, node), kinds)
    return Mapping(merged.entries, over.position)


def assign(base: Mapping, key: str, entry: Entry, kinds: Kinds) -> Mapping:
    """Return a mapping with one key replaced, or deleted by null, and the keys that exclude it dropped."""
    return _assign(base, key, Entry(entry.key_position, _without_nulls_below(entry.node)), kinds)


def _without_nulls_below(node: Node) -> Node:
    """Return a node without nulls in it; one that is null itself deletes a key, and stays."""
    return node if isinstance(node, Scalar) else without_nulls(node)


def _assign(base: Mapping, key: str, entry: Entry, kinds: Kinds) -> Mapping:
    """Do the same with a node in which no null is left; to look for one in all of a tree takes long."""
    if isinstance(entry.node, Scalar) and entry.node.is_null:
        return read_only({name: old for name, old in base.entries.items() if name != key}, base.position)
    kept = {} if _mixes(kinds, {*base.entries}, key) else dict(base.entries)
    for model in models(kinds):
        if key in model.either:
            kept = {name: old for name, old in kept.items() if name == key or name not in model.either}
    kept[key] = entry
    return read_only(kept, base.position)


def _mixes(kinds: Kinds, present: set[str], key: str) -> bool:
    """Tell whether a key belongs to another alternative than the keys that are there."""
    known = [set(keys_of(model)) for model in models(kinds)]
    fits_before = any(present <= keys for keys in known)
    fits_after = any(present | {key} <= keys for keys in known)
    return len(known) > 1 and fits_before and not fits_after and any(key in keys for keys in known)


def without_nulls(node: Node) -> Node:
    """Return a node in which keys with the value null are gone."""
    if isinstance(node, Scalar) or not node.holds_null:
        return node
    if isinstance(node, Sequence):
        return Sequence(tuple(without_nulls(item) for item in node.items), node.position)
    kept = {
        key: Entry(entry.key_position, without_nulls(entry.node))
        for key, entry in node.entries.items()
        if not (isinstance(entry.node, Scalar) and entry.node.is_null)
    }
    return read_only(kept, node.position)


APPEND = "+"
"""As a segment of a path it is one more entry of a list, behind those that are there."""


def put(node: Node | None, keys: list[Key], value: Node, kinds: Kinds) -> Node:
    """Return a node that holds no null with the value at a path replaced; raises PathError where the path leads nowhere."""
    if not keys:
        merges = isinstance(node, Mapping) and isinstance(value, Mapping)
        return merge(node, value, kinds) if merges else _without_nulls_below(value)  # type: ignore[arg-type]  # merges says so
    if keys[0][0] == APPEND and (node is None or isinstance(node, Sequence)):
        before = () if node is None else node.items
        item = put(None, keys[1:], value, inside(kinds, APPEND))
        return Sequence((*before, item), keys[0][1] if node is None else node.position)
    if isinstance(node, Sequence):
        index = _index(node, keys[0])
        items = list(node.items)
        items[index] = put(items[index], keys[1:], value, inside(kinds, keys[0][0]))
        return Sequence(tuple(items), node.position)
    there = node if isinstance(node, Mapping) else read_only({}, keys[0][1])
    name, rest = _next_key(there, keys, value, kinds)
    old = there.entries.get(name)
    child = put(old.node if old else None, rest, value, inside(kinds, name))
    return _assign(there, name, Entry(keys[0][1], child), kinds)


def _index(node: Sequence, key: Key) -> int:
    """Return the position in a list that a segment of a path names."""
    text, position = key
    if text.isascii() and text.isdigit() and int(text) < len(node.items):
        return int(text)
    last = len(node.items) - 1
    cure = f'write a number from 0 to {last}, or "{APPEND}" for one more'
    raise PathError(f'"{text}" is not an entry of this list', cure, position)


def _next_key(there: Mapping, keys: list[Key], value: Node, kinds: Kinds) -> tuple[str, list[Key]]:
    """Return the key that a path goes on with, and the rest; names may contain dots."""
    for length in range(len(keys), 0, -1):
        name = ".".join(text for text, _ in keys[:length])
        if name in there.entries:
            return name, keys[length:]
    text, position = keys[0]
    new_name = takes_any_key(kinds) and isinstance(value, Mapping) and len(keys) == 1
    if text in known_keys(kinds) or new_name:
        return text, keys[1:]
    cure = one_of(text, known_keys(kinds) | set(there.entries), "shorten the path: nothing lies below")
    raise PathError(f'no "{text}" here', cure, position)


def find(tree: Node, dotted: str) -> tuple[Position, Node] | None:
    """Return where the key at a dotted path stands, and its value; None where nothing is there."""
    node, position, keys = tree, tree.position, dotted.split(".")
    while keys:
        if isinstance(node, Sequence):
            if not keys[0].isdigit() or int(keys[0]) >= len(node.items):
                return None
            node = node.items[int(keys[0])]
            position, keys = node.position, keys[1:]
            continue
        entries = node.entries if isinstance(node, Mapping) else {}
        lengths = [n for n in range(len(keys), 0, -1) if ".".join(keys[:n]) in entries]
        if not lengths:
            return None
        entry = entries[".".join(keys[: lengths[0]])]
        position, node, keys = entry.key_position, entry.node, keys[lengths[0] :]
    return position, node


def prune(node: Node, paths: Iterable[NodePath]) -> Node:
    """Return a node without what stands at some paths below it."""
    cut: dict[str | int, list[NodePath]] = {}
    for path in paths:
        cut.setdefault(path[0], []).append(path[1:])
    if not cut:
        return node
    gone = {key for key, rests in cut.items() if () in rests}
    if isinstance(node, Sequence):
        kept = (prune(item, cut.get(i, ())) for i, item in enumerate(node.items) if i not in gone)
        return Sequence(tuple(kept), node.position)
    if isinstance(node, Scalar):
        return node
    entries = {
        key: Entry(entry.key_position, prune(entry.node, cut.get(key, ())))
        for key, entry in node.entries.items()
        if key not in gone
    }
    return read_only(entries, node.position)


def to_data(node: Node) -> object:
    """Return a node as plain dicts, lists and text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    return {key: to_data(entry.node) for key, entry in node.entries.items()}


def names_at(tree: Node, path: NodePath) -> Iterator[str]:
    """Yield the key at the end of a path, and every key and every label of a step below it."""
    node: Node = tree
    for part in path:
        if isinstance(node, Mapping):
            node = node.entries[str(part)].node
        elif isinstance(node, Sequence):
            node = node.items[int(part)]
    if isinstance(path[-1], str):
        yield path[-1]
    if path[-1] == "label" and isinstance(node, Scalar):
        yield node.text
    yield from _names_in(node)


def _names_in(node: Node) -> Iterator[str]:
    """Yield every key below a node and every label of a step."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _names_in(item)
    elif isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield key
            if key == "label" and isinstance(entry.node, Scalar):
                yield entry.node.text
            yield from _names_in(entry.node)
