"""Turn dates into business days and into seconds since the start of a period.

Time is Japan Standard Time throughout; it has no daylight saving, so a day is always 86,400 s.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache, lru_cache

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar.holidays import is_public_holiday

DAY_S = 86_400.0
HOUR_S = 3_600.0
JST = dt.timezone(dt.timedelta(hours=9), "JST")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, as a stretch of simulated time starting at 0 s."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it starts."""
        if self.last < self.first:
            raise UsageError(f"the period {self.first} to {self.last} ends before it starts; exchange the two dates")

    def __contains__(self, date: dt.date) -> bool:
        """Tell whether a date lies in the period."""
        return self.first <= date <= self.last

    @property
    def days(self) -> int:
        """Give the number of calendar days."""
        return (self.last - self.first).days + 1

    @property
    def seconds(self) -> float:
        """Give the length in seconds."""
        return self.days * DAY_S

    @property
    def epoch(self) -> dt.datetime:
        """Give the instant of simulated time 0: 00:00 JST of the first day."""
        return dt.datetime.combine(self.first, dt.time(), JST)

    def seconds_of(self, date: dt.date, hour: float = 0.0) -> float:
        """Give the seconds from the epoch to an hour (8.5 is 8:30) of a date; negative before the period."""
        return (date - self.first).days * DAY_S + hour * HOUR_S

    def date_at(self, seconds: float) -> dt.date:
        """Give the date that holds a simulated time; 00:00 belongs to the day it begins."""
        return self.first + dt.timedelta(days=math.floor(seconds / DAY_S))

    def dates(self) -> tuple[dt.date, ...]:
        """Give every date in order."""
        return _dates(self.first, self.days)


@lru_cache(maxsize=128)
def _dates(first: dt.date, days: int) -> tuple[dt.date, ...]:
    """Give so many dates; every flow of a scenario asks for those of its period."""
    return tuple(first + dt.timedelta(days=day) for day in range(days))


@lru_cache(maxsize=4096)
def is_business_day(date: dt.date) -> bool:
    """Tell whether offices open: not on weekends, public holidays or 29 December to 3 January."""
    new_year_closure = (date.month, date.day) >= (12, 29) or (date.month, date.day) <= (1, 3)
    return date.weekday() < 5 and not new_year_closure and not is_public_holiday(date)


def business_days(first: dt.date, last: dt.date) -> tuple[dt.date, ...]:
    """Give the business days from `first` to `last`, both included; none if `last` is before `first`."""
    if last < first:
        return ()
    return tuple(date for date in Period(first, last).dates() if is_business_day(date))


@cache
def month_days(year: int, month: int) -> tuple[dt.date, ...]:
    """Give every day of a month, in order."""
    first = dt.date(year, month, 1)
    last = (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return Period(first, last).dates()


@cache
def month_business_days(year: int, month: int) -> tuple[dt.date, ...]:
    """Give the business days of a whole month, in order."""
    return tuple(date for date in month_days(year, month) if is_business_day(date))


def fiscal_year(date: dt.date) -> Period:
    """Give the fiscal year, April to March, that contains a date."""
    year = date.year if date.month >= 4 else date.year - 1
    return Period(dt.date(year, 4, 1), dt.date(year + 1, 3, 31))
