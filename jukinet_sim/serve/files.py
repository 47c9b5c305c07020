"""The scenario files of one folder: listed, read and written, and nothing outside of it.

Names are paths below the folder, with slashes. Links are followed only where they stay inside.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.experiment import FILE
from jukinet_sim.language.source_text import MAX_BYTES
from jukinet_sim.results.files import whole_file
from jukinet_sim.results.store import MANIFEST

SUFFIXES = (".yaml", ".yml")
MOST = 500
"""So many files are listed."""
_DEEP = 4
_OF_RUNS = frozenset({MANIFEST, FILE})
"""Where one of these lies, a scenario is what was run, not what somebody writes."""
_PART = re.compile(r"[\w][\w. -]*")
_TITLE = re.compile(rb"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_HEAD_BYTES = 4096


class Changed(UsageError):
    """A file is not any more what it was when it was read."""


@dataclass(frozen=True)
class Named:
    """A scenario file by its name below the folder, and its title."""

    name: str
    title: str


def version(content: bytes) -> str:
    """Return what tells one content of a file from another."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Folder:
    """A folder whose scenario files are served; one that is shipped is only read."""

    root: Path
    read_only: bool = False

    def listed(self) -> Iterator[Named]:
        """Yield its scenario files folder by folder, so many as are listed; those that runs keep are not among them."""
        yield from islice((Named(name, _title(self.root / name)) for name in self._names()), MOST)

    def _names(self) -> Iterator[str]:
        """Yield the names of scenario files, without going into hidden folders, links or those of runs."""
        for place, folders, files in os.walk(self.root):
            below = Path(place).relative_to(self.root).parts
            if len(below) >= _DEEP or _OF_RUNS.intersection(files):
                folders.clear()
                continue
            folders[:] = sorted(folder for folder in folders if not _is_hidden(folder))
            for file in sorted(files):
                name = "/".join((*below, file))
                if _is_name(name) and self._is_inside(self.root / name) and (self.root / name).is_file():
                    yield name

    def path(self, name: str) -> Path:
        """Return where a file of this name lies, or would. Raises UsageError for a name that leads anywhere else."""
        if not _is_name(name):
            raise UsageError(f'"{name[:80]}" is no name of a scenario file; write letters, digits, "-" and "_", and .yaml')
        path = self.root / name
        if not self._is_inside(path):
            raise UsageError(f'"{name}" leads out of the folder; name a file in it')
        return path

    def read(self, name: str) -> bytes:
        """Return the content of a file. Raises UsageError."""
        path = self.path(name)
        if not path.is_file():
            raise UsageError(f'there is no scenario "{name}" here')
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise UsageError(f"{name} cannot be read: {error.strerror}") from error
        if len(content) > MAX_BYTES:
            raise UsageError(f"{name} is larger than a scenario may be")
        return content

    def write(self, name: str, content: bytes, known: str | None) -> str:
        """Write a file and return its version; `known` is that which was read, None for a file that is new.

        Raises UsageError, Changed where somebody else has written it meanwhile, and StoreError.
        """
        path = self.path(name)
        if self.read_only:
            raise UsageError("shipped scenarios stay as they are; save it under a name of your own")
        if len(content) > MAX_BYTES:
            raise UsageError("a scenario has at most 1 MiB; move long tables to CSV files")
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent.relative_to(self.root)}/ here")
        before = self.read(name) if path.exists() else None
        there = None if before is None else version(before)
        if there != known:
            what = "there is a file of this name already" if known is None else "the file has changed on disk"
            raise Changed(f"{name}: {what}; load it again, or save under another name")
        # A browser ends lines in one way only; the file keeps its own.
        if before is not None and b"\r\n" in before and before.count(b"\r\n") == before.count(b"\n"):
            content = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        with whole_file(path) as file:
            file.write(content)
        return version(content)

    def _is_inside(self, path: Path) -> bool:
        try:
            return path.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):
            return False


def _is_name(name: str) -> bool:
    """Whether a text is a path below a folder with the ending of a scenario."""
    parts = name.split("/")
    return name.endswith(SUFFIXES) and len(parts) <= _DEEP and all(_PART.fullmatch(part) for part in parts)


def _is_hidden(part: str) -> bool:
    return part.startswith((".", "_"))


def _title(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = _TITLE.search(file.read(_HEAD_BYTES))
    except OSError:
        # One file that may not be read, or has just gone, hides no other; opening it says why.
        return ""
    return "" if found is None else found[1].decode("utf-8", "replace").strip("\"' ")
