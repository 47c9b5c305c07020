"""Single places as tables: the busiest of each group, the worst by one figure, and sums by the places above them.

Beside the figure that a table is about, others stand without intervals, so that a line stays readable.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.moments import moments
from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, count, interval, time_unit
from jukinet_sim.report.terminal import WIDTH, Table, table
from jukinet_sim.report.words import Words
from jukinet_sim.results.levels import figure_of

Document = Mapping[str, Any]
Place = Mapping[str, Any]
_SHOWN = 12
_HEADINGS = {
    "utilisation": ("utilisation",),
    "in_use": ("in use",),
    "throughput_per_s": ("visits /s",),
    "queue_length": ("queue",),
    "queue_peak": ("queue peak",),
    "queue_at_end": ("queue at end",),
    "longest_queue_s": ("longest queue",),
    "wait_s.mean": ("wait", "mean"),
    "wait_s.max": ("wait", "max"),
}


def place_tables(document: Document, words: Words, *, everything: bool, name: str) -> Iterator[str | Table]:
    """Yield the single places of each group that the document has, the busiest first; `name` is how `show` finds the run."""
    for kind, usual in (("stations", "utilisation"), ("pools", "in_use")):
        for group, figures in document[kind].items():
            if "places" in figures:
                yield from _places(group, figures["places"], usual, words, everything=everything, name=name)


def _places(
    group: str, places: Sequence[Place], usual: str, words: Words, *, everything: bool, name: str
) -> Iterator[str | Table]:
    """Yield the places of a group that were used, by their utilisation or use."""
    # A token bucket has nothing in use; what waits at it stands for that.
    usual = usual if any(_number(place, usual) for place in places) else "queue_length"
    used = [place for place in places if _number(place, usual)]
    busiest = sorted(used, key=lambda place: (-_number(place, usual), place["place"]))
    shown = busiest if everything else busiest[:_SHOWN]
    if not shown:
        return
    metrics = list(dict.fromkeys((usual, "queue_length", "wait_s.mean")))
    units = {metric: _unit(metric, shown) for metric in metrics}
    rows = [(place["name"], *(_interval(place, metric, units[metric]) for metric in metrics)) for place in shown]
    yield table((f"{words('place')} ({group})", *(_heading(metric, units[metric], words) for metric in metrics)), rows)
    if len(shown) < len(busiest):
        yield f"and {len(busiest) - len(shown)} more busy places of {group}: jukinet show {name} --places --all"


def places_note(document: Document) -> Iterator[str]:
    """Yield what must be known of the names of places, where any of them are shown."""
    parts = [*document["stations"].values(), *document["pools"].values(), *document.get("incidents", ())]
    named = any("places" in part or any("place" in one for one in part.get("backlogs", ())) for part in parts)
    if "places_note" in document and (named or document.get("worst") or document.get("levels")):
        yield textwrap.fill(document["places_note"], WIDTH)


def worst_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield a table for each ranking of places that was added to the document."""
    for ranking in document.get("worst", ()):
        if ranking["places"]:
            yield _worst(ranking, words)
        else:
            yield f"no place of {ranking.get('station') or ranking['pool']} has a figure {ranking['metric']}"


def _worst(ranking: Mapping[str, Any], words: Words) -> Table:
    places, metric = ranking["places"], ranking["metric"]
    group = ranking.get("station") or ranking["pool"]
    beside = [other for other in _beside(ranking) if any(figure_of(place, other) for place in places)]
    units = {name: _unit(name, places) for name in (metric, *beside)}
    columns = [f"{words('place')} ({group})", _heading(metric, units[metric], words)]
    parts = [
        [place["name"] for place in places],
        [_interval(place, metric, units[metric]) for place in places],
    ]
    if ranking["within"] is not None:
        columns.insert(1, words(ranking["within"]))
        parts.insert(1, [place["within"] for place in places])
    if metric == "longest_queue_s":
        heading, dates = moments([(place["began"], place["began_s"]) for place in places])
        columns.append(words("began", heading))
        parts.append(dates)
    columns += [_heading(name, units[name], words) for name in beside]
    parts += [[_point(place, name, units[name]) for place in places] for name in beside]
    return table(columns, zip(*parts, strict=True), left=1 if ranking["within"] is None else 2)


def _beside(ranking: Mapping[str, Any]) -> list[str]:
    """Return the figures that help to judge the one that is ranked; with a date beside it there is room for fewer."""
    usual = "utilisation" if "station" in ranking else "in_use"
    others = [usual, "queue_peak"]
    others += [] if ranking["metric"] == "longest_queue_s" else ["wait_s.mean", "wait_s.max"]
    return [metric for metric in others if metric != ranking["metric"]]


def level_tables(document: Document, words: Words, top: int | None) -> Iterator[str | Table]:
    """Yield the sums by level that were added to the document, the busiest places first, `top` of them if given."""
    for level, places in document.get("levels", {}).items():
        used = [place for place in places if place["stations"] or place["pools"]]
        shown = sorted(used, key=_busiest, reverse=True)[:top]
        if not shown:
            yield f"nothing is kept per place at or below the level {level}"
            continue
        yield f"by {level}, the busiest first; mean % and highest % are the utilisation of the places"
        yield _level(shown, level, words)
        if len(shown) < len(used):
            yield f"and {len(used) - len(shown)} more: --all shows them"


def _level(shown: Sequence[Mapping[str, Any]], level: str, words: Words) -> Table:
    """Return each place with its own stations and those of the places within it, one line each."""
    parts = [part for place in shown for part in _parts(place)]
    queues = any(part["queue_peak"] is not None for _, part in parts)
    wait, longest = (time_unit({"value": part.get(key)} for _, part in parts) for key in ("wait_mean_s", "longest_queue_s"))
    columns = [words(level), words("places"), words("visits", "/s"), words("mean", "%"), words("highest", "%")]
    columns += [words("wait", wait.name)]
    columns += [words("queue peak"), words("longest", longest.name)] if queues else []
    rows = []
    for place in shown:
        rows.append([place["name"], *[""] * (len(columns) - 1)])
        for name, part in _parts(place):
            row = [f"  {name}", count(part["places"]), _plain(part.get("visits_per_s"), PLAIN)]
            row += [_plain(part.get(key), PERCENT) for key in ("utilisation_mean", "utilisation_highest")]
            row.append(_plain(part.get("wait_mean_s"), wait))
            row += [_plain(part["queue_peak"], PLAIN), _plain(part["longest_queue_s"], longest)] if queues else []
            rows.append(row)
    return table(columns, rows)


def _parts(place: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the stations, and the pools whose queues are known."""
    pools = [(name, part) for name, part in place["pools"].items() if part["queue_peak"] is not None]
    return [*place["stations"].items(), *pools]


def _busiest(place: Mapping[str, Any]) -> float:
    return max((part["utilisation_highest"] or 0.0 for part in place["stations"].values()), default=0.0)


def _heading(metric: str, unit: Unit, words: Words) -> str:
    return words(*_HEADINGS[metric], unit.name)


def _unit(metric: str, places: Sequence[Place]) -> Unit:
    """Return the unit for a figure of some places: %, or the one of time that suits them all, or none."""
    if metric == "utilisation":
        return PERCENT
    if metric.startswith("wait_s.") or metric == "longest_queue_s":
        return time_unit(figure for place in places if (figure := figure_of(place, metric)) is not None)
    return PLAIN


def _number(place: Place, metric: str) -> float:
    return float((figure_of(place, metric) or {}).get("value") or 0.0)


def _interval(place: Place, metric: str, unit: Unit) -> str:
    figure = figure_of(place, metric)
    return UNDEFINED if figure is None else interval(figure, unit)


def _point(place: Place, metric: str, unit: Unit) -> str:
    return _plain((figure_of(place, metric) or {}).get("value"), unit)


def _plain(value: float | None, unit: Unit) -> str:
    """Return a number without an interval, in the unit of its column."""
    return interval({"value": value, "half_width": None, "per_replication": (value,)}, unit)
