"""Means of step functions over every hour in which one of them, or the ratio of two, can be at its highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HOUR_S = 3600.0
SAME = 1e-9
"""Loads that differ by less than this relative part are equal but for rounding."""


class Windows:
    """Averages of step functions over every hour that begins or ends where a step does.

    The integral of each over a sliding hour is piecewise linear between those, and the ratio of two of them monotone, so that
    the maximum of the ratio is among them. A horizon shorter than an hour is one window.
    """

    def __init__(self, starts: Floats, horizon_s: float) -> None:
        """Take the instants, from 0 s to the horizon, at which any of the functions has a step."""
        edges = np.append(starts, horizon_s)
        self._lengths = np.diff(edges)
        self.wide_s = min(HOUR_S, horizon_s)
        self._forward = edges[edges <= horizon_s - self.wide_s]
        self._backward = edges[edges >= self.wide_s] - self.wide_s
        self._ends = np.searchsorted(starts, self._forward + self.wide_s, side="right") - 1
        self._ends_offset = self._forward + self.wide_s - starts[self._ends]
        self._begins = np.searchsorted(starts, self._backward, side="right") - 1
        self._begins_offset = self._backward - starts[self._begins]
        self._opens_s = np.concatenate([self._forward, self._backward])

    def __len__(self) -> int:
        return len(self._opens_s)

    def means(self, steps: Floats) -> Floats:
        """Give the mean of a step function, one value per start, over each window."""
        done = np.concatenate([[0.0], np.cumsum(steps * self._lengths)])
        forward = done[self._ends] + steps[self._ends] * self._ends_offset - done[: len(self._forward)]
        before = done[self._begins] + steps[self._begins] * self._begins_offset
        backward = done[len(done) - len(self._backward) :] - before
        means: Floats = np.maximum(np.concatenate([forward, backward]) / self.wide_s, 0.0)
        return means

    def working(self, servers: Floats) -> Floats:
        """Give the mean number of servers over each window, exactly 0 where there is none."""
        able = self.means(servers)
        # What is left of a window without servers after rounding would pass for a very small number of them.
        able[able <= SAME * max(float(servers.max()), 0.0)] = 0.0
        return able

    def busiest(self, load: Floats, servers: Floats, urgent: Floats | None = None) -> tuple[float, float, float]:
        """Give load and servers of the window with most load per server, and when the first such window begins.

        In windows without servers only that part of the load counts which is `urgent`, all of it when left out.
        """
        asked, able = self.means(load), self.working(servers)
        if urgent is not None:
            asked = np.where(able > 0.0, asked, self.means(urgent))
        ratio = np.divide(asked, able, out=np.where(asked > 0.0, np.inf, 0.0), where=able > 0.0)
        nearly = np.nonzero(ratio >= ratio.max() * (1.0 - SAME))[0]
        at = nearly[np.argmin(self._opens_s[nearly])]
        return float(asked[at]), float(able[at]), float(self._opens_s[at])


def unbeaten(rows: Floats, most: int = 50) -> NDArray[np.intp]:
    """Give the columns of which no other is larger in every row, up to `most` of them, those first that are large in many.

    With any weights of at least 0, the largest weighted sum of the rows is in one of them, if there are no more.
    """
    highest = rows.max(axis=1, keepdims=True)
    sizes = np.divide(rows, highest, out=np.zeros_like(rows), where=highest > 0.0).sum(axis=0)
    left = np.arange(rows.shape[1])
    found: list[np.intp] = []
    while len(left) and len(found) < most:
        best = np.argmax(sizes)
        found.append(left[best])
        kept = (rows > rows[:, [best]] * (1.0 + SAME)).any(axis=0)
        left, sizes, rows = left[kept], sizes[kept], rows[:, kept]
    return np.array(found, dtype=np.intp)
