"""How sure a run is so far: the half-width of the largest flow's mean sojourn, as a sparkline over the replications."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet_sim.results.digest import ReplicationDigest

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 16
"""So many of the last half-widths are drawn."""
_FROM = 3
"""From so many replications on: an interval of two says nothing yet."""
_FIGURE = "sojourn_s.mean"


class Convergence:
    """Takes finished replications, in whatever order they come, and tells how narrow the interval has become."""

    def __init__(self) -> None:
        self._flow: str | None = None
        self._values: list[float | None] = []
        self._half_widths: list[float] = []

    def add(self, digest: ReplicationDigest) -> None:
        """Take note of a finished replication; the largest flow of the first one is followed."""
        from jukinet_sim.statistics.intervals import over_replications

        if self._flow is None and digest.flows:
            self._flow = max(digest.flows, key=lambda name: digest.flows[name].counts.get("completed", 0))
        part = digest.flows.get(self._flow or "")
        if part is None:
            return
        self._values.append(part.metrics.get(_FIGURE))
        if len(self._values) < _FROM:
            return
        found = over_replications(self._values)
        if found.value and found.half_width is not None:
            self._half_widths.append(found.half_width / found.value)

    def text(self) -> str:
        """Return the flow, its half-width as a share of the mean and how that came about; empty before there is one."""
        if not self._half_widths:
            return ""
        return f"{self._flow} sojourn ± {self._half_widths[-1]:.1%} {sparkline(self._half_widths[-_SHOWN:])}"


def sparkline(values: list[float]) -> str:
    """Return a bar for each value, the largest one full."""
    most = max(values) or 1.0
    return "".join(_BARS[min(len(_BARS) - 1, int(len(_BARS) * value / most))] for value in values)
