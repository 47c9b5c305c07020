"""Quantiles from log histograms against the sorted observations themselves."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.focus.quantiles import PROBABILITIES, quantiles
from jukinet_sim.engine.observe import bin_edges


def histogram_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Count values into the engine's bins, zeros into bin 0."""
    counts, _ = np.histogram(values, bin_edges())
    return counts.astype(np.int64)


def test_quantiles_of_a_sample_err_by_less_than_a_bin() -> None:
    """Against the order statistics of an exponential sample, each quantile is within a bin's width (1/256)."""
    sample = np.random.default_rng(1).exponential(2.0, 50_000)
    found = quantiles(histogram_of(sample), float(sample.min()), float(sample.max()))
    ordered = np.sort(sample)
    for name, p in PROBABILITIES.items():
        assert found[name] == pytest.approx(ordered[int(p * len(sample)) - 1], rel=1.0 / 256.0)


def test_interpolation_inside_a_bin_is_linear() -> None:
    """With all 100 observations in one bin, p90 stands at nine tenths of it."""
    edges = bin_edges()
    counts = np.zeros(L.HISTOGRAM_BINS, dtype=np.int64)
    counts[8000] = 100
    low, high = float(edges[8000]), float(edges[8001])
    assert quantiles(counts, low, high)["p90"] == pytest.approx(low + 0.9 * (high - low), rel=1e-15)


def test_equal_observations_are_their_own_quantiles() -> None:
    """Clipping to the exact extremes gives a constant back to the last bit."""
    found = quantiles(histogram_of(np.full(7, 0.3)), 0.3, 0.3)
    assert set(found.values()) == {0.3}


def test_zeros_of_bin_0_are_exact() -> None:
    """Where 92 of 100 values are zero, p50 and p90 are zero and p95 is not."""
    found = quantiles(histogram_of(np.array([0.0] * 92 + [5.0] * 8)), 0.0, 5.0)
    assert (found["p50"], found["p90"]) == (0.0, 0.0)
    assert found["p95"] == pytest.approx(5.0, rel=1.0 / 256.0)


def test_zeros_may_be_counted_apart() -> None:
    """Zeros that were not put into bin 0 weigh as much as those that were."""
    values = np.random.default_rng(2).exponential(1.0, 400)
    inside = quantiles(histogram_of(np.concatenate([np.zeros(600), values])), 0.0, float(values.max()))
    apart = quantiles(histogram_of(values), 0.0, float(values.max()), further_zeros=600)
    assert inside == apart


def test_nothing_observed_has_no_quantiles() -> None:
    """An empty histogram has undefined quantiles, not zero ones."""
    assert set(quantiles(histogram_of(np.array([])), 0.0, 0.0).values()) == {None}


def test_only_zeros_apart_have_quantile_zero() -> None:
    """Visits none of which waited have waits of zero."""
    assert set(quantiles(histogram_of(np.array([])), 0.0, 0.0, further_zeros=3).values()) == {0.0}


def test_values_outside_the_bins_are_clipped() -> None:
    """A value below the first bin is reported as the exact maximum, not as the edge of a bin."""
    counts = np.zeros(L.HISTOGRAM_BINS, dtype=np.int64)
    counts[1] = 4
    assert quantiles(counts, 1e-12, 1e-12)["p50"] == 1e-12
