"""A planner's own rows of provisions: read as the report's are, or refused with every fault by line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS, deliveries
from jukinet_sim.juki_net.facts import Provision, provisions
from jukinet_sim.juki_net.provisions.rows import read_provisions

HEADER = "row,recipient,records,cadence\n"


def read(folder: Path, content: str) -> tuple[Provision, ...]:
    """Write a list and read it."""
    path = folder / "rows.csv"
    path.write_text(content, encoding="utf-8")
    return read_provisions(path)


def faults_of(folder: Path, content: str) -> tuple[Fault, ...]:
    """Write a list that is wrong and give what the reader says about it."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, content)
    return caught.value.faults


def test_rows_are_numbered_and_named(tmp_path: Path) -> None:
    """A name becomes a slug in small letters with hyphens; rows count from 1 in the file's order."""
    found = read(tmp_path, HEADER + "Pension checks (monthly),jps,1200,monthly\n年金 現況,jps,0,none\n")
    assert [(row.row, row.slug, row.recipient, row.records) for row in found] == [
        (1, "pension-checks-monthly", "jps", 1200),
        (2, "年金-現況", "jps", 0),
    ]
    assert all(re.fullmatch(r"\w[\w-]*", row.slug) for row in found)


def test_the_report_itself_can_be_given(tmp_path: Path) -> None:
    """The 44 rows of the report, written as a list, come back with the same records, cadences and modes."""
    lines = [
        f"{row.slug},{row.recipient},{row.records},{row.cadence_assumed},{row.mode_assumed}\n" for row in provisions()
    ]
    found = read(tmp_path, "row,recipient,records,cadence,mode\n" + "".join(lines))
    kept = [(one.slug, one.recipient, one.records, one.cadence_assumed, one.mode_assumed) for one in found]
    assert kept == [(one.slug, one.recipient, one.records, one.cadence_assumed, one.mode_assumed) for one in provisions()]


def test_a_cadence_by_its_first_words(tmp_path: Path) -> None:
    """`quarterly` is the report's quarterly cadence, and `monthly from` takes a month."""
    found = read(tmp_path, HEADER + "a,x,9,quarterly\nb,x,9,pension-pay-months\nc,x,9,monthly from 2012-09\n")
    assert [row.cadence_assumed for row in found] == [
        "quarterly (Apr Jul Oct Dec)",
        "pension-pay-months (Apr Jun Aug Oct Dec)",
        "monthly from 2012-09",
    ]
    for row in found:
        assert sum(records for _date, records in deliveries(row.cadence_assumed, row.records, REPORTED_NINE_MONTHS)) == 9


@pytest.mark.parametrize(("cadence", "mode"), [("business hours", "online"), ("monthly", "batch"), ("quarterly", "batch")])
def test_the_mode_follows_from_the_cadence(tmp_path: Path, cadence: str, mode: str) -> None:
    """Without a mode, queries throughout business hours are online and deliveries on dates are batches."""
    (row,) = read(tmp_path, HEADER + f"a,x,9,{cadence}\n")
    assert row.mode_assumed == mode


def test_all_faults_at_once_by_line_and_column(tmp_path: Path) -> None:
    """Every wrong cell of every row is reported in one go, at its place, with what to write."""
    rows = "a,x,1.5,monthly\nA,x,3,montly\n--,,4,none\nb,x,5,monthly from 2013-04\n"
    faults = faults_of(tmp_path, HEADER + rows)
    places = [(fault.position.line, fault.position.column) for fault in faults if fault.position is not None]
    assert places == [(2, 5), (3, 1), (3, 7), (4, 1), (4, 4), (5, 7)]
    text = [fault.headline for fault in faults]
    assert "the number of records '1.5' is not a whole number" in text[0]
    assert "the row a is already on line 2; give each provision its own" in text[1]
    assert "there is no cadence 'montly'; did you mean 'monthly'?" in text[2]
    assert "the row '--' has no name; write one of letters and digits" in text[3]
    assert "this cell is empty; name the agency that receives the records" in text[4]
    assert "5 records have no date in April to December 2012" in text[5]


def test_records_that_are_never_provided(tmp_path: Path) -> None:
    """Records on the cadence `none` are refused rather than lost; a row of 0 records is in order."""
    (fault,) = faults_of(tmp_path, HEADER + "a,x,5,none\nb,x,0,none\n")
    assert fault.cure == "choose another cadence, or write 0 records"


@pytest.mark.parametrize(("cadence", "mode"), [("monthly", "online"), ("business hours", "batch")])
def test_a_mode_that_its_cadence_contradicts(tmp_path: Path, cadence: str, mode: str) -> None:
    """A mode that would not be simulated is refused."""
    (fault,) = faults_of(tmp_path, f"row,recipient,records,cadence,mode\na,x,5,{cadence},{mode}\n")
    assert fault.what.startswith(f"the mode is {mode}, but the cadence {cadence!r} is ")


def test_an_unknown_mode(tmp_path: Path) -> None:
    """Only batch and online are modes."""
    (fault,) = faults_of(tmp_path, "row,recipient,records,cadence,mode\na,x,5,monthly,post\n")
    assert (fault.what, fault.cure) == ("mode is 'post'", "write batch or online, or nothing")


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    """Each column that is not there is named, a near miss with what to rename."""
    faults = faults_of(tmp_path, "row,recipient,record\na,x,5\n")
    assert [(fault.what, fault.cure) for fault in faults] == [
        ("there is no column 'records'", "rename 'record'"),
        ("there is no column 'cadence'", "name the columns row, recipient, records, cadence in the first line"),
    ]


def test_a_name_too_long(tmp_path: Path) -> None:
    """A name that would not fit a flow's name is refused."""
    (fault,) = faults_of(tmp_path, HEADER + f"{'a' * 81},x,5,monthly\n")
    assert fault.cure == "write at most 80 letters"


def test_an_empty_list(tmp_path: Path) -> None:
    """A file without a row is refused with the header to write."""
    (fault,) = faults_of(tmp_path, HEADER)
    assert fault.what == "the list holds no provision"
    assert HEADER.strip() in fault.cure
