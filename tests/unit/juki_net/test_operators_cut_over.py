"""Going over from one method to another by municipality and date, wrong persons who try, and operators that cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.authentication.card import CARD
from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.design.chance import uniforms
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.network import model as M
from tests.unit.juki_net.operators_runs import DAY, Run, nation, operators, terminals

TWO_DAYS = "{from: 2012-05-14, to: 2012-05-15}"
OLD, BOTH, NEW = range(3)
BEGUN = "begun"


def method_state(network: M.Network) -> M.State:
    """Which method holds in each municipality."""
    (state,) = [state for state in network.states if state.name == "operators.method"]
    return state


def cut_over(*waves: str, more: str = "", period: str = TWO_DAYS, every: int = 20) -> M.Network:
    """A nation that goes over to biometrics by these waves."""
    setting = f"cut_over={{to: biometric, waves: [{', '.join(waves)}]{more}}}"
    return operators(setting, "time_outs.idle=0", period=period, every=every)


def test_methods_change_on_their_dates() -> None:
    """The day before everybody logs on by card, from the date on by the new one alone: each log-on is counted by its method."""
    network = cut_over("{only_from: 2012-05-15}")
    run, number = Run(network), terminals(network)
    a_day = number + round(0.5 * 2 * number) / 2
    assert run.log_ons == 2 * a_day
    # Who takes over at noon is as many on both days on average only; those of the morning are exact.
    changes = run.arrived("log-on.change")
    first = run.counted(BEGUN, "card") - number
    assert run.counted(BEGUN, "card") + run.counted(BEGUN, "biometric") == run.log_ons
    assert abs(first - changes / 2) <= 4.0 * math.sqrt(changes / 4)
    after = Run(cut_over("{only_from: 2012-05-15}", period="{from: 2012-05-15, to: 2012-05-16}"))
    assert after.counted(BEGUN, "card") == 0
    assert after.counted(BEGUN, "biometric") == after.log_ons > 0


def test_both_methods_hold() -> None:
    """While both hold the share that prefers the new one takes it, within four standard errors."""
    run = Run(cut_over("{both_from: 2012-05-14}", more=", prefers_new: 0.3"))
    n = run.log_ons
    assert abs(run.counted(BEGUN, "biometric") - 0.3 * n) <= 4.0 * math.sqrt(0.3 * 0.7 * n)


def test_waves_take_their_places() -> None:
    """A wave of a third takes a third of the municipalities, each by its date and lateness, forward only."""
    late = "late_by: {value: 10 h, assumed: ours, range: [1 h, 20 h]}"
    network = cut_over(f"{{share: [0 %, 33 %], both_from: 2012-05-14, only_from: 2012-05-15, {late}}}")
    count = network.level("municipality").count
    late_s = -36_000.0 * np.log(uniforms(1, "lateness of operators' cut-over", count))
    changes = method_state(network).changes
    assert len({place for _, place, _ in changes}) == round(0.33 * count)
    for at_s, place, value in changes:
        assert place is not None
        assert at_s == pytest.approx(86_400.0 * (value - 1) + late_s[place], rel=1e-12)


def test_a_cut_over_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose cut-over fails calls, logs on by card for a day, and goes over for good after that."""
    told: list[float] = []

    def told_of(centre: CallCentre, kind: str, at_s: list[float]) -> None:
        assert kind == "cut-over"
        told.extend(at_s)

    monkeypatch.setattr(CallCentre, "on_dates", told_of)
    back = ", fails: 0.25, rolls_back_for: 1 d"
    network = cut_over("{both_from: 2012-05-14, only_from: 2012-05-15}", more=back, period="{from: 2012-05-14, to: 2012-05-17}")
    failing = np.flatnonzero(uniforms(1, "operators' cut-overs that fail", network.level("municipality").count) < 0.25)
    assert told == [86_400.0] * len(failing)
    for place in failing.tolist():
        mine = [(at_s, value) for at_s, one, value in method_state(network).changes if one == place]
        assert mine == [(0.0, BOTH), (86_400.0, OLD), (172_800.0, NEW)]


def test_everybody_is_enrolled_once() -> None:
    """Operators of the wave are enrolled before the new method holds, as many as there are, at terminals of theirs."""
    wave = "{share: [0 %, 50 %], enrols_on: 2012-05-14, both_from: 2012-05-16}"
    network = cut_over(wave, more=", enrolment: 5 min", period="{from: 2012-05-14, to: 2012-05-16}")
    (flow,) = [flow for flow in network.flows if flow.name == "enrolment"]
    taken = sorted({place for _, place, _ in method_state(network).changes if place is not None})
    (number,) = [state for state in network.states if state.name == "operators.number"]
    own = {place: n for _, place, n in number.changes}
    people = sum(own.get(place, number.start) for place in taken)
    run = Run(network)
    assert run.arrived("enrolment") == people > 0
    assert flow.share is not None
    assert np.flatnonzero(flow.share).tolist() == [place for place in taken if network.level("municipality").weights[place] > 0]
    half = cut_over(wave, more=", enrolment: 5 min", period=DAY)
    assert Run(half).arrived("enrolment") == round(people / 2)


@pytest.mark.parametrize("method", ["card", "biometric"])
def test_wrong_persons(method: str) -> None:
    """Of so many attempts as many get in as the way says, within four standard errors; none where it leads nowhere."""
    attempts = ", ".join(f"{way}: 4000000" for way in ("lent-card", "stolen-card", "shoulder-surfed-pin", "impostor"))
    run = Run(operators(f"method={method}", f"misuse={{{attempts}}}", "biometric.deceived=0.5", "biometric.cannot_enrol=0.2"))
    expected = {
        "card": {way.name: way.succeeds(1) for way in CARD.plan().ways},
        "biometric": {"lent-card": 0.1, "stolen-card": 0.1, "shoulder-surfed-pin": 0.1, "impostor": 1.0 - (1.0 - 8e-7) ** 3},
    }[method]
    for way, probability in expected.items():
        n, got_in = run.arrived(f"misuse.{way}"), run.arrived(f"misuse.{way}.got-in")
        assert n > 500
        assert abs(got_in - n * probability) <= max(1.0, 4.0 * math.sqrt(n * probability * (1.0 - probability)))


def test_impostors_where_all_templates_are_compared() -> None:
    """One to many an impostor gets in by anybody's template: the more operators a town has, the more often."""
    figures = ("biometric.one_to_many=true", "biometric.false_accepts=0.001")
    network = operators("method=biometric", "misuse={impostor: 8000000}", *figures)
    run = Run(network)
    (state,) = [state for state in network.states if state.name == "operators.number"]
    people = np.array([value for _, _, value in state.changes], dtype=np.float64)
    # Attempts are where operators are.
    probability = float((people * (1.0 - (1.0 - 0.001) ** (3 * people))).sum() / people.sum())
    n = run.arrived("misuse.impostor")
    spread = 4.0 * math.sqrt(n * probability * (1.0 - probability))
    assert abs(run.arrived("misuse.impostor.got-in") - n * probability) <= spread


def test_engines_agree_on_a_cut_over() -> None:
    """Both engines take every step alike while methods change, places go back and operators are enrolled."""
    wave = "{enrols_on: 2012-05-14, both_from: 2012-05-15, only_from: 2012-05-16}"
    more = ", enrolment: 5 min, fails: 0.3, rolls_back_for: 1 d"
    network = cut_over(wave, more=more, period="{from: 2012-05-14, to: 2012-05-17}", every=200)
    verdict = compare_engines(network, 1, 20_000)
    assert verdict.difference is None
    assert verdict.visits > 1_000


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("method=retina", 'there is no method of logging on "retina"'),
        ("hours=never", 'unknown profile "never"'),
        ("cut_over={to: card, waves: [{only_from: 2012-05-15}]}", "card is what all have already"),
        ("cut_over={to: iris, waves: [{only_from: 2012-05-15}]}", 'there is no method of logging on "iris"'),
        ("cut_over={to: biometric, waves: [{share: [0 %, 10 %]}]}", "a wave without a date changes nothing"),
        ("cut_over={to: biometric, waves: [{both_from: 2012-05-15, only_from: 2012-05-14}]}", "then only the new one"),
        ("cut_over={to: biometric, waves: [{enrols_on: 2012-05-14, only_from: 2012-05-15}]}", "how long that takes"),
        ("cut_over={to: biometric, fails: 0.1, waves: [{only_from: 2012-05-15}]}", "nothing says for how long"),
        ("cut_over={to: biometric, waves: [{only_from: 2012-05-15, prefectures: ['99']}]}", 'no prefecture with the code "99"'),
        ("misuse={tailgating: 3}", 'no method knows the way "tailgating"'),
        ("parameters={wrong_pin: 0.1}", 'no method in use takes "wrong_pin" from here'),
        ("hand_over.at=20 h", "somebody takes over when the counters are closed"),
        ("hand_over.at=25 h", '"at" is not a time of day'),
        ("late=10 h", "the counters have closed by then"),
        ("early=13 h", "more than half a day"),
        ("time_outs.lifetime=10 s", "sessions run out"),
        ("card.wrong_pin=1.5", "more than 1"),
        ("card.wrong_pins=0.1", "wrong_pins"),
    ],
)
def test_operators_that_cannot_be(setting: str, message: str) -> None:
    """What is wrong with operators is said with its place."""
    with pytest.raises(ScenarioError) as caught:
        operators(setting)
    assert message in str(caught.value)


def test_terminals_are_needed() -> None:
    """Operators without terminals are refused, and so is nothing else."""
    with pytest.raises(ScenarioError, match="operators sit at terminals, and there are none"):
        nation("flows=null", "terminals=null")
