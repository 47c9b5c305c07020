"""Draws of our assumptions: a Latin hypercube over the ranges of all figures that have one, each draw as settings.

Each figure's draws belong to the seed and its key alone, so that one assumption more changes no other's values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.design.hypercube import latin_hypercube
from jukinet_sim.experiments.assumptions.factors import Factor, factors
from jukinet_sim.scenario.loaded import Loaded


@dataclass(frozen=True, eq=False)
class Draws:
    """So many draws of some factors; `shares` [draws, factors] says how far up its range each value lies."""

    factors: tuple[Factor, ...]
    shares: NDArray[np.float64]

    def settings(self, draw: int) -> tuple[str, ...]:
        """Return what has to be laid over the scenario for a draw."""
        pairs = zip(self.factors, self.shares[draw].tolist(), strict=True)
        return tuple(factor.setting(factor.at(share)) for factor, share in pairs)

    def by_key(self, draws: list[int]) -> Mapping[str, NDArray[np.float64]]:
        """Return each factor's shares in some draws."""
        return {factor.key: self.shares[draws, column] for column, factor in enumerate(self.factors)}


def draw(loaded: Loaded, number: int, leaving: Collection[str] = ()) -> Draws:
    """Return so many draws of every figure with a range but those that are left as they are."""
    found = tuple(factor for factor in factors(loaded) if factor.key not in leaving)
    return Draws(found, latin_hypercube([factor.key for factor in found], number, loaded.scenario.run.seed))
