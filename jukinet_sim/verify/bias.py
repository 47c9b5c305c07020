"""Whether the mean over many long replications is theory's: within 3.29 standard errors, and known precisely enough to tell.

How long is planned from the spread that the coverage runs have shown; they are other replications, so nothing is used twice.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from jukinet_sim.engine.choose import EngineName
from jukinet_sim.statistics.intervals import over_replications
from jukinet_sim.verify.acceptance import BIN, FARTHEST, LEVEL
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.point import Figure
from jukinet_sim.verify.replicas import Row, Task
from jukinet_sim.verify.size import RARE, Size

KIND = "bias"
REPLICATIONS = 100
_MARGIN = 1.4
"""Forecast variances are themselves uncertain."""
_NORMAL = 1.96


def allowed_half_width(figure: Figure, size: Size) -> float:
    """Return the relative half-width that a figure must be known to."""
    return size.half_width * (RARE if figure.rare and size.half_width > 0.005 else 1.0)


def bias_task(task: Task, rows: Sequence[Row], size: Size) -> Task:
    """Plan replications that make every figure as precise as it has to be, behind those of the coverage runs."""
    needed = max(_needed(figure, [row[i] for row in rows], size) for i, figure in enumerate(task.point.figures))
    first = len(rows)
    if task.point.transient:
        return Task(task.point, first, max(REPLICATIONS, math.ceil(needed)), 1.0, 1.0)
    return Task(task.point, first, REPLICATIONS, task.observed * max(1.0, needed / REPLICATIONS), task.warm_up)


def _needed(figure: Figure, values: Sequence[float | None], size: Size) -> float:
    """Return how many replications of the present length one would need."""
    defined = [value for value in values if value is not None]
    mean = math.fsum(defined) / len(defined)
    variance = math.fsum((value - mean) ** 2 for value in defined) / (len(defined) - 1)
    return _MARGIN * variance * (_NORMAL / (allowed_half_width(figure, size) * figure.theory)) ** 2


def bias_claims(
    task: Task, rows: Sequence[Row], size: Size, engine: EngineName, seed: int, subjects: Collection[str] = ()
) -> list[Claim]:
    """Judge every figure of a point, or those subjects that are named."""
    network = task.point.stretched(task.observed, task.warm_up)
    stated = {
        "seed": task.run_seed(seed), "horizon_s": network.horizon_s, "warm_up_s": network.warm_up_s,
        "printed_point": task.point.printed, "first_replication": task.first, "replications": task.count,
    }  # fmt: skip
    claims = []
    for i, figure in enumerate(task.point.figures):
        if not subjects or figure.label in subjects:
            found = _judged(figure, [row[i] for row in rows], allowed_half_width(figure, size))
            holds = bool(found["near"]) and bool(found["precise"])
            details = {**stated, "theory": figure.theory, **found}
            claims.append(Claim(KIND, task.point.family, task.point.label, figure.label, holds, engine, details))
    return claims


def _judged(figure: Figure, values: Sequence[float | None], allowed: float) -> dict[str, object]:
    """Measure the distance from theory in standard errors; a quantile may be off by a bin of the histogram besides."""
    found = over_replications(values, LEVEL)
    defined = [value for value in found.per_replication if value is not None]
    mean = math.fsum(defined) / len(defined)
    error = math.sqrt(math.fsum((v - mean) ** 2 for v in defined) / (len(defined) - 1) / len(defined))
    half = found.half_width if found.half_width is not None else math.inf
    slack = BIN * figure.theory if figure.is_quantile else 0.0
    away = max(0.0, abs(mean - figure.theory) - slack)
    return {
        "mean": mean,
        "z": (mean - figure.theory) / error if error > 0.0 else 0.0,
        "histogram_error": slack,
        "near": away < FARTHEST * error or away == 0.0,
        "relative_half_width": half / figure.theory,
        "allowed_relative_half_width": allowed,
        "precise": half <= allowed * figure.theory,
    }
