"""The band of one further run: its coverage, its edges, and how many bands have to hold an observation."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.statistics.intervals import over_replications
from jukinet_sim.statistics.prediction import prediction_band, times_inside, times_needed


def test_one_further_value_lies_in_the_band_as_often_as_promised() -> None:
    """Of 4,000 bands of 95 % from 20 normal values, 94 to 96 % hold a 21st."""
    values = np.random.default_rng(14).normal(700.0, 30.0, (4000, 21))
    bands = [(prediction_band(row[:20].tolist()), row[20]) for row in values]
    held = sum(band is not None and band.reaches(one, one) for band, one in bands)
    assert 0.94 < held / 4000 < 0.96


def test_the_band_does_not_shrink_to_nothing() -> None:
    """It is wider than the interval of the mean by the root of n + 1."""
    values = [float(value) for value in range(20)]
    band = prediction_band(values)
    half = over_replications(values).half_width
    assert band is not None
    assert half is not None
    assert (band.high - band.low) / 2.0 == pytest.approx(half * 21**0.5)


def test_values_that_never_vary_and_too_few_of_them() -> None:
    """A constant is its own band; one value has none."""
    assert prediction_band([3.0, 3.0]) == (3.0, 3.0)
    assert prediction_band([3.0]) is None
    assert times_inside([float(one) for one in range(9)], 0.0, 9.0) is None


def test_each_replication_is_left_out_in_turn() -> None:
    """One wild replication cannot carry the verdict: with it left out the others do not reach the reading."""
    assert times_inside([*([1.0] * 19), 100.0], 30.0, 31.0) == 19
    assert times_inside([1.0] * 20, 30.0, 31.0) == 0
    assert times_inside([*([1.0] * 19), None], 1.0, 1.0) == 19


def test_17_of_20_bands_have_to_hold_an_observation() -> None:
    """Fewer hold it in 1.6 % of cases, fewer than 18 in 7.5 %."""
    assert times_needed(20) == 17
    assert times_needed(40) == 35
    assert times_needed(10) == 8
