"""The cards that travel with the package."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def shipped() -> tuple[Path, ...]:
    """Return the files of the shipped cards."""
    return tuple(sorted(FOLDER.glob("*.json")))
