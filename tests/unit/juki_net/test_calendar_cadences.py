"""Cadences: on which dates and at which instants records are delivered, and how many on each."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import DAY_S, HOUR_S, Period, business_days, is_business_day
from jukinet_sim.juki_net.cadences import (
    CADENCE_NAMES,
    REPORTED_NINE_MONTHS,
    cadence_dates,
    deliveries,
    delivery_times,
    share_of_year,
    split_exact,
)

FISCAL_YEAR = Period(dt.date(2012, 4, 1), dt.date(2013, 3, 31))
WEEK = Period(dt.date(2012, 6, 4), dt.date(2012, 6, 10))
"""Monday to Sunday without a holiday."""
BATCH_CADENCES = [
    "monthly",
    "quarterly (Apr Jul Oct Dec)",
    "pension-pay-months (Apr Jun Aug Oct Dec)",
    "monthly from 2012-09",
    "daily",
    "business hours",
]


class TestCadences:
    """On which dates agencies are served, and how many records each time."""

    def test_monthly_is_the_first_business_day(self) -> None:
        """Each of the nine months has one date, its first business day."""
        dates = cadence_dates("monthly", REPORTED_NINE_MONTHS)
        assert [date.month for date in dates] == list(range(4, 13))
        assert all(date == business_days(date.replace(day=1), date)[0] == date for date in dates)

    @pytest.mark.parametrize(
        ("cadence", "months"),
        [
            ("pension-pay-months (Apr Jun Aug Oct Dec)", [4, 6, 8, 10, 12]),
            ("quarterly (Apr Jul Oct Dec)", [4, 7, 10, 12]),
            ("monthly from 2012-09", [9, 10, 11, 12]),
            ("none", []),
        ],
    )
    def test_months_of_the_nine(self, cadence: str, months: list[int]) -> None:
        """The named months, and no other, have a date within the reported nine."""
        assert [date.month for date in cadence_dates(cadence, REPORTED_NINE_MONTHS)] == months

    def test_pensions_are_paid_in_february_too(self) -> None:
        """Pay months are the even ones, so a whole fiscal year has six."""
        dates = cadence_dates("pension-pay-months (Apr Jun Aug Oct Dec)", FISCAL_YEAR)
        assert [date.month for date in dates] == [4, 6, 8, 10, 12, 2]

    @pytest.mark.parametrize("cadence", ["daily", "business hours"])
    def test_every_business_day(self, cadence: str) -> None:
        """A daily file, like an online row, is served on each of the 187 business days."""
        found = cadence_dates(cadence, REPORTED_NINE_MONTHS)
        assert found == business_days(REPORTED_NINE_MONTHS.first, REPORTED_NINE_MONTHS.last)
        assert len(found) == 187

    @pytest.mark.parametrize("cadence", sorted(CADENCE_NAMES))
    def test_every_name_is_a_cadence(self, cadence: str) -> None:
        """Each name is understood and gives business days in order."""
        dates = cadence_dates(cadence, FISCAL_YEAR)
        assert list(dates) == sorted(set(dates))
        assert all(is_business_day(date) for date in dates)

    def test_quarters_of_a_whole_year_are_those_named(self) -> None:
        """The quarterly cadence has no date in January to March: its name lists all of its months."""
        dates = cadence_dates("quarterly (Apr Jul Oct Dec)", FISCAL_YEAR)
        assert [(date.month, date.day) for date in dates] == [(4, 2), (7, 2), (10, 1), (12, 3)]

    def test_a_period_between_dates_has_none(self) -> None:
        """A week in the middle of a month holds no monthly date."""
        assert cadence_dates("monthly", Period(dt.date(2012, 6, 11), dt.date(2012, 6, 17))) == ()

    @pytest.mark.parametrize(
        ("cadence", "cure"),
        [("montly", "did you mean 'monthly'"), ("monthly from 2012-13", "monthly"), ("", "write one of")],
    )
    def test_an_unknown_cadence_is_refused(self, cadence: str, cure: str) -> None:
        """A cadence that is none is refused with what could be written."""
        with pytest.raises(UsageError, match=cure):
            cadence_dates(cadence, REPORTED_NINE_MONTHS)

    @settings(deadline=None)
    @given(st.sampled_from(BATCH_CADENCES), st.integers(min_value=0, max_value=10**9))
    def test_nine_months_get_the_total_evenly(self, cadence: str, total: int) -> None:
        """The dates' records add up to the total and differ by one at most."""
        counts = [records for _date, records in deliveries(cadence, total, REPORTED_NINE_MONTHS)]
        assert sum(counts) == total
        assert max(counts) - min(counts) <= 1

    @settings(deadline=None)
    @given(
        st.sampled_from(BATCH_CADENCES),
        st.integers(min_value=0, max_value=10**6),
        st.integers(min_value=0, max_value=274),
        st.integers(min_value=0, max_value=274),
    )
    def test_a_shorter_period_gets_the_same_numbers(self, cadence: str, total: int, one: int, other: int) -> None:
        """What a date is given does not depend on the period around it."""
        start, end = (REPORTED_NINE_MONTHS.first + dt.timedelta(days=day) for day in sorted((one, other)))
        whole = dict(deliveries(cadence, total, REPORTED_NINE_MONTHS))
        part = deliveries(cadence, total, Period(start, end))
        assert part == tuple((date, whole[date]) for date in whole if start <= date <= end)

    @pytest.mark.parametrize("cadence", ["monthly", "business hours"])
    @pytest.mark.parametrize("first", [dt.date(2011, 2, 10), dt.date(2012, 7, 2), dt.date(2013, 1, 1)])
    def test_outside_dates_get_the_average(self, cadence: str, first: dt.date) -> None:
        """Anywhere, as many dates in a row as the nine months have carry the nine months' total."""
        count = len(cadence_dates(cadence, REPORTED_NINE_MONTHS))
        period = Period(first, first + dt.timedelta(days=400))
        records = [number for _date, number in deliveries(cadence, 1_000_003, period)]
        assert sum(records[:count]) == 1_000_003

    def test_index_goes_on_outside(self) -> None:
        """April 2012 is index 0, the two months before it -2 and -1."""
        found = share_of_year("monthly", Period(dt.date(2012, 2, 1), dt.date(2012, 4, 30)))
        assert [(index, date.month) for index, date in found] == [(-2, 2), (-1, 3), (0, 4)]

    def test_records_without_a_date_are_refused(self) -> None:
        """Records on a cadence that has no date are refused, not lost; no records are fine."""
        assert deliveries("none", 0, REPORTED_NINE_MONTHS) == ()
        with pytest.raises(UsageError, match="no date in April to December 2012"):
            deliveries("none", 13, REPORTED_NINE_MONTHS)


class TestDeliveryTimes:
    """At which instants files of a cadence are sent."""

    def test_daily_at_an_hour_of_each_business_day(self) -> None:
        """A week has five deliveries at 20:00, a day apart, counted from its Monday's midnight."""
        assert delivery_times("daily", WEEK, 20 * HOUR_S) == tuple(day * DAY_S + 20 * HOUR_S for day in range(5))

    def test_monthly_in_the_nine_months(self) -> None:
        """April 2012 begins on a Sunday and May 1 is a Tuesday: the first two deliveries are on days 1 and 30."""
        times = delivery_times("monthly", REPORTED_NINE_MONTHS, 0.0)
        assert len(times) == 9
        assert times[:2] == (1 * DAY_S, 30 * DAY_S)

    @pytest.mark.parametrize(("at_s", "count"), [(DAY_S - 1.0, 1), (DAY_S, 0), (2 * DAY_S, 0)])
    def test_the_end_is_outside(self, at_s: float, count: int) -> None:
        """A delivery of the last day at its midnight or later comes after the run."""
        assert len(delivery_times("daily", Period(WEEK.first, WEEK.first), at_s)) == count

    def test_no_dates_no_deliveries(self) -> None:
        """The cadence `none` delivers nothing."""
        assert delivery_times("none", FISCAL_YEAR, 0.0) == ()

    @pytest.mark.parametrize("at_s", [-1.0, float("nan"), float("inf")])
    def test_an_impossible_hour_is_refused(self, at_s: float) -> None:
        """A time before midnight, or none at all, is refused."""
        with pytest.raises(UsageError, match="after midnight"):
            delivery_times("daily", WEEK, at_s)

    def test_an_unknown_cadence_is_refused(self) -> None:
        """A mistyped cadence is answered with the one that was meant."""
        with pytest.raises(UsageError, match="did you mean 'daily'"):
            delivery_times("dayly", WEEK, 0.0)


class TestSplitExact:
    """Whole parts that add up."""

    @settings(deadline=None)
    @given(
        st.integers(min_value=0, max_value=10**12),
        st.lists(st.floats(min_value=0.0, max_value=1e6), min_size=1, max_size=50).filter(any),
    )
    def test_adds_up_within_one_of_each_quota(self, total: int, weights: list[float]) -> None:
        """Parts sum to the total and none is a whole unit away from its share."""
        parts = split_exact(total, weights)
        assert sum(parts) == total
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part - total * weight / sum(weights)) < 1.0 + 1e-9 * total

    def test_remainder_goes_to_the_largest(self) -> None:
        """10 in proportion 1:2:4 is 1.43, 2.86, 5.71: floors 1, 2, 5 and the two largest remainders one more."""
        assert split_exact(10, [1, 2, 4]) == (1, 3, 6)

    def test_equal_parts_serve_the_front_first(self) -> None:
        """10 in three equal parts is 4, 3, 3."""
        assert split_exact(10, 3) == (4, 3, 3)

    @pytest.mark.parametrize("parts", [0, -1, [], [0.0, 0.0], [1.0, -1.0], [float("nan")]])
    def test_impossible_parts_are_refused(self, parts: int | list[float]) -> None:
        """No parts, no weight, or a negative or undefined weight are refused."""
        with pytest.raises(UsageError, match="cannot split 5"):
            split_exact(5, parts)

    def test_a_negative_total_is_refused(self) -> None:
        """There is no negative number of records."""
        with pytest.raises(UsageError, match="whole number >= 0"):
            split_exact(-1, 3)
