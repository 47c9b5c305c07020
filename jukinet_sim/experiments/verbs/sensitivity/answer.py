"""What the documents of all methods have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground, Outputs
from jukinet_sim.experiments.verbs.sensitivity.judge import Judged


def about(factor: Factor) -> dict[str, Any]:
    """Return what is known of a factor: its value, the ends of its range, how it was sampled, and where it comes from."""
    return {
        "now": factor.now,
        "range": list(factor.ends),
        "scale": "logarithmic" if factor.axis.log else "uniform",
        "source": factor.status,
        "note": factor.note,
    }


def spread(outputs: Outputs) -> dict[str, float | None]:
    """Return the least and the largest output [points, replications] of all points, averaged over replications."""
    means = outputs.mean(axis=1)
    known = means[np.isfinite(means)]
    return {"min": float(known.min()), "max": float(known.max())} if len(known) else {"min": None, "max": None}


def first_moved(ground: Ground, unmoved: Sequence[str], asked: str | None) -> int:
    """Return the output that is asked for, or else the first that is not among the unmoved ones; the first where all are."""
    if asked is not None:
        return ground.names.index(asked)
    return next((i for i, name in enumerate(ground.names) if name not in unmoved), 0)


def fixed_json(fixed: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the parameters that kept their own values, each with the reason."""
    return [{"key": key, "why": why} for key, why in fixed.items()]


def head(ground: Ground, output: int, judged: Judged, unmoved: Sequence[str]) -> dict[str, Any]:
    """Return what every document says first: which output, what becomes of it, and what to measure first."""
    name = ground.names[output]
    return {
        **ground.heard(name),
        "output": name,
        "unit": ground.unit(name),
        "value": ground.own[name],
        "unmoved": list(unmoved),
        "measure_first": judged.key,
        "reason": judged.reason,
    }
