"""Morris screening on functions whose elementary effects are known, and tornado charts."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.morris import Effect, morris_design, screen
from jukinet_sim.design.tornado import swings, tornado_points

Floats = NDArray[np.float64]


def ishigami(x: Floats) -> Floats:
    """The function of Ishigami and Homma (1990) on the unit cube, a = 7, b = 0.1."""
    z = np.pi * (2.0 * x - 1.0)
    result: Floats = np.sin(z[:, 0]) + 7.0 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])
    return result


def by_key(effects: tuple[Effect, ...]) -> dict[str, Effect]:
    """The effects by name."""
    return {one.key: one for one in effects}


def expected_effects(factor: int, levels: int) -> Floats:
    """Every elementary effect that a factor of `ishigami` can have on the grid, each equally likely."""
    grid = np.array(list(itertools.product(np.arange(levels) / (levels - 1), repeat=3)))
    lower = grid[grid[:, factor] < 0.5]
    step = levels / (2 * (levels - 1))
    upper = lower.copy()
    upper[:, factor] += step
    result: Floats = (ishigami(upper) - ishigami(lower)) / step
    return result


def test_each_step_moves_one_group() -> None:
    """In a trajectory every group moves once, all of its factors by the step, and stays on the grid; a point costs one run."""
    design = morris_design(["a", "b", "c", "d"], 30, 1, levels=6, groups={"g": ["b", "d"]})
    walks = design.points.reshape(30, 4, 4)
    assert [group.name for group in design.groups] == ["a", "g", "c"]
    for walk, moved in zip(walks, design.moved, strict=True):
        assert sorted(moved) == [0, 1, 2]
        for step, which in zip(np.diff(walk, axis=0), moved, strict=True):
            columns = list(design.groups[which].columns)
            assert np.flatnonzero(step).tolist() == columns
            assert np.abs(step[columns]) == pytest.approx(0.6)
    assert set(np.rint(walks * 5).astype(int).ravel()) == {0, 1, 2, 3, 4, 5}
    assert np.abs(walks * 5 - np.rint(walks * 5)).max() < 1e-12
    assert walks.min() == 0.0
    assert walks.max() == 1.0


def test_a_linear_function() -> None:
    """Every effect is the coefficient, with no spread, no interaction and no width."""
    design = morris_design(["a", "b", "c"], 5, 1)
    found = screen(design, design.points @ np.array([2.0, -7.0, 0.0]) + 40.0)
    assert [one.key for one in found] == ["b", "a", "c"]
    b, a, c = found
    assert (b.effect, b.mean) == (pytest.approx(7.0), pytest.approx(-7.0))
    assert (a.effect, a.mean) == (pytest.approx(2.0), pytest.approx(2.0))
    assert (c.effect, c.half_width, c.interaction, c.spread) == (0.0, 0.0, 0.0, 0.0)
    assert [b.spread, b.half_width, b.interaction] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)


def error(effects: Floats) -> float:
    """Four standard errors of the mean of 2,000 such effects, and rounding."""
    return 4 * float(effects.std()) / math.sqrt(2000) + 1e-12


@pytest.mark.parametrize("levels", [4, 8])
def test_means_and_spreads(levels: int) -> None:
    """Over 2,000 trajectories mu*, mu and sigma are those of all effects on the grid, within four standard errors."""
    design = morris_design(["0", "1", "2"], 2000, 5, levels=levels)
    found = by_key(screen(design, ishigami(design.points)))
    for factor in range(3):
        all_effects = expected_effects(factor, levels)
        one = found[str(factor)]
        assert one.effect == pytest.approx(np.abs(all_effects).mean(), abs=error(np.abs(all_effects)))
        assert one.mean == pytest.approx(all_effects.mean(), abs=error(all_effects))
        assert one.spread == pytest.approx(all_effects.std(), rel=0.1)
        assert one.interaction == pytest.approx(one.spread / one.effect)  # type: ignore[operator]  # neither is None


def test_intervals_cover() -> None:
    """Over 400 seeds the interval of mu* covers its mean in about 95 of 100, for effects that are far from normal too."""
    means = [np.abs(expected_effects(factor, 4)).mean() for factor in range(3)]
    covered = 0
    for seed in range(400):
        design = morris_design(["0", "1", "2"], 20, seed)
        for one in screen(design, ishigami(design.points)):
            assert one.effect is not None
            assert one.half_width is not None
            covered += abs(one.effect - means[int(one.key)]) <= one.half_width + 1e-12
    assert 0.92 <= covered / 1200 <= 0.98


def test_groups_move_together() -> None:
    """Directions of the members are drawn apart: of 3 a + 4 b the effects are 7 and 1 in absolute value, 4 on average."""
    design = morris_design(["a", "b", "c"], 1000, 2, groups={"both": ["a", "b"]})
    both = by_key(screen(design, design.points @ np.array([3.0, 4.0, 1.0])))["both"]
    assert len(design.points) == 1000 * 3
    assert both.effect == pytest.approx(4.0, abs=4 * 3.0 / math.sqrt(1000))
    assert (both.mean, both.spread, both.interaction) == (None, None, None)


def test_points_without_output() -> None:
    """Only effects with an end that is missing are left out; without any effect nothing is claimed."""
    design = morris_design(["a", "b"], 6, 1)
    outputs = design.points @ np.array([1.0, 5.0])
    outputs[0] = np.nan  # the first end of the first move of the first trajectory
    found = by_key(screen(design, outputs))
    first = "ab"[design.moved[0, 0]]
    assert {key: one.n for key, one in found.items()} == {"a": 6 - (first == "a"), "b": 6 - (first == "b")}
    assert found["b"].effect == pytest.approx(5.0)
    nothing = screen(design, np.full(len(outputs), np.nan))
    assert [(one.effect, one.half_width, one.n) for one in nothing] == [(None, None, 0)] * 2


def test_replications_are_averaged() -> None:
    """Outputs with a column per replication give the effects of their mean."""
    design = morris_design(["a", "b"], 4, 1)
    noise = np.array([0.5, -0.5])  # the same at every point, as common random numbers have it
    found = screen(design, (design.points @ np.array([1.0, 2.0]))[:, None] + noise)
    assert [one.effect for one in found] == pytest.approx([2.0, 1.0])
    assert found[0].as_json()["key"] == "b"
    assert set(found[0].as_json()) == {"key", "effect", "half_width", "interaction"}


def test_draws_belong_to_names() -> None:
    """A factor more changes no other's starting levels."""
    alone, beside = morris_design(["a"], 9, 3), morris_design(["b", "a"], 9, 3)
    assert np.array_equal(alone.points.reshape(9, 2, 1)[:, 0, 0], beside.points.reshape(9, 3, 2)[:, 0, 1])


@pytest.mark.parametrize(
    ("trajectories", "levels", "groups", "says"),
    [
        (1, 4, None, "has no interval"),
        (4, 5, None, "a grid of 5 levels"),
        (4, 4, {"g": ["x"]}, 'names no factor "x"'),
        (4, 4, {"g": ["a"], "h": ["a"]}, 'a stands in the groups "g" and "h"'),
        (4, 4, {"g": []}, 'the group "g" has no factor'),
        (4, 4, {"b": ["a"]}, "have the same name"),
    ],
)
def test_refused(trajectories: int, levels: int, groups: dict[str, list[str]] | None, says: str) -> None:
    """What makes no design is told with what to write instead."""
    with pytest.raises(UsageError) as caught:
        morris_design(["a", "b"], trajectories, 1, levels=levels, groups=groups)
    assert says in str(caught.value)


def test_wrong_number_of_outputs() -> None:
    """Outputs of another design are a bug of the caller."""
    with pytest.raises(ValueError, match="do not belong to 6 points"):
        screen(morris_design(["a", "b"], 2, 1), np.zeros(5))


def test_tornado() -> None:
    """One factor at a time: base, every low end, every high end; the largest swing first, unknown ones last."""
    points = tornado_points([0.5, 0.25, 0.0], low=0.1, high=0.9)
    assert points[0].tolist() == [0.5, 0.25, 0.0]
    assert points[1].tolist() == [0.1, 0.25, 0.0]
    assert points[6].tolist() == [0.5, 0.25, 0.9]
    base, rows = swings(["a", "b", "c"], points @ np.array([1.0, -10.0, 2.0]))
    assert base == pytest.approx(0.5 - 2.5)
    assert [row.key for row in rows] == ["b", "c", "a"]
    assert [row.swing for row in rows] == pytest.approx([8.0, 1.6, 0.8])
    assert (rows[0].low, rows[0].high) == (pytest.approx(0.5 - 1.0), pytest.approx(0.5 - 9.0))
    outputs = points @ np.array([1.0, -10.0, 2.0])
    outputs[2] = np.nan
    assert swings(["a", "b", "c"], outputs)[1][-1].key == "b"
    assert swings(["a", "b", "c"], outputs)[1][-1].swing is None
