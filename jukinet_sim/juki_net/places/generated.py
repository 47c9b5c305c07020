"""Generate municipalities whose totals, counts and shape of the size distribution are as published.

Generated places are not real ones: only designated cities bear real names (and one small town, because it is known to
be unconnected); all others are numbered within their prefecture. Sizes are spread evenly, without random numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.juki_net.cadences import split_exact
from jukinet_sim.juki_net.facts import REGISTER_POPULATION, designated_cities, prefectures
from jukinet_sim.juki_net.places.spread import card_shares
from jukinet_sim.juki_net.places.table import Municipalities

LOG_MEAN, LOG_SIGMA = 10.10, 1.47
"""Log-normal that, with the anchors in place of its nearest values, reproduces the published shares of the largest 20
and 100 and the median [derived; 1.49 fits best without anchors]."""
SMALLEST = 166
"""People in the smallest municipality (published)."""
TOKYO = 12
WARDS = 23
WARDS_POPULATION = 8_900_000
"""People in Tokyo's special wards, of 13.2 million in Tokyo [assumed: plausible range 8.7-9.1 million]."""
WARD_LOW, WARD_HIGH, WARD_POWER = 50_000.0, 880_000.0, 1.5
"""Wards are graded low + (high - low) t^power, t = 0..1 [assumed: the extremes are rounded published sizes]."""
SPREAD = 0.75
"""How strongly the number of places, against the people left, decides who gets the next large town [assumed].

At 1 all prefectures get alike tails; below it populous ones with many small towns, such as Hokkaido, also get cities.
"""
FUKUSHIMA = 6
UNCONNECTED, UNCONNECTED_POPULATION = "Yamatsuri-machi", 6_000
"""The one municipality outside the network until March 2015 (published); about its size [assumed]."""

_WEYL = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
"""Odd multipliers modulo 2^64: their multiples fill the circle evenly without being random."""


@cache
def generate(seed: int = 0) -> Municipalities:
    """Give the 1,742 municipalities of FY2012, 126,659,683 people in all [derived from anchors].

    The 20 designated cities have their published sizes and Tokyo's wards assumed ones; every prefecture's remaining
    people are spread over its remaining places by a log-normal. The seed decides only which place of a prefecture has
    which of its sizes; sizes themselves are the same for every seed. Shares of card holders are assumed, see `spread`.
    """
    anchors = _anchors()
    rest = _remaining_sizes(anchors)
    code: list[str] = []
    name: list[str] = []
    size: list[int] = []
    owner: list[int] = []
    for index, prefecture in enumerate(prefectures()):
        towns = anchors[index] + _numbered(index, prefecture.name_en, rest[index], len(anchors[index]) + 1, seed)
        code += [f"{prefecture.code}-{number:03d}" for number in range(1, len(towns) + 1)]
        name += [town for town, _size in towns]
        size += [people for _town, people in towns]
        owner += [index] * len(towns)
    places = Municipalities.from_columns(code, name, owner, size, [place != UNCONNECTED for place in name])
    cities = {city.name_en for city in designated_cities()}
    return replace(places, card_share=card_shares(places, np.array([place in cities for place in name])))


def _anchors() -> dict[int, list[tuple[str, int]]]:
    """Give name and size of the designated cities and Tokyo's wards, by prefecture."""
    anchors: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for city in designated_cities():
        anchors[int(city.prefecture_code) - 1].append((city.name_en, 1_000 * city.population_2012_thousand))
    grades = [WARD_LOW + (WARD_HIGH - WARD_LOW) * (rank / (WARDS - 1)) ** WARD_POWER for rank in range(WARDS)]
    wards = split_exact(WARDS_POPULATION, grades)
    anchors[TOKYO] += [(f"Tokyo-ward-{number}", size) for number, size in enumerate(wards, start=1)]
    return anchors


def _remaining_sizes(anchors: dict[int, list[tuple[str, int]]]) -> list[list[int]]:
    """Give the sizes of the places that are no anchors, by prefecture, largest first.

    Each anchor takes the place of the nearest value of the national log-normal grid. The others go one by one, largest
    first, to the prefecture most in need of people, so that scaling to its exact total changes them by under 1 %.
    """
    places = prefectures()
    totals = split_exact(REGISTER_POPULATION, [place.population_2010_thousand for place in places])
    need = np.array([totals[i] - sum(size for _name, size in anchors[i]) for i in range(len(places))], np.float64)
    slots = np.array([place.municipalities - len(anchors[i]) for i, place in enumerate(places)], np.int64)
    people = need.astype(np.int64)
    grid = _without_nearest(
        _lognormal_grid(sum(place.municipalities for place in places)),
        [size for anchored in anchors.values() for _name, size in anchored],
    )
    grid *= need.sum() / grid.sum()
    given: list[list[float]] = [[] for _ in places]
    shared = np.maximum(np.arange(slots.max() + 1), 1.0) ** SPREAD
    wanting = np.where(slots > 0, need / shared[slots], -np.inf)
    for value in grid:
        neediest = int(np.argmax(wanting))
        given[neediest].append(float(value))
        need[neediest] -= value
        slots[neediest] -= 1
        wanting[neediest] = need[neediest] / shared[slots[neediest]] if slots[neediest] > 0 else -np.inf
    return [_scale(given[i], int(people[i])) for i in range(len(places))]


def _lognormal_grid(count: int) -> NDArray[np.float64]:
    """Give the mid-point quantiles of the log-normal of sizes, largest first."""
    normal = NormalDist(LOG_MEAN, LOG_SIGMA)
    return np.array([math.exp(normal.inv_cdf((rank + 0.5) / count)) for rank in reversed(range(count))])


def _without_nearest(grid: NDArray[np.float64], sizes: Sequence[int]) -> NDArray[np.float64]:
    """Take out, for each size from the largest on, the value of a grid that is nearest to it in proportion."""
    for size in sorted(sizes, reverse=True):
        grid = np.delete(grid, np.argmin(np.maximum(grid / size, size / grid)))
    return grid


def _scale(values: Sequence[float], total: int) -> list[int]:
    """Scale values to whole numbers of at least `SMALLEST` that add up to a total exactly."""
    above = split_exact(total - SMALLEST * len(values), [max(value - SMALLEST, 0.0) for value in values])
    return [SMALLEST + extra for extra in above]


def _numbered(index: int, prefecture: str, sizes: Sequence[int], first: int, seed: int) -> list[tuple[str, int]]:
    """Give numbered names to a prefecture's sizes in an even, seed-dependent order."""
    step, shift, turn = _WEYL
    keys = [((rank + 1) * step + (index + 1) * shift + seed * turn) % 2**64 for rank in range(len(sizes))]
    shuffled = [sizes[rank] for rank in sorted(range(len(sizes)), key=keys.__getitem__)]
    places = [(f"{prefecture}-{first + offset}", size) for offset, size in enumerate(shuffled)]
    if index == FUKUSHIMA:
        nearest = min(range(len(places)), key=lambda place: abs(places[place][1] - UNCONNECTED_POPULATION))
        places[nearest] = (UNCONNECTED, places[nearest][1])
    return places
