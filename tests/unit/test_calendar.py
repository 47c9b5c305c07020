"""Business days, rate profiles and cadences."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet_sim.calendar import (
    DAY_S,
    HOUR_S,
    PROFILE_NAMES,
    REPORTED_NINE_MONTHS,
    Period,
    RateProfile,
    business_days,
    cadence_dates,
    deliveries,
    describe_profile,
    generic_profile,
    is_business_day,
    opening_times,
    profile,
    share_of_year,
    split_exact,
)
from jukinet_sim.errors import UsageError

FISCAL_YEAR = Period(dt.date(2012, 4, 1), dt.date(2013, 3, 31))
WEEK = Period(dt.date(2012, 6, 4), dt.date(2012, 6, 10))
"""Monday to Sunday without a holiday."""
BATCH_CADENCES = [
    "monthly",
    "quarterly (Apr Jul Oct Dec)",
    "pension-pay-months (Apr Jun Aug Oct Dec)",
    "monthly from 2012-09",
    "business hours",
]


def mean_weight(found: RateProfile, open_s: float, close_s: float) -> float:
    """Give the time average of a profile's weight over an interval."""
    edges = np.append(found.start_s, found.end_s)
    overlap = np.clip(np.minimum(edges[1:], close_s) - np.maximum(edges[:-1], open_s), 0.0, None)
    return float((overlap * found.weight).sum() / (close_s - open_s))


class TestBusinessDays:
    """Which days offices open."""

    def test_nine_months_have_187(self) -> None:
        """April to December 2012 has the 187 business days that the call-centre figure implies."""
        assert len(business_days(dt.date(2012, 4, 1), dt.date(2012, 12, 31))) == 187

    @pytest.mark.parametrize(
        ("date", "why"),
        [
            (dt.date(2012, 6, 9), "Saturday"),
            (dt.date(2012, 6, 10), "Sunday"),
            (dt.date(2012, 4, 30), "substitute for a holiday on Sunday"),
            (dt.date(2012, 9, 17), "Respect for the Aged Day"),
            (dt.date(2012, 12, 31), "year-end closure"),
            (dt.date(2013, 1, 3), "new-year closure"),
        ],
    )
    def test_closed(self, date: dt.date, why: str) -> None:
        """Offices are closed on weekends, public holidays and around the new year."""
        assert not is_business_day(date), why

    @pytest.mark.parametrize("date", [dt.date(2012, 12, 28), dt.date(2013, 1, 4), dt.date(2012, 4, 2)])
    def test_open(self, date: dt.date) -> None:
        """The last and the first working day of a year, and an ordinary Monday, are open."""
        assert is_business_day(date)

    def test_no_days_before_they_begin(self) -> None:
        """An interval that ends before it starts holds no business day."""
        assert business_days(dt.date(2012, 4, 2), dt.date(2012, 4, 1)) == ()

    def test_import_does_not_load_the_holiday_library(self) -> None:
        """Importing the calendar leaves jpholiday alone; commands without dates do not pay for it."""
        code = "import sys, jukinet_sim.calendar; sys.exit('jpholiday' in sys.modules)"
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        assert subprocess.run([sys.executable, "-c", code], check=False, env=environment).returncode == 0


class TestPeriod:
    """Dates and simulated seconds."""

    def test_length_counts_both_ends(self) -> None:
        """One day is 86,400 s; April to December is 275 days."""
        assert Period(dt.date(2012, 4, 1), dt.date(2012, 4, 1)).seconds == 86_400.0
        assert REPORTED_NINE_MONTHS.seconds == 275 * 86_400.0

    def test_epoch_is_midnight_in_japan(self) -> None:
        """Second 0 is 00:00 JST, which is 15:00 UTC of the day before."""
        assert WEEK.epoch.astimezone(dt.UTC) == dt.datetime(2012, 6, 3, 15, tzinfo=dt.UTC)

    def test_seconds_of_an_hour(self) -> None:
        """8:30 of the second day is 24 h + 8.5 h from the start."""
        assert WEEK.seconds_of(dt.date(2012, 6, 5), 8.5) == (24 + 8.5) * 3600

    @settings(deadline=None)
    @given(st.integers(min_value=0, max_value=274))
    def test_date_at_inverts_seconds_of(self, day: int) -> None:
        """Any instant of a day, its midnight included, gives back the day."""
        date = REPORTED_NINE_MONTHS.first + dt.timedelta(days=day)
        assert REPORTED_NINE_MONTHS.date_at(REPORTED_NINE_MONTHS.seconds_of(date)) == date
        assert REPORTED_NINE_MONTHS.date_at(REPORTED_NINE_MONTHS.seconds_of(date, 23.99)) == date

    def test_backwards_is_refused(self) -> None:
        """A period that ends before it starts is a usage error that says so."""
        with pytest.raises(UsageError, match="ends before it starts"):
            Period(dt.date(2012, 4, 2), dt.date(2012, 4, 1))


class TestProfiles:
    """When things happen."""

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
    def test_is_well_formed(self, name: str) -> None:
        """Pieces rise from 0 s, weights are not negative, neighbours differ, arrays are read-only."""
        for found in (profile(name, FISCAL_YEAR), generic_profile(name, 10 * DAY_S)):
            assert found.start_s[0] == 0.0
            assert np.all(np.diff(found.start_s) > 0.0)
            assert found.start_s[-1] < found.end_s
            assert np.all(found.weight >= 0.0)
            assert np.all(np.diff(found.weight) != 0.0)
            assert not found.start_s.flags.writeable
            assert not found.weight.flags.writeable
            assert found.integral() > 0.0

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
    def test_says_what_it_is(self, name: str) -> None:
        """Each profile has a meaning, a status and a reason, and none claims to be reported."""
        found = describe_profile(name)
        assert found.name == name
        assert found.meaning
        assert found.reason
        assert found.status in {"derived", "assumed"}

    def test_unknown_name_gets_a_suggestion(self) -> None:
        """A mistyped profile is answered with the one that was meant."""
        with pytest.raises(UsageError, match="did you mean 'business-hours'"):
            profile("busines-hours", WEEK)

    def test_uniform_is_one_piece(self) -> None:
        """The uniform profile has weight 1 throughout."""
        found = profile("uniform", WEEK)
        assert found.start_s.tolist() == [0.0]
        assert found.integral() == 7 * DAY_S

    def test_business_hours_of_a_week(self) -> None:
        """Five days of 8.75 h, open from 8:30 to 17:15 Monday to Friday."""
        found = profile("business-hours", WEEK)
        assert found.integral() == 5 * 8.75 * HOUR_S
        expected = [(day * DAY_S + 8.5 * HOUR_S, day * DAY_S + 17.25 * HOUR_S) for day in range(5)]
        assert [tuple(row) for row in opening_times(found)] == expected

    def test_business_hours_of_the_nine_months(self) -> None:
        """187 business days of 8.75 h."""
        assert profile("business-hours", REPORTED_NINE_MONTHS).integral() == 187 * 8.75 * HOUR_S

    def test_counter_keeps_hours_and_has_two_peaks(self) -> None:
        """The counter opens when business hours do; opening and lunchtime are busier than mid-morning."""
        found = profile("counter", WEEK)
        assert np.array_equal(opening_times(found), opening_times(profile("business-hours", WEEK)))
        quiet = mean_weight(found, 10 * HOUR_S, 11 * HOUR_S)
        assert mean_weight(found, 8.5 * HOUR_S, 9.5 * HOUR_S) > quiet
        assert mean_weight(found, 12 * HOUR_S, 13 * HOUR_S) > quiet

    @pytest.mark.parametrize(
        ("name", "hours"), [("wide-area", 5 * 8.0), ("kiosk", 7 * 16.5), ("batch-night", 7 * 14.0), ("daily-send", 2.5)]
    )
    def test_hours_open_in_a_week(self, name: str, hours: float) -> None:
        """Wide-area issue 8 h on 5 days, kiosks 16.5 h and nights 14 h on 7 days, the sending gate half an hour."""
        times = opening_times(profile(name, WEEK))
        assert float((times[:, 1] - times[:, 0]).sum()) == hours * HOUR_S

    def test_nights_run_through_midnight(self) -> None:
        """A night is one opening from 18:00 to 8:00 of the next day."""
        times = opening_times(profile("batch-night", WEEK))
        assert times[1].tolist() == [18 * HOUR_S, 32 * HOUR_S]

    @pytest.mark.parametrize("name", ["moves", "births-deaths", "residents"])
    def test_a_fiscal_year_integrates_to_one(self, name: str) -> None:
        """A seasonal profile's integral is a fraction of the year's volume, so the whole year is 1."""
        assert profile(name, FISCAL_YEAR).integral() == pytest.approx(1.0, rel=1e-12)

    def test_moves_of_a_month_are_its_share(self) -> None:
        """March holds 16.8 % of moves, and March 2014 the same as March 2013."""
        for year in (2013, 2014):
            march = Period(dt.date(year, 3, 1), dt.date(year, 3, 31))
            assert profile("moves", march).integral() == pytest.approx(0.168, rel=1e-9)

    def test_residents_mix_by_volume(self) -> None:
        """March's share of updates is the mean of the sources' shares weighted by their yearly volumes."""
        volumes = [2 * 4.51e6 + 4.5e6, 1_029_433, 1_255_551, 0.9e6]
        shares = [0.168, 0.080 / 1.001, 0.089 / 1.001, 1 / 12]
        expected = sum(v * s for v, s in zip(volumes, shares, strict=True)) / sum(volumes)
        march = Period(dt.date(2013, 3, 1), dt.date(2013, 3, 31))
        assert profile("residents", march).integral() == pytest.approx(expected, rel=1e-9)

    def test_a_part_of_a_month_gets_its_business_days(self) -> None:
        """One of June 2012's 21 business days holds a 21st of June's 6.5 %."""
        june = len(business_days(dt.date(2012, 6, 1), dt.date(2012, 6, 30)))
        day = Period(dt.date(2012, 6, 4), dt.date(2012, 6, 4))
        assert june == 21
        assert profile("moves", day).integral() == pytest.approx(0.065 / june, rel=1e-9)

    def test_a_closed_day_is_never_open(self) -> None:
        """A Sunday alone has weight 0 and no opening."""
        sunday = profile("counter", Period(dt.date(2012, 6, 10), dt.date(2012, 6, 10)))
        assert sunday.integral() == 0.0
        assert opening_times(sunday).shape == (0, 2)

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES - {"moves", "births-deaths", "residents"}))
    def test_without_dates_a_week_is_a_plain_week(self, name: str) -> None:
        """A generic week from Monday equals a real week without a holiday."""
        real, generic = profile(name, WEEK), generic_profile(name, WEEK.seconds)
        assert np.array_equal(real.start_s, generic.start_s)
        assert np.array_equal(real.weight, generic.weight)

    def test_a_horizon_cuts_the_last_piece(self) -> None:
        """A horizon of 10 h leaves 1.5 h of business."""
        found = generic_profile("business-hours", 10 * HOUR_S)
        assert found.end_s == 10 * HOUR_S
        assert found.integral() == 1.5 * HOUR_S

    @pytest.mark.parametrize("horizon_s", [0.0, -1.0, float("inf"), float("nan")])
    def test_a_horizon_is_finite_and_positive(self, horizon_s: float) -> None:
        """A profile over nothing or over ever is refused."""
        with pytest.raises(UsageError, match="finite horizon"):
            generic_profile("counter", horizon_s)

    def test_a_horizon_of_a_million_years_is_refused(self) -> None:
        """A calendar that would not fit in memory is refused with its limit."""
        with pytest.raises(UsageError, match="at most 100,000 days"):
            generic_profile("counter", 3e13)


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

    def test_business_hours_are_all_business_days(self) -> None:
        """An online row is served on each of the 187 business days."""
        assert cadence_dates("business hours", REPORTED_NINE_MONTHS) == business_days(
            REPORTED_NINE_MONTHS.first, REPORTED_NINE_MONTHS.last
        )

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
