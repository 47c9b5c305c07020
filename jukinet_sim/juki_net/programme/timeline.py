"""Everything that changes on a date in a scenario, on one calendar: the programme, suites, ways to log on, groups that grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.programme.coming import Arriving, programme_of
from jukinet_sim.juki_net.programme.schema import Entry, Traffic
from jukinet_sim.network import model as M


@dataclass(frozen=True, slots=True)
class Dated:
    """A change, the level of places to which it comes (None: the nation), the day for each, sorted, and the days of failures.

    With `until` it lasts from the first day to that one.
    """

    name: str
    level: str | None
    days: tuple[dt.date, ...]
    failed: tuple[dt.date, ...] = ()
    until: dt.date | None = None


def known_changes(arriving: Mapping[str, Arriving], states: Mapping[str, M.State]) -> dict[str, Arriving]:
    """Return by name when changes come to places: those of the programme, and what dated states tell of suites and log-ons."""
    told = {name: _by_state(name, state) for name, state in states.items()}
    return {**arriving, **{name: one for name, one in told.items() if one.dates}}


def _by_state(name: str, state: M.State) -> Arriving:
    """Return when the places of a state first leave its start, such as when another way to log on comes to them."""
    first: dict[int, float] = {}
    for at_s, place, value in sorted(state.changes, key=lambda one: one[0]):
        if value != state.start:
            first.setdefault(place or 0, at_s)
    return Arriving.at(name, state.per, first)


def timeline(nation: Nation, known: Mapping[str, Arriving]) -> tuple[Dated, ...]:
    """Return all dated changes of a scenario by their first day."""
    found = [*(_arriving(nation, one) for one in known.values() if one.dates), *_others(nation)]
    return tuple(sorted(found, key=lambda one: (one.days[0], one.name)))


def _arriving(nation: Nation, one: Arriving) -> Dated:
    day = nation.period.date_at
    failed = sorted(day(coming.failed_s) for coming in one.dates.values() if coming.failed_s is not None)
    return Dated(one.name, one.level, tuple(sorted(day(coming.at_s) for coming in one.dates.values())), tuple(failed))


def _others(nation: Nation) -> Iterator[Dated]:
    """Yield what comes to no place of its own: entries, changes of traffic, groups and flows that grow."""
    for name, change in programme_of(nation).changes.items():
        if isinstance(change, Entry):
            ends_s = nation.seconds_of(change.at) + change.within.value
            yield Dated(name, None, (change.at.date(),), until=nation.period.date_at(ends_s))
        elif isinstance(change, Traffic):
            yield Dated(name, None, (change.first_day,), until=change.last_day or nation.period.last)
    for name, group in nation.spec.groups.items():
        for join in group.joins:
            yield Dated(f"groups.{name}", "municipality", (join.first_day,))
    growing: dict[dt.date, list[str]] = {}
    for name, flow in nation.spec.flows.items():
        for step in flow.growth:
            growing.setdefault(step.first_day, []).append(name)
    for day, names in growing.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Dated(f"growth of {names[0]}{more}", None, (day,), until=nation.period.last)
