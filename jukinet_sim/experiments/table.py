"""What was brought of a point to value objects and verdicts, as the documents of experiments hold them."""

from __future__ import annotations

from typing import Any

from jukinet_sim.experiments.bench import Brought
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications


def metrics(brought: Brought, level: float = DEFAULT_LEVEL) -> dict[str, dict[str, object]]:
    """Return the value object of every figure by its name."""
    names = brought.rows[0].values if brought.rows else {}
    return {name: over_replications(brought.values(name), level).as_json() for name in names}


def slo(brought: Brought, level: float = DEFAULT_LEVEL) -> list[dict[str, Any]]:
    """Return every service level with its value and verdict; nothing is decided by a point that is not all there."""
    found = []
    for number, one in enumerate(brought.point.loaded.scenario.slo):
        value = over_replications([row.slo[number] for row in brought.rows], level)
        met = None if brought.trouble else value.value is not None and one.met_by(value.value)
        verdict = "undecided" if met is None else "met" if met else "missed"
        found.append({"text": one.text, "value": value.as_json(), "met": met, "verdict": verdict})
    return found


def slo_met(brought: Brought) -> bool | None:
    """Tell whether all service levels are met; None where there is none, or nothing can be decided."""
    verdicts = [one["met"] for one in slo(brought)]
    if not verdicts or any(met is None for met in verdicts):
        return None
    return all(verdicts)
