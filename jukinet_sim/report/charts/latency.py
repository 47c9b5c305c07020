"""How long jobs take, flow by flow, on a logarithmic axis: the quantiles that the store keeps of each histogram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, GREY, RED, STEP, WIDTH
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

POINTS = ("p50", "p90", "p95", "p99", "max")
_TICKS_S = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0, 3600.0, 36_000.0, 86_400.0, 864_000.0, 8_640_000.0)
_TIME_LABEL = (
    "datum.value < 0.001 ? format(datum.value * 1e6, '~g') + ' µs' : "
    "datum.value < 1 ? format(datum.value * 1e3, '~g') + ' ms' : "
    "datum.value < 60 ? format(datum.value, '~g') + ' s' : "
    "datum.value < 3600 ? format(datum.value / 60, '~g') + ' min' : "
    "datum.value < 86400 ? format(datum.value / 3600, '~g') + ' h' : format(datum.value / 86400, '~g') + ' d'"
)
_COLOURS = ["#8fb4d9", BLUE, "#173f73", RED, GREY]


def latency_rows(flows: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> list[Row]:
    """Return a row for each flow and quantile that is above 0: seconds and half-width of the interval over replications."""
    return [
        {"flow": name, "point": point, "value_s": value["value"], "half_width_s": value["half_width"]}
        for name in names
        for point in POINTS
        if (value := flows[name]["sojourn_s"].get(point)) and value["value"]
    ]


def latency_plot(rows: Sequence[Row]) -> Plot:
    """Return the chart of quantiles, flows in the order of the rows."""
    return Plot("latency", "chart.latency", rows, lambda say: _draw(rows, say), note="chart.latency.note")


def _draw(rows: Sequence[Row], say: Say) -> Chart:
    import altair as alt

    flows = list(dict.fromkeys(row["flow"] for row in rows))
    said = {point: say(f"point.{point}") for point in POINTS}
    labels = " : ".join(f"datum.point == '{point}' ? '{text}'" for point, text in said.items()) + " : ''"
    base = alt.Chart(named_rows()).encode(y=alt.Y("flow:N", sort=flows, title=None))
    time = alt.X(
        "value_s:Q", title=say("axis.seconds"), scale=alt.Scale(type="log", nice=False, padding=12),
        axis=alt.Axis(labelExpr=_TIME_LABEL, values=_TICKS_S),
    )  # fmt: skip
    reach = base.mark_rule(color=GREY).encode(x=alt.X("min(value_s):Q"), x2="max(value_s):Q")
    dots = (
        base.transform_calculate(label=labels)
        .mark_point(filled=True, size=55, opacity=1.0)
        .encode(
            x=time,
            color=alt.Color(
                "label:N", title=None, sort=list(said.values()), legend=alt.Legend(orient="top"),
                scale=alt.Scale(domain=list(said.values()), range=_COLOURS),
            ),
            tooltip=[
                alt.Tooltip("flow:N", title=say("axis.flow")), alt.Tooltip("label:N", title=" "),
                alt.Tooltip("value_s:Q", title="s", format=".4~g"), alt.Tooltip("half_width_s:Q", title="± s", format=".2~g"),
            ],
        )
    )  # fmt: skip
    return alt.layer(reach, dots).properties(width=WIDTH - 200, height=alt.Step(STEP))
