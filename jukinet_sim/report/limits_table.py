"""What gives way first as a table: each station's busiest hour, with the growth that it still carries."""

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

if TYPE_CHECKING:
    from jukinet_sim.theory.files import FileTime
    from jukinet_sim.theory.limits import Limit

_NOTES = (
    "Work counts in the hour in which its job arrives: gates, delays and queues, which move it to later",
    "hours, are left out, and so are outages.",
)
_POOLS = "A pool's tokens count as held for demands and delays only: waiting, token in hand, adds to that."
_FILES_SHOWN = 3
_FILES = "≥: a file is worked one visit at a time, so it never keeps more than one server busy."


def limits_table(found: Sequence[Limit], first_day: dt.date | None) -> Table:
    """Return the limits in their order; dates where the scenario has a calendar."""
    year, begins = moments(
        [(None if first_day is None else moment(first_day, limit.start_s), limit.start_s) for limit in found]
    )
    stations = {limit.station for limit in found if limit.kind == "station"}
    rows = [
        (
            _name(limit, stations),
            limit.place or "",
            plain(limit.utilisation * 100.0) if math.isfinite(limit.utilisation) else "no server",
            begin if limit.flow is not None else UNDEFINED,
            _growth(limit),
            f"{limit.flow_share:4.0%} {limit.flow}" if limit.flow is not None else UNDEFINED,
        )
        for limit, begin in zip(found, begins, strict=True)
    ]
    subject = "station" if all(limit.kind == "station" for limit in found) else "station or pool"
    columns = (subject, "place", "load %", f"begins {year}".rstrip(), "growth x", "most of it by")
    made = table(columns, rows, left=2, right=5)
    # Names of flows are long, and the line should fit a terminal of a hundred columns.
    made.collapse_padding = True
    return made


def _name(limit: Limit, stations: Container[str]) -> str:
    """Return the name of a station or pool; with its kind where a pool shares it with a station."""
    return f"{limit.kind} {limit.station}" if limit.kind != "station" and limit.station in stations else limit.station


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


def limits_notes(found: Sequence[Limit]) -> list[str]:
    """Return what must be known to read the table of limits, in lines below it."""
    pools = [_POOLS] if any(limit.kind == "pool" for limit in found) else []
    return [*_NOTES, *pools, *([_FILES] if any(limit.filed > 0.0 for limit in found) else [])]
