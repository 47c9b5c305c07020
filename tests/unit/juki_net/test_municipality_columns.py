"""The optional columns of a planner's list: per-place equipment, cards and kiosks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.juki_net.places.csv_file import read_csv
from jukinet_sim.juki_net.places.table import Municipalities

BASE = "code,prefecture_code,name,population"
OPTIONAL = "cs_servers,cs_service_ms,line_mbit_s,terminals,card_share_percent,kiosk_from"


def read(folder: Path, header: str, *rows: str) -> Municipalities:
    """Write a list whose rows follow the base columns, and read it."""
    path = folder / "places.csv"
    lines = [f"{BASE},{header}", *(f"{number},01,A,5,{row}" for number, row in enumerate(rows, start=1))]
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_csv(path)


def fault(folder: Path, header: str, *rows: str) -> Fault:
    """Write a list with one fault and give it."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, header, *rows)
    (found,) = caught.value.faults
    return found


def test_columns_become_si(tmp_path: Path) -> None:
    """Milliseconds become seconds, Mbit/s bit/s, per cent fractions; an empty cell is 0, NaN or None."""
    found = read(tmp_path, OPTIONAL, "4,40,1.5,18,6.5,2013-09-01", ",,,,,")
    assert found.cs_servers is not None
    assert found.cs_servers.tolist() == [4, 0]
    assert found.terminals is not None
    assert found.terminals.tolist() == [18, 0]
    assert found.cs_service_s == pytest.approx([0.04, np.nan], nan_ok=True)
    assert found.line_bit_rate == pytest.approx([1.5e6, np.nan], nan_ok=True)
    assert found.card_share == pytest.approx([0.065, np.nan], nan_ok=True)
    assert found.kiosk_from == (dt.date(2013, 9, 1), None)


def test_a_column_that_is_not_there_is_none(tmp_path: Path) -> None:
    """Without optional columns nothing is known, which differs from a column of empty cells."""
    found = read(tmp_path, "connected", "yes")
    columns = (found.cs_servers, found.cs_service_s, found.line_bit_rate, found.terminals, found.card_share, found.kiosk_from)
    assert columns == (None,) * 6


def test_arrays_are_read_only(tmp_path: Path) -> None:
    """A hand-over between floors cannot be written to, in optional columns either."""
    servers = read(tmp_path, "cs_servers", "4").cs_servers
    assert servers is not None
    with pytest.raises(ValueError, match="read-only"):
        servers[0] = 1


def test_columns_of_unequal_length_are_refused() -> None:
    """A table whose columns differ in length is a bug of the caller."""
    with pytest.raises(ValueError, match="differ in length"):
        Municipalities.from_columns(["1"], ["A"], [0], [5], [True], terminals=[1, 2])


@pytest.mark.parametrize(
    ("header", "cell", "what", "cure"),
    [
        ("cs_servers", "2.5", "the number of servers '2.5' is not a whole number", "write digits only, such as 12345"),
        ("cs_servers", "0", "the number of servers 0 is out of range", "write 1 to 1000"),
        ("cs_service_ms", "fast", "the service time 'fast' is not a plain number", "write 12.5, say"),
        ("cs_service_ms", "40 ms", "the service time '40 ms' has a unit", "write 40; the column's name says ms"),
        ("cs_service_ms", "0", "the service time 0 is out of range", "write 0.001 to 3600000"),
        ("line_mbit_s", "-1", "the line speed '-1' is not a plain number", "write 12.5, say"),
        ("line_mbit_s", "1e3", "the line speed '1e3' is not a plain number", "write 12.5, say"),
        ("line_mbit_s", "nan", "the line speed 'nan' is not a plain number", "write 12.5, say"),
        ("terminals", "１", "the number of terminals '１' is not a whole number", "write digits only, such as 12345"),
        ("card_share_percent", "5.1%", "the share of card holders '5.1%' has a unit", "write 5.1; the column's name says %"),
        ("card_share_percent", "101", "the share of card holders 101 is out of range", "write 0 to 100"),
        ("kiosk_from", "2013-02-30", "the date '2013-02-30' is not a date", "write one such as 2013-09-01"),
        ("kiosk_from", "2013/9/1", "the date '2013/9/1' is written in another way", "write 2013-09-01"),
        ("kiosk_from", "yes", "the date 'yes' is not a date", "write one such as 2013-09-01"),
    ],
)
def test_a_cell_that_cannot_be_used(tmp_path: Path, header: str, cell: str, what: str, cure: str) -> None:
    """Each wrong cell is named with what to write instead."""
    found = fault(tmp_path, header, cell)
    assert (found.what, found.cure) == (what, cure)


def test_a_decimal_comma_is_told_from_a_column(tmp_path: Path) -> None:
    """A quoted decimal comma is refused with the point to write."""
    assert fault(tmp_path, "cs_service_ms", '"1,5"').cure == "write 1.5"


def test_faults_of_all_columns_at_once_at_their_place(tmp_path: Path) -> None:
    """Faults of several optional cells are reported together, each by line and column."""
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, OPTIONAL, "x,40,y,18,6.5,", "4,z,1.5,18,6.5,q")
    places = [(one.position.line, one.position.column) for one in caught.value.faults if one.position is not None]
    assert places == [(2, 10), (2, 15), (3, 12), (3, 25)]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("cs_servcie_ms", "cs_service_ms"),
        ("cs_service_s", "cs_service_ms"),
        ("cs_service", "cs_service_ms"),
        ("Terminals", "terminals"),
        ("card-share-percent", "card_share_percent"),
        ("conected", "connected"),
    ],
)
def test_a_misspelt_column_is_not_ignored(tmp_path: Path, header: str, meant: str) -> None:
    """A column whose name is all but that of an optional one is refused, at its place, rather than ignored."""
    found = fault(tmp_path, header, "1")
    assert found.what == f"unknown column {header!r}"
    assert found.cure.startswith(f"did you mean {meant!r} (")
    assert found.position is not None
    assert (found.position.line, found.position.column) == (1, len(BASE) + 2)


@pytest.mark.parametrize("header", ["area_km2", "households", "name_ja", "population_2015", "remarks", "line", ""])
def test_other_columns_are_ignored(tmp_path: Path, header: str) -> None:
    """Columns of public lists that mean something else do no harm."""
    assert len(read(tmp_path, header, "x")) == 1


def test_a_known_column_may_have_a_neighbour_of_like_name(tmp_path: Path) -> None:
    """What resembles a column that is there is not taken for a slip of the pen."""
    assert len(read(tmp_path, "terminals,terminals_2", "3,x")) == 1


def test_nobody_connected(tmp_path: Path) -> None:
    """A list without a municipality on the network is refused: nothing could be simulated."""
    found = fault(tmp_path, "connected", "no")
    assert found.what == "no municipality is connected"


def test_semicolons(tmp_path: Path) -> None:
    """A list separated by semicolons is refused in one message."""
    path = tmp_path / "places.csv"
    path.write_text("code;prefecture_code;name;population\n1;01;A;5\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_csv(path)
    (found,) = caught.value.faults
    assert found.cure == "save the file as CSV with commas"
