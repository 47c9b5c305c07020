"""The points that engines are held to: theory's printed values, families complete, networks that state their figures."""

from __future__ import annotations

from collections import Counter

import pytest

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.results.summary import digest
from jukinet_sim.verify.catalogue import catalogue, chosen, families
from jukinet_sim.verify.point import read

PRINTED = {
    ("M/M/1 rho 0.8", "wait_s.p95"): 13.8629,
    ("M/M/1 rho 0.9", "wait_s.mean"): 9.0,
    ("M/M/c lam 1.6, c 2", "wait_fraction"): 0.7111111,
    ("M/M/c lam 4.0, c 5", "wait_s.mean"): 0.5541126,
    ("M/G/c/c constant, a 3.0, c 5", "loss_fraction"): 0.11005435,
    ("M/G/c/c cv^2 = 4, a 10.0, c 10", "loss_fraction"): 0.21458234,
    ("M/M/c/K lam 8.0, mu 4.0, c 5, K 12", "in_station"): 2.039346,
    ("M/M/c/K lam 8.0, mu 4.0, c 5, K 12", "loss_fraction"): 5.869e-5,
    ("M/M/c/K lam 1.2, mu 1.0, c 1, K 10", "in_station"): 6.710709,
    ("M/G/1 Erlang-4, rho 0.8", "wait_s.mean"): 2.5,
    ("M/G/1 cv^2 = 4, rho 0.8", "wait_s.mean"): 10.0,
    ("M/D/c lam 1.6, c 2", "wait_s.mean"): 0.9032839,
    ("M/D/c lam 4.0, c 5", "wait_s.mean"): 0.2890600,
    ("GI/M/1 constant gaps, rho 0.8", "wait_s.mean"): 1.692731,
    ("M/G/1 priority lam .2, .3, .3", "class 2 wait_s.mean"): 8.0,
    ("M/G/c PS cv^2 = 4, rho 0.8", "sojourn_s.mean"): 5.0,
    ("M^X/M/1 of 5, rho 0.8", "in_station"): 12.0,
    ("M/M/1 breakdowns lam 0.5, xi 0.1, eta 0.4", "in_station"): 2.333333,
    ("Erlang A (48, 1, .5, 50)", "wait_fraction"): 0.4677741,
    ("Erlang A (48, 1, .5, 50)", "wait_all_s.mean"): 0.0618245,
    ("retrial M/M/1/1 lam 0.5, mu 1.0, nu 0.5", "jobs_between_attempts"): 1.5,
    ("Jackson four stations", "three in_station"): 2.148148,
    ("tandem M/M/1 lam 0.5, 3 stages", "sojourn_s.mean"): 15.333333,
    ("Mt/G/inf exponential, 6 h", "in_system"): 74.57885,
    ("call centre 48/min, 50 agents", "wait_all_s.p90"): 12.44,
    ("call centre 48/min, 50 agents", "wait_s.mean"): 3.62,
    ("closed network N 10", "sojourn_s.mean"): 26.4699,
    ("closed network N 3", "throughput_per_s"): 0.22922,
}
"""Figures that textbooks and papers print, to the digits given here."""


@pytest.mark.parametrize(("key", "label"), PRINTED)
def test_printed_figures(key: str, label: str) -> None:
    """The catalogue's value of a published figure is the published one."""
    theory = {figure.label: figure.theory for figure in catalogue()[key].figures}
    assert theory[label] == pytest.approx(PRINTED[key, label], rel=2e-3 if key.startswith("call") else 3e-5)


def test_every_family_has_a_point_of_its_own() -> None:
    """Each family has a point that is printed nowhere, and most have printed ones besides."""
    own = Counter(point.family for point in catalogue().values() if not point.printed)
    assert set(own) == set(families())


def test_chosen_families() -> None:
    """Named families are chosen with all their points, and all points where none is named."""
    assert {point.family for point in chosen({"M/M/1"})} == {"M/M/1"}
    assert len(chosen(())) == len(catalogue())


@pytest.mark.parametrize("key", catalogue())
def test_every_figure_can_be_read(key: str) -> None:
    """A short run of each point states each of its figures, below and above nothing absurd."""
    point = catalogue()[key]
    program = compile_program(point.stretched(0.05, 0.1))
    told = digest(conduct(make_engine("fast", program, 5, 0), program, 0), program)
    for figure in point.figures:
        found = read(told, figure)
        assert found is not None
        assert figure.rare or figure.theory / 10.0 < found < figure.theory * 10.0


def test_stretching_keeps_the_warm_up_apart() -> None:
    """Observed time and warm-up are multiplied each by its own factor; a transient point stays as it is."""
    point = catalogue()["M/M/1 rho 0.8"]
    network = point.stretched(3.0, 0.5)
    assert network.warm_up_s == point.network.warm_up_s / 2.0
    assert network.horizon_s - network.warm_up_s == pytest.approx(3.0 * point.observed_s)
    wave = catalogue()["Mt/G/inf exponential, 6 h"]
    assert wave.stretched(3.0, 0.5) is wave.network
