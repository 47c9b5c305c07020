"""A monotone response seen through noise to the smallest value that meets all targets, or the largest, with its confidence.

Values are tried by bisection, and by growing steps outside the bracket that theory gives; each is judged by as few
replications as its margin allows. Replications share their random numbers between values, so that margins move together.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from jukinet_sim.statistics.intervals import DEFAULT_LEVEL
from jukinet_sim.statistics.sequential import FIRST, INDIFFERENCE, MOST, Evaluate, Evaluated, Judgement, Plan, judge, share

Number = TypeVar("Number", int, float)


@dataclass(frozen=True, slots=True)
class Found(Generic[Number]):
    """The answer of a search; None where no value meets the targets.

    With probability `confidence` no value was misjudged. `distinguishable` is False where the answer, or its neighbour that
    misses, could not be told from the bound; the answer is then that of the point estimates. `missing` and `meeting` are the
    values nearest to the crossing that surely miss and surely meet, None where none was seen.
    """

    answer: Number | None
    distinguishable: bool
    confidence: float
    evaluated: tuple[Evaluated[Number], ...]
    missing: Number | None
    meeting: Number | None

    @property
    def replications(self) -> int:
        """Replications of all values together."""
        return sum(each.judgement.replications for each in self.evaluated)


@dataclass(slots=True)
class Bracket:
    """Where the first index that meets may lie, among 0 .. size: known to miss at `low`, known to meet at `high`.

    -1 and `size` stand for "none known". Between them `guess_low` and `guess_high` are believed to miss and to meet, and are
    tried last if the crossing lies between them, first, at growing distance, if it has turned out not to.
    """

    size: int
    guess_low: int
    guess_high: int
    low: int = -1
    high: int = 0
    step: int = 0

    def __post_init__(self) -> None:
        self.high = self.size

    @property
    def open(self) -> bool:
        """Whether there is anything left to try."""
        return self.high - self.low > 1

    @property
    def planned(self) -> int:
        """How many tries it takes at most if the guesses hold."""
        inside = max(1, math.ceil(math.log2(self.guess_high - self.guess_low)))
        return inside + (self.guess_high < self.size or self.guess_low >= 0)

    def next(self) -> int:
        """Return the index to try next."""
        if self.step and self.guess_high < self.high:
            return self.guess_high
        if self.step and self.guess_low > self.low:
            return self.guess_low
        if self.guess_high - self.guess_low > 1:
            return (self.guess_low + self.guess_high) // 2
        return self.guess_high if self.guess_high < self.high else self.guess_low

    def learn(self, index: int, *, meets: bool) -> None:
        """Take in that an index meets, or misses."""
        if meets:
            self.high = self.guess_high = index
            if index <= self.guess_low:
                self.step = 2 * self.step or 1
                self.guess_low = max(self.low, index - self.step)
        else:
            self.low = self.guess_low = index
            if index >= self.guess_high:
                self.step = 2 * self.step or 1
                self.guess_high = min(self.high, index + self.step)


def smallest_meeting(
    values: Sequence[Number],
    evaluate: Evaluate[Number],
    bounds: Sequence[float],
    *,
    start: tuple[Number, Number] | None = None,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
    indifference: float = INDIFFERENCE,
) -> Found[Number]:
    """Return the smallest of the ascending `values` whose mean margins are all positive, if larger values only help.

    `bounds` are the bounds of the targets, the measure of what is too small to matter (`indifference`, relative); `start` is
    where theory expects the answer, both ends included; `first` and `most` are replications of one value. The k-th value tried
    is judged with a part of the error 1 - `confidence` that was fixed beforehand, all parts adding up to it, so all values are
    judged rightly, and hence the crossing, with that confidence (Bonferroni; the answer needs no more of the response than that
    it is monotone in the mean). Each value: `sequential.judge`. Outside the bracket steps double (Bentley and Yao 1976).
    Where the response is not monotone the answer is a value that meets next to one that does not. Raises ValueError for no
    values, values out of order, a confidence outside (0, 1), and whatever `Plan` refuses.
    """
    _check(values, confidence)
    guesses = None if start is None else (_index(values, min(start)), _index(values, max(start)))
    return _search(values, guesses, evaluate, Plan(tuple(bounds), first, most, indifference), confidence)


def largest_meeting(
    values: Sequence[Number],
    evaluate: Evaluate[Number],
    bounds: Sequence[float],
    *,
    start: tuple[Number, Number] | None = None,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
    indifference: float = INDIFFERENCE,
) -> Found[Number]:
    """Return the largest of the ascending `values` whose mean margins are all positive, if larger values only hurt.

    Everything else is as in `smallest_meeting`.
    """
    _check(values, confidence)
    last = len(values) - 1
    guesses = None if start is None else (last - _index(values, max(start)), last - _index(values, min(start)))
    return _search(values[::-1], guesses, evaluate, Plan(tuple(bounds), first, most, indifference), confidence)


def largest_factor(
    evaluate: Evaluate[float],
    bounds: Sequence[float],
    *,
    low: float = 1.0,
    high: float = 16.0,
    tolerance: float = 0.01,
    start: tuple[float, float] | None = None,
    confidence: float = DEFAULT_LEVEL,
    first: int = FIRST,
    most: int = MOST,
    indifference: float = INDIFFERENCE,
) -> Found[float]:
    """Return the largest factor, of load say, that still meets all targets: the slack, to a relative `tolerance`.

    Factors from `low` to `high` stand a factor of 1 + `tolerance` apart at most, and are searched as by `largest_meeting`: the
    targets are met at the answer, and no longer at the next factor (`missing`). None says that even `low` is too much, `high`
    that there is still room. Raises ValueError unless 0 < low < high and tolerance > 0.
    """
    if not (0.0 < low < high < math.inf and tolerance > 0.0):
        what = f"factors from {low} to {high} to a tolerance of {tolerance}"
        raise ValueError(f"{what}; give 0 < low < high and a tolerance above 0")
    steps = math.ceil(math.log(high / low) / math.log1p(tolerance) * (1.0 - 1e-12))
    factors = [low * (high / low) ** (k / steps) for k in range(steps)] + [high]
    return largest_meeting(
        factors, evaluate, bounds, start=start, confidence=confidence, first=first, most=most, indifference=indifference
    )


def _search(
    order: Sequence[Number], guesses: tuple[int, int] | None, evaluate: Evaluate[Number], plan: Plan, confidence: float
) -> Found[Number]:
    """Search values ordered so that later ones only help."""
    size = len(order)
    bracket = Bracket(size, -1, size) if guesses is None else Bracket(size, guesses[0] - 1, guesses[1])
    planned, judged = bracket.planned, dict[int, Judgement]()
    while bracket.open:
        at = bracket.next()
        error = (1.0 - confidence) * share(len(judged), planned)
        judged[at] = judge(partial(evaluate, order[at]), plan, error)
        bracket.learn(at, meets=judged[at].estimate if judged[at].meets is None else judged[at].meets is True)
    missing = [at for at, judgement in judged.items() if judgement.meets is False and at < bracket.high]
    meeting = [at for at, judgement in judged.items() if judgement.meets is True and at >= bracket.high]
    return Found(
        order[bracket.high] if bracket.high < size else None,
        all(judged[at].meets is not None for at in (bracket.low, bracket.high) if at in judged),
        confidence,
        tuple(Evaluated(order[at], judgement) for at, judgement in judged.items()),
        order[max(missing)] if missing else None,
        order[min(meeting)] if meeting else None,
    )


def _check(values: Sequence[Number], confidence: float) -> None:
    """Raise ValueError for what cannot be searched."""
    if not len(values):
        raise ValueError("a search needs a value to try")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"no search with confidence {confidence}; give one between 0 and 1")
    if any(values[k] >= values[k + 1] for k in range(len(values) - 1)):
        raise ValueError("values to search must ascend")


def _index(values: Sequence[Number], value: Number) -> int:
    """Return where a value stands, or would stand, among the values."""
    return min(bisect_left(values, value), len(values) - 1)
