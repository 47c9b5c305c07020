"""What incidents did: who waited meanwhile, the queue at each place that was watched, when it was gone, who stays blocked.

Each place keeps its longest unbroken queue of the run; it belongs to the incident during which it began. Of two incidents at
one place only the one with the longer queue can be told. Times in seconds from the start.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.moments import moment
from jukinet_sim.results.stretches import WAITED, WAITING
from jukinet_sim.statistics.intervals import over_replications

QUEUE = ("queue_peak", "queue_at_end", "longest_queue_s", "longest_queue_from_s")
"""What is kept of the queue at each place."""


_JUST_BEFORE_S = 60.0
WrittenWatch = Mapping[str, Any]
"""A watch of the network as the run's manifest keeps it."""


def watched(network: Network) -> list[dict[str, Any]]:
    """Return the watches of a network for the manifest of its run."""
    return [asdict(watch) for watch in network.watches]


def backlogs(
    digests: Sequence[ReplicationDigest], watches: Sequence[WrittenWatch], first_day: dt.date | None
) -> list[dict[str, Any]]:
    """Return each watch with the places where somebody waited because of it, the longest queue first.

    `waited_in_all_s` is the time that all who waited there spent waiting while the incident lasted, `waiting_at_end` how many
    waited when it ended, and `places_waiting` at how many places, in any replication, somebody did: whatever the queues of
    other times. All three are null or 0 where servers are shared, so that nobody waits.

    A back-log has `queue_peak`, `waited_s` (the length of the unbroken queue), `from_s`, `drained_after_s` (from the end of
    the incident to the first instant at which nobody waits; null where somebody still does) and `blocked`, the number of
    replications at whose end somebody does. `began` is a date where the run has a calendar.
    """
    return [
        {
            "name": watch["name"],
            "began": None if first_day is None else moment(first_day, watch["begins_s"]),
            "begins_s": watch["begins_s"],
            "ends_s": watch["ends_s"],
            watch["kind"]: watch["part"],
            **_meanwhile(watch, parts),
            "backlogs": _of(watch, parts, first_day),
        }
        for watch in watches
        for parts in ([digest.kinds()[watch["kind"]][watch["part"]] for digest in digests],)
    ]


def _meanwhile(watch: WrittenWatch, parts: Sequence[Part]) -> dict[str, Any]:
    """Return who waited at the watched places while the incident lasted, and when it ended."""
    waited, waiting = ([_at_places(watch, part, f"{key}.{watch['name']}") for part in parts] for key in (WAITED, WAITING))
    found = {
        key: over_replications([math.fsum(each) if each else None for each in counted]).as_json()
        for key, counted in (("waited_in_all_s", waited), ("waiting_at_end", waiting))
    }
    return {**found, "places_waiting": sum(1 for place in zip(*waiting, strict=True) if any(place))}


def _at_places(watch: WrittenWatch, part: Part, key: str) -> list[float]:
    """Return a figure at each watched place; of a part that is there once it is the only one, and empty where it has none."""
    if not part.places:
        known = part.metrics.get(key)
        return [] if known is None else [known]
    each = part.places.get(key, ())
    places = range(len(each)) if watch["places"] is None else watch["places"]
    return [each[place] or 0.0 for place in places] if each else []


def _of(watch: WrittenWatch, parts: Sequence[Part], first_day: dt.date | None) -> list[dict[str, Any]]:
    """Return the back-logs of one watch."""
    alone = not parts[0].places
    places = (0,) if alone else range(len(parts[0].place_names)) if watch["places"] is None else watch["places"]
    found = []
    for place in places:
        queues = [queue for part in parts if (queue := _touching(watch, part, place, alone=alone)) is not None]
        if queues:
            name = {} if alone else {"place": place, "name": parts[0].place_names[place]}
            since_s = math.fsum(queue["longest_queue_from_s"] for queue in queues) / len(queues)
            began = None if first_day is None else moment(first_day, since_s)
            found.append({**name, "began": began, **dict(_merged(watch, queues)), "in_replications": len(queues)})
    return sorted(found, key=lambda backlog: -backlog["waited_s"]["value"])


def _touching(watch: WrittenWatch, part: Part, place: int, *, alone: bool) -> dict[str, float] | None:
    """Return a place's longest queue in one replication; None where it has none or another time has the longest.

    A queue that was there up to a minute before is let pass: somebody may just have been waiting for somebody else.
    """
    queue = {key: part.metrics[key] if alone else part.places[key][place] for key in QUEUE}
    began, length = queue["longest_queue_from_s"], queue["longest_queue_s"]
    if began is None or not length or not watch["begins_s"] - _JUST_BEFORE_S <= began <= watch["ends_s"]:
        return None
    return {key: value or 0.0 for key, value in queue.items()}


def _merged(watch: WrittenWatch, queues: Sequence[dict[str, float]]) -> Iterator[tuple[str, Any]]:
    """Yield the figures of a back-log over the replications that have it."""
    ends = [queue["longest_queue_from_s"] + queue["longest_queue_s"] for queue in queues]
    # A queue that lasts to the end of the run was not seen to drain.
    blocked = [queue["queue_at_end"] > 0.0 for queue in queues]
    drained = [max(0.0, end - watch["ends_s"]) for end, held in zip(ends, blocked, strict=True) if not held]

    yield "queue_peak", over_replications([queue["queue_peak"] for queue in queues]).as_json()
    yield "waited_s", over_replications([queue["longest_queue_s"] for queue in queues]).as_json()
    yield "from_s", over_replications([queue["longest_queue_from_s"] for queue in queues]).as_json()
    yield "drained_after_s", over_replications(drained).as_json()
    yield "blocked", sum(blocked)
