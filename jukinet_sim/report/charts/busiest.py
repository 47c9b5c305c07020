"""The busiest hour of each station, at its busiest place: what is known of the time of day where a run kept no series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.charts.theme import BLUE, RED, STEP, WIDTH
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

_TICKS = (1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0)
_FULL = 0.7
"""Beyond this share waits grow so fast that the bar is drawn as a warning."""


def busiest_rows(stations: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> list[Row]:
    """Return a row for each station whose busiest hour is known and not idle: its utilisation, when and where."""
    found: list[Row] = []
    for name in names:
        hour = stations[name].get("busiest_hour")
        if hour and hour["utilisation"]["value"]:
            at = hour["at"] or {}
            found.append({
                "station": name, "utilisation": hour["utilisation"]["value"], "half_width": hour["utilisation"]["half_width"],
                "from": at.get("from"), "place": at.get("place"),
            })  # fmt: skip
    return sorted(found, key=lambda row: -row["utilisation"])


def busiest_plot(rows: Sequence[Row], *, instead_of_series: bool) -> Plot:
    """Return the chart of busiest hours; `instead_of_series` says why there is nothing better."""
    note = "chart.busiest.note" if instead_of_series else None
    return Plot("busiest", "chart.busiest", rows, lambda say: _draw(rows, say), note=note)


def _draw(rows: Sequence[Row], say: Say) -> Chart:
    import altair as alt

    stations = [row["station"] for row in rows]
    return (
        alt.Chart(named_rows())
        .mark_point(filled=True, size=70, opacity=1.0)
        .encode(
            x=alt.X(
                "utilisation:Q", title=say("axis.utilisation"), scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~p", values=_TICKS),
            ),
            y=alt.Y("station:N", sort=stations, title=None),
            color=alt.condition(alt.datum.utilisation > _FULL, alt.value(RED), alt.value(BLUE)),
            tooltip=[
                alt.Tooltip("station:N", title=say("axis.station")),
                alt.Tooltip("utilisation:Q", title=say("axis.utilisation"), format=".3~p"),
                alt.Tooltip("from:N", title=say("axis.time")), alt.Tooltip("place:N", title=" "),
            ],
        )
        .properties(width=WIDTH - 200, height=alt.Step(STEP))
    )  # fmt: skip
