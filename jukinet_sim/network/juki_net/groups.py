"""Who sends: the municipalities behind a flow as cohorts, each with the weights of its places and the day it begins."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.juki_net.nation import Nation
from jukinet_sim.network.municipalities import kiosk_ranks
from jukinet_sim.scenario.national_flows import NationalFlow

KIOSK = "kiosk"
"""The group whose members a list of one's own names in its column `kiosk_from`."""

Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Cohort:
    """Municipalities that take part from a day on (None: always); `weights` has a number for each place of the nation."""

    first_day: dt.date | None
    weights: Weights


def cohorts(nation: Nation, flow: NationalFlow) -> tuple[Cohort, ...]:
    """The cohorts of a flow that begins in municipalities; the first is what its volume is about."""
    people = _people(nation, flow)
    if flow.group is None:
        return (Cohort(None, people),)
    return tuple(Cohort(day, people * mask) for day, mask in _members(nation, flow.group))


def _people(nation: Nation, flow: NationalFlow) -> Weights:
    """Residents, or those of them who hold a card, of each municipality on the network."""
    share = nation.places.card_share
    if flow.weights == "residents" or share is None:
        return nation.residents
    known = np.where(np.isnan(share), float(np.nanmean(share)) if np.any(~np.isnan(share)) else 1.0, share)
    return np.asarray(nation.residents * known, dtype=np.float64)


def _members(nation: Nation, name: str) -> list[tuple[dt.date | None, NDArray[np.bool_]]]:
    """Days and members of a group: by the list's own column, or spread evenly over the larger half of the places."""
    group = nation.spec.groups[name]
    own = nation.places.kiosk_from
    if name == KIOSK and own is not None:
        first = nation.period.first
        days = sorted({day for day in own if day is not None and day > first})
        here = [np.array([day is not None and day <= first for day in own])]
        here += [np.array([day == later for day in own]) for later in days]
        return list(zip([None, *days], here, strict=True))
    found: list[tuple[dt.date | None, NDArray[np.bool_]]] = []
    wanted, taken = 0.0, np.zeros(len(nation.places), dtype=np.bool_)
    steps = [(None, group.municipalities.value), *((join.first_day, join.municipalities.value) for join in group.joins)]
    for day, more in steps:
        wanted += more / nation.spec.municipalities.every
        ranks = kiosk_ranks(nation.places, min(max(1, round(wanted)), int(nation.places.connected.sum())))
        # Whoever takes part goes on taking part, whatever a larger number would have spread.
        taken, new = taken | ranks, ranks & ~taken
        found.append((day, new))
    return found
