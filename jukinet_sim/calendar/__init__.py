"""The calendar: business days of Japan, rate profiles over a period, and the dates on which agencies are served.

Time is JST and simulated second 0 is 00:00 of the first day. The holiday library is loaded only when a date is asked.
"""

from jukinet_sim.calendar.cadences import (
    REPORTED_NINE_MONTHS,
    cadence_dates,
    deliveries,
    share_of_year,
    split_exact,
)
from jukinet_sim.calendar.days import DAY_S, HOUR_S, JST, Period, business_days, is_business_day
from jukinet_sim.calendar.profiles import (
    PROFILE_NAMES,
    ProfileDescription,
    RateProfile,
    describe_profile,
    generic_profile,
    opening_times,
    profile,
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
    "REPORTED_NINE_MONTHS",
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
    "describe_profile",
    "generic_profile",
    "is_business_day",
    "month_weights",
    "opening_times",
    "profile",
    "share_of_year",
    "split_exact",
]
