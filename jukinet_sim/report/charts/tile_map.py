"""A map of tiles, one for each prefecture, coloured by what is picked of any station or pool that is kept there or below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.juki_net.domain import DOMAIN, Tile
from jukinet_sim.report.charts.plot import Plot, Row, named_rows
from jukinet_sim.report.messages.say import Say
from jukinet_sim.report.numbers import HOURS, MILLISECONDS, PERCENT, PLAIN, SECONDS, Unit, plain

if TYPE_CHECKING:
    from jukinet_sim.report.charts.plot import Chart

METRICS = ("utilisation_highest", "wait_max_s", "wait_mean_s", "queue_peak", "longest_queue_s", "visits_per_s", "in_use")
_UNITS = (HOURS, Unit("min", 60.0), SECONDS, MILLISECONDS)
"""Of time, the one is taken of which the largest figure on the map has at least one."""
_NEXT_TO_NOTHING = 1e-3
"""Shares of the largest figure below this are as good as none."""
_TILE = 50
_TIMES = ("wait_max_s", "wait_mean_s", "longest_queue_s")
_KINDS = ("stations", "pools")
_ENDINGS = ("都", "府", "県")
_DARK_FROM = 0.55


def map_rows(levels: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return a row for each prefecture and figure, from the sums over the places of that level (`results.levels.by_level`).

    `share` is the value's part of the largest one on the map; figures that are the same everywhere and 0 are left out.
    """
    tiles = {tile.code: tile for tile in DOMAIN.tiles()}
    found: list[Row] = []
    for kind, group, metric in _figures(levels):
        values = [(place, place[kind].get(group, {}).get(metric)) for place in levels]
        largest = max((value for _, value in values if value is not None), default=0.0)
        if largest <= 0.0:
            continue
        unit = _unit(metric, largest)
        for place, value in values:
            tile = tiles.get(str(place["name"])[:2])
            if tile is not None and value is not None:
                found.append({
                    "group": group, "metric": metric, "unit": unit.name, "code": tile.code, "en": tile.name_en,
                    "ja": short(tile), "column": tile.column, "row": tile.row, "value": value / unit.size,
                    "share": value / largest, "shown": _shown(value / unit.size, value / largest),
                    "busiest": place[kind][group].get("busiest"),
                })  # fmt: skip
    return found


def _unit(metric: str, largest: float) -> Unit:
    """Return the unit that suits the largest figure on a map."""
    if metric == "utilisation_highest":
        return PERCENT
    if metric not in _TIMES:
        return PLAIN
    return next((unit for unit in _UNITS if largest >= unit.size), MILLISECONDS)


def _shown(number: float, share: float) -> str:
    """Return a figure as it fits on a tile."""
    return "0" if number == 0.0 else "~0" if share < _NEXT_TO_NOTHING else plain(float(f"{number:.3g}"))


def short(tile: Tile) -> str:
    """Return the Japanese name as it is written on a map: 青森 for 青森県, but 北海道 and 京都."""
    name = tile.name_ja
    return name[:-1] if name.endswith(_ENDINGS) and len(name) > 2 else name


def _figures(levels: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, group and metric of everything that some place has."""
    for kind in _KINDS:
        for group in dict.fromkeys(name for place in levels for name in place[kind]):
            known = {key for place in levels for key, value in place[kind].get(group, {}).items() if value is not None}
            yield from ((kind, group, metric) for metric in METRICS if metric in known)


def map_plot(rows: Sequence[Row], first: tuple[str, str]) -> Plot:
    """Return the map; `first` is the group and the metric that it shows until another is picked."""
    ordered = sorted(rows, key=lambda row: (row["group"], row["metric"]) != first)
    return Plot(
        "map", "chart.map", ordered, lambda say: _draw(ordered, say), note="chart.map.note",
        picked=lambda say: _label(ordered[0], say),
    )  # fmt: skip


def _label(row: Row, say: Say) -> str:
    return say(f"map.{row['metric']}", group=row["group"], unit=row["unit"])


def _draw(rows: Sequence[Row], say: Say) -> Chart:
    import altair as alt

    picks = {f"{row['group']}/{row['metric']}": _label(row, say) for row in rows}
    picked = alt.param(
        name="picked", value=next(iter(picks)),
        bind=alt.binding_select(options=list(picks), labels=list(picks.values()), name=say("pick.metric") + " "),
    )  # fmt: skip
    name = say.language
    base = (
        alt.Chart(named_rows())
        .transform_filter("datum.group + '/' + datum.metric == picked")
        .encode(
            x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0.04)),
            y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0.04)),
        )
    )
    tiles = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 1]), legend=None),
        tooltip=[
            alt.Tooltip("code:N", title=" "), alt.Tooltip(f"{name}:N", title=" "),
            alt.Tooltip("value:Q", title=" ", format=".4~g"), alt.Tooltip("unit:N", title=" "),
            alt.Tooltip("busiest:N", title=say("axis.busiest_place")),
        ],
    )  # fmt: skip
    ink = alt.when(alt.datum.share > _DARK_FROM).then(alt.value("white"))
    names = base.mark_text(dy=-8, fontSize=12 if name == "ja" else 9).encode(text=f"{name}:N", color=ink)
    values = base.mark_text(dy=9, fontSize=10).encode(text="shown:N", color=ink)
    return alt.layer(tiles, names, values).add_params(picked).properties(width=alt.Step(_TILE), height=alt.Step(_TILE))
