"""What a suite asks of the machines and of the line: operations with their sizes, flights with their bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jukinet_sim.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class Step:
    """An operation such as `rsa-2048.sign` that a side carries out `count` times, each time on `size` bytes."""

    operation: str
    count: int
    size: int
    side: str


@dataclass(frozen=True, slots=True)
class Flight:
    """What a side sends before it has to wait for the other one: at least and at most so many bytes.

    They differ by what a DER signature is shorter for small numbers; one in 2^64 is shorter still than `least_bytes` says.
    """

    side: str
    least_bytes: int
    most_bytes: int

    @property
    def usual_bytes(self) -> float:
        """Half-way between both."""
        return (self.least_bytes + self.most_bytes) / 2.0


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps with the counts of equal ones added up, in order of first appearance; counts of 0 are left out."""
    counts: dict[tuple[str, int, str], int] = {}
    for step in steps:
        key = (step.operation, step.size, step.side)
        counts[key] = counts.get(key, 0) + step.count
    return tuple(Step(operation, count, size, side) for (operation, size, side), count in counts.items() if count)


def extra_round_trips(flight_bytes: int, initial_window: int = 10, mss_bytes: int = 1460) -> int:
    """Return how many round trips a flight needs beyond the first, with a window that starts there and doubles each time.

    It is the smallest n for which initial_window * mss_bytes * (2^(n+1) - 1) >= flight_bytes (slow start without losses;
    windows of 10 segments by RFC 6928, of 3 by RFC 3390). Raises UsageError for a negative flight or an empty window.
    """
    if flight_bytes < 0 or initial_window < 1 or mss_bytes < 1:
        raise UsageError("a flight has at least 0 bytes, a window at least 1 segment, a segment at least 1 byte")
    first_bytes = initial_window * mss_bytes
    trips = 0
    while first_bytes * (2 ** (trips + 1) - 1) < flight_bytes:
        trips += 1
    return trips
