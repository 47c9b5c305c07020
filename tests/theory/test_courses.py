"""Step functions side by side, against their values at many instants, and what other flows may not change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import Flow, Network, Piecewise, Schedule, Station, Visit
from jukinet_sim.theory.courses import Courses, Steps
from jukinet_sim.theory.peaks import busiest_hour

DAY = 86_400.0
MORNING: Steps = (np.array([0.0, 30_000.0, 40_000.0]), np.array([0.1, 2.0, 0.3]))
NOON: Steps = (np.array([0.0, 0.0, 43_200.0]), np.array([9.0, 0.0, 1.0]))
"""Its first value holds for no time at all."""


def at(steps: Steps, t_s: float) -> float:
    """The value of a step function at an instant."""
    return float(steps[1][np.flatnonzero(steps[0] <= t_s)[-1]])


def test_loads_are_sums() -> None:
    """What is laid out has, from each step on, the value of each function and their weighted sum."""
    courses = Courses([MORNING, NOON], np.array([0.0, 50_000.0]), DAY)
    starts = [0.0, 30_000.0, 40_000.0, 43_200.0, 50_000.0]
    assert courses.laid_out(NOON).tolist() == [at(NOON, t_s) for t_s in starts]
    assert courses.load(np.array([0.5, 2.0])) == pytest.approx([0.5 * at(MORNING, t) + 2.0 * at(NOON, t) for t in starts])


def test_means_of_all_windows() -> None:
    """Over each window a flow's mean rate is the integral of its steps."""
    courses = Courses([MORNING, NOON], np.zeros(1), DAY)
    means = courses.means()
    assert means.shape == (2, len(courses.windows))
    assert means[0].max() == pytest.approx(2.0)
    assert means[1].max() == pytest.approx(1.0)


def test_without_flows_there_is_no_load() -> None:
    """Servers alone can be laid out as well."""
    courses = Courses([], np.array([0.0, 100.0]), DAY)
    assert courses.load(np.zeros(0)).tolist() == [0.0, 0.0]


def test_other_flows_do_not_move_a_peak() -> None:
    """The busiest hour of a station is the same whether or not somebody comes to another one, at whatever times."""
    schedule = Schedule((0.0, 8 * 3600.0, 20 * 3600.0), (1, 4, 1), DAY)
    morning = Piecewise(np.array([0.0, 30_000.0, 40_000.0]), np.array([0.1, 1.0, 0.1]), DAY)
    busy = Flow("busy", (Visit("a", dist.constant(0.5)),), morning)
    alone = Network("alone", 3 * DAY, (Station("a", 4, schedule=schedule), Station("b", 1)), (busy,))
    course = np.sort(np.random.default_rng(3).random(200)) * 3 * DAY
    other = Flow("other", (Visit("b", dist.constant(0.1)),), Piecewise(np.concatenate([[0.0], course]), np.full(201, 0.7)))
    assert busiest_hour(replace(alone, flows=(busy, other)))[0] == busiest_hour(alone)[0]
