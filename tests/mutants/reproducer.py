"""A mutant that breaks a promise, made as small as it can be and kept in a folder for whoever mends it."""

from __future__ import annotations

import contextlib
import shlex
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from tests.mutants.mutators import Mutant, mutant
from tests.mutants.runner import Ending, innermost
from tests.mutants.trial import attempt
from tests.mutants.yaml_text import Pairs, Tree, read, write

_TRIES = 300


def keep(ending: Ending) -> Path:
    """Write the files of a mutant, reduced where its fault is an exception, and return the scenario file."""
    made = mutant(ending.number)
    if ending.is_exception:
        made = reduced(made, ending.where)
    folder = Path(tempfile.gettempdir()) / "jukinet-mutants" / str(ending.number)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    sets = " ".join(f"--set {shlex.quote(setting)}" for setting in made.sets)
    (folder / "command.txt").write_text(f"jukinet run {made.main} {sets}\n{ending}\n", encoding="utf-8", errors="replace")
    return folder / made.main


def reduced(made: Mutant, where: str) -> Mutant:
    """Take out of a mutant's scenario what its fault, known by the line that raises it, does not need."""
    for _ in range(_TRIES):
        smaller = next((one for one in _smaller(made) if _fails_at(one) == where), None)
        if smaller is None:
            return made
        made = smaller
    return made


def _smaller(made: Mutant) -> Iterator[Mutant]:
    """Yield a mutant without one setting, or without one part of its scenario, large parts first."""
    for i in range(len(made.sets)):
        yield replace(made, sets=made.sets[:i] + made.sets[i + 1 :])
    try:
        tree = read(made.files[made.main])
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    for path in _paths(tree):
        yield replace(made, files={**made.files, made.main: write(_without(tree, path))})


def _paths(tree: Tree) -> list[tuple[int, ...]]:
    """Give the place of every part of a tree, from the top down."""
    paths: list[tuple[int, ...]] = []
    level: list[tuple[tuple[int, ...], Tree]] = [((), tree)]
    while level:
        below: list[tuple[tuple[int, ...], Tree]] = []
        for path, node in level:
            if isinstance(node, str):
                continue
            values = [value for _, value in node.items] if isinstance(node, Pairs) else node
            below += [((*path, i), value) for i, value in enumerate(values)]
        paths += [path for path, _ in below]
        level = below
    return paths


def _without(tree: Tree, path: tuple[int, ...]) -> Tree:
    """Return a tree without one of its parts."""
    if isinstance(tree, str):
        return tree
    at, rest = path[0], path[1:]
    if isinstance(tree, Pairs):
        key, value = tree.items[at]
        kept = [(key, _without(value, rest))] if rest else []
        return Pairs([*tree.items[:at], *kept, *tree.items[at + 1 :]])
    return [*tree[:at], *([_without(tree[at], rest)] if rest else []), *tree[at + 1 :]]


def _fails_at(made: Mutant) -> str | None:
    """Return the innermost line of the program in what a mutant raises, or None where it raises nothing."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError):
        try:
            attempt(made, Path(folder))
        except Exception as error:
            return innermost(error)
    return None
