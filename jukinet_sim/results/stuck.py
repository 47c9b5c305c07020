"""Who waits for ever, over all replications: what the document says of deadlocks, and in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jukinet_sim.engine.stuck import DEADLOCKS, Holder, Stuck
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications


def stuck_over(digests: Sequence[ReplicationDigest], level: float = DEFAULT_LEVEL) -> list[dict[str, Any]]:
    """Return what is stuck, what most replications have first; figures are over the `in_replications` of all that have it.

    `since_s` is when it began, `jobs` how many wait there or behind it at the end, `places` at how many places it is alike;
    `place` is one of these, the one of the first replication that has it.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Stuck]] = {}
    for digest in digests:
        for one in digest.stuck:
            groups.setdefault((one.kind, tuple(one.where)), []).append(one)

    def merged(kind: str, where: tuple[str, ...], group: Sequence[Stuck]) -> dict[str, Any]:
        def value(numbers: Iterable[float]) -> dict[str, Any]:
            return over_replications([float(number) for number in numbers], level).as_json()

        holders: dict[tuple[str, str, str], list[Holder]] = {}
        for holder in (holder for one in group for holder in one.holders):
            holders.setdefault((holder.flow, holder.holds, holder.waits_for), []).append(holder)
        return {
            "kind": kind,
            "where": list(where),
            "place": group[0].place,
            "places": value(one.places for one in group),
            "since_s": value(one.since_s for one in group),
            "jobs": value(one.jobs for one in group),
            "holders": [
                {
                    "flow": flow,
                    "holds": holds,
                    "waits_for": waits_for,
                    "jobs": value(holder.jobs for holder in alike),
                    "since_s": value(holder.since_s for holder in alike),
                }
                for (flow, holds, waits_for), alike in holders.items()
            ],
            "in_replications": len(group),
            "of_replications": len(digests),
        }

    found = [merged(kind, where, group) for (kind, where), group in groups.items()]
    return sorted(found, key=lambda one: (-one["in_replications"], one["kind"] not in DEADLOCKS))


def in_words(stuck: Sequence[Mapping[str, Any]]) -> str:
    """Return in half a sentence what is stuck; empty where nothing is."""
    return "; ".join(_words(one) for one in stuck)


def _words(one: Mapping[str, Any]) -> str:
    names = " and ".join(one["where"])
    place = f" at place {one['place']}" if one["place"] is not None else ""
    match one["kind"]:
        case "deadlock":
            return f"deadlock of pool{'s' if len(one['where']) > 1 else ''} {names}{place}"
        case "blocked":
            return f"deadlock of {names}{place}, whose servers are kept by jobs that wait for each other"
        case "pool":
            return f"jobs wait for ever for a token of {names}{place}"
        case "station":
            return f"jobs wait for ever at station {names}{place}, where nobody serves"
        case _:
            return f"jobs of {names} wait for ever at a gate"
