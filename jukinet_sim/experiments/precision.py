"""How many more replications a result document needs until its figures are known to a relative precision.

The answer depends on the finished replications alone, so a run that stops by precision is, to the last bit, the plain run
of as many replications.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.statistics.precision import relative_half_width, replications_next


@dataclass(frozen=True)
class Uncertain:
    """The figure of a document that is known least: its name, and its half-width relative to its value."""

    name: str
    relative: float


def least_certain(document: Mapping[str, Any]) -> Uncertain | None:
    """Return the least certain of the service levels' metrics, or of the flows' mean sojourns where there are none.

    A figure that was never observed is left out; None where that leaves nothing.
    """
    known = [
        Uncertain(name, relative_half_width(value["value"], value["half_width"]))
        for name, value in _judged(document)
        if value["value"] is not None
    ]
    return max(known, key=lambda uncertain: uncertain.relative, default=None)


def replications_for(document: Mapping[str, Any], precision: float) -> int:
    """Return how many replications to have next for this relative half-width; as many as there are when it is reached."""
    worst = least_certain(document)
    return replications_next(document["replications"], [] if worst is None else [worst.relative], precision)


def _judged(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield name and value object of everything that has to be precise."""
    if document["slo"]:
        yield from ((level["text"], level["value"]) for level in document["slo"])
    else:
        yield from ((f"{name} sojourn.mean", flow["sojourn_s"]["mean"]) for name, flow in document["flows"].items())
