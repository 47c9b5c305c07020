"""Random flows of jobs: arrivals of every kind, priorities, patience, time-outs, zombies and retries."""

from __future__ import annotations

from jukinet_sim.chance.distributions import constant, empirical, geometric
from jukinet_sim.network.model import (
    Arrivals,
    BatchPoisson,
    Closed,
    ExactCount,
    Floats,
    Flow,
    Modulated,
    Piecewise,
    Poisson,
    Renewal,
    Retry,
    Scheduled,
    Sinusoid,
    frozen_floats,
)
from jukinet_sim.verify.chooser import ZERO, Chooser
from jukinet_sim.verify.routes import Means, random_route

_RATES = (2.0, 1.0, 0.5, 5.0)
_KINDS = ("poisson", "batch", "renewal", "closed", "sinusoid", "modulated", "scheduled", "piecewise", "exact")
_SIZES = (constant(3.0), geometric(2.5), empirical((0.0, 2.0, 5.0), (1.0, 1.0, 1.0)))


def random_flow(
    choose: Chooser, name: str, means: Means, origin: str | None, destination: str | None, share: Floats | None, *, first: bool
) -> Flow:
    """Make a flow; all but the first may be without arrivals, for others to spawn."""
    impatient, hurried = choose.chance(0.3), choose.chance(0.3)
    return Flow(
        name=name,
        route=random_route(choose, means),
        arrivals=_arrivals(choose, means.horizon_s) if first or choose.chance(0.75) else None,
        records=choose.of((5, 12, 1, 0)),
        last_job_records=choose.of((None, 5)),
        origin=origin,
        destination=destination,
        share=share,
        priority=choose.number(0, 2),
        patience=choose.duration(zero=True) if impatient else None,
        timeout=choose.duration() if hurried else None,
        zombie=choose.chance(0.5),
        retry=_retry(choose) if choose.chance(0.4) else None,
    )


def _retry(choose: Chooser) -> Retry:
    return Retry(choose.of((None, 1, 2, 4)), choose.duration(zero=True), choose.of((1.0, 2.0, 0.5)))


def _arrivals(choose: Chooser, horizon_s: float) -> Arrivals:
    kind, rate = choose.of(_KINDS), choose.of(_RATES)
    if kind == "poisson":
        return Poisson(rate)
    if kind == "batch":
        return BatchPoisson(rate / 3.0, choose.of(_SIZES))
    if kind == "renewal":
        return Renewal(choose.duration())
    if kind == "closed":
        return Closed(choose.number(1, 12), choose.of((choose.duration(), ZERO)))
    if kind == "sinusoid":
        return Sinusoid(rate, rate * choose.of((0.0, 0.5, 1.0)), choose.of((10.0, 24.0, 200.0)))
    if kind == "modulated":
        return _modulated(choose)
    if kind == "scheduled":
        at_s = sorted(choose.quarters(horizon_s) for _ in range(choose.number(1, 6))) * choose.of((9, 1, 0, 25))
        return Scheduled(frozen_floats(sorted(at_s)), tuple(choose.number(0, 12) for _ in at_s))
    starts = [0.0, *sorted({choose.quarters(horizon_s) for _ in range(choose.number(0, 3))} - {0.0})]
    end_s = starts[-1] + choose.of((0.25, 5.0))
    rates = [choose.of((0.0, *_RATES)) for _ in starts]
    if kind == "piecewise":
        return Piecewise(frozen_floats(starts), frozen_floats(rates), choose.of((None, end_s)))
    rates[choose.number(0, len(rates) - 1)] = rate
    return ExactCount(choose.of((80, 1, 0, 300)), frozen_floats(starts), frozen_floats(rates), end_s)


def _modulated(choose: Chooser) -> Modulated:
    states = choose.number(2, 3)
    switch = tuple(tuple(choose.of((0.1, 0.5, 1.0)) for _ in range(states)) for _ in range(states))
    return Modulated(tuple(choose.of((0.0, *_RATES)) for _ in range(states)), switch)
