"""How far each assumed figure moves an output: effects of a screening, shares of the variance, or both ends of each range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, GREY, STEP, WIDTH
from jukinet_sim.report.experiment_figures import unit_for
from jukinet_sim.report.messages.say import Say
from jukinet_sim.report.numbers import Unit

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

Document = Mapping[str, Any]
MOST = 15
"""So many parameters are drawn, those with the largest effects."""


def effect_rows(document: Document) -> list[Row]:
    """Return a row for each parameter: where its bar begins and ends, and the interval of its end where there is one."""
    unit = _unit(document)
    found = _ROWS[document["method"]](document, unit.size)
    return [row for row in found if row["low"] is not None and row["high"] is not None]


def _unit(document: Document) -> Unit:
    if document["method"] == "sobol":
        return Unit("", 1.0)
    values = [document["value"], *({"value": document[end]} for end in ("min", "max"))]
    known = unit_for(document["output"], values)
    return known if known.name else Unit(document["unit"], 1.0)


def _bars(document: Document, size: float, end: str, width: str) -> Iterator[dict[str, Any]]:
    for one in document["parameters"][:MOST]:
        high = one[end]
        half = one[width] or 0.0
        yield {
            "parameter": one["key"], "low": 0.0, "high": None if high is None else high / size,
            "least": None if high is None else (high - half) / size, "most": None if high is None else (high + half) / size,
        }  # fmt: skip


def _morris(document: Document, size: float) -> Iterator[dict[str, Any]]:
    return _bars(document, size, "effect", "half_width")


def _sobol(document: Document, size: float) -> Iterator[dict[str, Any]]:
    return _bars(document, size, "total", "total_half_width")


def _tornado(document: Document, size: float) -> Iterator[dict[str, Any]]:
    for one in document["parameters"][:MOST]:
        ends = [None if one[end] is None else one[end] / size for end in ("low", "high")]
        yield {"parameter": one["key"], "low": ends[0], "high": ends[1], "least": None, "most": None}


_ROWS: Mapping[str, Callable[[Document, float], Iterator[dict[str, Any]]]] = {
    "morris": _morris, "sobol": _sobol, "tornado": _tornado
}  # fmt: skip


def effect_plot(rows: Sequence[Row], document: Document) -> Plot:
    """Return a bar for each parameter, the largest effect first."""
    note = f"chart.effects.{document['method']}"
    return Plot("effects", "chart.effects", rows, lambda say: _draw(rows, document, say), note=note)


def _draw(rows: Sequence[Row], document: Document, say: Say) -> Chart:
    import altair as alt

    unit, method = _unit(document), document["method"]
    named = f"{document['output']} [{unit.name}]" if unit.name else document["output"]
    title = say(f"axis.effect.{method}", output=named)
    there = named_rows()
    parameters = [row["parameter"] for row in rows]
    y = alt.Y("parameter:N", title=None, sort=parameters)
    scale = alt.Scale(zero=method != "tornado")
    tooltip = [alt.Tooltip("parameter:N", title=" "), alt.Tooltip("low:Q", format=".4~g"), alt.Tooltip("high:Q", format=".4~g")]
    bars = alt.Chart(there).mark_bar(color=BLUE, height=11).encode(
        y=y, x=alt.X("low:Q", title=title, scale=scale), x2="high:Q", tooltip=tooltip
    )
    layers = [bars]
    if any(row["most"] is not None for row in rows):
        spans = alt.Chart(there).mark_rule(color=GREY, strokeWidth=2)
        layers.append(spans.encode(y=y, x=alt.X("least:Q", scale=scale), x2="most:Q"))
    now = document["value"]["value"]
    if method == "tornado" and now is not None:
        layers.append(alt.Chart(there).mark_rule(color=GREY, strokeDash=[3, 3]).encode(x=alt.datum(now / unit.size)))
    return alt.layer(*layers).properties(width=WIDTH - 260, height=alt.Step(STEP))
