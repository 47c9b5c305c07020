"""The named rate profiles as a table: the shape of an open day, which days are open, the months, and why.

No shape is reported: hours are published here and there, what happens within them is derived or assumed.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import seasons


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
class Recipe:
    """How to build one profile: the shape of an open day, which days are open, the months' fractions."""

    description: ProfileDescription
    day: DayShape
    business_days_only: bool
    months: Mapping[int, float] | None = None


FLAT: DayShape = ((0.0, 1.0),)
_OFFICE: DayShape = ((0.0, 0.0), (8.5, 1.0), (17.25, 0.0))
_COUNTER: DayShape = ((0.0, 0.0), (8.5, 1.5), (9.5, 1.0), (12.0, 1.4), (13.0, 1.0), (17.25, 0.0))
_WIDE_AREA: DayShape = ((0.0, 0.0), (9.0, 1.0), (17.0, 0.0))
_PREFECTURE: DayShape = ((0.0, 0.0), (8.0, 1.0), (18.0, 0.0))
_KIOSK: DayShape = ((0.0, 0.0), (6.5, 0.4), (8.5, 1.0), (20.0, 0.5), (23.0, 0.0))
_NIGHT: DayShape = ((0.0, 1.0), (8.0, 0.0), (18.0, 1.0))
_DAILY_SEND: DayShape = ((0.0, 0.0), (17.5, 1.0), (18.0, 0.0))
_UNTIL_MIDNIGHT: DayShape = ((0.0, 0.0), (8.5, 1.0))

_VOLUMES = seasons.update_volumes()
_TABLE = (
    Recipe(
        ProfileDescription(
            "uniform", "the same intensity at every instant", "assumed", "the neutral choice: no shape is claimed"
        ),
        FLAT,
        False,
    ),
    Recipe(
        ProfileDescription(
            "business-hours",
            "8:30-17:15 on business days, flat",
            "assumed",
            "published counter hours; that the day is flat is ours",
        ),
        _OFFICE,
        True,
    ),
    Recipe(
        ProfileDescription(
            "counter",
            "8:30-17:15 on business days, busiest at opening and lunchtime",
            "assumed",
            "published hours; peaks x 1.5 (8:30-9:30) and x 1.4 (12:00-13:00) are ours, plausible range 1-2",
        ),
        _COUNTER,
        True,
    ),
    Recipe(
        ProfileDescription(
            "wide-area",
            "9:00-17:00 on business days, flat",
            "assumed",
            "published hours of wide-area issue; the flat day is ours",
        ),
        _WIDE_AREA,
        True,
    ),
    Recipe(
        ProfileDescription(
            "prefecture-hours",
            "8:00-18:00 on business days: a gate, when prefecture servers take what is sent to them",
            "assumed",
            "closing at 18:00 is published (for 2003); opening at 8:00 is ours, plausible range 7:00-8:30",
        ),
        _PREFECTURE,
        True,
    ),
    Recipe(
        ProfileDescription(
            "kiosk",
            "6:30-23:00 every day, quieter before 8:30 and after 20:00",
            "assumed",
            "published hours of shop kiosks; x 0.4 early and x 0.5 late are ours, plausible range 0.2-1",
        ),
        _KIOSK,
        False,
    ),
    Recipe(
        ProfileDescription(
            "batch-night",
            "18:00-8:00 every night, flat",
            "assumed",
            "batches keep clear of counter hours; a window of 14 h, plausible range 8-15 h",
        ),
        _NIGHT,
        False,
    ),
    Recipe(
        ProfileDescription(
            "daily-send",
            "17:30-18:00 on business days: a gate, when small municipalities send the day's updates",
            "assumed",
            "once a day is published, the hour is not; after the counter closes, before prefectures close",
        ),
        _DAILY_SEND,
        True,
    ),
    Recipe(
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
    Recipe(
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
    Recipe(
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
    Recipe(
        ProfileDescription(
            "cards",
            "counter hours x the months in which cards are issued",
            "assumed",
            "580,000 cards in April-December 2012 (reported) and 101,000 a month in January-March 2013 (derived); that the "
            "months within either are alike, and other years too, is ours",
        ),
        _COUNTER,
        True,
        seasons.fractions(seasons.CARDS_BY_MONTH),
    ),
    Recipe(
        ProfileDescription(
            "tax-season",
            "8:30-24:00 every day x the months of tax returns: certificates checked by those who rely on them",
            "assumed",
            "returns are due from 16 February to 15 March; January x 2, February and March x 5 against the others are "
            "ours, plausible range 1-3 and 2-10; so are the hours, plausible up to 24 h",
        ),
        _UNTIL_MIDNIGHT,
        False,
        seasons.fractions(seasons.TAX_RETURN_MONTHS),
    ),
)
_RECIPES: Mapping[str, Recipe] = MappingProxyType({recipe.description.name: recipe for recipe in _TABLE})
PROFILE_NAMES: frozenset[str] = frozenset(_RECIPES)
"""Every name that `profile` understands."""
SEASONAL_PROFILES: frozenset[str] = frozenset(name for name, recipe in _RECIPES.items() if recipe.months is not None)
"""Those with months of different weight: their integral is a fraction of a year's volume."""


def recipe_of(name: str) -> Recipe:
    """Give the recipe of a profile or say which names there are."""
    if name in _RECIPES:
        return _RECIPES[name]
    near = difflib.get_close_matches(name, _RECIPES, n=1)
    cure = f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(sorted(_RECIPES))}"
    raise UsageError(f"there is no rate profile {name!r}; {cure}")


def describe_profile(name: str) -> ProfileDescription:
    """Give meaning, status and reason of a profile; `UsageError` for a name that is none."""
    return recipe_of(name).description


def profile_descriptions() -> tuple[ProfileDescription, ...]:
    """Give meaning, status and reason of every profile, those without seasons first."""
    return tuple(recipe.description for recipe in _TABLE)
