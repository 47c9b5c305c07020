"""What gives way first as a table: each station's busiest hour and each file's window, with the growth it still carries."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.moments import moments
from jukinet_sim.report.numbers import UNDEFINED, count, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.results.moments import moment
from jukinet_sim.theory.files import FileTime

if TYPE_CHECKING:
    from jukinet_sim.theory.limits import Limit

_NOTES = (
    "Work counts in the hour in which its job arrives: gates, delays and queues, which move it to later",
    "hours, are left out, and so are outages.",
)
_POOLS = "A pool's tokens count as held for demands and delays only: waiting, token in hand, adds to that."
_FILES_SHOWN = 3
_FILES = "≥: a file is worked one visit at a time, so it never keeps more than one server busy."
_WINDOWS = (
    "A file that is due counts at stations spread over the time it has; its own line, one file, sets the",
    "time that it takes alone, however many servers are idle, against that time.",
)
_ONE_FILE = "one file"


def limits_table(found: Sequence[Limit | FileTime], first_day: dt.date | None) -> Table:
    """Return the limits of stations, pools and files in their order; dates where the scenario has a calendar."""
    starts = [one.at_s if isinstance(one, FileTime) else one.start_s for one in found]
    year, begins = moments([(None if first_day is None else moment(first_day, at_s), at_s) for at_s in starts])
    rated = [one for one in found if not isinstance(one, FileTime)]
    stations = {limit.station for limit in rated if limit.kind == "station"}
    rows = [
        _of_file(one, begin) if isinstance(one, FileTime) else _of_limit(one, begin, stations)
        for one, begin in zip(found, begins, strict=True)
    ]
    subject = "station" if all(limit.kind == "station" for limit in rated) else "station or pool"
    columns = (subject, "place", "load %", f"begins {year}".rstrip(), "growth x", "most of it by")
    made = table(columns, rows, left=2, right=5)
    # Names of flows are long, and the line should fit a terminal of a hundred columns.
    made.collapse_padding = True
    return made


def _name(limit: Limit, stations: Container[str]) -> str:
    """Return the name of a station or pool; with its kind where a pool shares it with a station."""
    return f"{limit.kind} {limit.station}" if limit.kind != "station" and limit.station in stations else limit.station


def _of_limit(limit: Limit, begin: str, stations: Container[str]) -> tuple[str, ...]:
    """Return the line of a station or pool."""
    return (
        _name(limit, stations),
        limit.place or "",
        plain(limit.utilisation * 100.0) if math.isfinite(limit.utilisation) else "no server",
        begin if limit.flow is not None else UNDEFINED,
        _growth(limit),
        f"{limit.flow_share:4.0%} {limit.flow}" if limit.flow is not None else UNDEFINED,
    )


def _of_file(file: FileTime, begin: str) -> tuple[str, ...]:
    """Return the line of a file: the part of its window that it takes alone."""
    return (_ONE_FILE, "", plain(100.0 * file.alone_s / file.due_s), begin, plain(file.growth), f"{1:4.0%} {file.flow}")


def _growth(limit: Limit) -> str:
    if limit.flow is None:
        return UNDEFINED
    return f"{'≥ ' if limit.filed > 0.0 else ''}{plain(limit.growth)}"


def file_lines(found: Sequence[FileTime]) -> list[str]:
    """Return a line for each file that is nearest to its window's end; none where no scheduled job has a due time."""
    if not found:
        return []
    lines = ["", "the largest file of each flow, alone on its way, against the time it has"]
    for file in found[:_FILES_SHOWN]:
        taken, has = format_duration(float(f"{file.alone_s:.3g}")), format_duration(file.due_s)
        lines.append(f"  {file.flow}: {count(file.records)} records take {taken} of {has}; growth x {plain(file.growth)}")
    return lines


def file_warnings(found: Sequence[FileTime]) -> list[str]:
    """Return a warning for each file that cannot be done in its time even with nobody in its way."""
    return [
        f"warning: the largest file of {file.flow} takes {format_duration(float(f'{file.alone_s:.3g}'))} even if nobody is in "
        f"its way, and has {format_duration(file.due_s)}: it is late; send it in parts, or give its stations a shorter service"
        for file in found
        if file.growth < 1.0
    ]


def limits_notes(found: Sequence[Limit | FileTime]) -> list[str]:
    """Return what must be known to read the table of limits, in lines below it."""
    rated = [one for one in found if not isinstance(one, FileTime)]
    pools = [_POOLS] if any(limit.kind == "pool" for limit in rated) else []
    windows = _WINDOWS if len(rated) < len(found) else ()
    return [*_NOTES, *pools, *windows, *([_FILES] if any(limit.filed > 0.0 for limit in rated) else [])]
