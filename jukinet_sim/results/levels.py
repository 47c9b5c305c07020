"""Figures of single places to figures of the places above them, such as those of all towns of a county.

Which place lies within which is kept in the run folder beside the results: a document names places, but not their parents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jukinet_sim.network.model import Network, PlaceLevel
from jukinet_sim.results.damage import reading
from jukinet_sim.results.files import read_json, write_json

FILE = "places.json"
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Level:
    """Equal-ranking places by name; `parent[i]` is the number of the place of level `within` in which place i lies."""

    names: tuple[str, ...]
    within: str | None = None
    parent: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceTree:
    """The levels of places by name, and the level at which each station and each pool is kept."""

    levels: Mapping[str, Level]
    stations: Mapping[str, str]
    pools: Mapping[str, str]

    def above(self, name: str, level: str) -> tuple[int, ...] | None:
        """Return the place of `level` in which each place of the level `name` lies; None where they lie in none."""
        inside: Sequence[int] = range(len(self.levels[name].names))
        while name != level:
            here = self.levels[name]
            if here.within is None:
                return None
            inside, name = [here.parent[place] for place in inside], here.within
        return tuple(inside)

    def parent(self, name: str, place: int) -> str | None:
        """Return the name of the place in which a place of the level `name` lies; None where it lies in none."""
        level = self.levels[name]
        return None if level.within is None else self.levels[level.within].names[level.parent[place]]


def tree_of(network: Network) -> PlaceTree:
    """Return where the places of a network lie."""
    return PlaceTree(
        {level.name: Level(_names(level), level.within, tuple(level.parent)) for level in network.levels},
        {station.name: station.per for station in network.stations if station.per is not None},
        {pool.name: pool.per for pool in network.pools if pool.per is not None},
    )


def _names(level: PlaceLevel) -> tuple[str, ...]:
    return tuple(level.labels) or tuple(str(place) for place in range(level.count))


def write_tree(folder: Path, network: Network) -> None:
    """Keep in a run folder where the places lie, if there are any. Raises StoreError."""
    if network.levels:
        write_json(folder / FILE, asdict(tree_of(network)))


def read_tree(folder: Path) -> PlaceTree | None:
    """Return what a run folder says of where places lie; None where it says nothing. Raises StoreError."""
    kept = read_json(folder / FILE)
    if kept is None:
        return None
    with reading(folder / FILE):
        levels = {
            name: Level(tuple(level["names"]), level["within"], tuple(level["parent"]))
            for name, level in kept["levels"].items()
        }
        for name in levels:
            _check_level(levels, name)
        if not all(at in levels for at in (*kept["stations"].values(), *kept["pools"].values())):
            raise ValueError("something is kept at no level of places")
        return PlaceTree(levels, kept["stations"], kept["pools"])


def _check_level(levels: Mapping[str, Level], name: str) -> None:
    """Raise ValueError or TypeError for a level that lies in itself, or whose places lie in none of those above."""
    level, above = levels[name], [name]
    if not all(type(word) is str for word in level.names):
        raise TypeError(f"the names of {name} are no names")
    while (within := levels[above[-1]].within) is not None:
        if within in above:
            raise ValueError(f"the places of {name} lie within themselves")
        above.append(within)
        if within not in levels:
            raise ValueError(f"{name} lies in {within}, which is not there")
    if level.within is not None:
        known = range(len(levels[level.within].names))
        if len(level.parent) != len(level.names) or not all(type(at) is int and at in known for at in level.parent):
            raise ValueError(f"places of {name} lie in no place of {level.within}")


def by_level(document: Figures, tree: PlaceTree, level: str) -> list[dict[str, Any]]:
    """Return for each place of a level what its own stations and pools and those of the places within it have to do.

    The document is one with places. Figures are plain numbers, means over the replications; one that nobody knows is None.
    """
    found: list[dict[str, Any]] = [{"name": name, "stations": {}, "pools": {}} for name in tree.levels[level].names]
    for kind, kept_at, sums in (("stations", tree.stations, _stations), ("pools", tree.pools, _pools)):
        for group, figures in document[kind].items():
            inside = tree.above(kept_at[group], level) if "places" in figures else None
            parts: dict[int, list[Figures]] = {}
            for place, number in zip(figures["places"], inside, strict=True) if inside else ():
                parts.setdefault(number, []).append(place)
            for number, part in parts.items():
                found[number][kind][group] = sums(part)
    return found


def _stations(places: Sequence[Figures]) -> dict[str, Any]:
    """Return utilisation, visits, waits and queues of the stations of a group at some places."""
    used = [(value_of(place, "utilisation"), place["name"]) for place in places]
    known = [(value, name) for value, name in used if value is not None]
    highest = max(known, key=lambda one: one[0], default=(None, None))
    waits = [(value_of(place, "throughput_per_s"), value_of(place, "wait_s.mean")) for place in places]
    waited = [(visits, wait) for visits, wait in waits if visits and wait is not None]
    return {
        "places": len(places),
        "utilisation_mean": sum(value for value, _ in known) / len(known) if known else None,
        "utilisation_highest": highest[0],
        "busiest": highest[1],
        "visits_per_s": sum(visits or 0.0 for visits, _ in waits),
        "wait_mean_s": sum(v * w for v, w in waited) / sum(v for v, _ in waited) if waited else None,
        **_queues(places),
    }


def _pools(places: Sequence[Figures]) -> dict[str, Any]:
    """Return tokens in use and queues of the pools of a group at some places."""
    used = [value for place in places if (value := value_of(place, "in_use")) is not None]
    return {"places": len(places), "in_use": sum(used) if used else None, **_queues(places)}


def _queues(places: Sequence[Figures]) -> dict[str, Any]:
    """Return the largest queue, the longest unbroken one and the longest wait at any of some places."""
    return {
        "wait_max_s": _highest(value_of(place, "wait_s.max") for place in places),
        "queue_peak": _highest(value_of(place, "queue_peak") for place in places),
        "longest_queue_s": _highest(value_of(place, "longest_queue_s") for place in places),
    }


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def figure_of(place: Figures, metric: str) -> Figures | None:
    """Return the value object at a path such as `wait_s.max` of a place; None where the document has none."""
    figure: Any = place
    for key in metric.split("."):
        figure = figure.get(key)
        if figure is None:
            return None
    found: Figures = figure
    return found


def value_of(place: Figures, metric: str) -> float | None:
    """Return the mean of a figure over the replications; None where it is undefined or the document lacks it."""
    value: float | None = (figure_of(place, metric) or {}).get("value")
    return value
