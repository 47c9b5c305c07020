"""Plans of log-ons: rejections in rows, chains that end, and who gets in who should not."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import quad
from scipy.stats import beta

from jukinet_sim.authentication.beta_binomial import after_rejections, all_rejected
from jukinet_sim.authentication.biometric import BIOMETRIC
from jukinet_sim.authentication.card import CARD
from jukinet_sim.authentication.method import Method, Setting
from jukinet_sim.authentication.plan import EVENTS, IN, Plan, PlanError, Stage, Time, Way, Work
from jukinet_sim.base.errors import UsageError


@pytest.mark.parametrize("mean", [0.0001, 0.02, 0.3])
@pytest.mark.parametrize("correlation", [0.05, 0.3, 0.6])
def test_rejections_in_rows(mean: float, correlation: float) -> None:
    """Three rejections are the third moment of a Beta law with that mean and correlation, and not the cube of the mean."""
    whole = 1.0 / correlation - 1.0
    a, b = mean * whole, (1.0 - mean) * whole
    for k in range(3):
        assert after_rejections(mean, correlation, k) == pytest.approx((a + k) / (a + b + k), rel=1e-12)
    # The density may be infinite at both ends; the moment is taken of the integral by parts.
    third = quad(lambda p: 3.0 * p * p * beta.sf(p, a, b), 0.0, 1.0, limit=500, epsabs=1e-13)[0]
    assert all_rejected(mean, correlation, 3) == pytest.approx(third, rel=1e-5)
    assert all_rejected(mean, correlation, 3) > mean**3


def test_limits_of_correlation() -> None:
    """Without correlation attempts are independent; with a correlation of 1 the first decides; others are refused."""
    assert all_rejected(0.02, 0.0, 3) == pytest.approx(0.02**3, rel=1e-12)
    assert all_rejected(0.02, 1.0, 3) == 0.02
    assert (all_rejected(0.0, 0.5, 3), all_rejected(1.0, 0.5, 3)) == (0.0, 1.0)
    with pytest.raises(ValueError, match="not both between 0 and 1"):
        after_rejections(1.5, 0.1, 1)


def paths(plan: Plan) -> list[tuple[float, list[Stage]]]:
    """Every way through a plan with its probability."""
    by_name = {stage.name: stage for stage in plan.stages}
    found = []
    open_ = [(1.0, [plan.stages[0]])]
    while open_:
        probability, way = open_.pop()
        for target, share in way[-1].outcomes:
            if target == IN:
                found.append((probability * share, way))
            elif share:
                open_.append((probability * share, [*way, by_name[target]]))
    return found


@pytest.mark.parametrize("method", [CARD, BIOMETRIC], ids=lambda method: method.name)
def test_closed_forms_are_sums_over_ways(method: Method) -> None:
    """What a plan expects of a log-on is the mean over all ways through it, whose probabilities sum to 1."""
    plan = method.plan({"by_centre": 0.4}, Setting(300.0))
    every = paths(plan)
    assert math.fsum(p for p, _ in every) == pytest.approx(1.0, rel=1e-12)
    mean_s = math.fsum(p * sum(stage.time.mean_s for stage in way) for p, way in every)
    assert plan.own_time_s == pytest.approx(mean_s, rel=1e-12)
    requests = math.fsum(p * sum(stage.work is not None for stage in way) for p, way in every)
    assert plan.requests == pytest.approx(requests, rel=1e-12)
    for event in EVENTS:
        counted = math.fsum(p * sum(stage.counts == event for stage in way) for p, way in every)
        assert plan.expected(event) == pytest.approx(counted, rel=1e-12)


def test_locks_of_cards() -> None:
    """A card is locked by three wrong entries; whoever has lost or forgotten it comes to the same entries later."""
    values = {"wrong_pin": 0.05, "wrong_pin_correlation": 0.2, "by_centre": 0.25, "lost_per_year": 3.0}
    plan = CARD.plan(values, Setting(300.0))
    locked = all_rejected(0.05, 0.2, 3)
    assert plan.expected("locked") == pytest.approx(locked, rel=1e-12)
    assert plan.expected("called") == pytest.approx(0.25 * locked + 3.0 / 300.0, rel=1e-12)


def test_locks_of_biometrics() -> None:
    """Of those who can be enrolled and are rejected three times, some are helped on and the others locked."""
    values = {"false_rejects": 0.03, "correlation": 0.4, "fall_back": 0.7, "cannot_enrol": 0.1}
    plan = BIOMETRIC.plan(values)
    rejected = 0.9 * all_rejected(0.03, 0.4, 3)
    assert plan.expected("locked") == pytest.approx(0.3 * rejected, rel=1e-12)
    assert plan.expected("fell-back") == pytest.approx(0.1 + 0.7 * rejected, rel=1e-12)


def test_wrong_persons() -> None:
    """Where one template is asked for an impostor has so many captures; where all are, so many for everybody there is."""
    one = next(way for way in BIOMETRIC.plan({"false_accepts": 1e-4}).ways if way.name == "impostor")
    many = next(way for way in BIOMETRIC.plan({"false_accepts": 1e-4, "one_to_many": 1.0}).ways if way.name == "impostor")
    assert one.succeeds(50) == pytest.approx(1.0 - (1.0 - 1e-4) ** 3, rel=1e-9)
    assert many.succeeds(50) == pytest.approx(1.0 - (1.0 - 1e-4) ** 150, rel=1e-9)
    stolen = next(way for way in CARD.plan({"pin_with_stolen": 0.1}).ways if way.name == "stolen-card")
    assert stolen.succeeds(50) == pytest.approx(1.0 - 0.9 * (1.0 - 3e-4), rel=1e-9)


def test_work_grows_with_operators() -> None:
    """Compared with all templates a capture takes the server a time for each operator, otherwise one whoever is known."""
    for many, expected in ((0.0, Work(0.02, 0.0)), (1.0, Work(0.0, 0.02))):
        plan = BIOMETRIC.plan({"match": 0.02, "one_to_many": many})
        assert {stage.work for stage in plan.stages if stage.name.startswith("capture")} == {expected}


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ((), "are none"),
        ((Stage("a"), Stage("a")), "two of one name"),
        ((Stage("a", outcomes=(("b", 1.0),)),), "no later stage"),
        ((Stage("a", outcomes=(("b", 1.0),)), Stage("b", outcomes=(("a", 1.0),))), "no later stage"),
        ((Stage(IN),), "two of one name|no stage may|\\bin\\b"),
        ((Stage("a", outcomes=((IN, 0.9),)),), "sum to 0.9"),
        ((Stage("a", outcomes=((IN, 0.5), (IN, 0.6))),), "sum to 1.1"),
        ((Stage("a", outcomes=((IN, 1.5), (IN, -0.5))),), "not to 1"),
        ((Stage("a", counts="cheered"),), "counts"),
        ((Stage("a", Time(-1.0)),), "seconds"),
    ],
)
def test_plans_that_cannot_be(stages: tuple[Stage, ...], message: str) -> None:
    """A plan whose log-ons do not come to an end is refused with what is wrong with it."""
    with pytest.raises(PlanError, match=message):
        Plan(stages)
    with pytest.raises(PlanError, match="has the probability 2"):
        Plan((Stage("a"),), (Way("some", 2.0, ""),))


@pytest.mark.parametrize(
    ("values", "message"),
    [({"wrong_pins": 0.1}, 'no parameter "wrong_pins"; did you mean "wrong_pin"'), ({"wrong_pin": 1.5}, "wrong_pin is 1.5")],
)
def test_values_that_cannot_be(values: dict[str, float], message: str) -> None:
    """A parameter that a method does not have, and a value that it cannot have, are refused."""
    with pytest.raises(UsageError, match=message):
        CARD.plan(values)
