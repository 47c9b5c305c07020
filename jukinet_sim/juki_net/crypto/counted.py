"""What a run has counted while suites were exchanged: messages by link and suite, and those that none could secure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

USED = "suites.used."
"""Stations that messages pass without taking time, counted by link and suite while suites are exchanged."""
NO_SUITE = "no_common_suite."
"""Stations at which nobody is served: messages that no common suite can secure are lost there, counted by link."""


class Counted(NamedTuple):
    """Messages of one link: by the old suite, by the new one, and lost for want of a common one."""

    link: str
    old: int
    new: int
    lost: int


def is_count(station: str) -> bool:
    """Tell whether a station stands for a count."""
    return station.startswith((USED, NO_SUITE))


def counted(stations: Mapping[str, Mapping[str, Any]]) -> tuple[Counted, ...]:
    """Return the counts of a result document's stations, the links in the order of their names."""

    def arrived(name: str) -> int:
        return int(stations[name]["arrived"]) if name in stations else 0

    links = sorted({name.removeprefix(USED).rpartition(".")[0] for name in stations if name.startswith(USED)})
    return tuple(
        Counted(link, arrived(f"{USED}{link}.old"), arrived(f"{USED}{link}.new"), arrived(NO_SUITE + link)) for link in links
    )
