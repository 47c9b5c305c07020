"""The policies that travel with the package."""

from __future__ import annotations

from pathlib import Path


def shipped() -> Path:
    """Return the file of the shipped policies."""
    return Path(__file__).parent / "data" / "policy.csv"
