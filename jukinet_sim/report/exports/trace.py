"""Visits of a replication to a trace that Perfetto and Chrome's tracing open: stations as tracks, jobs as flows between them.

Each station is a process of the trace, its lines are lanes in which no two services overlap, and waits stand above them as
asynchronous slices. Times are microseconds of simulated time (Trace Event Format).
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.harmless import one_line
from jukinet_sim.results.files import whole_file

MOST_VISITS = 500_000
"""A viewer holds all of a trace in memory, some hundred bytes for each of a visit's five events."""
_US = 1e6
Rows = Mapping[str, NDArray[Any]]
Event = dict[str, Any]


def write_trace(path: Path, rows: Rows, about: Mapping[str, str]) -> None:
    """Write the visits of a replication, columns as `results.rows` has them. Raises StoreError, and UsageError for too many."""
    visits = len(rows["end_s"])
    if visits > MOST_VISITS:
        cure = "export them as parquet, or run a shorter horizon"
        raise UsageError(f"{visits:,} visits are too many for a trace viewer, which holds {MOST_VISITS:,}; {cure}")
    events = trace_events(rows)
    with whole_file(path) as file:
        file.write(b'{"displayTimeUnit":"ms","otherData":')
        file.write(json.dumps({key: one_line(text) for key, text in about.items()}).encode())
        file.write(b',"traceEvents":[\n')
        for number, event in enumerate(events):
            file.write((",\n" if number else "").encode() + json.dumps(event, allow_nan=False).encode())
        file.write(b"\n]}\n")


def trace_events(rows: Rows) -> list[Event]:
    """Return the events in the order of their times, names of tracks first; each begin has its end."""
    tracks = _Tracks(rows)
    timed = [*_services(rows, tracks), *_waits(rows, tracks), *_hops(rows, tracks)]
    # Stable, so that of a lane's events at one instant the end of a visit stays before the begin of the next.
    return [*tracks.names(), *sorted(timed, key=lambda event: event["ts"])]


class _Tracks:
    """The process of each station, by name and place, and the lane of each visit that was served; -1 for one that was not."""

    def __init__(self, rows: Rows) -> None:
        named = list(zip(rows["station"].tolist(), rows["place"].tolist(), strict=True))
        self._number = {station: number for number, station in enumerate(dict.fromkeys(sorted(named)), start=1)}
        self.process = [self._number[station] for station in named]
        self.lane, self._lanes = _lanes(self.process, rows["start_s"].tolist(), rows["end_s"].tolist())

    def names(self) -> Iterator[Event]:
        """Yield the events that name processes and lanes."""
        for (station, place), number in self._number.items():
            name = one_line(f"{station} ({place})" if place else station)
            yield {"ph": "M", "name": "process_name", "pid": number, "tid": 0, "args": {"name": name}}
            yield {"ph": "M", "name": "process_sort_index", "pid": number, "tid": 0, "args": {"sort_index": number}}
            for lane in range(self._lanes.get(number, 0)):
                told = {"name": f"in service {lane + 1}"}
                yield {"ph": "M", "name": "thread_name", "pid": number, "tid": lane + 1, "args": told}


def _lanes(process: Sequence[int], start: Sequence[float], end: Sequence[float]) -> tuple[list[int], dict[int, int]]:
    """Return the lane of each visit, the lowest that is free when its service begins, and how many each process has."""
    lane = [-1] * len(process)
    free: dict[int, list[int]] = {}
    busy: dict[int, list[tuple[float, int]]] = {}
    lanes: dict[int, int] = {}
    for visit in sorted((v for v in range(len(process)) if start[v] == start[v]), key=lambda v: (start[v], end[v])):
        number = process[visit]
        idle, used = free.setdefault(number, []), busy.setdefault(number, [])
        while used and used[0][0] <= start[visit]:
            heapq.heappush(idle, heapq.heappop(used)[1])
        if not idle:
            lanes[number] = lanes.get(number, 0) + 1
            heapq.heappush(idle, lanes[number] - 1)
        lane[visit] = heapq.heappop(idle)
        heapq.heappush(used, (end[visit], lane[visit]))
    return lane, lanes


def _us(time_s: float) -> float:
    """Return microseconds, to the nanosecond that viewers keep."""
    return round(time_s * _US, 3)


def _services(rows: Rows, tracks: _Tracks) -> Iterator[Event]:
    """Yield begin and end of every service, lane by lane in the order of time."""
    start, end = rows["start_s"], rows["end_s"]
    served = [visit for visit in range(len(end)) if tracks.lane[visit] >= 0]
    for visit in sorted(served, key=lambda v: (start[v], end[v])):
        at = {"pid": tracks.process[visit], "tid": tracks.lane[visit] + 1}
        yield {
            "ph": "B", "name": one_line(str(rows["flow"][visit])), "cat": "service", "ts": _us(start[visit]), **at,
            "args": {
                "job": int(rows["job"][visit]), "job_key": f"{int(rows['job_key'][visit]):016x}",
                "step": one_line(str(rows["step"][visit])), "outcome": str(rows["outcome"][visit]),
                "waited_s": float(start[visit] - rows["arrive_s"][visit]),
            },
        }  # fmt: skip
        yield {"ph": "E", "ts": _us(end[visit]), **at}


def _waits(rows: Rows, tracks: _Tracks) -> Iterator[Event]:
    """Yield begin and end of every wait, up to the service or to where the job left the queue."""
    until = np.where(np.isnan(rows["start_s"]), rows["end_s"], rows["start_s"])
    for visit in np.flatnonzero(until > rows["arrive_s"]).tolist():
        shared = {
            "cat": "wait", "id": visit, "pid": tracks.process[visit], "tid": 0,
            "name": f"{one_line(str(rows['flow'][visit]))} waits",
        }  # fmt: skip
        yield {"ph": "b", "ts": _us(rows["arrive_s"][visit]), **shared}
        yield {"ph": "e", "ts": _us(until[visit]), **shared}


def _hops(rows: Rows, tracks: _Tracks) -> Iterator[Event]:
    """Yield the arrows from each service of a job to its next one."""
    by_job: dict[int, list[int]] = {}
    start = rows["start_s"]
    for visit in np.argsort(start, kind="stable").tolist():
        if tracks.lane[visit] >= 0:
            by_job.setdefault(int(rows["job_key"][visit]), []).append(visit)
    for key, visits in by_job.items():
        for number, visit in enumerate(visits if len(visits) > 1 else ()):
            phase = "s" if number == 0 else "f" if number == len(visits) - 1 else "t"
            yield {
                "ph": phase, "bp": "e", "id": f"{key:016x}", "cat": "job", "name": one_line(str(rows["flow"][visit])),
                "ts": _us(start[visit]), "pid": tracks.process[visit], "tid": tracks.lane[visit] + 1,
            }  # fmt: skip
