"""Everything that is looked at in windows and at places while a replication runs.

Readings are taken at stops of the engine and only look, so that the sample path and every other statistic are those of a run
without them. Memory is that of one window for each focus.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine.focus.extremes import Extremes
from jukinet_sim.engine.focus.hours import BusiestHours, has_hours, hourly
from jukinet_sim.engine.focus.members import Inside
from jukinet_sim.engine.focus.watched import Found, Watched
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Tally

Floats = NDArray[np.float64]
Queues = dict[str, Floats]


class Foci:
    """Every focus of a network, and the busiest hour of each of its stations."""

    def __init__(self, program: Program, tally: Tally, inside: Inside) -> None:
        network = program.network
        self._extremes = Extremes(tally)
        # A network that was cut down to some of its parts has nothing to look at elsewhere; whoever asks is told then.
        there = {"flow": network.flows, "station": network.stations, "pool": network.pools}
        names = {kind: {part.name for part in parts} for kind, parts in there.items()}  # type: ignore[attr-defined]  # all have names
        wanted = {focus.key: focus for focus in network.focuses if names[focus.kind].issuperset(focus.parts)}
        self._hours = BusiestHours(program, tally) if has_hours(network) else None
        if self._hours is not None:
            for station in network.stations:
                wanted.pop(hourly(station).key, None)
        self._watched = [Watched(focus, tally, inside, self._extremes) for focus in wanted.values()]
        self._all: tuple[Watched | BusiestHours, ...] = (*self._watched, *([self._hours] if self._hours else []))
        self._due = -1.0
        self.read(0.0)

    def instants_s(self) -> Iterator[float]:
        """Yield when, after time 0, the engine has to stop for a reading, in order, each once; there may be very many."""
        latest = 0.0
        for at_s in heapq.merge(*dict.fromkeys(one.edges for one in self._all)):
            if at_s > latest:
                yield at_s
            latest = at_s

    def read(self, at_s: float) -> None:
        """Close and open what ends and begins now; every event up to now has been processed."""
        if at_s < self._due:
            return
        for one in self._all:
            if one.next_edge == at_s:
                one.edge(at_s)
        self._due = min((one.next_edge for one in self._all), default=np.inf)

    def close(self, end_s: float) -> None:
        """Close what lasts to the end of the run, and let the records have the extremes of the whole run again."""
        for one in self._watched:
            one.close(end_s)
        self._extremes.give_back()

    def found(self, stations: Queues, pools: Queues) -> dict[str, Found]:
        """Return what was found by the keys of the focuses; `stations` and `pools` are the histories of their queues."""
        queues: dict[str, Queues] = {"flow": {}, "station": stations, "pool": pools}
        found = {one.focus.key: one.found(queues[one.focus.kind]) for one in self._watched}
        return found | dict(self._hours.found() if self._hours is not None else ())
