"""What the tests of places share: a document with places, made by hand, of three towns in two counties."""

from __future__ import annotations

from typing import Any

from jukinet_sim.results.levels import Level, PlaceTree
from jukinet_sim.statistics.intervals import over_replications

TREE = PlaceTree(
    levels={
        "county": Level(("North", "South")),
        "town": Level(("Ash", "Birch", "Cedar"), "county", (0, 0, 1)),
    },
    stations={"desk": "town", "office": "county"},
    pools={"line": "town"},
)


def v(*values: float | None) -> dict[str, Any]:
    """A value object over replications."""
    return dict(over_replications(values).as_json())


def station(number: int, name: str, utilisation: float | None, visits: float, wait: float | None) -> dict[str, Any]:
    """The figures of one place of a station, the same in both replications."""
    return {
        "place": number, "name": name, "utilisation": v(utilisation, utilisation), "queue_length": v(0.0, 0.0),
        "throughput_per_s": v(visits, visits), "wait_s": {"mean": v(wait, wait), "max": v(wait, wait)},
    }  # fmt: skip


def queued(place: dict[str, Any], peak: float, longest_s: tuple[float, float], from_s: tuple[float, float]) -> dict[str, Any]:
    """A place with its largest queue, and with its longest unbroken queue in each of two replications."""
    return {
        **place, "queue_peak": v(peak, peak), "queue_at_end": v(0.0, 0.0), "longest_queue_s": v(*longest_s),
        "longest_queue_from_s": v(*from_s),
    }  # fmt: skip


def document(*, queues: bool = True) -> dict[str, Any]:
    """Ash and Birch lie in the North, Cedar in the South, where nobody came; `queues` for what is known of queues."""
    ash, birch = station(0, "Ash", 0.4, 3.0, 2.0), station(1, "Birch", 0.2, 1.0, 6.0)
    cedar = station(2, "Cedar", 0.0, 0.0, None)
    offices = [station(0, "North", 0.5, 4.0, 0.5), station(1, "South", 0.1, 0.0, None)]
    lines = [
        {"place": i, "name": name, "in_use": v(used, used), "queue_length": v(0.0, 0.0),
         "wait_s": {"mean": v(w, w), "max": v(w, w)}}
        for i, (name, used, w) in enumerate([("Ash", 0.5, 1.0), ("Birch", 0.25, 3.0), ("Cedar", 0.0, None)])
    ]  # fmt: skip
    if queues:
        ash = queued(ash, 7.0, (50.0, 90.0), (3600.0, 93_780.0))
        birch = queued(birch, 9.0, (100.0, 20.0), (0.0, 60.0))
        cedar = queued(cedar, 0.0, (0.0, 0.0), (0.0, 0.0))
        lines = [queued(line, 2.0 - i, (10.0 * i, 10.0 * i), (5.0, 5.0)) for i, line in enumerate(lines)]
    return {
        "scenario": "towns", "replications": 2, "seed": 1, "engine": "fast", "warm_up_s": 0.0, "fingerprint": "f",
        "status": "complete", "flows": {}, "slo": [],
        "stations": {"desk": {"places": [ash, birch, cedar]}, "office": {"places": offices}, "hall": {}},
        "pools": {"line": {"places": lines}},
    }  # fmt: skip
