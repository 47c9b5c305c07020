"""What a scenario asks for by itself: service levels held against the result document, and outputs that are only shown.

The point estimate decides whether a level is met; its interval is shown beside it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.about import About
from jukinet_sim.language.asked import Asked
from jukinet_sim.language.slo import Slo
from jukinet_sim.results import focused
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.measures import quantity
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications

_Subject = TypeVar("_Subject")


def verdicts(
    document: Mapping[str, Any],
    levels: Iterable[Slo],
    digests: Sequence[ReplicationDigest] = (),
    *,
    decided: bool = True,
    confidence: float = DEFAULT_LEVEL,
    first_day: dt.date | None = None,
) -> list[dict[str, Any]]:
    """Return `{text, value, met, verdict}` for each service level; one whose value is undefined is not met.

    One that looks at a window or a place has `at` as well: when and where, see `focused.at`.

    What is counted over a replication, such as jobs lost, is taken from the digests that the document was made of. The verdict
    is met, missed or, where a run is not `decided` because it is only part of one, undecided: `met` is None then. Raises
    UsageError for an unknown flow, station, pool or measure, and for lateness of a flow that is never due.
    """
    found = []
    for level in levels:
        value = judged(document, level, digests, confidence)
        estimate = value["value"]
        met = (estimate is not None and level.met_by(estimate)) if decided else None
        verdict = "undecided" if met is None else "met" if met else "missed"
        at = looked_at(level, digests, first_day)
        found.append({"text": level.text, "value": value, "met": met, "verdict": verdict, **at})
    return found


def values_of(
    document: Mapping[str, Any],
    outputs: Iterable[Asked],
    digests: Sequence[ReplicationDigest] = (),
    *,
    confidence: float = DEFAULT_LEVEL,
    first_day: dt.date | None = None,
) -> list[dict[str, Any]]:
    """Return `{name, unit, value}` for each output, and `at` as `verdicts` does. Raises UsageError as that does."""
    found = []
    for one in outputs:
        value = judged(document, one, digests, confidence)
        found.append({"name": one.name, "unit": one.of.unit, "value": value, **looked_at(one, digests, first_day)})
    return found


def looked_at(level: About, digests: Sequence[ReplicationDigest], first_day: dt.date | None) -> dict[str, Any]:
    """Return `at`, when and where something was looked at; nothing for one about the whole run and all places."""
    if not level.focused:
        return {}
    return {"at": focused.at([focused.found(digest, level) for digest in digests], level.of.worst, first_day)}


def judged(
    document: Mapping[str, Any], level: About, digests: Sequence[ReplicationDigest], confidence: float = DEFAULT_LEVEL
) -> Mapping[str, Any]:
    """Return the value object that a service level is about. Raises UsageError where the result does not have it."""
    if level.focused or level.of.summed:
        return over_replications((in_replication(digest, level) for digest in digests), confidence).as_json()
    found: Any = _subject(level, document.get(f"{level.kind}s", {}))
    try:
        for key in level.of.keys:
            found = found[key]
    except KeyError:
        raise _lacking(level) from None
    value: Mapping[str, Any] = found
    return value


def in_replication(
    digest: ReplicationDigest, level: About, measures: Mapping[str, float | None] | None = None
) -> float | None:
    """Return what a service level is about as it was in one replication, with what the scenario measures in it.

    None where it is undefined. Raises UsageError as `judged` does.
    """
    value = _subject(level, measures or {}) if level.kind == "measure" else _of_part(digest, level)
    return value if value is not None and math.isfinite(value) else None


def _of_part(digest: ReplicationDigest, level: About) -> float | None:
    """Return the same of a flow, station or pool."""
    part = _subject(level, digest.kinds()[level.kind])
    try:
        if level.focused:
            return focused.found(digest, level).value
        if level.of.summed:
            return quantity(level.of, part, digest.window_s[1] - digest.window_s[0])
        return part.metrics[level.of.path]
    except KeyError:
        raise _lacking(level) from None


def _subject(level: About, subjects: Mapping[str, _Subject]) -> _Subject:
    """Return the one that a service level is about. Raises UsageError where there is none of its name."""
    if level.subject not in subjects:
        cure = one_of(level.subject, subjects, f"the scenario has no {level.kind}s")
        raise UsageError(f'unknown {level.kind} "{level.subject}"; {cure}')
    return subjects[level.subject]


def _lacking(level: About) -> UsageError:
    """Return the error of a part that has no such figure."""
    what = f'{level.kind} "{level.subject}" has no {level.metric_name}'
    return UsageError(f'{what}; a flow with "due" has late jobs' if level.of.needs == "due" else what)
