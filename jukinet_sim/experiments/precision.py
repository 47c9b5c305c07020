"""How many more replications a result document needs until its figures are known to a relative precision.

The answer depends on the finished replications alone, so a run that stops by precision is, to the last bit, the plain run
of as many replications.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LEAST = 20
"""Replications before precision is judged at all: fewer stop too early too often."""
MOST = 1000
"""Replications beyond which none is added for precision."""


@dataclass(frozen=True)
class Uncertain:
    """The figure of a document that is known least: its name, and its half-width relative to its value."""

    name: str
    relative: float


def least_certain(document: Mapping[str, Any]) -> Uncertain | None:
    """Return the least certain of the service levels' metrics, or of the flows' mean sojourns where there are none.

    A figure that was never observed is left out; None where that leaves nothing.
    """
    known = [Uncertain(name, _relative(value)) for name, value in _judged(document) if value["value"] is not None]
    return max(known, key=lambda uncertain: uncertain.relative, default=None)


def replications_for(document: Mapping[str, Any], precision: float) -> int:
    """Return how many replications to have next for this relative half-width; as many as there are when it is reached.

    Half-widths shrink with the root of the number of replications; the forecast at most doubles the number, since early
    half-widths are themselves uncertain, and never goes beyond `MOST`.
    """
    done: int = document["replications"]
    worst = least_certain(document)
    if worst is None or worst.relative <= precision:
        return done
    needed = done * min((worst.relative / precision) ** 2, 2.0)
    return max(done, min(MOST, max(done + 1, math.ceil(needed))))


def _judged(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield name and value object of everything that has to be precise."""
    if document["slo"]:
        yield from ((level["text"], level["value"]) for level in document["slo"])
    else:
        yield from ((f"{name} sojourn.mean", flow["sojourn_s"]["mean"]) for name, flow in document["flows"].items())


def _relative(value: Mapping[str, Any]) -> float:
    """Return the half-width relative to the value: infinite for a single observation, 0 where nothing varies."""
    half, size = value["half_width"], abs(value["value"])
    if half is None:
        return math.inf
    return half / size if size else math.inf if half else 0.0
