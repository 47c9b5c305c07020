"""Text to SI and back."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet_sim.base.units import (
    UnitError,
    format_bit_rate,
    format_data,
    format_duration,
    format_fraction,
    format_rate,
    parse_bit_rate,
    parse_count,
    parse_data,
    parse_duration,
    parse_fraction,
    parse_number,
    parse_rate,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7 ns", 7e-9),
        ("3 us", 3e-6),
        ("20 ms", 0.02),
        ("0.1 s", 0.1),
        ("1.5 min", 90.0),
        ("8 h", 28800.0),
        ("2 d", 172800.0),
        ("20ms", 0.02),
        ("  20   ms ", 0.02),
        ("1e3 s", 1000.0),
        (".5 s", 0.5),
        ("0 s", 0.0),
    ],
)
def test_durations_are_exactly_the_literals(text: str, seconds: float) -> None:
    """A duration is the float nearest to its decimal value, not the product of two rounded floats."""
    assert parse_duration(text) == seconds


@given(st.integers(min_value=0, max_value=10**12))
def test_milliseconds_are_correctly_rounded(n: int) -> None:
    """n ms is n / 1000, which Python divides with one rounding."""
    assert parse_duration(f"{n} ms") == n / 1000


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_rate, "0.8 /s", 0.8),
        (parse_rate, "30 /min", 0.5),
        (parse_rate, "90 /h", 90 / 3600),
        (parse_rate, "86400/d", 1.0),
        (parse_data, "2 KiB", 2048.0),
        (parse_data, "2 kB", 2000.0),
        (parse_data, "1 MiB", 2.0**20),
        (parse_data, "1 GiB", 2.0**30),
        (parse_data, "3 B", 3.0),
        (parse_data, "1 MB", 1e6),
        (parse_data, "1 GB", 1e9),
        (parse_bit_rate, "1.5 Mbit/s", 1.5e6),
        (parse_bit_rate, "64 kbit/s", 64e3),
        (parse_bit_rate, "1 Gbit/s", 1e9),
        (parse_bit_rate, "9 bit/s", 9.0),
        (parse_fraction, "80 %", 0.8),
        (parse_fraction, "80%", 0.8),
        (parse_fraction, "0.8", 0.8),
        (parse_number, "0.5", 0.5),
        (parse_count, "10", 10),
        (parse_count, "2e6", 2_000_000),
    ],
)
def test_other_quantities_become_si(parse: Callable[[str], float], text: str, value: float) -> None:
    """Rates become per second, data bytes, bit rates bit/s, percentages fractions."""
    assert parse(text) == value


def test_a_count_is_an_int() -> None:
    """A count is exact, however large."""
    assert parse_count("12345678901234567890") == 12345678901234567890


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_duration, "30", '30 has no unit; write "30 ms" or "30 s"'),
        (parse_duration, "0", '0 has no unit; write "0 ms" or "0 s"'),
        (parse_rate, "0.8", '0.8 has no unit; write "0.8 /s" or "0.8 /h"'),
        (parse_data, "2", '2 has no unit; write "2 B" or "2 KiB"'),
        (parse_bit_rate, "2", '2 has no unit; write "2 kbit/s" or "2 Mbit/s"'),
        (parse_duration, "20 Ms", 'unknown unit "Ms"; write "20 ms" (units: ns us ms s min h d)'),
        (parse_duration, "5 m", 'unknown unit "m"; write one of ns us ms s min h d'),
        (parse_duration, "5 seconds", 'unknown unit "seconds"; write "5 s" (units: ns us ms s min h d)'),
        (parse_rate, "5 Hz", 'unknown unit "Hz"; write "5 /s" (units: /s /min /h /d)'),
        (parse_data, "2 kb", 'unknown unit "kb"; write one of B KiB MiB GiB kB MB GB'),
        (
            parse_duration,
            "2 KiB",
            '"KiB" is the unit of an amount of data, not of a time; write a time such as "20 ms" (units: ns us ms s min h d)',
        ),
        (
            parse_rate,
            "2 s",
            '"s" is the unit of a time, not of a rate; write a rate such as "0.8 /s" (units: /s /min /h /d)',
        ),
        (
            parse_duration,
            "5 %",
            '"%" is the unit of a fraction, not of a time; write a time such as "20 ms" (units: ns us ms s min h d)',
        ),
        (parse_fraction, "5 s", '"s" is not a unit of a fraction; write a fraction such as "0.8" or "80 %"'),
        (parse_duration, "1,000 s", '1,000 s has a thousands comma; write "1000 s"'),
        (parse_duration, "1,000,000 s", '1,000,000 s has a thousands comma; write "1000000 s"'),
        (parse_duration, "0,5 s", '0,5 s has a decimal comma; write "0.5 s"'),
        (parse_count, "1_000", '1_000 has a thousands underscore; write "1000"'),
        (parse_duration, "nan s", '"nan s" is not a number; write a time such as "20 ms"'),
        (parse_duration, "inf", '"inf" is not a number; write a time such as "20 ms"'),
        (parse_duration, "1e400 s", "1e400 s is too large; write a smaller number"),
        (parse_duration, "1e-400 s", "1e-400 s is too small; write 0 or a larger number"),
        (parse_duration, "-3 s", "-3 s is negative; write a number of at least 0"),
        (parse_duration, "", 'there is no value; write a time such as "20 ms"'),
        (parse_duration, "１ s", '"１ s" is not a number; write a time such as "20 ms"'),
        (parse_duration, "1 h 30 min", '"1 h 30 min" is not one number with one unit; write a time such as "20 ms"'),
        (parse_duration, "10:30", '"10:30" is not one number with one unit; write a time such as "20 ms"'),
        (parse_count, "1.5", '1.5 is not a whole number; write "1" or "2"'),
        (parse_count, "3 s", '"3 s" has a unit where a whole number is expected; write "3"'),
        (parse_number, "3 s", '"3 s" has a unit where a plain number is expected; write "3"'),
    ],
)
def test_what_cannot_be_read_names_the_cure(parse: Callable[[str], float], text: str, message: str) -> None:
    """Each failure says what is wrong and what to write instead, and never guesses another quantity."""
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert f"{caught.value.what}; {caught.value.cure}" == str(caught.value) == message


@pytest.mark.parametrize("text", ["1e999999999 s", "9" * 5000 + " s", "1e" + "9" * 5000])
def test_monstrous_numbers_are_refused_at_once(text: str) -> None:
    """A number whose exact value would fill the memory is refused by its form, in a short message."""
    with pytest.raises(UnitError) as caught:
        parse_duration(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (format_duration(0.02), "20 ms"),
        (format_duration(3600), "1 h"),
        (format_duration(90), "1.5 min"),
        (format_duration(0), "0 s"),
        (format_duration(400 * 86400), "400 d"),
        (format_duration(59.99999), "1 min"),
        (format_duration(-5), "-5 s"),
        (format_duration(math.nan), "n/a"),
        (format_duration(math.inf), "n/a"),
        (format_rate(0.8), "0.8 /s"),
        (format_rate(758), "758 /s"),
        (format_rate(1 / 3600), "1 /h"),
        (format_rate(0), "0 /s"),
        (format_data(2048), "2 KiB"),
        (format_data(1500), "1.5 kB"),
        (format_data(1e12), "1000 GB"),
        (format_data(0), "0 B"),
        (format_bit_rate(1.5e6), "1.5 Mbit/s"),
        (format_fraction(0.8), "80 %"),
        (format_fraction(1 / 3), "33.33 %"),
    ],
)
def test_figures_are_shown_in_the_unit_people_use(shown: str, text: str) -> None:
    """Formatting picks the largest unit that keeps the number at 1 or more, with four digits."""
    assert shown == text


@given(st.floats(min_value=1e-9, max_value=1e9))
def test_a_formatted_duration_reads_back_to_four_digits(seconds: float) -> None:
    """What is shown to people is legal input and at most half a unit of the fourth digit away."""
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=5.1e-4)
