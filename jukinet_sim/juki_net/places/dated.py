"""Municipalities that merge, or join the network, on a date: before the run, or within it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from jukinet_sim.calendar import Period
from jukinet_sim.juki_net.nation import MUNICIPALITY, Moved, Nation
from jukinet_sim.juki_net.places.table import Municipalities
from jukinet_sim.juki_net.programme.schema import Joining, Merger


def moves_of(nation: Nation) -> tuple[Moved, ...]:
    """Return what a programme lets merge or join, by date; faults for what cannot."""
    on = {place for place, there in enumerate(nation.places.connected.tolist()) if there}
    found = sorted(_named(nation), key=lambda one: one[0].day)
    for move, path in found:
        if move.into is None:
            _check_joining(nation, move, path, on)
            on.add(move.place)
        else:
            _check_merger(nation, move, move.into, path, on)
            on.discard(move.place)
    return tuple(move for move, _ in found) if not nation.faults else ()


def _named(nation: Nation) -> Iterator[tuple[Moved, str]]:
    """Yield each municipality that merges or joins, with the key that names it."""
    programme = nation.spec.programme
    for name, change in {}.items() if programme is None else programme.changes.items():
        path = f"programme.changes.{name}"
        match change:
            case Merger(merges=codes, into=code, first_day=day):
                into = nation.place_numbers(MUNICIPALITY, (code,), f"{path}.into")
                for place in nation.place_numbers(MUNICIPALITY, codes, f"{path}.merges"):
                    yield from ((Moved(name, day, place, other), f"{path}.merges") for other in into)
            case Joining(joins=codes, first_day=day):
                for place in nation.place_numbers(MUNICIPALITY, codes, f"{path}.joins"):
                    yield Moved(name, day, place), f"{path}.joins"


def _check_joining(nation: Nation, move: Moved, path: str, on: set[int]) -> None:
    """Refuse a municipality that is on the network already."""
    if move.place in on:
        what = f"{nation.places.code[move.place]} {nation.places.name[move.place]} is on the network already"
        nation.fault(path, what, 'name one that is not, "connected: no" in a list of your own')


def _check_merger(nation: Nation, move: Moved, into: int, path: str, on: set[int]) -> None:
    """Refuse a merger with oneself, and one of municipalities that are not on the network, or not any more."""
    if move.place == into:
        nation.fault(path, f"{nation.places.code[into]} cannot be merged into itself", "name another municipality")
    for place in (move.place, into):
        if place not in on:
            what = f"{nation.places.code[place]} {nation.places.name[place]} is not on the network on {move.day}"
            nation.fault(path, what, "name one that is, or another date")


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
