"""The worst places by any figure: which, in which order, and what is said about a figure that is not there."""

from __future__ import annotations

import datetime as dt

import pytest
from places_samples import TREE, document, v

from jukinet_sim.base.errors import UsageError
from jukinet_sim.results.moments import first_day_of, moment
from jukinet_sim.results.rankings import Asked, began, rank, read_ranking

STATIONS, POOLS = ("desk", "office"), ("line",)
APRIL = dt.date(2012, 4, 1)


def names(kind: str, group: str, metric: str, top: int = 10) -> list[str]:
    """The places of a ranking by name, in its order."""
    ranking = rank(document(), Asked(kind, group, metric), top)
    return [place["name"] for place in ranking["places"]]


def test_a_station_alone_means_its_utilisation_and_a_pool_its_use() -> None:
    """Without a metric stations are ranked by utilisation, pools by tokens in use."""
    assert read_ranking("desk", STATIONS, POOLS) == ("stations", "desk", "utilisation")
    assert read_ranking("line", STATIONS, POOLS) == ("pools", "line", "in_use")
    assert read_ranking("desk:wait_s.max", STATIONS, POOLS) == ("stations", "desk", "wait_s.max")


def test_an_unknown_station_is_named_with_a_near_miss() -> None:
    """A mistyped name gets the nearest one, and all there are."""
    with pytest.raises(UsageError, match=r'called "dekc"; did you mean "desk"\? \(there are desk, office, line\)'):
        read_ranking("dekc:utilisation", STATIONS, POOLS)


def test_an_unknown_metric_is_named_with_a_near_miss() -> None:
    """A mistyped metric gets the nearest one, and all there are; utilisation is none of a pool."""
    with pytest.raises(UsageError, match=r'did you mean "wait\.max"\? \(they have utilisation, .*longest_queue_s'):
        read_ranking("desk:wait.mux", STATIONS, POOLS)
    with pytest.raises(UsageError, match='places of line have no figure "utilisation"; they have in_use'):
        read_ranking("line:utilisation", STATIONS, POOLS)


def test_without_places_there_is_nothing_to_rank() -> None:
    """A run whose stations have one place each says so."""
    with pytest.raises(UsageError, match="there is none in this run"):
        read_ranking("hall", (), ())


def test_the_worst_come_first() -> None:
    """By utilisation Ash leads, by wait and by largest queue Birch, by longest queue (70 to 60 s on average) Ash."""
    assert names("stations", "desk", "utilisation") == ["Ash", "Birch", "Cedar"]
    assert names("stations", "desk", "queue_peak") == ["Birch", "Ash", "Cedar"]
    assert names("stations", "desk", "longest_queue_s") == ["Ash", "Birch", "Cedar"]
    assert names("pools", "line", "longest_queue_s") == ["Cedar", "Birch", "Ash"]


def test_undefined_figures_are_left_out() -> None:
    """Nobody came to Cedar, so it has no wait to be ranked by."""
    assert names("stations", "desk", "wait_s.mean") == ["Birch", "Ash"]


def test_top_cuts_the_list() -> None:
    """No more places than asked for."""
    assert names("stations", "desk", "utilisation", top=1) == ["Ash"]


def test_equal_figures_follow_the_utilisation() -> None:
    """Queue lengths of 0 everywhere leave the order to the utilisation."""
    assert names("stations", "desk", "queue_length") == ["Ash", "Birch", "Cedar"]


def test_places_say_where_they_lie() -> None:
    """With the tree of places each has the name of its county."""
    ranking = rank(document(), Asked("stations", "desk", "utilisation"), 3, tree=TREE)
    assert (ranking["station"], ranking["level"], ranking["within"]) == ("desk", "town", "county")
    assert [place["within"] for place in ranking["places"]] == ["North", "North", "South"]


def test_the_longest_queue_began_in_its_own_replication() -> None:
    """Ash queued longest, 90 s, in the second replication, from 93,780 s: 2 April 02:03; the mean of both would mislead."""
    ash, birch, cedar = rank(document(), Asked("stations", "desk", "longest_queue_s"), 3, first_day=APRIL)["places"]
    assert (ash["began_s"], ash["began"]) == (93_780.0, "2012-04-02 02:03")
    assert (birch["began_s"], birch["began"]) == (0.0, "2012-04-01 00:00")
    assert (cedar["began_s"], cedar["began"]) == (None, None)


def test_where_no_queue_was_kept_none_began() -> None:
    """Older runs know nothing of queues."""
    assert began({"utilisation": v(0.1)}) is None


def test_a_figure_that_was_not_kept_is_refused() -> None:
    """A run without queue figures cannot rank by them, and says so."""
    with pytest.raises(UsageError, match="did not keep queue_peak of the places of desk"):
        rank(document(queues=False), Asked("stations", "desk", "queue_peak"), 3)


def test_time_0_is_the_midnight_before_the_first_day() -> None:
    """86,400 s are a day, and a scenario with a horizon has no calendar."""
    assert moment(APRIL, 86_400.0 * 31 + 3_600.0 * 18) == "2012-05-02 18:00"
    assert first_day_of({"run": {"period": {"from": "2012-04-01", "to": "2012-04-02"}}}) == APRIL
    assert first_day_of({"run": {"period": None}}) is None
