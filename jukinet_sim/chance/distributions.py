"""The closed set of distributions a scenario may name: what each is, its mean and its squared coefficient of variation.

Pure description; `sampling` turns one uniform into one value by the quantile function of the same description.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["constant", "exponential", "uniform", "gamma", "lognormal", "mixture", "weibull", "geometric", "empirical"]
KINDS: tuple[Kind, ...] = (
    "constant", "exponential", "uniform", "gamma", "lognormal", "mixture", "weibull", "geometric", "empirical",
)  # fmt: skip


@dataclass(frozen=True)
class Distribution:
    """One distribution of non-negative values.

    `parameters` by kind: constant (value), exponential (mean), uniform (low, high), gamma (shape, scale), lognormal (mu,
    sigma), weibull (shape, scale), geometric (mean). A mixture of exponentials has probabilities in `weights` and
    means in `values`; empirical has `weights` (any positive scale) and `values`.
    """

    kind: Kind
    parameters: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    values: tuple[float, ...] = ()

    @property
    def moments(self) -> tuple[float, float]:
        """The first and second raw moments."""
        p = self.parameters
        if self.kind == "constant":
            return p[0], p[0] ** 2
        if self.kind == "exponential":
            return p[0], 2.0 * p[0] ** 2
        if self.kind == "uniform":
            return (p[0] + p[1]) / 2.0, (p[0] ** 2 + p[0] * p[1] + p[1] ** 2) / 3.0
        if self.kind == "gamma":
            return p[0] * p[1], p[0] * (p[0] + 1.0) * p[1] ** 2
        if self.kind == "lognormal":
            return math.exp(p[0] + p[1] ** 2 / 2.0), math.exp(2.0 * p[0] + 2.0 * p[1] ** 2)
        if self.kind == "weibull":
            return p[1] * math.gamma(1.0 + 1.0 / p[0]), p[1] ** 2 * math.gamma(1.0 + 2.0 / p[0])
        if self.kind == "geometric":
            return p[0], p[0] * (2.0 * p[0] - 1.0)
        total = sum(self.weights)
        first = sum(w * v for w, v in zip(self.weights, self.values, strict=True)) / total
        second = sum(w * v * v for w, v in zip(self.weights, self.values, strict=True)) / total
        return first, 2.0 * second if self.kind == "mixture" else second

    @property
    def mean(self) -> float:
        """The mean."""
        return self.moments[0]

    @property
    def scv(self) -> float:
        """The squared coefficient of variation; 0 for a mean of 0."""
        first, second = self.moments
        return max(0.0, second / first**2 - 1.0) if first > 0.0 else 0.0

    def scaled(self, factor: float) -> Distribution:
        """Return the law of `factor` > 0 times the value. Raises ValueError for a geometric one."""
        p = self.parameters
        if self.kind == "geometric":
            raise ValueError("a multiple of a geometric number is not geometric")
        if self.kind == "lognormal":
            return replace(self, parameters=(p[0] + math.log(factor), p[1]))
        if self.kind in ("gamma", "weibull"):
            return replace(self, parameters=(p[0], p[1] * factor))
        return replace(self, parameters=tuple(x * factor for x in p), values=tuple(x * factor for x in self.values))


SMALLEST_GAMMA_CV = 3e-4
"""Below it a gamma is drawn as a log-normal: its quantile takes steps in proportion to 1/cv, which would not end."""


def constant(value: float) -> Distribution:
    """Return the distribution that is always `value`."""
    return Distribution("constant", (value,))


def exponential(mean: float) -> Distribution:
    """Exponential with the given mean; a mean of 0 is the constant 0."""
    return Distribution("exponential", (mean,)) if mean > 0.0 else constant(0.0)


def uniform(low: float, high: float) -> Distribution:
    """Uniform between `low` and `high`."""
    return Distribution("uniform", (low, high)) if high > low else constant(low)


def gamma(mean: float, cv: float) -> Distribution:
    """Gamma with the given mean and coefficient of variation.

    Below a cv of 3e-4 it is the log-normal with the same two moments, from which it then differs by less than cv^2.
    """
    if mean <= 0.0 or cv <= 0.0:
        return constant(mean)
    if cv < SMALLEST_GAMMA_CV:
        return lognormal(mean, cv)
    return Distribution("gamma", (1.0 / cv**2, mean * cv**2))


def erlang(k: int, mean: float) -> Distribution:
    """Return the sum of `k` equal exponentials with this mean in all; so many that its cv is tiny are drawn as `gamma` says."""
    if k == 1 or mean <= 0.0:
        return exponential(mean)
    if k**-0.5 < SMALLEST_GAMMA_CV:
        return lognormal(mean, k**-0.5)
    return Distribution("gamma", (float(k), mean / k))


def lognormal(mean: float, cv: float) -> Distribution:
    """Log-normal with the given mean and coefficient of variation."""
    if mean <= 0.0 or cv <= 0.0:
        return constant(mean)
    variance = math.log1p(cv**2)
    return Distribution("lognormal", (math.log(mean) - variance / 2.0, math.sqrt(variance)))


def weibull(mean: float, cv: float) -> Distribution:
    """Weibull with the given mean and coefficient of variation; the shape solves cv^2 = G(1+2/k)/G(1+1/k)^2 - 1."""
    if mean <= 0.0 or cv <= 0.0:
        return constant(mean)
    low, high = 1e-2, 1e3
    for _ in range(200):
        middle = math.sqrt(low * high)
        log_ratio = math.lgamma(1.0 + 2.0 / middle) - 2.0 * math.lgamma(1.0 + 1.0 / middle)
        if log_ratio > math.log1p(cv**2):
            low = middle
        else:
            high = middle
    shape = math.sqrt(low * high)
    return Distribution("weibull", (shape, mean / math.gamma(1.0 + 1.0 / shape)))


def mixture(probabilities: tuple[float, ...], means: tuple[float, ...]) -> Distribution:
    """Exponential with mean `means[i]` with probability `probabilities[i]` (the hyper-exponential distribution)."""
    if not any(p > 0.0 and m > 0.0 for p, m in zip(probabilities, means, strict=True)):
        return constant(0.0)
    return Distribution("mixture", (), probabilities, means)


def hyperexponential(mean: float, cv: float) -> Distribution:
    """Two exponentials with balanced means (p1 m1 = p2 m2) and the given mean and coefficient of variation >= 1."""
    if mean <= 0.0 or cv <= 1.0:
        return exponential(mean)
    root = math.sqrt((cv**2 - 1.0) / (cv**2 + 1.0))
    # The rarer branch, (1 - root) / 2, without cancellation where the cv is large.
    rare = 1.0 / ((cv**2 + 1.0) * (1.0 + root))
    return mixture((1.0 - rare, rare), (mean / (2.0 * (1.0 - rare)), mean / (2.0 * rare)))


def geometric(mean: float) -> Distribution:
    """Trials until the first success, 1, 2, ..., with the given mean >= 1."""
    return Distribution("geometric", (mean,)) if mean > 1.0 else constant(1.0)


def empirical(values: tuple[float, ...], weights: tuple[float, ...]) -> Distribution:
    """One of `values`, drawn by weight."""
    return Distribution("empirical", (), weights, values)
