"""States of places that change on dates, flows of single days, groups to which something happens, outages that end late."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

BASELINE = Path(__file__).parents[3] / "scenarios" / "fy2012.yaml"
WEEK = "run.period={from: 2012-05-07, to: 2012-05-13}"
SEARCHES = (
    "juki_net.flows.search={days: [{on: 2012-05-08, jobs: 7000}, {on: 2012-05-10, jobs: 3000}, {on: 2012-06-01, jobs: 9}], "
    "profile: wide-area, route: [{pass: cs}]}"
)
PATCHED = "juki_net.groups.patched={municipalities: 231, prefectures: 39}"


@cache
def network(*sets: str) -> M.Network:
    """A week of the nation with settings."""
    return compile_network(load(BASELINE, sets=[WEEK, *sets]))


def faults(*sets: str) -> list[str]:
    """What is wrong with it."""
    with pytest.raises(ScenarioError) as caught:
        network(*sets)
    return [fault.headline.partition("error: ")[2] for fault in caught.value.faults]


def test_single_days_hold_their_jobs_and_others_none() -> None:
    """All jobs of the days inside the run come, in the profile's hours and in proportion to the days' numbers."""
    flow = next(flow for flow in network(SEARCHES).flows if flow.name == "search")
    assert isinstance(flow.arrivals, M.ExactCount)
    assert flow.arrivals.count == 10_000
    open_s = [(86_400.0 * day + 9 * 3600.0, share) for day, share in ((1, 0.7), (3, 0.3))]
    starts, weights = np.asarray(flow.arrivals.start_s), np.asarray(flow.arrivals.weight)
    ends = np.append(starts[1:], 7 * 86_400.0)
    whole = float((weights * (ends - starts)).sum())
    for begins, share in open_s:
        inside = (starts >= begins) & (starts < begins + 8 * 3600.0)
        assert float((weights * (ends - starts))[inside].sum()) / whole == pytest.approx(share)


def test_a_day_on_which_the_profile_is_closed_is_a_fault() -> None:
    """Nobody comes to a counter on a Sunday."""
    sunday = "juki_net.flows.search={days: [{on: 2012-05-13, jobs: 7000}], route: [{pass: cs}]}"
    assert faults(sunday) == ["the profile counter is closed on 2012-05-13; choose another profile or another day"]


def test_a_thinner_nation_has_its_share_of_single_days() -> None:
    """One municipality in twenty has about a twentieth of the jobs."""
    flow = next(flow for flow in network(SEARCHES, "juki_net.municipalities.every=20").flows if flow.name == "search")
    assert isinstance(flow.arrivals, M.ExactCount)
    assert 400 < flow.arrivals.count < 650


def test_a_group_lies_in_so_many_prefectures() -> None:
    """231 municipalities of 39 prefectures, each of which has at least one; CSs and uplinks of these are concerned."""
    stop = 'juki_net.incidents.stop={outage: cs, places: {group: patched}, at: "2012-05-08 09:00", for: 4 h}'
    refused = 'juki_net.incidents.refused={malformed_update: {group: patched}, at: "2012-05-08 09:00", for: 4 h}'
    found = network(PATCHED, stop, refused)
    cs = next(station for station in found.stations if station.name == "cs")
    stopped = [outage.place for outage in cs.outages if outage.for_s == 4 * 3600.0]
    assert len(stopped) == len(set(stopped)) == 231
    parents = found.level("municipality").parent
    assert len({parents[place] for place in stopped if place is not None}) == 39
    state = next(state for state in found.states if state.name == "updates_refused")
    assert {place for _, place, _ in state.changes} == set(stopped)


def test_an_outage_ends_later_at_each_place() -> None:
    """Lateness is exponential with the stated mean, drawn by the seed alone."""
    stop = 'juki_net.incidents.stop={outage: cs, places: {group: patched}, at: "2012-05-08 09:00", for: 4 h, late_by: 5 h}'
    late = [sorted(o.for_s for s in net.stations if s.name == "cs" for o in s.outages if o.at_s == 118_800.0)
            for net in (network(PATCHED, stop), network(PATCHED, stop, "run.seed=2"))]  # fmt: skip
    assert len(late[0]) == 231
    assert min(late[0]) >= 4 * 3600.0
    assert np.mean(late[0]) == pytest.approx(9 * 3600.0, rel=0.15)
    assert late[0] != late[1]


def test_groups_that_are_not_there_or_consist_of_others_are_faults() -> None:
    """An unknown group, and a group at a station of prefectures, each with its cure."""
    unknown = 'juki_net.incidents.stop={outage: cs, places: {group: kiosks}, at: "2012-05-08 09:00", for: 4 h}'
    assert faults(unknown) == ['unknown group "kiosks"; did you mean "kiosk"?']
    above = 'juki_net.incidents.stop={outage: prefecture_hsm, places: {group: kiosk}, at: "2012-05-08 09:00", for: 4 h}'
    assert faults(above) == ["a group consists of municipalities; write the codes of each prefecture instead"]


def test_a_state_changes_in_waves() -> None:
    """Each place of the wave has its change, later by its lateness; the nation's one value has no place."""
    wave = '{at: "2012-05-08 09:00", to: 1, prefectures: ["06"], late_by: 10 min}'
    towns = f"juki_net.states.way={{per: municipality, changes: [{wave}]}}"
    state = next(state for state in network(towns).states if state.name == "way")
    assert len(state.changes) == 35
    assert all(at_s >= 118_800.0 and value == 1 for at_s, _, value in state.changes)
    whole = 'juki_net.states.way={changes: [{at: "2012-05-08 09:00", to: 1}]}'
    assert next(state for state in network(whole).states if state.name == "way").changes == ((118_800.0, None, 1),)


def test_a_change_outside_the_run_is_a_fault() -> None:
    """It would never happen."""
    found = faults('juki_net.states.way={changes: [{at: "2013-05-08 09:00", to: 1}]}')
    assert found == ["this change lies outside the run, 2012-05-07 to 2012-05-13; change its date or the run's period"]
