"""Scheduled jobs at given places, on both engines and in the offered load."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import compile_program
from jukinet_sim.language.volume import multiplied
from jukinet_sim.network.model import Flow, Network, PlaceLevel, Scheduled, Station, Visit, frozen_floats
from jukinet_sim.theory.traffic import offered
from tests.twins.compare import assert_twins

TOWNS = PlaceLevel("town", 3, frozen_floats([1.0, 1.0, 2.0]))
WORK_S = 1.0


def network(places: list[int], jobs: int | None = None, share: list[float] | None = None, origin: bool = True) -> Network:
    """All jobs at once, each of one second at the desk of its town."""
    number = len(places) if jobs is None else jobs
    arrivals = Scheduled(frozen_floats([0.0] * number), (1,) * number, tuple(places))
    shares = None if share is None else frozen_floats(share)
    at = TOWNS.name if origin else None
    flow = Flow("file", (Visit("desk", constant(WORK_S)),), arrivals, origin=at, share=shares)
    return Network("places", 10_000.0, (Station("desk", 1, per=at),), (flow,), levels=(TOWNS,))


def test_each_job_queues_where_it_is_said_to_come_from() -> None:
    """More jobs than a block holds: each town has its own, and they wait as so many at one server do."""
    numbers = [3 * L.BLOCK, 0, 5]
    places = np.random.default_rng(1).permutation(np.repeat([0, 1, 2], numbers)).tolist()
    result = assert_twins(network(places))
    assert result.station_counts["arrived"].tolist() == numbers
    assert result.station_sums["wait"].tolist() == [WORK_S * n * (n - 1) / 2 for n in numbers]


def test_a_job_without_a_place_among_others_is_drawn() -> None:
    """Two in three are given town 0; of the rest, towns 0 to 2 get 0, 1/4 and 3/4 within four standard errors."""
    places = [0, -1, 0] * 400
    result = assert_twins(network(places, share=[0.0, 1.0, 3.0]))
    arrived = result.station_counts["arrived"]
    assert arrived[0] == 800
    assert abs(arrived[1] - 100) <= 4.0 * math.sqrt(400 * 0.25 * 0.75)
    assert arrived.sum() == 1200


def test_drawn_places_are_those_of_jobs_without_any_given() -> None:
    """Giving one job its place leaves those of the others as they were."""
    drawn = assert_twins(network([], jobs=200)).station_counts["arrived"]
    assert assert_twins(network([-1] * 200)).station_counts["arrived"].tolist() == drawn.tolist()


def test_offered_load_knows_the_places() -> None:
    """The busiest desk is that of the town with most jobs, given and drawn, whatever the weights of the level."""
    load = offered(network([0, 0, 0, -1]))[0]
    assert (load.worst_place, load.offered_erlangs) == (0, pytest.approx(4 * WORK_S / 10_000.0))
    assert load.worst_offered_erlangs == pytest.approx((3 + TOWNS.weights[0] / TOWNS.weights.sum()) * WORK_S / 10_000.0)


@pytest.mark.parametrize(
    ("of", "fault"),
    [
        (network([0, 1], jobs=3), "2 places for 3 scheduled jobs"),
        (network([0], origin=False), "no origin"),
        (network([3]), "a place that town does not have; write a number from 0 to 2"),
        (network([-2]), "a place that town does not have"),
    ],
)
def test_places_that_cannot_be_are_refused(of: Network, fault: str) -> None:
    """Each is told with a cure before anything runs."""
    with pytest.raises(ScenarioError, match=fault):
        compile_program(of)


def test_more_jobs_come_from_the_same_places() -> None:
    """Twice as many jobs are two at each place, and with larger jobs instead the places stay."""
    arrivals = Scheduled(frozen_floats([1.0, 2.0]), (1, 1), (2, 0))
    more, larger = (multiplied(arrivals, 2.0, jobs=jobs) for jobs in (True, False))
    assert isinstance(more, Scheduled)
    assert isinstance(larger, Scheduled)
    assert (more.at_s.tolist(), more.places) == ([1.0, 1.0, 2.0, 2.0], (2, 2, 0, 0))
    assert (larger.records, larger.places) == ((2, 2), (2, 0))
