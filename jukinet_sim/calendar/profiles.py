"""Turn the name of a rate profile and a stretch of time into a piecewise-constant relative intensity.

A profile says *when* things happen, never how many: only ratios of its weights matter. Seasonal profiles are scaled
so that their integral over any stretch is the fraction of a year's volume that falls in it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import seasons
from jukinet_sim.calendar.days import DAY_S, HOUR_S, Period, is_business_day, month_business_days
from jukinet_sim.errors import UsageError

FloatArray = NDArray[np.float64]
MAX_DAYS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class RateProfile:
    """Relative intensity per second: `weight[i]` from `start_s[i]` to `start_s[i + 1]`, the last one to `end_s`."""

    start_s: FloatArray
    weight: FloatArray
    end_s: float

    def __post_init__(self) -> None:
        """Check the shape and make the arrays read-only."""
        start_s, weight = self.start_s, self.weight
        shaped = start_s.size == weight.size > 0 and start_s[0] == 0.0 and start_s[-1] < self.end_s
        if not (shaped and np.all(np.diff(start_s) > 0.0) and np.all(weight >= 0.0) and np.all(np.isfinite(weight))):
            raise ValueError("a rate profile starts at 0 s, rises strictly and has finite weights >= 0")
        start_s.flags.writeable = False
        weight.flags.writeable = False

    def widths_s(self) -> FloatArray:
        """Give the length of each piece in seconds."""
        return np.diff(self.start_s, append=self.end_s)

    def integral(self) -> float:
        """Give the sum of weight x seconds; 0 if the stretch is never open."""
        return math.fsum(self.weight * self.widths_s())


@dataclass(frozen=True, slots=True)
class ProfileDescription:
    """What a profile means, whether its shape is reported, derived or assumed, and why."""

    name: str
    meaning: str
    status: Literal["reported", "derived", "assumed"]
    reason: str


DayShape = tuple[tuple[float, float], ...]
"""Pairs (hour of the day, weight from then on); the first hour is 0."""


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How to build one profile: the shape of an open day, which days are open, the months' fractions."""

    description: ProfileDescription
    day: DayShape
    business_days_only: bool
    months: Mapping[int, float] | None = None


_FLAT: DayShape = ((0.0, 1.0),)
_OFFICE: DayShape = ((0.0, 0.0), (8.5, 1.0), (17.25, 0.0))
_COUNTER: DayShape = ((0.0, 0.0), (8.5, 1.5), (9.5, 1.0), (12.0, 1.4), (13.0, 1.0), (17.25, 0.0))
_WIDE_AREA: DayShape = ((0.0, 0.0), (9.0, 1.0), (17.0, 0.0))
_KIOSK: DayShape = ((0.0, 0.0), (6.5, 1.0), (23.0, 0.0))
_NIGHT: DayShape = ((0.0, 1.0), (8.0, 0.0), (18.0, 1.0))
_DAILY_SEND: DayShape = ((0.0, 0.0), (17.5, 1.0), (18.0, 0.0))


_VOLUMES = seasons.update_volumes()
_TABLE = (
    _Recipe(
        ProfileDescription(
            "uniform", "the same intensity at every instant", "assumed", "the neutral choice: no shape is claimed"
        ),
        _FLAT,
        False,
    ),
    _Recipe(
        ProfileDescription(
            "business-hours",
            "8:30-17:15 on business days, flat",
            "assumed",
            "published counter hours; that the day is flat is ours",
        ),
        _OFFICE,
        True,
    ),
    _Recipe(
        ProfileDescription(
            "counter",
            "8:30-17:15 on business days with an opening and a lunchtime peak",
            "assumed",
            "published hours; peaks x 1.5 (8:30-9:30) and x 1.4 (12:00-13:00) are ours, plausible range 1-2",
        ),
        _COUNTER,
        True,
    ),
    _Recipe(
        ProfileDescription(
            "wide-area",
            "9:00-17:00 on business days, flat",
            "assumed",
            "published hours of wide-area issue; that the day is flat is ours",
        ),
        _WIDE_AREA,
        True,
    ),
    _Recipe(
        ProfileDescription(
            "kiosk",
            "6:30-23:00 every day, flat",
            "assumed",
            "published hours of shop kiosks; that the day is flat is ours",
        ),
        _KIOSK,
        False,
    ),
    _Recipe(
        ProfileDescription(
            "batch-night",
            "18:00-8:00 every night, flat",
            "assumed",
            "batches keep clear of counter hours; a window of 14 h, plausible range 8-15 h",
        ),
        _NIGHT,
        False,
    ),
    _Recipe(
        ProfileDescription(
            "daily-send",
            "17:30-18:00 on business days: a gate, when small municipalities send the day's updates",
            "assumed",
            "once a day is published, the hour is not; after the counter closes, before prefectures close",
        ),
        _DAILY_SEND,
        True,
    ),
    _Recipe(
        ProfileDescription(
            "moves",
            "counter hours x the months of moves between municipalities",
            "assumed",
            "national shares of March and April 2019, other months from one large city's FY2012; each +-20 %",
        ),
        _COUNTER,
        True,
        seasons.month_weights("moves"),
    ),
    _Recipe(
        ProfileDescription(
            "births-deaths",
            "counter hours x the months of births and deaths together",
            "assumed",
            "one large city's FY2012 series weighted by the national counts of births and deaths; each +-20 %",
        ),
        _COUNTER,
        True,
        seasons.mixed_month_weights({"births": _VOLUMES["births"], "deaths": _VOLUMES["deaths"]}),
    ),
    _Recipe(
        ProfileDescription(
            "residents",
            "counter hours x the months of all resident-record updates",
            "derived",
            "moves at both ends, moves within towns, births, deaths and other changes weighted by their yearly "
            "volumes; from assumed monthly shares and partly assumed volumes, +-25 %",
        ),
        _COUNTER,
        True,
        seasons.mixed_month_weights(_VOLUMES),
    ),
)
_RECIPES: Mapping[str, _Recipe] = MappingProxyType({recipe.description.name: recipe for recipe in _TABLE})
PROFILE_NAMES: frozenset[str] = frozenset(_RECIPES)
"""Every name that `profile` understands."""


def _recipe(name: str) -> _Recipe:
    """Give the recipe of a profile or say which names there are."""
    if name in _RECIPES:
        return _RECIPES[name]
    near = difflib.get_close_matches(name, _RECIPES, n=1)
    cure = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(sorted(_RECIPES))}"
    raise UsageError(f"there is no rate profile {name!r}; {cure}")


def describe_profile(name: str) -> ProfileDescription:
    """Give meaning, status and reason of a profile; `UsageError` for a name that is none."""
    return _recipe(name).description


def profile(name: str, period: Period) -> RateProfile:
    """Give a profile over a period of the real calendar.

    Months outside FY2012 take the share of the same month of the year. A period in which the profile is never open
    gives weights of 0 only. Raises `UsageError` for an unknown name or a period of more than 100,000 days.
    """
    recipe = _recipe(name)
    _check_days(period.days)
    factors = [_day_factor(recipe, date) for date in period.dates()]
    return _assemble(recipe.day, factors, period.seconds)


def generic_profile(name: str, horizon_s: float) -> RateProfile:
    """Give a profile over a horizon without dates.

    Day 0 is a Monday of a year without holidays, so days 5 and 6 of each week are closed where weekends are; as there
    are no months, seasonal profiles have the shape of a day only. Raises `UsageError` as `profile` does.
    """
    recipe = _recipe(name)
    if not (math.isfinite(horizon_s) and horizon_s > 0.0):
        raise UsageError(f"a rate profile needs a finite horizon above 0 s, not {horizon_s!r} s")
    if recipe.day == _FLAT:
        return _assemble(_FLAT, [1.0], horizon_s)
    days = math.ceil(horizon_s / DAY_S)
    _check_days(days)
    closed_at_weekends = recipe.business_days_only
    factors = [0.0 if closed_at_weekends and day % 7 >= 5 else 1.0 for day in range(days)]
    return _assemble(recipe.day, factors, horizon_s)


def opening_times(profile: RateProfile) -> FloatArray:
    """Give the (open_s, close_s) rows of the longest stretches with weight above 0, in order; read-only."""
    is_open = np.concatenate(([False], profile.weight > 0.0, [False]))
    edges = np.append(profile.start_s, profile.end_s)
    opens = edges[:-1][is_open[1:-1] & ~is_open[:-2]]
    closes = edges[1:][is_open[1:-1] & ~is_open[2:]]
    times = np.column_stack((opens, closes))
    times.flags.writeable = False
    return times


def _check_days(days: int) -> None:
    """Refuse a stretch so long that its calendar would not fit in memory."""
    if days > MAX_DAYS:
        raise UsageError(f"a calendar profile covers at most {MAX_DAYS:,} days, not {days:,}; shorten the run")


def _day_factor(recipe: _Recipe, date: dt.date) -> float:
    """Give what the weights of the day's shape are multiplied with on a date; 0 if closed."""
    if recipe.business_days_only and not is_business_day(date):
        return 0.0
    if recipe.months is None:
        return 1.0
    open_days = len(month_business_days(date.year, date.month))
    return recipe.months[date.month] / open_days / _day_integral(recipe.day)


def _day_integral(day: DayShape) -> float:
    """Give the integral of a day's shape over its 24 hours, in weight x seconds."""
    ends = [hour for hour, _weight in day[1:]] + [24.0]
    return HOUR_S * math.fsum(weight * (end - hour) for (hour, weight), end in zip(day, ends, strict=True))


def _assemble(day: DayShape, factors: Sequence[float], end_s: float) -> RateProfile:
    """Lay the day's shape, times each day's factor, end to end; cut at `end_s` and merge equal neighbours."""
    shape = np.asarray(day, dtype=np.float64)
    midnights = DAY_S * np.arange(len(factors), dtype=np.float64)
    start_s = np.add.outer(midnights, HOUR_S * shape[:, 0]).ravel()
    weight = np.multiply.outer(np.asarray(factors, dtype=np.float64), shape[:, 1]).ravel()
    inside = start_s < end_s
    start_s, weight = start_s[inside], weight[inside]
    changes = np.concatenate(([True], weight[1:] != weight[:-1]))
    return RateProfile(start_s[changes], weight[changes], end_s)
