"""Searches through noise: the right answer at the confidence stated, few replications, and doubt where there is doubt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.statistics.search import Found, largest_factor, largest_meeting, smallest_meeting
from jukinet_sim.statistics.sequential import share

SEARCHES = 1000
RIGHT = 936
"""Of 1,000 searches right with probability 0.95 at least, 936 or more are right in all but 2.1 % of cases."""
SCAN = 12 * 20
"""Replications of a scan over twelve values with twenty each."""
VALUES = range(19, 31)
Floats = NDArray[np.float64]
Noise = Callable[[np.random.Generator, tuple[int, int]], Floats]


def normal(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """Errors of mean 0 and variance 1."""
    return rng.normal(size=size)


def skewed_down(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """The same with skewness -2: a few replications are much worse than the rest, as waits are."""
    return 1.0 - rng.exponential(size=size)


def skewed_up(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """The same with skewness 2."""
    return rng.exponential(size=size) - 1.0


def oracle(mean: Callable[[float], float], errors: Floats) -> Callable[[float, int], Floats]:
    """Margins around a mean that depends on the value; the errors are common to all values, as under common random numbers."""
    return lambda value, replications: mean(value) + errors[:replications]


def exact(mean: Callable[[float], float], targets: int = 1) -> Callable[[float, int], Floats]:
    """Margins with next to no noise."""
    rng = np.random.default_rng(7)
    return oracle(mean, 1e-6 * rng.normal(size=(200, targets)))


def tried(found: Found[Any]) -> list[Any]:
    """The values in the order in which they were tried."""
    return [each.value for each in found.evaluated]


def searches(
    mean: Callable[[float], float], noise: Noise, targets: int = 1, start: tuple[int, int] | None = None
) -> tuple[Counter[int | None], int, float]:
    """Answers of many searches, how many were distinguishable, and their replications on average."""
    rng = np.random.default_rng(20130329)
    answers: Counter[int | None] = Counter()
    certain, replications = 0, 0
    for _ in range(SEARCHES):
        found = smallest_meeting(VALUES, oracle(mean, noise(rng, (100, targets))), [10.0] * targets, start=start)
        answers[found.answer] += 1
        certain += found.distinguishable
        replications += found.replications
    return answers, certain, replications / SEARCHES


@pytest.mark.parametrize("noise", [normal, skewed_down, skewed_up])
@pytest.mark.parametrize("gap", [4.0, 1.0])
def test_right_with_few_replications(noise: Noise, gap: float) -> None:
    """20 misses and 21 meets, each by `gap` standard deviations: rightly found, with a third of a scan's replications."""
    answers, certain, replications = searches(lambda value: 2.0 * gap * (value - 20.5), noise)
    assert answers[21] >= RIGHT
    assert certain >= RIGHT
    assert replications * 3 <= SCAN


def test_right_where_it_is_hard() -> None:
    """Margins of three tenths of a standard deviation often end in doubt, but are rarely told wrongly."""
    answers, _, _ = searches(lambda value: 0.6 * (value - 20.5), skewed_down)
    assert answers[21] >= RIGHT


def test_several_targets() -> None:
    """One of three targets decides at each value, and each of them might be wrong."""
    answers, certain, _ = searches(lambda value: 2.0 * (value - 20.5), normal, targets=3)
    assert min(answers[21], certain) >= RIGHT


def skewed_as_waits(rng: np.random.Generator, size: tuple[int, int]) -> Floats:
    """The same with skewness -1, the largest found for 95th percentiles of waits over 20,000 services."""
    return 2.0 - rng.gamma(4.0, 0.5, size=size)


@pytest.mark.parametrize("noise", [normal, skewed_as_waits])
def test_a_target_equal_to_a_value(noise: Noise) -> None:
    """Where 20 has a margin of exactly 0, no more than the error allowed is told; the answer is then 20 or 21."""
    answers, certain, _ = searches(lambda value: 2.0 * (value - 20.0), noise)
    assert certain <= SEARCHES - RIGHT
    assert answers[20] + answers[21] >= RIGHT


def test_theory_saves_replications() -> None:
    """With a bracket of three values two values are tried, each by the first five replications mostly."""
    answers, _, replications = searches(lambda value: 8.0 * (value - 20.5), normal, start=(20, 22))
    assert answers[21] >= RIGHT
    assert replications < 12


@pytest.mark.parametrize("start", [None, (21, 21), (20, 22), (28, 30), (2, 5), (60, 60), (-9, 999)])
@pytest.mark.parametrize("answer", [19, 20, 21, 29, 30])
def test_any_bracket_leads_to_the_answer(start: tuple[int, int] | None, answer: int) -> None:
    """A bracket that misses the answer, or the values altogether, costs tries, not rightness."""
    found = smallest_meeting(VALUES, exact(lambda value: value - answer + 0.5), [1.0], start=start)
    assert (found.answer, found.distinguishable) == (answer, True)
    assert (found.meeting, found.missing) == (answer, answer - 1 if answer > 19 else None)
    assert len(set(tried(found))) == len(tried(found)), "no value is tried twice"


def test_steps_outside_the_bracket_double() -> None:
    """An answer far above the bracket is reached in steps that double, and then halved."""
    found = smallest_meeting(range(1, 100_001), exact(lambda value: value - 700.5), [1.0], start=(10, 10))
    assert found.answer == 701
    assert tried(found)[:11] == [10, 11, 13, 17, 25, 41, 73, 137, 265, 521, 1033]
    assert len(tried(found)) == 11 + 9


def test_bisection() -> None:
    """Without a bracket the middle is tried, so twelve values with thirteen outcomes take four tries at most."""
    for answer in VALUES:
        assert len(tried(smallest_meeting(VALUES, exact(lambda v, a=answer: v - a + 0.5), [1.0]))) <= 4  # type: ignore[misc]


def test_no_value_meets() -> None:
    """None is an answer, and a sure one once the largest value is known to miss."""
    found = smallest_meeting(VALUES, exact(lambda _: -1.0), [1.0], start=(19, 21))
    assert (found.answer, found.distinguishable, found.missing, found.meeting) == (None, True, 30, None)


@pytest.mark.parametrize(("margin", "answer"), [(1.0, 7), (-1.0, None)])
def test_a_single_value(margin: float, answer: int | None) -> None:
    """A single value is judged on its own."""
    found = smallest_meeting([7], exact(lambda _: margin), [1.0])
    assert (found.answer, tried(found), found.confidence) == (answer, [7], 0.95)


def test_values_need_not_be_whole() -> None:
    """Any ascending values can be searched."""
    found = smallest_meeting([0.5, 1.5, 2.25, 8.0], exact(lambda value: value - 2.0), [1.0])
    assert (found.answer, found.missing) == (2.25, 1.5)


def test_the_largest_value() -> None:
    """The other way round the largest value that still meets is found, in the bracket or not."""
    for start in (None, (5, 6), (90, 95)):
        found = largest_meeting(range(1, 101), exact(lambda value: 40.5 - value), [1.0], start=start)
        assert (found.answer, found.missing, found.distinguishable) == (40, 41, True)


def test_what_is_undefined_misses() -> None:
    """A run that its load cut short has no figure: it misses after the first look, and no margin is stated."""

    def evaluate(value: float, replications: int) -> list[list[float | None]]:
        return [[None if value < 25 and k == 3 else 1.0 + k % 2, 2.0 + k % 2] for k in range(replications)]

    found = smallest_meeting(VALUES, evaluate, [1.0, 1.0])
    assert (found.answer, found.distinguishable) == (25, True)
    cut = next(each.judgement for each in found.evaluated if each.value == 24)
    assert (cut.replications, cut.meets, cut.margins, cut.half_widths) == (5, False, (None, 2.4), (None, None))


def test_what_never_varies() -> None:
    """Margins that are equal in every replication are exact, but not believed before the tenth."""
    found = smallest_meeting(VALUES, lambda value, n: np.full((n, 1), value - 21.0), [1.0])
    assert (found.answer, found.distinguishable) == (22, False), "a margin of exactly 0 is on no side of the bound"
    assert all(each.judgement.replications == 10 for each in found.evaluated)
    assert found.replications == 10 * len(found.evaluated)


def test_an_order_that_noise_breaks() -> None:
    """A response that falls back now and then still ends at a value that meets beside one that misses."""

    def mean(value: float) -> float:
        return {24: -0.5, 26: -0.2}.get(int(value), value - 22.5)

    found = smallest_meeting(VALUES, exact(mean), [1.0])
    assert found.answer is not None
    assert mean(found.answer) > 0.0 > mean(found.answer - 1)


def test_what_is_too_small_to_matter() -> None:
    """A margin within half a per cent of the bound ends in doubt as soon as that is known, not after all replications."""
    rng = np.random.default_rng(5)
    errors = 0.01 * rng.normal(size=(100, 1))
    found = smallest_meeting(VALUES, oracle(lambda value: value - 20.999, errors), [4.0])
    near = next(each.judgement for each in found.evaluated if each.value == 21)
    assert (found.answer, found.distinguishable, near.meets) == (21 if near.estimate else 22, False, None)
    assert near.replications < 30
    sharp = smallest_meeting(VALUES, oracle(lambda value: value - 20.99, errors), [4.0], indifference=0.0)
    assert (sharp.answer, sharp.distinguishable) == (21, True)


def test_replications_end() -> None:
    """What cannot be told within the most replications is answered by the point estimates, and called indistinguishable."""
    rng = np.random.default_rng(6)
    errors = rng.normal(size=(40, 1))
    errors -= errors.mean()
    found = smallest_meeting(VALUES, oracle(lambda value: 3.0 * (value - 22) - 0.01, errors), [10.0], most=40)
    assert (found.answer, found.distinguishable, found.missing, found.meeting) == (23, False, 21, 23)
    assert {each.value: each.judgement.replications for each in found.evaluated}[22] == 40


def test_the_same_margins_give_the_same_search() -> None:
    """A search has no chance of its own."""
    errors = np.random.default_rng(8).normal(size=(100, 1))
    assert len({smallest_meeting(VALUES, oracle(lambda value: value - 20.5, errors), [5.0]) for _ in range(3)}) == 1


@pytest.mark.parametrize(("crossing", "factor"), [(1.37, 1.37), (15.9, 15.9), (99.0, 16.0)])
def test_largest_factor(crossing: float, factor: float) -> None:
    """The largest factor is known to the tolerance, or is the end of the range."""
    found = largest_factor(exact(lambda value: math.log(crossing / value)), [1.0], start=(1.2, 1.5))
    assert found.answer is not None
    assert found.answer <= factor * (1 + 1e-12)
    assert found.answer * 1.01 >= factor
    assert found.missing is None or found.missing / found.answer <= 1.01


def test_no_factor_is_left() -> None:
    """None where the load as it stands is too much."""
    assert largest_factor(exact(lambda value: 0.99 - value), [1.0]).answer is None


def test_factors_are_found_through_noise() -> None:
    """The slack is within the tolerance of the truth, or one step beside it where that could not be told."""
    rng = np.random.default_rng(9)
    near = 0
    for _ in range(200):
        evaluate = oracle(lambda value: 5.0 * (1.4 - value), 0.2 * rng.normal(size=(100, 1)))
        found = largest_factor(evaluate, [1.0], high=4.0, tolerance=0.02)
        near += found.answer is not None and 1.4 / 1.02**2 <= found.answer <= 1.4 * 1.02
    assert near >= 0.936 * 200


@pytest.mark.parametrize("planned", [1, 4, 9])
def test_errors_add_up(planned: int) -> None:
    """The parts of all tests, however many follow, add up to 1 and never beyond."""
    total = math.fsum(share(k, planned) for k in range(planned + 10_000))
    assert 1.0 - 1e-4 < total < 1.0


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([], {}, "a value to try"),
        ([2, 1], {}, "must ascend"),
        ([1, 2], {"confidence": 1.0}, "confidence 1.0"),
        ([1, 2], {"first": 1}, "2 <= first <= most"),
        ([1, 2], {"first": 9, "most": 8}, "2 <= first <= most"),
        ([1, 2], {"indifference": -1.0}, "part of the bound"),
        ([1, 2], {"bounds": []}, "needs a target"),
        ([1, 2], {"bounds": [math.nan]}, "finite bound"),
        ([1, 2], {"bounds": [1.0, 1.0]}, "2 targets were asked for"),
    ],
)
def test_what_cannot_be_searched(values: Sequence[int], options: dict[str, Any], message: str) -> None:
    """Wrong arguments, and margins of another shape, are named."""
    with pytest.raises(ValueError, match=message):
        smallest_meeting(values, exact(lambda _: 1.0), **{"bounds": [1.0], **options})


@pytest.mark.parametrize("options", [{"low": 0.0}, {"low": 3.0, "high": 2.0}, {"tolerance": 0.0}])
def test_factors_that_cannot_be(options: dict[str, float]) -> None:
    """A range of factors is positive and ascends."""
    with pytest.raises(ValueError, match="give 0 < low < high"):
        largest_factor(exact(lambda _: 1.0), [1.0], **options)
