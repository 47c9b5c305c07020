"""Figures over the values of a key that were tried: of a sweep, and of a search with the bound of each service level."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, GREY, RED, WIDTH
from jukinet_sim.report.experiment_figures import heading, short_keys, unit_for
from jukinet_sim.report.messages.say import Say
from jukinet_sim.report.run_table import unit_of_bound

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

Document = Mapping[str, Any]
MOST = 9
"""So many figures are drawn, the first that the document shows."""
_ACROSS = 2
_HEIGHT, _FEW = 170, 12
_VERDICTS = {"enough": BLUE, "not_enough": RED, "unsure": GREY}
_BOUND = re.compile(r"[<>]=?\s*([\d.,]+)(?:\s*\S+)?$")


def sweep_rows(document: Document) -> list[Row]:
    """Return a row for each point and figure shown, over the first key; of two keys the second tells lines apart.

    More keys than two, or none of whose values could be run, cannot be drawn.
    """
    axes, points = document["axes"], [point for point in document["points"] if point["metrics"]]
    if len(axes) > 2 or len(points) < 2:
        return []
    found = []
    for name in document["shown"][:MOST]:
        known = [(point, point["metrics"][name]) for point in points if name in point["metrics"]]
        unit = unit_for(name, [value for _, value in known])
        for point, value in known:
            line = str(point["set"][axes[1]]) if len(axes) == 2 else ""
            found.append(_row(heading(name, unit), point["set"][axes[0]], value, unit.size, line))
    return [row for row in found if row["value"] is not None]


def search_rows(document: Document) -> list[Row]:
    """Return a row for each value of a search's only key and service level, in the unit of its bound."""
    keys = document["keys"]
    return list(_searched(document["evaluated"], keys[0])) if len(keys) == 1 else []


def growth_rows(document: Document) -> list[Row]:
    """Return the same for each factor by which traffic was let grow."""
    growth = document["growth"]
    return list(_searched(growth["evaluated"], "growth")) if growth else []


def _searched(evaluated: Iterable[Mapping[str, Any]], key: str) -> Iterator[Row]:
    for tried in evaluated:
        for level in tried["slo"]:
            unit, bound = unit_of_bound(level["text"]), _BOUND.search(level["text"])
            if level["value"]["value"] is not None and bound is not None:
                row = _row(level["text"], tried["set"][key], level["value"], unit.size, "")
                verdict = "unsure" if tried["meets"] is None else "enough" if tried["meets"] else "not_enough"
                yield {**row, "bound": float(bound[1].replace(",", "")), "verdict": verdict}


def _row(figure: str, at: Any, value: Mapping[str, Any], size: float, line: str) -> dict[str, Any]:
    mean, half = value["value"], value["half_width"] or 0.0
    ends = (None, None) if mean is None else ((mean - half) / size, (mean + half) / size)
    return {
        "figure": figure, "at": at if isinstance(at, int | float) else str(at), "line": line,
        "value": None if mean is None else mean / size, "low": ends[0], "high": ends[1],
    }  # fmt: skip


def sweep_plot(rows: Sequence[Row], axes: Sequence[str]) -> Plot:
    """Return a small chart for each figure of a sweep."""
    return Plot("sweep", "chart.sweep", rows, lambda say: _draw(rows, short_keys(axes), say), note="chart.tried.note")


def search_plot(rows: Sequence[Row], key: str) -> Plot:
    """Return a small chart for each service level of a search, with its bound."""
    return Plot("search", "chart.search", rows, lambda say: _draw(rows, short_keys([key]), say), note="chart.search.note")


def growth_plot(rows: Sequence[Row]) -> Plot:
    """Return a small chart for each service level over the growth of traffic, with its bound."""
    return Plot("growth", "chart.growth", rows, lambda say: _draw(rows, [say("axis.growth")], say), note="chart.search.note")


def _draw(rows: Sequence[Row], axes: Sequence[str], say: Say) -> Chart:
    import altair as alt

    figures = list(dict.fromkeys(row["figure"] for row in rows))
    there, near = named_rows(), alt.Scale(zero=False)
    shown, joint = _colours(rows, axes, say)
    base = alt.Chart(there).encode(x=_across(rows, axes[0]))
    y = alt.Y("value:Q", title=None, scale=near)
    tooltip = [
        alt.Tooltip("figure:N", title=" "), alt.Tooltip("at:N", title=axes[0]),
        alt.Tooltip("value:Q", title=say("axis.value"), format=".4~g"),
    ]  # fmt: skip
    layers = [
        base.mark_line(strokeWidth=1, opacity=0.5).encode(y=y, color=joint),
        base.mark_rule(strokeWidth=2).encode(y=alt.Y("low:Q", title=None, scale=near), y2="high:Q", color=shown),
        base.mark_point(filled=True, size=45).encode(y=y, color=shown, tooltip=tooltip),
    ]
    if "bound" in rows[0]:
        bound = alt.Chart(there).mark_rule(color=RED, strokeDash=[4, 3])
        layers.insert(0, bound.encode(y=alt.Y("mean(bound):Q", title=None, scale=near)))
    columns = min(_ACROSS, len(figures))
    header = alt.Header(labelFontSize=11, labelLimit=360)
    return (
        alt.layer(*layers)
        .properties(width=(WIDTH - 60 * columns) // columns, height=_HEIGHT)
        .facet(facet=alt.Facet("figure:N", title=None, sort=figures, header=header), columns=_ACROSS)
        .resolve_scale(y="independent")
    )


def _across(rows: Sequence[Row], axis: str) -> Any:
    """Return the axis of what was tried: numbers on a scale, other values side by side in their order."""
    import altair as alt

    at = list(dict.fromkeys(row["at"] for row in rows))
    if not all(isinstance(one, int | float) for one in at):
        return alt.X("at:N", title=axis, sort=at)
    # Few values are ticks themselves: between whole numbers of servers there is nothing.
    ticks = alt.Axis(format="~g", values=sorted(at)) if len(at) <= _FEW else alt.Axis(format="~g")
    return alt.X("at:Q", title=axis, scale=alt.Scale(zero=False, nice=False, padding=12), axis=ticks)


def _colours(rows: Sequence[Row], axes: Sequence[str], say: Say) -> tuple[Any, Any]:
    """Return the colour of dots, by verdict or by the second key, and that of the lines between them."""
    import altair as alt

    lines = list(dict.fromkeys(row["line"] for row in rows))
    if "verdict" in rows[0]:
        kinds = alt.Scale(domain=list(_VERDICTS), range=list(_VERDICTS.values()))
        legend = alt.Legend(orient="top", labelExpr=_named(say))
        return alt.Color("verdict:N", title=None, scale=kinds, legend=legend), alt.value(GREY)
    if len(lines) > 1:
        by_line = alt.Color("line:N", title=axes[1], sort=lines)
        return by_line, by_line
    return alt.value(BLUE), alt.value(GREY)


def _named(say: Say) -> str:
    """Return a Vega expression that calls each verdict as the language does."""
    named = "".join(f"datum.value === '{kind}' ? '{say(f'tried.{kind}')}' : " for kind in _VERDICTS)
    return f"{named}datum.value"
