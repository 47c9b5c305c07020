"""Flows that a scenario lists: one entry is a flow, with its volume, its calendar, its people and its way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from national import expected_volumes

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.calendar import month_weights
from jukinet_sim.chance.distributions import exponential
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.juki_net.machines.links import LINKS
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

BASELINE = Path(__file__).parents[3] / "scenarios" / "fy2012.yaml"
PEAK = BASELINE.with_name("peak-day.yaml")
TINY_NATION = "juki_net.municipalities.every=100"


def network(*sets: str) -> M.Network:
    """The baseline with some settings."""
    return compile_network(load(BASELINE, sets=sets))


def flow(net: M.Network, name: str) -> M.Flow:
    """The flow of this name."""
    return next(f for f in net.flows if f.name == name)


def volumes(*sets: str) -> dict[str, Volume]:
    """What must come out, by flow."""
    return {volume.flow: volume for volume in expected_volumes(load(BASELINE, sets=sets))}


def test_cards_of_the_nine_months_are_exactly_those_reported() -> None:
    """The whole nation issues 580,000 cards, and the flow says which figure that is."""
    cards = volumes()["card-issue"]
    assert (cards.count, cards.reported) == (580_000, "juki_cards_issued_2012_04_12")


def test_a_scaled_nation_has_its_share_of_every_flow() -> None:
    """Every twentieth municipality causes about a twentieth of what residents cause; provisions stay whole."""
    whole, part = volumes(), volumes("juki_net.municipalities.every=20")
    for name in ("card-issue", "transfer-notice", "query-by-name", "statistics-feed"):
        assert part[name].count == pytest.approx(whole[name].count / 20, rel=0.05)
    assert part["provision.national-pension"].count == whole["provision.national-pension"].count


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.33, 2.0])
def test_one_volume_multiplies_everything(factor: float) -> None:
    """Every flow, every row of the provisions and both kinds of updates come so many times, each but for rounding to files.

    Only what travels does: nobody telephones more often.
    """
    sets = (TINY_NATION, "run.period={from: 2012-04-01, to: 2012-04-30}")
    once, often = (volumes(*sets, f"juki_net.volume={number}") for number in (1.0, factor))
    assert {name for name, volume in once.items() if volume.count} >= {"card-issue", "statistics-feed", "kiosk.resident"}
    for name, volume in once.items():
        if name.startswith("call."):
            assert often[name].count == volume.count > 0 or name == "call.law-dates"
            continue
        assert often[name].count == pytest.approx(factor * volume.count, abs=1.5), name
    net, more = (network(*sets, f"juki_net.volume={number}") for number in (1.0, factor))
    for name in ("updates.per_event", "updates.daily"):
        assert arrivals(flow(more, name)) == pytest.approx(factor * arrivals(flow(net, name)), abs=1.5)


def arrivals(one: M.Flow) -> int:
    """How many jobs an exact count has; none where there are none."""
    return one.arrivals.count if isinstance(one.arrivals, M.ExactCount) else 0


def test_notices_follow_the_months_of_moves() -> None:
    """April to December carry the moves' share of those months, for the people of connected municipalities."""
    net = network()
    share = sum(month_weights("moves")[month] for month in range(4, 13))
    connected = float(net.level("municipality").weights.sum()) / 126_659_683
    assert volumes()["transfer-notice"].count == pytest.approx(4_510_000 * share * connected, abs=1.0)


def test_the_statistics_feed_is_sized_by_the_moves_since_the_last_one() -> None:
    """April's file carries the moves since 1 March, 16.8 % of a year and the most; that of May those of April, 14.2 %."""
    feed = flow(network(), "statistics-feed").arrivals
    assert isinstance(feed, M.Scheduled)
    assert len(feed.records) == 9
    assert list(feed.records[:2]) == sorted(feed.records, reverse=True)[:2]
    assert feed.records[0] == pytest.approx(4_510_000 * month_weights("moves")[3], rel=0.05)
    assert sum(feed.records) == volumes()["statistics-feed"].count


def test_only_municipalities_of_the_group_issue_in_shops() -> None:
    """61 places have weight, all of them connected."""
    share = flow(network(), "kiosk.resident").share
    assert share is not None
    assert np.count_nonzero(share) == 61


def test_municipalities_that_join_later_are_a_flow_that_begins_then() -> None:
    """From September 2013 on ten more issue certificates, none of them one of the first."""
    net = network("run.period={from: 2013-08-01, to: 2013-09-30}", "juki_net.provisions.volume=0")
    first, later = flow(net, "kiosk.resident"), flow(net, "kiosk.resident.from-2013-09-01")
    assert first.share is not None
    assert later.share is not None
    assert np.count_nonzero(later.share) == 10
    assert not np.any((first.share > 0) & (later.share > 0))
    assert isinstance(later.arrivals, M.ExactCount)
    opens = later.arrivals.start_s[np.nonzero(later.arrivals.weight)[0][0]]
    assert opens >= 31 * 86_400.0


def test_growth_holds_from_its_date() -> None:
    """Doubling from 1 November on adds the flow's own November and December once more."""
    period = "run.period={from: 2012-10-01, to: 2012-12-31}"
    plain = volumes(period)["query-by-name"].count
    late = volumes("run.period={from: 2012-11-01, to: 2012-12-31}")["query-by-name"].count
    grown = volumes(
        period, "juki_net.flows.query-by-name.growth=[{from: 2012-11-01, factor: 2}]"
    )["query-by-name"].count  # fmt: skip
    assert grown == pytest.approx(plain + late, abs=2.0)


def test_a_new_flow_is_one_entry_of_the_scenario(tmp_path: Path) -> None:
    """Ten lines add a flow with a machine of its own, and it runs through the engines' tables."""
    (tmp_path / "s.yaml").write_text(
        """
scenario: s
extends: fy2012.yaml
run: {period: {from: 2012-04-02, to: 2012-04-02}}
juki_net:
  municipalities: {every: 100}
  stations:
    printer: {per: municipality, servers: 1, service: 3 s, cv: 0}
  flows:
    postcards:
      per_year: 1000000
      origin: municipality
      route: [{pass: cs}, {pass: printer}, {loop: 2, of: [{send: cs-to-nation, message: notice}]}]
""",
        encoding="utf-8",
    )
    loaded = load(tmp_path / "s.yaml")
    postcards = flow(compile_network(loaded), "postcards")
    assert isinstance(postcards.arrivals, M.ExactCount)
    assert postcards.arrivals.count == {v.flow: v for v in expected_volumes(loaded)}["postcards"].count > 0
    assert "printer" in {step.station for step in M.all_steps(postcards.route) if isinstance(step, M.Visit)}
    compile_program(compile_network(loaded))


def test_every_link_is_crossed_by_a_message_of_its_size() -> None:
    """Each link can be used by a flow between two municipalities, and lines take bits over bits per second."""
    for name in LINKS:
        route = f"[{{send: {name}, message: notice}}]"
        entry = f"juki_net.flows.probe={{per_year: 10, origin: municipality, destination: municipality, route: {route}}}"
        probe = flow(network(TINY_NATION, entry), "probe")
        for step in probe.route:
            if isinstance(step, M.Visit) and step.station == "prefecture_line":
                assert step.demand.mean == pytest.approx(2048 * 8 / 50e6)
            if isinstance(step, M.Visit) and step.station == "cs_line":
                assert step.demand.mean == pytest.approx(0.0005 + 2048 * 8 / 1.5e6)


def test_terminals_follow_the_residents() -> None:
    """One for each 15,000 people, rounded up, and at least two."""
    net = network()
    terminals = next(pool for pool in net.pools if pool.name == "terminal")
    people = net.level("municipality").weights
    assert terminals.tokens_at(int(np.argmax(people))) == -(-int(people.max()) // 15_000)
    assert min(terminals.tokens_at(place) for place in range(len(people))) == 2


def test_steps_of_one_flow_do_not_move_the_draws_of_another_step() -> None:
    """Every expanded step has a label of its own place in the file, unique in its route."""
    for part in network(TINY_NATION).flows:
        labels = [step.label for step in part.route]
        if not part.name.startswith("provision."):
            assert None not in labels
            assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("flows.card-issue.profile=card", 'unknown profile "card"'),
        ("flows.card-issue.route=[{pass: css}]", 'did you mean "cs"?'),
        ("flows.card-issue.route=[{pass: cs_line}]", "takes a message of some size"),
        ("flows.card-issue.route=[{send: cs-to-cd, message: notice}]", 'did you mean "cs-to-cs"?'),
        ("flows.card-issue.route=[{send: cs-to-cs, message: notce}]", 'did you mean "notice"?'),
        ("flows.card-issue.route=[{take: print-certificat}]", 'did you mean "print-certificate"?'),
        ("flows.card-issue.route=[{acquire: terminals}, {pass: cs}]", 'did you mean "terminal"?'),
        ("flows.card-issue.route=[{spawn: card-isue}, {pass: cs}]", 'did you mean "card-issue"?'),
        ("flows.card-issue.route=[{switch: stat, to: {1: exit}}, {pass: cs}]", 'unknown state "stat"'),
        ("flows.card-issue.route=[{branch: {a: 1}}]", 'has the label "a"'),
        ("flows.card-issue.route=[{branch: {exit: 0.5}}]", "sum to 0.5"),
        ("flows.kiosk.tax.group=kiosks", 'did you mean "kiosk"?'),
        ("flows.certification-feed.batches.cadence=dayly", 'did you mean "daily"?'),
        ("flows.certification-feed.batches.at=24 h", "not a time of day"),
        ("flows.certification-feed.origin=prefecture", "sent by the national centre"),
        ("flows.card-issue.growth=[{from: 2012-05-01, factor: 2}, {from: 2012-05-01, factor: 3}]", "does not go forward"),
        ("flows.idle={route: [{pass: cs}]}", "no volume and no other flow spawns it"),
        ("stations.cs={servers: 1, service: 1 s, cv: 1}", "part of the equipment already"),
        ("terminals.cs_uplink={people_per_terminal: 1, least: 1}", "part of the equipment already"),
        ("municipality.restart.at=23 h 59 min", "23 h 59 min"),
        ("municipality.restart={at: 23.95 h, takes: 5 min}", "beyond midnight"),
        # A step at a municipality needs a job that begins, or ends, in one.
        ("flows={provision.bar-exam: {per_year: 1, route: [{pass: cs}]}}", 'there is a flow "provision.bar-exam" already'),
        ("flows.x={per_year: 1, origin: nation, route: [{pass: cs}]}", "has no origin there"),
        ("flows.x={per_year: 1, origin: prefecture, route: [{forward: notice}]}", "has no origin there"),
        ("flows.x={per_year: 1, route: [{pass: cs, at: destination}]}", "has no destination there"),
        ('incidents.x={outage: cs, at: "2012-11-14 09:00", for: 1 h, places: ["1"]}', 'no municipality with the code "1"'),
        ('incidents.x={outage: prefecture_hsm, at: "2012-11-14 09:00", for: 1 h, places: ["6"]}', 'write "06"'),
    ],
)
def test_what_cannot_be_is_refused(setting: str, message: str) -> None:
    """Each fault names the culprit and a cure."""
    with pytest.raises(ScenarioError) as caught:
        network(TINY_NATION, f"juki_net.{setting}")
    assert message in str(caught.value)


def test_an_agency_is_named_in_an_outage_as_in_the_rows() -> None:
    """The line of one recipient of provisions can fail."""
    incident = 'juki_net.incidents.x={outage: agency_line, at: "2012-11-14 09:00", for: 1 h, places: ["jps"]}'
    net = network(TINY_NATION, incident)
    (outage,) = next(station for station in net.stations if station.name == "agency_line").outages
    assert net.level("agency").labels[outage.place or 0] == "jps"


@pytest.mark.parametrize("every", [1, 5, 20, 50])
def test_those_who_join_bring_their_share_in_a_thinned_nation_too(every: int) -> None:
    """Ten more after 61 are 16 % more of the flow, however few places stand for them."""
    period = "run.period={from: 2013-09-01, to: 2013-09-30}"
    found = volumes(period, f"juki_net.municipalities.every={every}", "juki_net.provisions.volume=0")
    first, later = found["kiosk.resident"].count, found.get("kiosk.resident.from-2013-09-01")
    assert later is not None
    assert later.count == pytest.approx(first * 10 / 61, abs=1.0)


def test_residents_give_up_waiting_for_the_first_terminal() -> None:
    """`gives_up` is the patience of a flow's first terminal alone: who has been served once comes back for the rest."""
    whole = compile_network(load(PEAK))
    flows = {flow.name: flow for flow in whole.flows}
    asks = [step for step in flows["certificate-issue"].route if isinstance(step, M.Acquire)]
    # Behind the first terminal stands the wait for the session of whoever sits there, of which people have as much patience.
    # The operator stays for a case that has begun.
    assert [step.pool for step in asks] == ["terminal", "session", "terminal"]
    assert [step.patience for step in asks] == [exponential(45 * 60.0)] * 2 + [None]
    assert all(step.patience is None for step in flows["card-issue"].route if isinstance(step, M.Acquire))


def test_with_few_clerks_residents_leave() -> None:
    """One clerk in every town on the busiest day: some go away, and each who came is done or has gone; cards are all issued."""
    few = ("juki_net.terminals.terminal.people_per_terminal=1000000", "juki_net.terminals.terminal.least=1")
    net = compile_network(load(PEAK, sets=few))
    program = compile_program(net)
    one = conduct(make_engine("fast", program, 1, 0), program, 0)
    names = {flow.name: i for i, flow in enumerate(net.flows)}
    keys = ("arrived", "completed", "abandoned")
    counts = {key: {name: int(one.flow_counts[key][i]) for name, i in names.items()} for key in keys}
    assert counts["abandoned"]["wide-area-issue"] > 0
    for name in ("wide-area-issue", "certificate-issue", "simplified-move"):
        assert counts["arrived"][name] == counts["completed"][name] + counts["abandoned"][name]
    assert counts["abandoned"]["card-issue"] == 0
    assert counts["completed"]["card-issue"] == counts["arrived"]["card-issue"]
