"""What the shell offers when the tab key is pressed: scenario files, kept runs, suites, pages and words to explain.

Nothing is read but names of files, and nothing heavy is loaded: an answer that is not there at once is of no use.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_SCENARIO = (".yaml", ".yml")
_DEPTH = 2
_MOST_FOLDERS = 200
RUNS = "runs"
"""Where runs are kept unless somebody says otherwise."""


def scenarios(incomplete: str) -> list[str]:
    """Offer scenario files here and in folders below, and those that come with the program by their names."""
    from jukinet_sim.scenario.shipped import shipped_folder

    folder, _, _ = incomplete.rpartition("/")
    here = [name for name in _files(Path(folder or "."), _DEPTH) if name.startswith(incomplete)]
    shipped = (name for name in _names(shipped_folder()) if name.endswith(_SCENARIO))
    return [*here, *sorted(set(_beginning(shipped, incomplete)) - set(here))]


def runs(incomplete: str) -> list[str]:
    """Offer kept runs by the names of their scenarios and by their hashes; the latter once they have been begun."""
    folder = Path(RUNS)
    named = _beginning(_names(folder), incomplete)
    hashes = [run for name in _names(folder) for run in _names(folder / name)] if incomplete else []
    return [*named, *_beginning(hashes, incomplete)]


def scenarios_or_runs(incomplete: str) -> list[str]:
    """Offer what can be compared."""
    return [*scenarios(incomplete), *runs(incomplete)]


def suites(incomplete: str) -> list[str]:
    """Offer the shipped suites by alias and name; of a list with commas its last one."""
    from jukinet_sim.crypto.builtin import SUITES

    before, comma, last = incomplete.rpartition(",")
    known = [name for suite in SUITES for name in (*suite.aliases, suite.name)]
    return [f"{before}{comma}{name}" for name in _beginning(known, last)]


def topics(incomplete: str) -> list[str]:
    """Offer the pages of the guide."""
    from jukinet_sim.guide import SECTIONS

    return _beginning((slug for slugs in SECTIONS.values() for slug in slugs), incomplete)


def explainable(incomplete: str) -> list[str]:
    """Offer metrics, and the words that list things; keys are too many."""
    from jukinet_sim.metrics import CATALOGUE

    return _beginning(dict.fromkeys(["links", "metrics", "profiles", *(metric.name for metric in CATALOGUE)]), incomplete)


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete)]


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder, without what is hidden; nothing where there is none."""
    try:
        return sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        return []


def _files(folder: Path, depth: int) -> Iterator[str]:
    """Yield the scenario files of a folder and of those below it, but not those of kept runs."""
    names = _names(folder)
    at = "" if folder == Path(".") else f"{folder}/"
    yield from (f"{at}{name}" for name in names if name.endswith(_SCENARIO))
    folders = [name for name in names if name != RUNS and (folder / name).is_dir()]
    if depth and len(folders) <= _MOST_FOLDERS:
        for name in folders:
            yield from _files(folder / name, depth - 1)
