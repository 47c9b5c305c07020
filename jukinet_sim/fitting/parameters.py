"""Parameters to be fitted, and what a fit says about them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from jukinet_sim.base.errors import UsageError

_AT_BOUND = 1e-12


class NotDeterminedError(UsageError):
    """Parameters that the observations do not determine: their names, and what is wrong, without a cure."""

    def __init__(self, names: Sequence[str], what: str, cure: str) -> None:
        super().__init__(f"{what}; {cure}")
        self.names = tuple(names)
        self.what = what


@dataclass(frozen=True)
class FitParameter:
    """A parameter, where its search starts and the bounds it never leaves; fitted by its logarithm where `low` is above 0."""

    name: str
    start: float
    low: float
    high: float

    def __post_init__(self) -> None:
        ends = (self.low, self.start, self.high)
        if not all(math.isfinite(end) for end in ends) or not self.low < self.high or not self.low <= self.start <= self.high:
            what = f"{self.name} cannot start at {self.start:g} between {self.low:g} and {self.high:g}"
            raise UsageError(f"{what}; write a start within its bounds")

    @property
    def width(self) -> float:
        """The distance of the bounds, as the search sees them."""
        return math.log(self.high / self.low) if self.low > 0.0 else 1.0

    def inner(self, value: float) -> float:
        """Return a value as the search sees it: its logarithm, or the share of the range below it."""
        return math.log(value / self.low) if self.low > 0.0 else (value - self.low) / (self.high - self.low)

    def outer(self, inner: float) -> float:
        """Return the value of what the search sees; within the bounds, and exactly the bound at one."""
        if inner < _AT_BOUND or inner > self.width - _AT_BOUND:
            return self.low if inner < _AT_BOUND else self.high
        value = self.low * math.exp(inner) if self.low > 0.0 else self.low + inner * (self.high - self.low)
        return min(max(value, self.low), self.high)


@dataclass(frozen=True)
class Fitted:
    """A parameter's value, its interval, and whether it was stopped by a bound; ends are None where no interval is known."""

    name: str
    value: float
    low: float | None
    high: float | None
    at_bound: bool


@dataclass(frozen=True)
class Fit:
    """What a fit found: the parameters, the simulated figures there, and how it got there.

    `residuals` are observed less simulated in units of the error that was given or estimated; `misfit` is their sum of
    squares per degree of freedom, about 1 where errors were given and the model is right, None without degrees of
    freedom. `calls` simulations were run; `converged` is False where the search was stopped.
    """

    parameters: tuple[Fitted, ...]
    simulated: tuple[float, ...]
    residuals: tuple[float, ...]
    misfit: float | None
    calls: int
    converged: bool


def check_names(parameters: Sequence[FitParameter]) -> None:
    """Raise UsageError for no parameter, and for two of one name."""
    names = [parameter.name for parameter in parameters]
    if not names:
        raise UsageError("there is no parameter to fit; name one")
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{name} is to be fitted twice; name it once")
