"""Bytes of regular files only: a pipe, a device or a link that leads back to itself is refused and never waited for."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

MOST_BYTES = 2**28
"""The largest file that is read at once, 256 MiB: no list of a nation is a tenth of that."""
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file to read its bytes. Raises OSError whose `strerror` says in words what else it is."""
    try:
        # Looked at before it is opened, as opening alone makes some devices act; and after, as it may have been exchanged.
        _demand_regular(os.stat(path).st_mode, path)
        # Without O_NONBLOCK a pipe would be waited for until somebody writes to it.
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except ValueError:
        raise OSError(errno.EINVAL, "its name holds a NUL character", os.fspath(path)) from None
    try:
        _demand_regular(os.fstat(opened).st_mode, path)
        return os.fdopen(opened, "rb")
    except BaseException:
        os.close(opened)
        raise


def read_regular(path: str | os.PathLike[str], most: int = MOST_BYTES) -> bytes:
    """Return the content of a regular file of at most so many bytes. Raises OSError as `open_regular` does."""
    with open_regular(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most // 2**20} MiB", os.fspath(path))
    return content


def is_regular(path: Path) -> bool:
    """Tell whether there is a regular file, or a link to one, under this name."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _demand_regular(mode: int, path: str | os.PathLike[str]) -> None:
    """Raise OSError for anything but a regular file."""
    if not stat.S_ISREG(mode):
        kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "of another kind")
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file", os.fspath(path))
