"""How much each scenario of a comparison differs from the first, figure by figure, relative to its value there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import GREY, WIDTH
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

MOST = 24
"""So many figures are drawn, the first of the document."""
_FAR = 2.0
"""Beyond three times the value of the first scenario the axis is by powers of ten, so that small differences stay visible."""
_STEP, _LABEL, _NEAR = 16, 340, 0.1


def difference_rows(document: Mapping[str, Any]) -> list[Row]:
    """Return a row for each figure and scenario but the first; what is 0 in the first, or the same in all, has none."""
    return list(_rows(document))


def _rows(document: Mapping[str, Any]) -> Iterator[Row]:
    drawn, others = 0, short_names(document["scenarios"])[1:]
    for metric in document["metrics"]:
        base = metric["values"][0]["value"]
        known = list(zip(others, metric["differences"], strict=True))
        moved = [(name, one) for name, one in known if one["value"] is not None and (one["value"] or one["half_width"])]
        if not base or not moved or drawn == MOST:
            continue
        drawn += 1
        for name, one in moved:
            half = one["half_width"] or 0.0
            yield {
                "figure": metric["name"], "scenario": name, "difference": one["value"] / abs(base),
                "low": (one["value"] - half) / abs(base), "high": (one["value"] + half) / abs(base), "verdict": one["verdict"],
            }  # fmt: skip


def short_names(names: Sequence[str]) -> list[str]:
    """Return what scenarios are called without the folders of their files, unless that makes two the same."""
    short = [name if "=" in name else name.rpartition("/")[2] for name in names]
    return short if len(set(short)) == len(short) else list(names)


def difference_plot(rows: Sequence[Row], first: str) -> Plot:
    """Return dots with their intervals, a line for each figure; `first` is the scenario that all are compared with."""
    return Plot(
        "differences", "chart.differences", rows, lambda say: _draw(rows, first, say), note="chart.differences.note"
    )


def _draw(rows: Sequence[Row], first: str, say: Say) -> Chart:
    import altair as alt

    figures, scenarios = (list(dict.fromkeys(row[key] for row in rows)) for key in ("figure", "scenario"))
    least, most = min(row["low"] for row in rows), max(row["high"] for row in rows)
    far = max(-least, most) > _FAR
    scale = alt.Scale(type="symlog", constant=_NEAR, nice=False, padding=12) if far else alt.Scale()
    ticks = alt.Axis(format=",~%", values=_powers(least, most)) if far else alt.Axis(format="~p", tickCount=7)
    there = named_rows()
    y = alt.Y("figure:N", title=None, sort=figures, axis=alt.Axis(labelLimit=_LABEL))
    beside = alt.YOffset("scenario:N", sort=scenarios)
    base = alt.Chart(there).encode(
        y=y, yOffset=beside, color=alt.Color("scenario:N", title=say("axis.scenario"), sort=scenarios, legend=_legend(alt)),
    )  # fmt: skip
    x = alt.X("difference:Q", title=say("axis.difference", first=first), axis=ticks, scale=scale)
    tooltip = [
        alt.Tooltip("figure:N", title=" "), alt.Tooltip("scenario:N", title=say("axis.scenario")),
        alt.Tooltip("difference:Q", title=say("axis.difference", first=first), format="+.3~p"),
    ]  # fmt: skip
    zero = alt.Chart(there).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=alt.datum(0.0))
    spans = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    dots = base.mark_point(filled=True, size=45).encode(x=x, tooltip=tooltip)
    height = alt.Step(_STEP, **{"for": "position"}) if len(scenarios) == 1 else alt.Step(_STEP)
    return alt.layer(zero, spans, dots).properties(width=WIDTH - _LABEL, height=height)


def _powers(least: float, most: float) -> list[float]:
    """Return 0 and the powers of ten on either side, from a tenth up to what is reached."""
    sides = [(-1.0, -least), (1.0, most)]
    return sorted({0.0, *(sign * 10.0**power for sign, reach in sides for power in range(-1, 12) if 10.0**power <= reach)})


def _legend(alt: Any) -> Any:
    """Return a legend above the chart: names of scenarios may be long."""
    return alt.Legend(orient="top", columns=1, labelLimit=WIDTH)
