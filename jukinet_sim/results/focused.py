"""What was looked at in windows and at places, over the replications: its values, and when and where they were found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.language.about import About
from jukinet_sim.language.window import exact_duration
from jukinet_sim.network.focus import focus_key
from jukinet_sim.results.digest import Focused, ReplicationDigest
from jukinet_sim.results.moments import moment
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications

BUSIEST_HOUR = "busiest_hour"
"""Under which key a station of the result document has the utilisation of its busiest hour."""


def found(digest: ReplicationDigest, about: About) -> Focused:
    """Return what a replication found where a service level or a term looks. Raises UsageError where nobody looked there."""
    if about.key not in digest.focused:
        raise UsageError(f'this run did not look at "{about.key}"; run its scenario again')
    return digest.focused[about.key]


def value_object(each: Sequence[Focused], level: float = DEFAULT_LEVEL) -> dict[str, Any]:
    """Return the figure over replications."""
    return over_replications((one.value for one in each), level).as_json()


def at(each: Sequence[Focused], worst: metrics.Sense, first_day: dt.date | None) -> dict[str, Any] | None:
    """Return when and where: `from`, `from_s` and `place` in the replication with the worst value, and in each of them.

    `from` is a date and hour where the run has a calendar, else the time since its start. None where no value is defined.
    """
    known = [one for one in each if one.value is not None]
    if not known:
        return None
    values = [one.value or 0.0 for one in known]
    most = known[values.index(max(values) if worst == "largest" else min(values))]
    return {**_told(most, first_day), "per_replication": [_told(one, first_day) for one in each]}


def _told(one: Focused, first_day: dt.date | None) -> dict[str, Any]:
    if one.from_s is None or one.value is None:
        begins = None
    else:
        begins = exact_duration(one.from_s) if first_day is None else moment(first_day, one.from_s)
    return {"from": begins, "from_s": one.from_s if one.value is not None else None, "place": one.place}


def busiest_hours(
    digests: Sequence[ReplicationDigest], level: float, first_day: dt.date | None
) -> Mapping[str, dict[str, Any]]:
    """Return for each station whose busiest hour was looked for its `utilisation` then, at the worst place, and `at`."""
    hours: dict[str, dict[str, Any]] = {}
    for name in digests[0].stations:
        # A group looks at its worst place, a station that is there once has none.
        keys = [focus_key("station", name, "utilisation", "busiest 1 h", place) for place in ("worst place", "")]
        key = next((key for key in keys if key in digests[0].focused), None)
        if key is not None:
            each = [digest.focused[key] for digest in digests]
            hours[name] = {"utilisation": value_object(each, level), "at": at(each, "largest", first_day)}
    return hours
