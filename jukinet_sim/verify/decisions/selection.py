"""`size` of several keys: the cheapest of systems, selected by the procedure of Kim and Nelson where it has the hardest task.

That is the slippage configuration: all systems but one have the same mean, and that one is better by just what is worth
telling (Kim and Nelson 2001).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from jukinet_sim.statistics.selection import Selected, select_smallest
from jukinet_sim.verify.acceptance import least_right
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.normal import Floats, Normals
from jukinet_sim.verify.decisions.trials import Trial, run_trials
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "selection"
Values = Callable[[int, int], Floats]


@dataclass(frozen=True)
class Slippage:
    """So many systems with normal values of variance 1, of which one has a mean that is smaller by `difference`."""

    systems: int
    difference: float

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"slippage, {self.systems} systems, difference {self.difference:.3g} sigma"

    def best(self, seed: int) -> int:
        """Return which system is the best one in the trial of this seed; its place must not help to find it."""
        return seed % self.systems


SLIPPAGE = Slippage(10, 1.0 / 3.0)


@dataclass(frozen=True)
class Chosen:
    """What one selection came to."""

    right: bool
    guaranteed: bool
    replications: int


def claims(trials: int, seed: int, pool: Workers, trial: Trial[Slippage, Chosen] | None = None) -> Iterator[Claim]:
    """Yield whether so many selections were right; `trial` stands in for the selection."""
    found = run_trials(trial or select, SLIPPAGE, f"{FAMILY} {SLIPPAGE.label}", trials, seed, pool)
    yield judged(SLIPPAGE, found, seed)


def judged(case: Slippage, found: Sequence[Chosen], seed: int) -> Claim:
    """Judge selections; one that ended without its guarantee counts as wrong."""
    right, least = sum(one.right and one.guaranteed for one in found), least_right(len(found))
    details = {
        "seed": seed, "trials": len(found), "right": right, "accepted": least,
        "replications_of_a_selection": math.fsum(one.replications for one in found) / len(found),
    }  # fmt: skip
    return Claim(KIND, FAMILY, case.label, "correct selections", right >= least, details=details)


def select(case: Slippage, seed: int) -> Chosen:
    """Take one decision as `jukinet size --cost MEASURE` does, on normal values of a known law."""
    found: Selected[int] = select_smallest(range(case.systems), values(case, seed), case.difference)
    return Chosen(found.selected == case.best(seed), found.guaranteed, sum(found.replications))


def values(case: Slippage, seed: int) -> Values:
    """Return the values of the trial of this seed, by system and number of replications."""

    @cache
    def noise(system: int) -> Normals:
        return Normals(seed, f"system {system}")

    def of(system: int, replications: int) -> Floats:
        mean = 0.0 if system == case.best(seed) else case.difference
        return mean + noise(system).first(replications)

    return of
