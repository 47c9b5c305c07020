"""Where an incident takes place: named by codes, or a whole group of municipalities."""

from __future__ import annotations

from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.incidents.schema import InGroup, Where
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
from jukinet_sim.juki_net.places.groups import members


def place_numbers(nation: Nation, level: str, where: Where, path: str) -> list[int]:
    """Numbers of the places of a level; faults for unknown codes and groups, and for a group where no municipality stands."""
    if not isinstance(where, InGroup):
        return nation.place_numbers(level, where, path)
    if level != MUNICIPALITY:
        nation.fault(f"{path}.group", "a group consists of municipalities", f"write the codes of each {level} instead")
    elif where.group not in nation.spec.groups:
        cure = one_of(where.group, nation.spec.groups, "define it under juki_net.groups")
        nation.fault(f"{path}.group", f'unknown group "{where.group}"', cure)
    return list(known_places(nation, level, where))


def known_places(nation: Nation, level: str, where: Where) -> tuple[int, ...]:
    """Numbers of those places that there are; others have been objected to already."""
    if isinstance(where, InGroup):
        there = level == MUNICIPALITY and where.group in nation.spec.groups
        return members(nation, where.group) if there else ()
    numbers = nation.codes(level)
    return tuple(numbers[code] for code in where if code in numbers)
