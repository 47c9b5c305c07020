"""The report's figures, held to account by their own arithmetic."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import business_days
from jukinet_sim.juki_net import facts


def test_every_figure_has_a_text_and_a_section() -> None:
    """No row of the table lacks a key, a value, a unit or the section it was printed in."""
    for key, found in facts.reported().items():
        assert key == found.key
        assert all((found.value, found.unit, found.period, found.section))


def test_dates_and_texts_are_not_numbers() -> None:
    """A month or a text keeps its printed form and has no number."""
    assert facts.figure("npf_provision_starts").number is None
    assert facts.figure("cipher_migration").number is None
    assert facts.figure("population").number == 126_660_000.0


def test_unknown_key_names_the_nearest_one() -> None:
    """A mistyped key is answered with the key that was meant."""
    with pytest.raises(UsageError, match="did you mean 'population'"):
        facts.figure("populaton")


def test_text_asked_as_number_is_refused() -> None:
    """Asking for the number of a text says what the text is."""
    with pytest.raises(UsageError, match="'stable operation', not a number"):
        facts.number("national_server")


def test_figures_cannot_be_changed() -> None:
    """Neither the table nor a figure can be written to."""
    with pytest.raises(TypeError):
        facts.reported()["population"] = facts.figure("intrusions")  # type: ignore[index]  # that is the point
    with pytest.raises(dataclasses.FrozenInstanceError):
        facts.figure("population").value = "1"  # type: ignore[misc]  # that is the point


def test_the_printed_increase_is_the_only_contradiction() -> None:
    """The two totals differ by 2,000,000 more than the increase printed beside them; all else adds up."""
    (found,) = facts.contradictions()
    assert found.key == "provisions_increase_printed"
    assert found.printed == 63_702_219
    assert found.computed == 369_045_185 - 303_342_966 == 65_702_219
    assert found.difference == 2_000_000
    assert "63,702,219" in found.text
    assert "65,702,219" in found.text


def test_the_contradiction_is_not_mended() -> None:
    """The figure itself still reads as printed."""
    assert facts.figure("provisions_increase_printed").value == "63702219"


def test_every_identity_is_about_reported_numbers() -> None:
    """Each identity names a reported key that is a number."""
    for identity in facts.IDENTITIES:
        assert facts.figure(identity.key).number is not None


def test_calls_per_day_are_per_business_day() -> None:
    """19,859 calls over 187 business days are 106.2 a day, printed as 106."""
    nine_months = facts.figure("call_centre_calls_2012_04_12").period.split("/")
    first, last = (dt.date.fromisoformat(text) for text in nine_months)
    days = len(business_days(first, last))
    calls = facts.number("call_centre_calls_2012_04_12")
    assert (calls, days) == (19_859, 187)
    assert round(calls / days, 1) == 106.2
    assert round(calls / days) == facts.number("call_centre_calls_per_day")


def test_cards_add_up() -> None:
    """6.56 million cards and 0.58 million issued make 7.14 million."""
    start = facts.number("juki_cards_cumulative_2012_03_31")
    issued = facts.number("juki_cards_issued_2012_04_12")
    assert (start, issued) == (6_560_000, 580_000)
    assert start + issued == facts.number("juki_cards_cumulative_2012_12_31") == 7_140_000


def test_card_share_is_cut_not_rounded() -> None:
    """656 / 12,666 is 5.179 %, which the report prints as 5.1."""
    share = 100 * facts.number("juki_cards_cumulative_2012_03_31") / facts.number("population")
    assert int(share * 10) / 10 == facts.number("juki_card_share_percent")


def test_pension_service_explains_most_of_the_increase() -> None:
    """The rise printed for the Japan Pension Service is within the rise of the totals."""
    rise = facts.number("provisions_2012_04_12") - facts.number("provisions_2011_04_12")
    assert 0.95 * rise < facts.number("jps_pension_increase") < rise


def test_an_identity_takes_simulated_figures_in_place_of_printed_ones() -> None:
    """With 10,000 fewer cards issued the stock at the end is 7.13 million, still within the rounding; with 20,000 it is not."""
    (identity,) = (one for one in facts.IDENTITIES if one.key == "juki_cards_cumulative_2012_12_31")
    issued = {"juki_cards_issued_2012_04_12": 570_000.0}
    computed = identity.compute(lambda key: issued.get(key, facts.number(key)))
    assert computed == 7_130_000
    assert identity.agrees(computed)
    assert not identity.agrees(computed - 10_000)
