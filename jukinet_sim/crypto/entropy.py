"""Bytes that nobody can foresee: for keys and nonces of real exchanges, which no simulated run ever sees."""

from __future__ import annotations

import os


def fresh(size: int) -> bytes:
    """Return so many unforeseeable bytes."""
    return os.urandom(size)
