"""The tables of single places: their columns, units and order, and that a line fits a terminal."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from places_samples import TREE, document

from jukinet_sim.report.places_table import level_tables, place_tables, worst_tables
from jukinet_sim.report.terminal import show
from jukinet_sim.report.words import Words
from jukinet_sim.results.levels import by_level
from jukinet_sim.results.rankings import Asked, rank

WORDS = Words("en")


def printed(tables: Any) -> list[str]:
    """The lines of tables on a terminal, empty ones left out."""
    stream = io.StringIO()
    show(tables, stream)
    return [line for line in stream.getvalue().splitlines() if line]


def cells(line: str) -> list[str]:
    """What stands in the columns of a line."""
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def worst(metric: str, kind: str = "stations", group: str = "desk", first_day: dt.date | None = None) -> list[str]:
    """The lines of a ranking."""
    ranking = rank(document(), Asked(kind, group, metric), 10, tree=TREE, first_day=first_day)
    return printed(worst_tables({"worst": [ranking]}, WORDS))


def test_places_of_stations_and_pools() -> None:
    """Used places only, the busiest first: stations by utilisation, pools by tokens in use."""
    lines = printed(place_tables(document(), WORDS, everything=False, name="r"))
    assert [cells(line)[0] for line in lines] == [
        "place (desk)", lines[1], "Ash", "Birch", "place (office)", lines[5], "North", "South", "place (line)", lines[9],
        "Ash", "Birch",
    ]  # fmt: skip
    assert cells(lines[8]) == ["place (line)", "in use", "queue", "wait mean s"]
    assert cells(lines[10]) == ["Ash", "0.5 ± 0", "0 ± 0", "1 ± 0"]


def test_a_ranking_shows_the_figures_beside_it() -> None:
    """By utilisation, with the county, the largest queue and waits; figures beside the ranked one have no intervals."""
    lines = worst("utilisation")
    assert cells(lines[0]) == ["place (desk)", "county", "utilisation %", "queue peak", "wait mean s", "wait max s"]
    assert cells(lines[2]) == ["Ash", "North", "40 ± 0", "7", "2", "2"]
    assert cells(lines[4]) == ["Cedar", "South", "0 ± 0", "0", "-", "-"]


def test_the_longest_queue_has_its_date() -> None:
    """The year is said once, in the heading; who never queued has no date."""
    lines = worst("longest_queue_s", first_day=dt.date(2012, 4, 1))
    assert cells(lines[0]) == ["place (desk)", "county", "longest queue s", "began 2012", "utilisation %", "queue peak"]
    assert cells(lines[2])[3] == "04-02 02:03"
    assert cells(lines[4])[3] == "-"


def test_dates_of_several_years_are_written_out() -> None:
    """Where the year changes, each date has its own."""
    lines = worst("longest_queue_s", first_day=dt.date(2012, 12, 31))
    assert cells(lines[0])[3] == "began"
    assert [cells(line)[3] for line in lines[2:4]] == ["2013-01-01 02:03", "2012-12-31 00:00"]


def test_without_a_calendar_the_time_since_the_start() -> None:
    """93,780 s are a day and a bit."""
    assert cells(worst("longest_queue_s")[2])[3] == "at 1.085 d"


def test_a_pool_shows_tokens_in_use() -> None:
    """A pool has no utilisation."""
    assert cells(worst("queue_peak", "pools", "line")[0]) == [
        "place (line)", "county", "queue peak", "in use", "wait mean s", "wait max s",
    ]  # fmt: skip


def test_a_ranking_of_nobody_says_so() -> None:
    """Where a figure is undefined everywhere there is a sentence instead of a table."""
    asked = {"station": "desk", "metric": "wait_s.max", "within": None, "places": []}
    assert printed(worst_tables({"worst": [asked]}, WORDS)) == ["no place of desk has a figure wait_s.max"]


def test_counties_with_their_stations() -> None:
    """The busiest county first, a line for each of its stations; pools where their queues are known."""
    summed = {"levels": {"county": by_level(document(), TREE, "county")}}
    lines = printed(level_tables(summed, WORDS, 1))
    assert cells(lines[1]) == ["county", "places", "visits /s", "mean %", "highest %", "wait s", "queue peak", "longest s"]
    assert [cells(line) for line in lines[3:]] == [
        ["North"],
        ["desk", "2", "4", "30", "40", "3", "9", "70"],
        ["office", "1", "4", "50", "50", "0.5", "-", "-"],
        ["line", "2", "-", "-", "-", "-", "2", "10"],
        ["and 1 more: --all shows them"],
    ]


def test_without_queues_there_are_no_columns_of_them() -> None:
    """A run that did not keep queues has neither their columns nor lines of pools."""
    summed = {"levels": {"county": by_level(document(queues=False), TREE, "county")}}
    lines = printed(level_tables(summed, WORDS, None))
    assert cells(lines[1])[-1] == "wait s"
    assert [cells(line)[0] for line in lines[3:]] == ["North", "desk", "office", "South", "desk", "office"]


def test_lines_fit_a_hundred_columns() -> None:
    """With long names, intervals and every column no line is wider than 100 characters."""
    whole = document()
    for place in whole["stations"]["desk"]["places"]:
        place["name"] = "34-001 Hiroshima"
        place["longest_queue_s"]["half_width"] = 3.3
    for metric in ("utilisation", "longest_queue_s", "wait_s.max"):
        ranking = rank(whole, Asked("stations", "desk", metric), 10, tree=TREE, first_day=dt.date(2012, 4, 1))
        ranking["within"] = "prefecture"
        for place in ranking["places"]:
            place["within"] = "14 Kanagawa"
        assert max(len(line) for line in printed(worst_tables({"worst": [ranking]}, WORDS))) <= 100
