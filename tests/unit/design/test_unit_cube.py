"""Shares of ranges, and points that a scenario reads as they were meant."""

from __future__ import annotations

import math

import pytest

from jukinet_sim.design.plans import plan
from jukinet_sim.design.unit_cube import from_share, is_wide
from jukinet_sim.design.vary import parse_axis
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder


def test_shares() -> None:
    """Uniform or by logarithm as asked; without being asked, by logarithm from a factor of five on."""
    assert from_share(0.5, 1.0, 100.0, log=False) == 50.5
    assert from_share(0.5, 1.0, 100.0, log=True) == pytest.approx(10.0)
    assert from_share(0.5, 1.0, 100.0) == pytest.approx(10.0)
    assert from_share(0.5, 1.0, 4.0) == 2.5
    assert [is_wide(*ends) for ends in ((1.0, 5.0), (1.0, 4.99), (0.0, 5.0))] == [True, False, False]


def test_whole_numbers() -> None:
    """Each stands for the interval up to the next; 1 is as likely as log 2 / log 4 says by logarithm."""
    assert [from_share(share, 1, 3, whole=True, log=False) for share in (0.0, 0.3, 0.4, 0.7, 1.0)] == [1, 1, 2, 3, 3]
    part = math.log(2) / math.log(4)
    assert [from_share(share, 1, 3, whole=True, log=True) for share in (part - 1e-6, part + 1e-6)] == [1, 2]


def test_no_logarithm_of_zero() -> None:
    """A range that reaches 0 has none."""
    with pytest.raises(ValueError, match="no logarithm"):
        from_share(0.5, 0.0, 1.0, log=True)


@pytest.mark.parametrize("design", ["grid", "lhs", "sobol"])
def test_a_scenario_reads_its_points(design: str) -> None:
    """Every point of a design is a scenario whose figures are the numbers of the axes, in SI."""
    written = ("network.flows.customer.arrivals.poisson=6 /min..48 /min", "network.stations.server.servers=1..4")
    axes = [parse_axis(one) for one in written]
    made = plan(design, axes, points=5)  # type: ignore[arg-type]
    assert len(made.points) == (20 if design == "grid" else 5)
    for i, (rate, servers) in enumerate(made.points):
        network = load(shipped_folder() / "textbook" / "mm1.yaml", sets=made.settings(i)).scenario.network
        assert network is not None
        assert network.stations["server"].servers == int(servers)
        number = axes[0].number(rate)
        assert number is not None
        assert network.flows["customer"].arrivals.poisson == pytest.approx(number / 60.0, rel=1e-15)  # type: ignore[union-attr]
