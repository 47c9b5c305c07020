"""`compare`: simultaneous intervals that all cover, and the replications that common random numbers save."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jukinet_sim.statistics.paired import compare
from jukinet_sim.verify.acceptance import FARTHEST, LEVEL, coverage_bounds
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.pairs import BUSY, NORMAL, REPLICATIONS, SIDE_BY_SIDE, Queues, Scenarios
from jukinet_sim.verify.decisions.simulated import ENGINE
from jukinet_sim.verify.decisions.trials import Trial, run_trials
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "compare"
LARGEST_SHIFT = 0.2
"""The largest bias of a difference that is accepted, in half-widths."""
FEWER = 5.0
"""How many times more replications independent runs have to need."""
_PART = 5
"""One trial in so many is enough to know what common random numbers save: each gives a variance."""


@dataclass(frozen=True)
class Compared:
    """What one comparison came to: differences less the truth, one after another, with their half-widths."""

    errors: tuple[float, ...]
    half_widths: tuple[float, ...]

    @property
    def covers(self) -> bool:
        """Whether every interval covers."""
        return all(abs(error) <= half for error, half in zip(self.errors, self.half_widths, strict=True))


@dataclass(frozen=True)
class Saved:
    """Replications that independent runs are said to need for the same interval, relative; and both squared half-widths."""

    stated: float
    paired: float
    independent: float


def claims(trials: int, seed: int, pool: Workers, trial: Trial[Scenarios, Compared] | None = None) -> Iterator[Claim]:
    """Yield whether the intervals of so many comparisons cover, and what pairs save; `trial` stands in for a comparison."""
    for case in (NORMAL, SIDE_BY_SIDE):
        found = run_trials(trial or compared, case, f"{FAMILY} {case.label}", trials, seed, pool)
        yield covering(case, found, seed)
    saved = run_trials(both_ways, BUSY, f"{FAMILY} {BUSY.label}", max(2, trials // _PART), seed, pool)
    yield saving(BUSY, saved, seed)


def compared(case: Scenarios, seed: int) -> Compared:
    """Take one decision as `jukinet compare` does."""
    found = [
        (one.value - case.difference(scenario, metric), one.half_width)
        for scenario, metrics in enumerate(compare(case.values(seed), LEVEL), start=1)
        for metric, one in enumerate(metrics)
        if one.value is not None and one.half_width is not None
    ]
    return Compared(tuple(error for error, _ in found), tuple(half for _, half in found))


def covering(case: Scenarios, found: Sequence[Compared], seed: int) -> Claim:
    """Judge in how many comparisons all intervals cover together."""
    covered, bounds = sum(one.covers for one in found), coverage_bounds(len(found), 1)
    biases = [_bias(found, number) for number in range(len(found[0].errors))]
    small = all(abs(shift) < LARGEST_SHIFT + FARTHEST * error for shift, error in biases)
    details = {
        "seed": seed, "trials": len(found), "replications": REPLICATIONS, "intervals_together": len(biases),
        "covered": covered, "accepted": list(bounds),
        "bias_in_half_widths": [shift for shift, _ in biases], "bias_standard_error": [error for _, error in biases],
        "bias_small": small,
    }  # fmt: skip
    holds = bounds[0] <= covered <= bounds[1] and small
    return Claim(KIND, FAMILY, case.label, "simultaneous intervals", holds, _engine(case), details)


def _engine(case: Scenarios) -> str | None:
    return ENGINE if isinstance(case, Queues) else None


def _bias(found: Sequence[Compared], number: int) -> tuple[float, float]:
    """Return the mean error of one difference in mean half-widths, and its standard error."""
    errors = [one.errors[number] for one in found]
    half = math.fsum(one.half_widths[number] for one in found) / len(found)
    mean = math.fsum(errors) / len(errors)
    deviation = math.sqrt(math.fsum((error - mean) ** 2 for error in errors) / (len(errors) - 1))
    return mean / half, deviation / math.sqrt(len(errors)) / half


def both_ways(case: Queues, seed: int) -> Saved:
    """Compare the first metric with common random numbers, and with other random numbers for the second scenario."""
    (paired,), (independent,) = (compare(case.values(*seeds), LEVEL)[0][:1] for seeds in ((seed,), (seed, seed + 1)))
    if paired.half_width is None or independent.half_width is None or paired.independent_replications is None:
        return Saved(0.0, math.inf, 0.0)
    return Saved(paired.independent_replications / paired.n, paired.half_width**2, independent.half_width**2)


def saving(case: Queues, found: Sequence[Saved], seed: int) -> Claim:
    """Judge how many times more replications independent runs need: as the comparison says, and as they show.

    A half-width falls with the root of replications, so that this is the ratio of squared half-widths, of variances that is.
    """
    stated = math.fsum(one.stated for one in found) / len(found)
    measured = math.fsum(one.independent for one in found) / math.fsum(one.paired for one in found)
    details = {
        "seed": seed, "trials": len(found), "replications": REPLICATIONS, "stated_times_fewer": stated,
        "times_fewer": measured, "required": FEWER,
    }  # fmt: skip
    return Claim(KIND, FAMILY, case.label, "replications", min(stated, measured) >= FEWER, ENGINE, details)
