"""A node tree to a checked scenario, or to everything that is wrong with it.

Parts that cannot be read are cut out and the rest is checked all the same, so that one mistyped unit hides no other
fault; what a cut-out part would have defined is then not missed.
"""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from jukinet_sim.base.errors import Position
from jukinet_sim.base.suggest import did_you_mean
from jukinet_sim.language.complaint import Complaint, Objection
from jukinet_sim.language.merge import NodePath, find, names_at, prune, to_data
from jukinet_sim.language.yaml_source import Entry, Mapping, Scalar, read_only
from jukinet_sim.scenario.checks import complaints
from jukinet_sim.scenario.faults import empty_values, follow, objections, position_of
from jukinet_sim.scenario.schema import Scenario

_NOWHERE = Position("", 1, 1)
_PLACEHOLDERS = {
    "scenario": Entry(_NOWHERE, Scalar("placeholder", _NOWHERE)),
    "run": Entry(_NOWHERE, read_only({"horizon": Entry(_NOWHERE, Scalar("1e9 d", _NOWHERE))}, _NOWHERE)),
}
Placed = tuple[Position, Objection]


def validate(tree: Mapping) -> tuple[Scenario | None, list[Placed]]:
    """Return the scenario as far as it can be read, and every objection to it with its place."""
    empty = list(empty_values(tree))
    found = _place(tree, empty)
    lost: set[str] = set()
    rest: Mapping | None = _cut(tree, [one.path for one in empty], lost)
    first = True
    while rest is not None:
        try:
            scenario = Scenario.model_validate(to_data(rest))
        except ValidationError as error:
            objected = objections(error, rest)
            # Later rounds object only to what cutting has left incomplete.
            found += _place(rest, [one for one in objected if first and not _caused_by(one, lost)])
            first = False
            rest = _cut(rest, [follow(rest, one.path) for one in objected], lost)
            continue
        valid = [_standing(one, tree, lost) for one in complaints(scenario)]
        return scenario, found + _place(rest, [one for one in valid if one is not None])
    return None, found


def _place(tree: Mapping, objected: list[Objection]) -> list[Placed]:
    """Return objections with their places in the tree they were raised against; a placeholder stands where its owner does."""
    places = [position_of(tree, one.path, at_key=one.at_key) for one in objected]
    return [(tree.position if place is _NOWHERE else place, one) for place, one in zip(places, objected, strict=True)]


def _caused_by(objection: Objection, lost: set[str]) -> bool:
    """Tell whether a key is reported as missing only because it was cut out."""
    return any(objection.what == f'missing key "{name}"' for name in lost)


def _standing(complaint: Complaint, tree: Mapping, lost: set[str]) -> Objection | None:
    """Return the objection of a complaint, or None where it only follows from what was cut out."""
    if not lost.isdisjoint(complaint.about):
        return None
    if complaint.unknown is None:
        return complaint.objection
    section, name = complaint.unknown
    found = find(tree, f"network.{section}")
    written = found[1].entries if found is not None and isinstance(found[1], Mapping) else {}
    if name in written:
        return None
    meant = did_you_mean(name, written)
    return complaint.objection if meant is None else replace(complaint.objection, cure=meant)


def _cut(tree: Mapping, paths: list[NodePath], lost: set[str]) -> Mapping | None:
    """Return the tree without some parts, noting their names in `lost`; None where nothing would be left.

    Where a key of the top level is missing, a placeholder lets the rest be checked.
    """
    if () in paths:
        added = {key: entry for key, entry in _PLACEHOLDERS.items() if key not in tree.entries}
        lost.update(added)
        for key in added:
            # What a placeholder holds was written by nobody, so nobody is told of it.
            lost.update(names_at(read_only(added, tree.position), (key,)))
        return read_only({**tree.entries, **added}, tree.position) if added else None
    for path in paths:
        lost.update(names_at(tree, path))
    rest = prune(tree, paths)
    return rest if isinstance(rest, Mapping) else None
