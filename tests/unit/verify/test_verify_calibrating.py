"""Whole calibrations are counted: one gives intervals about its truth, and intervals that miss it are noticed."""

from __future__ import annotations

import math

import pytest

from jukinet_sim.verify.decisions import calibrating
from jukinet_sim.verify.decisions.calibrating import TRUE_DEMAND_S, TRUE_RATE_PER_S, Trial, claims, pilot, try_once
from jukinet_sim.verify.workers import Workers

FIGURES = ((1.0, 0.02), (0.6, 0.017), (1.0, 0.02), (0.6, 0.017))
Intervals = tuple[tuple[float, float], ...]


def test_the_pilot() -> None:
    """In 2,500 s some 2,500 jobs leave: the rate varies by a root of 2,500 events, the utilisation is lambda E[S] / 2."""
    figures = pilot(5)
    for mean, spread in figures[::2]:
        assert mean == pytest.approx(TRUE_RATE_PER_S, abs=4 * 0.02 / 200**0.5)
        assert spread == pytest.approx(2500.0**0.5 / 2500.0, rel=4 / 400**0.5)
    for mean, spread in figures[1::2]:
        assert mean == pytest.approx(TRUE_RATE_PER_S * TRUE_DEMAND_S / 2, abs=4 * spread / 200**0.5)


def test_one_trial() -> None:
    """Its intervals are about the truth, that of the rate as wide as two figures of 6.3 % allow; another trial has others."""
    rate, demand = try_once(Trial(1, 2013, FIGURES))
    assert math.log(rate[1] / rate[0]) == pytest.approx(2 * 1.96 * math.hypot(0.06, 0.02) / 2**0.5, rel=0.25)
    assert rate[0] < TRUE_RATE_PER_S < rate[1]
    assert demand[0] < TRUE_DEMAND_S < demand[1]
    assert try_once(Trial(1, 2013, FIGURES)) == (rate, demand)
    assert try_once(Trial(2, 2013, FIGURES)) != (rate, demand)


@pytest.mark.parametrize(("missing", "holds"), [(5, True), (15, False), (0, True)])
def test_the_count_decides(monkeypatch: pytest.MonkeyPatch, missing: int, holds: bool) -> None:
    """Of 100 intervals some five may miss; fifteen may not."""

    def pretended(trial: Trial) -> Intervals:
        misses = trial.number < missing
        return (TRUE_RATE_PER_S + 0.1 * misses, 2.0), (1.0, 2.0)

    monkeypatch.setattr(calibrating, "try_once", pretended)
    monkeypatch.setattr(calibrating, "pilot", lambda _: FIGURES)
    rate, demand = claims(100, 1, Workers())
    assert rate.holds is holds
    assert rate.details["covered"] == 100 - missing
    assert demand.holds
