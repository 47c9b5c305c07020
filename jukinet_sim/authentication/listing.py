"""Methods of logging on as documents: what there is, and why a log-on by one takes as long and fails as often as it does."""

from __future__ import annotations

from typing import Any

from jukinet_sim.authentication.method import Method, Setting
from jukinet_sim.authentication.methods import registered
from jukinet_sim.authentication.plan import EVENTS, Plan

SCHEMA = 1


def listing() -> dict[str, Any]:
    """Return the document of every registered method, and of what was refused."""
    found = registered()
    return {
        "schema": SCHEMA,
        "methods": [
            {"name": one.item.name, "title": one.item.title, "owner": one.owner, **_figures(one.item.plan())}
            for one in found.offers
        ],
        "refused": [{"entry": one.entry, "owner": one.owner, "reason": one.reason} for one in found.refused],
    }


def explained(
    method: Method, values: dict[str, float] | None = None, setting: Setting | None = None, people: int = 6
) -> dict[str, Any]:
    """Return the document of one method with some values, the usual ones where none is given, where so many people are known.

    Raises UsageError for values that the method does not have.
    """
    plan = method.plan(values, setting)
    stated = values or {}
    return {
        "schema": SCHEMA,
        "method": method.name,
        "title": method.title,
        "log_ons_per_year": (setting or Setting()).log_ons_per_year,
        "people": people,
        **_figures(plan),
        "stages": [
            {
                "name": one.name,
                "reached": plan.reached[one.name],
                "own_time_s": one.time.mean_s,
                "request": one.work is not None,
                "telephones": one.telephones,
                "counts": one.counts,
                "outcomes": [{"to": to, "probability": probability} for to, probability in one.outcomes if probability > 0.0],
            }
            for one in plan.stages
        ],
        "ways": [{"name": one.name, "probability": one.succeeds(people), "why": one.why} for one in plan.ways],
        "parameters": [
            {
                "name": one.name, "value": stated.get(one.name, one.value), "low": one.low, "high": one.high, "unit": one.unit,
                "why": one.why, "stated": one.name in stated,
            }
            for one in method.parameters
        ],
    }  # fmt: skip


def _figures(plan: Plan) -> dict[str, Any]:
    """Return what follows from a plan: times of one log-on, and events for each thousand."""
    return {
        "own_time_s": plan.own_time_s,
        "requests": plan.requests,
        "per_1000": {event: 1000.0 * plan.expected(event) for event in EVENTS},
    }
