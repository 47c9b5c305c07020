"""Deal ranks out evenly without random numbers, and what is dealt so: card holders, kiosks, a thinner nation.

Which municipality holds how many cards or has kiosks is published only here and there; the rules are assumptions that
keep the published totals and favour neither large places nor small ones.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import split_exact
from jukinet_sim.juki_net.places.table import Municipalities

CARD_HOLDERS = "juki_cards_cumulative_2012_03_31"
"""The reported figure to which the holders of all municipalities add up."""
CARD_SIGMA = 0.7
"""Spread of the log-normal of card shares [assumed: the largest of 1,742 is then near the 45 % published for Miyazaki]."""

_GOLDEN, _SILVER = 0x9E3779B97F4A7C15, 0x6A09E667F3BCC909
"""Fractional parts of the golden ratio and of the square root of 2: multiples of both fill the square evenly."""


def _evenly(count: int, step: int) -> NDArray[np.intp]:
    """Give the numbers below a count in an order whose every beginning is spread evenly over them."""
    # Unsigned products are taken modulo the circle, 2**64.
    return np.argsort(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(step), kind="stable")


def card_shares(places: Municipalities, real: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give the fraction of residents of generated places who hold a card, 6,560,000 people in all (reported).

    Shares are log-normal quantiles dealt evenly over the sizes [assumed]; places that bear a real name have the mean of
    the nation, so that nothing is claimed of them, and a place off the network has none.
    """
    holders = facts.number(CARD_HOLDERS)
    people = places.population.astype(np.float64)
    share = np.where(places.connected, holders / people[places.connected].sum(), 0.0)
    ranked = places.by_size()
    others = ranked[places.connected[ranked] & ~real[ranked]]
    normal = NormalDist(0.0, CARD_SIGMA)
    for rank, number in enumerate(_evenly(len(others), _SILVER)):
        share[others[number]] = math.exp(normal.inv_cdf((rank + 0.5) / len(others)))
    rest = holders - float((people * share)[real].sum())
    share[others] *= rest / float((people * share)[others].sum())
    return share


def kiosk_ranks(places: Municipalities, count: int) -> NDArray[np.bool_]:
    """Tell which `count` municipalities issue certificates at shop kiosks, where no list says so [assumed].

    They are connected places of the larger half by size, spread evenly over it; once all of it takes part, the smaller
    half follows in the same way. A larger count contains a smaller one; a count beyond all places gives all of them.
    """
    if count < 0:
        raise UsageError(f"{count} municipalities cannot take part; give a count of 0 or more")
    chosen = np.zeros(len(places), np.bool_)
    chosen[_kiosk_order(places)[:count]] = True
    return chosen


def spread_over_prefectures(places: Municipalities, count: int, prefectures: int) -> NDArray[np.bool_]:
    """Tell which `count` connected municipalities of so many prefectures something happens to [assumed].

    Each of the prefectures has at least one of them, more in proportion to its municipalities; within it they are spread
    evenly over all sizes. Where there are too few places for so many prefectures, fewer take part.
    """
    of = places.prefecture
    there = [number for number in _evenly(int(of.max()) + 1, _GOLDEN).tolist() if np.any(places.connected & (of == number))]
    chosen = there[: min(prefectures, count)]
    ranked = places.by_size()
    inside = [ranked[places.connected[ranked] & (of[ranked] == number)] for number in chosen]
    rest = min(count, sum(map(len, inside))) - len(chosen)
    more = split_exact(rest, [len(some) - 1.0 for some in inside]) if rest else (0,) * len(chosen)
    mask = np.zeros(len(places), np.bool_)
    for some, further in zip(inside, more, strict=True):
        mask[some[_evenly(len(some), _SILVER)][: further + 1]] = True
    return mask


@lru_cache(maxsize=1)
def _kiosk_order(places: Municipalities) -> NDArray[np.intp]:
    """Give the rows in the order in which kiosks come; each flow of certificates asks for several beginnings of it."""
    ranked = places.by_size()
    ranked = ranked[places.connected[ranked]]
    half = -(-len(ranked) // 2)
    return np.concatenate([ranked[:half][_evenly(half, _GOLDEN)], ranked[half:][_evenly(len(ranked) - half, _GOLDEN)]])


def thinned(places: Municipalities, every: int, keep: Collection[str] = ()) -> Municipalities:
    """Keep every N-th municipality by size, in the order of the list: a smaller nation with the same shape.

    The middle one of each N by rank is kept, so that neither the large nor the small are preferred; at least one is, and
    those whose codes are to be kept.
    """
    if every < 1:
        raise UsageError(f"every {every}th municipality cannot be kept; give a number of 1 or more")
    if every == 1:
        return places
    ranked = places.by_size().tolist()
    kept = ranked[(every - 1) // 2 :: every] or [ranked[len(ranked) // 2]]
    named = [row for row, code in enumerate(places.code) if code in keep]
    return places.rows(sorted({*kept, *named}))
