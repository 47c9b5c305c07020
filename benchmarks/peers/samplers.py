"""A distribution as a function that draws from Python's own generator, as a SimPy or Ciw user would write it."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from jukinet_sim.chance.distributions import Distribution

Sampler = Callable[[], float]


def sampler(distribution: Distribution, generator: random.Random) -> Sampler:
    """Draw from the distribution, in seconds. Raises NotImplementedError for kinds that `random` does not offer."""
    p = distribution.parameters
    match distribution.kind:
        case "constant":
            return lambda: p[0]
        case "exponential":
            return partial(generator.expovariate, 1.0 / p[0])
        case "gamma":
            return partial(generator.gammavariate, *p)
        case "uniform":
            return partial(generator.uniform, *p)
        case "lognormal":
            return partial(generator.lognormvariate, *p)
        case "weibull":
            return partial(generator.weibullvariate, p[1], p[0])
    raise NotImplementedError(f"{distribution.kind} is not written out for other simulators")
