"""Incidents: what waits while something is broken, how it drains, who stays blocked, and that no cause is no effect."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.twins.compare import assert_twins

BASELINE = Path(__file__).parents[3] / "scenarios" / "fy2012.yaml"
DAYS = "run.period={from: 2012-11-13, to: 2012-11-16}"
HOUR = 3600.0
BEGINS = 33 * HOUR
"""Wednesday 9:00, from Tuesday's midnight."""
SMALL = (DAYS, "juki_net.municipalities.every=20", "juki_net.provisions.volume=0")
AT = 'at: "2012-11-14 09:00"'


@cache
def network(*sets: str) -> M.Network:
    """Four days of a twentieth of the nation, with settings."""
    return compile_network(load(BASELINE, sets=[*SMALL, *sets]))


@cache
def result(*sets: str) -> Replication:
    """One replication of it."""
    program = compile_program(network(*sets))
    return conduct(make_engine("fast", program, 1, 0), program, 0)


def code(place: int) -> str:
    """The code of a municipality."""
    return network().level("municipality").labels[place].split()[0]


def largest_sender() -> int:
    """A municipality that sends its updates one by one."""
    weights = network().level("municipality").weights
    return int(weights.argmax())


def waits(outcome: Replication, pool: str, net: M.Network) -> list[float]:
    """The longest wait for a token of a pool at each place."""
    group = [p.name for p in net.pools].index(pool)
    first = compile_program(net).pool_first[group]
    count = compile_program(net).pool_count[group]
    return list(outcome.pool_sums["wait_max"][first : first + count])


def test_a_lost_acknowledgement_blocks_one_place_until_it_is_restarted() -> None:
    """The first update behind the lost one waits nearly the two days; no other place waits longer than without it."""
    place = largest_sender()
    cause = f'juki_net.incidents.stuck={{lost_acknowledgement: ["{code(place)}"], {AT}, for: 48 h}}'
    stuck, calm = waits(result(cause), "cs_uplink", network(cause)), waits(result(), "cs_uplink", network())
    assert stuck[place] > 40 * HOUR
    assert calm[place] < 60.0
    assert [w for i, w in enumerate(stuck) if i != place] == [w for i, w in enumerate(calm) if i != place]


def test_a_lost_acknowledgement_leaves_traffic_between_places_alone() -> None:
    """Transfer notices take exactly as long as without it."""
    cause = f'juki_net.incidents.stuck={{lost_acknowledgement: ["{code(largest_sender())}"], {AT}, for: 48 h}}'
    names = [f.name for f in network().flows]
    notice = names.index("transfer-notice")
    for key in ("sojourn", "wait"):
        assert result(cause).flow_sums[key][notice] == pytest.approx(result().flow_sums[key][notice], rel=1e-3)


def test_refused_updates_are_offered_again_until_accepted() -> None:
    """The line carries an offer every ten minutes while the prefecture is open, and nothing of the queue behind it.

    Of the 28 hours from 9:00 on it is open for nine on the first day and five on the second.
    """
    place = largest_sender()
    cause = f'juki_net.incidents.patch={{malformed_update: ["{code(place)}"], {AT}, for: 28 h}}'
    net = network(cause)
    program = compile_program(net)
    line = [s.name for s in net.stations].index("cs_line")
    at = program.station_first[line] + place
    more = int(result(cause).station_counts["completed"][at]) - int(result().station_counts["completed"][at])
    assert more == pytest.approx((9 + 5) * 6, abs=2)
    assert waits(result(cause), "cs_uplink", net)[place] > 20 * HOUR


def test_an_outage_of_one_prefecture_holds_back_its_updates_only() -> None:
    """Every update of the nation is completed all the same, and only that prefecture's uplinks wait for a day."""
    net = network()
    prefecture = net.level("municipality").parent[largest_sender()]
    label = net.level("prefecture").labels[prefecture].split()[0]
    cause = f'juki_net.incidents.hsm={{outage: prefecture_hsm, {AT}, for: 28 h, places: ["{label}"]}}'
    held = waits(result(cause), "cs_uplink", network(cause))
    parents = net.level("municipality").parent
    assert {parents[i] for i, wait in enumerate(held) if wait > 12 * HOUR} == {prefecture}
    # But for those who telephone because of it.
    others = [i for i, flow in enumerate(net.flows) if flow.name != "call.outage"]
    assert result(cause).flow_counts["completed"][others].tolist() == result().flow_counts["completed"][others].tolist()


@pytest.mark.parametrize(
    ("station", "pools"),
    [
        ("prefecture_server", {"cs_uplink"}),
        ("prefecture_hsm", {"cs_uplink"}),
        ("national_database", {"prefecture_uplink"}),
        ("cs", {"terminal"}),
        ("municipal_firewall", {"terminal"}),
        ("provision_server", set()),
        ("kiosk_relay", set()),
        ("certificate_authority", set()),
    ],
)
def test_an_outage_is_watched_at_the_station_and_at_what_is_held_there(station: str, pools: set[str]) -> None:
    """Whoever stands at a broken station may hold an uplink or a terminal; at others nothing is held."""
    net = network(f"juki_net.incidents.x={{outage: {station}, {AT}, for: 5 h}}")
    assert [(w.kind, w.part, w.places) for w in net.watches[:1]] == [("station", station, None)]
    assert {w.part for w in net.watches[1:]} >= pools
    assert all(w.kind == "pool" for w in net.watches[1:])
    if not pools:
        assert len(net.watches) == 1


def test_a_place_is_watched_with_what_lies_in_it() -> None:
    """A prefecture's server holds back the uplinks of its municipalities, and no others."""
    net = network(f'juki_net.incidents.x={{outage: prefecture_server, {AT}, for: 5 h, places: ["06"]}}')
    (uplinks,) = (w for w in net.watches if w.part == "cs_uplink")
    parents = net.level("municipality").parent
    assert uplinks.places == tuple(i for i, parent in enumerate(parents) if parent == 5)


@pytest.mark.parametrize("station", ["prefecture_server", "cs", "certificate_authority", "national_database"])
def test_whoever_waits_in_an_outage_is_counted(station: str) -> None:
    """Five hours without a station: jobs wait there, for hours in all, and nobody does without the outage."""
    cause = f"juki_net.incidents.x={{outage: {station}, {AT}, for: 5 h}}"
    (counted, *_), never = result(cause).waited, result().waited
    assert never == ()
    assert counted["at_end"].sum() > 0
    assert counted["area"].sum() > 0.2 * 5 * HOUR
    assert counted["area"].sum() <= 5 * HOUR * (counted["at_end"].sum() + 1)


def test_an_outage_is_seen_in_late_updates_and_queries() -> None:
    """While all prefecture servers are down for eight hours, updates are held and queries are late; else hardly any is."""
    cause = f"juki_net.incidents.x={{outage: prefecture_server, {AT}, for: 8 h}}"
    names = [f.name for f in network().flows]
    for name in ("updates.per_event", "query-by-address"):
        late = [int(run.flow_counts["late"][names.index(name)]) for run in (result(), result(cause))]
        assert late[0] == 0
        assert late[1] > 100


def test_a_due_of_updates_changes_no_event() -> None:
    """Shorter or longer, it only decides which updates are called late."""
    strict = "juki_net.updates.due=10 ms", "juki_net.updates.daily_send_due=1 min"
    assert result(*strict).fingerprint == result().fingerprint
    names = [f.name for f in network().flows]
    for name in ("updates.per_event", "updates.daily"):
        assert result(*strict).flow_counts["late"][names.index(name)] > result().flow_counts["late"][names.index(name)]


def test_without_the_cause_there_is_no_effect() -> None:
    """An incident whose places lie elsewhere changes no draw: the flows' sojourns of other places stay as they were.

    The town that calls because of it does not know that it hurt nobody.
    """
    quiet = network().level("municipality").weights.argmin()
    cause = f'juki_net.incidents.stuck={{lost_acknowledgement: ["{code(int(quiet))}"], at: "2012-11-16 23:00", for: 10 min}}'
    calm, other = result(), result(cause)
    others = [i for i, flow in enumerate(network().flows) if flow.name != "call.outage"]
    sojourns = (one.flow_sums["sojourn"][others].tolist() for one in (other, calm))
    assert next(sojourns) == pytest.approx(next(sojourns), rel=1e-12)


def test_clerks_go_home_while_a_cs_is_down() -> None:
    """Two days without the largest town's CS: its few terminals are held day and night, and counted in opening hours only."""
    # Whoever asks that town from elsewhere would hold terminals there.
    own = [f"juki_net.flows.{name}.per_year=0" for name in ("wide-area-issue", "simplified-move")]
    few = ("juki_net.terminals.terminal.people_per_terminal=200000", *own)
    cause = f'juki_net.incidents.x={{outage: cs, at: "2012-11-14 09:00", for: 48 h, places: ["{code(largest_sender())}"]}}'
    net = network(*few, cause)
    assert [hours.name for hours in net.hours] == ["counter", "kiosk"]
    terminal = [pool.name for pool in net.pools].index("terminal")
    at = compile_program(net).pool_first[terminal] + largest_sender()
    tokens = net.pools[terminal].tokens_at(largest_sender())
    counted = result(*few, cause).hours[0]["held"][terminal] - result(*few).hours[0]["held"][terminal]
    held = result(*few, cause).pool_sums["in_use_area"][at] - result(*few).pool_sums["in_use_area"][at]
    # Of the 48 hours the counter is open for 8.25, 8.75 and 0.5; until every terminal is taken somebody has to come.
    assert counted / (tokens * HOUR) == pytest.approx(17.5, rel=0.1)
    assert (held - counted) / (tokens * HOUR) == pytest.approx(48.0 - 17.5, rel=0.02)


def test_both_engines_live_through_every_incident() -> None:
    """An outage, a lost acknowledgement and refused updates in one small nation: one sample path to the last bit."""
    places = [int(place) for place in network("juki_net.municipalities.every=100").level("municipality").weights.argsort()[-3:]]
    codes = [network("juki_net.municipalities.every=100").level("municipality").labels[place].split()[0] for place in places]
    assert_twins(
        network(
            "juki_net.municipalities.every=100",
            f'juki_net.incidents.a={{outage: prefecture_server, {AT}, for: 5 h, places: ["{codes[0][:2]}"]}}',
            f'juki_net.incidents.b={{lost_acknowledgement: ["{codes[1]}"], {AT}, for: 20 h}}',
            f'juki_net.incidents.c={{malformed_update: ["{codes[2]}"], {AT}, for: 20 h}}',
        ),
        1,
        0,
    )


@pytest.mark.parametrize(
    ("incident", "message"),
    [
        ('{outage: prefecture_hms, at: "2012-11-14 09:00", for: 28 h}', 'did you mean "prefecture_hsm"?'),
        ('{outage: prefecture_hsm, at: "2012-11-14 09:00", for: 28 h, places: ["6"]}', 'no prefecture with the code "6"'),
        ('{outage: national_hsm, at: "2012-11-14 09:00", for: 28 h, places: ["06"]}', "there is only one national_hsm"),
        ('{outage: prefecture_hsm, at: "2012-10-14 09:00", for: 28 h}', "begins outside the run"),
        ("{outage: prefecture_hsm, at: 2012-11-14, for: 28 h}", "is not a date and time"),
        ('{lost_acknowledgement: ["x"], at: "2012-11-14 09:00", for: 28 h}', 'no municipality with the code "x"'),
        ('{power_cut: x, at: "2012-11-14 09:00", for: 28 h}', "does not say of which kind it is"),
    ],
)
def test_what_cannot_happen_is_refused(incident: str, message: str) -> None:
    """Each fault names the culprit and a cure."""
    with pytest.raises(ScenarioError) as caught:
        network(f"juki_net.incidents.x={incident}")
    assert message in str(caught.value)


CENTRE = ("juki_net.prefecture.server.per=nation", "juki_net.prefecture.server.servers=6", "slo=[]")


def host_fails(name: str, hours: int, servers: int) -> str:
    """Some hosts of the centre are down from 9:00 of the second day on."""
    return f"juki_net.incidents.{name}={{outage: prefecture_server, servers: {servers}, {AT}, for: {hours} h}}"


def test_some_hosts_of_a_centre_fail_and_the_others_go_on() -> None:
    """Of six hosts two fail for a day and one more for an hour of it: six, three, four, and six again."""
    net = network(*CENTRE, host_fails("two", 24, 2), host_fails("one", 1, 1))
    station = next(one for one in net.stations if one.name == "prefecture_server")
    day_s, nine_s = 24 * HOUR, 24 * HOUR + 9 * HOUR
    assert station.schedule == M.Schedule((0.0, nine_s, nine_s + HOUR, nine_s + day_s), (6, 3, 4, 6))
    assert station.outages == ()
    updates = [number for number, flow in enumerate(net.flows) if flow.name.startswith("updates")]
    failing, whole = (result(*sets).flow_counts["completed"][updates] for sets in ((*CENTRE, host_fails("two", 24, 2)), CENTRE))
    assert failing.tolist() == whole.tolist()
    assert failing.sum() > 5_000


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ((host_fails("a", 1, 1),), "each place has a prefecture_server of its own; delete servers"),
        ((*CENTRE, host_fails("a", 1, 6)), "prefecture_server has 6 then; name fewer, or delete servers"),
        ((*CENTRE, host_fails("a", 2, 5), host_fails("b", 1, 1)), "prefecture_server has 1 then"),
    ],
)
def test_hosts_that_cannot_fail_are_refused(sets: tuple[str, ...], message: str) -> None:
    """Servers of places of their own, all of the servers, and more than others have left, each with a cure."""
    with pytest.raises(ScenarioError, match=message):
        network(*sets)


def test_two_incidents_of_one_place_do_not_overlap() -> None:
    """The later one is refused, naming the earlier."""
    one = f'{{lost_acknowledgement: ["{code(0)}"], {AT}, for: 28 h}}'
    with pytest.raises(ScenarioError, match='before "a" has ended'):
        network(f"juki_net.incidents.a={one}", f"juki_net.incidents.b={one}")
