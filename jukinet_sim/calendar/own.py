"""Calendars that a scenario brings along: open hours, weekdays, holidays and seasons, as the shipped profiles have them."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field

from jukinet_sim.calendar.days import DAY_S, Period
from jukinet_sim.calendar.holidays import is_public_holiday
from jukinet_sim.calendar.profiles import assemble, check_days, profile
from jukinet_sim.calendar.rates import RateProfile
from jukinet_sim.calendar.recipes import DayShape


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """When something is open, and how much comes then against other times.

    `weekdays` are open ones, 0 for Monday; `holidays` says whether public holidays are open as well; `months` are the weights
    of the twelve months.
    """

    day: DayShape
    weekdays: frozenset[int]
    holidays: bool
    closed: frozenset[dt.date]
    months: tuple[float, ...]
    name: str = field(default="", compare=False)
    """What messages call it."""

    def __str__(self) -> str:
        return self.name


def own_profile(calendar: OwnCalendar, period: Period) -> RateProfile:
    """Give the profile of a calendar over a period. Raises `UsageError` for more than 100,000 days."""
    check_days(period.days)
    return assemble(calendar.day, [_weight(calendar, date) for date in period.dates()], period.seconds)


Profile = str | OwnCalendar
"""A shipped profile by its name, or a calendar of a scenario's own."""


def shape_of(which: Profile, period: Period) -> RateProfile:
    """Give either over a period. Raises `UsageError` as `profile` does."""
    return own_profile(which, period) if isinstance(which, OwnCalendar) else profile(which, period)


def own_generic_profile(calendar: OwnCalendar, horizon_s: float) -> RateProfile:
    """Give the same without dates: day 0 is a Monday, there are no holidays and no months. Raises `UsageError` as above."""
    days = math.ceil(horizon_s / DAY_S)
    check_days(days)
    return assemble(calendar.day, [float(day % 7 in calendar.weekdays) for day in range(days)], horizon_s)


def _weight(calendar: OwnCalendar, date: dt.date) -> float:
    """Give what the weights of a day's hours are multiplied with on a date; 0 if closed."""
    open_day = date.weekday() in calendar.weekdays and date not in calendar.closed
    if not open_day or (not calendar.holidays and is_public_holiday(date)):
        return 0.0
    return calendar.months[date.month - 1]
