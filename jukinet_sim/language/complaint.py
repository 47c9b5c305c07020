"""What a check of a whole scenario reports, and the walk over routes that the checks share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from jukinet_sim.language.flows import Flow
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.route import AnyStep, LoopStep, StepBase


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that is wrong at a path of a scenario.

    `at_key` means the key there, not its value; `of_length` that a list has too few or too many entries.
    """

    path: NodePath
    what: str
    cure: str
    at_key: bool = False
    of_length: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """An objection, and the names it rests on: it falls if one of those was in a part that could not be read."""

    objection: Objection
    about: tuple[str, ...]
    unknown: tuple[str, str] | None = None
    """Where the objection is to an unknown name: the section of the network that should have it, and the name."""


def fault(
    path: NodePath, what: str, cure: str, *about: str, at_key: bool = False, unknown: tuple[str, str] | None = None
) -> Complaint:
    """Return a complaint."""
    return Complaint(Objection(path, what, cure, at_key), about, unknown)


S = TypeVar("S", bound=StepBase)


def walk(steps: tuple[S, ...], path: NodePath) -> Iterator[tuple[NodePath, S]]:
    """Yield every step of a route with its path, those inside loops included."""
    for i, step in enumerate(steps):
        yield (*path, i), step
        if isinstance(step, LoopStep):
            yield from walk(cast("tuple[S, ...]", step.of), (*path, i, "of"))


def routes(network: Network) -> Iterator[tuple[str, Flow, NodePath, AnyStep]]:
    """Yield every step of every flow."""
    for name, flow in network.flows.items():
        for path, step in walk(flow.route, ("network", "flows", name, "route")):
            yield name, flow, path, step
