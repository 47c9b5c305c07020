"""Published anchors for the municipalities, and the assumed shape of a year."""

from __future__ import annotations

import pytest

from jukinet_sim.calendar import UPDATE_SOURCES, month_weights
from jukinet_sim.juki_net import facts


def test_47_prefectures_in_code_order() -> None:
    """Codes run from 01 to 47, as text with their zeros."""
    assert [prefecture.code for prefecture in facts.prefectures()] == [f"{code:02d}" for code in range(1, 48)]


def test_1742_municipalities() -> None:
    """The counts of FY2012 sum to 1,742."""
    assert sum(prefecture.municipalities for prefecture in facts.prefectures()) == 1_742


def test_tiles_do_not_overlap() -> None:
    """Each prefecture has a tile of its own on the map."""
    tiles = {(prefecture.tile_col, prefecture.tile_row) for prefecture in facts.prefectures()}
    assert len(tiles) == 47


def test_census_population() -> None:
    """The census of 2010 counted 128.05 million people."""
    total = sum(prefecture.population_2010_thousand for prefecture in facts.prefectures())
    assert total == pytest.approx(128_057, abs=47 * 0.5)


def test_register_population_rounds_to_the_reported_one() -> None:
    """The exact register count agrees with the report's rounded one."""
    assert round(facts.REGISTER_POPULATION, -4) == facts.number("population")


def test_20_designated_cities_fit_their_prefectures() -> None:
    """Each of the 20 designated cities is smaller than its prefecture less its other designated cities."""
    rest = {prefecture.code: prefecture.population_2010_thousand for prefecture in facts.prefectures()}
    for city in facts.designated_cities():
        rest[city.prefecture_code] -= city.population_2012_thousand
    assert len({city.name_en for city in facts.designated_cities()}) == 20
    assert min(rest.values()) > 0


@pytest.mark.parametrize("column", ["moves_percent", "births_percent", "deaths_percent"])
def test_monthly_shares_sum_to_100(column: str) -> None:
    """Twelve shares rounded to a decimal sum to 100 within twelve half-units of it."""
    shares = [getattr(row, column) for row in facts.monthly_shares()]
    assert len(shares) == 12
    assert sum(shares) == pytest.approx(100.0, abs=12 * 0.05)


def test_monthly_shares_cover_the_fiscal_year() -> None:
    """The months are April 2012 to March 2013 in order."""
    months = [(row.year, row.month) for row in facts.monthly_shares()]
    assert months == [(2012, month) for month in range(4, 13)] + [(2013, month) for month in range(1, 4)]


@pytest.mark.parametrize("season", ["moves", "births", "deaths", "flat"])
def test_month_weights_sum_to_one(season: str) -> None:
    """Normalised month fractions sum to 1 whatever the rounding of their source."""
    assert sum(month_weights(season).values()) == pytest.approx(1.0, abs=1e-12)  # type: ignore[arg-type]  # parametrised


def test_updates_are_about_17_million_a_year() -> None:
    """The sources of resident-record updates make about 17 million a year, within the stated quarter."""
    assert sum(source.updates_per_year for source in UPDATE_SOURCES) == pytest.approx(17e6, rel=0.25)
