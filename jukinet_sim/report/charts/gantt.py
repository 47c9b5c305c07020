"""What changes on a date, as bars on the calendar of the run: while it comes to places, and from when all have it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, RED, WIDTH
from jukinet_sim.report.charts.time_axis import TimeAxis
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Dated
    from jukinet_sim.report.charts.plot import Chart

_STAGES = ("coming", "there", "failed")
_COLOURS = ("#b8d0e8", BLUE, RED)
_STEP = 18
_ONE_DAY = dt.timedelta(days=1)


def gantt_rows(changes: Sequence[Dated], first: dt.date, last: dt.date) -> list[Row]:
    """Return a row for each bar and each day of failures, as far as they lie in a run of these days; times as on the axis."""
    axis, end = TimeAxis(first, 0.0), last + _ONE_DAY

    def instant(day: dt.date) -> float:
        return axis.value((min(max(day, first), end) - first).total_seconds())

    found: list[Row] = []
    for change in changes:
        days = [day for day in change.days if day <= last]
        if not days or days[-1] < first:
            continue
        for stage, begins, ends, places in _bars(change, days, end):
            if ends > first:
                found.append({
                    "change": change.name, "stage": stage, "from": instant(begins), "to": instant(ends), "places": places,
                    "level": change.level or "nation",
                })  # fmt: skip
    return found


def _bars(change: Dated, days: Sequence[dt.date], end: dt.date) -> Iterator[tuple[str, dt.date, dt.date, int]]:
    """Yield stage, first day, the day behind the last, and how many places it is about."""
    until = end if change.until is None else min(change.until + _ONE_DAY, end)
    if days[0] < days[-1]:
        yield "coming", days[0], days[-1], len(days)
    yield "there", days[-1], until, len(days)
    failed = [day for day in change.failed if day < end]
    for day in sorted(set(failed)):
        yield "failed", day, day + _ONE_DAY, failed.count(day)


def gantt_plot(rows: Sequence[Row], first: dt.date, horizon_s: float) -> Plot:
    """Return the chart of what changes."""
    return Plot("gantt", "chart.gantt", rows, lambda say: _draw(rows, TimeAxis(first, horizon_s), say), note="chart.gantt.note")


def _draw(rows: Sequence[Row], axis: TimeAxis, say: Say) -> Chart:
    import altair as alt

    names = list(dict.fromkeys(row["change"] for row in rows))
    labels = [say(f"chart.gantt.{stage}") for stage in _STAGES]
    words = dict(zip(_STAGES, labels, strict=True))
    said = f"{{{', '.join(f'{stage}: {word!r}' for stage, word in words.items())}}}[datum.stage]"
    legend = alt.Legend(orient="top")
    bars = (
        alt.Chart(named_rows())
        .transform_calculate(said=said)
        .encode(
            x=axis.channel("from", say).scale(type="utc", domain=[axis.value(0.0), axis.value(axis.horizon_s)]),
            x2="to:T",
            y=alt.Y("change:N", sort=names, title=None),
            color=alt.Color("said:N", title=None, scale=alt.Scale(domain=labels, range=_COLOURS), legend=legend),
            tooltip=[
                alt.Tooltip("change:N", title=say("axis.change")), alt.Tooltip("said:N", title=" "),
                axis.tooltip("from", say), axis.tooltip("to", say), alt.Tooltip("places:Q", title=say("axis.places")),
            ],
        )
    )  # fmt: skip
    whole = bars.transform_filter("datum.stage != 'failed'").mark_bar(height=10, cornerRadius=2)
    failed = bars.transform_filter("datum.stage == 'failed'").mark_tick(thickness=2, height=14)
    return alt.layer(whole, failed).properties(width=WIDTH - 200, height=_STEP * max(1, len(names)))
