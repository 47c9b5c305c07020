"""One parameter at a time, to either end of its range, all others as they are: what people draw as a tornado."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from jukinet_sim.design.tornado import swings, tornado_points
from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.verbs.sensitivity.answer import about, first_moved, head, spread
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground, Outputs
from jukinet_sim.experiments.verbs.sensitivity.judge import leader
from jukinet_sim.statistics.intervals import over_replications


def carry_out(ground: Ground, factors: tuple[Factor, ...], asked: str | None, *, replications: int) -> dict[str, Any]:
    """Run both ends of every range, and return what the document says."""
    keys = [one.key for one in factors]
    # A share that is no number leaves a parameter at its own value, which needs not be the middle of its range.
    outputs = ground.outputs(factors, tornado_points([math.nan] * len(keys)), replications)
    still = [name for name, one in zip(ground.names, outputs, strict=True) if not _moves(keys, one)]
    output = first_moved(ground, still, asked)
    each = _per_replication(keys, outputs[output])
    known = {one.key: one for one in factors}
    return {
        **head(ground, output, leader(keys, each), still),
        **spread(outputs[output]),
        "replications": replications,
        "parameters": [
            {**entry, **about(known[entry["key"]])} for entry in _entries(keys, outputs[output])
        ],
        "fixed": [],
        "outputs": [
            {
                "output": name,
                "unit": ground.unit(name),
                "value": ground.own[name],
                "moved": name not in still,
                "parameters": _entries(keys, outputs[number]),
            }
            for number, name in enumerate(ground.names)
            if number != output
        ],
    }  # fmt: skip


def _moves(keys: list[str], outputs: Outputs) -> bool:
    """Whether any end of a range gives another output than the other end, or none that is known."""
    _, found = swings(keys, outputs)
    return any(one.swing is None or one.swing > 0.0 for one in found)


def _per_replication(keys: list[str], outputs: Outputs) -> Outputs:
    """Return the swing of each parameter in each replication [replications, parameters]; NaN for none."""
    lows, highs = outputs[1 : len(keys) + 1], outputs[len(keys) + 1 :]
    found: Outputs = np.abs(highs - lows).T
    return found


def _entries(keys: list[str], outputs: Outputs) -> list[dict[str, Any]]:
    """Return the entry of every parameter, the largest swing first; the half-width is over replications: all is chance here."""
    _, found = swings(keys, outputs)
    lows, highs = outputs[1 : len(keys) + 1], outputs[len(keys) + 1 :]
    entries = []
    for one in found:
        i = keys.index(one.key)
        width = over_replications((highs[i] - lows[i]).tolist()).half_width
        entries.append(
            {"key": one.key, "effect": one.swing, "half_width": width, "interaction": None, "low": one.low, "high": one.high}
        )
    return entries
