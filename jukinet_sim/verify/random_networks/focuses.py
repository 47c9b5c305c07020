"""Random windows and places at which metrics are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from jukinet_sim import metrics
from jukinet_sim.network.focus import Focus, focus_key
from jukinet_sim.network.model import Flow, Pool, Station
from jukinet_sim.verify.random_networks.chooser import Chooser


def make_focuses(
    choose: Chooser, stations: Sequence[Station], pools: Sequence[Pool], flows: Sequence[Flow], horizon_s: float
) -> tuple[Focus, ...]:
    """Choose a few; no two of them look at the same."""
    parts: tuple[Station | Pool | Flow, ...] = (*stations, *flows, *pools)
    found = (_focus(choose, choose.choice(parts), horizon_s) for _ in range(choose.choice((0, 0, 1, 3))))
    return tuple({focus.key: focus for focus in found}.values())


def _focus(choose: Chooser, part: Station | Pool | Flow, horizon_s: float) -> Focus:
    """Choose a metric of a part that every such part has, where it is kept and when it is looked at."""
    kinds: dict[type, Literal["flow", "station", "pool"]] = {Station: "station", Flow: "flow", Pool: "pool"}
    kind = kinds[type(part)]
    metric = choose.choice([one for one in metrics.of_kind(kind).values() if one.needs is None])
    place, worst = None, False
    if not isinstance(part, Flow) and part.per is not None and metric.placed:
        place, worst = choose.choice(((0, False), (None, True), (None, False)))
    busiest_s = choose.choice((None, 2.5, 7.1, 60.0)) if metric.windowed else None
    stretch = choose.boolean() and metric.windowed and busiest_s is None
    from_s, to_s = (horizon_s / 4.0, horizon_s / 2.0) if stretch else (None, None)
    window = f"busiest {busiest_s} s" if busiest_s else f"{from_s} s to {to_s} s" if stretch else ""
    where = "worst place" if worst else "" if place is None else f"place {place}"
    key = focus_key(kind, part.name, metric.name, window, where)
    return Focus(key, kind, (part.name,), metric.name, place, worst, busiest_s, from_s, to_s)
