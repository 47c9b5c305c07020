"""One factor at a time, to either end of its range: the rows of a tornado chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.design.groups import checked_outputs


@dataclass(frozen=True)
class Swing:
    """The output with one factor at the low and at the high end of its range, all others as they are; None where unknown."""

    key: str
    low: float | None
    high: float | None

    @property
    def swing(self) -> float | None:
        """How far apart the two are."""
        return None if self.low is None or self.high is None else abs(self.high - self.low)


def tornado_points(base: Sequence[float], *, low: float = 0.0, high: float = 1.0) -> NDArray[np.float64]:
    """Return points [2 x factors + 1, factors] in the unit cube: the base, then each factor low, and each factor high.

    Eschenbach (1992). `base` has the share of its range at which each factor stands; `low` and `high` are shares too, such
    as .05 and .95. What factors do together stays unseen: that is what `sobol` is for.
    """
    centre = np.asarray(base, dtype=np.float64)
    ends = [np.where(np.eye(len(centre), dtype=bool), end, centre) for end in (low, high)]
    return np.concatenate([centre[None, :], *ends])


def swings(keys: Sequence[str], outputs: NDArray[np.float64]) -> tuple[float | None, tuple[Swing, ...]]:
    """Return the output at the base, and what each factor does to it, the largest swing first.

    `outputs` [2 x factors + 1] or with replications [.., replications], which are averaged, belong to `tornado_points`; NaN
    marks a point without an output.
    """
    values = checked_outputs(outputs, 2 * len(keys) + 1).mean(axis=1)
    base, *ends = (None if np.isnan(value) else float(value) for value in values)
    found = [Swing(key, low, high) for key, low, high in zip(keys, ends[: len(keys)], ends[len(keys) :], strict=True)]
    return base, tuple(sorted(found, key=lambda one: -1.0 if one.swing is None else one.swing, reverse=True))
