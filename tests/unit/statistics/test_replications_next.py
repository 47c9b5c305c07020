"""How many replications come next for a relative precision of several figures at once."""

from __future__ import annotations

import math

import pytest

from jukinet_sim.statistics.precision import MOST, relative_half_width, replications_next


@pytest.mark.parametrize(
    ("value", "half_width", "relative"),
    [(4.0, 0.2, 0.05), (-4.0, 0.2, 0.05), (0.0, 0.0, 0.0), (0.0, 0.1, math.inf), (3.0, None, math.inf)],
)
def test_relative_half_width(value: float, half_width: float | None, relative: float) -> None:
    """The sign of a value does not matter; nothing is known of one around 0 or seen once."""
    assert relative_half_width(value, half_width) == pytest.approx(relative)


def test_the_least_certain_figure_decides() -> None:
    """Of several figures the widest sets the number: 20 replications x (0.05/0.04)^2 = 31.25."""
    assert replications_next(20, [0.01, 0.05, 0.04], 0.04) == 32


def test_no_figure_needs_no_more() -> None:
    """Where nothing is judged, or all is known well enough, what there is suffices."""
    assert replications_next(20, [], 0.01) == 20
    assert replications_next(20, [0.01], 0.01) == 20


def test_never_more_than_twice_or_the_most() -> None:
    """Early half-widths are uncertain themselves, so the forecast at most doubles; a single value doubles too."""
    assert replications_next(20, [math.inf], 0.01) == 40
    assert replications_next(900, [math.inf], 0.01) == MOST
    assert replications_next(30, [1.0], 0.01, most=40) == 40
