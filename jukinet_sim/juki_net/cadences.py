"""Turn a cadence into dates and instants of delivery, and a reported total into whole records per date.

Totals are those of April to December 2012; within these nine months every split adds up exactly.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar.days import Period, is_business_day, month_business_days
from jukinet_sim.calendar.fractions import volume_ratio
from jukinet_sim.calendar.own import Profile

REPORTED_NINE_MONTHS = Period(dt.date(2012, 4, 1), dt.date(2012, 12, 31))
"""The period over which provisions to agencies are reported row by row."""


@dataclass(frozen=True, slots=True)
class _Cadence:
    """On which days records are provided: each business day, or the first business day of given months."""

    months: frozenset[int]
    daily: bool = False
    not_before: dt.date = dt.date.min

    def dates(self, period: Period) -> tuple[dt.date, ...]:
        """Give the days of this cadence that fall in a period, in order."""
        return tuple(date for date in period.dates() if date >= self.not_before and self._falls_on(date))

    def _falls_on(self, date: dt.date) -> bool:
        """Tell whether a date is a day of this cadence, its start aside."""
        if date.month not in self.months or not is_business_day(date):
            return False
        return self.daily or date == month_business_days(date.year, date.month)[0]


_ALL_MONTHS = frozenset(range(1, 13))
_CADENCES = MappingProxyType(
    {
        "none": _Cadence(frozenset()),
        "daily": _Cadence(_ALL_MONTHS, daily=True),
        # On the same dates as "daily", but what a date brings is asked for one by one in the course of the day.
        "business hours": _Cadence(_ALL_MONTHS, daily=True),
        "monthly": _Cadence(_ALL_MONTHS),
        "quarterly (Apr Jul Oct Dec)": _Cadence(frozenset({4, 7, 10, 12})),
        # Pensions are paid in even months; the name lists those of the nine months, February is the sixth.
        "pension-pay-months (Apr Jun Aug Oct Dec)": _Cadence(frozenset({2, 4, 6, 8, 10, 12})),
    }
)
CADENCE_NAMES: frozenset[str] = frozenset(_CADENCES)
"""Every cadence with a fixed name; `monthly from YYYY-MM` is one too, for any month."""
_MONTHLY_FROM = re.compile(r"monthly from (\d{4})-(0[1-9]|1[0-2])", re.ASCII)


def _cadence(name: str) -> _Cadence:
    """Give the cadence of a name or say which names there are."""
    if name in _CADENCES:
        return _CADENCES[name]
    start = _MONTHLY_FROM.fullmatch(name)
    if start and int(start[1]) > 0:
        return _Cadence(_ALL_MONTHS, not_before=dt.date(int(start[1]), int(start[2]), 1))
    near = difflib.get_close_matches(name, _CADENCES, n=1)
    known = "; ".join([*_CADENCES, "monthly from YYYY-MM"])
    cure = f"did you mean {near[0]!r}?" if near else f"write one of: {known}"
    raise UsageError(f"there is no cadence {name!r}; {cure}")


@lru_cache(maxsize=256)
def cadence_dates(cadence: str, period: Period) -> tuple[dt.date, ...]:
    """Give the dates in a period on which a cadence provides records, in order; `()` if there is none.

    That a month's records go out on its first business day is assumed: the report gives months at best.
    Raises `UsageError` for a cadence it does not know.
    """
    return _cadence(cadence).dates(period)


def delivery_times(cadence: str, period: Period, at_s: float) -> tuple[float, ...]:
    """Give the instants of a cadence's deliveries in seconds from the period's start, each `at_s` after midnight.

    Deliveries at or beyond the period's end are left out. Raises `UsageError` for a cadence it does not know and for
    an `at_s` that is negative or not finite.
    """
    if not (math.isfinite(at_s) and at_s >= 0.0):
        raise UsageError(f"a delivery cannot be {at_s!r} s after midnight; give a time of the day such as 20 h")
    times = (period.seconds_of(date) + at_s for date in cadence_dates(cadence, period))
    return tuple(time for time in times if time < period.seconds)


def share_of_year(cadence: str, period: Period) -> tuple[tuple[int, dt.date], ...]:
    """Give index (0 for the first of the reported nine months) and date of each cadence date in a period.

    The index goes on past December 2012 and is negative before April 2012.
    """
    dates = cadence_dates(cadence, period)
    if not dates:
        return ()
    first, last = REPORTED_NINE_MONTHS.first, REPORTED_NINE_MONTHS.last
    known = cadence_dates(cadence, Period(min(first, dates[0]), max(last, dates[-1])))
    origin = bisect_left(known, first)
    offset = bisect_left(known, dates[0]) - origin
    return tuple((offset + index, date) for index, date in enumerate(dates))


def deliveries(cadence: str, total: int, period: Period) -> tuple[tuple[dt.date, int], ...]:
    """Give the records provided on each cadence date of a period, from the total of the reported nine months.

    The nine months' dates share the total as evenly as whole records allow (floor or ceiling of the average, the
    remainder spread over the dates) and add up to it exactly; a shorter period gets the same numbers on its dates.
    Dates outside continue the same rule: a derived extrapolation at the average volume per date. Raises `UsageError`
    for an unknown cadence, a negative total, or records on a cadence without a date in the nine months.
    """
    _check_total(total)
    if total == 0:
        return tuple((date, 0) for date in cadence_dates(cadence, period))
    count = len(cadence_dates(cadence, REPORTED_NINE_MONTHS))
    if count == 0:
        raise UsageError(
            f"{total} records cannot be provided on cadence {cadence!r}: it has no date in April to December 2012; "
            "choose another cadence"
        )
    dates = share_of_year(cadence, period)
    return tuple((date, (index + 1) * total // count - index * total // count) for index, date in dates)


def fraction_of_nine_months(which: Profile, period: Period) -> float:
    """Give the volume of a period relative to that of April to December 2012, exactly 1 for these nine months.

    Raises `UsageError` as `profile` does, and for a profile that is closed throughout the nine months.
    """
    return volume_ratio(which, period, REPORTED_NINE_MONTHS)


def split_exact(total: int, parts: int | Sequence[float]) -> tuple[int, ...]:
    """Split a whole number into equal parts (an int) or parts proportional to weights, by largest remainder.

    The parts add up to `total` exactly; equal remainders are served from the front. Arithmetic is rational, so totals
    of any size are safe. Raises `UsageError` for a negative total, or weights that are negative or all 0.
    """
    _check_total(total)
    shares = [1.0] * parts if isinstance(parts, int) else list(parts)
    if not (all(math.isfinite(share) and share >= 0.0 for share in shares) and any(shares)):
        raise UsageError(f"cannot split {total} into {parts!r}; give a count above 0 or weights >= 0, not all 0")
    whole_numbers = _in_proportion(shares)
    whole = sum(whole_numbers)
    floors, remainders = zip(*(divmod(total * number, whole) for number in whole_numbers), strict=True)
    by_remainder = sorted(range(len(floors)), key=lambda index: (-remainders[index], index))
    extra = set(by_remainder[: total - sum(floors)])
    return tuple(floor + (index in extra) for index, floor in enumerate(floors))


def _in_proportion(shares: Sequence[float]) -> list[int]:
    """Whole numbers in exactly the proportions of floats: a float is a whole number over a power of two."""
    ratios = [share.as_integer_ratio() for share in shares]
    common = max(denominator for _numerator, denominator in ratios)
    return [numerator * (common // denominator) for numerator, denominator in ratios]


def _check_total(total: int) -> None:
    """Refuse a negative number of records."""
    if total < 0:
        raise UsageError(f"cannot split {total}; a total is a whole number >= 0")
