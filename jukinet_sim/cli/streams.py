"""The standard streams as a command needs them: there in any case, harmless to terminals, never failing on a character."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from jukinet_sim.base.harmless import HarmlessStream


@contextmanager
def standard_streams() -> Iterator[None]:
    """Let everything that is printed pass one place where it is made harmless; what goes to a closed stream is dropped."""
    _fill_closed()
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _safe(sys.stdout), _safe(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


def drop_stdout() -> None:
    """Point stdout to nowhere, so that the interpreter's own flush at exit stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _fill_closed() -> None:
    """Open nowhere in place of closed descriptors 0, 1 and 2: the next file opened would get messages into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _safe(stream: TextIO | None) -> TextIO:
    """Return a stream to write to, one that leads nowhere for none."""
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # it stays open for the process
    # A name that the terminal's encoding lacks must not cost the results.
    getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    return cast(TextIO, HarmlessStream(stream))
