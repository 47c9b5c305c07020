"""What is said of a valid scenario before it is run: the load of its stations, and what will not keep up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet_sim.report.limits_table import file_warnings
from jukinet_sim.report.load_table import (
    chosen_notes,
    kept_notes,
    load_table,
    moved_notes,
    overload_warnings,
    pool_warnings,
    turned_away_notes,
    unvisited,
)
from jukinet_sim.report.terminal import Table
from jukinet_sim.theory.files import file_times

if TYPE_CHECKING:
    from jukinet_sim.theory.peaks import Hours


def load_lines(hours: Hours) -> list[str | Table]:
    """Return the table of offered loads, with the stations that have none."""
    return [load_table(hours.loads, hours.peaks), *unvisited(hours.loads)]


def load_warnings(hours: Hours) -> Iterator[str]:
    """Yield a line for everything that cannot keep up, or of which loads do not tell all."""
    network = hours.network
    yield from overload_warnings(hours.loads, hours.peaks, network)
    yield from turned_away_notes(hours.loads, network)
    yield from chosen_notes(network)
    yield from kept_notes(network)
    yield from moved_notes(network)
    yield from file_warnings(file_times(network))
    yield from pool_warnings(hours.pool_loads, hours.pool_peaks, network)
