"""Attacks: how many attempts pass what, who notices them and when, and what they leave in which log."""

from __future__ import annotations

import math

import numpy as np
import pytest
from attack_samples import NOTHING_ELSE, SCENARIOS, attacked, nation, outcome

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.juki_net.attacks.compile import LOOK_S
from jukinet_sim.network import model as M
from jukinet_sim.results.digest import Part
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

CONSTANT = "juki_net.monitoring.analysts.cv=0"


def within(part: int, whole: int, p: float) -> bool:
    """Whether a share is a probability within four standard errors."""
    return abs(part / whole - p) <= 4.0 * math.sqrt(p * (1.0 - p) / whole)


def test_each_firewall_lets_its_share_pass() -> None:
    """Of n attempts n p pass the first and n p q the second; what is dropped is in the log of the firewall that dropped it."""
    way = "[{firewall: municipal_firewall, passes: 30 %}, {machine: cs}, {firewall: network_firewall, passes: 60 %}]"
    found = outcome(attacked(f"{{count: 20000, place: '13-010', way: {way}}}"))
    part = found["flow"]["attack.it"].counts
    first, second = (found["station"][f"drop_log.{at}_firewall.it"].counts["refused"] for at in ("municipal", "network"))
    assert part["arrived"] == 20_000 == first + second + part["completed"]
    assert within(first, 20_000, 0.7)
    assert within(second, 20_000 - first, 0.4)
    assert found["station"]["cs"].counts["arrived"] == 20_000 - first
    assert found["station"]["cs_line"].counts["arrived"] == 20_000 - first


def test_alerts_are_raised_where_taps_are() -> None:
    """Nothing is raised by what the municipal firewall drops; of what crosses the tapped one, the detected share."""
    way = "[{firewall: municipal_firewall, passes: 20 %}, {firewall: network_firewall, passes: 0 %}]"
    attack = f"{{count: 20000, place: '13-010', detection: 40 %, level: level_2, way: {way}}}"
    found = outcome(attacked(attack, "juki_net.monitoring.municipal_side.looked_at=0 %"))
    crossed = found["station"]["drop_log.network_firewall.it"].counts["refused"]
    assert within(crossed, 20_000, 0.2)
    assert within(found["flow"]["alert.it"].counts["arrived"], crossed, 0.4)


@pytest.mark.parametrize(("passes", "noticed"), [(0, False), (100, True)])
def test_noticed_only_at_the_network_side(passes: int, noticed: bool) -> None:
    """An intruder whom the municipal firewall stops is never noticed, however long its log; one who passes is, after triage."""
    way = f"[{{firewall: municipal_firewall, passes: {passes} %}}, {{firewall: network_firewall, passes: 0 %}}]"
    attack = (
        "{at: '2012-04-02 10:00', count: 1, place: '13-010', detection: 100 %, level: level_2, "
        f"again: {{after: 1 h, attempts: 20}}, way: {way}}}"
    )
    found = outcome(attacked(attack, "juki_net.monitoring.municipal_side.looked_at=0 %", CONSTANT))
    seen = found["flow"]["attack.it.noticed"]
    assert (seen.counts["completed"], seen.counts["lost"]) == ((1, 0) if noticed else (0, 1))
    where = "network" if noticed else "municipal"
    assert found["station"][f"drop_log.{where}_firewall.it"].counts["refused"] == 20
    if noticed:
        triage_s = 12 * 60.0
        assert triage_s < seen.metrics["sojourn_s.mean"] <= triage_s + 1.0 + LOOK_S
        # All further alerts are put with the first; those of the first hours may have been raised before it was known.
        assert found["flow"]["alert.it"].counts["arrived"] == 20
        assert found["flow"]["alert.incident.level_2"].counts["completed"] == 1


def test_a_town_that_reads_its_log() -> None:
    """What is dropped at night is noticed when the office opens, by the town itself."""
    attack = (
        "{at: '2012-04-02 22:00', count: 1, place: '13-010', level: level_2, "
        "way: [{firewall: municipal_firewall, passes: 0 %}]}"
    )
    found = outcome(attacked(attack, "juki_net.monitoring.municipal_side.looked_at=100 %"))
    seen = found["flow"]["attack.it.noticed"]
    assert seen.counts["completed"] == 1
    opens_s = (24 - 22 + 8.5) * 3600.0
    assert opens_s <= seen.metrics["sojourn_s.mean"] <= opens_s + LOOK_S
    assert found["flow"]["alert.it.by-municipality"].counts["arrived"] == 1


def test_what_the_daily_log_tells() -> None:
    """What taps let pass is found in the log of a network-side firewall, at the next reading and after triage."""
    attack = (
        "{at: '2012-04-02 15:00', count: 1, place: '13-010', level: level_2, "
        "way: [{firewall: network_firewall, passes: 0 %}]}"
    )
    log = "{at: 10 h, over: 0 h, each: 1 s, per_1000_lines: 0 s, finds: 100 %}"
    found = outcome(attacked(attack, f"juki_net.monitoring.log_analysis={log}", CONSTANT))
    seen = found["flow"]["attack.it.noticed"]
    read_s, triage_s = (24 - 15 + 10) * 3600.0, 12 * 60.0
    assert read_s + triage_s - 1.0 < seen.metrics["sojourn_s.mean"] <= read_s + triage_s + 1.0 + LOOK_S


def test_attempts_until_one_succeeds() -> None:
    """Who guesses with probability p and tries again needs 1 / p attempts on average, each refusal a line of the log."""
    p, intruders = 0.05, 400
    attack = (
        f"{{at: '2012-04-02 00:00', count: {intruders}, place: '13-010', way: [{{log_on: {100 * p:g} %}}], "
        "again: {after: 10 s}}"
    )
    found = outcome(attacked(attack, "run.drain=false"))
    refused = found["station"]["drop_log.log_on.it"].counts["refused"]
    assert found["flow"]["attack.it"].counts["completed"] == intruders
    # Refusals before a success are geometric: mean (1 - p) / p, variance (1 - p) / p^2.
    assert refused / intruders == pytest.approx((1.0 - p) / p, abs=4.0 * math.sqrt((1.0 - p) / p**2 / intruders))


def test_a_rate_limit_drops_what_comes_too_fast() -> None:
    """In half an hour at ten times the limit a bucket lets rate x time and its burst pass, whatever the instants."""
    found = outcome(compile_network(load(SCENARIOS / "attack-flood.yaml")))["flow"]["attack.flood"].counts
    rate, seconds, burst = 20.0, 1800.0, 50
    assert rate * seconds <= found["completed"] <= rate * seconds + burst + 1
    assert found["completed"] + found["abandoned"] == found["arrived"]
    assert found["arrived"] == pytest.approx(300.0 * seconds, abs=4.0 * math.sqrt(300.0 * seconds))


def flood(*overrides: str) -> dict[str, Part]:
    """The flows of the flooded prefecture."""
    return outcome(compile_network(load(SCENARIOS / "attack-flood.yaml", overrides=list(overrides))))["flow"]


@pytest.mark.parametrize("name", ["updates.per_event", "query-by-address"])
def test_neighbours_of_a_flood(name: str) -> None:
    """With the limit their p99 stays within 10 % of a day without a flood; without it, it is minutes."""
    quiet, limited, unlimited = (part[name].metrics["sojourn_s.p99"] for part in (flood("quiet"), flood(), flood("unlimited")))
    assert quiet is not None
    assert limited == pytest.approx(quiet, rel=0.1)
    # The module does 250 of 300 messages a second: after half an hour the queue is (300 - 250) x 1800 / 250 = 360 s long.
    longest_s = (300.0 - 250.0) * 1800.0 / 250.0
    assert unlimited is not None
    assert unlimited > longest_s / 2.0


def test_stated_rates_and_counts() -> None:
    """A rate holds from its beginning to its end; a count is exact, or all at once where no time is stated."""
    way = "way: [{firewall: agency_firewall, passes: 0 %}]"
    during = attacked(f"{{at: '2012-04-03 00:00', for: 12 h, place: '13-010', rate: 1 /min, {way}}}").flows
    (arrivals,) = [flow.arrivals for flow in during if flow.name == "attack.it"]
    assert isinstance(arrivals, M.Piecewise)
    assert arrivals.start_s.tolist() == [0.0, 86_400.0, 1.5 * 86_400.0]
    assert arrivals.rate_per_s.tolist() == [0.0, 1.0 / 60.0, 0.0]
    exact = attacked(f"{{at: '2012-04-03 00:00', for: 12 h, place: '13-010', count: 40, {way}}}")
    assert outcome(exact)["flow"]["attack.it"].counts["arrived"] == 40
    (arrivals,) = [flow.arrivals for flow in exact.flows if flow.name == "attack.it"]
    assert isinstance(arrivals, M.ExactCount)
    inside = (arrivals.start_s >= 86_400.0) & (arrivals.start_s < 1.5 * 86_400.0)
    assert np.all((arrivals.weight > 0.0) == inside)


def test_a_smaller_nation_has_fewer_attempts() -> None:
    """Attempts from everywhere are as many as the residents there are; those from one place are as stated."""
    way = "way: [{firewall: agency_firewall, passes: 0 %}]"
    for size, place in ((1.0, "place: '13-010', "), (None, "")):
        made = attacked(f"{{count: 10000, {place}{way}}}")
        share = size or float(made.level("municipality").weights.sum()) / 126_660_000
        assert outcome(made)["flow"]["attack.it"].counts["arrived"] == pytest.approx(10_000 * share, rel=0.01)


def test_downgrades_succeed_where_both_suites_are_spoken() -> None:
    """A machine falls back while it generates the new suite and takes the old one; the others refuse, and log that."""
    waves = (
        "[{tier: nation, generates_on: 2012-04-01}, {tier: prefectures, generates_on: 2012-04-01}, "
        "{tier: municipalities, share: [0 %, 30 %], generates_on: 2012-04-01}]"
    )
    made = attacked(
        "{count: 20000, way: [{downgrade: municipality}]}",
        f"juki_net.crypto={{suite: today, migration: {{to: target, waves: {waves}}}}}", "juki_net.municipalities.every=1",
    )  # fmt: skip
    (state,) = [state for state in made.states if state.name == "suites.municipality"]
    weights = made.level("municipality").weights
    p = float(weights[[place for _, place, _ in state.changes]].sum() / weights.sum())
    part = outcome(made)["flow"]["attack.it"].counts
    assert within(part["completed"], part["arrived"], p)


@pytest.mark.parametrize(
    ("attack", "message"),
    [
        ("{way: [{machine: cs}]}", "this attack consists of nothing"),
        ("{rate: 1 /h, count: 1, way: [{machine: cs}]}", 'both "rate" and "count" are given'),
        ("{count: 1, for: 1 h, way: [{machine: cs}]}", "counts from a beginning"),
        ("{count: 1, at: '2013-04-02 10:00', way: [{machine: cs}]}", "begins outside the run"),
        ("{count: 1, place: '99-999', way: [{machine: cs}]}", 'no municipality with the code "99-999"'),
        ("{count: 1, way: [{machine: csx}]}", 'unknown station "csx"'),
        ("{count: 1, way: [{machine: cs_line}]}", "is a line"),
        ("{count: 1, way: [{downgrade: municipality}]}", "no machine has two suites"),
        ("{count: 1, way: [{walk: 1 h}]}", '"walk" is not a kind of stage'),
        ("{count: 1, way: []}", "way"),
        ("{count: 1, again: {after: 1 h}, way: [{machine: cs}]}", "keeps a run that is drained from ending"),
    ],
)
def test_attacks_that_cannot_be(attack: str, message: str) -> None:
    """What is wrong with an attack is said with its place."""
    with pytest.raises(ScenarioError) as caught:
        attacked(attack)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["false", "a.b"])
def test_names_that_attacks_cannot_have(name: str) -> None:
    """A name that would be mistaken for that of something else is refused."""
    with pytest.raises(ScenarioError, match="cannot be called"):
        nation(*NOTHING_ELSE, f'juki_net.attacks={{"{name}": {{count: 1, way: [{{machine: cs}}]}}}}')


def test_attacks_without_anybody_who_watches() -> None:
    """A scenario without monitoring may have attacks: they do their work, and nobody notices."""
    way = "[{firewall: network_firewall, passes: 0 %}]"
    attack = f"{{at: '2012-04-02 10:00', count: 5, place: '13-010', detection: 100 %, level: level_2, way: {way}}}"
    found = outcome(attacked(attack, "juki_net.monitoring=null"))
    assert found["flow"]["attack.it"].counts["lost"] == 5
    assert found["flow"]["attack.it.noticed"].counts["lost"] == 1
    assert not [name for name in found["flow"] if name.startswith("alert")]
