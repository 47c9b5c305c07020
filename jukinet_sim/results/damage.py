"""Run folders come from anywhere: what one may hold, and how what is wrong with it becomes a message with a cure."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import StoreError, UsageError

CURE = "run the scenario again with --fresh to replace it"
WRONG_CONTENT = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError, AssertionError)
"""What code meets that reads content of another shape than ours."""
_MANIFEST: dict[str, tuple[type, ...]] = {
    "scenario": (str,),
    "hash": (str,),
    "resolved": (dict,),
    "seed": (int,),
    "rule_version": (int,),
    "replications": (int,),
    "warm_up_note": (str, type(None)),
    "watches": (list, type(None)),
}


def damaged(path: Path, what: object) -> StoreError:
    """Return the error of a file, or a folder, whose content cannot be used."""
    return StoreError(f"{path} is damaged ({str(what)[:200]}); {CURE}")


@contextmanager
def reading(path: Path, *, asked: bool = False) -> Iterator[None]:
    """Turn whatever fails because of content read from a run folder into a StoreError that names it.

    Where somebody `asked` for something, a UsageError is about that and stays one.
    """
    try:
        yield
    except WRONG_CONTENT as error:
        what = f"{type(error).__name__}: {error}".splitlines()
        raise damaged(path, what[0]) from error
    except UsageError as error:
        if asked:
            raise
        # Nobody asked for anything here: it is the folder that asks for what it does not hold.
        raise damaged(path, error) from error


def check_manifest(manifest: dict[str, Any], path: Path) -> None:
    """Refuse a manifest that lacks what a run's has, or has it of another type. Raises StoreError."""
    for key, types in _MANIFEST.items():
        value = manifest.get(key)
        if not isinstance(value, types) or isinstance(value, bool):
            raise damaged(path, f'"{key}" is missing or of another type' if value is None else f'"{key}" is of another type')
    if manifest["replications"] < 1:
        raise damaged(path, '"replications" is not a number from 1 on')
    if not isinstance(manifest["resolved"].get("title") or "", str):
        raise damaged(path, "the title is no text")
    variant = manifest.get("variant", [])
    if not isinstance(variant, list) or not all(isinstance(one, str) for one in variant):
        raise damaged(path, '"variant" is no list of texts')


def refuse_links(paths: Iterable[Path]) -> None:
    """Refuse anything but files and folders: what is written through a link lands elsewhere. Raises StoreError naming it."""
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:  # a side file of SQLite that its writer has just removed
            continue
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            what = "a symbolic link" if stat.S_ISLNK(mode) else "neither a file nor a folder"
            raise StoreError(f"{path} is {what}, which no run makes; delete it, or choose another --out")
