"""What is on record of the real system beside what was simulated: a row for each entry of a scenario's `record`.

An entry is held where its reading lies in the band of one further run, with each replication left out in turn, in as many
cases as a band of this level needs (17 of 20). What the scenario puts in is shown and not judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jukinet_sim.language.record import Recorded
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.objectives import judged, looked_at
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL
from jukinet_sim.statistics.prediction import prediction_band, times_inside, times_needed


def beside(
    document: Mapping[str, Any],
    record: Iterable[Recorded],
    digests: Sequence[ReplicationDigest] = (),
    *,
    decided: bool = True,
    confidence: float = DEFAULT_LEVEL,
    first_day: dt.date | None = None,
) -> list[dict[str, Any]]:
    """Return a row for each entry of a record, in its order.

    `says` and `reads` are what is on record and what its words allow, in SI; `written` has them as they stand in the file.
    `value` is the value object and `band` low and high of one further run, cut where no such figure can be, null for fewer
    than two replications; `inside` of `replications` bands, each without one of them, reach the reading, and `needed` have
    to. The verdict is held, missed, given, or undecided: for a run that is not `decided` or has fewer than ten
    replications. Raises UsageError as `objectives.judged` does.
    """
    return [
        _row(entry, judged(document, entry, digests, confidence), decided, confidence) | looked_at(entry, digests, first_day)
        for entry in record
    ]


def over_samples(
    record: Sequence[Mapping[str, Any]], samples: Mapping[str, Sequence[float | None] | None]
) -> list[dict[str, Any]]:
    """Return `{name, band, inside, needed, samples, verdict}` of each row that was not given, over draws of our assumptions.

    `samples` holds what each figure was in each draw. A figure that the draws say nothing about is left out.
    """
    found = []
    for row in record:
        values = samples.get(row["name"])
        if not row["given"] and values:
            held = _held(row["reads"], list(values), row["most"], DEFAULT_LEVEL)
            found.append({"name": row["name"], **held, "samples": len(values)})
    return found


def _row(entry: Recorded, value: Mapping[str, Any], decided: bool, level: float) -> dict[str, Any]:
    """Return one row, without when and where it was looked at."""
    each: list[float | None] = value["per_replication"]
    held = _held(entry.reading, each, 1.0 if entry.of.dimension == "fraction" else None, level)
    if entry.given or not decided:
        held["verdict"] = "given" if entry.given else "undecided"
    return {
        "name": entry.name,
        "unit": entry.of.unit,
        "says": entry.value,
        "reads": list(entry.reading),
        "written": {"says": entry.says, "reads": list(entry.reads or (entry.says, entry.says))},
        "source": entry.source,
        "given": entry.given,
        "value": value,
        **held,
        "replications": len(each),
    }


def _held(reading: Sequence[float], each: Sequence[float | None], most: float | None, level: float) -> dict[str, Any]:
    """Return the band of some values, cut at 0 and at the most that can be, and whether it holds a reading."""
    low, high = reading
    band = prediction_band([one for one in each if one is not None], level)
    inside, needed = times_inside(each, low, high, level), times_needed(len(each), level)
    verdict = "undecided" if inside is None else "held" if inside >= needed else "missed"
    cut = None
    if band is not None:
        cut = {"low": max(band.low, 0.0), "high": band.high if most is None else min(band.high, most), "level": level}
    return {"band": cut, "most": most, "inside": inside, "needed": needed, "verdict": verdict}
