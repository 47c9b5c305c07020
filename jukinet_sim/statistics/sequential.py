"""Margins of one value, replication by replication, to a decision: it meets its targets, misses one, or that cannot be told.

A margin is bound minus figure, so positive means met. Replications are added look by look until every target's mean margin is
known to be positive, or one to be negative, at the error agreed; no figure is looked at more often than that error pays for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jukinet_sim.statistics.student import two_sided_quantile

FIRST = 5
"""Replications at the first look."""
MOST = 100
"""Replications of one value beyond which none is added."""
INDIFFERENCE = 0.005
"""Margins smaller than this part of the bound are not worth more replications."""
_GROWTH = math.sqrt(2.0)
_CONSTANT = 10
"""Replications that must agree before a margin is taken never to vary: five equal ones say little about a rare loss."""

_PLANNED = 0.9
"""The part of the error that the planned tests share; the rest is kept for those that turn out to be needed besides."""

Item = TypeVar("Item")
Margins = Callable[[int], ArrayLike]
"""From a number of replications to their margins [replication, target]: bound minus figure, NaN or None where undefined.

The first n are the same however many are asked for.
"""
Evaluate = Callable[[Item, int], ArrayLike]
"""The same for a value that is varied, or a combination of several."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is known of one value after some replications.

    `meets` is None where the mean margin cannot be told from 0; `estimate` is then what the point estimates say. Half-widths
    are those of the last look's decision, None where there is none to state; both are None for a figure that is undefined.
    """

    replications: int
    meets: bool | None
    estimate: bool
    margins: tuple[float | None, ...]
    half_widths: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Evaluated(Generic[Item]):
    """A value that was tried, and what was found."""

    value: Item
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Plan:
    """How one value is judged: the bounds of its targets, when to look, and what is too small to matter.

    `indifference` is relative to each bound. Raises ValueError for no target, bounds or indifference that are no sizes, or
    looks that cannot be.
    """

    bounds: tuple[float, ...]
    first: int = FIRST
    most: int = MOST
    indifference: float = INDIFFERENCE

    def __post_init__(self) -> None:
        if not self.bounds or not all(math.isfinite(bound) for bound in self.bounds):
            raise ValueError("a search needs a target, and every target a finite bound")
        if not 2 <= self.first <= self.most:
            raise ValueError(f"first {self.first} and most {self.most} replications; give 2 <= first <= most")
        if not 0.0 <= self.indifference < math.inf:
            raise ValueError(f"an indifference of {self.indifference}; give a part of the bound such as 0.005")

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of replications at which one looks: from `first` to `most`, each sqrt(2) times the last."""
        found, at = [], float(self.first)
        while round(at) < self.most:
            found.append(round(at))
            at = max(at * _GROWTH, round(at) + 1)
        return (*found, self.most)

    @property
    def zones(self) -> NDArray[np.float64]:
        """What is too small to matter, per target."""
        return self.indifference * np.abs(np.asarray(self.bounds))


def judge(margins: Margins, plan: Plan, error: float) -> Judgement:
    """Return whether the mean margins of all targets are positive; wrong with probability `error` at most.

    A group-sequential test with repeated t intervals (Jennison and Turnbull 2000, chapter 9): each look may spend an equal part
    of the error (Bonferroni). To say that all targets are met is an intersection-union test and takes each at the full error
    (Berger 1982); to say that one is missed takes each at its share of it. Only one of the two can be wrong. It ends undecided
    after `plan.most` replications, or once the smallest margin is known to lie within the zone of indifference. A figure that
    is undefined in a replication, as of a run cut short by its load, is missed. Margins are taken to be normal: the error holds
    up to a skewness of about 1 in size, as quantiles of waits have; at 2 a margin of exactly 0 was told one time in thirteen
    where one in forty was allowed. Raises ValueError where margins have another shape than was asked for.
    """
    looks, verdict = plan.looks, None
    spent = error / len(looks)
    for n in looks:
        found = np.asarray(margins(n), dtype=np.float64)
        if found.shape != (n, len(plan.bounds)):
            raise ValueError(f"margins of shape {found.shape}; {n} replications of {len(plan.bounds)} targets were asked for")
        if not np.isfinite(found).all():
            return _undefined(found)
        mean, scale = _mean_and_scale(found)
        to_meet = scale * two_sided_quantile(1.0 - 2.0 * spent, n - 1)
        to_miss = scale * two_sided_quantile(1.0 - 2.0 * spent / len(plan.bounds), n - 1)
        if (mean - to_meet > 0.0).all():
            verdict = True
        elif (mean + to_miss < 0.0).any():
            verdict = False
        indifferent = (mean + to_miss <= plan.zones).any() and (mean - to_meet >= -plan.zones).all()
        if verdict is not None or indifferent:
            break
    return Judgement(n, verdict, bool((mean > 0.0).all()), tuple(mean.tolist()), _stated(to_miss))


def share(before: int, planned: int) -> float:
    """Return the part of the error for the next test after `before` others; over all tests the parts add up to 1.

    The planned tests share nine tenths equally, the j-th beyond them has 1/(j(j+1)) of the rest, so that any number may follow.
    """
    beyond = before - planned + 1
    return _PLANNED / planned if beyond <= 0 else (1.0 - _PLANNED) / (beyond * (beyond + 1))


def _mean_and_scale(margins: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard error per target: exact for what never varies, infinite where that is not yet believed."""
    n = len(margins)
    constant = (margins == margins[0]).all(axis=0)
    mean = np.where(constant, margins[0], margins.mean(axis=0))
    error = margins.std(axis=0, ddof=1) / math.sqrt(n)
    return mean, np.where(constant, 0.0 if n >= _CONSTANT else math.inf, error)


def _undefined(margins: NDArray[np.float64]) -> Judgement:
    """Return the verdict on a value of which some figure is undefined: it is missed, and its margin is not stated."""
    means = tuple(float(column.mean()) if np.isfinite(column).all() else None for column in margins.T)
    return Judgement(len(margins), False, False, means, (None,) * len(means))


def _stated(half_widths: NDArray[np.float64]) -> tuple[float | None, ...]:
    """Return half-widths as they may be printed."""
    return tuple(width if math.isfinite(width) else None for width in half_widths.tolist())
