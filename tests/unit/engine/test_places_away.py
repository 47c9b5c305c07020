"""Places that are away: whose jobs are where then, on both engines, against the law that they follow."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine.program import compile_program
from jukinet_sim.network.model import (
    OTHERS,
    Arrivals,
    Closed,
    Flow,
    Network,
    PlaceFrom,
    PlaceLevel,
    Scheduled,
    Station,
    Visit,
    frozen_floats,
)
from jukinet_sim.theory.traffic import offered
from tests.twins.compare import assert_twins

WEIGHTS = (8.0, 4.0, 2.0, 1.0, 0.0, 1.0)
JOBS = 5_000
SIGMAS = 4.5
"""Bounds of every frequency; one false alarm in 150,000."""


def network(
    changes: Sequence[PlaceFrom], at_s: float, weights: Sequence[float] = WEIGHTS, side: str = "origin", jobs: int = JOBS,
    arrivals: Arrivals | None = None, work_s: float = 0.0,
) -> Network:  # fmt: skip
    """So many jobs at one instant, which each visit the desk of their town."""
    town = PlaceLevel("town", len(weights), frozen_floats(weights), changes=tuple(changes))
    visit = Visit("desk", constant(work_s), at="origin" if side == "origin" else "destination")
    given = Scheduled(frozen_floats([at_s] * jobs), (1,) * jobs) if arrivals is None else arrivals
    at = {side: town.name}
    return Network("away", 100.0, (Station("desk", 1, per="town"),), (Flow("f", (visit,), given, **at),), levels=(town,))  # type: ignore[arg-type]  # one of two keys


def arrived(of: Network) -> NDArray[np.int64]:
    """Return the jobs that came to each desk, the same on both engines."""
    return assert_twins(of).station_counts["arrived"]


def assert_law(counts: NDArray[np.int64], shares: Sequence[float]) -> None:
    """Require that counts are binomial with these shares, within so many standard deviations."""
    total = int(counts.sum())
    for count, share in zip(counts.tolist(), shares, strict=True):
        assert abs(count - total * share) <= SIGMAS * math.sqrt(total * share * (1.0 - share)) + 1e-9


def shares(*weights: float) -> list[float]:
    """Return weights as shares of their sum."""
    return [weight / sum(weights) for weight in weights]


MERGERS = (PlaceFrom(10.0, 0, 3), PlaceFrom(20.0, 3, 2), PlaceFrom(30.0, 3, 3))


@pytest.mark.parametrize("side", ["origin", "destination"])
@pytest.mark.parametrize(
    ("at_s", "weights"),
    [
        (9.0, WEIGHTS),
        (10.0, (0.0, 4.0, 2.0, 9.0, 0.0, 1.0)),
        (25.0, (0.0, 4.0, 11.0, 0.0, 0.0, 1.0)),  # whoever stands for another is away: both are where a third is
        (30.0, (0.0, 4.0, 2.0, 9.0, 0.0, 1.0)),
    ],
)
def test_jobs_of_a_merged_place_are_where_it_went(side: str, at_s: float, weights: Sequence[float]) -> None:
    """From the instant on, and as long as nobody else takes its place."""
    assert_law(arrived(network(MERGERS, at_s, side=side)), shares(*weights))


def test_nobody_else_moves() -> None:
    """Whose place is not away comes from where it would come from without the change."""
    usual, merged = (arrived(network(changes, 15.0)) for changes in ((), MERGERS))
    assert merged.tolist() == [0, *usual[1:3].tolist(), usual[0] + usual[3], *usual[4:].tolist()]


@pytest.mark.parametrize("gone", [(3,), (0,), (0, 1), (0, 1, 2, 3), (1, 5)])
def test_jobs_of_who_is_not_there_are_drawn_among_the_others(gone: tuple[int, ...]) -> None:
    """In proportion to their weights, whether much of the level is away or little."""
    changes = [PlaceFrom(0.0, place, OTHERS) for place in gone]
    weights = [0.0 if place in gone else weight for place, weight in enumerate(WEIGHTS)]
    assert_law(arrived(network(changes, 50.0)), shares(*weights))


def test_a_rare_place_alone_among_many_gets_every_job() -> None:
    """A draw of which nothing is left open goes to the next place that is there."""
    weights = [1.0, 1e-9, 1.0, 1.0]
    changes = [PlaceFrom(0.0, place, OTHERS) for place in (0, 2, 3)]
    assert arrived(network(changes, 50.0, weights, jobs=300)).tolist() == [0, 300, 0, 0]


def test_who_is_drawn_again_follows_a_merger() -> None:
    """Of 8 : 4 : 2 with the first not there and the second in the third, everything is at the third."""
    changes = [PlaceFrom(0.0, 0, OTHERS), PlaceFrom(0.0, 1, 2)]
    assert arrived(network(changes, 1.0, (8.0, 4.0, 2.0), jobs=500)).tolist() == [0, 0, 500]


def test_given_places_move_too() -> None:
    """A job whose place is given goes where that is; where any other will do it is drawn as if none had been given."""
    given = Scheduled(frozen_floats([5.0, 15.0]), (1, 1), (0, 0))
    assert arrived(network((PlaceFrom(10.0, 0, 3),), 0.0, arrivals=given)).tolist() == [1, 0, 0, 1, 0, 0]
    others = Scheduled(frozen_floats([15.0] * JOBS), (1,) * JOBS, (5,) * JOBS)
    changes = (PlaceFrom(10.0, 0, 3), PlaceFrom(10.0, 5, OTHERS))
    found = network(changes, 0.0, arrivals=others, work_s=1e-9)
    assert_law(arrived(found), shares(0.0, 4.0, 2.0, 9.0, 0.0, 0.0))
    assert offered(found)[0].worst_place == 3


def test_a_long_chain_is_followed_in_no_time() -> None:
    """Two thousand places each of which stands for the one before, at two thousand instants."""
    count = 2_000
    changes = tuple(PlaceFrom(float(number), number, number + 1) for number in range(count - 1))
    level = PlaceLevel("town", count, frozen_floats(np.ones(count)), changes=changes)
    instant_s, away = level.standing_in()[-1]
    assert instant_s == count - 2.0
    assert away == dict.fromkeys(range(count - 1), count - 1)


def test_each_cycle_of_a_closed_population_looks_anew() -> None:
    """Members begin a cycle each second where their place is then: 50 times in one town, then in another."""
    members = Closed(50, constant(1.0))
    counts = arrived(network((PlaceFrom(50.5, 0, 1),), 0.0, (1.0, 0.0), arrivals=members))
    assert counts.tolist() == [50 * 50, 49 * 50]


def test_loads_know_who_is_away_for_how_long() -> None:
    """A quarter of the time the second town has the first one's jobs as well."""
    load = offered(network((PlaceFrom(75.0, 0, 1),), 0.0, (2.0, 3.0), jobs=10, work_s=1.0))[0]
    assert load.worst_place == 1
    assert load.worst_offered_erlangs == pytest.approx(10 / 100.0 * (0.6 + 0.25 * 0.4))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ((PlaceFrom(0.0, 0, 1), PlaceFrom(1.0, 1, 0)), "circle: 1 for 0, 0 for 1"),
        (tuple(PlaceFrom(0.0, place, OTHERS) for place in range(6)), "nobody of \"town\" is left"),
        ((PlaceFrom(0.0, 7, 1),), "a place that town does not have is away"),
    ],
)
def test_what_leaves_nobody_is_refused(changes: tuple[PlaceFrom, ...], fault: str) -> None:
    """Before anything runs."""
    with pytest.raises(ScenarioError, match=fault):
        compile_program(network(changes, 0.0, jobs=1))
