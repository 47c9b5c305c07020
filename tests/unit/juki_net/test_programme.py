"""The programme of change: what comes to which place when, what it does there, and what is refused."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.engine.program import compile_program
from jukinet_sim.experiments.twin import compare_engines
from jukinet_sim.juki_net.programme import centre
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_dated, compile_network
from jukinet_sim.scenario.load import load
from tests.unit.juki_net.operators_runs import SCENARIOS, Run, nation

NOVEMBER = "{from: 2013-11-01, to: 2013-11-30}"
HOSTS = "firewall: {servers: 4}, hsm: {servers: 6}, server: {servers: 16}, line: 1 Gbit/s"
CENTRE = f"programme.prefecture_centre={{{HOSTS}, at: 20 h, waves: [{{on: 2013-11-05, until: 2013-11-26}}]}}"
WHOLE_DAY = 86_400.0


def changes(text: str) -> str:
    """One change with a name."""
    return f"programme.changes={{it: {{{text}}}}}"


def arrived(network: M.Network, station: str) -> int:
    """Visits that came to a station in a run."""
    return Run(network).arrived(station, "station")


def test_every_prefecture_moves_once_within_its_wave() -> None:
    """47 moves at 20:00 on days from the first to the last, as evenly as whole prefectures allow."""
    network = nation(CENTRE, period=NOVEMBER)
    (state,) = (one for one in network.states if one.name == centre.MOVED)
    days = [(at_s - 20 * 3600.0) / WHOLE_DAY for at_s, _, _ in state.changes]
    assert sorted(place for _, place, _ in state.changes) == list(range(47))
    assert (min(days), max(days)) == (4.0, 25.0)
    each = np.bincount(np.array(days, dtype=int) - 4)
    assert set(each.tolist()) <= {47 // 22, 47 // 22 + 1}


def test_the_centre_does_the_work_of_those_who_have_moved() -> None:
    """Nobody is lost on the way: visits at both together are those without a centre, and at the end only the centre works."""
    plain, moving = (nation(*sets, period=NOVEMBER, every=100) for sets in ((), (CENTRE,)))
    without, run = Run(plain), Run(moving)
    for own, new in centre.CENTRE.items():
        both = run.arrived(own, "station") + run.arrived(new, "station")
        assert both == without.arrived(own, "station"), own
        assert run.arrived(own, "station") > 0 < run.arrived(new, "station")
    late = nation(CENTRE, period="{from: 2013-11-27, to: 2013-11-30}", every=100)
    assert arrived(late, "prefecture_server") == 0


def test_whoever_has_not_moved_keeps_every_bit() -> None:
    """Before the first move every flow goes the way, and takes the time, that it takes without a centre."""
    days = "{from: 2013-11-01, to: 2013-11-04}"
    flows = [Run(nation(*sets, period=days, every=100)).result.flow_sums["sojourn"] for sets in ((), (CENTRE,))]
    assert flows[0].tolist() == flows[1].tolist()


def test_a_register_is_copied_before_its_prefecture_moves() -> None:
    """Everybody who has a code travels once; what the centre takes for it is what the copy says."""
    copying = "copy: {record: 1 KiB, lead: 3 d, lot: 1000, per_record: 0.2 ms}"
    network = nation(CENTRE.replace("at: 20 h", f"at: 20 h, {copying}"), period=NOVEMBER, every=100)
    part = Run(network).kinds["flow"][centre.COPY]
    people = int(network.level("municipality").weights.sum())
    assert int(part.counts["records"]) == people
    assert int(part.counts["completed"]) == len(set(network.level("municipality").parent))


def test_a_renewed_machine_is_faster_from_its_day_on() -> None:
    """Twice as fast from the evening of the wave on, everywhere, and away for as long as it takes to replace it."""
    text = "renews: cs, speed: 2, away: 3 h, at: 20 h, waves: [{on: 2013-11-16}]"
    network = nation(changes(text), period=NOVEMBER)
    (cs,) = (one for one in network.stations if one.name == "cs")
    assert {(one.at_s, one.factor) for one in cs.speed} == {(15 * WHOLE_DAY + 20 * 3600.0, 2.0)}
    assert {(one.at_s, one.for_s) for one in cs.outages} == {(15 * WHOLE_DAY + 20 * 3600.0, 3 * 3600.0)}
    assert len(cs.outages) == network.level("municipality").count
    compile_program(network)


def test_failures_come_again_and_blackouts_are_waited_out() -> None:
    """Every place that fails comes for good a week later, or as long after the blackout as it would be late in the day."""
    text = "renews: cs, speed: 2, at: 20 h, fails: 50 %, again_after: 7 d, waves: [{on: 2013-11-04}]"
    blackout = "programme.blackouts=[{from: 2013-11-08, to: 2013-11-19, why: stock-taking}]"
    network = nation(changes(text), blackout, period=NOVEMBER, every=5)
    (cs,) = (one for one in network.stations if one.name == "cs")
    days = [(one.at_s - 20 * 3600.0) / WHOLE_DAY for one in cs.speed]
    failed = days.count(19.0)
    assert days.count(3.0) + failed == len(days)
    assert abs(failed - len(days) / 2) <= 4.0 * math.sqrt(len(days) / 4)


def test_traffic_grows_by_its_factor_from_its_day_on() -> None:
    """A factor of 2 for the second half of a month, by the volume that the calendar gives that half."""
    text = 'traffic: [updates, "query-*"], factor: {value: 2, assumed: "to see it", range: [1, 3]}, on: 2013-11-16'
    usual, half = nation(period=NOVEMBER), nation(period="{from: 2013-11-16, to: 2013-11-30}")
    more = nation(changes(text), period=NOVEMBER)

    def count(network: M.Network, name: str) -> int:
        (flow,) = (one for one in network.flows if one.name == name)
        assert isinstance(flow.arrivals, M.ExactCount)
        return flow.arrivals.count

    for name in ("query-by-name", "updates.per_event"):
        assert count(more, name) == pytest.approx(count(usual, name) + count(half, name), abs=2)
    assert count(more, "wide-area-issue") == count(usual, "wide-area-issue")


def test_records_entered_over_a_weekend_are_all_in_the_nation() -> None:
    """Though the prefectures are closed: one record each, forwarded to the national database before Monday's opening."""
    records = '{value: 200000, assumed: "to see it", range: [1, 2000000]}'
    text = f'enters: {records}, at: "2013-11-15 18:00", within: 24 h, message: 2 KiB'
    network = nation(changes(text), period="{from: 2013-11-15, to: 2013-11-17}", every=20)
    run = Run(network)
    part = run.kinds["flow"]["programme.it"]
    share = float(network.level("municipality").weights.sum()) / 126_659_683
    assert int(part.counts["completed"]) == round(200_000 * share)
    assert float(part.metrics["sojourn_s.max"] or 0.0) < 12 * 3600.0


def test_software_comes_to_each_machine_once() -> None:
    """One file for each municipality, which takes the time of its line."""
    text = "software: municipalities, size: 15 MB, at: 20 h, waves: [{on: 2013-11-05, until: 2013-11-08}]"
    network = nation(changes(text), period="{from: 2013-11-04, to: 2013-11-10}")
    part = Run(network).kinds["flow"]["programme.it"]
    assert int(part.counts["completed"]) == network.level("municipality").count
    # 15 MB at 50 Mbit/s and 1.5 Mbit/s, apart from what its machines and the way take.
    line_s = 15e6 * 8 / 50e6 + 15e6 * 8 / 1.5e6
    assert line_s < float(part.metrics["sojourn_s.mean"] or 0.0) < line_s + 1.0


@pytest.mark.parametrize(
    ("sets", "fault"),
    [
        ((changes("renews: national_database, speed: 2, waves: [{on: 2013-11-05}]"),), "is no machine that each municipality"),
        ((changes("resizes: nothing, servers: 2, on: 2013-11-05"),), 'unknown station "nothing"'),
        ((CENTRE, "prefecture.server.per=nation"), "have one centre already"),
        ((CENTRE, "programme.blackouts=[{from: 2013-11-05, to: 2013-11-06, why: audit}]"), "nothing is changed from .*: audit"),
        ((CENTRE, "programme.order=[{first: it, then: prefecture_centre}]"), '"it" comes to no place on a date'),
        (
            (
                changes("software: municipalities, size: 1 MB, waves: [{on: 2013-11-06}]"), CENTRE,
                "programme.order=[{first: it, then: prefecture_centre}]",
            ),
            '"prefecture_centre" comes to .. on 2013-11-05 and needs "it" there: it comes on 2013-11-06',
        ),
        (
            (
                changes("software: prefectures, size: 1 MB, adds_functions: true, waves: [{on: 2013-11-06}]"),
                'programme.freeze={from: 2012-04-01, to: 2014-03-31, why: "nothing new"}',
            ),
            "this adds functions, and comes on 2013-11-06: nothing new",
        ),
    ],
)  # fmt: skip
def test_contradictions_are_refused(sets: tuple[str, ...], fault: str) -> None:
    """Each is told with the dates, the place and a cure."""
    with pytest.raises(ScenarioError, match=fault):
        nation(*sets, period=NOVEMBER)


def test_engines_agree_on_a_programme() -> None:
    """Both engines take every step of the days on which a prefecture moves alike."""
    text = "renews: cs, speed: 2, away: 3 h, at: 20 h, waves: [{on: 2013-11-05}]"
    network = nation(CENTRE, changes(text), period="{from: 2013-11-05, to: 2013-11-07}", every=100)
    verdict = compare_engines(network, 1, 20_000)
    assert verdict.difference is None
    assert verdict.visits > 5_000


def test_the_programme_is_told_on_one_calendar() -> None:
    """Suites, ways to log on, kiosks and the programme, each with its first day; every prefecture is there by January 2014."""
    found = {one.name: one for one in compile_dated(load(SCENARIOS / "programme.yaml"))[1]}
    first = {name: one.days[0] for name, one in found.items()}
    assert first["foreign-resident-software-prefectures"] == dt.date(2013, 3, 4)
    assert first["foreign-residents"] == dt.date(2013, 7, 5)
    assert first["groups.kiosk"] == dt.date(2013, 9, 1)
    moved = found["prefecture_centre"].days
    assert (len(moved), moved[0], moved[-1] < dt.date(2014, 1, 31)) == (47, dt.date(2013, 11, 5), True)
    assert found["operators"].days[-1] < dt.date(2014, 7, 1)
    assert [one.days[0] for one in found.values()] == sorted(first.values())


def test_after_june_2014_nobody_logs_on_by_card() -> None:
    """Of the shipped programme, as the plan says."""
    some = ["juki_net.municipalities.every=100", "run.period={from: 2014-07-01, to: 2014-07-07}"]
    run = Run(compile_network(load(SCENARIOS / "programme.yaml", sets=some)))
    assert run.counted("begun", "biometric") > 100
    assert run.counted("begun", "card") == 0
    assert run.arrived("prefecture_server", "station") == 0
