"""A distribution as a scenario writes it, as one that can be drawn from."""

from __future__ import annotations

from jukinet_sim.chance.distributions import (
    Distribution,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    geometric,
    hyperexponential,
    lognormal,
    mixture,
    uniform,
    weibull,
)
from jukinet_sim.language import distributions as D


def distribution(spec: D.AnyDistribution) -> Distribution:
    """Return the distribution that a specification describes, in its unit (seconds for a time)."""
    match spec:
        case D.Constant(constant=value):
            return constant(value)
        case D.Exponential(exponential=mean):
            return exponential(mean)
        case D.Uniform(uniform=ends):
            return uniform(ends.low, ends.high)
        case D.Erlang(erlang=stages):
            return erlang(stages.k, stages.mean)
        case D.Gamma(gamma=body):
            return gamma(body.mean, body.cv)
        case D.Lognormal(lognormal=body):
            return lognormal(body.mean, body.cv)
        case D.Weibull(weibull=body):
            return weibull(body.mean, body.cv)
        case D.Hyperexponential(hyperexponential=D.Branches(p=p, mean=means)):
            return mixture(tuple(p), tuple(means))
        case D.Hyperexponential(hyperexponential=D.BalancedMeans() as balanced):
            return hyperexponential(balanced.mean, balanced.cv)
        case D.Geometric(geometric=body):
            return geometric(body.mean)
        case D.Empirical(empirical=sample):
            return empirical(tuple(sample.values), tuple(sample.weights or (1.0,) * len(sample.values)))
    raise TypeError(f"no such distribution: {spec!r}")
