"""Simulations fitted to observations: parameters come out, intervals cover, simulations are few, guesses are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import optimize

from jukinet_sim.base.errors import UsageError
from jukinet_sim.fitting.least_squares import Oracle, fit
from jukinet_sim.fitting.parameters import Fit, FitParameter

Floats = NDArray[np.float64]
RATES = np.arange(2.0, 17.0, 2.0)
TRUE_S = np.array([0.030, 0.050])
DEMANDS = (FitParameter("first", 0.01, 0.001, 0.06), FitParameter("second", 0.02, 0.001, 0.062))


def tandem(demands_s: Floats) -> Floats:
    """Utilisation of the first of two M/M/1 stations in a row, and the sojourn time over both (Burke), at eight rates."""
    with np.errstate(divide="ignore"):
        sojourns = [np.where(RATES * d < 1.0, d / (1.0 - RATES * d), np.nan) for d in demands_s]
    return np.concatenate([RATES * demands_s[0], sum(sojourns)])


def exact(demands_s: Floats) -> tuple[Floats, Floats]:
    """The tandem without any simulation error."""
    figures = tandem(demands_s)
    return figures, np.zeros(len(figures))


def values(found: Fit) -> list[float]:
    """The fitted values."""
    return [one.value for one in found.parameters]


def test_exact_figures() -> None:
    """From figures without noise the demands come out to five digits, with intervals of no width, and the fit is perfect."""
    found = fit(exact, DEMANDS, tandem(TRUE_S))
    assert values(found) == pytest.approx(TRUE_S.tolist(), rel=1e-5)
    assert found.simulated == pytest.approx(tandem(TRUE_S).tolist(), rel=1e-4)
    assert found.converged
    assert not any(one.at_bound for one in found.parameters)


def test_the_minimum_is_that_of_another_program() -> None:
    """With noise the fitted values are those of scipy's least squares, to a tenth of their standard errors."""
    observed = tandem(TRUE_S) * (1 + 0.03 * np.random.default_rng(2).standard_normal(16))
    found = fit(exact, DEMANDS, observed, errors=0.03 * observed)
    other = optimize.least_squares(lambda z: (observed - tandem(np.exp(z))) / (0.03 * observed), np.log([0.02, 0.04]))
    standard = np.sqrt(np.diag(np.linalg.inv(other.jac.T @ other.jac)))
    for i, one in enumerate(found.parameters):
        assert one.low is not None
        assert one.high is not None
        assert abs(math.log(one.value) - other.x[i]) < 0.1 * standard[i]
        assert math.log(one.high / one.low) == pytest.approx(2 * 1.959964 * standard[i], rel=0.02)


@pytest.mark.parametrize("errors", ["given", "given, and simulated", "estimated"])
def test_intervals_cover(errors: str) -> None:
    """Of 400 fits 367 to 393 intervals hold each true demand; nearly all find it to 3 %, in fewer than twenty simulations.

    The simulation error of 1 % is one draw for each figure and every point: that is what common random numbers do.
    """
    rng = np.random.default_rng(11)
    figures = tandem(TRUE_S)
    simulated = 0.01 if "simulated" in errors else 0.0
    covered, near, calls = np.zeros(2), 0, 0
    for _ in range(400):
        chance = 1.0 + simulated * rng.standard_normal(16)

        def oracle(demands_s: Floats, chance: Floats = chance) -> tuple[Floats, Floats]:
            return tandem(demands_s) * chance, simulated * tandem(demands_s)

        observed = figures * (1.0 + 0.02 * rng.standard_normal(16))
        found = fit(oracle, DEMANDS, observed, errors=None if errors == "estimated" else 0.02 * figures)
        covered += [one.low <= true <= one.high for one, true in zip(found.parameters, TRUE_S, strict=True)]  # type: ignore[operator]
        near += values(found) == pytest.approx(TRUE_S.tolist(), rel=0.03)
        assert found.converged
        calls += found.calls
    assert ((covered >= 367) & (covered <= 393)).all()
    assert near >= 398  # the demands' standard errors are at most 0.75 %
    assert calls <= 8_000


def waits_by_lindley(seed: int, replications: int = 20, jobs: int = 4000) -> Oracle:
    """An oracle that simulates one M/M/1 station at four rates with Lindley's recursion, the same draws at every point."""
    rng = np.random.default_rng(seed)
    gaps, work = rng.exponential(size=(2, jobs, replications, 1))

    def oracle(demand_s: Floats) -> tuple[Floats, Floats]:
        between, service = gaps / np.array([4.0, 8.0, 12.0, 16.0]), work * demand_s[0]
        wait = np.zeros((replications, 4))
        total = np.zeros((replications, 4))
        for i in range(1, jobs):
            wait = np.maximum(wait + service[i - 1] - between[i], 0.0)
            total += wait
        mean = total / jobs
        return mean.mean(axis=0), mean.std(axis=0, ddof=1) / math.sqrt(replications)

    return oracle


def test_a_real_simulation() -> None:
    """A demand fitted to the theoretical waits of M/M/1 by simulations with noise of their own is found to 3 %."""
    rates = np.array([4.0, 8.0, 12.0, 16.0])
    observed = 0.05 * 0.05 * rates / (1.0 - 0.05 * rates)
    found = fit(waits_by_lindley(1), [FitParameter("demand", 0.03, 0.005, 0.06)], observed, errors=0.02 * observed)
    (demand,) = found.parameters
    assert demand.value == pytest.approx(0.05, rel=0.03)
    assert demand.low is not None
    assert demand.high is not None
    assert demand.low <= 0.05 <= demand.high
    assert found.converged
    assert found.calls <= 15


def test_linear_parameters() -> None:
    """A parameter that may be 0 is fitted as it is: a straight line has the intercept, slope and errors of regression."""
    x = np.arange(10.0)
    observed = 2.0 + 0.5 * x + 0.1 * np.random.default_rng(1).standard_normal(10)
    parameters = [FitParameter("intercept", 1.0, 0.0, 5.0), FitParameter("slope", 1.0, 0.0, 2.0)]
    found = fit(lambda p: (p[0] + p[1] * x, np.zeros(10)), parameters, observed, errors=np.full(10, 0.1))
    design = np.stack([np.ones(10), x], axis=1)
    assert values(found) == pytest.approx(np.linalg.lstsq(design, observed)[0].tolist(), abs=1e-3)
    for one, variance in zip(found.parameters, np.diag(np.linalg.inv(design.T @ design)), strict=True):
        assert one.low == pytest.approx(one.value - 1.959964 * 0.1 * math.sqrt(variance), abs=1e-4)


def test_a_bound_holds() -> None:
    """Where the best value lies beyond a bound the bound is the answer, says so, and the other is fitted beside it."""
    parameters = [FitParameter("first", 0.01, 0.001, 0.02), DEMANDS[1]]
    found = fit(exact, parameters, tandem(TRUE_S))
    first, second = found.parameters
    assert first.value == 0.02
    assert first.at_bound
    assert not second.at_bound

    def cost(demand_s: float) -> float:
        return float(np.square(1.0 - tandem(np.array([0.02, demand_s])) / tandem(TRUE_S)).sum())

    best = optimize.minimize_scalar(cost, bounds=(0.04, 0.06), method="bounded")
    assert second.value == pytest.approx(best.x, rel=0.003)


def test_figures_that_come_to_nothing_are_avoided() -> None:
    """From a start beside saturation the search steps back from where queues have no mean."""
    parameters = [FitParameter("first", 0.06, 0.001, 0.2), FitParameter("second", 0.062, 0.001, 0.2)]
    found = fit(exact, parameters, tandem(TRUE_S), errors=0.02 * tandem(TRUE_S))
    assert values(found) == pytest.approx(TRUE_S.tolist(), rel=0.005)


def test_the_number_of_simulations_is_bounded() -> None:
    """A search that is stopped says so, and has run no more than one Jacobian beyond."""
    found = fit(exact, DEMANDS, tandem(TRUE_S), errors=0.02 * tandem(TRUE_S), most_calls=4)
    assert not found.converged
    assert found.calls <= 4 + 2 * len(DEMANDS)


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    """As many figures as parameters, and unknown errors: values, but neither intervals nor a misfit."""
    chosen = [3, 12]
    found = fit(lambda d: (tandem(d)[chosen], np.zeros(2)), DEMANDS, tandem(TRUE_S)[chosen])
    assert values(found) == pytest.approx(TRUE_S.tolist(), rel=1e-4)
    assert [(one.low, one.high) for one in found.parameters] == [(None, None)] * 2
    assert found.misfit is None


def test_misfit() -> None:
    """Where the model cannot be right, the misfit is far above 1; where it is, about 1."""
    rng = np.random.default_rng(4)
    right = tandem(TRUE_S) * (1 + 0.02 * rng.standard_normal(16))
    wrong = tandem(TRUE_S) * (1 + 0.02 * rng.standard_normal(16)) + np.array([0.0] * 8 + [0.05, 0.0] * 4)
    good, bad = (fit(exact, DEMANDS, observed, errors=0.02 * tandem(TRUE_S)).misfit for observed in (right, wrong))
    assert good is not None
    assert bad is not None
    assert good < 2.1  # the 99 % quantile of chi-square with 14 degrees of freedom, per degree
    assert bad > 10.0


def test_parameters_that_cannot_be_told_apart_are_named() -> None:
    """Only the product of two enters the figures: both are named, the third is not."""
    x = np.arange(1.0, 9.0)
    parameters = [FitParameter(name, 1.0, 0.1, 10.0) for name in ("speed", "rate", "work")]
    noisy = 2.0 * x + 1.5 + 0.01 * np.random.default_rng(1).standard_normal(8)
    with pytest.raises(UsageError, match=r"^rate and work cannot be told apart by the observed figures; fix one"):
        fit(lambda p: (p[1] * p[2] * x + p[0], np.zeros(8)), parameters, noisy)


def test_an_idle_parameter_is_named() -> None:
    """A parameter that moves nothing is named."""
    x = np.arange(1.0, 9.0)
    parameters = [FitParameter(name, 1.0, 0.1, 10.0) for name in ("slope", "colour")]
    with pytest.raises(UsageError, match=r"^colour moves none of the observed figures"):
        fit(lambda p: (p[0] * x, np.zeros(8)), parameters, 2.0 * x + 0.01)


def test_a_loose_parameter_is_named() -> None:
    """One that moves the figures by less than their noise has an interval wider than its bounds."""
    x = np.arange(1.0, 9.0)
    parameters = [FitParameter(name, 1.0, 0.1, 10.0) for name in ("slope", "whim")]
    with pytest.raises(UsageError, match="leave whim anywhere within its bounds"):
        fit(lambda p: (p[0] * x + 1e-3 * p[1] * (-1) ** x, np.zeros(8)), parameters, 2.0 * x, errors=np.full(8, 0.1))


@pytest.mark.parametrize(
    ("parameters", "observed", "errors", "says"),
    [
        (DEMANDS, [0.1], [0.1], "2 parameters cannot be fitted to 1 observed figures"),
        ((), [0.1], None, "there is no parameter to fit"),
        ((DEMANDS[0], DEMANDS[0]), [0.1, 0.2], None, "first is to be fitted twice"),
        (DEMANDS, [0.1, 0.0], None, "figure 2 was observed as 0"),
        (DEMANDS, [0.1, math.nan], None, "figure 2 was observed as nan"),
        (DEMANDS, [0.1, 0.2], [0.1, 0.0], "the standard error of figure 2 is 0"),
    ],
)
def test_refused(parameters: tuple[FitParameter, ...], observed: list[float], errors: list[float] | None, says: str) -> None:
    """What cannot be fitted is told before anything is simulated."""

    def never(_: Floats) -> tuple[Floats, Floats]:
        raise AssertionError("simulated")

    with pytest.raises(UsageError) as caught:
        fit(never, parameters, np.array(observed), errors=None if errors is None else np.array(errors))
    assert says in str(caught.value)


@pytest.mark.parametrize(("start", "low", "high"), [(2.0, 0.0, 1.0), (0.5, 1.0, 0.0), (math.nan, 0.0, 1.0), (1.0, 1.0, 1.0)])
def test_bounds(start: float, low: float, high: float) -> None:
    """A start outside its bounds, and bounds that are none, are refused."""
    with pytest.raises(UsageError, match="write a start within its bounds"):
        FitParameter("p", start, low, high)


def test_a_start_that_cannot_be_simulated() -> None:
    """The figure that comes to nothing is named."""
    with pytest.raises(UsageError, match="sojourn comes to nothing at the starting values"):
        fit(lambda p: (np.array([1.0, math.nan]), np.zeros(2)), DEMANDS, np.ones(2), what=("use", "sojourn"))


def test_intervals_cover_where_figures_are_rough() -> None:
    """A rate moves events over the edges of windows, one by one: of 400 intervals some 95 % hold it all the same.

    The oracle counts a unit Poisson process between rate times the edges; its differences shrink with the root of the step
    only, and slopes taken from short steps would make the intervals too narrow.
    """
    rng = np.random.default_rng(3)
    edges, covered = np.array([[100.0, 2600.0], [2650.0, 5150.0], [5200.0, 7700.0]]), 0
    for _ in range(400):
        times = np.cumsum(rng.exponential(size=(5, 12_000)), axis=1)

        def oracle(rate: Floats, times: Floats = times) -> tuple[Floats, Floats]:
            counts = np.array([np.diff(np.searchsorted(one, rate[0] * edges))[:, 0] for one in times]) / 2500.0
            return counts.mean(axis=0), counts.std(axis=0, ddof=1) / math.sqrt(len(times))

        observed = 1.0 + 0.06 * rng.standard_normal(3)
        (one,) = fit(oracle, [FitParameter("rate", 0.9, 0.1, 1.5)], observed, errors=np.full(3, 0.06)).parameters
        assert one.low is not None
        assert one.high is not None
        covered += one.low <= 1.0 <= one.high
    assert 367 <= covered <= 392
