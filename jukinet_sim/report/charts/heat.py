"""When each station is busy: stations against the time of a short run, or against the hour of the day of a long one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import STEP, WIDTH
from jukinet_sim.report.charts.time_axis import TimeAxis
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

MOST_COLUMNS = 120
_DAY_S, _HOUR_S = 86_400.0, 3600.0
_LONGEST_BY_TIME = 3 * _DAY_S
"""A longer run of a calendar is shown by the hour of the day, all days together."""


def heat_rows(stations: Mapping[str, Mapping[str, Any]], names: Sequence[str], axis: TimeAxis) -> list[Row]:
    """Return a row for each station and stretch of time: busy servers on average, and their share of the largest such mean."""
    found: list[Row] = []
    for name in names:
        series = stations[name].get("series")
        if not series or not series["busy"]:
            continue
        if by_hour(axis):
            means = _by_hour(series["busy"], series["bin_s"])
            starts = [(float(hour), hour + 1.0) for hour in range(len(means))]
        else:
            means, width_s = _by_time(series["busy"], series["bin_s"])
            starts = [(axis.value(i * width_s), axis.value((i + 1) * width_s)) for i in range(len(means))]
        peak = max(means)
        if peak > 0.0:
            found += [
                {"station": name, "from": start, "to": end, "busy": mean, "share": mean / peak}
                for (start, end), mean in zip(starts, means, strict=True)
            ]
    return found


def by_hour(axis: TimeAxis) -> bool:
    """Whether the chart is by the hour of the day."""
    return axis.first_day is not None and axis.horizon_s > _LONGEST_BY_TIME


def _by_hour(busy: Sequence[float], bin_s: float) -> list[float]:
    """Return the mean in each hour of the day; a bin longer than an hour counts in the hour in which it begins."""
    hours: list[list[float]] = [[] for _ in range(24)]
    for number, value in enumerate(busy):
        hours[int(number * bin_s % _DAY_S // _HOUR_S)].append(value)
    return [math.fsum(values) / len(values) if values else 0.0 for values in hours]


def _by_time(busy: Sequence[float], bin_s: float) -> tuple[list[float], float]:
    """Return means over stretches of so many bins that there are not too many columns, and how long a stretch is."""
    together = math.ceil(len(busy) / MOST_COLUMNS)
    parts = [busy[first : first + together] for first in range(0, len(busy), together)]
    return [math.fsum(part) / len(part) for part in parts], together * bin_s


def heat_plot(rows: Sequence[Row], axis: TimeAxis) -> Plot:
    """Return the heat map."""
    return Plot("heat", "chart.heat", rows, lambda say: _draw(rows, axis, say), note="chart.heat.note")


def _draw(rows: Sequence[Row], axis: TimeAxis, say: Say) -> Chart:
    import altair as alt

    stations = list(dict.fromkeys(row["station"] for row in rows))
    hourly = by_hour(axis)
    hours = alt.Scale(domain=[0, 24], nice=False)
    x = alt.X("from:Q", title=say("axis.hour"), scale=hours) if hourly else axis.channel("from", say)
    when = alt.Tooltip("from:Q", title=say("axis.hour")) if hourly else axis.tooltip("from", say)
    return (
        alt.Chart(named_rows())
        .mark_rect()
        .encode(
            x=x,
            x2="to",
            y=alt.Y("station:N", sort=stations, title=None),
            color=alt.Color(
                "share:Q", title=say("axis.share_of_peak"), scale=alt.Scale(domain=[0, 1]),
                legend=alt.Legend(format=".0%", orient="right"),
            ),
            tooltip=[
                alt.Tooltip("station:N", title=say("axis.station")), when,
                alt.Tooltip("busy:Q", title=say("series.busy"), format=".3~g"),
                alt.Tooltip("share:Q", title=say("axis.share_of_peak"), format=".0%"),
            ],
        )
        .properties(width=WIDTH - 200, height=alt.Step(STEP))
    )  # fmt: skip
