"""Where a scenario states a reported figure that is no volume, and as what: a number said to be reported, or a known key.

`facts.coverage()` names the known keys; a key that stands for something countable, such as a group, is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.places.schema import Group
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.base import Figure
from jukinet_sim.language.figures import source_key
from jukinet_sim.network.model import OTHERS, Network


@dataclass(frozen=True, slots=True)
class Stated:
    """A key of the scenario and what stands there: a number, a text, or None for more than one value."""

    where: str
    value: float | str | None = None


def stated(net: JukiNet, network: Network) -> dict[str, Stated]:
    """Return what the scenario states of the reported figures, by key; what is called reported goes before known keys."""
    nodes = dict(_nodes(net, "juki_net"))
    found = {}
    for key, said in facts.coverage().items():
        if said.where in nodes:
            found[key] = Stated(said.where, _value(nodes[said.where], facts.figure(key), network))
    for where, node in nodes.items():
        if isinstance(node, Figure) and node.status == "reported":
            named = source_key(node.note)
            if named is not None:
                found[named] = Stated(where, float(node.value))
    return found


def _nodes(node: object, path: str) -> Iterator[tuple[str, object]]:
    """Yield a part of a scenario and every part below it, each with its dotted key; a figure is one part."""
    yield path, node
    if isinstance(node, Figure):
        return
    if isinstance(node, BaseModel):
        below: list[tuple[object, object]] = list(node)
    elif isinstance(node, Mapping):
        below = list(node.items())
    else:
        below = list(enumerate(node)) if isinstance(node, tuple) else []
    for name, child in below:
        yield from _nodes(child, f"{path}.{name}")


def _value(node: object, printed: facts.ReportedFigure, network: Network) -> float | str | None:
    """Return what to hold against a printed figure: the node itself, a group's members by then, or its people."""
    if isinstance(node, Figure):
        return float(node.value)
    if isinstance(node, str):
        return node
    if printed.number is None:
        return None
    if isinstance(node, Group):
        return float(_members(node, printed.period))
    return _residents(network) if printed.unit == "persons" else None


def _members(group: Group, date: str) -> int:
    """Count a group's members on a date such as 2013-03-01, or by the end of a month such as 2013-09."""
    year, month, day = (*(int(part) for part in date.split("-")), 31)[:3]
    joined = (join for join in group.joins if join.first_day.timetuple()[:3] <= (year, month, day))
    return int(group.municipalities.value) + sum(int(join.municipalities.value) for join in joined)


def _residents(network: Network) -> float | None:
    """Return the residents of municipalities that are connected from the start; None without a level of municipalities."""
    for level in network.levels:
        if level.name == "municipality":
            later = {change.place for change in level.changes if change.to == OTHERS}
            return float(level.weights.sum()) - float(level.weights[list(later)].sum())
    return None
