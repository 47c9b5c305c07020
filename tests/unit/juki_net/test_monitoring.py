"""Monitoring: what alarms are worth, who looks at them, and that marks are no visits and move nobody else's draws."""

from __future__ import annotations

import math
from typing import Any

import pytest

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.juki_net.monitoring import alarms
from jukinet_sim.network import model as M
from jukinet_sim.results.digest import Part
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

FY2012 = shipped_folder() / "fy2012.yaml"
TABLE = [(1.0, 1e-5, 0.667), (0.7, 1e-5, 0.583), (0.7, 1e-4, 0.123), (0.7, 1e-3, 0.014)]
"""Detection, false-alarm probability and P(intrusion | alarm) at a base rate of 2e-5, as published figures give them."""
BASE_RATE = 2e-5


def nation(*more: str, period: str = "{from: 2012-04-02, to: 2012-04-03}", every: int = 50, seed: int = 1) -> M.Network:
    """Two days of a small nation."""
    sets = [f"run.period={period}", f"juki_net.municipalities.every={every}", f"run.seed={seed}", *more]
    return compile_network(load(FY2012, sets=sets))


def outcome(network: M.Network, seed: int = 1) -> dict[str, dict[str, Part]]:
    """Flows, stations and pools of one replication by name."""
    program = compile_program(network)
    return digest(conduct(make_engine("fast", program, seed, 0), program, 0), program).kinds()


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
def test_what_is_no_probability(call: Any) -> None:
    """Figures that cannot be are refused."""
    with pytest.raises(ValueError, match=r"no probability|days above 0"):
        call()


@pytest.mark.parametrize(("detection", "false_alarm", "published"), TABLE)
def test_base_rates_by_simulation(detection: float, false_alarm: float, published: float) -> None:
    """Of simulated alarms the share that are intrusions is what Bayes' rule says, within four standard errors."""
    messages = 5_000_000
    intrusions = round(messages * BASE_RATE)
    flow = f"{{per_year: {messages}, profile: uniform, origin: nation, route: [{{pass: national_firewall}}]}}"
    made = nation(
        "juki_net.flows=null", "juki_net.groups=null", "measures=null", "slo=null", "juki_net.updates.per_year=0",
        "juki_net.provisions.volume=0", "juki_net.monitoring.log_analysis=null", "juki_net.attacks=null",
        f"juki_net.flows={{message: {flow}}}",
        f"juki_net.attacks={{intrusion: {{count: {intrusions}, level: level_2, detection: {detection:.0%}, "
        "way: [{firewall: national_firewall, passes: 0 %}]}}",
        "juki_net.monitoring.ids.classes=null",
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
