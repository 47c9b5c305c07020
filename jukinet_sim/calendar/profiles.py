"""Turn the name of a rate profile and a stretch of time into a piecewise-constant relative intensity.

A profile says *when* things happen, never how many: only ratios of its weights matter. Seasonal profiles are scaled
so that their integral over any stretch is the fraction of a year's volume that falls in it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar.days import DAY_S, HOUR_S, Period, is_business_day, month_business_days, month_days
from jukinet_sim.calendar.rates import RateProfile, merged
from jukinet_sim.calendar.recipes import FLAT, DayShape, Recipe, recipe_of

MAX_DAYS = 100_000


@lru_cache(maxsize=128)
def profile(name: str, period: Period) -> RateProfile:
    """Give a profile over a period of the real calendar.

    Months outside FY2012 take the share of the same month of the year. A period in which the profile is never open
    gives weights of 0 only. Raises `UsageError` for an unknown name or a period of more than 100,000 days.
    """
    recipe = recipe_of(name)
    check_days(period.days)
    factors = [_day_factor(recipe, date) for date in period.dates()]
    return assemble(recipe.day, factors, period.seconds)


def generic_profile(name: str, horizon_s: float) -> RateProfile:
    """Give a profile over a horizon without dates.

    Day 0 is a Monday of a year without holidays, so days 5 and 6 of each week are closed where weekends are; as there
    are no months, seasonal profiles have the shape of a day only. Raises `UsageError` as `profile` does.
    """
    recipe = recipe_of(name)
    if not (math.isfinite(horizon_s) and horizon_s > 0.0):
        raise UsageError(f"a rate profile needs a finite horizon above 0 s, not {horizon_s!r} s")
    if recipe.day == FLAT:
        return assemble(FLAT, [1.0], horizon_s)
    days = math.ceil(horizon_s / DAY_S)
    check_days(days)
    closed_at_weekends = recipe.business_days_only
    factors = [0.0 if closed_at_weekends and day % 7 >= 5 else 1.0 for day in range(days)]
    return assemble(recipe.day, factors, horizon_s)


def check_days(days: int) -> None:
    """Refuse a stretch so long that its calendar would not fit in memory."""
    if days > MAX_DAYS:
        raise UsageError(f"a calendar profile covers at most {MAX_DAYS:,} days, not {days:,}; shorten the run")


def _day_factor(recipe: Recipe, date: dt.date) -> float:
    """Give what the weights of the day's shape are multiplied with on a date; 0 if closed."""
    if recipe.business_days_only and not is_business_day(date):
        return 0.0
    if recipe.months is None:
        return 1.0
    days_of_month = month_business_days if recipe.business_days_only else month_days
    open_days = len(days_of_month(date.year, date.month))
    return recipe.months[date.month] / open_days / _day_integral(recipe.day)


def _day_integral(day: DayShape) -> float:
    """Give the integral of a day's shape over its 24 hours, in weight x seconds."""
    ends = [hour for hour, _weight in day[1:]] + [24.0]
    return HOUR_S * math.fsum(weight * (end - hour) for (hour, weight), end in zip(day, ends, strict=True))


def assemble(day: DayShape, factors: Sequence[float], end_s: float) -> RateProfile:
    """Lay the day's shape, times each day's factor, end to end; cut at `end_s` and merge equal neighbours."""
    shape = np.asarray(day, dtype=np.float64)
    midnights = DAY_S * np.arange(len(factors), dtype=np.float64)
    start_s = np.add.outer(midnights, HOUR_S * shape[:, 0]).ravel()
    weight = np.multiply.outer(np.asarray(factors, dtype=np.float64), shape[:, 1]).ravel()
    inside = start_s < end_s
    return merged(start_s[inside], weight[inside], end_s)
