"""Measures of a scenario, in people's units, from what each replication counted; each with an interval like any figure.

Where nothing happened a term is 0; where something happened whose amount is unknown, the measure of that replication is
undefined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jukinet_sim.language.measures import Measure, Subject, Term, matching
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.intervals import DEFAULT_LEVEL, over_replications
from jukinet_sim.results.stretches import HELD, INSIDE

HOUR_S = 3600.0
Quantity = Callable[[Part, float], float | None]
"""A part and the length of its window in seconds to what the part brings to a sum; None where that is unknown."""


def measured(
    digests: Iterable[ReplicationDigest], measures: Mapping[str, Measure], level: float = DEFAULT_LEVEL
) -> dict[str, dict[str, Any]]:
    """Return unit and value object of each measure over replications, as the result document holds them.

    The measures are those of a checked scenario: all that they name is there, and none rests on itself.
    """
    each = [in_replication(digest, measures) for digest in digests]
    return {
        name: {"unit": measure.unit, "value": over_replications((found[name] for found in each), level).as_json()}
        for name, measure in measures.items()
    }


def in_replication(digest: ReplicationDigest, measures: Mapping[str, Measure]) -> dict[str, float | None]:
    """Return each measure in one replication; None where it is undefined."""
    known: dict[str, float | None] = {}

    def total(name: str) -> float | None:
        if name not in known:
            known[name] = _sum(_term(term, digest, measures, total) for term in measures[name].sum)
        return known[name]

    return {name: total(name) for name in measures}


def _term(
    term: Term, digest: ReplicationDigest, measures: Mapping[str, Measure], total: Callable[[str], float | None]
) -> float | None:
    """Return one term: the sum over all that it names, times its figure."""
    if term.kind == "measure":
        amount = _sum(total(name) for name in matching(term.subject, measures))
    else:
        parts, window_s = digest.kinds()[term.kind], digest.window_s[1] - digest.window_s[0]
        quantity = QUANTITIES[term.kind][term.metric or ""]
        if term.hours is not None:
            quantity = _within(f"{WITHIN[term.kind]}.{term.hours}")
        amount = _sum(quantity(parts[name], window_s) for name in matching(term.subject, parts))
    return None if amount is None else amount * term.times.value


def _sum(amounts: Iterable[float | None]) -> float | None:
    """Return the sum, or None where one of the amounts is unknown."""
    known = list(amounts)
    return None if None in known else math.fsum(amount for amount in known if amount is not None)


def _count(key: str) -> Quantity:
    """Return the quantity that is a count."""
    return lambda part, window_s: part.counts[key]


def _summed(count: str, mean: str) -> Quantity:
    """Return the hours that so many took in all, from their number and their mean in seconds."""

    def hours(part: Part, window_s: float) -> float | None:
        number, each_s = part.counts[count], part.metrics[mean]
        if not number:
            return 0.0
        return None if each_s is None else number * each_s / HOUR_S

    return hours


def _averaged(mean: str) -> Quantity:
    """Return the hours behind a time average: as many as there were on average, for the length of the window."""

    def hours(part: Part, window_s: float) -> float | None:
        number = part.metrics[mean]
        return None if number is None else number * window_s / HOUR_S

    return hours


def _within(key: str) -> Quantity:
    """Return the hours counted in the open hours of a calendar."""

    def hours(part: Part, window_s: float) -> float | None:
        seconds = part.metrics[key]
        return None if seconds is None else seconds / HOUR_S

    return hours


def _busy_hours(part: Part, window_s: float) -> float | None:
    """Return the hours of service given: everyone at the station is either waiting or being served."""
    inside, waiting = part.metrics["in_station"], part.metrics["queue_length"]
    return None if inside is None or waiting is None else (inside - waiting) * window_s / HOUR_S


def _down_hours(part: Part, window_s: float) -> float | None:
    """Return the hours in which scheduled servers were away: those scheduled, busy hours / utilisation, less those available.

    Unknown for a station at which servers were away and none ever worked.
    """
    available, utilisation, busy_h = part.metrics["availability"], part.metrics["utilisation"], _busy_hours(part, window_s)
    if available is None or available == 1.0:
        return 0.0
    return busy_h / utilisation * (1.0 - available) if utilisation and busy_h is not None else None


QUANTITIES: Mapping[Subject, Mapping[str, Quantity]] = {
    "flow": {
        **{key: _count(key) for key in ("arrived", "completed", "records", "lost", "abandoned", "retried")},
        **{key: _count(key) for key in ("late", "late_records")},
        "sojourn_hours": _summed("completed", "sojourn_s.mean"),
        "wait_hours": _summed("completed", "wait_s.mean"),
        "inside_hours": _averaged("in_system_mean"),
    },
    "station": {
        "visits": _count("completed"),
        "busy_hours": _busy_hours,
        "queue_hours": _averaged("queue_length"),
        "down_hours": _down_hours,
    },
    "pool": {"wait_hours": _summed("taken", "wait_s.mean"), "held_hours": _averaged("in_use")},
}
"""What each metric of a term is, per flow, station and pool."""
WITHIN: Mapping[Subject, str] = {"flow": INSIDE, "pool": HELD}
"""What is counted within the hours of a calendar, per flow and pool."""
