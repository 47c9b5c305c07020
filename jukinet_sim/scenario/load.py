"""A scenario file to one frozen, checked `Loaded`: extends, named overrides and `--set` laid over each other in turn.

`load` raises one ScenarioError that holds every fault found; nothing is half loaded. A file that a scenario names, a base
or a table, lies in the scenario's own folder or below it, links followed; only the command line may name any other.
"""

from __future__ import annotations

import os
from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence as Several
from functools import lru_cache
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.base.suggest import closest, one_of
from jukinet_sim.juki_net.domain import DOMAIN, JukiNet
from jukinet_sim.language.merge import PathError, merge, put, without_nulls
from jukinet_sim.language.source_text import Text, decode, printable, read_text, unprintable_in
from jukinet_sim.language.yaml_source import Entry, Mapping, Node, Scalar, parse, read_only
from jukinet_sim.scenario.doubts import warnings
from jukinet_sim.scenario.faults import position_of
from jukinet_sim.scenario.loaded import Loaded, missing_files
from jukinet_sim.scenario.named_files import is_file, is_folder, is_missing, leaves
from jukinet_sim.scenario.named_routes import with_routes
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.scenario.validate import validate

_SUFFIXES = (".yaml", ".yml")
_FILES_KEPT = 64
"""Who asks many questions about a few scenarios has each of their files read once, as long as nothing in them changes."""
_parsed = lru_cache(maxsize=_FILES_KEPT)(parse)


def load(path: str | os.PathLike[str], *, overrides: Several[str] = (), sets: Several[str] = ()) -> Loaded:
    """Read a scenario file; lay named overrides (or override files) and then `a.b=3` settings over it.

    Raises ScenarioError (exit code 2) with all faults, each with file, line, column and cure.
    """
    return _of_file(_Reader(), Path(path), os.fspath(path), overrides, sets)


def load_unsaved(text: str, path: Path, shown: str) -> Loaded:
    """Read a text as it will stand in a file once it is saved, whether that is there yet or not; messages call it `shown`.

    Raises ScenarioError as `load` does.
    """
    return _of_file(_Reader(unsaved={path: text}), path, shown)


def lay_over(loaded: Loaded, *, overrides: Several[str] = (), sets: Several[str] = ()) -> Loaded:
    """Return a loaded scenario with further named overrides (or override files) and then settings laid over it.

    Overrides that are not asked for were looked at when it was loaded, without what was laid over it since. Raises
    ScenarioError as `load` does.
    """
    return _laid(_Reader(loaded.texts, loaded.folders), loaded.tree, loaded.variant, overrides, sets)


def lay(loaded: Loaded, sets: Several[str]) -> Loaded:
    """Return a loaded scenario with `a.b=3` settings laid over it, as `load` would, without reading its files again.

    Named overrides are left behind: what is made here is one of many points, and nothing more is laid over it. Raises
    ScenarioError.
    """
    tree = read_only({key: entry for key, entry in loaded.tree.entries.items() if key != "overrides"}, loaded.tree.position)
    return _laid(_Reader(loaded.texts, loaded.folders), tree, loaded.variant, (), sets)


def _of_file(reader: _Reader, path: Path, shown: str, overrides: Several[str] = (), sets: Several[str] = ()) -> Loaded:
    """Return what stands in a file with everything laid over it; its own overrides are right, asked for or not."""
    tree = reader.file(path, shown)
    right = _found_right(tuple(reader.texts.values()))
    loaded = _laid(reader, tree, (), overrides, sets, () if right else _variants(tree))
    right.append(True)
    return loaded


@lru_cache(maxsize=_FILES_KEPT)
def _found_right(texts: tuple[Text, ...]) -> list[bool]:
    """Return a note that is kept as long as these files stay as they are; with anything in it their overrides are right."""
    return []


def _laid(
    reader: _Reader,
    tree: Mapping,
    before: Several[str],
    overrides: Several[str],
    sets: Several[str],
    variants: Several[Mapping] = (),
) -> Loaded:
    """Return a tree with everything laid over it, checked; `before` is what was laid over it before."""
    for name in overrides:
        tree = reader.override(tree, name)
    tree = _clean(tree)
    for setting in sets:
        tree = reader.setting(tree, setting)
    laid_over = [f"--override {name}" for name in overrides]
    laid_over += [f"--set {setting}" for setting in sets if not _is_told(setting)]
    return reader.checked(tree, variants, [*before, *laid_over])


def _is_told(setting: str) -> bool:
    """Tell whether a setting is about what every result names anyway."""
    return setting.partition("=")[0].strip() in ("run.seed", "run.replications", "run.engine")


class _Reader:
    """Reads files and settings, and remembers their text for messages."""

    def __init__(
        self,
        texts: ReadOnly[str, Text] | None = None,
        folders: ReadOnly[str, str] | None = None,
        unsaved: ReadOnly[Path, str] | None = None,
    ) -> None:
        self.texts: dict[str, Text] = dict(texts or {})
        self.folders: dict[str, str] = dict(folders or {})
        self._unsaved = dict(unsaved or {})

    def file(self, path: Path, shown: str, chain: tuple[Path, ...] = ()) -> Mapping:
        """Return the tree of a file laid over the file it extends."""
        if not chain and path not in self._unsaved and is_missing(path):
            raise ScenarioError([_no_such_file(path, shown)])
        tree = self._parse(path, shown)
        extends = tree.entries.get("extends")
        if extends is None or not isinstance(extends.node, Scalar) or extends.node.is_null:
            return tree
        chain = (*chain, path.resolve())
        base_path, base_shown = self._base(extends.node, path, shown)
        if base_path.resolve() in chain:
            raise self._error(extends.node.position, f"extends leads back to {base_shown}", "break the circle")
        base = self.file(base_path, base_shown, chain)
        return _lay_over(_untitled(base), tree)

    def _parse(self, path: Path, shown: str) -> Mapping:
        """Return the tree of one file, which must be a mapping."""
        unsaved = self._unsaved.get(path)
        text = read_text(path, shown) if unsaved is None else decode(unsaved.encode("utf-8", "surrogatepass"), shown)
        self.texts[shown] = text
        self.folders[shown] = str(path.resolve().parent)
        tree = _parsed(text)
        if not isinstance(tree, Mapping):
            raise self._error(tree.position, "a scenario is a mapping of keys", 'begin with "scenario: name"')
        return tree

    def _base(self, extends: Scalar, path: Path, shown: str) -> tuple[Path, str]:
        """Return the file that a scenario extends: beside or below it, or a shipped one by its bare name."""
        name = extends.text
        folder = path.resolve().parent
        found = folder / name
        if leaves(folder, name):
            cure = "keep the base in the same folder or below"
            raise self._error(extends.position, f'extends leaves the folder of the scenario: "{name}"', cure)
        if is_file(found):
            return found, os.path.join(os.path.dirname(shown), name)
        shipped = shipped_folder() / name
        if Path(name).name == name and is_file(shipped):
            return shipped, str(shipped)
        if not is_missing(found):
            raise self._error(extends.position, f'extends names no regular file: "{name}"', "name a scenario file")
        cure = _nearest(name, _scenarios_in(folder) | _scenarios_in(shipped_folder())) or "check the path"
        raise self._error(extends.position, f'no such file to extend: "{name}"', cure)

    def override(self, tree: Mapping, name: str) -> Mapping:
        """Return the tree with a named override of its own, or an override file, laid over it."""
        if name.endswith(_SUFFIXES):
            if is_missing(Path(name)):
                raise ScenarioError([_no_such_file(Path(name), name)])
            return _lay_over(tree, self._parse(Path(name), name))
        entry = tree.entries.get("overrides")
        named = entry.node.entries if entry is not None and isinstance(entry.node, Mapping) else {}
        chosen = named[name].node if name in named else None
        if not isinstance(chosen, Mapping):
            cure = one_of(name, named, "this scenario has no overrides; write it under overrides")
            raise ScenarioError([Fault(f'no override is named "{name}"', cure)])
        return _lay_over(tree, chosen)

    def setting(self, tree: Mapping, setting: str) -> Mapping:
        """Return the tree with one `a.b.0.c=3` laid over it."""
        shown = f"--set {printable(setting)}"
        self.texts[shown] = text = Text(shown, printable(setting))
        if unprintable_in(setting) is not None:
            raise self._error(Position(shown, 1, 1), f"this holds {unprintable_in(setting)}", "write printable characters only")
        dotted, equals, value = setting.partition("=")
        if not equals or not dotted.strip() or not value.strip():
            raise self._error(Position(shown, 1, 1), "this is not a setting", "write key=value, such as run.seed=2")
        # Blanks in place of the path keep the columns of the value those of the whole setting.
        padded = Text(shown, " " * (len(dotted) + 1) + value)
        try:
            node = parse(padded)
        except ScenarioError as error:
            raise ScenarioError(_in_setting(fault, text) for fault in error.faults) from None
        try:
            changed = put(tree, _within_the_part(tree, _segments(dotted, shown)), node, (Scenario,))
        except PathError as error:
            raise self._error(error.position, error.what, error.cure) from None
        assert isinstance(changed, Mapping)  # put never changes the kind of the root, whose path is not empty
        return changed

    def checked(self, tree: Mapping, variants: Several[Mapping], laid_over: Several[str]) -> Loaded:
        """Return a tree as a scenario, once it and its named variants are found right. Raises ScenarioError."""
        kept = _clean(tree)
        tree = with_routes(kept)
        scenario, found = validate(tree)
        for variant in variants:
            found += [one for one in validate(with_routes(_clean(variant)))[1] if one not in found]
        if not found and scenario is not None:
            missing = missing_files(scenario, tree, self.folders)
            found = [(position_of(tree, one.path, at_key=one.at_key), one) for one in missing]
        if scenario is None or found:
            raise ScenarioError(dict.fromkeys(self.fault(place, one.what, one.cure) for place, one in found))
        doubts = [self.fault(position_of(tree, one.path, at_key=one.at_key), one.what, one.cure) for one in warnings(scenario)]
        sources, folders = tuple(self.folders), dict(self.folders)
        return Loaded(scenario, kept, sources, folders, tuple(doubts), dict(self.texts), tuple(laid_over))

    def fault(self, position: Position, what: str, cure: str) -> Fault:
        """Return a fault with its source line."""
        return self.texts[position.file].fault(position.line, position.column, what, cure)

    def _error(self, position: Position, what: str, cure: str) -> ScenarioError:
        """Return an error with one fault."""
        return ScenarioError([self.fault(position, what, cure)])


def _in_setting(fault: Fault, text: Text) -> Fault:
    """Return a fault of a padded value as one of the setting; what lies behind its end is put at the end."""
    end = len(text.content) + 1
    column = fault.position.column if fault.position is not None and fault.position.line == 1 else end
    return text.fault(1, column, fault.what, fault.cure)


def _segments(dotted: str, shown: str) -> list[tuple[str, Position]]:
    """Return the segments of a path with their places in the setting."""
    found, column = [], 1
    for part in dotted.split("."):
        found.append((part.strip(), Position(shown, 1, column)))
        column += len(part) + 1
    return found


def _within_the_part(tree: Mapping, path: list[tuple[str, Position]]) -> list[tuple[str, Position]]:
    """Return a path with the key of the domain's part before it where it begins inside: `operators.method` of a nation."""
    (first, position) = path[0]
    inside = DOMAIN.key in tree.entries and first in JukiNet.model_fields
    return [(DOMAIN.key, position), *path] if inside and first not in Scenario.model_fields else path


def _untitled(tree: Mapping) -> Mapping:
    """Return a scenario without its title and description, which are not those of one that extends it."""
    kept = {key: entry for key, entry in tree.entries.items() if key not in ("title", "description")}
    return read_only(kept, tree.position)


def _lay_over(base: Mapping, over: Mapping) -> Mapping:
    """Return one scenario over another; a named override is replaced as a whole, never mixed, and deleted by null."""
    before, after = _named(base), _named(over)
    kept = {name: entry for name, entry in {**before, **after}.items() if not (name in before and _is_null(entry.node))}
    merged = merge(base, over, (Scenario,))
    entries = dict(merged.entries)
    if (before or after) and "overrides" in entries:
        entries["overrides"] = Entry(entries["overrides"].key_position, read_only(kept, over.position))
    return read_only(entries, over.position)


def _named(tree: Mapping) -> dict[str, Entry]:
    """Return the named overrides of a scenario."""
    entry = tree.entries.get("overrides")
    return dict(entry.node.entries) if entry is not None and isinstance(entry.node, Mapping) else {}


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_null


def _variants(tree: Mapping) -> list[Mapping]:
    """Return the scenario under each of its named overrides, so that faults in them show before they are used."""
    laid = [_lay_over(tree, one.node) for one in _named(tree).values() if isinstance(one.node, Mapping)]
    # What the scenario itself lacks is said once, at its own beginning.
    return [Mapping(variant.entries, tree.position) for variant in laid]


def _clean(tree: Mapping) -> Mapping:
    """Return the tree without keys that are null; named overrides keep theirs, which delete keys when used."""
    overrides = tree.entries.get("overrides")
    cleaned = without_nulls(tree)
    assert isinstance(cleaned, Mapping)  # without_nulls keeps the kind of a node
    return read_only({**cleaned.entries, **({"overrides": overrides} if overrides else {})}, tree.position)


def _no_such_file(path: Path, shown: str) -> Fault:
    """Return the fault of a file that is not there, with a near miss where there is one."""
    if is_folder(path):
        names = sorted(_scenarios_in(path))
        return Fault(f"{shown} is a folder", f"name a file in it, such as {names[0]}" if names else "name a file")
    near = _nearest(path.name, _scenarios_in(path.parent))
    return Fault(f"no such file: {shown}", near or 'check the path; "jukinet demo" runs an example')


def _nearest(name: str, files: set[str]) -> str | None:
    """Return `did you mean "file"?`; names are compared without their suffix, which nearly all share."""
    stems = {Path(file).stem: file for file in sorted(files)}
    stem = closest(Path(name).stem, stems)
    return None if stem is None else f'did you mean "{stems[stem]}"?'


def _scenarios_in(folder: Path) -> set[str]:
    """Return the names of the scenario files of a folder."""
    return {file.name for file in folder.glob("*") if file.suffix in _SUFFIXES} if is_folder(folder) else set()
