"""What a programme must not say: one change before another that it needs, and functions added during a freeze."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.nation import MUNICIPALITY, PREFECTURE, Nation
from jukinet_sim.juki_net.programme.coming import Arriving
from jukinet_sim.juki_net.programme.schema import Programme, Software

_NEVER = math.inf


def check(nation: Nation, known: Mapping[str, Arriving]) -> None:
    """Note what is wrong with the dates of a programme; `known` says when which change comes to which place."""
    if nation.spec.programme is not None:
        _check_order(nation, nation.spec.programme, known)
        _check_freeze(nation, nation.spec.programme, known)


def _check_order(nation: Nation, spec: Programme, known: Mapping[str, Arriving]) -> None:
    """Refuse an order that the dates of some place do not keep."""
    for number, order in enumerate(spec.order):
        path = f"programme.order.{number}"
        unknown = [key for key in ("first", "then") if getattr(order, key) not in known]
        for key in unknown:
            name = getattr(order, key)
            cure = one_of(name, known, "name a change that comes to places on dates")
            nation.fault(f"{path}.{key}", f'"{name}" comes to no place on a date', cure)
        if not unknown:
            _check_places(nation, known[order.first], known[order.then], path)


def _check_places(nation: Nation, first: Arriving, then: Arriving, path: str) -> None:
    """Refuse the first place, by date, to which one change comes before the other that it needs."""
    for place, one in sorted(then.dates.items(), key=lambda item: item[1].at_s):
        needed_s = max((_there_s(first, at) for at in _matching(nation, first.level, then.level, place)), default=_NEVER)
        if one.at_s >= needed_s:
            continue
        where = "the nation" if then.level is None else _label(nation, then.level, place)
        day = nation.period.date_at(one.at_s)
        late = "it never comes there" if needed_s == _NEVER else f"it comes on {nation.period.date_at(needed_s)}"
        what = f'"{then.name}" comes to {where} on {day} and needs "{first.name}" there: {late}'
        nation.fault(path, what, f'date "{first.name}" earlier, or "{then.name}" later')
        return


def _there_s(arriving: Arriving, place: int) -> float:
    return arriving.dates[place].at_s if place in arriving.dates else _NEVER


def _matching(nation: Nation, level: str | None, of: str | None, place: int) -> Iterable[int]:
    """Return the places of a level that matter to a place of another: its own, what it lies in, or all that lie in it."""
    prefecture = nation.places.prefecture
    if level is None or level == of:
        return (0,) if level is None else (place,)
    if level == PREFECTURE:
        return (int(prefecture[place]),) if of == MUNICIPALITY else range(len(nation.codes(PREFECTURE)))
    connected = nation.residents > 0.0
    return np.flatnonzero(connected if of is None else connected & (prefecture == place)).tolist()


def _label(nation: Nation, level: str, place: int) -> str:
    return next(code for code, number in nation.codes(level).items() if number == place)


def _check_freeze(nation: Nation, spec: Programme, known: Mapping[str, Arriving]) -> None:
    """Refuse software that adds functions and comes to some place during a freeze."""
    freeze = spec.freeze
    if freeze is None:
        return
    for name, change in spec.changes.items():
        if not isinstance(change, Software) or not change.adds_functions:
            continue
        days = sorted(nation.period.date_at(one.at_s) for one in known[name].dates.values())
        inside = [day for day in days if freeze.first_day <= day <= freeze.last_day]
        if inside:
            what = f"this adds functions, and comes on {inside[0]}: {freeze.why}"
            cure = f"let it come before {freeze.first_day} or after {freeze.last_day}"
            nation.fault(f"programme.changes.{name}.adds_functions", what, cure)
