"""The table of provisions to agencies: 44 rows, exact to the last record."""

from __future__ import annotations

from collections import Counter

from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS, cadence_dates, deliveries

ZERO_ROWS = {
    "seamens-insurance",
    "defined-contribution-pension",
    "septic-tank-installer-licence",
    "travel-agency-registration",
    "small-vessel-registration",
}


def test_there_are_44_rows_in_order() -> None:
    """Rows are numbered 1 to 44."""
    assert [row.row for row in facts.provisions()] == list(range(1, 45))


def test_rows_sum_to_the_reported_total() -> None:
    """The rows add up to 369,045,185 records exactly."""
    assert sum(row.records for row in facts.provisions()) == 369_045_185 == facts.number("provisions_2012_04_12")


def test_slugs_are_unique_and_plain() -> None:
    """Each row has a slug of its own, fit for a flow's name."""
    slugs = [row.slug for row in facts.provisions()]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.replace("-", "").isalnum() and slug == slug.lower() for slug in slugs)


def test_the_five_zero_rows() -> None:
    """Five affairs received no record in the nine months, and nothing is assumed to be sent for them."""
    zero = [row for row in facts.provisions() if row.records == 0]
    assert {row.slug for row in zero} == ZERO_ROWS
    assert {row.cadence_assumed for row in zero} == {"none"}
    assert all(row.cadence_assumed != "none" for row in facts.provisions() if row.records > 0)


def test_recipients_have_one_name_each() -> None:
    """A recipient's identifier always goes with the same English and Japanese name."""
    names = Counter(
        recipient for recipient, _en, _ja in {(r.recipient, r.recipient_en, r.recipient_ja) for r in facts.provisions()}
    )
    assert set(names.values()) == {1}


def test_pension_service_receives_most() -> None:
    """The seven rows of the Japan Pension Service hold 343.9 million records."""
    rows = [row for row in facts.provisions() if row.recipient == "jps"]
    assert len(rows) == 7
    assert round(sum(row.records for row in rows) / 1e6, 1) == 343.9


def test_every_cadence_is_understood_and_delivers_the_row_exactly() -> None:
    """For each row the records of all its dates in the nine months add up to the row."""
    for row in facts.provisions():
        assert row.mode_assumed in {"batch", "online"}
        given = deliveries(row.cadence_assumed, row.records, REPORTED_NINE_MONTHS)
        assert sum(records for _date, records in given) == row.records


def test_new_recipient_starts_in_the_reported_month() -> None:
    """The National Pension Fund Association is served from the month the report names, not before."""
    (row,) = (row for row in facts.provisions() if row.slug == "npf-pension")
    first = cadence_dates(row.cadence_assumed, REPORTED_NINE_MONTHS)[0]
    assert f"{first:%Y-%m}" == facts.figure("npf_provision_starts").value
