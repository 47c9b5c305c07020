"""`--vary`: what each form means, that its values are read back as they were meant, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.units import UNITS, number_and_unit, parse_duration
from jukinet_sim.design.axes import json_value
from jukinet_sim.design.vary import parse_axis


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("k=3", ("3",)),
        ("k=a, b ,c", ("a", "b", "c")),
        ("k=20 ms,1.5 s", ("20 ms", "1.5 s")),
        ("k={exponential: 20 ms},{gamma: {mean: 1 s, cv: 2}}", ("{exponential: 20 ms}", "{gamma: {mean: 1 s, cv: 2}}")),
        ('k="a,b",[1, 2]', ('"a,b"', "[1, 2]")),
        ("k=../a.csv,../b.csv", ("../a.csv", "../b.csv")),
        ("k=1..4", ("1", "2", "3", "4")),
        ("k = 1 .. 4 / 2", ("1", "3")),
        ("k=1..9/2", ("1", "3", "5", "7", "9")),
        ("k=1e3..3e3/1000", ("1000", "2000", "3000")),
        ("k=0.1..0.5/0.1", ("0.1", "0.2", "0.3", "0.4", "0.5")),
        ("k=1..2/0.5", ("1", "1.5", "2")),
        ("k=20 ms..80 ms/20 ms", ("20 ms", "40 ms", "60 ms", "80 ms")),
        ("k=20..80 ms/30", ("20 ms", "50 ms", "80 ms")),
        ("k=1 h..2 h/20 min", ("60 min", "80 min", "100 min", "120 min")),
        ("k=500 ms..1 s/250 ms", ("500 ms", "750 ms", "1000 ms")),
        ("k=1 /s..5 /s/2 /s", ("1 /s", "3 /s", "5 /s")),
        ("k=1 /s..5 /s/2", ("1 /s", "3 /s", "5 /s")),
        ("k=1 Mbit/s..2 Mbit/s/0.5", ("1 Mbit/s", "1.5 Mbit/s", "2 Mbit/s")),
        ("k=1 KiB..2 kB/0.5 KiB", ("1.024 kB", "1.536 kB")),
        ("k=50 %..90 %/20 %", ("50 %", "70 %", "90 %")),
        ("k=2012-04-27..2012-05-02", tuple(f"2012-{day}" for day in ("04-27", "04-28", "04-29", "04-30", "05-01", "05-02"))),
        ("k=2012-04-01..2012-04-20/7", ("2012-04-01", "2012-04-08", "2012-04-15")),
    ],
)
def test_values(written: str, values: tuple[str, ...]) -> None:
    """Each form lists exactly these values, in the smallest unit that was written."""
    axis = parse_axis(written)
    assert axis.values() == values
    assert axis.count == len(values)


def test_keys_are_those_of_set() -> None:
    """A dotted key is kept, blanks around its parts are not."""
    assert parse_axis(" network . stations.web.servers =1..2").key == "network.stations.web.servers"


@pytest.mark.parametrize(
    ("written", "kind", "log", "unit"),
    [
        ("k=1..5", "integer", False, ""),
        ("k=1..1000*log", "integer", True, ""),
        ("k=1.0..5", "real", False, ""),
        ("k=1 ms..1 s*log", "real", True, "ms"),
        ("k=20 ms..80 ms", "real", False, "ms"),
        ("k=2012-04-01..2012-04-03", "date", False, ""),
        ("k=1,2", "list", False, ""),
        ("k=1 s,2 s", "list", False, "s"),
    ],
)
def test_kinds(written: str, kind: str, log: bool, unit: str) -> None:
    """Whole numbers are those written without a point and without a unit."""
    axis = parse_axis(written)
    assert (axis.kind, axis.log, axis.unit) == (kind, log, unit)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("k", "this varies nothing; write key=1..5, key=a,b,c or key=1..9/2"),
        ("=1..5", "this varies nothing"),
        ("a..b=1", "this varies nothing"),
        ("k= ", "this varies nothing"),
        ("k=1,,2", "a value is missing between commas; write k=1,2"),
        ("k=1,2,1", "1 stands there twice"),
        ("k=1..3,5", "the range 1..3 stands in a list"),
        ("k={a: 1", '"}" is missing'),
        ("k=a]", '"]" closes no bracket'),
        ("k=5..1", "5 is more than 1; write k=1..5"),
        ("k=3..3", "the range is one value; write k=3"),
        ("k=1..", "the range has no end on one side"),
        ("k=..5", "the range has no end on one side"),
        ("k=fifo..ps", '"fifo" is not a number, and only numbers and dates have ranges'),
        ("k=1..5/0", "a step of 0 leads nowhere"),
        ("k=1..5/9", "the step 9 is larger than the range"),
        ("k=1..5/x", '"x" is not a number'),
        ("k=0..5*log", "0 has no logarithm"),
        ("k=1..5*lin", '"*lin" is not a way to space values; write k=1..5*log'),
        ("k=1..5*log/2", '"*log/2" is not a way to space values'),
        ("k=-1..5", "-1 is negative"),
        ("k=1 s..5 %", "a time and a fraction make no range"),
        ("k=50..90 %", "one end is a percentage and the other has no unit; write k=50 %..90 %"),
        ("k=1 s..1 h/5", "two units stand there, and a number without one"),
        ("k=1 sec..5 sec", 'unknown unit "sec"; write "1 s"'),
        ("k=1 m..5 m", 'unknown unit "m"; write one of % ns us ms s'),
        ("k=1,000..5,000", "the range 000..5 stands in a list"),
        ("k=2012-02-30..2012-03-01", "this is no date of the calendar"),
        ("k=2012-02-01..2012-03-01/week", '"/week" is no step of days; write 2012-02-01..2012-03-01/7'),
        ("k=1\x1b..5", "this holds a control character"),
    ],
)
def test_refused(written: str, says: str) -> None:
    """Everything else is told with what to write instead."""
    with pytest.raises(UsageError) as caught:
        parse_axis(written)
    assert str(caught.value).startswith("--vary")
    assert says in str(caught.value)


def test_a_range_without_step_is_no_list() -> None:
    """A grid over reals asks for a step and shows one; levels divide the range, by logarithm into equal factors."""
    with pytest.raises(UsageError, match=r"no step and could take any value; write k=20 ms\.\.80 ms/10 ms"):
        parse_axis("k=20 ms..80 ms").values()
    assert parse_axis("k=20 ms..80 ms").values(4) == ("20 ms", "40 ms", "60 ms", "80 ms")
    assert parse_axis("k=1 ms..1 s*log").values(4) == ("1 ms", "10 ms", "100 ms", "1000 ms")
    assert parse_axis("k=1..8*log").values(4) == ("1", "2", "4", "8")
    assert parse_axis("k=1..3*log").values(9) == ("1", "2", "3")


def test_too_many_values() -> None:
    """A range of billions is refused before it is listed."""
    with pytest.raises(UsageError, match="1,000,000,000 values"):
        parse_axis("k=1..1000000000").values()


@given(st.sampled_from(sorted(UNITS)), st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0.0, 1.0))
def test_sampled_values_are_read_back(unit: str, low: int, width: int, share: float) -> None:
    """What is written for a share of a range is read as the number it stands for, to a millionth of the range, inside it."""
    axis = parse_axis(f"k={low}.5 {unit}..{low + width}.5 {unit}")
    number, read = number_and_unit(axis.at(share))
    assert read == axis.unit == unit
    assert axis.low <= number <= axis.high
    assert abs(float(number) - (low + 0.5 + share * width)) <= 1.1e-6 * width
    assert axis.number(axis.at(share)) == float(number)


@given(st.integers(-12, 12), st.integers(1, 12), st.floats(0.0, 1.0))
def test_sampled_by_logarithm(exponent: int, decades: int, share: float) -> None:
    """Over many decades a share of the range is that share of its decades, to seven digits."""
    axis = parse_axis(f"k=1e{exponent} s..1e{exponent + decades} s*log")
    assert parse_duration(axis.at(share)) == pytest.approx(10 ** (exponent + share * decades), rel=1e-6)


@given(st.decimals(0, 10**6, places=9), st.sampled_from(sorted(UNITS)))
def test_exact_numbers_are_read_back_exactly(number: object, unit: str) -> None:
    """A number of an axis with decimals is written in full."""
    exact = Fraction(str(number))
    axis = parse_axis(f"k=0.5 {unit}..1 {unit}")
    assert number_and_unit(axis.text(exact)) == (exact, unit)


def test_shares_of_lists_steps_and_whole_numbers() -> None:
    """Each value has an equal part of the shares; of whole numbers by logarithm each has that up to the next."""
    shares = [(i + 0.5) / 1200 for i in range(1200)]
    for written in ("k=a,b,c", "k=1..3", "k=10 %..30 %/10 %", "k=2012-04-01..2012-04-03"):
        axis = parse_axis(written)
        assert {text: [axis.at(s) for s in shares].count(text) for text in axis.values()} == dict.fromkeys(axis.values(), 400)
        assert (axis.at(0.0), axis.at(1.0)) == (axis.values()[0], axis.values()[-1])
    drawn = [parse_axis("k=1..3*log").at(s) for s in shares]
    assert [drawn.count(n) for n in "123"] == [math.floor(1200 * math.log(n / (n - 1)) / math.log(4) + 0.5) for n in (2, 3, 4)]


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("0.5", 0.5), ("2e3", 2000), ("20 ms", "20 ms"), ("50 %", "50 %"), ("ps", "ps")]
)
def test_values_in_documents(text: str, value: object) -> None:
    """Plain numbers are numbers, of their own type, and everything else is text."""
    found = json_value(text)
    assert found == value
    assert type(found) is type(value)
