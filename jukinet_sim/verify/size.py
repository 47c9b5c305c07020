"""How much of the battery is run: sets and horizons for chance, precision for bias, networks for twins, trials of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jukinet_sim.engine.choose import EngineName

SizeName = Literal["quick", "standard", "full"]


@dataclass(frozen=True)
class Size:
    """One size of the battery for one engine.

    A set of `replications` gives one interval, `sets` of them a coverage. Observed times and warm-ups of the catalogue are
    multiplied by `observed` and `warm_up`. A bias must be known to the relative `half_width`. `networks` are run by both
    engines; `draws` of each distribution and `streams` of random numbers are looked at; each decision is taken `trials` times.
    """

    sets: int
    replications: int
    observed: float
    warm_up: float
    half_width: float
    networks: int
    draws: int
    streams: int
    trials: int


SIZES: dict[tuple[SizeName, EngineName], Size] = {
    ("quick", "fast"): Size(40, 10, 0.4, 0.8, 0.02, 40, 20_000, 100, 40),
    ("standard", "fast"): Size(400, 10, 1.0, 1.0, 0.01, 1_000, 100_000, 300, 300),
    ("full", "fast"): Size(1_000, 10, 1.0, 1.0, 0.005, 10_000, 1_000_000, 1_000, 1_000),
    ("quick", "reference"): Size(20, 5, 0.04, 0.1, 0.1, 40, 20_000, 100, 40),
    ("standard", "reference"): Size(100, 5, 0.05, 0.15, 0.05, 1_000, 100_000, 300, 300),
    ("full", "reference"): Size(300, 5, 0.1, 0.25, 0.025, 10_000, 1_000_000, 1_000, 1_000),
}
RARE = 10.0
"""How many times less precise a rare figure may be below the full size."""
