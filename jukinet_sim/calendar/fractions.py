"""What part of a volume falls into a period: of a year's, or of another period's.

Every profile gives such a part, with or without seasons, so that any volume can be carried to any period.
"""

from __future__ import annotations

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar.days import Period, fiscal_year
from jukinet_sim.calendar.own import Profile, shape_of
from jukinet_sim.calendar.recipes import SEASONAL_PROFILES


def fraction_of_year(which: Profile, period: Period) -> float:
    """Give the part of a year's volume that falls into a period, above 1 for one that is longer.

    Seasonal profiles carry it in their integral. Others are held against the fiscal year (April to March) that
    contains the period's first day, however far the period goes beyond it. Raises `UsageError` as `profile` does.
    """
    if which in SEASONAL_PROFILES:
        return shape_of(which, period).integral()
    return volume_ratio(which, period, fiscal_year(period.first))


def volume_ratio(which: Profile, part: Period, whole: Period) -> float:
    """Give the volume of one period relative to that of another, exactly 1 for the same.

    Raises `UsageError` as `profile` does, and for a profile that is closed throughout the second period.
    """
    volume = shape_of(which, whole).integral()
    if volume == 0.0:
        raise UsageError(f"the profile {str(which)!r} is closed from {whole.first} to {whole.last}; choose one that is open")
    return shape_of(which, part).integral() / volume
