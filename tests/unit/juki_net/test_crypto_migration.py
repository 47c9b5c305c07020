"""Going over to another suite: who uses which when, what is lost for want of a common one, and when the old one has ended."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.design.chance import uniforms
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.crypto.negotiate import End, Link, decide, generation
from jukinet_sim.network import model as M
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

SCENARIOS = shipped_folder()
OLD, CAN_VERIFY, GENERATES, NEW = range(4)


@pytest.mark.parametrize(
    ("sender", "receiver", "expected"),
    [
        (OLD, OLD, 0), (OLD, CAN_VERIFY, 0), (OLD, GENERATES, 0), (OLD, NEW, None),
        (CAN_VERIFY, OLD, 0), (CAN_VERIFY, CAN_VERIFY, 0), (CAN_VERIFY, GENERATES, 0), (CAN_VERIFY, NEW, 1),
        (GENERATES, OLD, 0), (GENERATES, CAN_VERIFY, 1), (GENERATES, GENERATES, 1), (GENERATES, NEW, 1),
        (NEW, OLD, None), (NEW, CAN_VERIFY, 1), (NEW, GENERATES, 1), (NEW, NEW, 1),
    ],
)  # fmt: skip
def test_the_best_common_suite(sender: int, receiver: int, expected: int | None) -> None:
    """The sender's wish where both have both, the one that is left where one end has only one, none where they share none."""
    assert generation(sender, receiver) == expected


def followed(steps: tuple[M.Step, ...], states: dict[tuple[str, str], int]) -> str:
    """Walk switches from the first on, and return the label outside at which they end."""
    labels = {step.label: number for number, step in enumerate(steps)}
    at = 0
    while True:
        step = steps[at]
        assert isinstance(step, M.Switch)
        to = dict(step.targets)[states[step.state, step.at]]
        if to not in labels:
            return str(to)
        at = labels[to]


@pytest.mark.parametrize("sender", range(4))
@pytest.mark.parametrize("receiver", range(4))
def test_routes_decide_as_the_rule_does(sender: int, receiver: int) -> None:
    """The switches of a link lead where the table says, whatever the states of its ends, which may be of one tier."""
    link = Link(End("municipality"), End("municipality", "destination"))
    states = {("suites.municipality", "origin"): sender, ("suites.municipality", "destination"): receiver}
    found = followed(decide(link, "first", "old", "new", "none"), states)
    assert found == {0: "old", 1: "new", None: "none"}[generation(sender, receiver)]


@pytest.mark.parametrize("state", range(4))
def test_somebody_outside_has_both(state: int) -> None:
    """Who is not modelled verifies both and prefers the new one."""
    states = {("suites.nation", "origin"): state}
    sends = followed(decide(Link(End("nation"), None), "first", "old", "new", "none"), states)
    takes = followed(decide(Link(None, End("nation")), "first", "old", "new", "none"), states)
    assert sends == ("new" if state >= GENERATES else "old")
    assert takes == ("new" if state >= CAN_VERIFY else "old")


def test_the_last_straggler() -> None:
    """Of 1,742 exponential delays the largest is H(1742) = 8.04 means on average, over 200 seeds within 0.3 of it."""
    last = [float((-np.log(uniforms(seed, "lateness of municipalities", 1742))).max()) for seed in range(200)]
    expected = math.fsum(1.0 / k for k in range(1, 1743))
    assert expected == pytest.approx(8.04, abs=0.005)
    assert np.mean(last) == pytest.approx(expected, abs=0.3)
    assert np.std(last, ddof=1) == pytest.approx(1.28, abs=0.2)


def nation(waves: str, *more: str, period: str = "{from: 2012-04-02, to: 2012-04-03}") -> M.Network:
    """A twentieth of the nation for two days, with a migration from today's suite to the next one's."""
    crypto = f"{{suite: today, migration: {{to: target, waves: [{waves}]}}}}"
    sets = [f"run.period={period}", f"juki_net.crypto={crypto}", "juki_net.municipalities.every=5", *more]
    return compile_network(load(SCENARIOS / "fy2012.yaml", sets=sets))


def run(network: M.Network) -> Replication:
    """One replication."""
    program = compile_program(network)
    return conduct(make_engine("fast", program, 1, 0), program, 0)


def arrived(network: M.Network) -> dict[str, float]:
    """How many jobs each station has been offered."""
    program = compile_program(network)
    kinds = digest(conduct(make_engine("fast", program, 1, 0), program, 0), program).kinds()
    return {name: float(part.counts["arrived"]) for name, part in kinds["station"].items()}


@pytest.mark.parametrize("part", [0.25, 0.6])
def test_the_share_of_the_old_suite(part: float) -> None:
    """Towards servers that have both it is 1 - p, between two municipalities 1 - p^2, p being the traffic of those that moved.

    Who moved is drawn; their weight is known exactly, so that only the chance of the traffic is left: four standard errors.
    """
    ready = "{tier: nation, generates_on: 2012-04-01}, {tier: prefectures, generates_on: 2012-04-01}"
    made = nation(f"{ready}, {{tier: municipalities, share: [0 %, {100 * part:g} %], generates_on: 2012-04-01}}")
    (state,) = [state for state in made.states if state.name == "suites.municipality"]
    moved = {place for _, place, _ in state.changes}
    weights = made.level("municipality").weights
    p = float(weights[list(moved)].sum() / weights.sum())
    counts = arrived(made)
    for link, expected in (("municipality-nation", 1.0 - p), ("municipality-municipality", 1.0 - p * p)):
        old, new = (counts[f"suites.used.{link}.{word}"] for word in ("old", "new"))
        n = old + new
        assert n > 1000.0
        assert old / n == pytest.approx(expected, abs=4.0 * math.sqrt(expected * (1.0 - expected) / n))


def test_random_order_is_fair() -> None:
    """Over seeds the traffic of the first fifth of municipalities is a fifth on average."""
    made = nation("{tier: nation, generates_on: 2012-04-01}")
    weights = made.level("municipality").weights
    shares = []
    for seed in range(200):
        order = np.argsort(uniforms(seed, "order of municipalities", len(weights)))
        shares.append(float(weights[order[: round(0.2 * len(weights))]].sum() / weights.sum()))
    assert np.mean(shares) == pytest.approx(0.2, abs=4.0 * np.std(shares, ddof=1) / math.sqrt(200))


def test_no_common_suite_loses_messages_and_counts_them() -> None:
    """Where the centre has ended the old suite and towns have no other, every query to it is lost, and counted by link."""
    made = nation("{tier: nation, legacy_ends_on: 2012-04-01}, {tier: prefectures, can_verify_on: 2012-04-01}")
    counts = arrived(made)
    result = run(made)
    number = [flow.name for flow in made.flows].index("query-by-name")
    lost = int(result.flow_counts["lost"][number])
    assert lost == counts["no_common_suite.municipality-nation"] > 0
    assert counts["suites.used.municipality-nation.old"] == counts["suites.used.municipality-nation.new"] == 0


def test_links_that_are_not_counted_are_the_same() -> None:
    """Counting one link alone leaves its count, what is lost on the others, and every time as it was."""
    period, folder = ["run.period={from: 2014-12-01, to: 2014-12-01}", "juki_net.municipalities.every=100"], SCENARIOS
    one = "juki_net.crypto.migration.counted=[municipality-prefecture]"
    every, few = (
        compile_network(load(folder / "cipher-migration.yaml", overrides=["hasty"], sets=[*period, *more]))
        for more in ([], [one])
    )  # fmt: skip
    counts, some = arrived(every), arrived(few)
    used = [name for name in some if name.startswith("suites.used.")]
    assert sorted(used) == ["suites.used.municipality-prefecture.new", "suites.used.municipality-prefecture.old"]
    assert all(some[name] == counts[name] for name in some)
    assert run(few).flow_sums["sojourn"].tolist() == run(every).flow_sums["sojourn"].tolist()
    with pytest.raises(ScenarioError, match='no messages go on a link "town-prefecture"'):
        compile_network(load(folder / "cipher-migration.yaml", sets=[one.replace("municipality-", "town-")]))


@pytest.mark.parametrize("override", [None, "hasty"])
def test_engines_agree_on_a_migration(override: str | None) -> None:
    """Both engines take every decision alike."""
    overrides = [] if override is None else [override]
    made = load(
        SCENARIOS / "cipher-migration.yaml", overrides=overrides,
        sets=["run.period={from: 2014-11-17, to: 2014-11-18}", "juki_net.municipalities.every=200"],
    )  # fmt: skip
    verdict = compare_engines(compile_network(made), 1, 20_000)
    assert verdict.difference is None
    assert verdict.visits > 1_000


def test_the_last_certificate_of_the_old_suite() -> None:
    """Issue ends on 2015-12-22 and a certificate holds three years: on 2018-12-22 none is left."""
    made = load(SCENARIOS / "cipher-certificates.yaml", sets=["juki_net.municipalities.every=200"])
    network = replace(compile_network(made), busiest_hours=False)
    program = compile_program(network)
    (part,) = [part for name, part in digest(run(network), program).kinds()["flow"].items() if name == "certificate.old"]
    in_force = part.series["in_system_at_bin_end"]
    last = max(day for day, number in enumerate(in_force) if number)
    assert dt.date(2014, 9, 1) + dt.timedelta(days=last + 1) == dt.date(2018, 12, 22)


@pytest.mark.parametrize(
    ("wave", "message"),
    [
        ("{tier: nation}", "a wave without a date changes nothing"),
        ("{tier: nation, can_verify_on: 2012-05-01, generates_on: 2012-04-02}", "verify the new suite, then generate it"),
        ("{tier: nation, can_verify_on: 2012-04-02, rolls_back_on: 2012-05-01}", "only what is generated is rolled back"),
        ("{tier: nation, can_verify_on: 2012-04-02, share: [0 %, 10 %]}", "only municipalities are taken by share"),
        ("{tier: municipalities, can_verify_on: 2012-04-02, share: [20 %, 10 %]}", "this share holds nobody"),
        ("{tier: nation, can_verify_on: 2012-04-02, prefectures: ['13']}", "there is one national centre"),
        ("{tier: prefectures, can_verify_on: 2012-04-02, prefectures: ['99']}", 'no prefecture with the code "99"'),
    ],
)
def test_waves_that_cannot_be(wave: str, message: str) -> None:
    """What is wrong with a wave is said with its place."""
    with pytest.raises(ScenarioError) as caught:
        nation(wave)
    assert message in str(caught.value)


def test_machines_go_forward_only() -> None:
    """Whoever is late with one wave does not fall behind another that has come meanwhile; roll-back alone leads back."""
    late = "late_by: {value: 20 d, assumed: ours, range: [1 d, 40 d]}"
    made = nation(
        f"{{tier: municipalities, can_verify_on: 2012-04-01, generates_on: 2012-04-01, {late}}}, "
        "{tier: municipalities, legacy_ends_on: 2012-04-03}",
        period="{from: 2012-04-02, to: 2012-06-30}",
    )
    (state,) = [state for state in made.states if state.name == "suites.municipality"]
    now: dict[int | None, int] = {}
    for _, place, value in state.changes:
        assert value > now.get(place, OLD)
        now[place] = value
    assert set(now.values()) == {NEW}
    back = nation("{tier: nation, generates_on: 2012-04-02, rolls_back_on: 2012-04-03}")
    (state,) = [state for state in back.states if state.name == "suites.nation"]
    assert [value for _, _, value in state.changes] == [GENERATES, CAN_VERIFY]


def test_no_session_is_opened_without_a_common_suite() -> None:
    """Towns that have the old suite only open none with prefectures that have ended it, and lose what they would have sent."""
    crypto = (
        "{suite: today, sessions: {lifetime: 24 h}, migration: {to: target, waves: [{tier: nation, can_verify_on: 2012-04-01}, "
        "{tier: prefectures, legacy_ends_on: 2012-04-01}]}}"
    )
    sets = ["run.period={from: 2012-04-02, to: 2012-04-02}", f"juki_net.crypto={crypto}", "juki_net.municipalities.every=50"]
    made = compile_network(load(SCENARIOS / "fy2012.yaml", sets=sets))
    counts = run(made).flow_counts
    number = {flow.name: place for place, flow in enumerate(made.flows)}
    assert int(counts["arrived"][number["session.cs-prefecture"]]) == 0
    assert int(counts["lost"][number["updates.per_event"]]) > 0
