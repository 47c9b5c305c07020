"""A result's series put together by months of the calendar."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from jukinet_sim.language.measures import matching
from jukinet_sim.language.monthly import COUNTS, Column, What

_DAY_S = 86400.0
_WIDTH = "bin_s"
_UNITS = {"sojourn": "s", "busy": "servers", "in_use": "tokens"}


def monthly(document: Mapping[str, Any], columns: Mapping[str, Column], first_day: dt.date) -> dict[str, Any]:
    """Return `months` (such as 2012-04) and `columns`: for each its `unit` and `values`, None where a month has none.

    Series are means over replications, so counts need not be whole.
    """
    months: tuple[str, ...] = ()
    found = {}
    for name, column in columns.items():
        parts = document[f"{column.kind}s"]
        some = [parts[one]["series"] for one in matching(column.pattern, parts)]
        rest = [] if column.over is None else [parts[one]["series"] for one in matching(column.over, parts)]
        stretches = _stretches(first_day, some[0])
        months = tuple(stretches)
        unit = "fraction" if rest else _UNITS.get(column.what, "")
        found[name] = {"unit": unit, "values": [_value(column.what, some, rest, bins) for bins in stretches.values()]}
    return {"months": list(months), "columns": found}


def _stretches(first_day: dt.date, series: Mapping[str, Any]) -> dict[str, slice]:
    """Return which bins belong to each month."""
    bins = next(len(numbers) for key, numbers in series.items() if key != _WIDTH)
    days = [first_day + dt.timedelta(days=math.floor(i * series[_WIDTH] / _DAY_S)) for i in range(bins)]
    found, at = {}, 0
    for month, some in groupby(f"{day:%Y-%m}" for day in days):
        number = len(list(some))
        found[month] = slice(at, at + number)
        at += number
    return found


def _value(what: What, some: Sequence[Mapping[str, Any]], rest: Sequence[Mapping[str, Any]], bins: slice) -> float | None:
    """Return the value of one month: a count or a share of counts, a mean time by Little's law, or an average over the time."""
    if what == "sojourn":
        completed = _sum("completed", some, bins)
        return _sum("in_system", some, bins) * float(some[0][_WIDTH]) / completed if completed else None
    total = _sum(what, some, bins)
    if rest:
        whole = _sum(what, rest, bins)
        return total / whole if whole else None
    return total if what in COUNTS else total / (bins.stop - bins.start)


def _sum(key: str, some: Sequence[Mapping[str, Any]], bins: slice) -> float:
    return math.fsum(number for series in some for number in series[key][bins])
