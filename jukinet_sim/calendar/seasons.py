"""The shape of a year: what share of moves, births, deaths, register updates, cards and tax returns falls in each month.

Every share of `MONTHLY_SHARES` is assumed (give or take 20 %): they are kept here, on the ground floor, because rate
profiles are made of them; `jukinet_sim.facts.monthly_shares` shows the same table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

SHARE_UNCERTAINTY = 0.20
"""Relative range (either side) within which each monthly share is thought to lie [assumed]."""

Season = Literal["moves", "births", "deaths", "flat"]


@dataclass(frozen=True, slots=True)
class MonthShares:
    """Percent of a year's moves, births and deaths that fall in one month [assumed]."""

    year: int
    month: int
    moves_percent: float
    births_percent: float
    deaths_percent: float


MONTHLY_SHARES: tuple[MonthShares, ...] = (
    MonthShares(2012, 4, 14.2, 7.7, 7.9),
    MonthShares(2012, 5, 7.7, 8.6, 8.7),
    MonthShares(2012, 6, 6.5, 7.9, 7.4),
    MonthShares(2012, 7, 7.5, 8.5, 7.6),
    MonthShares(2012, 8, 7.2, 9.1, 7.7),
    MonthShares(2012, 9, 6.9, 8.5, 7.5),
    MonthShares(2012, 10, 8.3, 9.4, 8.2),
    MonthShares(2012, 11, 6.0, 8.1, 8.1),
    MonthShares(2012, 12, 6.2, 8.1, 8.4),
    MonthShares(2013, 1, 6.3, 8.8, 10.8),
    MonthShares(2013, 2, 6.4, 7.4, 8.9),
    MonthShares(2013, 3, 16.8, 8.0, 8.9),
)
"""FY2012. Moves of March and April from national shares of 2019; all the rest from one large city's FY2012 series.
Births and deaths add up to 100.1 because each month is rounded; use `month_weights`, which sums to 1."""


@dataclass(frozen=True, slots=True)
class UpdateSource:
    """One reason for which a resident record is updated, and how many updates a year it makes."""

    name: str
    updates_per_year: int
    season: Season
    status: Literal["derived", "assumed"]
    reason: str


UPDATE_SOURCES: tuple[UpdateSource, ...] = (
    UpdateSource(
        "moves between municipalities", 2 * 4_510_000, "moves", "derived", "4.51 million moves, an update at both ends"
    ),
    UpdateSource(
        "moves within a municipality", 4_500_000, "moves", "assumed", "about as many as between municipalities; +-25 %"
    ),
    UpdateSource("births", 1_029_433, "births", "derived", "one update for each birth of FY2012 (published count)"),
    UpdateSource("deaths", 1_255_551, "deaths", "derived", "one update for each death of FY2012 (published count)"),
    UpdateSource("other changes", 900_000, "flat", "assumed", "corrections and the like; no published count; +-50 %"),
)
"""Resident-record updates of a year, 16.7 million in all."""


CARDS_BY_MONTH: Mapping[int, float] = MappingProxyType(
    dict.fromkeys(range(4, 13), 580_000 / 9) | dict.fromkeys((1, 2, 3), 101_000.0)
)
"""Resident cards issued in each month of FY2012: 580,000 in April to December are reported, about 101,000 a month
from January to March are derived; that months within either are alike is assumed."""

TAX_RETURN_MONTHS: Mapping[int, float] = MappingProxyType(dict.fromkeys(range(1, 13), 1.0) | {1: 2.0, 2: 5.0, 3: 5.0})
"""How often certificates are checked in each month, against an ordinary one [assumed]: returns are due 02-16 to 03-15."""


def fractions(by_month: Mapping[int, float]) -> Mapping[int, float]:
    """Give the fraction of the whole that falls in each month; they sum to 1."""
    total = sum(by_month.values())
    return MappingProxyType({month: value / total for month, value in by_month.items()})


def month_weights(season: Season) -> Mapping[int, float]:
    """Give the fraction of a year's events in each month 1..12; the twelve sum to 1."""
    if season == "flat":
        return MappingProxyType(dict.fromkeys(range(1, 13), 1.0 / 12.0))
    return fractions({row.month: float(getattr(row, f"{season}_percent")) for row in MONTHLY_SHARES})


def mixed_month_weights(parts: Mapping[Season, float]) -> Mapping[int, float]:
    """Give month fractions of a mixture whose parts have these yearly volumes; the twelve sum to 1."""
    total = sum(parts.values())
    mixed = dict.fromkeys(range(1, 13), 0.0)
    for season, volume in parts.items():
        for month, weight in month_weights(season).items():
            mixed[month] += weight * volume / total
    return MappingProxyType(mixed)


def update_volumes() -> Mapping[Season, float]:
    """Give yearly resident-record updates by season, summed over `UPDATE_SOURCES`."""
    volumes: dict[Season, float] = {}
    for source in UPDATE_SOURCES:
        volumes[source.season] = volumes.get(source.season, 0.0) + source.updates_per_year
    return MappingProxyType(volumes)
