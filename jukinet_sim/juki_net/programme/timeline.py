"""Everything that changes on a date in a scenario, on one calendar: the programme, suites, ways to log on, groups that grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jukinet_sim.juki_net.machines.keys import KEYS
from jukinet_sim.juki_net.machines.upkeep import Machine
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
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


def by_stages(name: str, state: M.State, stages: Sequence[str]) -> tuple[Arriving, ...]:
    """Return when the places of a state first reach each of its values 1, 2 and so on, by the names of these stages.

    The first stage, by which an order of the programme knows the change, is called as the change itself.
    """
    first: list[dict[int, float]] = [{} for _ in stages]
    for at_s, place, value in sorted(state.changes, key=lambda one: one[0]):
        for reached in first[:value]:
            reached.setdefault(place or 0, at_s)
    named = [name, *(f"{name}: {stage}" for stage in stages[1:])]
    return tuple(Arriving.at(one, state.per, reached) for one, reached in zip(named, first, strict=True) if reached)


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
            yield Dated(f"groups.{name}", MUNICIPALITY, (join.first_day,) * round(join.municipalities.value))
    yield from _upkeep(nation)
    growing: dict[dt.date, list[str]] = {}
    for name, flow in nation.spec.flows.items():
        for step in flow.growth:
            growing.setdefault(step.first_day, []).append(name)
    for day, names in growing.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield Dated(f"growth of {names[0]}{more}", None, (day,), until=nation.period.last)


def _upkeep(nation: Nation) -> Iterator[Dated]:
    """Yield from when on machines have other servers or another speed, each machine with all its dates."""
    for name, key in (*KEYS.items(), *((name, f"stations.{name}") for name in nation.spec.stations)):
        # Lines are described there, too, and never change.
        machine = _at(nation, key)
        every = [change.first_day for change in machine.changes] if isinstance(machine, Machine) else []
        days = tuple(day for day in every if nation.period.first < day <= nation.period.last)
        if days:
            yield Dated(f"changes of {name}", None, days, until=nation.period.last)


def _at(nation: Nation, key: str) -> object:
    """Return what is described at a key of `juki_net`."""
    found: object = nation.spec
    for word in key.split("."):
        found = found[word] if isinstance(found, dict) else getattr(found, word)
    return found
