"""How many more replications a result document needs until its figures are known to a relative precision.

The answer depends on the finished replications alone, so a run that stops by precision is, to the last bit, the plain run
of as many replications.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.units import UnitError, parse_fraction
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.points import Point
from jukinet_sim.statistics.intervals import over_replications
from jukinet_sim.statistics.precision import LEAST, relative_half_width, replications_next


@dataclass(frozen=True)
class Uncertain:
    """The figure of a document that is known least: its name, and its half-width relative to its value."""

    name: str
    relative: float


def read_precision(text: str | None) -> float | None:
    """Return a relative half-width such as "2%" as a fraction. Raises UsageError."""
    if text is None:
        return None
    try:
        precision = parse_fraction(text)
    except UnitError as error:
        raise UsageError(f"--precision: {error}") from None
    if not 0.0 < precision < 1.0:
        raise UsageError(f"--precision: {text} is no precision to reach; write a fraction between 0 and 1, such as 2%")
    return precision


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


def bring_precisely(
    bench: Bench, points: Sequence[Point], precision: float, widths: Callable[[Brought], Iterable[float]]
) -> list[Brought]:
    """Return each point with as many replications as bring its relative half-widths to the precision, `LEAST` to `MOST`.

    A point that is not all there is left as it is. Raises as `Bench.bring` does.
    """
    numbers = [LEAST] * len(points)
    while True:
        brought = bench.bring(list(zip(points, numbers, strict=True)))
        wanted = [
            number if one.trouble else replications_next(number, widths(one), precision)
            for one, number in zip(brought, numbers, strict=True)
        ]
        if wanted == numbers:
            return brought
        numbers = wanted


def widths_of(names: Iterable[str], brought: Brought) -> list[float]:
    """Return the relative half-widths of some figures; one that is never defined has none."""
    known = (over_replications(brought.values(name)) for name in names)
    return [relative_half_width(one.value, one.half_width) for one in known if one.value is not None]


def _judged(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield name and value object of everything that has to be precise."""
    if document["slo"]:
        yield from ((level["text"], level["value"]) for level in document["slo"])
    else:
        yield from ((f"{name} sojourn.mean", flow["sojourn_s"]["mean"]) for name, flow in document["flows"].items())
