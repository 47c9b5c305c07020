"""Machines in a row that never want for work and keep what they have finished until the next has room: a chain solved exactly.

Blocking after service, exponential times. The number behind the first of two machines, the piece that it cannot hand on
included, is M/M/1/K with K two more than the places between them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of two machines in the stationary regime."""

    throughput_per_s: float
    blocked: float
    """Share of time for which the first machine is blocked."""
    busy: float
    """Share of time for which the second one works."""


def two_machines(first_per_s: float, second_per_s: float, between: int) -> Line:
    """Solve two machines at these rates, with so many places for pieces between them."""
    most = between + 2
    weights = [(first_per_s / second_per_s) ** number for number in range(most + 1)]
    total = sum(weights)
    blocked = weights[-1] / total
    return Line(first_per_s * (1.0 - blocked), blocked, 1.0 - weights[0] / total)
