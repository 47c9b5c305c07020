"""Goodness of fit without a library: p-values of Kolmogorov and Smirnov's test and of chi-square, and the laws they need."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.distributions import Distribution

Floats = NDArray[np.float64]
_TERMS = 100
_erf = np.vectorize(math.erf, otypes=[np.float64])


def ks_p_value(values: Floats, cdf: Callable[[Floats], Floats]) -> float:
    """Return the chance of so large a distance between the values' distribution and the law.

    Kolmogorov's limit 2 sum (-1)^(k-1) exp(-2 k^2 x^2) at x = (sqrt n + .12 + .11 / sqrt n) D (Stephens 1970).
    """
    n = len(values)
    heights = cdf(np.sort(values))
    steps = np.arange(n) / n
    distance = max(float((heights - steps).max()), float((steps + 1.0 / n - heights).max()))
    x = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * distance
    if x < 0.2:
        return 1.0
    return 2.0 * math.fsum((-1.0) ** (k - 1) * math.exp(-2.0 * (k * x) ** 2) for k in range(1, _TERMS))


def chi_square_p_value(counts: Floats, shares: Floats) -> float:
    """Return the chance of counts at least so far from these shares, which sum to 1 and expect 5 or more each."""
    expected = shares * counts.sum()
    distance = float(((counts - expected) ** 2 / expected).sum())
    return float(gamma_tail(0.5 * (len(counts) - 1), np.array([0.5 * distance]))[0])


def gamma_tail(shape: float, x: Floats) -> Floats:
    """Return the regularised upper incomplete gamma function for a whole or half shape.

    Q(a + 1, x) = Q(a, x) + x^a exp(-x) / Gamma(a + 1), from Q(1, x) = exp(-x) or Q(1/2, x) = erfc(sqrt x) (DLMF 8.8.6,
    8.4.5, 8.4.6). Raises ValueError for any other shape.
    """
    if shape <= 0.0 or 2.0 * shape != int(2.0 * shape):
        raise ValueError(f"no closed form for a gamma law of shape {shape}; use a whole or half one")
    a = 1.0 if shape == int(shape) else 0.5
    tail: Floats = np.exp(-x) if a == 1.0 else 1.0 - _erf(np.sqrt(x))
    while a < shape:
        with np.errstate(divide="ignore"):
            tail = tail + np.exp(a * np.log(x) - x - math.lgamma(a + 1.0))
        a += 1.0
    return tail


def distribution_function(law: Distribution) -> Callable[[Floats], Floats]:
    """Return P(X <= x) of a law with a density; its parameters stand in `distributions`."""
    p = law.parameters
    functions: dict[str, Callable[[Floats], Floats]] = {
        "exponential": lambda x: -np.expm1(-x / p[0]),
        "uniform": lambda x: np.clip((x - p[0]) / (p[1] - p[0]), 0.0, 1.0),
        "gamma": lambda x: 1.0 - gamma_tail(p[0], x / p[1]),
        "lognormal": lambda x: 0.5 * (1.0 + _erf((np.log(x) - p[0]) / (p[1] * math.sqrt(2.0)))),
        "weibull": lambda x: -np.expm1(-((x / p[1]) ** p[0])),
        "mixture": lambda x: _mixed(law, x),
    }
    return functions[law.kind]


def _mixed(law: Distribution, x: Floats) -> Floats:
    parts = [w * -np.expm1(-x / mean) for w, mean in zip(law.weights, law.values, strict=True)]
    return np.asarray(np.sum(parts, axis=0) / math.fsum(law.weights), dtype=np.float64)
