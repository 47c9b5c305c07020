"""A first search on a thinned nation where the whole one is long to run: it narrows what theory leaves open.

Stations that all share see less there, so that its answer is only where the search of the whole nation begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jukinet_sim.experiments.verbs.size.trial import Settings, Trials
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.statistics.search import smallest_meeting
from jukinet_sim.statistics.sequential import FIRST
from jukinet_sim.theory.traffic import expected_visits

LONG = 20e6
"""Visits of one replication from which a nation is thinned for a first search, unless somebody says how."""


def thinned_start(
    trials: Trials, size: int, settings: Callable[[int], Settings], expected: tuple[int, int] | None, every: int | None
) -> tuple[tuple[int, int] | None, dict[str, Any] | None]:
    """Return where the search of the whole network begins, and what was done on a thinned one; None where nothing was.

    `every` of 1 asks for none, other numbers for one municipality in so many; None leaves it to the length of the run.
    """
    point = trials.point(())
    net = point.loaded.scenario.juki_net
    settled = expected is not None and expected[0] == expected[1]
    if net is None or every == 1 or (every is None and (settled or sum(expected_visits(point.network).values()) < LONG)):
        return expected, None
    chosen = DOMAIN.every(DOMAIN.thinned(net, every, point.network))
    if chosen == DOMAIN.every(net):
        return expected, None
    thin = (f"{DOMAIN.key}.municipalities.every={chosen}",)
    found = smallest_meeting(
        range(size), lambda i, n: trials.margins((*settings(i), *thin), n), trials.bounds, start=expected, most=FIRST
    )
    at = size - 1 if found.answer is None else found.answer
    low, high = expected or (at, at)
    begun = max(low, min(at, high))
    return (begun, begun), {"every": chosen, "replications": found.replications}
