"""When a change comes to each place: waves, stragglers, attempts that fail, and days on which nothing is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from jukinet_sim.calendar import DAY_S
from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.programme.schema import Blackout, ComingWave, CutOverChange, Programme
from jukinet_sim.juki_net.waves.places import taken

_ORDER = "order of municipalities"
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Coming:
    """When a change comes to a place for good, in seconds of the run, and when it came before and was taken back."""

    at_s: float
    failed_s: float | None = None


@dataclass(frozen=True)
class Arriving:
    """When a change comes to the places of a level; of the nation as a whole, place 0, where the level is None."""

    name: str
    level: str | None
    dates: dict[int, Coming]

    @classmethod
    def at(cls, name: str, level: str | None, first_s: Mapping[int, float]) -> Arriving:
        """Return a change that comes to each place at an instant, in seconds of the run, and never fails."""
        return cls(name, level, {place: Coming(at_s) for place, at_s in first_s.items()})


def coming(nation: Nation, change: CutOverChange, name: str, level: str, path: str) -> dict[int, Coming]:
    """Return when a change comes to the places of a level, those left out that no wave names; before the run is negative.

    `name` is what the draws of lateness and failures are called by, `path` the change's key below `juki_net`.
    """
    blackouts = () if nation.spec.programme is None else nation.spec.programme.blackouts
    first: dict[int, float] = {}
    for number, wave in enumerate(change.waves):
        where = f"{path}.waves.{number}"
        _check_dates(nation, wave, blackouts, where)
        for place, due_s in _dates(nation, wave, name, level, where):
            at_s = postponed_s(nation, due_s + change.at.value, blackouts)
            first[place] = min(at_s, first.get(place, at_s))
    share = 0.0 if change.fails is None else change.fails.value
    again_s = 0.0 if change.again_after is None else change.again_after.value
    drawn = uniforms(nation.run.seed, f"{name}: whether it fails", len(nation.codes(level))) if share else None
    found = {}
    for place, at_s in sorted(first.items()):
        fails = drawn is not None and drawn[place] < share
        found[place] = Coming(postponed_s(nation, at_s + again_s, blackouts), at_s) if fails else Coming(at_s)
    return found


def _dates(nation: Nation, wave: ComingWave, name: str, level: str, path: str) -> Iterator[tuple[int, float]]:
    """Yield when a wave is due at each of its places, in seconds of the run, stragglers included."""
    found = list(taken(nation, wave, level, path, (_ORDER, f"lateness of {name}")))
    last = wave.first_day if wave.last_day is None else wave.last_day
    days = (last - wave.first_day).days + 1
    order = np.argsort(uniforms(nation.run.seed, _ORDER, len(nation.codes(level))))
    rank = {place: number for number, place in enumerate(order.tolist())}
    begins_s = nation.period.seconds_of(wave.first_day)
    for number, (place, late_s) in enumerate(sorted(found, key=lambda one: rank[one[0]])):
        yield place, begins_s + number * days // len(found) * DAY_S + late_s


def _check_dates(nation: Nation, wave: ComingWave, blackouts: tuple[Blackout, ...], path: str) -> None:
    """Refuse a first or last day on which nothing is changed."""
    for key, day in (("on", wave.first_day), ("until", wave.last_day)):
        closed = None if day is None else blackout_on(day, blackouts)
        if closed is not None:
            what = f"nothing is changed from {closed.first_day} to {closed.last_day}: {closed.why}"
            nation.fault(f"{path}.{key}", what, "choose another day, or shorten the blackout")


def blackout_on(day: dt.date, blackouts: tuple[Blackout, ...]) -> Blackout | None:
    """Return the blackout in which a day lies."""
    return next((one for one in blackouts if one.first_day <= day <= one.last_day), None)


def postponed_s(nation: Nation, at_s: float, blackouts: tuple[Blackout, ...]) -> float:
    """Return an instant, or the same time of the first day after the blackouts in which it lies."""
    day = nation.period.first + dt.timedelta(days=int(at_s // DAY_S))
    while (closed := blackout_on(day, blackouts)) is not None:
        day = closed.last_day + _ONE_DAY
    return nation.period.seconds_of(day) + at_s % DAY_S


def programme_of(nation: Nation) -> Programme:
    """Return the programme of a scenario, an empty one where it has none."""
    return nation.spec.programme or Programme()
