"""What a compiler of one language gets: its part of a scenario, the run, and where everything was written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from jukinet_sim.base.errors import Fault
from jukinet_sim.language.run import Run

T = TypeVar("T")


class Source(Protocol):
    """Where the keys of a scenario were written."""

    def fault(self, dotted: str, what: str, cure: str) -> Fault:
        """Return a fault at a key such as `network.flows.g.arrivals`, or at the nearest one above it that is set."""

    def file_at(self, dotted: str) -> Path | None:
        """Return the absolute path of the file that the text at a key names; None where the key is not set."""


@dataclass(frozen=True)
class Part(Generic[T]):
    """One language's part of the scenario `name`, which runs as `run` says."""

    name: str
    spec: T
    run: Run
    source: Source
    places: frozenset[str] = frozenset()
    """Places that measures and service levels name, which a thinned-out network has to keep."""
