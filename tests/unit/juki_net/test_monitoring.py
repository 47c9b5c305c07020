"""Monitoring: what alarms are worth, who looks at them, and that marks are no visits and move nobody else's draws."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from attack_samples import NOTHING_ELSE, SCENARIOS, attacked, nation, outcome

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.monitoring import alarms
from jukinet_sim.juki_net.monitoring.names import is_count
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

TABLE = [(1.0, 1e-5, 0.667), (0.7, 1e-5, 0.583), (0.7, 1e-4, 0.123), (0.7, 1e-3, 0.014)]
"""Detection, false-alarm probability and P(intrusion | alarm) at a base rate of 2e-5, as published figures give them."""
BASE_RATE = 2e-5


@pytest.mark.parametrize(("detection", "false_alarm", "published"), TABLE)
def test_bayes(detection: float, false_alarm: float, published: float) -> None:
    """The rule gives the published table, and its inverse gives the false-alarm probability back."""
    found = alarms.intrusion_given_alarm(BASE_RATE, detection, false_alarm)
    assert found == pytest.approx(published, abs=0.0005)
    assert alarms.largest_false_alarm(BASE_RATE, detection, found) == pytest.approx(false_alarm, rel=1e-9)
    one = alarms.TrafficClass(1e6, BASE_RATE, detection, false_alarm)
    assert alarms.worth_of_an_alarm([one]) == pytest.approx(found, rel=1e-12)
    assert alarms.alerts_per_day([one]) == pytest.approx(1e6 * (BASE_RATE * detection + (1 - BASE_RATE) * false_alarm))


def test_what_silence_tells() -> None:
    """Of all messages without an alarm the share of intrusions follows from counting the four cases."""
    intrusion, missed = 0.01, 0.3
    silent = (intrusion * missed, (1.0 - intrusion) * 0.9)
    assert alarms.intrusion_given_silence(intrusion, 1.0 - missed, 0.1) == pytest.approx(silent[0] / sum(silent))


def test_no_intrusion_seen_in_nine_months() -> None:
    """The rule of three bounds what is detected below four a year; at half the detection it bounds twice as much."""
    bound = alarms.none_seen_bound(275)
    assert math.exp(-bound * 275 / 365.25) == pytest.approx(0.05)
    assert 3.9 < bound < 4.0
    assert alarms.none_seen_bound(275, detection=0.5) == pytest.approx(2.0 * bound)


@pytest.mark.parametrize("call", [lambda: alarms.intrusion_given_alarm(2.0, 0.5, 0.5), lambda: alarms.none_seen_bound(0.0)])
def test_what_is_no_probability(call: Callable[[], float]) -> None:
    """Figures that cannot be are refused."""
    with pytest.raises(ValueError, match=r"no probability|days above 0"):
        call()


@pytest.mark.parametrize(("detection", "false_alarm", "published"), TABLE)
def test_base_rates_by_simulation(detection: float, false_alarm: float, published: float) -> None:
    """Of simulated alarms the share that are intrusions is what Bayes' rule says, within four standard errors."""
    messages = 600_000
    intrusions = round(messages * BASE_RATE)
    flow = f"{{per_year: {messages}, profile: uniform, origin: nation, route: [{{pass: national_firewall}}]}}"
    made = nation(
        *NOTHING_ELSE,
        f"juki_net.flows={{message: {flow}}}",
        f"juki_net.attacks={{intrusion: {{count: {intrusions}, level: level_2, detection: {detection:.0%}, "
        "way: [{firewall: national_firewall, passes: 0 %}]}}",
        f"juki_net.monitoring.ids={{taps: [national_firewall], false_alarm: {false_alarm}}}",
        period="{from: 2012-04-01, to: 2013-03-31}", every=1,
    )  # fmt: skip
    flows = outcome(made)["flow"]
    true, false = flows["alert.intrusion"].counts["arrived"], flows["alert.false"].counts["arrived"]
    assert flows["message"].counts["arrived"] == pytest.approx(messages, rel=0.02)
    assert flows["attack.intrusion"].counts["arrived"] == pytest.approx(intrusions, rel=0.02)
    expected = alarms.intrusion_given_alarm(BASE_RATE, detection, false_alarm)
    assert expected == pytest.approx(published, abs=0.0005)
    # Given the base rate, alarms of both kinds are independent and binomial, nearly Poisson: the delta method on t / (t + f).
    t, f = messages * BASE_RATE * detection, messages * false_alarm
    error = math.sqrt(f**2 * t * (1.0 - detection) + t**2 * f) / (t + f) ** 2
    assert true / (true + false) == pytest.approx(expected, abs=4.0 * error)


def test_marks_are_no_visits_and_move_nobody() -> None:
    """With taps, logs and analysts every other flow and machine has, to the last bit, what it has without them."""
    # Without an end of their own, as alerts may wait for an office to open after everything else is done.
    sets = "juki_net.attacks=null", "run.drain=false"
    without = outcome(nation("juki_net.monitoring=null", *sets, every=20))
    watched = outcome(nation("juki_net.monitoring.ids.false_alarm=0.01", *sets, every=20))
    assert watched["flow"]["alert.false"].counts["arrived"] > 50
    for kind in ("flow", "station"):
        for name, part in without[kind].items():
            assert watched[kind][name].counts == part.counts, name
            assert watched[kind][name].metrics == part.metrics, name


def test_only_tapped_firewalls_raise_alerts() -> None:
    """A mark stands behind each visit to a tapped firewall, with its class's probability, and behind no other visit."""
    made = nation("juki_net.monitoring.ids.taps=[national_firewall, agency_firewall]")
    marks = {
        (flow.name, before.station, after.targets[-1][1])
        for flow in made.flows
        for before, after in zip(flow.route, flow.route[1:], strict=False)
        if isinstance(before, M.Visit) and isinstance(after, M.Branch) and (after.label or "").endswith("~tap")
    }
    assert ("query-by-name", "national_firewall", 1e-5) in marks
    assert {station for _, station, _ in marks} == {"national_firewall", "agency_firewall"}
    files = [
        step.targets[-1][1]
        for flow in made.flows if flow.name.startswith("provision.")
        for step in M.all_steps(flow.route) if isinstance(step, M.Branch) and (step.label or "").endswith("~tap")
    ]  # fmt: skip
    assert set(files) == {1e-6}


def test_prefectures_that_watch_themselves() -> None:
    """Alerts of a prefecture's firewall go to whoever watches it: the share of the analysts' is that of entrusted prefectures.

    Attempts come by residents, so that the entrusted share is that of residents; within four standard errors.
    """
    flood = "{rate: 3 /min, detection: 100 %, level: level_1, way: [{firewall: prefecture_firewall, passes: 0 %}]}"
    made = attacked(flood, "juki_net.monitoring.entrusted=40 %", "juki_net.municipalities.every=1")
    (state,) = [one for one in made.states if one.name == "watched_by_centre"]
    entrusted = [place for _, place, _ in state.changes]
    assert len(entrusted) == round(0.4 * 47)
    weights = made.level("prefecture").weights
    share = float(weights[entrusted].sum() / weights.sum())
    flows = outcome(made)["flow"]
    centre, own = (flows[name].counts["arrived"] for name in ("alert.it", "alert.it.by-prefecture"))
    assert centre + own == flows["attack.it"].counts["arrived"] > 10_000
    assert centre / (centre + own) == pytest.approx(share, abs=4.0 * math.sqrt(share * (1.0 - share) / (centre + own)))


def test_a_common_centre_is_watched_by_the_centre() -> None:
    """Where all prefectures share one firewall, no prefecture looks at its own."""
    made = nation("juki_net.prefecture.firewall.per=nation")
    assert not [one for one in made.states if one.name == "watched_by_centre"]
    assert not [flow.name for flow in made.flows if flow.name.endswith(".by-prefecture")]


def test_shifts_of_analysts() -> None:
    """The last shift of a day goes on until the first of the next; with one that begins at midnight nothing is added."""
    later = "[{at: 6 h, analysts: 3}, {at: 22 h, analysts: 1}]"
    (station,) = [one for one in nation(f"juki_net.monitoring.analysts.shifts={later}").stations if one.name == "analysts"]
    assert station.schedule == M.Schedule((0.0, 6 * 3600.0, 22 * 3600.0), (1, 3, 1), 86_400.0)
    assert station.servers == 3
    (station,) = [one for one in nation().stations if one.name == "analysts"]
    assert station.schedule == M.Schedule((0.0, 8 * 3600.0, 18 * 3600.0), (2, 4, 2), 86_400.0)


def test_logs_are_read_each_business_day() -> None:
    """One job for the nation and one for each entrusted prefecture, longer by what is expected of the drop logs."""
    stray = "{rate: 20000 /d, way: [{firewall: national_firewall, passes: 50 %}, {firewall: agency_firewall, passes: 0 %}]}"
    log = "{at: 10 h, over: 0 h, each: 10 min, per_1000_lines: 5 min, finds: 0 %}"
    made = nation(
        *NOTHING_ELSE, f"juki_net.attacks={{stray: {stray}}}", f"juki_net.monitoring.log_analysis={log}",
        "juki_net.monitoring.entrusted=0 %", "juki_net.monitoring.ids=null",
        period="{from: 2012-04-02, to: 2012-04-06}", every=1,
    )  # fmt: skip
    part = outcome(made)["flow"]["log-analysis"]
    assert part.counts["completed"] == 5
    share = float(made.level("municipality").weights.sum()) / 126_660_000
    lines = round(20_000 * share)
    assert part.counts["records"] == pytest.approx(5 * lines, rel=0.01)
    assert part.metrics["sojourn_s.mean"] == pytest.approx(600.0 + part.counts["records"] / 5 * 0.3, rel=1e-9)
    entrusted = nation(f"juki_net.monitoring.log_analysis={log}", "juki_net.monitoring.entrusted=100 %")
    (flow,) = [flow for flow in entrusted.flows if flow.name == "log-analysis"]
    assert isinstance(flow.arrivals, M.Scheduled)
    assert len(flow.arrivals.at_s) == 2 * (1 + 47)


def test_a_firewall_drops_what_it_has_no_room_for() -> None:
    """One message in hand at most: of Poisson traffic at load 1 half is dropped (Erlang B), rules included in the time."""
    way = "[{firewall: national_firewall, passes: 100 %}]"
    flood = f"{{at: '2012-04-02 09:00', for: 10 min, rate: 1000 /s, place: '13-010', way: {way}}}"
    firewall = "{servers: 1, per_message: 0.5 ms, rules: 100, per_rule: 5 us, connections: 1}"
    flows = outcome(attacked(flood, f"juki_net.nation.network_firewall={firewall}", "juki_net.monitoring.ids=null"))["flow"]
    arrived, lost = (flows["attack.it"].counts[key] for key in ("arrived", "lost"))
    load = 1000.0 * (0.0005 + 100 * 5e-6)
    expected = load / (1.0 + load)
    # Refusals in a row depend on one another, over about one service time each: twice the binomial error is ample.
    assert lost / arrived == pytest.approx(expected, abs=4.0 * 2.0 * math.sqrt(expected * (1.0 - expected) / arrived))


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("juki_net.municipality.firewall.rules=100", '"rules" says nothing without "per_rule"'),
        ("juki_net.monitoring.ids.classes={odd: {flows: [query-by-nam], false_alarm: 0}}", 'no flow is called "query-by-nam"'),
        ("juki_net.monitoring.ids.taps=[municipal_firewall]", "municipal_firewall"),
        ("juki_net.monitoring.analysts.shifts=[{at: 8 h, analysts: 1}, {at: 8 h, analysts: 2}]", "do not go forward"),
        ("juki_net.monitoring.log_analysis.at=24 h", "is not a time of day"),
        ("juki_net.monitoring.log_analysis.over=20 h", "begin on the next one"),
        ("juki_net.monitoring.municipal_side.hours=office", 'unknown profile "office"'),
        ("juki_net.monitoring.rate_limit={per_municipality: 0 /s, burst: 1}", "lets nothing through"),
        ("juki_net.incidents={a: {outage: cs, at: '2012-04-02 09:00'}}", "this outage has no length"),
        ("juki_net.incidents={a: {outage: cs, at: '2012-04-02 09:00', for: 1 h, repair: 1 h}}", 'both "for" and "repair"'),
        ("juki_net.incidents={a: {outage: cs, at: '2012-04-02 09:00', repair: 1 h}}", "nobody watches equipment"),
    ],
)
def test_what_cannot_be(setting: str, message: str) -> None:
    """What is wrong is said with its place."""
    with pytest.raises(ScenarioError) as caught:
        nation(setting)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "overrides", "visits"),
    [
        ("attack-flood", [], 3_000), ("attack-flood", ["unlimited"], 8_000), ("attack-quiet-intrusion", ["read"], 8_000),
        ("attack-examples", ["downgrade"], 8_000), ("attack-examples", ["failures"], 8_000),
    ],
)  # fmt: skip
def test_engines_agree(name: str, overrides: list[str], visits: int) -> None:
    """Both engines take every alert, drop, limit and outage alike."""
    made = load(SCENARIOS / f"{name}.yaml", overrides=overrides)
    verdict = compare_engines(compile_network(made), 1, visits)
    assert verdict.difference is None
    assert verdict.visits > 1_000


def test_names_of_counts() -> None:
    """Stations that stand for counts are told from machines, and attacks from alerts."""
    assert [is_count(name) for name in ("drop_log.cs.it", "unnoticed.it", "analysts")] == [True, True, False]
