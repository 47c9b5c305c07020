"""Random arrival processes of every kind."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.chance.distributions import constant, empirical, geometric
from jukinet_sim.network.model import (
    Arrivals,
    BatchPoisson,
    Closed,
    ExactCount,
    Modulated,
    Piecewise,
    Poisson,
    Renewal,
    Scheduled,
    Sinusoid,
    frozen_floats,
)
from jukinet_sim.verify.random_networks.chooser import Chooser, several
from jukinet_sim.verify.random_networks.times import duration, instant, positive

_RATES = (0.5, 1.0, 2.0, 5.0)
_SIZES = (constant(3.0), geometric(2.5), empirical((0.0, 2.0, 5.0), (1.0, 1.0, 1.0)))
_WITH_TIES = empirical((0.0, 1.5), (1.0, 2.0))
"""Times between arrivals of which a third are 0."""


def make_arrivals(choose: Chooser, horizon_s: float) -> Arrivals:
    """Choose an arrival process."""
    makers = (_poisson, _scheduled, _renewal, _batches, _piecewise, _exact, _sinusoid, _modulated, _closed, _closed)
    maker: Callable[[Chooser, float], Arrivals] = choose.choice(makers)
    return maker(choose, horizon_s)


def _rate(choose: Chooser) -> float:
    return choose.floating(0.2, 5.0) if choose.boolean(4) else choose.choice(_RATES)


def _poisson(choose: Chooser, _: float) -> Arrivals:
    return Poisson(_rate(choose))


def _batches(choose: Chooser, _: float) -> Arrivals:
    return BatchPoisson(_rate(choose) / 3.0, choose.choice(_SIZES))


def _renewal(choose: Chooser, _: float) -> Arrivals:
    return Renewal(_WITH_TIES if choose.boolean(5) else positive(choose))


def _sinusoid(choose: Chooser, _: float) -> Arrivals:
    rate = _rate(choose)
    return Sinusoid(rate, rate * choose.choice((1.0, 0.5, 0.0)), choose.choice((10.0, 20.0, 7.3, 200.0)))


def _closed(choose: Chooser, _: float) -> Arrivals:
    return Closed(choose.choice((1, 2, 5, 12)), duration(choose))


def _modulated(choose: Chooser, _: float) -> Arrivals:
    """Return a chain with one stationary law: in a circle with short cuts, or one that comes to rest in its last state."""
    states, rests = choose.integer(1, 3), choose.boolean(4)
    switch = [[choose.choice((0.0, 0.1, 0.5, 1.0)) for _ in range(states)] for _ in range(states)]
    for i in range(states):
        switch[i][(i + 1) % states] = choose.choice((0.25, 0.5, 2.0))
    if rests:
        switch[-1] = [0.0] * states
    return Modulated(tuple(choose.choice((0.0, *_RATES)) for _ in range(states)), tuple(tuple(row) for row in switch))


def _scheduled(choose: Chooser, horizon_s: float) -> Arrivals:
    at_s = sorted(several(choose, 1, 6, lambda: instant(choose, horizon_s)) * choose.choice((1, 0, 9, 25)))
    records = [choose.integer(0, 12) for _ in range(7)]
    return Scheduled(frozen_floats(at_s), tuple(records[i % len(records)] for i in range(len(at_s))))


def make_origins(choose: Chooser, jobs: int, places: int) -> tuple[int, ...]:
    """Choose where scheduled jobs come from: all drawn when they arrive, all given, or some of each."""
    lowest = choose.choice((None, 0, -1))
    return () if lowest is None else tuple(choose.integer(lowest, places - 1) for _ in range(jobs))


def _profile(choose: Chooser, horizon_s: float) -> tuple[list[float], list[float], float]:
    """When a profile changes, how high it is between, and when it ends."""
    starts = [0.0, *sorted(set(several(choose, 0, 3, lambda: instant(choose, horizon_s))) - {0.0})]
    heights = [choose.choice((0.0, *_RATES)) for _ in starts]
    return starts, heights, starts[-1] + choose.choice((0.25, 5.0))


def _piecewise(choose: Chooser, horizon_s: float) -> Arrivals:
    starts, heights, end_s = _profile(choose, horizon_s)
    return Piecewise(frozen_floats(starts), frozen_floats(heights), choose.choice((None, end_s)))


def _exact(choose: Chooser, horizon_s: float) -> Arrivals:
    starts, heights, end_s = _profile(choose, horizon_s)
    heights[choose.integer(0, len(heights) - 1)] = 1.0
    return ExactCount(choose.choice((1, 80, 0, 300)), frozen_floats(starts), frozen_floats(heights), end_s)
