"""Processes that are started from anywhere: a command, a script without a guard, a notebook, lines typed in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def main_hidden() -> Iterator[None]:
    """Start processes that import nothing of the program that starts them.

    A spawned process runs the main program's file again, as a module, so that it knows what is defined there. Ours needs
    nothing of it: a script without a guard would begin its simulations a second time in it, and what is typed in has no file.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
