"""Checks of size: timetables and closed flows that would fill the memory before a run begins."""

from __future__ import annotations

import math
from collections.abc import Iterator

from jukinet_sim.language.arrivals import Closed
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.run import Run
from jukinet_sim.language.stations import Station

MOST_ENTRIES = 2_000_000
"""Most dated events of one timetable in a run, over all places: they are laid out in memory before it begins."""


def long_timelines(run: Run, network: Network) -> Iterator[Complaint]:
    """Refuse timetables that repeat so often, or in so many places, that they would fill the memory."""
    if run.horizon is None and run.period is None:
        return
    for name, station in network.stations.items():
        level = network.places.get(station.per or "")
        places = 1 if level is None else level.count
        for path, entries in _timetables(station, run.horizon_s):
            if entries * places > MOST_ENTRIES:
                where = f" at {places:,} places" if places > 1 else ""
                what = f"this timetable would have {entries * places:,} entries in the run{where}"
                cure = f"write a longer period or a shorter run; {MOST_ENTRIES:,} are possible"
                yield fault(("network", "stations", name, *path), what, cure, "run", "horizon", "period")


def _timetables(station: Station, horizon_s: float) -> Iterator[tuple[NodePath, int]]:
    """Yield the timetables of a station that come again, with their number of entries at one place."""
    if not isinstance(station.servers, int) and station.repeat is not None:
        yield ("repeat",), len(station.servers) * math.ceil(horizon_s / station.repeat)
    for i, outage in enumerate(station.outages):
        if outage.every is not None and outage.at < horizon_s:
            # Each outage is two entries: its beginning and its end.
            yield ("outages", i, "every"), 2 * math.ceil((horizon_s - outage.at) / outage.every)


def crowded_loops(run: Run, network: Network) -> Iterator[Complaint]:
    """Refuse a closed flow with more jobs than may be in the network at once."""
    for name, flow in network.flows.items():
        if isinstance(flow.arrivals, Closed) and flow.arrivals.closed.jobs > run.job_budget:
            what = f"{flow.arrivals.closed.jobs:,} jobs are more than run.job_budget allows, {run.job_budget:,}"
            path: NodePath = ("network", "flows", name, "arrivals", "closed", "jobs")
            yield fault(path, what, "write fewer jobs or a larger job_budget", "run", "job_budget")
