"""What gives way first as load grows: stations and pools ranked by their busiest hour, with its place, time and main flow.

The conventions are those of `peaks`: work counts in the hour in which its job arrives, and that of a scheduled job, such as a
file of records, over the time it has until it is due. Without a due time it counts as long as its visits take, so that a larger
file lasts longer but asks for no more in any hour. A file can also be the first to give way, by its own window (`files`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from jukinet_sim.network.model import Network, Pool, Scheduled, Station
from jukinet_sim.theory.files import FileTime
from jukinet_sim.theory.peaks import Hours, PeakLoad
from jukinet_sim.theory.work import SourceWork


@dataclass(frozen=True)
class Limit:
    """The busiest hour of a station group: offered load per server, its place by name, when it begins, who brings most of it.

    For a pool it is tokens asked for per token, for a bucket tokens a second over those that come; `kind` tells.

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
    kind: Literal["station", "pool", "bucket"] = "station"

    @property
    def growth(self) -> float:
        """By what the load of that hour may be multiplied until its servers are all at work; infinite without load."""
        return 1.0 / self.utilisation if self.utilisation > 0.0 else math.inf


def limits(hours: Hours) -> tuple[Limit, ...]:
    """Give the limit of each station and pool group, the busiest first; equal ones in the network's order, stations first."""
    network = hours.network
    found = [_limit(hours, i, network.stations[i], peak) for i, peak in enumerate(hours.peaks)]
    found += [_limit(hours, i, network.pools[i], peak) for i, peak in enumerate(hours.pool_peaks)]
    return tuple(sorted(found, key=lambda limit: -limit.utilisation))


def ranked(found: Iterable[Limit], files: Iterable[FileTime]) -> tuple[Limit | FileTime, ...]:
    """Give stations, pools and files in the order in which they give way as load grows; of equals stations first."""
    return tuple(sorted((*found, *files), key=lambda one: one.growth))


def _limit(hours: Hours, group: int, model: Station | Pool, peak: PeakLoad) -> Limit:
    brought = hours.by_source(group, peak, pool=isinstance(model, Pool))
    total = float(brought.sum())
    flow, share, filed = None, 0.0, 0.0
    if total > 0.0:
        first = int(np.argmax(brought))
        flow, share = hours.sources[first].flow.name, float(brought[first]) / total
        filed = float(brought[_scheduled(hours.sources)].sum()) / total
    place = None if peak.place is None else place_name(hours.network, model, peak.place)
    kind: Literal["station", "pool", "bucket"] = "station"
    if isinstance(model, Pool):
        kind = "pool" if model.refill_per_s is None else "bucket"
    return Limit(peak.station, place, peak.utilisation, peak.start_s, flow, share, filed, kind)


def _scheduled(sources: Iterable[SourceWork]) -> list[bool]:
    return [isinstance(source.flow.arrivals, Scheduled) and source.flow.due_s is None for source in sources]


def place_name(network: Network, station: Station | Pool, place: int) -> str:
    """Give what people call a place of a station or pool kept per place: its label, or its number where it has none."""
    labels = network.level(station.per).labels if station.per is not None else ()
    return labels[place] if labels else str(place)
