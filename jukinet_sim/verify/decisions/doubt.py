"""`size` with a bound that a value meets exactly: no replications tell on which side it lies, and a search has to say so.

Here every error of its confidence shows, where a clear margin forgives most of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jukinet_sim.statistics.search import smallest_meeting
from jukinet_sim.statistics.sequential import MOST
from jukinet_sim.verify.acceptance import least_right
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.normal import Floats, Normals
from jukinet_sim.verify.decisions.trials import Trial, run_trials
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "size in doubt"


@dataclass(frozen=True)
class Margins:
    """Values whose mean margins are `slope` standard deviations apart, and exactly 0 at one of them."""

    low: int
    high: int
    equal: int
    slope: float
    bound: float = 10.0

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"{self.low} to {self.high}, normal margins {self.slope:g} sigma apart, 0 at {self.equal}"

    def of(self, value: int, noise: Floats) -> Floats:
        """Return margins around the mean of a value; the noise is common to all values, as common random numbers make it."""
        return (self.slope * (value - self.equal) + noise)[:, None]


MARGINS = Margins(19, 30, 20, 2.0)


@dataclass(frozen=True)
class Searched:
    """What one search came to."""

    answer: int | None
    distinguishable: bool
    replications: int


def claims(trials: int, seed: int, pool: Workers, trial: Trial[Margins, Searched] | None = None) -> Iterator[Claim]:
    """Yield whether so many searches were in doubt, as they should; `trial` stands in for the search."""
    found = run_trials(trial or search, MARGINS, f"{FAMILY} {MARGINS.label}", trials, seed, pool)
    yield judged(MARGINS, found, seed)


def search(case: Margins, seed: int) -> Searched:
    """Take one decision as `jukinet size` does."""
    noise = Normals(seed, "margin").first(MOST)
    found = smallest_meeting(range(case.low, case.high + 1), lambda value, n: case.of(value, noise[:n]), [case.bound])
    return Searched(found.answer, found.distinguishable, found.replications)


def judged(case: Margins, found: Sequence[Searched], seed: int) -> Claim:
    """Judge searches: right is one that is in doubt between the value at the bound and the next."""
    right, least = 0, least_right(len(found))
    for one in found:
        right += not one.distinguishable and one.answer in (case.equal, case.equal + 1)
    details = {
        "seed": seed, "trials": len(found), "right": right, "accepted": least,
        "replications_of_a_search": math.fsum(one.replications for one in found) / len(found),
    }  # fmt: skip
    return Claim(KIND, FAMILY, case.label, "searches in doubt", right >= least, details=details)
