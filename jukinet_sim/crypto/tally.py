"""Counting what is really called, so that plans can be held to it."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.crypto.steps import Step, merged

Tell = Callable[[str, int], None]
"""Whom an operation tells its name and the bytes it works on, when it is carried out."""


def silent(operation: str, size: int) -> None:
    """Count nothing."""


class Tally:
    """Every operation that was called, by side."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, int, str], int] = {}

    def on(self, side: str) -> Tell:
        """Return what counts the operations of one side."""
        counts = self._counts

        def tell(operation: str, size: int) -> None:
            key = (operation, size, side)
            counts[key] = counts.get(key, 0) + 1

        return tell

    def steps(self) -> tuple[Step, ...]:
        """Return what was counted."""
        return merged(Step(operation, count, size, side) for (operation, size, side), count in self._counts.items())
