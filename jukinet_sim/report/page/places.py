"""The worst places of a run as tables: by load where it is highest, by queue where it lasted longest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jukinet_sim.report.charts.of_run import stations_shown
from jukinet_sim.report.kept_run import KeptRun
from jukinet_sim.report.page.blocks import Block, Line, blocks
from jukinet_sim.report.page.texts import text
from jukinet_sim.report.places_table import places_note, worst_tables
from jukinet_sim.results.levels import value_of
from jukinet_sim.results.rankings import Asked, rank

_TOP = 8
_LONGEST = "longest_queue_s"
_LONG_S = 1.0
"""A queue that never lasted so long makes no place the worst."""


def places_blocks(run: KeptRun) -> list[Block]:
    """Return the rankings of places that say most; nothing for a run that keeps nothing per place."""
    ranked = [_without_short_queues(_ranking(run, asked)) for asked in _asked(run)]
    if not ranked:
        return []
    shown: Any = {**run.document, "worst": ranked}
    notes: list[Block] = [Line(text(" ".join(note.split()))) for note in places_note(shown)]
    return [*blocks(lambda words: worst_tables(shown, words)), *notes]


def _ranking(run: KeptRun, asked: Asked) -> dict[str, Any]:
    return rank(run.document, asked, _TOP, tree=run.tree, first_day=run.first_day)


def _without_short_queues(ranking: dict[str, Any]) -> dict[str, Any]:
    """Return a ranking by the longest queue without places that never had one worth the name."""
    if ranking["metric"] != _LONGEST:
        return ranking
    return {**ranking, "places": [place for place in ranking["places"] if place[_LONGEST]["value"] >= _LONG_S]}


def _asked(run: KeptRun) -> Iterator[Asked]:
    """Yield the busiest station that is kept per place, and the station or pool with the longest queue at any place."""
    document = run.document
    placed = [name for name in stations_shown(document) if document["stations"][name].get("places")]
    if placed:
        yield Asked("stations", placed[0], "utilisation")
    queues = [
        (value_of(place, _LONGEST) or 0.0, kind, name)
        for kind in ("stations", "pools")
        for name, part in document[kind].items()
        for place in part.get("places", ())
    ]
    longest, kind, name = max(queues, default=(0.0, "", ""))
    if longest >= _LONG_S:
        yield Asked(kind, name, _LONGEST)
