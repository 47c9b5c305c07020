"""The calendar: business days of Japan, and rate profiles over a period.

Time is JST and simulated second 0 is 00:00 of the first day. The holiday library is loaded only for a date outside the
programme's years.
"""

from jukinet_sim.calendar.days import DAY_S, HOUR_S, JST, Period, business_days, fiscal_year, is_business_day
from jukinet_sim.calendar.fractions import fraction_of_year, volume_ratio
from jukinet_sim.calendar.own import OwnCalendar, Profile, own_generic_profile, own_profile, shape_of
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
    "DAY_S",
    "HOUR_S",
    "JST",
    "MONTHLY_SHARES",
    "PROFILE_NAMES",
    "SEASONAL_PROFILES",
    "SHARE_UNCERTAINTY",
    "UPDATE_SOURCES",
    "MonthShares",
    "OwnCalendar",
    "Period",
    "Profile",
    "ProfileDescription",
    "RateProfile",
    "UpdateSource",
    "business_days",
    "describe_profile",
    "fiscal_year",
    "fraction_of_year",
    "generic_profile",
    "grown",
    "is_business_day",
    "month_weights",
    "opening_times",
    "own_generic_profile",
    "own_profile",
    "profile",
    "profile_descriptions",
    "shape_of",
    "shares_between",
    "volume_ratio",
]
