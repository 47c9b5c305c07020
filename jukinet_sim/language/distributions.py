"""Distributions as a scenario writes them: one key names the kind, in seconds (`TimeDistribution`) or plain numbers.

A coefficient of variation `cv` is the standard deviation divided by the mean.
"""

from typing import Annotated, Generic, Self, TypeAlias, TypeVar

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Fraction, Number, PositiveCount, Seconds, SpecError, check_sum
from jukinet_sim.language.choice import single_choice, tag

Q = TypeVar("Q", bound=float)

DISTRIBUTION_KINDS = (
    "constant",
    "exponential",
    "uniform",
    "erlang",
    "gamma",
    "lognormal",
    "hyperexponential",
    "weibull",
    "geometric",
    "empirical",
)


class Bounds(Base, Generic[Q]):
    """The two ends of a uniform distribution."""

    low: Q
    """Smallest value."""
    high: Q
    """Largest value, at least `low`."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        """Require low <= high."""
        if self.high < self.low:
            raise SpecError('"high" is below "low"', "write the smaller one as low", ("high",))
        return self

    @property
    def mean(self) -> float:
        """Half of the sum of the ends."""
        return (self.low + self.high) / 2


class Stages(Base, Generic[Q]):
    """An Erlang distribution: the sum of k independent exponential stages of equal mean."""

    k: PositiveCount
    """Number of stages."""
    mean: Q
    """Mean of the whole sum."""


class MeanAndCv(Base, Generic[Q]):
    """A distribution given by its first two moments."""

    mean: Q
    """Mean."""
    cv: Number
    """Coefficient of variation, sigma / mean."""


class SpreadMeanAndCv(MeanAndCv[Q], Generic[Q]):
    """First two moments of a distribution that degenerates at cv = 0."""

    @model_validator(mode="after")
    def _check_cv(self) -> Self:
        """Require cv > 0."""
        if self.cv == 0:
            raise SpecError("a cv of 0 means no variation at all", 'write "constant" instead', ("cv",))
        return self


class BalancedMeans(MeanAndCv[Q], Generic[Q]):
    """Two exponential branches that carry equal shares of the mean (p1 mean1 = p2 mean2), fitted to mean and cv."""

    @model_validator(mode="after")
    def _check_cv(self) -> Self:
        """Require cv >= 1, the least a mixture of exponentials can have."""
        if self.cv < 1:
            raise SpecError("a hyperexponential has a cv of at least 1", 'write "gamma" or "erlang" instead', ("cv",))
        return self


class Branches(Base, Generic[Q]):
    """A mixture of exponentials written out branch by branch."""

    p: tuple[Fraction, ...] = Field(min_length=1)
    """Probability of each branch; they sum to 1."""
    mean: tuple[Q, ...] = Field(min_length=1)
    """Mean of each branch."""

    @model_validator(mode="after")
    def _check_branches(self) -> Self:
        """Require as many means as probabilities, and a sum of 1."""
        if len(self.p) != len(self.mean):
            what = f"{len(self.p)} probabilities but {len(self.mean)} means"
            raise SpecError(what, "write one mean for each probability", ("mean",))
        check_sum(self.p, "the probabilities", ("p",))
        return self


class GeometricMean(Base, Generic[Q]):
    """The mean of a geometric distribution on 1, 2, ..."""

    mean: Q
    """Mean, at least 1."""

    @model_validator(mode="after")
    def _check_mean(self) -> Self:
        """Require a mean of at least 1, the smallest value drawn."""
        if self.mean < 1:
            raise SpecError("a geometric mean is at least 1 (values are 1, 2, ...)", "write a larger mean", ("mean",))
        return self


class Sample(Base, Generic[Q]):
    """Observed values and how often each was seen."""

    values: tuple[Q, ...] = Field(min_length=1)
    """The values that can be drawn."""
    weights: tuple[Number, ...] | None = None
    """Relative frequency of each value; equal when left out."""

    @model_validator(mode="after")
    def _check_weights(self) -> Self:
        """Require one weight for each value and a positive total."""
        if self.weights is None:
            return self
        if len(self.weights) != len(self.values):
            what = f"{len(self.weights)} weights but {len(self.values)} values"
            raise SpecError(what, "write one weight for each value", ("weights",))
        if sum(self.weights) == 0:
            raise SpecError("all weights are 0", "give at least one value a weight", ("weights",))
        return self


class Constant(Base, Generic[Q]):
    """Always the same value."""

    constant: Q
    """The value."""


class Exponential(Base, Generic[Q]):
    """Exponential (memoryless)."""

    exponential: Q
    """Mean."""


class Uniform(Base, Generic[Q]):
    """Equally likely between two ends."""

    uniform: Bounds[Q]
    """The two ends."""


class Erlang(Base, Generic[Q]):
    """Sum of k exponential stages."""

    erlang: Stages[Q]
    """Number of stages and mean of the sum."""


class Gamma(Base, Generic[Q]):
    """Gamma, by mean and cv."""

    gamma: SpreadMeanAndCv[Q]
    """Mean and cv."""


class Lognormal(Base, Generic[Q]):
    """Log-normal, by mean and cv of the values themselves, not of their logarithm."""

    lognormal: SpreadMeanAndCv[Q]
    """Mean and cv."""


class Hyperexponential(Base, Generic[Q]):
    """Mixture of exponentials: more variable than one exponential."""

    hyperexponential: Annotated[
        Annotated[BalancedMeans[Q], tag("cv")] | Annotated[Branches[Q], tag("p")],
        *single_choice("a hyperexponential", ("cv", "p"), "{mean: 30 ms, cv: 2}"),
    ]
    """Either mean and cv with balanced means, or probability and mean of each branch."""


class Weibull(Base, Generic[Q]):
    """Weibull, by mean and cv."""

    weibull: SpreadMeanAndCv[Q]
    """Mean and cv."""


class Geometric(Base, Generic[Q]):
    """Geometric on 1, 2, ... (of the unit: seconds for a time)."""

    geometric: GeometricMean[Q]
    """The mean."""


class Empirical(Base, Generic[Q]):
    """One of the given values, by weight."""

    empirical: Sample[Q]
    """Values and weights."""


AnyDistribution: TypeAlias = (
    Constant[float]
    | Exponential[float]
    | Uniform[float]
    | Erlang[float]
    | Gamma[float]
    | Lognormal[float]
    | Hyperexponential[float]
    | Weibull[float]
    | Geometric[float]
    | Empirical[float]
)

TimeDistribution = Annotated[
    Annotated[Constant[Seconds], tag("constant")]
    | Annotated[Exponential[Seconds], tag("exponential")]
    | Annotated[Uniform[Seconds], tag("uniform")]
    | Annotated[Erlang[Seconds], tag("erlang")]
    | Annotated[Gamma[Seconds], tag("gamma")]
    | Annotated[Lognormal[Seconds], tag("lognormal")]
    | Annotated[Hyperexponential[Seconds], tag("hyperexponential")]
    | Annotated[Weibull[Seconds], tag("weibull")]
    | Annotated[Geometric[Seconds], tag("geometric")]
    | Annotated[Empirical[Seconds], tag("empirical")],
    *single_choice("a distribution", DISTRIBUTION_KINDS, "{exponential: 20 ms}"),
]
"""A distribution of times, in seconds."""

NumberDistribution = Annotated[
    Annotated[Constant[Number], tag("constant")]
    | Annotated[Exponential[Number], tag("exponential")]
    | Annotated[Uniform[Number], tag("uniform")]
    | Annotated[Erlang[Number], tag("erlang")]
    | Annotated[Gamma[Number], tag("gamma")]
    | Annotated[Lognormal[Number], tag("lognormal")]
    | Annotated[Hyperexponential[Number], tag("hyperexponential")]
    | Annotated[Weibull[Number], tag("weibull")]
    | Annotated[Geometric[Number], tag("geometric")]
    | Annotated[Empirical[Number], tag("empirical")],
    *single_choice("a distribution", DISTRIBUTION_KINDS, "{geometric: {mean: 4}}"),
]
"""A distribution of plain numbers, such as batch sizes."""


def least_of(distribution: AnyDistribution) -> float:
    """Return the smallest value that can be drawn, in the unit of the distribution."""
    match distribution:
        case Constant(constant=value):
            return value
        case Uniform(uniform=Bounds(low=low)):
            return low
        case Geometric():
            return 1.0
        case Empirical(empirical=Sample(values=values, weights=weights)):
            return min(v for v, w in zip(values, weights or (1.0,) * len(values), strict=True) if w > 0)
        case _:
            return 0.0


def mean_of(distribution: AnyDistribution) -> float:
    """Return the mean, in the unit of the distribution (seconds for a time)."""
    match distribution:
        case Constant(constant=mean) | Exponential(exponential=mean):
            return mean
        case Hyperexponential(hyperexponential=Branches(p=p, mean=means)):
            return sum(weight * mean for weight, mean in zip(p, means, strict=True))
        case Empirical(empirical=Sample(values=values, weights=weights)):
            shares = weights or (1.0,) * len(values)
            return sum(w * v for w, v in zip(shares, values, strict=True)) / sum(shares)
        case _:
            body = next(iter(distribution))[1]
            return float(body.mean)
