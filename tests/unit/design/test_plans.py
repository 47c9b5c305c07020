"""Designs: which points a grid, a zip, a hypercube and a sequence have, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.axes import Axis
from jukinet_sim.design.hypercube import CANDIDATES, latin_hypercube, least_distance, maximin_hypercube
from jukinet_sim.design.plans import grid, lhs, plan, sobol, zipped
from jukinet_sim.design.sequence import sobol_points
from jukinet_sim.design.vary import parse_axis


def axes(*written: str) -> list[Axis]:
    """Read several axes."""
    return [parse_axis(one) for one in written]


def test_grid() -> None:
    """Every combination, the first axis slowest; a point is what --set takes."""
    made = grid(axes("a=1..2", "b=x,y,z"))
    assert made.points == (("1", "x"), ("1", "y"), ("1", "z"), ("2", "x"), ("2", "y"), ("2", "z"))
    assert made.settings(4) == ("a=2", "b=y")


def test_zip() -> None:
    """First with first, second with second; unequal numbers are refused by name."""
    assert zipped(axes("a=1..3", "b=10 ms..30 ms/10 ms")).points == (("1", "10 ms"), ("2", "20 ms"), ("3", "30 ms"))
    assert plan("zip", axes("a=1..3", "b=10 ms..30 ms"), points=3).points[1] == ("2", "20 ms")
    with pytest.raises(UsageError, match="a has 3, b has 2"):
        zipped(axes("a=1..3", "b=x,y"))


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_each_part_of_each_axis_is_hit_once(design: str) -> None:
    """Of 64 points each 64th of every range has exactly one, by logarithm where that is asked for."""
    made = plan(design, axes("a=0.0..1", "b=1 ms..1 s*log", "c=1..4"), points=64, seed=3)  # type: ignore[arg-type]
    assert sorted(math.floor(float(a) * 64) for a, _, _ in made.points) == list(range(64))
    assert sorted(math.floor(math.log10(float(b.removesuffix(" ms"))) / 3 * 64) for _, b, _ in made.points) == list(range(64))
    assert [[c for *_, c in made.points].count(n) for n in "1234"] == [16] * 4


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_points_belong_to_the_seed(design: str) -> None:
    """The same seed gives the same points, another one others."""
    one, again, other = (plan(design, axes("a=0.0..1", "b=0.0..1"), points=8, seed=s).points for s in (1, 1, 2))  # type: ignore[arg-type]
    assert one == again != other


def test_sobol_points_are_a_net() -> None:
    """The first two axes are a (0, m, 2)-net: every box of area 2^-m with sides of powers of two has one of 2^m points."""
    for seed in (1, 2, 3):
        points = sobol_points(["a", "b"], 64, seed)
        for i in range(7):
            boxes = {(math.floor(x * 2**i), math.floor(y * 2 ** (6 - i))) for x, y in points.tolist()}
            assert len(boxes) == 64


def test_the_sequence_goes_on() -> None:
    """Fewer points are the first ones of more."""
    assert np.array_equal(sobol_points(["a", "b", "c"], 100, 5), sobol_points(["a", "b", "c"], 128, 5)[:100])
    assert sobol_points(["a"], 1, 5).shape == (1, 1)
    assert sobol_points([], 4, 5).shape == (4, 0)


def test_scrambled_points_are_uniform() -> None:
    """Over 2,000 seeds the first point of the sequence is uniform: its mean is 1/2 within four standard errors."""
    firsts = np.array([sobol_points(["a"], 1, seed)[0, 0] for seed in range(2000)])
    assert abs(firsts.mean() - 0.5) < 4 * math.sqrt(1 / 12 / 2000)
    assert abs(firsts.var() - 1 / 12) < 4 * math.sqrt(1 / 180 / 2000)


def test_sobol_beats_chance() -> None:
    """The mean of a smooth function over 1,024 points is ten times nearer to its integral than independent points come."""
    points = sobol_points([f"x{i}" for i in range(5)], 1024, 1)
    found = np.prod(1 + (points - 0.5), axis=1).mean()  # integral 1, variance (1 + 1/12)^5 - 1
    assert abs(found - 1.0) < 0.1 * math.sqrt(((1 + 1 / 12) ** 5 - 1) / 1024)


def test_powers_of_two_are_advised() -> None:
    """Other numbers of Sobol points are taken, with a note."""
    made = sobol(axes("a=0.0..1"), 100, 1)
    assert len(made.points) == 100
    assert "--points 64 or 128" in made.notes[0]
    assert sobol(axes("a=0.0..1"), 64, 1).notes == ()


def test_maximin_is_the_best_of_its_candidates() -> None:
    """No other candidate has its two nearest points farther apart, and the chosen one is a Latin hypercube."""
    names = ["a", "b"]
    chosen = maximin_hypercube(names, 12, 4)
    others = [least_distance(latin_hypercube(names, 12, 4, attempt)) for attempt in range(CANDIDATES)]
    assert least_distance(chosen) == max(others) > min(others)
    assert [sorted(np.floor(chosen[:, j] * 12).tolist()) for j in range(2)] == [list(range(12))] * 2


def test_least_distance() -> None:
    """Of three points on a line the two nearest are 3-4-5 apart."""
    assert least_distance(np.array([[0.0, 0.0], [0.3, 0.4], [3.0, 4.0]])) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("design", "written", "points", "says"),
    [
        ("grid", ("a=1..1000", "b=1..1000"), None, "1,000,000 points, more than 100,000"),
        ("grid", ("a=1..3",), 5, "there is none"),
        ("grid", (), None, "nothing is varied"),
        ("grid", ("a=1..3", "a=4..5"), None, "--vary a is given twice"),
        ("grid", ("a.b=1..3", "a={b: 1},{b: 2}"), None, "--vary a.b lies within --vary a"),
        ("lhs", ("a=1..3",), None, "add --points"),
        ("sobol", ("a=1..3",), 0, "nothing to run"),
        ("lhs", ("a=1..3",), 100_001, "more than 100,000"),
    ],
)
def test_refused(design: str, written: tuple[str, ...], points: int | None, says: str) -> None:
    """What makes no experiment is told before anything runs."""
    with pytest.raises(UsageError) as caught:
        plan(design, axes(*written), points=points)  # type: ignore[arg-type]
    assert says in str(caught.value)


def test_hypercube_axes_are_independent_of_each_other() -> None:
    """With many points, one hypercube's axes do not depend on which others there are."""
    one = lhs(axes("a=0.0..1"), 600, 7)
    two = lhs(axes("b=0.0..1", "a=0.0..1"), 600, 7)
    assert [a for (a,) in one.points] == [a for _, a in two.points]
