"""What makes the choices of which a random network consists: keyed numbers here, or a test that shrinks what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from jukinet_sim.chance.draws import uniform_pair
from jukinet_sim.chance.keys import name_hash, replication_key

T = TypeVar("T")
_STEP = name_hash("random network")


class Chooser(Protocol):
    """Choices one after another; whoever shrinks prefers the low number, False and the first option."""

    def integer(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""

    def floating(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""

    def boolean(self, one_in: int = 2) -> bool:
        """Return True once in so many times."""

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options."""


class KeyedChooser:
    """Choices that are a pure function of a seed, a number and how many choices went before."""

    def __init__(self, seed: int, number: int) -> None:
        self._key = replication_key(seed, number)
        self._made = 0

    def integer(self, low: int, high: int) -> int:
        """Return a whole number, each with the same probability."""
        return low + int(self._unit() * (high - low + 1))

    def floating(self, low: float, high: float) -> float:
        """Return a number between both, uniformly."""
        return low + self._unit() * (high - low)

    def boolean(self, one_in: int = 2) -> bool:
        """Return True with probability 1 / `one_in`."""
        return self.integer(1, one_in) == one_in

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options, each with the same probability."""
        return options[self.integer(0, len(options) - 1)]

    def _unit(self) -> float:
        self._made += 1
        return uniform_pair(self._key, self._made, _STEP, 0, 0, 0)[0]


def several(choose: Chooser, least: int, most: int, make: Callable[[], T]) -> list[T]:
    """Return between `least` and `most` things that `make` makes."""
    return [make() for _ in range(choose.integer(least, most))]
