"""How often the interval of a set of replications covers theory: a binomial count for each figure of each point.

Set s is replications s R .. s R + R - 1 of the point's own seed; replications are independent streams, so the sets are too,
and so are the points.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from jukinet_sim.engine.choose import EngineName
from jukinet_sim.statistics.intervals import Value, over_replications
from jukinet_sim.verify.acceptance import FARTHEST, LEVEL
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.point import Figure, Point
from jukinet_sim.verify.replicas import Row, Task
from jukinet_sim.verify.size import Size

KIND = "coverage"
_LARGEST_SHIFT = 0.2
"""The largest bias, in half-widths, that a horizon may leave."""


def covered_figures(point: Point) -> list[Figure]:
    """Return the figures whose coverage is counted."""
    return [figure for figure in point.figures if not figure.rare]


def coverage_task(point: Point, size: Size) -> Task:
    """Return all sets of a point."""
    return Task(point, 0, size.sets * size.replications, size.observed, size.warm_up)


def coverage_claims(
    task: Task, rows: Sequence[Row], size: Size, engine: EngineName, seed: int, bounds: tuple[int, int],
    subjects: Collection[str] = (),
) -> list[Claim]:  # fmt: skip
    """Judge every figure of a point, or those subjects that are named."""
    network = task.point.stretched(task.observed, task.warm_up)
    stated = {
        "seed": task.run_seed(seed), "horizon_s": network.horizon_s, "warm_up_s": network.warm_up_s,
        "printed_point": task.point.printed, "sets": size.sets, "replications": size.replications,
    }  # fmt: skip
    claims = []
    for i, figure in enumerate(task.point.figures):
        if not figure.rare and (not subjects or figure.label in subjects):
            values = [row[i] for row in rows]
            found = _judged(_intervals(values, size.replications), figure.theory, bounds)
            holds = bool(found["within_bounds"]) and bool(found["bias_small"])
            details = {**stated, "theory": figure.theory, **found}
            claims.append(Claim(KIND, task.point.family, task.point.label, figure.label, holds, engine, details))
    return claims


def _intervals(values: Sequence[float | None], replications: int) -> list[Value]:
    return [over_replications(values[first : first + replications], LEVEL) for first in range(0, len(values), replications)]


def _judged(intervals: Sequence[Value], theory: float, bounds: tuple[int, int]) -> dict[str, object]:
    """Count the intervals that cover, and measure the bias in half-widths with its standard error."""
    known = [(v.value, v.half_width) for v in intervals if v.value is not None and v.half_width is not None]
    covered = sum(abs(value - theory) <= half for value, half in known)
    means = [value for value, _ in known]
    mean, half = math.fsum(means) / len(means), math.fsum(half for _, half in known) / len(known)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in means) / (len(means) - 1))
    shift, error = abs(mean - theory) / half, spread / math.sqrt(len(means)) / half
    return {
        "covered": covered,
        "accepted": list(bounds),
        "within_bounds": bounds[0] <= covered <= bounds[1],
        "mean": mean,
        "relative_half_width": half / theory,
        "bias_in_half_widths": shift,
        "bias_standard_error": error,
        "bias_small": shift < _LARGEST_SHIFT + FARTHEST * error,
    }
