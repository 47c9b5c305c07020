"""Municipalities that merge, or join the network, on a date: before the run, or within it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from jukinet_sim.calendar import Period
from jukinet_sim.juki_net.nation import MUNICIPALITY, Moved, Nation
from jukinet_sim.juki_net.places.table import Municipalities
from jukinet_sim.juki_net.programme.schema import Joining, Merger


def moves_of(nation: Nation) -> tuple[Moved, ...]:
    """Return what a programme lets merge or join, by date; faults for what cannot."""
    on = {place for place, there in enumerate(nation.places.connected.tolist()) if there}
    merged: dict[int, Moved] = {}
    # Whoever joins and merges on one day joins first.
    found = sorted(_named(nation), key=lambda one: (one[0].day, one[0].into is not None))
    for move, path in found:
        if move.into is None:
            _check_joining(nation, move, path, on, merged)
            on.add(move.place)
        else:
            _check_merger(nation, move, move.into, path, on)
            on.discard(move.place)
            merged[move.place] = move
    return tuple(move for move, _ in found) if not nation.faults else ()


def _named(nation: Nation) -> Iterator[tuple[Moved, str]]:
    """Yield each municipality that merges or joins, with the key of its change."""
    programme = nation.spec.programme
    for name, change in {}.items() if programme is None else programme.changes.items():
        path = f"programme.changes.{name}"
        match change:
            case Merger(merges=codes, into=code, first_day=day):
                into = nation.place_numbers(MUNICIPALITY, (code,), f"{path}.into")
                for place in nation.place_numbers(MUNICIPALITY, codes, f"{path}.merges"):
                    yield from ((Moved(name, day, place, other), path) for other in into)
            case Joining(joins=codes, first_day=day):
                for place in nation.place_numbers(MUNICIPALITY, codes, f"{path}.joins"):
                    yield Moved(name, day, place), path


def _check_joining(nation: Nation, move: Moved, path: str, on: set[int], merged: Mapping[int, Moved]) -> None:
    """Refuse a municipality that is on the network already, and one that is part of another."""
    town = nation.town_labels[move.place]
    if move.place in on:
        what = f"{town} is on the network already"
        nation.fault(f"{path}.joins", what, 'name one that is not, "connected: no" in a list of your own')
    elif move.place in merged:
        before = merged[move.place]
        assert before.into is not None  # it is a merger
        what = f"{town} is part of {nation.town_labels[before.into]} since {before.day}"
        nation.fault(f"{path}.joins", what, "delete this, or the merger")


def _check_merger(nation: Nation, move: Moved, into: int, path: str, on: set[int]) -> None:
    """Refuse a merger with oneself, and one of municipalities that are not on the network, or not any more."""
    if move.place == into:
        nation.fault(f"{path}.into", f"{nation.town_labels[into]} cannot be merged into itself", "name another municipality")
        return
    for key, place in (("merges", move.place), ("into", into)):
        if place not in on:
            what = f"{nation.town_labels[place]} is not on the network, or not any more, on {move.day}"
            nation.fault(f"{path}.{key}", what, "name one that is, or another date")


def with_moves(places: Municipalities, moves: Sequence[Moved], period: Period) -> Municipalities:
    """Return places as they are on the first day of a run; whoever joins within the run is connected, too."""
    within = [move for move in moves if move.day <= period.last]
    if not within:
        return places
    people, connected = places.population.copy(), places.connected.copy()
    holders = None if places.card_share is None else places.card_share * people
    for move in within:
        if move.into is None:
            connected[move.place] = True
        elif move.day <= period.first:
            connected[move.place] = False
            people[move.into] += people[move.place]
            if holders is not None:
                holders[move.into] += holders[move.place]
    share = None if holders is None else holders / np.maximum(people, 1)
    return replace(places, population=people, connected=connected, card_share=share)
