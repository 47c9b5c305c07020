"""Distributions that random networks draw their times from: half of them tie, as sums of quarters of a second are exact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution

Draw = Callable[[st.SearchStrategy[Any]], Any]
Times = st.SearchStrategy[Distribution]

ZERO = dist.constant(0.0)
QUARTERS = (dist.constant(1.0), dist.constant(0.25), dist.constant(0.5), dist.empirical((0.25, 0.5, 2.0), (3.0, 2.0, 1.0)))
"""Times that meet each other."""
RANDOM = (
    dist.exponential(0.5),
    dist.uniform(0.0, 1.0),
    dist.gamma(0.5, 0.7),
    dist.erlang(3, 0.75),
    dist.lognormal(0.4, 2.0),
    dist.weibull(0.5, 1.5),
    dist.hyperexponential(0.4, 3.0),
    dist.geometric(2.0),
)
SOMETIMES_ZERO = dist.empirical((0.0, 0.25, 1.0), (1.0, 1.0, 1.0))
LONG = (dist.constant(4.0), dist.constant(2.5), dist.exponential(5.0), dist.empirical((0.0, 2.5, 9.0), (1.0, 4.0, 4.0)))
"""Times between failures."""


def service() -> Times:
    """Draw a service time or delay."""
    return st.sampled_from((*QUARTERS, *QUARTERS, *RANDOM, SOMETIMES_ZERO, ZERO))


def short() -> Times:
    """Draw a patience, back-off, think or repair time."""
    return st.sampled_from((*QUARTERS, dist.exponential(0.75), dist.uniform(0.0, 2.0), SOMETIMES_ZERO, ZERO))


def limits() -> Times:
    """Draw a time-out."""
    return st.sampled_from((dist.constant(2.0), *QUARTERS, dist.constant(5.75), dist.exponential(2.0), SOMETIMES_ZERO))


def between_failures() -> Times:
    """Draw a time between failures."""
    return st.sampled_from(LONG)


def quarters(most_s: float) -> st.SearchStrategy[float]:
    """Draw an instant that is a multiple of 1/4 s."""
    return st.integers(0, int(4 * most_s)).map(lambda n: n / 4)
