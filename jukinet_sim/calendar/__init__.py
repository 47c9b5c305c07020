"""The calendar: business days of Japan, rate profiles over a period, and the dates on which agencies are served.

Time is JST and simulated second 0 is 00:00 of the first day. The holiday library is loaded only when a date is asked.
"""

from jukinet_sim.calendar.cadences import (
    CADENCE_NAMES,
    REPORTED_NINE_MONTHS,
    cadence_dates,
    deliveries,
    delivery_times,
    share_of_year,
    split_exact,
)
from jukinet_sim.calendar.days import DAY_S, HOUR_S, JST, Period, business_days, fiscal_year, is_business_day
from jukinet_sim.calendar.fractions import fraction_of_nine_months, fraction_of_year
from jukinet_sim.calendar.profiles import generic_profile, profile
from jukinet_sim.calendar.rates import RateProfile, grown, opening_times, shares_between
from jukinet_sim.calendar.recipes import (
    PROFILE_NAMES,
    SEASONAL_PROFILES,
    ProfileDescription,
    describe_profile,
    profile_descriptions,
)
from jukinet_sim.calendar.seasons import (
    MONTHLY_SHARES,
    SHARE_UNCERTAINTY,
    UPDATE_SOURCES,
    MonthShares,
    UpdateSource,
    month_weights,
)

__all__ = [
    "CADENCE_NAMES",
    "DAY_S",
    "HOUR_S",
    "JST",
    "MONTHLY_SHARES",
    "PROFILE_NAMES",
    "REPORTED_NINE_MONTHS",
    "SEASONAL_PROFILES",
    "SHARE_UNCERTAINTY",
    "UPDATE_SOURCES",
    "MonthShares",
    "Period",
    "ProfileDescription",
    "RateProfile",
    "UpdateSource",
    "business_days",
    "cadence_dates",
    "deliveries",
    "delivery_times",
    "describe_profile",
    "fiscal_year",
    "fraction_of_nine_months",
    "fraction_of_year",
    "generic_profile",
    "grown",
    "is_business_day",
    "month_weights",
    "opening_times",
    "profile",
    "profile_descriptions",
    "share_of_year",
    "shares_between",
    "split_exact",
]
