"""Measures of a scenario, in people's units, from what each replication counted; each with an interval like any figure.

Where nothing happened a term is 0; where something happened whose amount is unknown, the measure of that replication is
undefined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jukinet_sim import metrics
from jukinet_sim.language.measures import Measure, Term, matching
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.focused import found
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications

HOUR_S = 3600.0


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
    elif term.focused:
        amount = found(digest, term).value
    else:
        parts, window_s = digest.kinds()[term.kind], digest.window_s[1] - digest.window_s[0]
        metric = metrics.summed(term.kind)[term.metric or ""]
        if term.hours is not None:
            amount = _sum(_within(metric, term.hours, parts[name]) for name in matching(term.subject, parts))
        else:
            amount = _sum(quantity(metric, parts[name], window_s) for name in matching(term.subject, parts))
    return None if amount is None else amount * term.times.value


def _sum(amounts: Iterable[float | None]) -> float | None:
    """Return the sum, or None where one of the amounts is unknown."""
    known = list(amounts)
    return None if None in known else math.fsum(amount for amount in known if amount is not None)


def quantity(metric: metrics.Metric, part: Part, window_s: float) -> float | None:
    """Return what a part brings to a sum over a window of so many seconds; None where that is unknown."""
    match metric.source:
        case metrics.Count(key):
            return part.counts[key]
        case metrics.HoursEach(count, mean):
            number, each_s = part.counts[count], part.metrics[mean]
            if not number:
                return 0.0
            return None if each_s is None else number * each_s / HOUR_S
        case metrics.HoursOf(mean, less):
            return _hours_of(part, window_s, mean, less)
        case metrics.HoursAway():
            return _hours_away(part, window_s)
    raise TypeError(f"{metric.name} is not counted over a replication")


def _hours_of(part: Part, window_s: float, mean: str, less: tuple[str, ...] = ()) -> float | None:
    """Return the hours behind a time average, or behind what others leave of it."""
    number, others = part.metrics[mean], [part.metrics.get(name, 0.0) for name in less]
    if number is None or None in others:
        return None
    return (number - sum(other for other in others if other is not None)) * window_s / HOUR_S


def _within(metric: metrics.Metric, calendar: str, part: Part) -> float | None:
    """Return the hours that a part brings within the open hours of a calendar."""
    seconds = part.metrics[f"{metric.within}.{calendar}"]
    return None if seconds is None else seconds / HOUR_S


def _hours_away(part: Part, window_s: float) -> float | None:
    """Return the hours in which scheduled servers were away: those scheduled, busy hours / utilisation, less those available.

    Unknown for a station at which servers were away and none ever worked.
    """
    available, utilisation = part.metrics["availability"], part.metrics["utilisation"]
    if available is None or available == 1.0:
        return 0.0
    busy_h = _hours_of(part, window_s, "in_station", metrics.BESIDES)
    return busy_h / utilisation * (1.0 - available) if utilisation and busy_h is not None else None
