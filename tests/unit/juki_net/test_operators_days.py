"""The days of operators at terminals: weekends, sessions that run out, closing time, and who keeps which random numbers."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.authentication.beta_binomial import all_rejected
from jukinet_sim.authentication.biometric import BIOMETRIC
from jukinet_sim.authentication.card import CARD
from jukinet_sim.authentication.method import Setting
from jukinet_sim.authentication.plan import EVENTS
from jukinet_sim.calendar import business_days
from jukinet_sim.chance.distributions import constant
from jukinet_sim.crypto.cards import card
from jukinet_sim.engine.program import compile_program
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.operators.through import with_sessions
from jukinet_sim.network import model as M
from jukinet_sim.theory.jobs import jobs_of
from jukinet_sim.theory.work import arrivals_per_s
from tests.unit.juki_net.operators_runs import OCCASIONS, Run, nation, operators, terminals

TWO_DAYS = "{from: 2012-05-14, to: 2012-05-15}"
WEEKEND = "{from: 2012-05-11, to: 2012-05-14}"
"""From a Friday to a Monday."""


def within(count: int, n: int, probability: float) -> bool:
    """Whether a count of n independent cases lies within four standard errors of its mean."""
    return abs(count - n * probability) <= 4.0 * math.sqrt(n * probability * (1.0 - probability))


def test_everybody_logs_on() -> None:
    """Each terminal has one log-on on each business day; those of the day are as many as the figures say, to the last one."""
    network = operators("hand_over.share=0.5", "time_outs.idle=2", period=WEEKEND)
    run, number = Run(network), terminals(network)
    assert number == sum(pool.tokens_at(i) for pool in network.pools if pool.name == "session" for i in on_the_network(network))
    assert run.arrived("operator.terminal") == number
    assert [run.arrived(name) for name in OCCASIONS] == [2 * number, round(0.5 * 2 * number), 2 * 2 * number]
    assert all(int(run.kinds["flow"][name].counts["completed"]) == run.arrived(name) for name in OCCASIONS)
    assert run.result.stuck == ()


def test_theory_expects_the_log_ons_of_the_working_days() -> None:
    """What `validate` and `plan` count on is one log-on at each terminal on each business day, as in a run."""
    network = operators("hand_over.share=0.5", period=WEEKEND)
    own = np.array(list(arrivals_per_s(network).values())) * network.horizon_s
    expected = dict(zip(arrivals_per_s(network), own @ jobs_of(network).caused, strict=True))[OCCASIONS[0]]
    assert expected == pytest.approx(2 * terminals(network), rel=1e-12)
    assert expected == Run(network).arrived(OCCASIONS[0])


def on_the_network(network: M.Network) -> list[int]:
    """Municipalities that are on the network."""
    return np.flatnonzero(network.level("municipality").weights).tolist()


def test_sessions_that_run_out() -> None:
    """A lifetime of three hours ends twice between 8:35, when the last one comes, and 17:15."""
    network = operators("time_outs={lifetime: 3 h, idle: 0}")
    assert Run(network).arrived("log-on.time-out") == math.floor((17.25 - 8.5 - 5 / 60) / 3.0) * terminals(network)


@pytest.mark.parametrize("method", ["card", "biometric"])
def test_rejections_and_locks(method: str) -> None:
    """What is counted in the log-ons of a day is attempts x probabilities, each within four standard errors."""
    values = {
        "card": {"wrong_pin": 0.3, "wrong_pin_correlation": 0.2, "forgotten": 0.05, "lost_per_year": 20.0},
        "biometric": {"false_rejects": 0.2, "correlation": 0.3, "cannot_enrol": 0.05},
    }[method]
    run = Run(operators(f"method={method}", *(f"{method}.{key}={value}" for key, value in values.items())))
    # A log-on in the morning, at every second terminal one at noon, and one as nobody touches it; three operators share them.
    year = len(business_days(dt.date(2012, 4, 1), dt.date(2013, 3, 31)))
    plan = {"card": CARD, "biometric": BIOMETRIC}[method].plan(values, Setting(2.5 * year / 3.0))
    usual, first = {"card": ("enter.1", "wrong.1"), "biometric": ("capture.1", "reject.1")}[method]
    straight = dict(plan.stages[0].outcomes)[usual] * next(iter(values.values()))
    assert within(run.arrived(f"log-on.{method}.{first}"), run.log_ons, straight)
    for event in EVENTS:
        expected = plan.expected(event)
        if event == "rejected":
            # Up to three in one log-on: their number varies by no more than three times that of as many single ones.
            spread = 4.0 * math.sqrt(3.0 * run.log_ons * expected)
            assert abs(run.counted(event, method) - run.log_ons * expected) <= spread
        elif expected:
            assert within(run.counted(event, method), run.log_ons, expected), event
        else:
            assert run.counted(event, method) == 0


def test_correlated_rejections_are_no_product() -> None:
    """Three rejections in a row are as many as the beta-binomial law says, and not the cube of one."""
    figures = ("biometric.false_rejects=0.2", "biometric.cannot_enrol=0", "biometric.fall_back=0")
    correlated = Run(operators("method=biometric", "biometric.correlation=0.3", *figures))
    assert within(correlated.counted("locked", "biometric"), correlated.log_ons, all_rejected(0.2, 0.3, 3))
    alone = Run(operators("method=biometric", "biometric.correlation=0", *figures))
    assert within(alone.counted("locked", "biometric"), alone.log_ons, 0.2**3)
    assert not within(correlated.counted("locked", "biometric"), correlated.log_ons, 0.2**3)
    assert all_rejected(0.2, 0.3, 3) > 5.0 * 0.2**3


def test_nothing_is_done_without_a_session() -> None:
    """With log-ons of exactly two hours no case is done before 10:15, whoever comes at 8:30."""
    slow = ("early=15 min", "late=0 min", "hand_over.share=0", "time_outs.idle=0", "card.cv=0", "card.insert=7200 s")
    made = operators(*slow, "card.wrong_pin=0", "card.forgotten=0", "card.lost_per_year=0", period=TWO_DAYS, every=2)
    run = Run(replace(made, series_bin_s=900.0))
    for flow in ("card-issue", "certificate-issue", "simplified-move", "wide-area-issue"):
        done, came = (np.array(run.series(flow, what)) for what in ("completed", "arrived"))
        for day in range(2):
            morning = slice(96 * day + 34, 96 * day + 41)
            assert int(came[morning].sum()) > 0
            assert int(done[morning].sum()) == 0
            # Some have given up by then.
            assert 0 < int(done[96 * day + 41 : 96 * (day + 1)].sum()) <= int(came[96 * day : 96 * (day + 1)].sum())


def test_who_came_before_closing_is_served() -> None:
    """Operators who are leaving stand behind the residents who wait: nobody is kept until the next morning."""
    usual = "{value: 3, assumed: ours, range: [1, 5]}"
    made = nation("times.hand-over-card=60 min", "volume=" + usual, period=TWO_DAYS, every=2)
    run = Run(made)
    longest_s = float(run.kinds["flow"]["card-issue"].metrics["sojourn_s.max"] or 0.0)
    assert 3600.0 < longest_s < 12.0 * 3600.0


def test_a_drained_run_ends() -> None:
    """When the run is over nobody keeps a session: whoever is left is served, and the last event comes soon."""
    made = operators(period=WEEKEND)
    run = Run(made)
    assert sum(int(part.counts["in_system"]) for part in run.kinds["flow"].values()) == 0
    assert run.result.window_s[1] < made.horizon_s + 3600.0


def test_everybody_keeps_the_draws() -> None:
    """Steps keep their names, and so their random numbers; a session is taken and given back wherever a terminal is."""
    inner = (M.Acquire("desk"), M.Branch((("end", 0.5), (None, 0.5))), M.Release("desk", label="end"))
    steps = (M.Delay(constant(1.0)), M.Loop(inner, times=2, label="twice"), M.Release("other"))
    found = with_sessions(steps, {"desk": "session"})
    assert [step.label for step in found] == ["0", "twice", "2"]
    loop = found[1]
    assert isinstance(loop, M.Loop)
    assert [(type(step).__name__, step.label) for step in loop.body] == [
        ("Acquire", "twice.0"), ("Acquire", "twice.0.session"), ("Branch", "twice.1"), ("Release", "end"),
        ("Release", "end.session"),
    ]  # fmt: skip
    assert with_sessions(steps, {"window": "session"}) is steps


@pytest.mark.parametrize(
    "sets",
    [
        ("operators.method=card", "crypto={suite: today}"),
        ("operators.method=biometric", "operators.biometric.one_to_many=true", "crypto={suite: today}"),
        ("operators.card.wrong_pin=0.5", "operators.card.forgotten=0.2", "operators.time_outs={lifetime: 2 h, idle: 3}"),
    ],
)
def test_engines_agree_on_operators(sets: tuple[str, ...]) -> None:
    """Both engines take every step of a day alike."""
    verdict = compare_engines(nation(*sets, every=200), 1, 20_000)
    assert verdict.difference is None
    assert verdict.visits > 1_000


def test_a_card_costs_what_the_suite_says() -> None:
    """With a suite the CS verifies one signature in each log-on, by its card of costs; without one it does nothing more."""
    dear = nation("crypto={suite: today}", "operators.card.wrong_pin=0")
    plain = nation("operators.card.wrong_pin=0")
    (mine,), (theirs,) = ([flow for flow in network.flows if flow.name == "log-on.opening"] for network in (dear, plain))
    visits = [[step for step in M.all_steps(flow.route) if isinstance(step, M.Visit)] for flow in (mine, theirs)]
    assert [len(found) for found in visits] == [1, 1]
    cost = card("xeon-2012").cost("rsa-1024.verify")
    added = visits[0][0].per_record_s - visits[1][0].per_record_s
    assert added == pytest.approx(cost.base_s + cost.per_byte_s * 32, rel=1e-9)
    compile_program(dear)


@pytest.mark.parametrize(
    ("between", "again"),
    [
        ((M.Delay(constant(1.0)),), False),
        ((M.Switch("suite", ((1, "new"),)), M.Delay(constant(1.0)), M.Delay(constant(2.0), "new")), False),
        # Somebody comes to the second terminal without having had the first.
        ((M.Branch((("second", 1.0),)), M.Delay(constant(1.0), "straight")), True),
    ],
)
def test_an_operator_stays_for_a_case_that_has_begun(between: tuple[M.Step, ...], again: bool) -> None:
    """The second terminal of a case needs no session, whatever stands between, unless some come to it as their first."""
    first = M.Branch((("straight", 0.5), ("first", 0.5))) if again else M.Delay(constant(1.0))
    desk = (M.Acquire("desk", label="first"), M.Release("desk"), *between, M.Acquire("desk", label="second"), M.Release("desk"))
    found = with_sessions((first, *desk), {"desk": "session"})
    taken = [step.label for step in found if isinstance(step, M.Acquire) and step.pool == "session"]
    assert taken == (["first.session", "second.session"] if again else ["first.session"])
    assert len([step for step in found if isinstance(step, M.Release) and step.pool == "session"]) == len(taken)


def test_nobody_waits_over_night_for_a_certificate() -> None:
    """Who is between two visits to a terminal when the counters close is served that day: of so many, some are."""
    many = 'flows.certificate-issue.per_year={value: 5000000, assumed: "fifteen times as many", range: [1, 10000000]}'
    flow = Run(nation(many, period=TWO_DAYS, every=5)).kinds["flow"]["certificate-issue"]
    assert flow.counts["completed"] > 5000
    assert float(flow.metrics["sojourn_s.max"] or 0.0) < 3600.0


def test_who_waits_no_longer_for_a_session_leaves_the_terminal() -> None:
    """Who goes on elsewhere without a session gives the terminal back first; patience for the one is patience for the other."""
    asks = M.Acquire("desk", label="asks", patience=constant(60.0), on_abandon="away")
    steps = (asks, M.Release("desk"), M.Delay(constant(0.0), "away"))
    found = with_sessions(steps, {"desk": "session"})
    labels = {step.label: number for number, step in enumerate(found)}
    takes = found[labels["asks.session"]]
    assert isinstance(takes, M.Acquire)
    assert takes.patience == constant(60.0)
    left = labels[takes.on_abandon]
    release, goes = found[left], found[left + 1]
    assert isinstance(release, M.Release)
    assert release.pool == "desk"
    assert isinstance(goes, M.Branch)
    assert goes.targets == (("away", 1.0),)
    has = found[labels["asks.session"] + 1]
    assert isinstance(has, M.Branch)
    assert isinstance(found[labels[has.targets[0][0]] + 1], M.Release)
