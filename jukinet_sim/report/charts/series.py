"""Series of a run as charts: the mean over replications with their range as a band, and the warm-up shaded."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jukinet_sim.metrics import Kind
from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, GREY, RED, WIDTH
from jukinet_sim.report.charts.time_axis import TimeAxis
from jukinet_sim.report.messages.say import Say
from jukinet_sim.results.digest import ReplicationDigest

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

MOST_BINS = 400
"""Longer series are averaged over neighbouring bins: a page has no more points across."""
_HEIGHT = 220
_COLOURS = {"in_system": BLUE, "busy": BLUE, "queue": RED}


@dataclass(frozen=True)
class SeriesOf:
    """Which parts of a kind are drawn, which of their quantities, and which part is shown first."""

    kind: Kind
    names: Sequence[str]
    quantities: Sequence[str]


def series_rows(digests: Sequence[ReplicationDigest], of: SeriesOf, axis: TimeAxis) -> list[Row]:
    """Return a row for each part, quantity and bin: `at`, mean, least and largest value over the replications.

    The last one stands twice, at its beginning and at its end.
    """
    bin_s = digests[0].series_bin_s
    if bin_s is None:
        return []
    found: list[Row] = []
    for name in of.names:
        for quantity in of.quantities:
            alone = [digest.kinds()[of.kind][name].series.get(quantity, ()) for digest in digests]
            found += _points({"part": name, "quantity": quantity}, alone, bin_s, axis)
    return found


def _points(told: Mapping[str, Any], alone: Sequence[Sequence[float]], bin_s: float, axis: TimeAxis) -> Iterator[Row]:
    """Yield the rows of one quantity; of time averages neighbouring bins may be averaged."""
    length = min(map(len, alone), default=0)
    together = math.ceil(length / MOST_BINS) if length else 1
    last: Row = {}
    for first in range(0, length, together):
        values = [math.fsum(one[first : first + together]) / len(one[first : first + together]) for one in alone]
        last = {**told, "mean": math.fsum(values) / len(values), "low": min(values), "high": max(values)}
        yield {**last, "at": axis.value(first * bin_s)}
    if last:
        # A step goes on to the next point, so that the last one needs its end.
        yield {**last, "at": axis.value(length * bin_s)}


def series_plot(name: str, title: str, rows: Sequence[Row], axis: TimeAxis, warm_up_s: float) -> Plot:
    """Return the chart of series, of one part at a time, the first of the rows to begin with."""
    return Plot(name, title, rows, lambda say: _draw(rows, axis, warm_up_s, say), picked=lambda _: str(rows[0]["part"]))


def _draw(rows: Sequence[Row], axis: TimeAxis, warm_up_s: float, say: Say) -> Chart:
    import altair as alt

    parts = list(dict.fromkeys(row["part"] for row in rows))
    quantities = list(dict.fromkeys(row["quantity"] for row in rows))
    picked = alt.param(name="picked", value=parts[0], bind=alt.binding_select(options=parts, name=say("pick.part") + " "))
    said = {key: say(f"series.{key}") for key in quantities}
    colour = alt.Color(
        "label:N", title=None, sort=list(said.values()),
        scale=alt.Scale(domain=list(said.values()), range=[_COLOURS[key] for key in quantities]),
        legend=alt.Legend(orient="top", symbolOpacity=1.0) if len(quantities) > 1 else None,
    )  # fmt: skip
    labels = " : ".join(f"datum.quantity == '{key}' ? '{text}'" for key, text in said.items()) + " : ''"
    base = (
        alt.Chart(named_rows())
        .transform_filter("datum.part == picked")
        .transform_calculate(label=labels)
        .encode(x=axis.channel("at", say), color=colour)
    )
    band = base.mark_area(opacity=0.25, interpolate="step-after").encode(
        y=alt.Y("low:Q", title=say("axis.jobs") if quantities == ["in_system"] else None), y2="high:Q"
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=1.5).encode(
        y="mean:Q",
        tooltip=[
            axis.tooltip("at", say), alt.Tooltip("label:N", title=" "),
            alt.Tooltip("mean:Q", title=say("series.mean"), format=".4~g"),
            alt.Tooltip("low:Q", title=say("series.band"), format=".4~g"), alt.Tooltip("high:Q", title="…", format=".4~g"),
        ],
    )  # fmt: skip
    layers = [band, line] if warm_up_s <= 0.0 else [_warm_up(axis, warm_up_s, say), band, line]
    return alt.layer(*layers).add_params(picked).properties(width=WIDTH, height=_HEIGHT)


def _warm_up(axis: TimeAxis, warm_up_s: float, say: Say) -> Any:
    import altair as alt

    values = [{"from": axis.value(0.0), "to": axis.value(warm_up_s), "said": say("series.warm_up")}]
    shaded = alt.Chart(alt.InlineData(values=values))
    kind = "Q" if axis.first_day is None else "T"
    said = alt.Tooltip("said:N", title=" ")
    return shaded.mark_rect(color=GREY, opacity=0.25).encode(x=f"from:{kind}", x2="to", tooltip=said)
