"""The compensated sums and the histogram bins that both engines feed."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jukinet_sim.engine import layout as L
from jukinet_sim.engine import observe

FINITE = st.floats(min_value=-1e150, max_value=1e150)


@given(FINITE, FINITE)
@settings(deadline=None)
def test_two_sum_loses_nothing(a: float, b: float) -> None:
    """The sum of two floats and its compensation are together exactly their sum."""
    words = np.array([a, 0.0])
    observe.add(words, 0, b)
    exact = Fraction(a) + Fraction(b)
    assert words[0] == a + b
    if abs(exact) > 1e-290 or exact == 0:
        assert Fraction(words[0]) + Fraction(words[1]) == exact


@given(st.lists(FINITE, max_size=60))
@settings(deadline=None)
def test_sum_is_compensated(values: list[float]) -> None:
    """A compensated sum is off by no more than rounding its compensations: about n eps^2 of the sum of all sizes."""
    words = np.zeros(2)
    for value in values:
        observe.add(words, 0, value)
    sizes = math.fsum(abs(value) for value in values)
    bound = len(values) ** 2 * 2.0**-104 * sizes + math.ulp(math.fsum(values))
    assert abs(words[0] + words[1] - math.fsum(values)) <= bound


def test_small_survive_large() -> None:
    """Ones are kept beside a number that a plain sum would drown them in."""
    words = np.zeros(4)
    for value in (1.0, 1e100, 1.0, -1e100):
        observe.add(words, 2, value)
    assert words.tolist() == [0.0, 0.0, 0.0, 2.0]


EDGES = observe.bin_edges()


def test_edges() -> None:
    """Bins cover 2^-30 s to 2^34 s without a gap, none wider than 0.4 % of its lower edge."""
    assert EDGES[0] == 0.0
    assert len(EDGES) == L.HISTOGRAM_BINS + 1
    assert EDGES[-1] == 2.0**34
    widths = np.diff(EDGES[1:]) / EDGES[1:-1]
    assert widths.min() > 0.0
    assert widths.max() <= 0.004


@pytest.mark.parametrize("index", [1, 2, 255, 256, 257, 7680, 7681, L.HISTOGRAM_BINS - 2, L.HISTOGRAM_BINS - 1])
def test_bin_at_its_edges(index: int) -> None:
    """A bin begins with its lower edge and ends just below its upper one."""
    lower, upper = float(EDGES[index]), float(EDGES[index + 1])
    assert observe.bin_of(lower) == index
    assert observe.bin_of(math.nextafter(upper, 0.0)) == index
    assert observe.bin_of(upper) == min(index + 1, L.HISTOGRAM_BINS - 1)


@given(st.floats(min_value=5e-324, allow_infinity=True))
@settings(deadline=None)
def test_every_positive_value_has_its_bin(value: float) -> None:
    """The bin's edges are about the value; what is too small is in the first bin, what is too large in the last."""
    index = observe.bin_of(value)
    assert 1 <= index < L.HISTOGRAM_BINS
    assert value >= EDGES[index] or index == 1
    assert value < EDGES[index + 1] or index == L.HISTOGRAM_BINS - 1


def test_bins_of_the_extremes() -> None:
    """The smallest and the largest float, and infinity, have bins."""
    assert [observe.bin_of(x) for x in (5e-324, 1.8e308, math.inf)] == [1, L.HISTOGRAM_BINS - 1, L.HISTOGRAM_BINS - 1]
