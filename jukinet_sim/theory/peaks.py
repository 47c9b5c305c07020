"""When each station is asked to do most of what it can do: the busiest hour, from the flows' rates as functions of time.

Work is counted when its job arrives: gates and delays, which move it to a later hour, are ignored. A scheduled job, such as a
file of records, works its way through one visit at a time, so its work is spread over as long as its visits take.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Closed, Network, Scheduled
from jukinet_sim.theory.arrivals import rate_steps
from jukinet_sim.theory.servers import server_steps
from jukinet_sim.theory.traffic import per_server, station_loads
from jukinet_sim.theory.work import SourceWork, work_by_source

Floats = NDArray[np.float64]
HOUR_S = 3600.0
_SAME = 1e-9


@dataclass(frozen=True)
class PeakLoad:
    """The busiest hour of a station; it starts at `start_s`, and the load is its mean over that hour.

    For a station kept per place it is the hour of the place with the highest utilisation over the horizon. `servers` is the
    mean that works in that hour, in servers at full speed.
    """

    station: str
    place: int | None
    offered_erlangs: float
    servers: float
    start_s: float

    @property
    def utilisation(self) -> float:
        """Offered load per server in that hour; above 1 a backlog builds up; infinite where nobody serves."""
        return per_server(self.offered_erlangs, self.servers)


def busiest_hour(network: Network) -> tuple[PeakLoad, ...]:
    """Give the busiest hour of each station group, in the network's order; the first of several equal ones.

    A horizon shorter than an hour is one window. Raises ScenarioError as `offered` does.
    """
    sources = work_by_source(network)
    loads = station_loads(network, sources)
    tables = [_rates(source, network.horizon_s) for source in sources]
    working = [
        server_steps(network, station, load.worst_place or 0)
        for station, load in zip(network.stations, loads, strict=True)
    ]
    starts = np.unique(np.concatenate([[0.0], *(at_s for at_s, _ in tables), *(at_s for at_s, _ in working)]))
    slots = np.searchsorted(starts, np.concatenate([np.zeros(0), *(at_s for at_s, _ in tables)]))
    changes = [np.diff(rates, prepend=0.0) for _, rates in tables]
    whose = np.repeat(np.arange(len(sources)), [len(change) for change in changes])
    change = np.concatenate([np.zeros(0), *changes])
    window = _Windows(starts, network.horizon_s)
    peaks = []
    for group, (load, (begin_s, servers)) in enumerate(zip(loads, working, strict=True)):
        work = np.array([source.work_s[group][load.worst_place or 0] for source in sources])
        steps = np.bincount(slots, weights=change * work[whose], minlength=len(starts))
        asked = np.maximum(np.cumsum(steps), 0.0)
        offered, able, at_s = window.busiest(asked, servers[np.searchsorted(begin_s, starts, side="right") - 1])
        peaks.append(PeakLoad(load.station, load.worst_place, offered, able, at_s))
    return tuple(peaks)


def _rates(source: SourceWork, horizon_s: float) -> tuple[Floats, Floats]:
    """A flow's arrivals as a step function; closed flows at the mean that the network lets through."""
    if isinstance(source.flow.arrivals, Scheduled):
        return _in_progress(source.flow.arrivals, sum(float(np.sum(work)) for work in source.work_s), horizon_s)
    if isinstance(source.flow.arrivals, Closed):
        return np.zeros(1), np.array([source.rate_per_s])
    return rate_steps(source.flow, horizon_s)


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
    """Averages of step functions over every hour that begins or ends where a step does.

    The integral of each over a sliding hour is piecewise linear between those, and the ratio of two of them monotone, so that
    the maximum of the ratio is among them.
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
        self._opens_s = np.concatenate([self._forward, self._backward])

    def busiest(self, load: Floats, servers: Floats) -> tuple[float, float, float]:
        """The load and the servers of the window with most load per server, and when the first such window begins."""
        asked, able = self._means(load), self._means(servers)
        # What is left of a window without servers after rounding would pass for a very small number of them.
        able[able <= _SAME * max(float(servers.max()), 0.0)] = 0.0
        ratio = np.divide(asked, able, out=np.where(asked > 0.0, np.inf, 0.0), where=able > 0.0)
        nearly = np.nonzero(ratio >= ratio.max() * (1.0 - _SAME))[0]
        at = nearly[np.argmin(self._opens_s[nearly])]
        return float(asked[at]), float(able[at]), float(self._opens_s[at])

    def _means(self, steps: Floats) -> Floats:
        """The mean of a step function over each window."""
        done = np.concatenate([[0.0], np.cumsum(steps * self._lengths)])
        forward = done[self._ends] + steps[self._ends] * self._ends_offset - done[: len(self._forward)]
        before = done[self._begins] + steps[self._begins] * self._begins_offset
        backward = done[len(done) - len(self._backward) :] - before
        means: Floats = np.maximum(np.concatenate([forward, backward]) / self._wide, 0.0)
        return means
