"""Fitted values to an override file: laid over the scenario, it gives exactly the run that fitted best.

A figure gets its origin and its interval as range; a plain value a comment that says the same. An override replaces lists as a
whole, so that of a key within a route the whole route stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jukinet_sim.base.errors import Position
from jukinet_sim.experiments.verbs.calibrate.keys import FitKey
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.yaml_source import Entry, Mapping, Node, Scalar, read_only
from jukinet_sim.language.yaml_source import Sequence as Items
from jukinet_sim.scenario.keep import as_yaml
from jukinet_sim.scenario.loaded import Loaded

FILE = "override.yaml"
FIRST_WORDS = "# Fitted by jukinet calibrate"
_NOWHERE = Position("", 1, 1)


@dataclass(frozen=True)
class Chosen:
    """What was fitted for a key, in SI: the value, and its interval, None where there is none."""

    key: FitKey
    value: float
    low: float | None
    high: float | None

    @property
    def said(self) -> str:
        """The value with its interval, in the key's unit."""
        text = self.key.text(self.value)
        if self.low is None or self.high is None:
            return f"{text}, without an interval"
        return f"{text}, 95 % from {self.key.text(self.low)} to {self.key.text(self.high)}"


def override_text(chosen: Sequence[Chosen], loaded: Loaded, observations: str, lines: Sequence[str]) -> str:
    """Return the file for a scenario in which the values are in place already; `lines` say how they were found."""
    tree: Node = loaded.tree
    for one in chosen:
        if one.key.figure:
            tree = _replaced(tree, _place(one.key), _figure(one, observations))
    kept = _only(tree, [_place(one.key) for one in chosen])
    assert isinstance(kept, Mapping)  # the root is one, and no path is empty
    comments = [f"{FIRST_WORDS} to {observations}.", *(f"# {line}" for line in lines)]
    comments += [f"# {one.key.dotted} = {one.said}" for one in chosen]
    return "\n".join(comments) + "\n" + as_yaml(kept)


def _place(key: FitKey) -> NodePath:
    """Return where the figure stands to which a value belongs, or the value itself."""
    return key.path[:-1] if key.figure and key.path[-1] == "value" else key.path


def _figure(one: Chosen, observations: str) -> Mapping:
    entries: dict[str, Node] = {
        "value": Scalar(one.key.text(one.value), _NOWHERE),
        "derived": Scalar(f"fitted to {observations} by jukinet calibrate", _NOWHERE, quoted=True),
    }
    if one.low is not None and one.high is not None:
        ends = tuple(Scalar(one.key.text(end), _NOWHERE) for end in (one.low, one.high))
        entries["range"] = Items(ends, _NOWHERE)
    return read_only({key: Entry(_NOWHERE, node) for key, node in entries.items()}, _NOWHERE)


def _replaced(node: Node, path: NodePath, new: Node) -> Node:
    """Return a node with what stands at a path below it replaced."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(node, Items):
        items = [_replaced(item, rest, new) if i == key else item for i, item in enumerate(node.items)]
        return Items(tuple(items), node.position)
    assert isinstance(node, Mapping)  # the path was found in the tree
    entry = node.entries[str(key)]
    return read_only({**node.entries, str(key): Entry(entry.key_position, _replaced(entry.node, rest, new))}, node.position)


def _only(node: Node, paths: Sequence[NodePath]) -> Node:
    """Return a node without whatever leads to none of some paths; a list stays whole."""
    if not isinstance(node, Mapping) or () in paths:
        return node
    kept = {}
    for key in dict.fromkeys(str(path[0]) for path in paths):
        entry = node.entries[key]
        kept[key] = Entry(entry.key_position, _only(entry.node, [path[1:] for path in paths if str(path[0]) == key]))
    return read_only(kept, node.position)
