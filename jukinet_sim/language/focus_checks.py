"""Windows and places that scenarios ask for, held against the run and the places that there are, and what they compile to.

A generic network's places are known from its own words; those of a domain only from the network that it compiled to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from jukinet_sim.base.suggest import one_of
from jukinet_sim.base.units import format_duration
from jukinet_sim.language.about import WORST, About
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.measures import Measure, matching
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.run import Run
from jukinet_sim.language.window import Window
from jukinet_sim.network.focus import MOST_BINS, Focus, place_number, whole_bins

if TYPE_CHECKING:
    from jukinet_sim.network import model as M

Asked = Sequence[tuple[NodePath, About]]
Lists = Mapping[str, Sequence[About]]


class Level(NamedTuple):
    """Places of one level: its name, how many there are, what people call them."""

    name: str
    size: int
    labels: Sequence[str] = ()


Levels = Mapping[tuple[str, str], Level | None]
"""For each station and pool, by kind and name, the level of places that it is kept at; None for one that is there once."""


def asked_for(measures: Mapping[str, Measure], lists: Lists) -> Asked:
    """Return everything that is looked at in a window or at a place, with where it is written.

    `lists` holds service levels and outputs under the keys that a scenario has them under.
    """
    terms = ((("measures", n, "sum", i), term) for n, measure in measures.items() for i, term in enumerate(measure.sum))
    entries = (((key, i), one) for key, ones in lists.items() for i, one in enumerate(ones))
    both: list[tuple[NodePath, About]] = [*terms, *entries]
    return [(path, about) for path, about in both if about.focused]


def levels_written(network: Network) -> Levels:
    """Return where the stations and pools of a generic network are kept, as a scenario writes them."""
    places = {name: Level(name, level.count) for name, level in network.places.items()}
    stations = {("station", name): one.per for name, one in network.stations.items()}
    pools = {("pool", name): one.per for name, one in network.pools.items()}
    return {key: None if per is None else places.get(per) for key, per in {**stations, **pools}.items()}


def levels_compiled(network: M.Network) -> Levels:
    """Return where the stations and pools of a compiled network are kept."""
    places = {level.name: Level(level.name, level.count, level.labels) for level in network.levels}
    stations = {("station", station.name): station.per for station in network.stations}
    pools = {("pool", pool.name): pool.per for pool in network.pools}
    return {key: None if per is None else places[per] for key, per in {**stations, **pools}.items()}


def window_complaints(asked: Asked, run: Run) -> Iterator[Complaint]:
    """Yield the windows that do not lie inside the run."""
    if (run.horizon is None) is (run.period is None):
        return
    warm_up_s = run.warm_up if isinstance(run.warm_up, float) else 0.0
    for path, about in asked:
        if about.window is not None:
            yield from _outside(about.window, (*path, "window"), run, warm_up_s)


def _outside(window: Window, path: NodePath, run: Run, warm_up_s: float) -> Iterator[Complaint]:
    if window.busiest is not None:
        bins = whole_bins(window.busiest, warm_up_s, run.horizon_s).count
        if bins == 0:
            behind = f" behind its warm-up of {format_duration(warm_up_s)}" if warm_up_s else ""
            what = f"the run of {format_duration(run.horizon_s)} has no whole bin of {format_duration(window.busiest)}{behind}"
            yield fault(path, what, "write a narrower bin or a longer run")
        if bins > MOST_BINS:
            yield fault(path, f"the run has more than {MOST_BINS:,} bins of this width", "write a wider bin")
        return
    if window.dated and run.period is None:
        what, cure = "the run has no calendar that a date could belong to", 'write times since its start, such as "8 h"'
        yield fault((*path, "from"), what, f"{cure}, or give the run a period")
        return
    begins_s, ends_s = window.seconds(None if run.period is None else run.period.first_day)
    length = format_duration(run.horizon_s) if run.period is None else f"{run.period.first_day} to {run.period.last_day}"
    if begins_s < 0.0 or begins_s >= run.horizon_s:
        yield fault((*path, "from"), f"the window begins outside the run, {length}", "write an instant of the run")
    elif begins_s < warm_up_s:
        what = f"the window begins within the warm-up of {format_duration(warm_up_s)}, which is not observed"
        yield fault((*path, "from"), what, "let it begin later, or shorten the warm-up")
    if 0.0 <= begins_s < run.horizon_s < ends_s:
        yield fault((*path, "to"), f"the window ends outside the run, {length}", "write an instant of the run")


def place_complaints(asked: Asked, levels: Levels) -> Iterator[Complaint]:
    """Yield the places that are not there; parts that are not there are somebody else's matter."""
    for path, about in asked:
        if about.place is None or (about.kind, about.subject) not in levels:
            continue
        level = levels[about.kind, about.subject]
        if level is None:
            what = f'there is only one {about.kind} "{about.subject}"'
            yield fault((*path, "place"), what, 'delete "place"', about.subject, at_key=True)
        elif about.place != WORST and place_number(about.place, level.size, level.labels) is None:
            yield fault((*path, "place"), f'there is no {level.name} "{about.place[:40]}"', _nearest(about.place, level))


def _nearest(place: str, level: Level) -> str:
    if not level.labels:
        return f'write a number from 0 to {level.size - 1}, or "{WORST}"'
    meant = sorted(label for label in level.labels if place in (label.partition(" ")[0], label.partition(" ")[2]))
    if meant:
        return f"several are called so; write one of {', '.join(meant[:5])} in full"
    codes = [label.partition(" ")[0] for label in level.labels]
    names = [label.partition(" ")[2] for label in level.labels if " " in label]
    return one_of(place, {*codes, *names}, f'write "{WORST}"')


def focuses(asked: Asked, run: Run, network: M.Network) -> tuple[Focus, ...]:
    """Return what a network has to look at, each once; windows and places must have been found right."""
    levels = levels_compiled(network)
    names = {
        "flow": {flow.name: 0 for flow in network.flows},
        "station": {station.name: 0 for station in network.stations},
        "pool": {pool.name: 0 for pool in network.pools},
    }
    first_day = None if run.period is None else run.period.first_day
    found = (_focus(about, first_day, levels, matching(about.subject, names[about.kind])) for _, about in asked)
    return tuple({focus.key: focus for focus in found}.values())


def _focus(about: About, first_day: date | None, levels: Levels, parts: tuple[str, ...]) -> Focus:
    level = levels.get((about.kind, about.subject))
    place = None
    if about.place not in (None, WORST) and level is not None:
        place = place_number(str(about.place), level.size, level.labels)
    window, begins, ends = about.window, None, None
    if window is not None and window.busiest is None:
        begins, ends = window.seconds(first_day)
    if about.kind == "measure":
        raise TypeError("a measure is looked at by its terms")
    return Focus(
        about.key, about.kind, parts, about.metric_name, place, about.place == WORST,
        None if window is None else window.busiest, begins, ends,
    )  # fmt: skip
