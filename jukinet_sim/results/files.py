"""Whole files or nothing: a kill or a full disk leaves the old file or the new one behind, never half of one."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jukinet_sim.base.errors import StoreError

PART = ".part"
_READ_BY_PEOPLE = 1_000_000
"""Characters; the library takes ten times as long to indent a document as to write it on one line."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` at the end, unless writing it failed."""
    part = path.with_name(path.name + PART)
    try:
        path.parent.mkdir(exist_ok=True)
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        why = error.strerror or error
        raise StoreError(f"cannot write {path}: {why}; make room or choose another --out") from error


def write_json(path: Path, value: object) -> None:
    """Write canonical JSON, indented for people unless it is too long to be read. Raises StoreError."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(text) <= _READ_BY_PEOPLE:
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    with whole_file(path) as file:
        file.write(text.encode() + b"\n")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file, None where it is missing. Raises StoreError where it is unreadable."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} is damaged ({error}); run the scenario again with --fresh") from error
