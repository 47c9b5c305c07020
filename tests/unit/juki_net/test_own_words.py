"""Calendars, routes, volumes, files and machines that a scenario of the national network describes in words of its own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.calendar import Period, fraction_of_year
from jukinet_sim.juki_net import facts
from jukinet_sim.language.calendars import MONTHS
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

SHORT = "route: [{take: change-code}]"
DAY_S = 86_400.0


def figure(value: float | str) -> str:
    """Return a figure as a scenario writes it."""
    return f"{{value: {value}, derived: chosen for a test}}"


def network(folder: Path, text: str, period: str = "{from: 2012-04-02, to: 2012-04-08}", base: str = "tiny.yaml") -> M.Network:
    """Compile a scenario that says this of the national network besides what another says."""
    extended = folder / "x.yaml"
    for name in ("tiny.yaml", "fy2012.yaml", "tiny-municipalities.csv"):
        (folder / name).write_bytes((shipped_folder() / name).read_bytes())
    extended.write_text(f"scenario: x\nextends: {base}\nrun: {{period: {period}}}\njuki_net:\n{text}", encoding="utf-8")
    return compile_network(load(extended))


def flow_of(network: M.Network, name: str) -> M.Flow:
    """Return a flow by its name."""
    return next(flow for flow in network.flows if flow.name == name)


def count(network: M.Network, name: str) -> int:
    """Return how many jobs, or records of files, come in a flow."""
    arrivals = flow_of(network, name).arrivals
    if isinstance(arrivals, M.Scheduled):
        return sum(arrivals.records)
    assert isinstance(arrivals, M.ExactCount)
    return arrivals.count


def station_of(network: M.Network, name: str) -> M.Station:
    """Return a station by its name."""
    return next(station for station in network.stations if station.name == name)


@pytest.fixture(scope="module")
def share() -> float:
    """Part of the register's population that lives in the twelve example towns."""
    loaded = load(shipped_folder() / "tiny.yaml")
    network = compile_network(loaded)
    return float(network.level("municipality").weights.sum()) / facts.REGISTER_POPULATION


OWN = "  calendars: {market: {open: [{from: 6 h, to: 9 h, weight: 3}, {from: 10 h, to: 12 h}], weekdays: [wed, sat]}}\n"


class TestCalendars:
    """A calendar of one's own stands wherever a shipped profile may."""

    def test_a_flow_comes_in_its_hours(self, tmp_path: Path) -> None:
        """Nothing comes outside them, and three times as many in an hour of weight 3."""
        made = network(tmp_path, OWN + f"  flows: {{visits: {{in_period: {figure(1000)}, profile: market, {SHORT}}}}}\n")
        arrivals = flow_of(made, "visits").arrivals
        assert isinstance(arrivals, M.ExactCount)
        opens = {(at, weight) for at, weight in zip(arrivals.start_s.tolist(), arrivals.weight.tolist(), strict=True) if weight}
        heights = {weight for _, weight in opens}
        # 2 April 2012 is a Monday: Wednesday is day 2, Saturday day 5.
        assert {at for at, _ in opens} == {day * DAY_S + hour * 3600.0 for day in (2, 5) for hour in (6, 10)}
        assert max(heights) == pytest.approx(3.0 * min(heights))

    def test_its_year_is_its_own(self, tmp_path: Path, share: float) -> None:
        """A yearly volume is spread over the open days of the fiscal year: two of them in this week, of 104 or 105."""
        made = network(tmp_path, OWN + f"  flows: {{visits: {{per_year: {figure(1e7)}, profile: market, {SHORT}}}}}\n")
        days = [dt.date(2012, 4, 1) + dt.timedelta(days=k) for k in range(365)]
        year = sum(day.weekday() in (2, 5) for day in days)
        assert count(made, "visits") == round(1e7 * share * 2 / year)

    def test_counters_prefectures_and_gates_keep_it(self, tmp_path: Path) -> None:
        """Hours of the prefecture, of operators, of the call centre, of updates and a gate of a route."""
        text = (
            OWN + "  prefecture: {hours: market}\n  updates: {daily_send: market}\n"
            f"  flows: {{visits: {{in_period: {figure(10)}, route: [{{gate: market}}, {{take: change-code}}]}}}}\n"
        )
        made = network(tmp_path, text)
        opens = [day * DAY_S + hour * 3600.0 for day in (2, 5) for hour in (6, 10)]
        gates = {
            flow.name: [step for step in M.all_steps(flow.route) if isinstance(step, M.Gate)]
            for flow in made.flows
        }  # fmt: skip
        for name in ("visits", "updates.daily", "updates.per_event"):
            found = [gate for gate in gates[name] if gate.opens_s[:4].tolist() == opens]
            assert found, name

    def test_measures_count_within_it(self, tmp_path: Path) -> None:
        """The hours of a measure may be one's own."""
        text = OWN + "measures:\n  held: {unit: h, sum: [{pool: terminal, metric: held_hours, hours: market}]}\n"
        made = network(tmp_path, text)
        hours = next(one for one in made.hours if one.name == "market")
        assert hours.opens_s[:2].tolist() == [2 * DAY_S + 6 * 3600.0, 2 * DAY_S + 10 * 3600.0]

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            (OWN.replace("market", "counter"), 'there is a shipped profile "counter" already'),
            (OWN + "  prefecture: {hours: markte}\n", 'unknown profile "markte"'),
            (OWN.replace("to: 9 h", "to: 5 h"), "it closes before it opens"),
            (
                OWN.replace("weekdays", f"seasons: {{{', '.join(f'{month}: 0' for month in MONTHS)}}}, weekdays"),
                "it is closed in every month",
            ),
            (
                OWN.replace("weekdays", "seasons: {apr: 0}, weekdays")
                + f"  flows: {{visits: {{in_period: {figure(9)}, profile: market, {SHORT}}}}}\n",
                'the profile "market" is never open in this run',
            ),
        ],
    )
    def test_a_wrong_one_is_refused(self, tmp_path: Path, text: str, what: str) -> None:
        """Names that are taken, or of nothing, and hours that are none."""
        with pytest.raises(ScenarioError, match=what):
            network(tmp_path, text)


    def test_one_that_is_never_open_is_said(self, tmp_path: Path) -> None:
        """A note names it, wherever it is used; the year of its volume is told by its name."""
        closed = OWN.replace("weekdays", "seasons: {apr: 0}, weekdays")
        (note,) = [one for one in network(tmp_path, closed + "  prefecture: {hours: market}\n").notes if "market" in one]
        assert "never open in this run" in note
        assert not [one for one in network(tmp_path, OWN).notes if "market" in one]


class TestRoutes:
    """A route that is written once stands for its steps in every flow."""

    STEPS = "[{pass: cs}, {send: cs-to-nation, message: request}]"

    def flows(self, route: str) -> str:
        """Two flows that go the same way."""
        return "  flows:\n" + "".join(f"    {name}: {{in_period: {figure(10)}, route: {route}}}\n" for name in "ab")

    def test_a_name_stands_for_the_steps(self, tmp_path: Path) -> None:
        """Both ways of writing are one network."""
        named = network(tmp_path, f"  routes: {{way: {self.STEPS}}}\n{self.flows('way')}")
        assert repr(named) == repr(network(tmp_path, self.flows(self.STEPS)))

    def test_a_fault_stands_where_the_step_is_written(self, tmp_path: Path) -> None:
        """Once, at the line of the route and not at those of the flows."""
        with pytest.raises(ScenarioError) as caught:
            network(tmp_path, f"  routes: {{way: {self.STEPS.replace('request', 'requets')}}}\n{self.flows('way')}")
        (fault,) = caught.value.faults
        assert fault.position is not None
        assert (fault.position.line, fault.what) == (5, 'unknown message "requets"')

    def test_a_name_of_none_is_refused(self, tmp_path: Path) -> None:
        """The message says where routes are written."""
        with pytest.raises(ScenarioError, match=r"write it under juki_net\.routes"):
            network(tmp_path, self.flows("way"))

    def test_one_that_nobody_goes_is_doubted(self, tmp_path: Path) -> None:
        """It is a warning, not an error."""
        network(tmp_path, f"  routes: {{way: {self.STEPS}}}\n")
        (doubt,) = [one for one in load(tmp_path / "x.yaml").warnings if "way" in one.what + one.cure]
        assert doubt.what == "no flow goes this way"


class TestVolumes:
    """How many come, in the words that a planner has."""

    def test_in_the_period(self, tmp_path: Path) -> None:
        """As many as stated come in the run, whatever its length and growth; all towns stand for the whole nation here."""
        text = (
            f"  flows:\n    a: {{in_period: {figure(1234)}, {SHORT}}}\n"
            f"    b: {{in_period: {figure(1234)}, growth: [{{from: 2012-04-05, factor: {figure(3)}}}], {SHORT}}}\n"
        )
        whole = len(network(tmp_path, text).level("municipality").weights)
        assert whole == 12
        for days in ("{from: 2012-04-02, to: 2012-04-02}", "{from: 2012-04-02, to: 2012-06-30}"):
            made = network(tmp_path, text, days)
            loaded = load(tmp_path / "x.yaml")
            towns = made.level("municipality").weights.sum()
            nation = compile_network(load(shipped_folder() / "fy2012.yaml")).level("municipality").weights.sum()
            expected = round(1234 * towns / nation)
            assert loaded.scenario.juki_net is not None
            assert count(made, "a") == count(made, "b") == expected

    def test_growth_moves_them_within_the_period(self, tmp_path: Path) -> None:
        """Three times as many a day after the date, in a profile that is the same every day."""
        growth = f"growth: [{{from: 2012-04-05, factor: {figure(3)}}}]"
        made = network(tmp_path, f"  flows: {{b: {{in_period: {figure(1e6)}, profile: uniform, {growth}, {SHORT}}}}}\n")
        arrivals = flow_of(made, "b").arrivals
        assert isinstance(arrivals, M.ExactCount)
        assert arrivals.start_s.tolist() == [0.0, 3 * DAY_S]
        assert arrivals.weight[1] == pytest.approx(3.0 * arrivals.weight[0])

    def test_a_month_is_a_twelfth_of_a_year(self, tmp_path: Path, share: float) -> None:
        """On average: a seasonal profile has its own months."""
        text = (
            f"  flows:\n    a: {{per_month: {figure(1e6)}, profile: uniform, {SHORT}}}\n"
            f"    b: {{per_year: {figure(12e6)}, profile: uniform, {SHORT}}}\n"
        )
        made = network(tmp_path, text, "{from: 2012-04-01, to: 2013-03-31}")
        assert count(made, "a") == count(made, "b") == round(12e6 * share)

    def test_growth_a_year(self, tmp_path: Path, share: float) -> None:
        """Each month from the date on is larger by the twelfth root, until the next entry, which goes on from there."""
        entries = (f"{{from: {year}-05-31, factor_per_year: {figure(each)}}}" for year, each in ((2012, 1.21), (2013, 0.5)))
        growth = f"growth: [{', '.join(entries)}]"
        text = f"  flows: {{a: {{per_year: {figure(1e9)}, profile: uniform, {growth}, {SHORT}}}}}\n"
        first, last = dt.date(2012, 4, 1), dt.date(2014, 3, 31)
        made = network(tmp_path, text, f"{{from: {first}, to: {last}}}")

        def factor(day: dt.date) -> float:
            # The 31st of a month is its last day where it has fewer.
            ends = [(dt.date(2012 + m // 12, m % 12 + 1, 1) - dt.timedelta(days=1)) for m in range(5, 30)]
            months = sum(end <= day for end in ends) - 1
            if months < 0:
                return 1.0
            return float(1.21 ** (months / 12)) if months <= 12 else float(1.21 * 0.5 ** ((months - 12) / 12))

        days = [first + dt.timedelta(days=k) for k in range((last - first).days + 1)]
        arrivals = flow_of(made, "a").arrivals
        assert isinstance(arrivals, M.ExactCount)
        starts = np.searchsorted(arrivals.start_s, [k * DAY_S for k in range(len(days))], side="right") - 1
        found = arrivals.weight[starts] / arrivals.weight[0]
        assert found == pytest.approx([factor(day) for day in days], rel=1e-12)
        whole = 1e9 * share * fraction_of_year("uniform", Period(first, last))
        assert count(made, "a") == pytest.approx(whole * np.mean([factor(day) for day in days]), rel=1e-9, abs=1.0)

    @pytest.mark.parametrize(
        ("first", "factor", "of"),
        [("8999-12-31", 2, 1.0), ("2012-04-30", 5, 1.0), ("1900-01-01", 0.0001, 0.0), ("2012-03-31", 3, 1.0)],
    )
    def test_growth_before_and_after_the_run(self, tmp_path: Path, share: float, first: str, factor: float, of: float) -> None:
        """What begins after the run changes nothing; a long decline leaves nothing; the first day itself is not larger."""
        growth = f"growth: [{{from: {first}, factor_per_year: {figure(factor)}}}]"
        made = network(tmp_path, f"  flows: {{a: {{per_year: {figure(1e8)}, profile: uniform, {growth}, {SHORT}}}}}\n")
        found = flow_of(made, "a").arrivals
        whole = 1e8 * share * fraction_of_year("uniform", Period(dt.date(2012, 4, 2), dt.date(2012, 4, 8)))
        assert (found.count if isinstance(found, M.ExactCount) else 0) == pytest.approx(of * whole, abs=1.0)

    @pytest.mark.parametrize(
        ("entry", "what"),
        [
            (f"per_month: {figure(1)}, growth: [{{from: 1900-01-01, factor_per_year: {figure(9)}}}]", "times as large"),
            (f"per_month: {figure(1)}, growth: [{{from: 9999-12-01, factor_per_year: {figure(9)}}}]", "beyond all planning"),
            (f"in_period: {figure(1)}, per_month: {figure(1)}", 'both "per_month" and "in_period" are given'),
            (f"per_month: {figure(1)}, days: [{{on: 2012-04-02, jobs: {figure(1)}}}]", 'both "per_month" and "days" are given'),
            (f"per_month: {figure(1)}, growth: [{{from: 2012-04-02}}]", 'growth is either a "factor" or a "factor_per_year"'),
            (
                f"per_month: {figure(1)}, growth: [{{from: 2012-04-02, factor: {figure(1)}, factor_per_year: {figure(1)}}}]",
                'growth is either a "factor" or a "factor_per_year"',
            ),
            (
                f"per_month: {figure(1)}, origin: prefecture, batches: {{cadence: daily, at: {figure('18 h')}}}",
                "files are sent by the national centre or by municipalities",
            ),
            (f"per_month: {figure(1)}, origin: nation, batches: {{cadence: daily, at: {figure('24 h')}}}", "not a time of day"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, tmp_path: Path, entry: str, what: str) -> None:
        """Two volumes, growth of no kind or two, files of prefectures, hours that are none."""
        with pytest.raises(ScenarioError, match=what):
            network(tmp_path, f"  flows: {{a: {{{entry}, {SHORT}}}}}\n")


class TestFiles:
    """Municipalities send files of their residents' part."""

    TEXT = f"  flows: {{lists: {{in_period: {figure(1e7)}, batches: {{cadence: daily, at: {figure('18 h')}}}, {SHORT}}}}}\n"

    def test_each_sends_its_residents_part(self, tmp_path: Path) -> None:
        """Every business day at the hour, in proportion to residents, adding up to what one national file would carry."""
        made = network(tmp_path, self.TEXT)
        arrivals = flow_of(made, "lists").arrivals
        assert isinstance(arrivals, M.Scheduled)
        # Monday 2 to Friday 6 April 2012.
        assert sorted(set(arrivals.at_s.tolist())) == [day * DAY_S + 18 * 3600.0 for day in range(5)]
        national = network(tmp_path, self.TEXT.replace("{in_period", "{origin: nation, in_period"))
        whole = flow_of(national, "lists").arrivals
        assert isinstance(whole, M.Scheduled)
        sent = Counter[float]()
        for at, records in zip(arrivals.at_s.tolist(), arrivals.records, strict=True):
            sent[at] += records
        assert dict(sent) == dict(zip(whole.at_s.tolist(), whole.records, strict=True))
        people = made.level("municipality").weights
        by_town = np.bincount(arrivals.places, weights=arrivals.records, minlength=len(people))
        exact = by_town.sum() * people / people.sum()
        assert np.abs(by_town - exact).max() < 5.0  # each file is less than one record off

    def test_towns_without_a_record_send_none(self, tmp_path: Path) -> None:
        """Fewer records than towns are fewer files, none of them empty."""
        made = network(tmp_path, self.TEXT.replace("10000000", "10000").replace("10000000.0", "10000"))
        arrivals = flow_of(made, "lists").arrivals
        assert isinstance(arrivals, M.Scheduled)
        assert min(arrivals.records, default=1) >= 1


class TestMachines:
    """Breakdowns, other numbers of servers and other speeds from a date on, at every tier."""

    def test_breakdowns(self, tmp_path: Path) -> None:
        """A machine of each tier fails at random, for each server or as a whole."""
        failing = f"breakdowns: {{up: {figure('5 h')}, down: {figure('10 min')}"
        text = (
            f"  municipality: {{cs: {{{failing}}}}}}}\n  prefecture: {{hsm: {{{failing}, per: station}}}}}}\n"
            f"  nation: {{provision: {{{failing}}}}}}}\n"
            f"  stations: {{archive: {{servers: {figure(1)}, service: {figure('1 s')}, cv: {figure(0)}, {failing}}}}}}}\n"
        )
        made = network(tmp_path, text)
        for name in ("cs", "prefecture_hsm", "provision_server", "archive"):
            per = "station" if name == "prefecture_hsm" else "server"
            found = station_of(made, name).breakdowns
            assert found is not None
            assert (found.up.kind, found.up.mean, found.down.mean, found.per) == ("exponential", 18_000.0, 600.0, per)
        assert station_of(made, "national_hsm").breakdowns is None

    def test_dates(self, tmp_path: Path) -> None:
        """What comes before the run holds from its start, what comes behind it never does."""
        dates = ("2012-03-01", 7), ("2012-04-03", 3), ("2012-05-01", 9)
        servers = ", ".join(f"{{from: {day}, servers: {figure(number)}}}" for day, number in dates)
        speeds = ", ".join(f"{{from: {day}, speed: {figure(number)}}}" for day, number in dates)
        made = network(tmp_path, f"  prefecture: {{server: {{changes: [{servers}]}}, hsm: {{changes: [{speeds}]}}}}\n")
        server, hsm = station_of(made, "prefecture_server"), station_of(made, "prefecture_hsm")
        assert (server.servers, server.speed) == (7, ())
        assert server.schedule == M.Schedule((0.0, DAY_S), (7, 3))
        assert hsm.schedule is None
        assert hsm.speed == (M.SpeedFrom(0.0, 7.0), M.SpeedFrom(DAY_S, 3.0))

    def test_a_change_that_never_comes_is_none(self, tmp_path: Path) -> None:
        """The machine is what it is without it."""
        plain = network(tmp_path, "  volume: 1\n")
        later = network(tmp_path, f"  nation: {{hsm: {{changes: [{{from: 2013-01-01, servers: {figure(9)}}}]}}}}\n")
        assert station_of(plain, "national_hsm") == station_of(later, "national_hsm")

    def test_one_centre_is_one_word(self, tmp_path: Path) -> None:
        """Dates and failures are those of the one machine then."""
        change = f"changes: [{{from: 2012-04-03, servers: {figure(3)}}}]"
        made = network(tmp_path, f"  prefecture: {{server: {{per: nation, {change}}}}}\n")
        assert station_of(made, "prefecture_server").per is None
        assert station_of(made, "prefecture_server").schedule is not None

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("  nation: {hsm: {changes: [{from: 2012-04-03}]}}\n", "nothing changes on this date"),
            (
                f"  nation: {{hsm: {{changes: [{', '.join([f'{{from: 2012-04-03, speed: {figure(2)}}}'] * 2)}]}}}}\n",
                "the changes do not go forward in time",
            ),
            (
                f"  municipality: {{network_firewall: {{changes: [{{from: 2012-04-03, servers: {figure(2)}}}]}}}}\n",
                "this firewall is one with its line here",
            ),
            (
                f"  municipality: {{cs: {{changes: [{{from: 2012-04-03, speed: {figure(2)}}}]}}}}\n  programme:\n    changes:\n"
                f"      renewal: {{renews: cs, speed: {figure(2)}, waves: [{{on: 2012-04-04}}]}}\n",
                "has speeds of its own from other dates on",
            ),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, tmp_path: Path, text: str, what: str) -> None:
        """Dates without a change or twice, a firewall without a station of its own, two changes of one speed."""
        with pytest.raises(ScenarioError, match=what):
            network(tmp_path, text)
