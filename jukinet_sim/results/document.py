"""Digests of all replications to the one document that `run --json` prints and reports are made from.

Replications that a limit stopped are left out of the figures as long as one ran to its end. Merging follows the order
of the replications, so the document does not depend on how many processes made it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from jukinet_sim.language.asked import Asked
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.monthly import Column
from jukinet_sim.language.record import Recorded
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.digest import Part, ReplicationDigest, combined_fingerprint
from jukinet_sim.results.focused import BUSIEST_HOUR, busiest_hours
from jukinet_sim.results.measures import measured
from jukinet_sim.results.monthly import monthly
from jukinet_sim.results.objectives import values_of, verdicts
from jukinet_sim.results.recorded import beside
from jukinet_sim.results.shape import Document, Status
from jukinet_sim.results.stuck import stuck_over
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications

SCHEMA = 1


def build_document(
    digests: Sequence[ReplicationDigest],
    *,
    scenario: str,
    run_hash: str,
    seed: int,
    rule_version: int,
    status: Status = "complete",
    warm_up_note: str | None = None,
    slo: Iterable[Slo] = (),
    measures: Mapping[str, Measure] | None = None,
    outputs: Iterable[Asked] = (),
    columns: Mapping[str, Column] | None = None,
    record: Iterable[Recorded] = (),
    places: bool = False,
    level: float = DEFAULT_LEVEL,
    first_day: dt.date | None = None,
) -> Document:
    """Return the result document; `digests` in replication order, at least one (else ValueError).

    A replication that a limit stopped, or in which jobs wait for ever, makes the status partial, unless it is interrupted
    anyway; then no service level is decided. `columns` are those of the table by months. A `warm_up_note` says in words what
    there is to know of a warm-up that was found rather than given. With a `first_day`, windows are told by date and hour.
    """
    if not digests:
        raise ValueError("a document needs at least one replication")
    limits = [digest.limit for digest in digests if digest.limit]
    stuck = stuck_over(digests, level)
    cut = bool(limits or stuck)
    used = [digest for digest in digests if digest.complete] or list(digests)
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "scenario": scenario,
        "hash": run_hash,
        "status": "partial" if cut and status == "complete" else status,
        **({"limit": limits[0]} if limits else {}),
        **({"stuck": stuck} if stuck else {}),
        "seed": seed,
        "rule_version": rule_version,
        **_run(used),
        **({"warm_up_note": warm_up_note} if warm_up_note else {}),
        **_figures(used, level, places),
    }
    for name, hour in busiest_hours(used, level, first_day).items():
        document["stations"][name][BUSIEST_HOUR] = hour
    if measures:
        document["measures"] = measured(used, measures, level)
    document["slo"] = verdicts(document, slo, used, decided=not cut, confidence=level, first_day=first_day)
    if shown := values_of(document, outputs, used, confidence=level, first_day=first_day):
        document["outputs"] = shown
    if columns and first_day is not None:
        document["monthly"] = monthly(document, columns, first_day)
    if rows := beside(document, record, used, decided=not cut, confidence=level, first_day=first_day):
        document["record"] = rows
    # Its figures are put in by their paths, which a type checker cannot follow; a test holds real documents to the type.
    return cast("Document", document)


def _run(used: Sequence[ReplicationDigest]) -> dict[str, Any]:
    """Return what is said of the run as a whole; each identity shows its largest error over the replications."""
    return {
        "replications": len(used),
        "engine": used[0].engine,
        "fingerprint": combined_fingerprint(digest.fingerprint for digest in used),
        "warm_up_s": used[0].window_s[0],
        "events": sum(digest.events for digest in used),
        "visits": sum(digest.visits for digest in used),
        "identities": _worst(digest.identities for digest in used),
    }


def _worst(identities: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the largest error of each identity; a replication that was cut short may know none."""
    errors: dict[str, float] = {}
    for one in identities:
        for name, error in one.items():
            errors[name] = max(error, errors.get(name, error))
    return errors


def _figures(used: Sequence[ReplicationDigest], level: float, places: bool) -> dict[str, Any]:
    """Return flows, stations and pools by name."""
    kinds = [digest.kinds() for digest in used]
    return {f"{kind}s": _by_name([one[kind] for one in kinds], used[0].series_bin_s, level, places) for kind in kinds[0]}


def _by_name(
    used: Sequence[Mapping[str, Part]], bin_s: float | None, level: float, places: bool
) -> dict[str, dict[str, Any]]:
    """Return each part by name, merged over replications; parts that share theirs in every replication are merged once."""
    merged: dict[str, dict[str, Any]] = {}
    known: dict[tuple[int, ...], dict[str, Any]] = {}
    for name in used[0]:
        parts = [one[name] for one in used]
        same = tuple(map(id, parts))
        if same not in known:
            known[same] = _merged(parts, bin_s, level, places)
        merged[name] = dict(known[same])
    return merged


def _merged(parts: Sequence[Part], bin_s: float | None, level: float, places: bool) -> dict[str, Any]:
    """Return one flow, station or pool: traits as they are, counts summed, metrics with intervals, series averaged."""
    merged: dict[str, Any] = {**parts[0].traits}
    merged |= {key: sum(part.counts[key] for part in parts) for key in parts[0].counts}
    for path in parts[0].metrics:
        _put(merged, path, over_replications((part.metrics[path] for part in parts), level).as_json())
    if bin_s is not None:
        merged["series"] = {"bin_s": bin_s, **_series(parts)}
    if places and parts[0].places:
        merged["places"] = _places(parts, level)
    return merged


def _put(target: dict[str, Any], path: str, value: object) -> None:
    """Put a value at a dotted path of at most two keys."""
    group, _, point = path.partition(".")
    if point:
        target.setdefault(group, {})[point] = value
    else:
        target[group] = value


def _series(parts: Sequence[Part]) -> dict[str, list[float]]:
    """Return the mean over replications for each bin that every replication reached."""
    names = parts[0].series
    return {
        name: [math.fsum(bins) / len(bins) for bins in zip(*(part.series[name] for part in parts), strict=False)]
        for name in names
    }


def _places(parts: Sequence[Part], level: float) -> list[dict[str, Any]]:
    """Return the figures of every single station or pool of a group, in the order of the places."""
    count = len(next(iter(parts[0].places.values())))
    places: list[dict[str, Any]] = []
    for place in range(count):
        figures: dict[str, Any] = {"place": place, "name": parts[0].place_names[place]}
        for path in parts[0].places:
            _put(figures, path, over_replications((part.places[path][place] for part in parts), level).as_json())
        places.append(figures)
    return places
