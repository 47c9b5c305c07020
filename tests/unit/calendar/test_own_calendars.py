"""Calendars of a scenario's own: open hours, weekdays, holidays, closed dates and seasons, with and without dates."""

from __future__ import annotations

import datetime as dt

import pytest

from jukinet_sim.calendar import DAY_S, HOUR_S, OwnCalendar, Period, opening_times, own_generic_profile, own_profile, profile
from jukinet_sim.network.model import ExactCount
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

DAY = ((0.0, 0.0), (9.0, 2.0), (12.0, 0.0), (13.0, 1.0), (18.0, 0.0))
EVERY = frozenset(range(7))
FLAT = (1.0,) * 12
MAY = Period(dt.date(2012, 5, 1), dt.date(2012, 5, 7))
"""A Tuesday to a Monday, with holidays from Thursday to Saturday."""


def open_days(calendar: OwnCalendar, period: Period = MAY) -> list[int]:
    """Number the days of a period on which something is open."""
    return sorted({int(opens_s // DAY_S) for opens_s, _ in opening_times(own_profile(calendar, period))})


def test_open_hours_and_weights() -> None:
    """A day has the hours and weights that were written: three hours of weight 2 and five of weight 1."""
    shape = own_profile(OwnCalendar(DAY, EVERY, True, frozenset(), FLAT), MAY)
    assert shape.integral() == 7 * (3 * 2 + 5) * HOUR_S
    assert opening_times(shape)[:2].tolist() == [[9 * HOUR_S, 12 * HOUR_S], [13 * HOUR_S, 18 * HOUR_S]]


def test_weekdays_holidays_and_closed_dates() -> None:
    """Closed are the days of the week that are not named, public holidays where it says so, and single dates."""
    assert open_days(OwnCalendar(DAY, EVERY, True, frozenset(), FLAT)) == [0, 1, 2, 3, 4, 5, 6]
    assert open_days(OwnCalendar(DAY, EVERY, False, frozenset(), FLAT)) == [0, 1, 5, 6]
    assert open_days(OwnCalendar(DAY, frozenset({0, 1}), True, frozenset(), FLAT)) == [0, 6]
    assert open_days(OwnCalendar(DAY, EVERY, True, frozenset({dt.date(2012, 5, 2)}), FLAT)) == [0, 2, 3, 4, 5, 6]


def test_business_days_are_a_calendar_like_others() -> None:
    """Written as a calendar of one's own the office hours are those of the shipped profile."""
    office = OwnCalendar(((0.0, 0.0), (8.5, 1.0), (17.25, 0.0)), frozenset(range(5)), False, frozenset(), FLAT)
    own, shipped = own_profile(office, MAY), profile("business-hours", MAY)
    assert opening_times(own).tolist() == opening_times(shipped).tolist()


def test_seasons_weigh_the_days_of_a_month() -> None:
    """A month of weight 3 has three times as much on each of its days."""
    calendar = OwnCalendar(DAY, EVERY, True, frozenset(), (*FLAT[:5], 3.0, *FLAT[6:]))
    may, june = (own_profile(calendar, Period(day, day)) for day in (dt.date(2012, 5, 31), dt.date(2012, 6, 1)))
    assert june.integral() == 3.0 * may.integral()


def test_without_dates_day_zero_is_a_monday() -> None:
    """Without dates weekdays count from a Monday, and there are neither holidays nor months."""
    shape = own_generic_profile(OwnCalendar(DAY, frozenset({0, 6}), False, frozenset(), FLAT), 8 * DAY_S)
    assert sorted({int(opens_s // DAY_S) for opens_s, _ in opening_times(shape)}) == [0, 6, 7]


def test_a_calendar_is_named_wherever_a_profile_is() -> None:
    """The shipped example has exact counts, a gate, and hours of a measure in a calendar of its own."""
    held = "measures={open: {unit: h, sum: [{flow: orders, metric: inside_hours, hours: shop}]}}"
    network = compile_network(load(shipped_folder() / "textbook" / "calendar.yaml", sets=(held,)))
    arrivals = network.flows[0].arrivals
    assert isinstance(arrivals, ExactCount)
    # December 2012 has five Sundays, Christmas Eve instead of the Emperor's birthday, and the 31st.
    assert arrivals.weight.max() == 4.0
    days = {int(at_s // DAY_S) + 1 for at_s, weight in zip(arrivals.start_s, arrivals.weight, strict=True) if weight > 0.0}
    assert set(range(1, 32)) - days == {2, 9, 16, 23, 24, 30, 31}
    assert network.hours[0].opens_s[0] == pytest.approx(9 * HOUR_S)
