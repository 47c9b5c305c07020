"""What changes on a date as a table: each change with its days and a bar of the months of the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jukinet_sim.report.numbers import count
from jukinet_sim.report.terminal import Table, table

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Dated

_WIDEST = 60
"""Characters of a bar at most."""
_NOTHING, _SOME, _ALL = "·", "▒", "█"
LEGEND = "▒ some places have it, █ all that get it in the run do, or it lasts"


def timeline_table(changes: Sequence[Dated], first: dt.date, last: dt.date, *, bars: bool = True) -> Table | None:
    """Return the changes that come within a run of these days, with or without bars; None where there is none."""
    steps = _steps(first, last)
    rows = [_row(change, steps, last) for change in changes if any(first <= day <= last for day in change.days)]
    if not rows:
        return None
    failed = any(row[4] for row in rows)
    made = [row if failed else (*row[:4], *row[5:]) for row in rows]
    columns = ("change", "comes to", "first", "last", *(("failed",) if failed else ()), f"{first} to {last}")
    if not bars:
        return table(columns[:-1], [row[:-1] for row in made], left=4)
    found = table(columns, made, left=4 if failed else 5, right=5)
    found.collapse_padding = True
    return found


def _steps(first: dt.date, last: dt.date) -> list[dt.date]:
    """Return the days on which the characters of a bar begin: months, or days of a short run, wider ones of a long run."""
    days = (last - first).days + 1
    if days <= _WIDEST:
        return [first + dt.timedelta(days=k) for k in range(days)]
    months = [first]
    while (following := (months[-1].replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= last:
        months.append(following)
    return months[:: -(-len(months) // _WIDEST)]


def _row(change: Dated, steps: Sequence[dt.date], last: dt.date) -> tuple[str, ...]:
    """Return the cells of a change."""
    inside = [day for day in change.days if day <= last]
    ends = min(change.until, last) if change.until is not None else inside[-1]
    places = "nation" if change.level is None else f"{count(len(inside))} {_plural(change.level, len(inside))}"
    failed = sum(day <= last for day in change.failed)
    bar = "".join(_mark(change, inside, step, following) for step, following in zip(steps, [*steps[1:], None], strict=True))
    return change.name, places, str(inside[0]), str(ends), count(failed) if failed else "", bar


def _plural(level: str, number: int) -> str:
    if number == 1:
        return level
    return f"{level[:-1]}ies" if level.endswith("y") else f"{level}s"


def _mark(change: Dated, inside: Sequence[dt.date], begins: dt.date, ends: dt.date | None) -> str:
    """Return what a bar shows from one day to before another."""
    come = sum(ends is None or day < ends for day in inside)
    if not come or (change.until is not None and change.until < begins):
        return _NOTHING
    return _ALL if change.until is not None or come == len(inside) else _SOME
