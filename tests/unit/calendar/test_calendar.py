"""Business days and rate profiles."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import jpholiday
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import (
    DAY_S,
    HOUR_S,
    PROFILE_NAMES,
    SEASONAL_PROFILES,
    Period,
    RateProfile,
    business_days,
    describe_profile,
    fiscal_year,
    generic_profile,
    is_business_day,
    opening_times,
    profile,
    profile_descriptions,
)
from jukinet_sim.calendar.holidays import is_public_holiday
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.facts import number

FISCAL_YEAR = Period(dt.date(2012, 4, 1), dt.date(2013, 3, 31))
WEEK = Period(dt.date(2012, 6, 4), dt.date(2012, 6, 10))
"""Monday to Sunday without a holiday."""


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
        ("year", "holidays", "days"),
        [
            (2013, "04-29 05-03 05-06 07-15 09-16 09-23 10-14 11-04 12-23", 186),
            (2019, "04-29 04-30 05-01 05-02 05-03 05-06 07-15 08-12 09-16 09-23 10-14 10-22 11-04", 182),
        ],
    )
    def test_nine_months_of_other_years(self, year: int, holidays: str, days: int) -> None:
        """The same months of other years have their weekdays less the legal holidays on weekdays and 29-31 December."""
        closed = [f"{year}-{day}" for day in [*holidays.split(), "12-29", "12-30", "12-31"]]
        assert np.busday_count(f"{year}-04-01", f"{year + 1}-01-01", holidays=closed) == days
        assert len(business_days(dt.date(year, 4, 1), dt.date(year, 12, 31))) == days

    @pytest.mark.parametrize("year", range(2002, 2031))
    def test_any_year_closes_for_the_new_year_and_in_may(self, year: int) -> None:
        """From 2002 to 2030 no office opens around the new year or on 3 to 5 May, and every month has open days."""
        assert business_days(dt.date(year - 1, 12, 29), dt.date(year, 1, 3)) == ()
        assert business_days(dt.date(year, 5, 3), dt.date(year, 5, 5)) == ()
        assert {date.month for date in business_days(dt.date(year, 1, 1), dt.date(year, 12, 31))} == set(range(1, 13))

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

    @pytest.mark.parametrize("year", range(2010, 2018))
    def test_holidays_are_those_of_the_library(self, year: int) -> None:
        """The table of the programme's years, and what is asked beyond it, say of every day what jpholiday says."""
        days = [dt.date(year, 1, 1) + dt.timedelta(days=day) for day in range(365)] + [dt.date(year, 12, 31)]
        found = {day for day in days if is_public_holiday(day)}
        assert found == {day for day in days if jpholiday.is_holiday(day)}
        assert len(found) >= 15

    def test_no_days_before_they_begin(self) -> None:
        """An interval that ends before it starts holds no business day."""
        assert business_days(dt.date(2012, 4, 2), dt.date(2012, 4, 1)) == ()

    def test_import_does_not_load_the_holiday_library(self) -> None:
        """Importing the calendar leaves jpholiday alone; commands that need no far date do not pay for it."""
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

    @pytest.mark.parametrize("date", [dt.date(2012, 4, 1), dt.date(2012, 12, 31), dt.date(2013, 1, 1), dt.date(2013, 3, 31)])
    def test_a_fiscal_year_runs_from_april_to_march(self, date: dt.date) -> None:
        """January to March belong to the fiscal year that began in the April before."""
        assert fiscal_year(date) == FISCAL_YEAR

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
        ("name", "hours"),
        [
            ("wide-area", 5 * 8.0),
            ("prefecture-hours", 5 * 10.0),
            ("kiosk", 7 * 16.5),
            ("batch-night", 7 * 14.0),
            ("daily-send", 2.5),
            ("cards", 5 * 8.75),
            ("tax-season", 7 * 15.5),
        ],
    )
    def test_hours_open_in_a_week(self, name: str, hours: float) -> None:
        """Offices 8 to 10 h on 5 days, kiosks, nights and tax returns on 7 days, the sending gate half an hour."""
        times = opening_times(profile(name, WEEK))
        assert float((times[:, 1] - times[:, 0]).sum()) == hours * HOUR_S

    def test_nights_run_through_midnight(self) -> None:
        """A night is one opening from 18:00 to 8:00 of the next day."""
        times = opening_times(profile("batch-night", WEEK))
        assert times[1].tolist() == [18 * HOUR_S, 32 * HOUR_S]

    def test_prefectures_close_when_nights_begin(self) -> None:
        """Prefecture servers are open from 8:00 to 18:00, the hours in which no batch of the night runs."""
        day = opening_times(profile("prefecture-hours", Period(WEEK.first, WEEK.first)))
        assert day.tolist() == [[8 * HOUR_S, 18 * HOUR_S]]

    def test_kiosks_are_quieter_early_and_late(self) -> None:
        """Shops open at 6:30 and 23:00 closes the kiosks; before 8:30 and after 20:00 fewer come than at noon."""
        found = profile("kiosk", Period(WEEK.first, WEEK.first))
        assert opening_times(found).tolist() == [[6.5 * HOUR_S, 23 * HOUR_S]]
        noon = mean_weight(found, 12 * HOUR_S, 13 * HOUR_S)
        assert 0.0 < mean_weight(found, 6.5 * HOUR_S, 8.5 * HOUR_S) < noon
        assert 0.0 < mean_weight(found, 20 * HOUR_S, 23 * HOUR_S) < noon

    def test_cards_follow_the_two_known_counts(self) -> None:
        """The nine months hold the reported 580,000 cards, each later month of FY2012 the derived 101,000."""
        nine_months = number("juki_cards_issued_2012_04_12")
        year = nine_months + 3 * 101_000
        assert profile("cards", REPORTED_NINE_MONTHS).integral() == pytest.approx(nine_months / year, rel=1e-12)
        january = Period(dt.date(2013, 1, 1), dt.date(2013, 1, 31))
        assert profile("cards", january).integral() == pytest.approx(101_000 / year, rel=1e-12)

    def test_tax_returns_peak_in_february_and_march(self) -> None:
        """Month by month the weights are 1, in January 2, in February and March 5; days of a month are alike."""
        year = 9 * 1 + 2 + 5 + 5
        for month, weight in {4: 1, 12: 1, 1: 2, 2: 5, 3: 5}.items():
            first = dt.date(2012 if month >= 4 else 2013, month, 1)
            day = Period(first, first)
            days = 28 if month == 2 else 30 if month == 4 else 31
            assert profile("tax-season", day).integral() == pytest.approx(weight / year / days, rel=1e-12)

    @pytest.mark.parametrize("year", [2002, 2011, 2012, 2030])
    @pytest.mark.parametrize("name", sorted(SEASONAL_PROFILES))
    def test_a_fiscal_year_integrates_to_one(self, name: str, year: int) -> None:
        """A seasonal profile's integral is a fraction of the year's volume, so any whole year, leap years too, is 1."""
        assert profile(name, fiscal_year(dt.date(year, 4, 1))).integral() == pytest.approx(1.0, rel=1e-12)

    def test_those_with_months_are_named(self) -> None:
        """Five profiles have seasons."""
        assert {"moves", "births-deaths", "residents", "cards", "tax-season"} == SEASONAL_PROFILES

    def test_all_are_described_those_without_seasons_first(self) -> None:
        """The descriptions name every profile once, and no profile without seasons follows one with them."""
        names = [described.name for described in profile_descriptions()]
        assert sorted(names) == sorted(PROFILE_NAMES)
        seasonal = [name in SEASONAL_PROFILES for name in names]
        assert seasonal == sorted(seasonal)

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

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES - SEASONAL_PROFILES))
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
