"""Choices for making random networks, each a pure function of a seed, a number and how many choices went before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from jukinet_sim.chance.distributions import (
    Distribution,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    geometric,
    hyperexponential,
    lognormal,
    uniform,
    weibull,
)
from jukinet_sim.chance.draws import name_hash, replication_key, uniform_pair

T = TypeVar("T")
_STEP = name_hash("random network")

TIED = (constant(0.25), constant(0.5), constant(1.0), empirical((0.25, 0.5, 2.0), (3.0, 2.0, 1.0)))
"""Times that meet each other: sums of quarters are exact, so that events tie."""
SMOOTH = (
    exponential(0.5),
    uniform(0.0, 1.0),
    gamma(0.5, 0.7),
    erlang(3, 0.75),
    lognormal(0.4, 2.0),
    weibull(0.5, 1.5),
    hyperexponential(0.4, 3.0),
    geometric(2.0),
)
ZERO = constant(0.0)


class Chooser:
    """A stream of choices; the same seed and number give the same ones."""

    def __init__(self, seed: int, number: int) -> None:
        self._key = replication_key(seed, number)
        self._made = 0

    def unit(self) -> float:
        """Return the next number between 0 and 1."""
        self._made += 1
        return uniform_pair(self._key, self._made, _STEP, 0, 0, 0)[0]

    def of(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.unit() * len(options))]

    def chance(self, p: float) -> bool:
        """Return True with probability p."""
        return self.unit() < p

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        return low + int(self.unit() * (high - low + 1))

    def some(self, most: int, make: Callable[[], T]) -> list[T]:
        """Return up to `most` things that `make` makes."""
        return [make() for _ in range(self.number(0, most))]

    def quarters(self, most_s: float) -> float:
        """Return an instant that is a multiple of 1/4 s."""
        return self.number(0, int(4.0 * most_s)) / 4.0

    def duration(self, *, zero: bool = False) -> Distribution:
        """Return a law of times; half of them tie."""
        if zero and self.chance(0.05):
            return ZERO
        return self.of(TIED) if self.chance(0.5) else self.of(SMOOTH)
