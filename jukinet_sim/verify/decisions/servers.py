"""`size`: the least servers of M/M/c at which the 95th percentile of the wait keeps a bound, searched as the verb does.

The right answer is Erlang's. Each replication is long enough that its percentile has next to no bias, and that it is not so
skewed that the test of the search, which takes it to be normal, would err more often than it says.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance import distributions as dist
from jukinet_sim.experiments.verbs.size.expected import start
from jukinet_sim.language.slo import Slo
from jukinet_sim.network.model import Network, Poisson
from jukinet_sim.statistics.search import Found, smallest_meeting
from jukinet_sim.statistics.sequential import FIRST
from jukinet_sim.theory.queues import mmc_wait_quantile
from jukinet_sim.verify.acceptance import FARTHEST, least_right
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.simulated import ENGINE, Simulated
from jukinet_sim.verify.decisions.trials import Trial, run_trials
from jukinet_sim.verify.point import STATION, at_station, queue
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "size"
OBSERVED_S, WARM_UP_S = 4000.0, 200.0
"""With services of 1 s the percentile's skewness then is below 1.5, and its bias some hundredth of its margin."""
SCAN = 20
"""Replications that a scan takes at each value."""
FEWER = 3.0
"""How many times fewer the search has to take."""
LARGEST_SHIFT = 0.05
"""The largest bias that is accepted, relative to the distance between theory's percentile and the bound."""


@dataclass(frozen=True)
class Queue:
    """M/M/c with a mean service of 1 s, the bound on the 95th percentile of its wait, and the numbers of servers to try."""

    rate_per_s: float
    bound_s: float
    low: int
    high: int
    observed_s: float = OBSERVED_S

    @property
    def servers(self) -> range:
        """What is tried."""
        return range(self.low, self.high + 1)

    @property
    def label(self) -> str:
        """What a table calls it."""
        return f"M/M/c, lam {self.rate_per_s:g}, wait p95 < {self.bound_s} s, c {self.low} to {self.high}"

    def theory_s(self, servers: int) -> float:
        """Return the 95th percentile of the wait; infinite where the queue grows for ever."""
        stable = servers > self.rate_per_s
        return mmc_wait_quantile(self.rate_per_s, 1.0, servers, 0.95) if stable else math.inf

    @property
    def answer(self) -> int:
        """The least servers that keep the bound."""
        return next(c for c in self.servers if self.theory_s(c) < self.bound_s)


QUEUES = (Queue(18.0, 0.91, 19, 30), Queue(9.0, 1.67, 10, 20))


@dataclass(frozen=True)
class Searched:
    """What one search came to, and the first percentiles that it looked at for each number of servers that it tried."""

    answer: int | None
    distinguishable: bool
    replications: int
    first_s: dict[int, tuple[float, ...]]


def claims(trials: int, seed: int, pool: Workers, trial: Trial[Queue, Searched] | None = None) -> Iterator[Claim]:
    """Yield, for every queue, whether so many searches were right, few replications enough, and these long enough.

    `trial` stands in for the search.
    """
    for case in QUEUES:
        found = run_trials(trial or search, case, f"{FAMILY} {case.label}", trials, seed, pool)
        yield from judged(case, found, seed)


def judged(case: Queue, found: Sequence[Searched], seed: int) -> Iterator[Claim]:
    """Judge searches of one queue."""
    right = sum(one.answer == case.answer for one in found)
    stated = {"seed": seed, "trials": len(found), "observed_s": case.observed_s, "warm_up_s": WARM_UP_S}
    answers = {str(answer): number for answer, number in sorted(Counter(one.answer for one in found).items(), key=str)}
    undecided = sum(not one.distinguishable for one in found)
    least = least_right(len(found))
    details = {**stated, "theory": case.answer, "right": right, "accepted": least, "answers": answers, "undecided": undecided}
    yield Claim(KIND, FAMILY, case.label, "right answers", right >= least, ENGINE, details)
    effort = _effort(case, found)
    yield Claim(KIND, FAMILY, case.label, "replications", effort["times_fewer"] >= FEWER, ENGINE, {**stated, **effort})
    looked = [_percentiles(case, found, c) for c in sorted({c for one in found for c in one.first_s})]
    small = all(one["bias_small"] for one in looked)
    yield Claim(KIND, FAMILY, case.label, "bias of a replication", small, ENGINE, {**stated, "percentiles": looked})


def _effort(case: Queue, found: Sequence[Searched]) -> dict[str, float]:
    """Compare with a scan upward that ends at the first value that meets, and with one of all values."""
    mean = math.fsum(one.replications for one in found) / len(found)
    scan, whole = SCAN * (case.answer - case.low + 1), SCAN * len(case.servers)
    return {
        "replications_of_a_search": mean, "of_a_scan_to_the_answer": scan, "times_fewer": scan / mean,
        "of_a_scan_of_all": whole, "times_fewer_than_all": whole / mean, "required": FEWER,
    }  # fmt: skip


def _percentiles(case: Queue, found: Sequence[Searched], servers: int) -> dict[str, Any]:
    """Compare the percentiles of single replications with theory's.

    Only those of the first look count: what is looked at afterwards depends on them.
    """
    values = np.array([value for one in found for value in one.first_s.get(servers, ())])
    theory, mean, deviation = case.theory_s(servers), float(values.mean()), float(values.std(ddof=1))
    margin = abs(case.bound_s - theory)
    shift, error = abs(mean - theory) / margin, deviation / math.sqrt(len(values)) / margin
    return {
        "servers": servers, "theory_s": theory, "mean_s": mean, "deviation_s": deviation,
        "skewness": float(((values - mean) ** 3).mean()) / deviation**3 if deviation else None,
        "bias_in_margins": shift, "bias_standard_error": error, "bias_small": shift < LARGEST_SHIFT + FARTHEST * error,
    }  # fmt: skip


@lru_cache(maxsize=128)
def network(case: Queue, servers: int) -> Network:
    """Return the queue with so many servers."""
    return queue(
        Poisson(case.rate_per_s), dist.exponential(1.0), servers, observed_s=case.observed_s, warm_up_s=WARM_UP_S
    )


def search(case: Queue, seed: int) -> Searched:
    """Take one decision as `jukinet size` does: begin where theory points to, then judge by replications."""
    level = Slo(station=STATION, metric="wait.p95", below=f"{case.bound_s!r} s")
    figure = at_station("wait_s.p95", 0.0)

    @cache
    def simulated(index: int) -> Simulated:
        return Simulated(network(case, case.servers[index]), [figure], seed)

    def margins(index: int, replications: int) -> NDArray[np.float64]:
        values = simulated(index).values(0, replications)
        return np.array([[math.nan if value is None else level.bound - value] for value in values])

    count = len(case.servers)
    expected = start(count, lambda index: network(case, case.servers[index]), [level])
    found: Found[int] = smallest_meeting(range(count), margins, [level.bound], start=expected)
    first = {
        case.servers[each.value]: tuple(v for v in simulated(each.value).values(0, FIRST) if v is not None)
        for each in found.evaluated
    }
    answer = None if found.answer is None else case.servers[found.answer]
    return Searched(answer, found.distinguishable, found.replications, first)
