"""The portable logarithm, exponential and normal quantile against the platform's and scipy's."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import special

from jukinet_sim.base.compiled import bits_of, float_of
from jukinet_sim.chance.portable import exp, log, normal_quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
POINTS = 1_000_000


@njit(error_model="numpy")
def logs(x: Floats) -> Floats:
    """Compile a loop over `log`."""
    found = np.empty_like(x)
    for i in range(x.size):
        found[i] = log(x[i])
    return found


@njit(error_model="numpy")
def exps(x: Floats) -> Floats:
    """Compile a loop over `exp`."""
    found = np.empty_like(x)
    for i in range(x.size):
        found[i] = exp(x[i])
    return found


@njit(error_model="numpy")
def quantiles(u: Floats) -> Floats:
    """Compile a loop over `normal_quantile`."""
    found = np.empty_like(u)
    for i in range(u.size):
        found[i] = normal_quantile(u[i])
    return found


@njit(error_model="numpy")
def all_bits(x: Floats) -> Ints:
    """Compile a loop over `bits_of`."""
    found = np.empty(x.size, dtype=np.int64)
    for i in range(x.size):
        found[i] = bits_of(x[i])
    return found


@njit(error_model="numpy")
def all_floats(bits: Ints) -> Floats:
    """Compile a loop over `float_of`."""
    found = np.empty(bits.size)
    for i in range(bits.size):
        found[i] = float_of(bits[i])
    return found


def units_off(found: Floats, x: Floats, exact: Callable[[float], float]) -> float:
    """Give the largest distance from the platform's function in units of its last place."""
    expected = np.array([exact(value) for value in x.tolist()])
    return float(np.max(np.abs(found - expected) / np.spacing(np.abs(expected))))


def uniforms(seed: int) -> Floats:
    """Draw uniforms strictly inside the unit interval."""
    return np.random.default_rng(seed).random(POINTS) + 2.0**-54


@pytest.mark.parametrize("where", ["uniforms", "near one", "all magnitudes"])
def test_log_is_within_one_unit_in_the_last_place(where: str) -> None:
    """Over a million points `log` is no more than 1 ulp from the platform's."""
    x = {
        "uniforms": uniforms(1),
        "near one": 1.0 + (uniforms(2) - 0.5) * 1e-3,
        "all magnitudes": np.ldexp(0.5 + uniforms(3) / 2.0, np.random.default_rng(3).integers(-1000, 1000, POINTS)),
    }[where]
    assert units_off(logs(x), x, math.log) <= 1.0


@pytest.mark.parametrize("width", [1.0, 50.0, 700.0])
def test_exp_is_within_one_unit_in_the_last_place(width: float) -> None:
    """Over a million points up to `width` on either side `exp` is no more than 1 ulp from the platform's."""
    x = (2.0 * uniforms(4) - 1.0) * width
    assert units_off(exps(x), x, math.exp) <= 1.0


def test_exact_values() -> None:
    """log 1 is 0, exp 0 is 1, and the median of the normal distribution is 0, each exactly."""
    assert log(1.0) == 0.0
    assert exp(0.0) == 1.0
    assert normal_quantile(0.5) == 0.0


def test_exp_is_clamped() -> None:
    """Beyond 700 either way the exponential stays at its value there, never 0 or infinite."""
    assert exp(1e9) == exp(700.0) < math.inf
    assert exp(-1e9) == exp(-700.0) > 0.0


def test_normal_quantile_in_the_body() -> None:
    """Over a million uniforms the quantile agrees with scipy to 1e-14 of its size."""
    u = uniforms(5)
    np.testing.assert_allclose(quantiles(u), special.ndtri(u), rtol=1e-14, atol=1e-16)


def test_normal_quantile_in_the_tails() -> None:
    """Down to 1e-300 the quantile agrees with scipy to 1e-14 of its size."""
    u = 10.0 ** -np.linspace(0.4, 300.0, 10_000)
    np.testing.assert_allclose(quantiles(u), special.ndtri(u), rtol=1e-14)


def test_normal_quantile_is_odd() -> None:
    """Where 1 - u is exact, the quantiles of u and 1 - u are each other's negatives."""
    u = np.random.default_rng(6).integers(1, 1 << 20, 1000) / 2.0**21
    np.testing.assert_array_equal(quantiles(1.0 - u), -quantiles(u))


def test_bits_and_back() -> None:
    """A float survives the way to its bits and back, and positive floats keep their order as integers."""
    x = np.sort(np.abs(np.random.default_rng(7).standard_cauchy(1000)))
    bits = all_bits(x)
    np.testing.assert_array_equal(bits, x.view(np.int64))
    np.testing.assert_array_equal(all_floats(bits), x)
    assert np.all(np.diff(bits) > 0)
