"""Who sends: the municipalities behind a flow as cohorts, each with the weights of its places and the day it begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.juki_net.flows.schema import NationalFlow
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.places.schema import Group
from jukinet_sim.juki_net.places.spread import kiosk_ranks, spread_over_prefectures

KIOSK = "kiosk"
"""The group whose members a list of one's own names in its column `kiosk_from`."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Cohort:
    """Municipalities that take part from a day on (None: always); `weights` has a number for each place of the nation.

    `size` is their volume relative to that of the first members of the group, 0 where nobody can send.
    """

    first_day: dt.date | None
    weights: Weights
    size: float


def cohorts(nation: Nation, flow: NationalFlow) -> tuple[Cohort, ...]:
    """Return the cohorts of a flow that begins in municipalities; the first is what its volume is about."""
    people = _people(nation, flow)
    if flow.group is None:
        return (Cohort(None, people, 1.0 if people.any() else 0.0),)
    own = nation.places.kiosk_from
    if flow.group == KIOSK and own is not None:
        return _listed(people, own, nation.period.first)
    return _spread(nation, people, nation.spec.groups[flow.group])


def _people(nation: Nation, flow: NationalFlow) -> Weights:
    """Residents, or those of them who hold a card, of each municipality on the network."""
    share = nation.places.card_share
    if flow.weights == "residents" or share is None:
        return nation.residents
    known = np.where(np.isnan(share), float(np.nanmean(share)) if np.any(~np.isnan(share)) else 1.0, share)
    return np.asarray(nation.residents * known, dtype=np.float64)


def _listed(people: Weights, own: Sequence[dt.date | None], first: dt.date) -> tuple[Cohort, ...]:
    """Members by the list's own column: those of the start, and a cohort for each later date; by their people."""
    days = sorted({day for day in own if day is not None and day > first})
    masks = [np.array([day is not None and day <= first for day in own])]
    masks += [np.array([day == later for day in own]) for later in days]
    weights = [people * mask for mask in masks]
    # The volume is that of the first who can send, whenever they begin.
    base = next((float(some.sum()) for some in weights if some.any()), 1.0)
    return tuple(Cohort(day, some, float(some.sum()) / base) for day, some in zip([None, *days], weights, strict=True))


def members(nation: Nation, name: str) -> tuple[int, ...]:
    """Return the numbers of the municipalities of a group that take part from the start."""
    own = nation.places.kiosk_from
    if name == KIOSK and own is not None:
        return tuple(number for number, day in enumerate(own) if day is not None and day <= nation.period.first)
    group = nation.spec.groups[name]
    mask = _dealt(nation, group, group.municipalities.value / nation.spec.municipalities.every)
    return tuple(np.nonzero(mask)[0].tolist())


def _dealt(nation: Nation, group: Group, wanted: float) -> NDArray[np.bool_]:
    """Tell which places take part where so many are wanted, at least one and at most all that are connected."""
    places = nation.at_start
    count = min(max(1, round(wanted)), int(places.connected.sum()))
    if group.prefectures is None:
        return kiosk_ranks(places, count)
    return spread_over_prefectures(places, count, group.prefectures.value)


def _spread(nation: Nation, people: Weights, group: Group) -> tuple[Cohort, ...]:
    """Members spread evenly over the larger half of the places; in a thinned nation fewer of them stand for all."""
    found: list[Cohort] = []
    every, first = nation.spec.municipalities.every, group.municipalities.value
    wanted, taken = 0.0, np.zeros(len(nation.places), dtype=np.bool_)
    for day, more in ((None, first), *((join.first_day, join.municipalities.value) for join in group.joins)):
        wanted += more / every
        ranks = _dealt(nation, group, wanted)
        # Whoever takes part goes on taking part, whatever a larger number would have spread.
        taken, new = taken | ranks, ranks & ~taken
        weights = people * (new if new.any() else taken)
        found.append(Cohort(day, weights, more / first if weights.any() else 0.0))
    return tuple(found)
