"""Prefectures and designated cities: the published anchors from which municipalities are generated.

Populations are in thousands as published; prefectures are in code order, so the index of code 01 is 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jukinet_sim.juki_net.facts._tables import read_table

REGISTER_POPULATION = 126_659_683
"""People in the resident registers on 2012-03-31 (published; the report rounds it to 126,660,000)."""


@dataclass(frozen=True, slots=True)
class Prefecture:
    """One of the 47: census of 2010 in thousands, municipalities in FY2012, and a tile on a map of our own drawing."""

    code: str
    name_ja: str
    name_en: str
    region: str
    population_2010_thousand: int
    municipalities: int
    tile_col: int
    tile_row: int


@dataclass(frozen=True, slots=True)
class DesignatedCity:
    """One of the 20 large cities with powers of a prefecture; population of 2012 in thousands."""

    prefecture_code: str
    name_ja: str
    name_en: str
    population_2012_thousand: int


@cache
def prefectures() -> tuple[Prefecture, ...]:
    """Give the 47 prefectures in code order."""
    return tuple(
        Prefecture(
            code=row["code"],
            name_ja=row["name_ja"],
            name_en=row["name_en"],
            region=row["region"],
            population_2010_thousand=int(row["population_2010_thousand"]),
            municipalities=int(row["municipalities_fy2012"]),
            tile_col=int(row["tile_col"]),
            tile_row=int(row["tile_row"]),
        )
        for row in read_table("published/prefectures.csv")
    )


@cache
def designated_cities() -> tuple[DesignatedCity, ...]:
    """Give the 20 designated cities in order of their prefectures."""
    return tuple(
        DesignatedCity(
            prefecture_code=row["prefecture_code"],
            name_ja=row["name_ja"],
            name_en=row["name_en"],
            population_2012_thousand=int(row["population_2012_thousand"]),
        )
        for row in read_table("published/designated_cities.csv")
    )
