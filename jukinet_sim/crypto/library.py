"""The parts of the library `cryptography`, each loaded when it is first used, and what this one of its builds can do.

Nothing is told by version numbers: what a build lacks is found by asking for it.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def part(name: str) -> Any:
    """Return a module of the library, such as `hazmat.primitives.asymmetric.rsa`. Raises ImportError where it lacks it."""
    return import_module(f"cryptography.{name}")


@cache
def hashing(digest: str) -> Any:
    """Return the library's object for a digest such as "sha256"."""
    return getattr(part("hazmat.primitives.hashes"), digest.upper())()
