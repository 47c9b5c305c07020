"""Where theory expects the first value that meets every service level, so that few are simulated.

A wrong expectation costs replications and never the answer: the search confirms its bracket by simulation and leaves it if
it has to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.language.slo import Slo
from jukinet_sim.network.model import Network
from jukinet_sim.theory.match import qualifying
from jukinet_sim.theory.peaks import Hours

EASY = 0.7
"""Busiest hour below which a station is expected to keep what theory has no formula for; only a place to begin."""


def start(
    size: int, network: Callable[[int], Network], levels: Sequence[Slo], *, easy: bool = True
) -> tuple[int, int] | None:
    """Return the indices of 0 .. size - 1 between which the first one that meets is expected, both included.

    `network` gives the network of an index; later ones only help. With `easy` a network with much room is expected to keep what
    theory has no formula for. None where theory says nothing.
    """

    @cache
    def guess(index: int) -> bool | None:
        return expected(network(index), levels, easy=easy)

    try:
        first = _first(size, lambda index: guess(index) is not False)
        last = _first(size, lambda index: guess(index) is True)
    except ScenarioError:
        return None
    return min(first, size - 1), min(max(first, last), size - 1)


def _first(size: int, holds: Callable[[int], bool]) -> int:
    """Return the first index at which something that stays true holds; `size` where it never does."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def expected(network: Network, levels: Sequence[Slo], *, easy: bool = True) -> bool | None:
    """Return whether theory expects all service levels to be met; None where it does not know.

    Utilisations are those of the busiest hour where a level looks at a window. Raises ScenarioError as `offered` does.
    """
    hours = Hours(network)
    figures = _figures(network, hours)
    known = [level.met_by(figures[level.key]) for level in levels if level.key in figures]
    if not all(known) or not all(load.stable for load in hours.loads):
        return False
    if len(known) == len(levels):
        return True
    return True if easy and all(peak.utilisation < EASY for peak in (*hours.peaks, *hours.pool_peaks)) else None


def _figures(network: Network, hours: Hours) -> Mapping[str, float]:
    """Return what theory knows of the figures that service levels are about, by their keys."""
    found: dict[str, float] = {}
    for load, peak in zip(hours.loads, hours.peaks, strict=True):
        name = f"station {load.station} utilisation"
        found[name] = load.utilisation
        found[f"{name}, worst place"] = load.worst_utilisation
        for place in ("", ", worst place"):
            found[f"{name}, busiest 1 h{place}"] = min(peak.utilisation, 1.0)
    for prediction in qualifying(network):
        found[f"{prediction.kind} {prediction.name} {prediction.metric}"] = prediction.value
    return found
