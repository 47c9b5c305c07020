"""A scenario as it was found right, with the places of its keys, the files it names, and its resolved form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence as Several
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import Fault, Position
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.arrivals import Times
from jukinet_sim.language.complaint import Objection
from jukinet_sim.language.merge import find
from jukinet_sim.language.source_text import Text
from jukinet_sim.language.yaml_source import Mapping, Scalar
from jukinet_sim.scenario.named_files import is_file, is_missing, leaves
from jukinet_sim.scenario.named_routes import with_routes
from jukinet_sim.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario with the node tree it was made from.

    `tree` keeps the position of every node; `sources` names the files read, the main one first; `folders` gives the
    folder of each of them, to which paths of CSV files are relative; `warnings` are legal but probably not meant; `variant`
    is what was laid over the file, as options of the command line.
    """

    scenario: Scenario
    tree: Mapping
    sources: tuple[str, ...]
    folders: ReadOnly[str, str]
    warnings: tuple[Fault, ...] = ()
    texts: ReadOnly[str, Text] = field(default_factory=dict)
    variant: tuple[str, ...] = ()

    def fault(self, dotted: str, what: str, cure: str) -> Fault:
        """Return a fault at the place of a key, or of the nearest one above it that is set, with its source line."""
        # The steps of a route that a flow names have a place of their own.
        parts, tree = dotted.split("."), with_routes(self.tree)
        for end in range(len(parts), 0, -1):
            found = find(tree, ".".join(parts[:end]))
            if found is not None and found[0].file in self.texts:
                return self.texts[found[0].file].fault(found[0].line, found[0].column, what, cure)
        return Fault(what, cure)

    def file_at(self, dotted: str) -> Path | None:
        """Return the absolute path of the file that a key such as `network.flows.g.arrivals.times` names."""
        return file_of(self.tree, self.folders, dotted)


def missing_files(scenario: Scenario, tree: Mapping, folders: ReadOnly[str, str]) -> list[Objection]:
    """Object to CSV files that are not there, and to those outside the folder of the scenario that names them."""
    found = []
    for path in files_named(scenario):
        where = file_of(tree, folders, ".".join(path))
        named = find(tree, ".".join(path))
        folder = None if named is None else folders.get(named[1].position.file)
        if where is None or named is None or not isinstance(named[1], Scalar):
            continue
        if folder is not None and leaves(Path(folder), named[1].text):
            cure = "put it into that folder or below, or name it with --set"
            found.append(Objection(path, f'this file lies outside the folder of the scenario: "{named[1].text}"', cure))
        elif not is_file(where):
            missing = is_missing(where)
            what = f"no such file: {where.name}" if missing else f"{where.name} is no regular file"
            cure = f"put it into {where.parent.name}/ or correct the path" if missing else "name a CSV file"
            found.append(Objection(path, what, cure))
    return found


def files_named(scenario: Scenario) -> Several[tuple[str, ...]]:
    """Return the paths of the keys that name a CSV file."""
    flows = {} if scenario.network is None else scenario.network.flows
    named: list[tuple[str, ...]] = [
        ("network", "flows", name, "arrivals", "times") for name, f in flows.items() if isinstance(f.arrivals, Times)
    ]
    if scenario.juki_net is not None:
        named += [(DOMAIN.key, *path) for path in DOMAIN.files(scenario.juki_net)]
    return named


def file_of(tree: Mapping, folders: ReadOnly[str, str], dotted: str) -> Path | None:
    """Return the file that the text at a path names, seen from the folder of the file the text stands in."""
    found = find(tree, dotted)
    if found is None or not isinstance(found[1], Scalar):
        return None
    # A setting stands in no folder; it belongs to the main file, which was read first.
    folder = folders.get(found[1].position.file, next(iter(folders.values())))
    return Path(folder) / found[1].text


def where(loaded: Loaded, dotted: str) -> Position | None:
    """Return where a key such as `network.stations.db.servers` is set; None where it has its default."""
    found = find(loaded.tree, dotted)
    return None if found is None else found[0]


def file_keys(loaded: Loaded) -> Several[tuple[str, ...]]:
    """Return the paths of the keys of a scenario that name a CSV file."""
    return files_named(loaded.scenario)


def dump_resolved(loaded: Loaded) -> dict[str, Any]:
    """Return the scenario with every default and override in place, in SI, as plain JSON data.

    CSV files it names stand in `files` with their SHA-256, so that two runs are equal only if their data are; where the
    files lie does not count, so of their paths only the name is kept.
    """
    resolved = loaded.scenario.model_dump(mode="json", by_alias=True, exclude={"extends", "overrides"})
    digests: dict[str, str] = {}
    for path in files_named(loaded.scenario):
        file = loaded.file_at(".".join(path))
        if file is not None:
            digests[".".join(path)] = hashlib.sha256(read_regular(file)).hexdigest()
            _put_name(resolved, path, file.name)
    return {**resolved, "files": digests} if digests else resolved


def _put_name(resolved: dict[str, Any], path: Several[str], name: str) -> None:
    """Replace the text at a path of nested mappings."""
    there = resolved
    for key in path[:-1]:
        there = there[key]
    there[path[-1]] = name
