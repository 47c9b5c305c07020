"""Sobol indices on functions whose indices are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.sobol import SobolIndices, sobol_design, sobol_indices

Floats = NDArray[np.float64]
A, B = 7.0, 0.1
IMPORTANCE = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def ishigami(x: Floats) -> Floats:
    """The function of Ishigami and Homma (1990) on the unit cube."""
    z = np.pi * (2.0 * x - 1.0)
    result: Floats = np.sin(z[:, 0]) + A * np.sin(z[:, 1]) ** 2 + B * z[:, 2] ** 4 * np.sin(z[:, 0])
    return result


def ishigami_variances() -> tuple[float, float, float]:
    """What x1 alone, x2 alone, and x1 with x3 contribute to the variance."""
    return (1 + B * math.pi**4 / 5) ** 2 / 2, A**2 / 8, B**2 * math.pi**8 * (1 / 18 - 1 / 50)


def g_function(x: Floats) -> Floats:
    """The function of Sobol (1993); a coefficient of 0 is important, one of 99 is not."""
    result: Floats = np.prod((np.abs(4.0 * x - 2.0) + IMPORTANCE) / (1.0 + IMPORTANCE), axis=1)
    return result


def of(found: SobolIndices, key: str) -> tuple[float, float, float, float]:
    """First and total with their half-widths."""
    (one,) = [one for one in found.indices if one.key == key]
    assert one.first is not None
    assert one.first_half_width is not None
    assert one.total is not None
    assert one.total_half_width is not None
    return one.first, one.first_half_width, one.total, one.total_half_width


def check(found: SobolIndices, key: str, first: float, total: float, within: float) -> None:
    """The known indices lie in the intervals, and these are no wider than so much."""
    s, s_width, t, t_width = of(found, key)
    assert abs(s - first) <= s_width <= within
    assert abs(t - total) <= t_width <= within


def test_ishigami() -> None:
    """The indices of Ishigami's function lie within their intervals, which are a few hundredths wide at 4,096 rows."""
    alone_1, alone_2, together = ishigami_variances()
    whole = alone_1 + alone_2 + together
    design = sobol_design(["x1", "x2", "x3"], 4096, 1)
    found = sobol_indices(design, ishigami(design.points))
    assert len(design.points) == 4096 * 5
    assert [one.key for one in found.indices] == ["x1", "x2", "x3"]
    check(found, "x1", alone_1 / whole, (alone_1 + together) / whole, 0.05)
    check(found, "x2", alone_2 / whole, alone_2 / whole, 0.05)
    check(found, "x3", 0.0, together / whole, 0.05)


def test_g_function() -> None:
    """The indices of the g-function lie within their intervals, unimportant factors included."""
    alone = 1.0 / (3.0 * (1.0 + IMPORTANCE) ** 2)
    whole = np.prod(1.0 + alone) - 1.0
    names = [f"x{i}" for i in range(6)]
    design = sobol_design(names, 2048, 3)
    found = sobol_indices(design, g_function(design.points))
    for i, name in enumerate(names):
        others = np.prod(np.delete(1.0 + alone, i))
        check(found, name, float(alone[i] / whole), float(alone[i] * others / whole), 0.08)


def test_intervals_cover() -> None:
    """Over 40 seeds with 128 rows nearly every interval covers; rows of a sequence make them wide rather than narrow."""
    alone_1, alone_2, together = ishigami_variances()
    whole = alone_1 + alone_2 + together
    known = {"x1": (alone_1, alone_1 + together), "x2": (alone_2, alone_2), "x3": (0.0, together)}
    covered = 0
    for seed in range(40):
        design = sobol_design(["x1", "x2", "x3"], 128, seed)
        found = sobol_indices(design, ishigami(design.points))
        for key, (first, total) in known.items():
            s, s_width, t, t_width = of(found, key)
            covered += abs(s - first / whole) <= s_width
            covered += abs(t - total / whole) <= t_width
    assert covered / 240 >= 0.93


def test_an_additive_function_has_no_interaction() -> None:
    """First and total are the same, each factor's share of the variance, within their intervals."""
    weights = np.array([1.0, 2.0, 3.0])
    design = sobol_design(["a", "b", "c"], 1024, 2)
    found = sobol_indices(design, 5.0 + design.points @ weights)
    for key, share in zip("abc", weights**2 / (weights**2).sum(), strict=True):
        check(found, key, share, share, 0.12)
        s, s_width, t, t_width = of(found, key)
        assert abs(s - t) <= math.hypot(s_width, t_width)


def test_groups() -> None:
    """A group has the indices of its members taken together: x1 and x3 of Ishigami's function leave nothing but x2."""
    alone_1, alone_2, together = ishigami_variances()
    whole = alone_1 + alone_2 + together
    design = sobol_design(["x1", "x2", "x3"], 2048, 1, groups={"outer": ["x1", "x3"]})
    found = sobol_indices(design, ishigami(design.points))
    assert len(design.points) == 2048 * 4
    check(found, "outer", (alone_1 + together) / whole, (alone_1 + together) / whole, 0.06)
    check(found, "x2", alone_2 / whole, alone_2 / whole, 0.06)


def test_chance_is_part_of_the_interval() -> None:
    """Where replications disagree about the factors, intervals are wider than for their mean; the mean decides the index."""
    design = sobol_design(["a", "b"], 512, 1)
    a, b = design.points.T
    outputs = np.stack([a + (1.0 + d) * b for d in (-0.4, -0.2, 0.0, 0.2, 0.4)], axis=1)
    several, mean = sobol_indices(design, outputs), sobol_indices(design, outputs.mean(axis=1))
    assert of(several, "a")[0] == pytest.approx(of(mean, "a")[0])
    assert of(several, "a")[3] > 1.5 * of(mean, "a")[3]
    check(several, "a", 0.5, 0.5, 0.3)


def test_rows_without_output() -> None:
    """A point without an output costs its row, nothing else."""
    design = sobol_design(["x1", "x2", "x3"], 1024, 1)
    outputs = ishigami(design.points)
    outputs[[5, 1024 + 5, 3 * 1024 + 100]] = np.nan
    found = sobol_indices(design, outputs)
    alone_1, alone_2, together = ishigami_variances()
    assert found.rows == 1022
    check(found, "x2", alone_2 / (alone_1 + alone_2 + together), alone_2 / (alone_1 + alone_2 + together), 0.1)


@pytest.mark.parametrize("output", [0.0, 3.7, math.nan])
def test_what_does_not_vary_has_no_index(output: float) -> None:
    """Of a constant, and of nothing, no part is due to anything."""
    design = sobol_design(["a", "b"], 64, 1)
    found = sobol_indices(design, np.full(len(design.points), output))
    assert [(one.key, one.first, one.total_half_width) for one in found.indices] == [("a", None, None), ("b", None, None)]


def test_the_same_seed_gives_the_same_indices() -> None:
    """Points and bootstrap are a function of the seed."""
    one, again, other = (sobol_design(["x1", "x2", "x3"], 64, seed) for seed in (1, 1, 2))
    assert sobol_indices(one, ishigami(one.points)) == sobol_indices(again, ishigami(again.points))
    assert sobol_indices(one, ishigami(one.points)) != sobol_indices(other, ishigami(other.points))


def test_too_few_rows() -> None:
    """A handful of rows is refused."""
    with pytest.raises(UsageError, match="7 rows are too few"):
        sobol_design(["a"], 7, 1)
