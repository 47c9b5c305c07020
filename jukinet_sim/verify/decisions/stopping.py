"""`run --precision`: an interval that covers although the run went on until it was narrow enough.

Stopping when a half-width happens to be small costs some coverage (Law 2015, section 9.4.1); the claim is that what is left
passes as 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from jukinet_sim.chance import distributions as dist
from jukinet_sim.experiments.precision import replications_for
from jukinet_sim.network.model import Network, Poisson
from jukinet_sim.statistics.intervals import Value, over_replications
from jukinet_sim.statistics.precision import LEAST
from jukinet_sim.theory.queues import mm1_mean_wait
from jukinet_sim.verify.acceptance import FARTHEST, LEVEL, coverage_bounds
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.normal import Normals
from jukinet_sim.verify.decisions.simulated import ENGINE, Simulated
from jukinet_sim.verify.decisions.trials import Trial, run_trials
from jukinet_sim.verify.point import FLOW, of_flow, queue
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "precision"
LARGEST_SHIFT = 0.2
"""The largest bias that is accepted, in half-widths."""
Values = Callable[[int], Sequence[float | None]]
"""From a number of replications to their values; the first n are the same whenever asked for."""


class Case(Protocol):
    """Something that is run until it is precise."""

    @property
    def precision(self) -> float:
        """The relative half-width to reach."""

    @property
    def label(self) -> str:
        """What a table calls it."""

    @property
    def theory(self) -> float:
        """What is to be covered."""

    @property
    def engine(self) -> str | None:
        """The engine that values come from, None for none."""

    def values(self, seed: int) -> Values:
        """Return the values of the trial of this seed."""


@dataclass(frozen=True)
class NormalValues:
    """Normal values with mean 1 and this deviation."""

    deviation: float
    precision: float
    engine: str | None = None
    theory: float = 1.0

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"normal values, cv {self.deviation:g}, to {100.0 * self.precision:g} %"

    def values(self, seed: int) -> Values:
        """Return the values of the trial of this seed."""
        noise = Normals(seed, "value")
        return lambda replications: (1.0 + self.deviation * noise.first(replications)).tolist()


@dataclass(frozen=True)
class MeanSojourn:
    """The mean sojourn of M/M/1 with a mean service of 1 s."""

    utilisation: float
    precision: float
    observed_s: float
    warm_up_s: float
    engine: str | None = ENGINE

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"M/M/1 at rho {self.utilisation:g}, mean sojourn to {100.0 * self.precision:g} %"

    @property
    def theory(self) -> float:
        """What is to be covered."""
        return mm1_mean_wait(self.utilisation, 1.0) + 1.0

    def values(self, seed: int) -> Values:
        """Return the values of the trial of this seed."""
        simulated = Simulated(network(self), [of_flow("sojourn_s.mean", self.theory)], seed)
        return lambda replications: simulated.values(0, replications)


@lru_cache(maxsize=16)
def network(case: MeanSojourn) -> Network:
    """Return the queue."""
    return queue(
        Poisson(case.utilisation), dist.exponential(1.0), observed_s=case.observed_s, warm_up_s=case.warm_up_s
    )


CASES: tuple[Case, ...] = (NormalValues(0.06, 0.03), MeanSojourn(0.5, 0.02, 5000.0, 200.0))


@dataclass(frozen=True)
class Stopped:
    """What one run came to."""

    value: float
    half_width: float
    replications: int


def claims(trials: int, seed: int, pool: Workers, trial: Trial[Case, Stopped] | None = None) -> Iterator[Claim]:
    """Yield whether so many runs cover; `trial` stands in for a run."""
    for case in CASES:
        found = run_trials(trial or run, case, f"{FAMILY} {case.label}", trials, seed, pool)
        yield covering(case, found, seed)


def run(case: Case, seed: int) -> Stopped:
    """Add replications as `jukinet run --precision` does, and take the last interval."""
    values, asked = case.values(seed), LEAST
    while True:
        mean = over_replications(values(asked), LEVEL)
        more = replications_for(_document(asked, mean), case.precision)
        if more == asked:
            return Stopped(mean.value or 0.0, mean.half_width or 0.0, asked)
        asked = more


def _document(replications: int, mean: Value) -> dict[str, object]:
    """Return as much of a result document as a precision looks at."""
    return {"replications": replications, "slo": [], "flows": {FLOW: {"sojourn_s": {"mean": mean.as_json()}}}}


def covering(case: Case, found: Sequence[Stopped], seed: int) -> Claim:
    """Judge how many of the last intervals cover."""
    covered = sum(abs(one.value - case.theory) <= one.half_width for one in found)
    bounds = coverage_bounds(len(found), 1)
    mean = math.fsum(one.value for one in found) / len(found)
    half = math.fsum(one.half_width for one in found) / len(found)
    deviation = math.sqrt(math.fsum((one.value - mean) ** 2 for one in found) / (len(found) - 1))
    shift, error = abs(mean - case.theory) / half, deviation / math.sqrt(len(found)) / half
    details = {
        "seed": seed, "trials": len(found), "theory": case.theory, "covered": covered, "accepted": list(bounds),
        "replications_of_a_run": math.fsum(one.replications for one in found) / len(found),
        "runs_of_the_least": sum(one.replications == LEAST for one in found), "mean": mean,
        "bias_in_half_widths": shift, "bias_standard_error": error, "bias_small": shift < LARGEST_SHIFT + FARTHEST * error,
    }  # fmt: skip
    holds = bounds[0] <= covered <= bounds[1] and shift < LARGEST_SHIFT + FARTHEST * error
    return Claim(KIND, FAMILY, case.label, "interval at the stop", holds, case.engine, details)
