"""Dates and hours as a column: where all are of one year, the heading says it once."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.numbers import UNDEFINED


def moments(times: Sequence[tuple[str | None, float | None]]) -> tuple[str, list[str]]:
    """Return what to add to the heading of a column of times, and its cells.

    A time is a date and hour such as `2012-04-02 18:00`, None without a calendar, and the seconds since time 0 that stand
    for it then; None of both is unknown.
    """
    years = {date[:4] for date, _ in times if date is not None}
    if len(years) == 1:
        return years.pop(), [_cell(None if date is None else date[5:], at_s) for date, at_s in times]
    return "", [_cell(date, at_s) for date, at_s in times]


def _cell(date: str | None, at_s: float | None) -> str:
    if date is not None:
        return date
    return UNDEFINED if at_s is None else f"at {format_duration(at_s)}"
