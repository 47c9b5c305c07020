"""What gives way first as load grows: the stations ranked by their busiest hour, with its place, its time and its main flow.

The conventions are those of `peaks`: work counts in the hour in which its job arrives, and that of a scheduled job, such as a
file of records, over the time it has until it is due. Without a due time it counts as long as its visits take, so that a larger
file lasts longer but asks for no more in any hour. A file can also be the first to give way, by its own window (`files`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from jukinet_sim.network.model import Network, Scheduled, Station
from jukinet_sim.theory.files import FileTime
from jukinet_sim.theory.peaks import Hours, PeakLoad
from jukinet_sim.theory.work import SourceWork


@dataclass(frozen=True)
class Limit:
    """The busiest hour of a station group: offered load per server, its place by name, when it begins, who brings most of it.

    `flow` is the flow with the largest share of the work, jobs that it spawns included; None where nobody comes. `filed` is
    the share that scheduled jobs without a due time bring.
    """

    station: str
    place: str | None
    utilisation: float
    start_s: float
    flow: str | None
    flow_share: float
    filed: float

    @property
    def growth(self) -> float:
        """By what the load of that hour may be multiplied until its servers are all at work; infinite without load."""
        return 1.0 / self.utilisation if self.utilisation > 0.0 else math.inf


def limits(hours: Hours) -> tuple[Limit, ...]:
    """Give the limit of each station group, the busiest first; equal ones in the network's order."""
    found = [_limit(hours, group, peak) for group, peak in enumerate(hours.peaks)]
    return tuple(sorted(found, key=lambda limit: -limit.utilisation))


def ranked(found: Iterable[Limit], files: Iterable[FileTime]) -> tuple[Limit | FileTime, ...]:
    """Give stations and files in the order in which they give way as load grows; of equals stations first."""
    return tuple(sorted((*found, *files), key=lambda one: one.growth))


def _limit(hours: Hours, group: int, peak: PeakLoad) -> Limit:
    brought = hours.by_source(group, peak)
    total = float(brought.sum())
    flow, share, filed = None, 0.0, 0.0
    if total > 0.0:
        first = int(np.argmax(brought))
        flow, share = hours.sources[first].flow.name, float(brought[first]) / total
        filed = float(brought[_scheduled(hours.sources)].sum()) / total
    place = None if peak.place is None else place_name(hours.network, hours.network.stations[group], peak.place)
    return Limit(peak.station, place, peak.utilisation, peak.start_s, flow, share, filed)


def _scheduled(sources: Iterable[SourceWork]) -> list[bool]:
    return [isinstance(source.flow.arrivals, Scheduled) and source.flow.due_s is None for source in sources]


def place_name(network: Network, station: Station, place: int) -> str:
    """Give what people call a place of a station kept per place: its label, or its number where it has none."""
    labels = network.level(station.per).labels if station.per is not None else ()
    return labels[place] if labels else str(place)
