"""What the steps of a route use by name, in whichever language it is written, held against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.complaint import Complaint, fault, walk
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.route import AcquireStep, ChooseStep, ReleaseStep, SetStep, SpawnStep, StepBase, SwitchStep, VisitStep

_NAMING: Mapping[type[StepBase], tuple[str, str]] = {
    VisitStep: ("visit", "station"),
    AcquireStep: ("acquire", "pool"),
    ReleaseStep: ("release", "pool"),
    SpawnStep: ("spawn", "flow"),
    SwitchStep: ("switch", "state"),
    SetStep: ("set", "state"),
}
"""The key by which a step names something, and what that is."""
_SECTIONS = {"station": "stations", "pool": "pools", "flow": "flows", "state": "states", "level of places": "places"}


class Use(NamedTuple):
    """What a step uses: its kind and name, and the path of the key that names it."""

    noun: str
    name: str
    path: NodePath


def uses(steps: tuple[Any, ...], path: NodePath) -> Iterator[Use]:
    """Yield everything that the steps of a route, which stands at this path, name; steps inside loops included."""
    for at, step in walk(steps, path):
        naming = _NAMING.get(type(step))
        if naming is not None:
            key, noun = naming
            yield Use(noun, getattr(step, key), (*at, key))
        elif isinstance(step, ChooseStep):
            yield from (Use("station", name, (*at, "choose", name)) for name in step.choose)


def unknown(path: NodePath, noun: str, name: str, known: Mapping[str, object]) -> Iterator[Complaint]:
    """Complain about a name that nothing bears."""
    if name not in known:
        cure = one_of(name, known, f"define a {noun} of that name")
        section = _SECTIONS.get(noun)
        yield fault(path, f'unknown {noun} "{name}"', cure, unknown=(section, name) if section else None)


def unknown_uses(used: Iterable[Use], known: Mapping[str, Mapping[str, object]]) -> Iterator[Complaint]:
    """Complain about what is used and is not there; `known` has stations, pools, flows and states by noun and name."""
    for use in used:
        yield from unknown(use.path, use.noun, use.name, known[use.noun])
