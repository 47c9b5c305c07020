"""One writer at a time for a run folder.

The operating system holds the lock and drops it when its holder dies, so a stale one is taken over without a race; the
file only says who holds it.
"""

from __future__ import annotations

import json
import os
import platform
import stat
from pathlib import Path
from typing import IO

from jukinet_sim.base.errors import StoreError

_MOST_BYTES = 4096


class FolderLock:
    """The lock file of a folder, held from creation to `release`."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises StoreError naming the holder if there is one."""
        import fcntl

        # Never deleted: a waiting process could otherwise lock the unlinked file while a third one locks its successor.
        # Never through a link, whose target would be emptied.
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o644)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise StoreError(f"{path} is not a file; delete it, or choose another --out")
        self._file: IO[bytes] = os.fdopen(opened, "r+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(self._file.read(_MOST_BYTES))
            self._file.close()
            raise StoreError(f"{path.parent} is in use by {holder}; wait for it or choose another --out") from None
        except OSError as error:
            self._file.close()
            raise StoreError(f"cannot lock {path}: {error.strerror}; choose an --out on a local disk") from error
        self._write(json.dumps({"pid": os.getpid(), "host": platform.node()}).encode())

    def _write(self, content: bytes) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(content)

    def release(self) -> None:
        """Let the next writer in."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()


def _holder(content: bytes) -> str:
    try:
        holder = json.loads(content)
        return f"process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError, TypeError, RecursionError):
        # The holder has the lock but has not written its name yet.
        return "another process"
