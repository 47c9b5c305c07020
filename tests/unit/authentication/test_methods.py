"""Methods of logging on: chains of stages against closed forms, correlated retries, and what other packages may bring."""

from __future__ import annotations

import pytest

from jukinet_sim.authentication.beta_binomial import after_rejections, all_rejected
from jukinet_sim.authentication.biometric import BIOMETRIC
from jukinet_sim.authentication.card import CARD
from jukinet_sim.authentication.listing import explained, listing
from jukinet_sim.authentication.method import Method, Setting
from jukinet_sim.authentication.methods import method, methods
from jukinet_sim.authentication.plan import CALLED, FELL_BACK, LOCKED, REJECTED, Plan, Stage
from jukinet_sim.base.errors import UsageError


def test_three_retries_are_not_the_product_of_three_rates() -> None:
    """With the field figures three rejections in a row are hundreds of times as frequent as by chance of each."""
    assert all_rejected(0.02, 0.3, 3) > 300.0 * 0.02**3
    assert after_rejections(0.02, 0.3, 0) == 0.02
    assert after_rejections(0.02, 0.3, 2) > after_rejections(0.02, 0.3, 1) > 0.3


def test_a_card_is_locked_by_three_wrong_entries() -> None:
    """Lock-outs, rejections and calls of a log-on follow from the entries; one lock in `by_centre` takes a call."""
    values = {"forgotten": 0.0, "lost_per_year": 0.0, "wrong_pin": 0.1, "wrong_pin_correlation": 0.2, "by_centre": 0.25}
    plan = CARD.plan(values)
    in_a_row = [all_rejected(0.1, 0.2, k) for k in (1, 2, 3)]
    assert plan.expected(LOCKED) == pytest.approx(in_a_row[2], rel=1e-12)
    assert plan.expected(REJECTED) == pytest.approx(sum(in_a_row), rel=1e-12)
    assert plan.expected(CALLED) == pytest.approx(0.25 * in_a_row[2], rel=1e-12)
    assert plan.reached["sign"] == pytest.approx(1.0, rel=1e-12)


def test_lost_cards_are_a_rate_a_year() -> None:
    """Who logs on more often does not lose more cards: the calls of a year stay what they are."""
    for per_year in (250.0, 1000.0):
        plan = CARD.plan({"wrong_pin": 0.0}, Setting(per_year))
        assert plan.expected(CALLED) * per_year == pytest.approx(0.0028, rel=1e-12)


def test_vendor_and_field_figures_differ_visibly() -> None:
    """Of a vendor's figures next to nothing goes wrong; in the field people are locked out and supervisors come."""
    vendor = BIOMETRIC.plan({"false_rejects": 1e-4, "correlation": 0.0, "cannot_enrol": 0.0})
    field = BIOMETRIC.plan()
    assert vendor.expected(LOCKED) < 1e-11 < 1e-3 < field.expected(LOCKED)
    assert vendor.expected(FELL_BACK) < 1e-11 < 5e-3 < field.expected(FELL_BACK)


def test_values_that_cannot_be_are_refused() -> None:
    """An unknown parameter and a probability above 1 are named, with what there is."""
    with pytest.raises(UsageError, match='no parameter "wrong_pins"; did you mean "wrong_pin"'):
        CARD.plan({"wrong_pins": 0.1})
    with pytest.raises(UsageError, match="wrong_pin is 2; write a value from 0 to 1"):
        CARD.plan({"wrong_pin": 2.0})
    with pytest.raises(UsageError, match='there is no method of logging on "password"'):
        method("password")


def test_what_ships_is_listed_and_explained() -> None:
    """Both methods come through the door that others use, and the document of one holds the whole chain."""
    assert [one.name for one in methods()][:2] == ["card", "biometric"]
    assert {one["name"] for one in listing()["methods"]} >= {"card", "biometric"}
    document = explained(method("card"), {"wrong_pin": 0.1})
    assert sum(stage["reached"] for stage in document["stages"] if stage["name"] == "sign") == pytest.approx(1.0)
    assert [one["name"] for one in document["parameters"] if one["stated"]] == ["wrong_pin"]


def test_a_method_of_ones_own() -> None:
    """A method is a name, parameters and a function that makes a plan of their values."""
    own = Method("badge", "a badge", (), lambda values, setting: Plan((Stage("touch"),)))
    assert own.plan().reached == {"touch": 1.0}
