"""`network.volume` multiplies whatever comes, each kind of arrivals in its own way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.chance import distributions as D
from jukinet_sim.language.volume import multiplied, shared_out
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.theory.arrivals import mean_rate

HORIZON_S = 1000.0
LAWS = (
    D.constant(2.0), D.exponential(2.0), D.uniform(1.0, 3.0), D.gamma(2.0, 0.5), D.lognormal(2.0, 1.5), D.weibull(2.0, 0.7),
    D.hyperexponential(2.0, 2.0), D.empirical((1.0, 4.0), (2.0, 1.0)),
)  # fmt: skip
ARRIVALS = (
    M.Poisson(3.0),
    M.BatchPoisson(3.0, D.geometric(2.0)),
    *(M.Renewal(law) for law in LAWS),
    M.Piecewise(M.frozen_floats([0.0, 400.0]), M.frozen_floats([1.0, 3.0])),
    M.Sinusoid(2.0, 1.0, 100.0),
    M.Modulated((1.0, 5.0), ((0.0, 0.1), (0.3, 0.0))),
    M.ExactCount(1000, M.frozen_floats([0.0]), M.frozen_floats([1.0]), HORIZON_S),
)


@pytest.mark.parametrize("arrivals", ARRIVALS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("factor", [0.5, 1.5, 3.0])
def test_the_mean_rate_is_multiplied(arrivals: M.Arrivals, factor: float) -> None:
    """Theory's mean rate of the multiplied arrivals is that of the arrivals times the factor."""

    def rate(of: M.Arrivals) -> float:
        return mean_rate(M.Flow("f", (), of), HORIZON_S)

    assert rate(multiplied(arrivals, factor, jobs=False)) == pytest.approx(factor * rate(arrivals), rel=1e-12)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.kind)
def test_a_scaled_law_keeps_its_variability(law: D.Distribution) -> None:
    """The mean takes the factor, the squared coefficient of variation stays."""
    assert law.scaled(2.5).mean == pytest.approx(2.5 * law.mean, rel=1e-12)
    assert law.scaled(2.5).scv == pytest.approx(law.scv, abs=1e-12)


def test_a_geometric_law_is_not_scaled() -> None:
    """Half of a number of trials is no number of trials."""
    with pytest.raises(ValueError, match="geometric"):
        D.geometric(2.0).scaled(0.5)


def test_a_closed_loop_never_loses_its_last_job() -> None:
    """Jobs are whole, and a loop has one at least."""
    loop = M.Closed(3, D.exponential(1.0))
    assert [multiplied(loop, factor, jobs=False).jobs for factor in (0.01, 0.5, 2.5)] == [1, 2, 8]  # type: ignore[union-attr]


def test_instants_of_a_file_come_several_times_or_are_left_out() -> None:
    """One and a half times four jobs are six, spread evenly; half of them are two."""
    given = M.Scheduled(M.frozen_floats([0.0, 1.0, 2.0, 3.0]), (7,) * 4)
    more, less = (multiplied(given, factor, jobs=True) for factor in (1.5, 0.5))
    assert isinstance(more, M.Scheduled)
    assert isinstance(less, M.Scheduled)
    assert sorted(np.unique(more.at_s, return_counts=True)[1].tolist()) == [1, 1, 2, 2]
    assert more.records == (7,) * 6
    assert len(less.at_s) == len(less.records) == 2


def test_scheduled_jobs_grow() -> None:
    """Files stay where they are; their records in all are the product, to a whole number, wherever one stops counting."""
    given = M.Scheduled(M.frozen_floats([0.0, 1.0, 2.0]), (10, 3, 7))
    grown = multiplied(given, 1.217, jobs=False)
    assert isinstance(grown, M.Scheduled)
    assert grown.at_s.tolist() == [0.0, 1.0, 2.0]
    assert np.abs(np.cumsum(grown.records) - 1.217 * np.array([10, 13, 20])).max() <= 0.5


@pytest.mark.parametrize("factor", [0.0, 0.3, 1.0, 2.0, 1e6])
def test_whole_numbers_add_up(factor: float) -> None:
    """No running sum is further than a half from its product."""
    counts = (1, 0, 5, 2, 2, 1)
    sums = np.cumsum(shared_out(counts, factor))
    assert np.abs(sums - factor * np.cumsum(counts)).max() <= 0.5


@pytest.mark.parametrize(("volume", "rate"), [("1", 2.0), ("2.5", 5.0)])
def test_a_scenario_sets_it(tmp_path: Path, volume: str, rate: float) -> None:
    """`network.volume` reaches the arrivals of every flow."""
    path = tmp_path / "one.yaml"
    path.write_text(
        "scenario: one\nrun: {horizon: 1 h}\nnetwork:\n  stations: {s: {servers: 1}}\n"
        "  flows: {f: {arrivals: {poisson: 2 /s}, route: [{visit: s, demand: {exponential: 1 ms}}]}}\n"
    )
    assert compile_network(load(path, sets=[f"network.volume={volume}"])).flows[0].arrivals == M.Poisson(rate)


def test_no_volume_is_no_arrivals(tmp_path: Path) -> None:
    """With a volume of 0 nobody comes."""
    path = tmp_path / "none.yaml"
    path.write_text(
        "scenario: none\nrun: {horizon: 1 h}\nnetwork:\n  volume: 0\n  stations: {s: {servers: 1}}\n"
        "  flows: {f: {arrivals: {poisson: 2 /s}, route: [{visit: s, demand: {exponential: 1 ms}}]}}\n"
    )
    arrivals = compile_network(load(path)).flows[0].arrivals
    assert mean_rate(M.Flow("f", (), arrivals), HORIZON_S) == 0.0
