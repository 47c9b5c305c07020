"""Sets of columns that depend on each other are found, each by itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.fitting.dependence import dependent_columns, listed

Floats = NDArray[np.float64]


def independent(columns: int, rows: int = 60) -> Floats:
    """Columns without any dependence, of very different sizes."""
    return np.random.default_rng(1).standard_normal((rows, columns)) * 10.0 ** np.arange(columns)


def test_independent_columns() -> None:
    """Columns of different sizes depend on nothing."""
    assert dependent_columns(independent(6)) == ()
    assert dependent_columns(independent(1)) == ()


def test_two_pairs() -> None:
    """Two pairs are two sets, and the fifth column is in neither."""
    matrix = independent(5)
    matrix[:, 3], matrix[:, 4] = 7.0 * matrix[:, 0], 1e-6 * matrix[:, 1]
    assert dependent_columns(matrix) == ((0, 3), (1, 4))


def test_nearly() -> None:
    """A thousandth of noise is a dependence, a tenth is none: the condition index is about twice the inverse."""
    for noise, found in ((0.001, ((0, 2),)), (0.1, ())):
        matrix = np.random.default_rng(2).standard_normal((200, 3))
        matrix[:, 2] = matrix[:, 0] + noise * matrix[:, 2]
        assert dependent_columns(matrix) == found


def test_one_column_is_the_sum_of_many() -> None:
    """All twenty are in the set, however small the part of each."""
    matrix = np.random.default_rng(3).standard_normal((100, 20))
    matrix[:, 19] = matrix[:, :19].sum(axis=1)
    assert dependent_columns(matrix) == (tuple(range(20)),)


def test_more_columns_than_rows() -> None:
    """Two observations leave three columns dependent."""
    assert dependent_columns(np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])) == ((0, 1, 2),)


def test_columns_of_zeros_are_no_ones_relatives() -> None:
    """A column of zeros is in no set, and hides none."""
    matrix = independent(4)
    matrix[:, 1], matrix[:, 2] = 0.0, 2.0 * matrix[:, 0]
    assert dependent_columns(matrix) == ((0, 2),)


def test_names_are_listed() -> None:
    """As people do."""
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
