"""When each station is asked to do most: the busiest hour, from the flows' rates as functions of time.

Work is counted when its job arrives: gates and delays, which move it to a later hour, are ignored. A scheduled job, such as a
file of records, works its way through one visit at a time, so its work is spread over as long as its visits take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Network, Scheduled
from jukinet_sim.theory.arrivals import rate_steps
from jukinet_sim.theory.traffic import station_loads, work_by_source

Floats = NDArray[np.float64]
HOUR_S = 3600.0
_SAME = 1e-9


@dataclass(frozen=True)
class PeakLoad:
    """The busiest hour of a station; it starts at `start_s`, and the load is its mean over that hour.

    For a station kept per place it is the hour of the place with the highest utilisation over the horizon.
    """

    station: str
    place: int | None
    offered_erlangs: float
    servers: int
    start_s: float

    @property
    def utilisation(self) -> float:
        """Offered load per server in that hour; above 1 a backlog builds up."""
        return self.offered_erlangs / self.servers


def busiest_hour(network: Network) -> tuple[PeakLoad, ...]:
    """Give the busiest hour of each station group, in the network's order; the first of several equal ones.

    A horizon shorter than an hour is one window. Raises ScenarioError as `offered` does.
    """
    sources = work_by_source(network)
    tables = [
        _in_progress(source.flow.arrivals, sum(float(np.sum(work)) for work in source.work_s), network.horizon_s)
        if isinstance(source.flow.arrivals, Scheduled)
        else rate_steps(source.flow, network.horizon_s)
        for source in sources
    ]
    starts, slots = np.unique(np.concatenate([[0.0], *(starts for starts, _ in tables)]), return_inverse=True)
    changes = [np.diff(rates, prepend=0.0) for _, rates in tables]
    whose = np.repeat(np.arange(len(sources)), [len(change) for change in changes])
    change = np.concatenate([np.zeros(0), *changes])
    window = _Windows(starts, network.horizon_s)
    peaks = []
    for group, load in enumerate(station_loads(network, sources)):
        work = np.array([source.work_s[group][load.worst_place or 0] for source in sources])
        steps = np.bincount(slots[1:], weights=change * work[whose], minlength=len(starts))
        peak, at = window.busiest(np.maximum(np.cumsum(steps), 0.0))
        peaks.append(PeakLoad(load.station, load.worst_place, peak, load.worst_servers, at))
    return tuple(peaks)


def _in_progress(arrivals: Scheduled, work_s: float, horizon_s: float) -> tuple[Floats, Floats]:
    """Jobs a second, each spread over the time its visits take; `work_s` is that time for a job of the mean size."""
    inside = arrivals.at_s < horizon_s
    at_s = arrivals.at_s[inside]
    records = np.array(arrivals.records, dtype=np.float64)[inside]
    if not len(at_s) or work_s <= 0.0 or records.sum() <= 0.0:
        return np.zeros(1), np.zeros(1)
    begins, share = at_s[records > 0.0], records[records > 0.0] / records.mean()
    ends = begins + np.maximum(work_s * share, 1e-3)
    rate = share / (ends - begins)
    edges = np.concatenate([[0.0], begins, ends])
    changes = np.concatenate([[0.0], rate, -rate])
    order = np.argsort(edges, kind="stable")
    starts, rates = edges[order], np.cumsum(changes[order])
    kept = (starts < horizon_s) & np.append(np.diff(starts) > 0.0, True)
    return starts[kept], np.maximum(rates[kept], 0.0)


class _Windows:
    """Averages of a step function over every hour that begins or ends where a step does.

    The integral over a sliding hour is piecewise linear between those, so that its maximum is among them.
    """

    def __init__(self, starts: Floats, horizon_s: float) -> None:
        edges = np.append(starts, horizon_s)
        self._lengths = np.diff(edges)
        self._wide = min(HOUR_S, horizon_s)
        self._forward = edges[edges <= horizon_s - self._wide]
        self._backward = edges[edges >= self._wide] - self._wide
        self._ends = np.searchsorted(starts, self._forward + self._wide, side="right") - 1
        self._ends_offset = self._forward + self._wide - starts[self._ends]
        self._begins = np.searchsorted(starts, self._backward, side="right") - 1
        self._begins_offset = self._backward - starts[self._begins]

    def busiest(self, load: Floats) -> tuple[float, float]:
        """The largest mean over a window, and when the first such window begins."""
        done = np.concatenate([[0.0], np.cumsum(load * self._lengths)])
        forward = done[self._ends] + load[self._ends] * self._ends_offset - done[: len(self._forward)]
        before = done[self._begins] + load[self._begins] * self._begins_offset
        backward = done[len(done) - len(self._backward) :] - before
        best = max(float(forward.max()), float(backward.max()))
        nearly = best * (1.0 - _SAME)
        first = min(
            self._forward[forward >= nearly].min(initial=np.inf), self._backward[backward >= nearly].min(initial=np.inf)
        )
        return best / self._wide, float(first)
