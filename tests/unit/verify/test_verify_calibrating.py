"""Whole calibrations are counted: one gives intervals about its truth, and intervals that miss it are noticed."""

from __future__ import annotations

import pytest

from jukinet_sim.verify.decisions import calibrating
from jukinet_sim.verify.decisions.calibrating import TRUE_DEMAND_S, TRUE_RATE_PER_S, Trial, claims, standard_errors, try_once
from jukinet_sim.verify.workers import Workers

ERRORS = (0.061, 0.052, 0.064, 0.054)
Intervals = tuple[tuple[float, float], ...]


def test_standard_errors() -> None:
    """In 250 s about 250 jobs arrive: the rate is known to a root of 250 events, and each figure to no worse than 10 %."""
    errors = standard_errors(5)
    assert errors[0] == pytest.approx((250.0**0.5) / 250.0, rel=0.15)
    assert all(0.02 < error < 0.1 for error in errors)


def test_one_trial() -> None:
    """Its intervals are those that the errors of one window each allow: about twice 1.96 errors wide, around the truth."""
    rate, demand = try_once(Trial(1, 2013, ERRORS))
    assert 3.0 < (rate[1] - rate[0]) / (ERRORS[0] * TRUE_RATE_PER_S) * 2**0.5 < 6.0
    assert rate[0] < TRUE_RATE_PER_S < rate[1]
    assert demand[0] < TRUE_DEMAND_S < demand[1]
    assert try_once(Trial(1, 2013, ERRORS)) == (rate, demand)
    assert try_once(Trial(2, 2013, ERRORS)) != (rate, demand)


@pytest.mark.parametrize(("missing", "holds"), [(5, True), (15, False), (0, True)])
def test_the_count_decides(monkeypatch: pytest.MonkeyPatch, missing: int, holds: bool) -> None:
    """Of 100 intervals some five may miss; fifteen may not."""

    def pretended(trial: Trial) -> Intervals:
        misses = trial.number < missing
        return (TRUE_RATE_PER_S + 0.1 * misses, 2.0), (1.0, 2.0)

    monkeypatch.setattr(calibrating, "try_once", pretended)
    monkeypatch.setattr(calibrating, "standard_errors", lambda _: ERRORS)
    rate, demand = claims(100, 1, Workers())
    assert rate.holds is holds
    assert rate.details["covered"] == 100 - missing
    assert demand.holds
