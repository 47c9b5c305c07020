"""Step functions of some flows and of the servers they meet, laid side by side over the instants at which any has a step.

Whoever looks at one station lays out the flows that come to it alone: steps of other flows would make more hours to compare,
none of which can be its busiest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.theory.windows import Windows

Floats = NDArray[np.float64]
Steps = tuple[Floats, Floats]
"""A step function: when each value begins, from 0 s on, and the values."""
_ROUNDING = 1e-12
"""Of the largest load: less than that is what is left of sums of many steps up and down."""


class Courses:
    """The rates of some flows, in `windows` over every hour that can be the busiest of a place that they come to."""

    def __init__(self, rates: Sequence[Steps], servers_at_s: Floats, horizon_s: float) -> None:
        """Lay out rates, together with servers that may change at `servers_at_s`."""
        begins = [at_s for at_s, _ in rates]
        self._starts = np.unique(np.concatenate([[0.0], *begins, servers_at_s]))
        self._rates = rates
        self._slots = np.searchsorted(self._starts, np.concatenate([np.zeros(0), *begins]))
        changes = [np.diff(values, prepend=0.0) for _, values in rates]
        self._change = np.concatenate([np.zeros(0), *changes])
        self._whose = np.repeat(np.arange(len(changes)), [len(change) for change in changes])
        self.windows = Windows(self._starts, horizon_s)

    def load(self, work: Floats) -> Floats:
        """Return the load as a step function, given what one job of each flow asks for."""
        steps = np.bincount(self._slots, weights=self._change * work[self._whose], minlength=len(self._starts))
        load = np.cumsum(steps)
        # What rounding leaves where all work has ended is no work: an hour without any server could not do it.
        return np.where(load > _ROUNDING * load.max(initial=0.0), load, 0.0)

    def laid_out(self, steps: Steps) -> Floats:
        """Return a step function's value from each instant on at which any has a step."""
        at_s, values = steps
        laid_out: Floats = values[np.maximum(np.searchsorted(at_s, self._starts, side="right") - 1, 0)]
        return laid_out

    def means(self) -> Floats:
        """Give the mean rate of each flow over each window, as an array [flows, windows]."""
        means = np.empty((len(self._rates), len(self.windows)))
        for row, steps in zip(means, self._rates, strict=True):
            row[:] = self.windows.means(self.laid_out(steps))
        return means
