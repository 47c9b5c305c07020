"""A loaded scenario to one file that stands alone, with copies of its tables: what was run can be run again.

Whatever was laid over the scenario, bases, overrides and settings, is in place in it; the values are those that were
written, in their own units.
"""

from __future__ import annotations

from typing import Any

import yaml

from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar, Sequence
from jukinet_sim.scenario.loaded import Loaded, file_keys

SCENARIO, DATA = "scenario.yaml", "data"
_DUMPER = yaml.CSafeDumper if yaml.__with_libyaml__ else yaml.SafeDumper
_NOT_KEPT = ("extends",)
_WIDTH = 120


def kept_files(loaded: Loaded) -> dict[str, bytes]:
    """Return content by name of the files that make up a scenario, the scenario itself under `SCENARIO`.

    Tables keep their own names, each in a folder of its own below `DATA`. Loaded from there, the scenario is the same.
    """
    files: dict[str, bytes] = {}
    moved: dict[tuple[str, ...], str] = {}
    for path in file_keys(loaded):
        file = loaded.file_at(".".join(path))
        if file is not None:
            moved[path] = f"{DATA}/{len(moved)}/{file.name}"
            files[moved[path]] = read_regular(file)
    entries = {key: entry.node for key, entry in loaded.tree.entries.items() if key not in _NOT_KEPT}
    root = _mapping({key: _written(node, (key,), moved) for key, node in entries.items()})
    return {SCENARIO: _serialised(root).encode(), **files}


def as_yaml(tree: Mapping) -> str:
    """Return a tree as YAML text, every value as it was written."""
    return _serialised(_written(tree, (), {}))


def _serialised(root: yaml.Node) -> str:
    return str(yaml.serialize(root, Dumper=_DUMPER, allow_unicode=True, width=_WIDTH))


def _written(node: Node, path: tuple[str, ...], moved: dict[tuple[str, ...], str]) -> yaml.Node:
    """Return a node as PyYAML writes it, the names of tables replaced by those under which they are kept."""
    if isinstance(node, Scalar):
        return _scalar(moved.get(path, node.text), quoted=node.quoted)
    if isinstance(node, Sequence):
        items = [_written(item, (*path, str(number)), moved) for number, item in enumerate(node.items)]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=all(isinstance(i, yaml.ScalarNode) for i in items))
    assert isinstance(node, Mapping)  # there is no other kind of node
    return _mapping({key: _written(entry.node, (*path, key), moved) for key, entry in node.entries.items()})


def _mapping(entries: dict[str, yaml.Node]) -> yaml.Node:
    pairs = [(_scalar(key), node) for key, node in entries.items()]
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


_RESOLVER: Any = yaml.SafeLoader("")


def _scalar(text: str, *, quoted: bool = False) -> yaml.Node:
    """Return a leaf that is written as it was, with quotes or without; in its tag it takes whatever type YAML sees in it."""
    if quoted:
        return yaml.ScalarNode("tag:yaml.org,2002:str", text, style="'" if "\n" not in text else '"')
    tag = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))
    return yaml.ScalarNode(tag, text)
