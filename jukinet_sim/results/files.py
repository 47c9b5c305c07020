"""Whole files or nothing: a kill or a full disk leaves the old file or the new one behind, never half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jukinet_sim.base.errors import StoreError
from jukinet_sim.base.harmless import harmless
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.results.damage import damaged

PART = ".part"
_READ_BY_PEOPLE = 1_000_000
"""Characters; the library takes ten times as long to indent a document as to write it on one line."""
_MOST_BRACKETS = 2**22
"""An empty list takes two bytes in a file and sixty in memory; a million places have a tenth of these."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` at the end, unless writing it failed."""
    part = path.with_name(path.name + PART)
    try:
        path.parent.mkdir(exist_ok=True)
        # Made anew, so that a link or a pipe of this name is neither followed nor waited for.
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o666), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"cannot write {path}: {why}; make room or choose another --out") from error


def write_json(path: Path, value: object) -> None:
    """Write JSON, harmless to terminals and indented for people unless it is too long to be read. Raises StoreError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(text) <= _READ_BY_PEOPLE:
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    text = harmless(text)
    with whole_file(path) as file:
        file.write(text.encode() + b"\n")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, None where it is missing. Raises StoreError where it is unreadable."""
    try:
        return parse_json(read_regular(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise damaged(path, error.strerror or error) from error
    except (ValueError, RecursionError) as error:
        raise damaged(path, error) from error


def parse_json(content: bytes) -> Any:
    """Return the value of a JSON text; ValueError also for what JSON does not have, and for one that is all brackets."""
    if content.count(b"[") + content.count(b"{") > _MOST_BRACKETS:
        raise ValueError("too many brackets")
    return json.loads(content, parse_constant=_no_number)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
