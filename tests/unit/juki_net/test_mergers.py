"""Municipalities that merge, or join the network, on a date: whose residents are where, how many come, and what is refused."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.calendar import Period, fraction_of_year, profile, shares_between
from jukinet_sim.juki_net import facts
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_dated, compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder
from tests.twins.compare import assert_twins

TOWNS = {"06901": 200_000, "06902": 40_000, "06903": 9_000, "07901": 51_000, "07902": 100_000}
LATE, SMALL, CITY = "07902", "06903", "06901"
NUMBER = {code: number for number, code in enumerate(TOWNS)}
WEEK = "{from: 2012-04-02, to: 2012-04-08}"
PERIOD = Period(dt.date(2012, 4, 2), dt.date(2012, 4, 8))
FROM_DAY = "2012-04-05"
DAY_S = 86_400.0
JOINS = f"late: {{joins: ['{LATE}'], on: {FROM_DAY}}}"
MERGES = f"merger: {{merges: ['{SMALL}'], into: '{CITY}', on: {FROM_DAY}}}"
FLOWS = """
  flows:
    visits: {per_year: {value: 60000000, derived: chosen for a test}, profile: uniform, route: [{pass: cs}]}
    cards: {per_year: {value: 1000, derived: chosen for a test}, profile: uniform, weights: card_holders, route: [{pass: cs}]}
    asked: {per_year: {value: 60000000, derived: chosen for a test}, profile: uniform, origin: nation,
            destination: municipality, route: [{pass: cs, at: destination}]}
    files: {per_year: {value: 60000000, derived: chosen for a test}, profile: uniform, route: [{take: change-code}],
            batches: {cadence: daily, at: 19 h}}
"""


def scenario(folder: Path, changes: str, period: str = WEEK, more: str = FLOWS) -> Loaded:
    """Load a scenario of five towns, one of them not connected, with these changes."""
    cells = [f"{code},{code[:2]},Town-{code},{people},{'no' if code == LATE else 'yes'}" for code, people in TOWNS.items()]
    lines = ["code,prefecture_code,name,population,connected", *cells, ""]
    (folder / "towns.csv").write_text("\n".join(lines), encoding="utf-8")
    (folder / "fy2012.yaml").write_bytes((shipped_folder() / "fy2012.yaml").read_bytes())
    text = f"""scenario: x
extends: fy2012.yaml
run: {{period: {period}, replications: 1}}
juki_net:
  municipalities: {{source: towns.csv}}
  provisions: {{volume: {{value: 0.000001, derived: a small run}}}}
  programme: {{changes: {{{changes}}}}}{more}"""
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    return load(folder / "x.yaml")


def network(folder: Path, changes: str, period: str = WEEK) -> M.Network:
    """Compile it."""
    return compile_network(scenario(folder, changes, period))


def flow(of: M.Network, name: str) -> M.Flow:
    """Return a flow by its name."""
    return next(one for one in of.flows if one.name == name)


def count(of: M.Network, name: str) -> int:
    """Return how many come of a flow."""
    arrivals = flow(of, name).arrivals
    if isinstance(arrivals, M.Scheduled):
        return sum(arrivals.records)
    assert isinstance(arrivals, M.ExactCount)
    return arrivals.count


def at_each(of: M.Network, *names: str) -> NDArray[np.int64]:
    """Run these flows alone, on both engines, and return the visits to each town's server."""
    alone = M.Network(
        of.name, of.horizon_s, of.stations, tuple(flow(of, name) for name in names), of.pools, of.levels, of.states
    )
    arrived = assert_twins(alone).station_counts["arrived"]
    before = 0
    for station in alone.stations:
        places = 1 if station.per is None else alone.level(station.per).count
        if station.name == "cs":
            return np.asarray(arrived[before : before + places])
        before += places
    raise AssertionError("there is no cs")


def assert_law(counts: NDArray[np.int64], people: dict[str, float]) -> None:
    """Require that each town has its binomial part, by so many people, within 4.5 standard deviations."""
    total, everybody = int(counts.sum()), sum(people.values())
    for code, place in NUMBER.items():
        share = people.get(code, 0.0) / everybody
        assert abs(counts[place] - total * share) <= 4.5 * math.sqrt(total * share * (1.0 - share)), code


def test_volumes_grow_as_somebody_joins(tmp_path: Path) -> None:
    """Three days of the week 300,000 people are on the network and four days 400,000; what others ask for stays."""
    made, without = network(tmp_path, JOINS), network(tmp_path, "")
    week = 60e6 * 300_000 / facts.REGISTER_POPULATION * fraction_of_year("uniform", PERIOD)
    grown = (3.0 + 4.0 * 400_000 / 300_000) / 7.0
    assert (count(without, "visits"), count(made, "visits")) == (round(week), round(week * grown))
    # Files go on business days at 19:00: those of this week carry seven days, the last 43 hours of them with all five towns.
    files = (7.0 - 43 / 24 + 43 / 24 * 4.0 / 3.0) / 7.0
    assert count(made, "files") == pytest.approx(count(without, "files") * files, abs=1)
    assert count(made, "asked") == count(without, "asked")
    updates = [sum(count(of, f"updates.{kind}") for kind in ("per_event", "daily")) for of in (without, made)]
    usual = profile("residents", PERIOD)
    before, after = shares_between(usual, (3.0 * DAY_S, 7.0 * DAY_S))
    assert updates[1] == pytest.approx(updates[0] * (before + after * 4.0 / 3.0) / (before + after), abs=1)


@pytest.mark.parametrize(("threshold", "kind"), [(90_000, "per_event"), (110_000, "daily")])
def test_who_sends_one_by_one_grows_by_its_own(tmp_path: Path, threshold: int, kind: str) -> None:
    """Of updates sent one by one and once a day only those grow that the late town sends; the others stay to the job."""
    setting = f"juki_net.municipalities.per_event_from.value={threshold}"
    found = []
    for changes in ("", JOINS):
        scenario(tmp_path, changes)
        found.append(compile_network(load(tmp_path / "x.yaml", sets=[setting])))
    plain, more = found
    other = {"per_event": "daily", "daily": "per_event"}[kind]
    assert count(more, f"updates.{other}") == count(plain, f"updates.{other}") > 0
    assert count(more, f"updates.{kind}") > count(plain, f"updates.{kind}")
    arrivals = flow(more, f"updates.{kind}").arrivals
    assert isinstance(arrivals, M.ExactCount)


def test_nobody_comes_before_the_only_member_joins(tmp_path: Path) -> None:
    """A group of which nobody is there from the start begins with the first who joins."""
    scenario(tmp_path, JOINS)
    cells = (tmp_path / "towns.csv").read_text(encoding="utf-8").splitlines()
    days = ["kiosk_from", *("2012-04-01" if LATE in cell else "" for cell in cells[1:])]
    (tmp_path / "towns.csv").write_text("\n".join(map(",".join, zip(cells, days, strict=True))) + "\n", encoding="utf-8")
    arrivals = flow(compile_network(load(tmp_path / "x.yaml")), "kiosk.resident").arrivals
    assert isinstance(arrivals, M.ExactCount)
    assert arrivals.weight[arrivals.start_s < 3.0 * DAY_S].sum() == 0.0
    assert arrivals.weight[arrivals.start_s >= 3.0 * DAY_S].sum() > 0.0


@pytest.mark.parametrize(("day", "people"), [("2012-04-03", 400_000), ("2012-04-05", 300_000)])
def test_whoever_has_joined_hands_records_in(tmp_path: Path, day: str, people: int) -> None:
    """An entry in bulk has the records of those who are on the network on its date."""
    entry = "en: {enters: {value: 1000000, derived: x}, at: '2012-04-04 18:00', within: {value: 24 h, derived: x}"
    joins = JOINS.replace(FROM_DAY, day)
    made = compile_network(scenario(tmp_path, f"{joins}, {entry}, message: {{value: 2 KiB, derived: x}}}}"))
    assert count(made, "programme.en") == round(1e6 * people / facts.REGISTER_POPULATION)


def test_only_its_own_share_of_card_holders_counts(tmp_path: Path) -> None:
    """A town without card holders brings none, and one with as many as the others brings a third more."""
    scenario(tmp_path, JOINS)
    cells = (tmp_path / "towns.csv").read_text(encoding="utf-8").splitlines()
    shares = ["card_share_percent", *("0" if LATE in cell else "5" for cell in cells[1:])]
    (tmp_path / "towns.csv").write_text("\n".join(map(",".join, zip(cells, shares, strict=True))) + "\n", encoding="utf-8")
    made = compile_network(load(tmp_path / "x.yaml"))
    assert count(made, "cards") == count(network(tmp_path, ""), "cards")


@pytest.mark.parametrize("name", ["visits", "asked"])
def test_who_joins_is_nobody_before_and_has_its_part_after(tmp_path: Path, name: str) -> None:
    """Of drawn origins and destinations alike."""
    there = {code: float(people) for code, people in TOWNS.items()}
    others = {code: people for code, people in there.items() if code != LATE}
    made = network(tmp_path, JOINS.replace(FROM_DAY, "2012-04-08"))
    day = M.Network(made.name, 6.0 * DAY_S, made.stations, made.flows, made.pools, made.levels, made.states)
    assert_law(at_each(day, name), others)
    assert_law(at_each(network(tmp_path, JOINS, "{from: 2012-04-05, to: 2012-04-06}"), name), there)


def test_files_come_from_who_is_there(tmp_path: Path) -> None:
    """Of the five files of a week the late town sends two, each with its part of the records to the whole record."""
    arrivals = flow(network(tmp_path, JOINS), "files").arrivals
    assert isinstance(arrivals, M.Scheduled)
    sent: dict[float, dict[int, int]] = {}
    for at_s, place, records in zip(arrivals.at_s.tolist(), arrivals.places, arrivals.records, strict=True):
        sent.setdefault(at_s // DAY_S, {})[place] = records
    assert [day for day, some in sent.items() if NUMBER[LATE] in some] == [3.0, 4.0]
    for some in sent.values():
        everybody = sum(TOWNS[code] for code, place in NUMBER.items() if place in some)
        for code, place in NUMBER.items():
            assert abs(some.get(place, 0) - sum(some.values()) * TOWNS[code] / everybody * (place in some)) <= 1.0


def test_residents_of_a_merged_town_go_to_the_other(tmp_path: Path) -> None:
    """The same number comes to all together, the other towns keep theirs to the job, and nobody comes to the merged one."""
    period = "{from: 2012-04-05, to: 2012-04-08}"
    usual, before = (network(tmp_path, changes, period) for changes in ("", MERGES))
    counts = at_each(usual, "visits")
    merged = at_each(network(tmp_path, MERGES.replace(FROM_DAY, "2012-04-06"), period), "visits")
    assert merged.sum() == counts.sum()
    assert 0 < merged[NUMBER[SMALL]] < counts[NUMBER[SMALL]]
    assert merged[NUMBER[SMALL]] + merged[NUMBER[CITY]] == counts[NUMBER[SMALL]] + counts[NUMBER[CITY]]
    assert all(merged[NUMBER[code]] == counts[NUMBER[code]] for code in TOWNS if code not in (SMALL, CITY))
    # A merger on the first day or before it is in the list of places from the start.
    weights = before.level("municipality").weights
    assert (weights[NUMBER[SMALL]], weights[NUMBER[CITY]]) == (0.0, 209_000.0)
    assert not before.level("municipality").changes
    assert count(before, "visits") == count(usual, "visits")


def test_a_town_that_has_joined_may_be_merged(tmp_path: Path) -> None:
    """First nobody comes from it, then its own, then they come to the other."""
    later = f"merger: {{merges: ['{LATE}'], into: '{CITY}', on: 2012-04-07}}"
    made = network(tmp_path, f"{JOINS}, {later}")
    assert made.level("municipality").changes == (
        M.PlaceFrom(0.0, NUMBER[LATE], M.OTHERS),
        M.PlaceFrom(3.0 * DAY_S, NUMBER[LATE], NUMBER[LATE]),
        M.PlaceFrom(5.0 * DAY_S, NUMBER[LATE], NUMBER[CITY]),
    )
    assert_twins(M.Network(made.name, made.horizon_s, made.stations, (flow(made, "visits"),), made.pools, made.levels))


def test_machines_that_change_stand_on_the_calendar(tmp_path: Path) -> None:
    """With all their dates, as one line; a machine that does not change has none."""
    text = "{servers: {value: 6, derived: x}, from: 2012-04-04}, {speed: {value: 2, derived: x}, from: 2012-04-06}"
    more = f"\n  nation: {{database: {{changes: [{text}]}}}}\n"
    every = compile_dated(scenario(tmp_path, "", more=more))[1]
    (dated,) = (one for one in every if one.name.startswith("changes of"))
    assert (dated.name, dated.level, list(map(str, dated.days))) == (
        "changes of national_database", None, ["2012-04-04", "2012-04-06"]
    )  # fmt: skip


def test_both_stand_on_the_calendar(tmp_path: Path) -> None:
    """One municipality each, on its date, and a job of the change's own that a table by months can count."""
    made, every = compile_dated(scenario(tmp_path, f"{JOINS}, {MERGES}"))
    dated = {one.name: one for one in every}
    for name in ("late", "merger"):
        assert (dated[name].level, [str(day) for day in dated[name].days]) == ("municipality", [FROM_DAY])
        arrivals = flow(made, f"programme.{name}").arrivals
        assert isinstance(arrivals, M.Scheduled)
        assert arrivals.at_s.tolist() == [3.0 * DAY_S]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ("a: {joins: ['06901'], on: 2012-04-05}", "06901 Town-06901 is on the network already"),
        ("a: {joins: ['06999'], on: 2012-04-05}", "there is no municipality with the code \"06999\""),
        (f"a: {{merges: ['{LATE}'], into: '{CITY}', on: 2012-04-05}}", f"Town-{LATE} is not on the network, or not any more"),
        (f"a: {{merges: ['{SMALL}'], into: '{SMALL}', on: 2012-04-05}}", f"{SMALL} cannot be merged into itself"),
        (f"{MERGES}, b: {{merges: ['{SMALL}'], into: '07901', on: 2012-04-06}}", f"{SMALL} Town-{SMALL} is not on the network"),
        (f"{MERGES}, b: {{joins: ['{SMALL}'], on: 2012-04-06}}", f"is part of {CITY} Town-{CITY} since 2012-04-05"),
        (f"copy: {{merges: ['{SMALL}'], into: '{CITY}', on: 2012-04-05}}", '"copy" means something else in a programme'),
        (f"{JOINS}, b: {{joins: ['{LATE}'], on: 2012-04-06}}", f"{LATE} Town-{LATE} is on the network already"),
        (f"a: {{merges: ['{SMALL}'], on: 2012-04-05}}", 'missing key "into"'),
        (f"a: {{merges: [], into: '{CITY}', on: 2012-04-05}}", "merges"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, changes: str, fault: str) -> None:
    """With the key that says so."""
    with pytest.raises(ScenarioError) as caught:
        network(tmp_path, changes)
    assert fault in str(caught.value)
    assert "x.yaml:" in str(caught.value)
