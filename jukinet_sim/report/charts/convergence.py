"""How the mean of each headline settles as replications are added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, GREY
from jukinet_sim.report.messages.say import Say
from jukinet_sim.statistics.intervals import over_replications

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

MOST = 6
"""So many headlines are drawn, the first of the document."""
_INTERVAL_FROM = 3
"""The interval of two replications is so wide that nothing else could be seen beside it."""
_WIDTH, _HEIGHT, _ACROSS = 230, 110, 3


def convergence_rows(headlines: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Row]:
    """Return for each headline, a name and a value object, and each number of replications the mean and its interval.

    All are relative to the final mean; a headline whose final mean is 0 or undefined has nothing to be relative to, and one
    that never varies has nothing to settle.
    """
    varied = [(name, value) for name, value in headlines if value["value"] and len(set(value["per_replication"])) > 1]
    return [row for name, value in varied[:MOST] for row in _running(name, value)]


def _running(name: str, value: Mapping[str, Any]) -> Iterator[Row]:
    alone, final = value["per_replication"], value["value"]
    for number in range(1, len(alone) + 1):
        so_far = over_replications(alone[:number], value["level"])
        if so_far.value is not None:
            half = so_far.half_width if number >= _INTERVAL_FROM else None
            yield {
                "headline": name, "replications": number, "mean": so_far.value / final,
                "low": None if half is None else (so_far.value - half) / final,
                "high": None if half is None else (so_far.value + half) / final,
            }  # fmt: skip


def convergence_plot(rows: Sequence[Row]) -> Plot:
    """Return a small chart for each headline."""
    return Plot("convergence", "chart.convergence", rows, lambda say: _draw(rows, say), note="chart.convergence.note")


def _draw(rows: Sequence[Row], say: Say) -> Chart:
    import altair as alt

    headlines = list(dict.fromkeys(row["headline"] for row in rows))
    there = named_rows()
    base = alt.Chart(there).encode(
        x=alt.X(
            "replications:Q", title=say("axis.replications"), axis=alt.Axis(tickMinStep=1),
            scale=alt.Scale(nice=False, zero=False),
        )
    )
    near, percent = alt.Scale(zero=False), alt.Axis(format="~p", tickCount=4)
    band = base.mark_area(opacity=0.25, color=BLUE).encode(y=alt.Y("low:Q", title=None, axis=percent, scale=near), y2="high:Q")
    line = base.mark_line(color=BLUE, point=True).encode(
        y=alt.Y("mean:Q", title=None, axis=percent, scale=near),
        tooltip=[
            alt.Tooltip("headline:N", title=" "), alt.Tooltip("replications:Q", title=say("axis.replications")),
            alt.Tooltip("mean:Q", title=say("axis.relative"), format=".3~p"),
        ],
    )  # fmt: skip
    final = alt.Chart(there).mark_rule(color=GREY, strokeDash=[3, 3]).encode(y=alt.datum(1.0))
    layers = [final, band, line] if any(row["low"] is not None for row in rows) else [final, line]
    return (
        alt.layer(*layers)
        .properties(width=_WIDTH, height=_HEIGHT)
        .facet(facet=alt.Facet("headline:N", title=None, sort=headlines, header=alt.Header(labelFontSize=10)), columns=_ACROSS)
        .resolve_scale(y="independent")
    )
