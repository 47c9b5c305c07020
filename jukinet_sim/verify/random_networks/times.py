"""Laws and instants of random networks: half of them tie, as sums of quarters of a second are exact."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.verify.random_networks.chooser import Chooser

ZERO = dist.constant(0.0)
TIED = (dist.constant(1.0), dist.constant(0.25), dist.constant(0.5), dist.empirical((0.25, 0.5, 2.0), (3.0, 2.0, 1.0)))
"""Times that meet each other."""
SOMETIMES_ZERO = dist.empirical((0.0, 0.25, 1.0), (1.0, 1.0, 1.0))
LONG = (dist.constant(4.0), dist.constant(2.5), dist.exponential(5.0), dist.empirical((0.0, 2.5, 9.0), (1.0, 4.0, 4.0)))
LIMITS = (dist.constant(2.0), dist.constant(5.75), dist.exponential(2.0), SOMETIMES_ZERO)
_SMOOTH: tuple[Callable[[float], Distribution], ...] = (
    dist.exponential,
    lambda mean: dist.uniform(0.0, 2.0 * mean),
    lambda mean: dist.gamma(mean, 0.7),
    lambda mean: dist.erlang(3, mean),
    lambda mean: dist.lognormal(mean, 2.0),
    lambda mean: dist.weibull(mean, 1.5),
    lambda mean: dist.hyperexponential(mean, 3.0),
    lambda mean: dist.geometric(1.0 + mean),
)
"""Laws of every kind that has a density, by their mean, and one of whole seconds."""


def smooth(choose: Chooser) -> Distribution:
    """Choose a law whose values hardly ever meet."""
    return choose.choice(_SMOOTH)(choose.floating(0.1, 1.0))


def positive(choose: Chooser) -> Distribution:
    """Choose a law that is never 0."""
    return choose.choice(TIED) if choose.boolean() else smooth(choose)


def duration(choose: Chooser) -> Distribution:
    """Choose a service time, a delay, a patience, a back-off, a think or repair time, which may be 0."""
    if choose.boolean(10):
        return choose.choice((ZERO, SOMETIMES_ZERO))
    return positive(choose)


def limit(choose: Chooser) -> Distribution:
    """Choose a time-out."""
    return choose.choice(LIMITS) if choose.boolean() else positive(choose)


def between_failures(choose: Chooser) -> Distribution:
    """Choose a time between failures."""
    return positive(choose) if choose.boolean(3) else choose.choice(LONG)


def quarters(choose: Chooser, most_s: float) -> float:
    """Choose an instant that is a multiple of 1/4 s."""
    return choose.integer(0, int(4.0 * most_s)) / 4.0


def instant(choose: Chooser, most_s: float) -> float:
    """Choose an instant, mostly one that others may share."""
    return choose.floating(0.0, most_s) if choose.boolean(8) else quarters(choose, most_s)
