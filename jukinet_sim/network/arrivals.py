"""When jobs come."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.floats import Floats


@dataclass(frozen=True)
class Poisson:
    """Arrivals at a constant rate per second."""

    rate_per_s: float


@dataclass(frozen=True)
class BatchPoisson:
    """Arrival instants at a constant rate per second, each of a whole number of jobs (a drawn size below 1 counts as 1)."""

    rate_per_s: float
    size: Distribution


@dataclass(frozen=True)
class Renewal:
    """Independent times between arrivals; the first job arrives after one full draw."""

    interarrival: Distribution


@dataclass(frozen=True)
class Piecewise:
    """Poisson arrivals whose rate is `rate_per_s[i]` from `start_s[i]` on; the table repeats every `repeat_s` if given."""

    start_s: Floats
    rate_per_s: Floats
    repeat_s: float | None = None


@dataclass(frozen=True)
class ExactCount:
    """Exactly `count` arrivals: a Poisson process with intensity proportional to `weight`, conditioned on its count."""

    count: int
    start_s: Floats
    weight: Floats
    end_s: float


@dataclass(frozen=True)
class Scheduled:
    """Arrivals at given instants, each with its own number of records.

    `places` are the origins of these jobs, one for each, or nothing at all; a job at -1 has its origin drawn as usual.
    """

    at_s: Floats
    records: tuple[int, ...]
    places: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sinusoid:
    """Poisson arrivals with rate mean + amplitude sin(2 pi t / period) per second."""

    mean_per_s: float
    amplitude_per_s: float
    period_s: float


@dataclass(frozen=True)
class Modulated:
    """Poisson arrivals at `rates_per_s[i]` while a Markov chain is in state i; `switch_per_s[i][j]` moves it from i to j.

    The chain starts in its stationary law; the diagonal is ignored.
    """

    rates_per_s: tuple[float, ...]
    switch_per_s: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Closed:
    """So many jobs that think, run the route and think again; all think at time 0, each cycle is a job of its own."""

    jobs: int
    think: Distribution


Arrivals = Poisson | BatchPoisson | Renewal | Piecewise | ExactCount | Scheduled | Sinusoid | Modulated | Closed
