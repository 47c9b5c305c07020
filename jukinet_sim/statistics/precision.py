"""Half-widths so far to how many replications to have next, until every figure is known to a relative precision."""

from __future__ import annotations

import math
from collections.abc import Iterable

LEAST = 20
"""Replications before precision is judged at all: fewer stop too early too often."""
MOST = 1000
"""Replications beyond which none is added for precision."""


def relative_half_width(value: float, half_width: float | None) -> float:
    """Return the half-width relative to the value: infinite for a single observation, 0 where nothing varies."""
    if half_width is None:
        return math.inf
    size = abs(value)
    return half_width / size if size else math.inf if half_width else 0.0


def replications_next(done: int, relative: Iterable[float], precision: float, most: int = MOST) -> int:
    """Return how many replications to have next so that each relative half-width falls to the precision; `done` when all have.

    Half-widths shrink with the root of the number of replications (Law 2015, section 9.4.1); the forecast at most doubles the
    number, since early half-widths are themselves uncertain, and never goes beyond `most`. The answer depends on finished
    replications alone, so a run that stops by precision is the plain run of as many replications.
    """
    worst = max(relative, default=0.0)
    if worst <= precision:
        return done
    needed = done * min((worst / precision) ** 2, 2.0)
    return max(done, min(most, max(done + 1, math.ceil(needed))))
