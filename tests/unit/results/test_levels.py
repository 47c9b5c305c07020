"""Sums over the places within a place, against hand calculation, and the file that says where places lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from places_samples import TREE, document

from jukinet_sim.base.errors import StoreError
from jukinet_sim.network.model import Network, PlaceLevel, Pool, Station, frozen_floats
from jukinet_sim.results.levels import FILE, Level, PlaceTree, by_level, read_tree, tree_of, write_tree


def network() -> Network:
    """Towns within counties, with a station in each town and a pool in each county."""
    ones = frozen_floats([1.0, 1.0])
    levels = (PlaceLevel("town", 2, ones, "county", (1, 0)), PlaceLevel("county", 2, ones, labels=("North", "South")))
    stations = (Station("desk", 1, per="town"), Station("hall", 1))
    return Network("towns", 10.0, stations, (), (Pool("line", 1, per="county"),), levels)


def test_towns_of_a_county_are_summed() -> None:
    """North: utilisations .4 and .2, visits 3 + 1 per second, their waits 2 and 6 s weighted by them: (6 + 6) / 4 = 3 s."""
    north, _ = by_level(document(), TREE, "county")
    desk = north["stations"]["desk"]
    assert (desk["places"], desk["busiest"]) == (2, "Ash")
    assert desk["utilisation_mean"] == pytest.approx(0.3)
    assert desk["utilisation_highest"] == pytest.approx(0.4)
    assert desk["visits_per_s"] == pytest.approx(4.0)
    assert desk["wait_mean_s"] == pytest.approx(3.0)
    assert desk["wait_max_s"] == pytest.approx(6.0)


def test_queues_are_the_highest_of_any_place() -> None:
    """The largest queue of 7 and 9 is 9; of longest queues of 70 s (Ash) and 60 s (Birch) on average it is 70 s."""
    desk = by_level(document(), TREE, "county")[0]["stations"]["desk"]
    assert (desk["queue_peak"], desk["longest_queue_s"]) == (9.0, pytest.approx(70.0))


def test_own_stations_stand_beside() -> None:
    """A county's own office is there with what it does itself."""
    office = by_level(document(), TREE, "county")[0]["stations"]["office"]
    assert (office["places"], office["utilisation_highest"], office["wait_mean_s"]) == (1, 0.5, 0.5)


def test_where_nobody_came_no_wait_is_known() -> None:
    """South's only town had no visit: no mean wait, visits 0, utilisation 0."""
    desk = by_level(document(), TREE, "county")[1]["stations"]["desk"]
    assert (desk["places"], desk["utilisation_mean"], desk["visits_per_s"], desk["wait_mean_s"]) == (1, 0.0, 0.0, None)


def test_pools_are_summed_too() -> None:
    """North's lines hold 0.5 + 0.25 tokens in use."""
    line = by_level(document(), TREE, "county")[0]["pools"]["line"]
    assert (line["places"], line["in_use"], line["wait_max_s"]) == (2, pytest.approx(0.75), 3.0)


def test_a_document_without_queues_leaves_them_open() -> None:
    """What a run did not keep is None."""
    desk = by_level(document(queues=False), TREE, "county")[0]["stations"]["desk"]
    assert (desk["queue_peak"], desk["longest_queue_s"]) == (None, None)


def test_stations_above_a_level_are_not_in_it() -> None:
    """A town has its own desk and line, and nothing of its county."""
    ash = by_level(document(), TREE, "town")[0]
    assert (ash["name"], list(ash["stations"]), list(ash["pools"])) == ("Ash", ["desk"], ["line"])


def test_levels_may_be_several_apart() -> None:
    """A place two levels down lies where its parent's parent is."""
    tree = PlaceTree(
        {"top": Level(("x", "y")), "mid": Level(("p", "q"), "top", (1, 0)), "low": Level(("a", "b"), "mid", (0, 1))}, {}, {}
    )
    assert tree.above("low", "top") == (1, 0)
    assert tree.above("top", "low") is None
    assert tree.parent("low", 1) == "q"
    assert tree.parent("top", 0) is None


def test_the_tree_survives_the_run_folder(tmp_path: Path) -> None:
    """What is written of a network's places is read again; unnamed places go by their numbers."""
    write_tree(tmp_path, network())
    assert read_tree(tmp_path) == tree_of(network())
    assert tree_of(network()) == PlaceTree(
        {"town": Level(("0", "1"), "county", (1, 0)), "county": Level(("North", "South"))},
        {"desk": "town"}, {"line": "county"},
    )  # fmt: skip


def test_a_network_without_places_writes_nothing(tmp_path: Path) -> None:
    """Without levels there is no file, and none is missed."""
    write_tree(tmp_path, Network("plain", 10.0, (Station("hall", 1),), ()))
    assert list(tmp_path.iterdir()) == []
    assert read_tree(tmp_path) is None


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """A file that is JSON but not a tree of places is called damaged."""
    (tmp_path / FILE).write_text('{"levels": 3}', encoding="utf-8")
    with pytest.raises(StoreError, match=r"places\.json is damaged"):
        read_tree(tmp_path)
