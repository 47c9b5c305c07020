"""Hours that no other hour beats: enough to find the largest of any weighted sum."""

from __future__ import annotations

import numpy as np

from jukinet_sim.theory.windows import unbeaten


def test_beaten_columns_are_left_out() -> None:
    """Of (1, 4), (3, 3), (2, 2), (4, 1) and a second (3, 3), the third is beaten in both rows and the last brings nothing."""
    rows = np.array([[1.0, 3.0, 2.0, 4.0, 3.0], [4.0, 3.0, 2.0, 1.0, 3.0]])
    assert sorted(unbeaten(rows)) == [0, 1, 3]


def test_the_largest_weighted_sum_is_among_them() -> None:
    """For many random weights, no column left out has a larger sum than those kept."""
    rng = np.random.default_rng(5)
    rows = rng.random((3, 400))
    kept = rows[:, unbeaten(rows, most=400)]
    assert kept.shape[1] < 100
    weights = rng.random((1000, 3))
    assert np.array_equal((weights @ rows).max(axis=1), (weights @ kept).max(axis=1))


def test_no_more_than_asked_for() -> None:
    """Where every column is the largest in some row, only so many are given."""
    assert len(unbeaten(np.eye(9), most=4)) == 4
