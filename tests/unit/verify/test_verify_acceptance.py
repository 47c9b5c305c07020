"""Acceptance bounds against the binomial law, and what they accept and refuse."""

from __future__ import annotations

import pytest
from scipy import stats

from jukinet_sim.verify.acceptance import LEVEL, RISK_ABOVE, RISK_BELOW, coverage_bounds


def test_printed_bounds() -> None:
    """Of 1,000 intervals 923 to 975 may cover where 36 such counts are judged together."""
    assert coverage_bounds(1000, 36) == (923, 975)


def test_printed_bounds_of_a_single_test() -> None:
    """A single count is accepted from 930 to 970, to one interval more or less."""
    low, high = coverage_bounds(1000, 1)
    assert abs(low - 930) <= 1
    assert abs(high - 970) <= 1


@pytest.mark.parametrize("sets", [20, 40, 100, 400, 1000])
@pytest.mark.parametrize("tests", [1, 36, 150])
def test_risk_is_kept_and_not_wasted(sets: int, tests: int) -> None:
    """Right intervals leave the bounds no more often than stated, and would with bounds narrower by one."""
    low, high = coverage_bounds(sets, tests)
    law = stats.binom(sets, LEVEL)
    below, above = (1.0 - (1.0 - risk) ** (1.0 / tests) for risk in (RISK_BELOW, RISK_ABOVE))
    assert law.cdf(low - 1) <= below < law.cdf(low)
    assert law.sf(high) <= above
    assert high == sets or law.sf(high - 1) > above


def test_more_tests_widen_the_bounds() -> None:
    """What is judged together with more tests has bounds at least as wide."""
    bounds = [coverage_bounds(1000, tests) for tests in (1, 2, 10, 36, 150, 1000)]
    assert [low for low, _ in bounds] == sorted((low for low, _ in bounds), reverse=True)
    assert [high for _, high in bounds] == sorted(high for _, high in bounds)


def test_wrong_intervals_are_found() -> None:
    """Intervals that cover 90 % instead of 95 % are refused in 98 of 100 batteries of the full size."""
    low, _ = coverage_bounds(1000, 36)
    assert stats.binom(1000, 0.90).cdf(low - 1) > 0.98
