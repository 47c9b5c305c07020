"""What is said of places that are made up, wherever one of them is named, and of no others."""

from __future__ import annotations

from typing import Any

import pytest

from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.report.places_table import places_note

NAMED: dict[str, dict[str, Any]] = {
    "ranked": {"stations": {}, "pools": {}, "worst": [{"station": "cs", "places": [{"name": "37-010 Kagawa-10"}]}]},
    "summed": {"stations": {}, "pools": {}, "levels": {"prefecture": []}},
    "listed": {"stations": {"cs": {"places": []}}, "pools": {}},
    "held up": {"stations": {}, "pools": {}, "incidents": [{"backlogs": [{"place": 3, "name": "37-010 Kagawa-10"}]}]},
}


@pytest.mark.parametrize("document", NAMED.values(), ids=NAMED)
def test_the_note_stands_where_places_are_named(document: dict[str, Any]) -> None:
    """It says that the list is generated, and what of it is published."""
    note = DOMAIN.places_note({"municipalities": {"source": "generated"}})
    (said,) = places_note({**document, "places_note": note})
    assert said.startswith("The list of municipalities is generated")
    assert max(map(len, said.splitlines())) <= 100
    assert list(places_note(document)) == []


def test_without_places_there_is_no_note() -> None:
    """A document that names none needs none."""
    document = {"stations": {"hall": {}}, "pools": {}, "incidents": [{"backlogs": []}], "places_note": "x"}
    assert list(places_note(document)) == []


@pytest.mark.parametrize("part", [None, {"municipalities": {"source": "towns.csv"}}])
def test_a_list_of_ones_own_is_not_made_up(part: dict[str, Any] | None) -> None:
    """Neither is a generic network."""
    assert DOMAIN.places_note(part) is None
