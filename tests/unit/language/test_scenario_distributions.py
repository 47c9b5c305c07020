"""Means and smallest values of distributions and of parts of a demand, as a scenario writes them."""

from __future__ import annotations

import pytest

from jukinet_sim.language.distributions import (
    Branches,
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Geometric,
    GeometricMean,
    Hyperexponential,
    Sample,
    Stages,
    Uniform,
    least_of,
    mean_of,
)
from jukinet_sim.language.parts import EachPart, mean_of_part


def test_means_of_distributions() -> None:
    """The mean of each kind follows from its definition."""
    assert mean_of(Exponential(exponential=3.0)) == 3.0
    assert mean_of(Uniform.model_validate({"uniform": {"low": 1.0, "high": 3.0}})) == 2.0
    assert mean_of(Erlang(erlang=Stages(k=4, mean=2.0))) == 2.0
    assert mean_of(Geometric(geometric=GeometricMean(mean=4.0))) == 4.0
    assert mean_of(Empirical(empirical=Sample(values=(1.0, 5.0), weights=(3.0, 1.0)))) == (3 * 1 + 1 * 5) / 4
    assert mean_of(Empirical(empirical=Sample(values=(1.0, 5.0)))) == 3.0
    branches = Branches[float](p=(0.25, 0.75), mean=(8.0, 4.0))
    assert mean_of(Hyperexponential(hyperexponential=branches)) == 0.25 * 8 + 0.75 * 4


def test_the_mean_of_a_part_follows_from_its_definition() -> None:
    """A part of 2 ms for each of a number beyond the first means 2 ms times the mean less 1."""
    part = EachPart(each=0.002, of=Geometric(geometric=GeometricMean(mean=3.0)), beyond=1.0)
    assert mean_of_part(part) == pytest.approx(0.004, rel=1e-15)
    assert mean_of_part(Exponential(exponential=3.0)) == 3.0


def test_the_least_of_each_distribution() -> None:
    """The smallest value drawn is the constant, the low end, 1 for a geometric, the smallest value with a weight, else 0."""
    assert least_of(Constant(constant=2.0)) == 2.0
    assert least_of(Uniform.model_validate({"uniform": {"low": 1.0, "high": 3.0}})) == 1.0
    assert least_of(Geometric(geometric=GeometricMean(mean=4.0))) == 1.0
    assert least_of(Empirical(empirical=Sample(values=(5.0, 1.0, 3.0), weights=(1.0, 0.0, 1.0)))) == 3.0
    assert least_of(Exponential(exponential=3.0)) == 0.0
