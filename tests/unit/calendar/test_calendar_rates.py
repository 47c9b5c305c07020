"""What can be done with a rate profile: growth, shares between instants, parts of a year and of the nine months."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import (
    DAY_S,
    PROFILE_NAMES,
    SEASONAL_PROFILES,
    Period,
    RateProfile,
    business_days,
    fiscal_year,
    fraction_of_year,
    generic_profile,
    grown,
    profile,
    shares_between,
)
from jukinet_sim.calendar import fractions as fractions_module
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS, fraction_of_nine_months

FISCAL_YEAR = fiscal_year(dt.date(2012, 4, 1))
DECEMBER = Period(dt.date(2012, 12, 1), dt.date(2012, 12, 31))


def shape(*pieces: tuple[float, float], end_s: float = 10.0) -> RateProfile:
    """Give a profile of pairs (start, weight)."""
    starts, weights = zip(*pieces, strict=True)
    return RateProfile(np.array(starts, dtype=np.float64), np.array(weights, dtype=np.float64), end_s)


def pieces(found: RateProfile) -> list[tuple[float, float]]:
    """Give the pairs (start, weight) of a profile."""
    return list(zip(found.start_s.tolist(), found.weight.tolist(), strict=True))


class TestGrown:
    """A factor that holds from a time on."""

    def test_a_piece_is_broken_where_growth_begins(self) -> None:
        """Weight 2 over 10 s, times 1.5 from 4 s on, is 2 and then 3."""
        assert pieces(grown(shape((0.0, 2.0)), [(4.0, 1.5)])) == [(0.0, 2.0), (4.0, 3.0)]

    def test_a_factor_replaces_the_one_before(self) -> None:
        """Factors are not multiplied with each other: 1, then 2, then 3 times the weight."""
        found = grown(shape((0.0, 1.0), (5.0, 10.0)), [(2.0, 2.0), (5.0, 3.0)])
        assert pieces(found) == [(0.0, 1.0), (2.0, 2.0), (5.0, 30.0)]

    def test_before_the_start_it_holds_from_the_start(self) -> None:
        """Of the steps before 0 s and at it the last one counts."""
        assert pieces(grown(shape((0.0, 1.0)), [(-7.0, 2.0), (-1.0, 3.0)])) == [(0.0, 3.0)]
        assert pieces(grown(shape((0.0, 1.0)), [(-7.0, 2.0), (0.0, 4.0)])) == [(0.0, 4.0)]

    @pytest.mark.parametrize("at_s", [10.0, 11.0])
    def test_from_the_end_on_it_never_holds(self, at_s: float) -> None:
        """A step at the end or after it leaves the profile as it is."""
        assert pieces(grown(shape((0.0, 1.0)), [(at_s, 2.0)])) == [(0.0, 1.0)]

    def test_of_two_steps_at_a_time_the_later_counts(self) -> None:
        """Two factors from the same instant on are the second one."""
        assert pieces(grown(shape((0.0, 1.0)), [(4.0, 2.0), (4.0, 3.0)])) == [(0.0, 1.0), (4.0, 3.0)]

    def test_closed_hours_stay_one_piece(self) -> None:
        """Growth that begins while nothing is open breaks nothing."""
        assert pieces(grown(shape((0.0, 1.0), (4.0, 0.0), (6.0, 1.0)), [(5.0, 2.0)])) == [(0.0, 1.0), (4.0, 0.0), (6.0, 2.0)]

    def test_without_steps_nothing_changes(self) -> None:
        """No growth gives the same pieces and end."""
        counter = profile("counter", DECEMBER)
        same = grown(counter, [])
        assert pieces(same) == pieces(counter)
        assert same.end_s == counter.end_s

    @settings(deadline=None)
    @given(
        st.lists(
            st.tuples(st.floats(min_value=-2 * DAY_S, max_value=9 * DAY_S), st.floats(min_value=0.0, max_value=10.0)),
            max_size=6,
        )
    )
    def test_the_integral_is_the_sum_of_grown_shares(self, steps: list[tuple[float, float]]) -> None:
        """Each stretch between two steps holds its share of the plain profile times the factor."""
        steps.sort(key=lambda step: step[0])
        plain = generic_profile("counter", 7 * DAY_S)
        instants = [min(max(at_s, 0.0), plain.end_s) for at_s, _factor in steps]
        shares = shares_between(plain, [*instants, plain.end_s])
        factors = [1.0, *(factor for _at_s, factor in steps)]
        expected = sum(share * factor for share, factor in zip(shares, factors, strict=True))
        assert grown(plain, steps).integral() == pytest.approx(expected, rel=1e-9, abs=1e-6)

    @pytest.mark.parametrize("steps", [[(2.0, 1.0), (1.0, 1.0)], [(float("nan"), 1.0)]])
    def test_times_out_of_order_are_refused(self, steps: list[tuple[float, float]]) -> None:
        """Unsorted times and what is no time are refused."""
        with pytest.raises(UsageError, match="sort the steps"):
            grown(shape((0.0, 1.0)), steps)

    @pytest.mark.parametrize("factor", [-0.1, float("nan"), float("inf")])
    def test_impossible_factors_are_refused(self, factor: float) -> None:
        """A volume cannot grow to less than nothing or without bound."""
        with pytest.raises(UsageError, match="finite factors >= 0"):
            grown(shape((0.0, 1.0)), [(1.0, factor)])


class TestSharesBetween:
    """How much of a profile lies between instants."""

    def test_from_zero_to_each_instant(self) -> None:
        """Weight 2 up to 4 s and 1 from there: 2 x 3, then 2 x 1 + 1 x 2, nothing in no time."""
        assert shares_between(shape((0.0, 2.0), (4.0, 1.0)), [3.0, 6.0, 6.0]) == (6.0, 4.0, 0.0)

    def test_beyond_the_end_there_is_nothing_more(self) -> None:
        """The share up to an instant after the end stops at the end."""
        assert shares_between(shape((0.0, 2.0)), [0.0, 25.0, 30.0]) == (0.0, 20.0, 0.0)

    def test_no_instants_no_shares(self) -> None:
        """Without an instant there is nothing to share."""
        assert shares_between(shape((0.0, 2.0)), []) == ()

    def test_months_of_moves_are_their_shares(self) -> None:
        """Up to midnight of 1 May lie April's 14.2 % of moves, up to 1 June the 7.7 % of May."""
        found = shares_between(profile("moves", FISCAL_YEAR), [30 * DAY_S, 61 * DAY_S])
        assert found == pytest.approx((0.142, 0.077), rel=1e-9)

    @settings(deadline=None)
    @given(st.lists(st.floats(min_value=0.0, max_value=40 * DAY_S), max_size=8))
    def test_shares_add_up_and_none_is_negative(self, instants: list[float]) -> None:
        """Whatever the instants, the shares up to the end add up to the integral."""
        december = profile("counter", DECEMBER)
        found = shares_between(december, [*sorted(instants), 40 * DAY_S])
        assert min(found) >= 0.0
        assert sum(found) == pytest.approx(december.integral(), rel=1e-12)

    @pytest.mark.parametrize("instants", [[2.0, 1.0], [-1.0], [float("nan")]])
    def test_instants_that_do_not_rise_are_refused(self, instants: list[float]) -> None:
        """Instants out of order, before 0 or undefined are refused."""
        with pytest.raises(UsageError, match="do not rise from 0 s"):
            shares_between(shape((0.0, 1.0)), instants)


class TestFractions:
    """What part of a volume falls into a period."""

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
    def test_the_fiscal_year_is_one_year(self, name: str) -> None:
        """With or without seasons a fiscal year holds a year's volume."""
        assert fraction_of_year(name, FISCAL_YEAR) == pytest.approx(1.0, rel=1e-12)

    @pytest.mark.parametrize("name", sorted(SEASONAL_PROFILES))
    def test_with_seasons_it_is_the_integral(self, name: str) -> None:
        """Two years of a seasonal profile hold two years' volume."""
        two = Period(FISCAL_YEAR.first, dt.date(2014, 3, 31))
        assert fraction_of_year(name, two) == pytest.approx(2.0, rel=1e-12)

    def test_without_seasons_open_time_counts(self) -> None:
        """The nine months hold 187 of FY2012's business days, and 275 of its 365 days."""
        year = len(business_days(FISCAL_YEAR.first, FISCAL_YEAR.last))
        assert fraction_of_year("counter", REPORTED_NINE_MONTHS) == pytest.approx(187 / year, rel=1e-12)
        assert fraction_of_year("kiosk", REPORTED_NINE_MONTHS) == pytest.approx(275 / 365, rel=1e-12)

    def test_the_first_day_tells_the_year(self) -> None:
        """A day of March 2012 is one of the 366 days of FY2011, and so are the 367 days that begin with April 2011."""
        march = dt.date(2012, 3, 31)
        assert fraction_of_year("uniform", Period(march, march)) == pytest.approx(1 / 366, rel=1e-12)
        long = Period(dt.date(2011, 4, 1), dt.date(2012, 4, 1))
        assert fraction_of_year("uniform", long) == pytest.approx(367 / 366, rel=1e-12)

    @pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
    def test_the_nine_months_are_exactly_one(self, name: str) -> None:
        """A volume reported for the nine months is that volume, to the last bit."""
        assert fraction_of_nine_months(name, REPORTED_NINE_MONTHS) == 1.0

    def test_other_periods_are_in_proportion(self) -> None:
        """A week holds 5 of 187 business days, the fiscal year (580 + 3 x 101) thousand cards against 580 thousand."""
        week = Period(dt.date(2012, 6, 4), dt.date(2012, 6, 10))
        assert fraction_of_nine_months("business-hours", week) == pytest.approx(5 / 187, rel=1e-12)
        assert fraction_of_nine_months("cards", FISCAL_YEAR) == pytest.approx((580 + 3 * 101) / 580, rel=1e-12)

    def test_a_closed_period_holds_nothing(self) -> None:
        """A Sunday has no part of what happens on business days."""
        sunday = Period(dt.date(2012, 6, 10), dt.date(2012, 6, 10))
        assert fraction_of_nine_months("counter", sunday) == fraction_of_year("counter", sunday) == 0.0

    def test_a_profile_that_never_opens_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing can be held against nine months in which a profile is closed."""
        monkeypatch.setattr(fractions_module, "shape_of", lambda _name, period: shape((0.0, 0.0), end_s=period.seconds))
        with pytest.raises(UsageError, match="closed from 2012-04-01 to 2012-12-31"):
            fraction_of_nine_months("counter", DECEMBER)

    def test_an_unknown_profile_is_refused(self) -> None:
        """Both functions answer a mistyped name with the one that was meant."""
        for fraction in (fraction_of_year, fraction_of_nine_months):
            with pytest.raises(UsageError, match="did you mean 'kiosk'"):
                fraction("kiosks", DECEMBER)
