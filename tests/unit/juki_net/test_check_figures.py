"""Every other reported figure beside a run: the four verdicts, their reasons, and what fails."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cli_runner import write_scenario
from national import expected

from jukinet_sim.calendar import Period
from jukinet_sim.cli.app import main
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.places.schema import Group
from jukinet_sim.juki_net.reported import check as reported_check
from jukinet_sim.juki_net.reported.check import ReportedCheck
from jukinet_sim.juki_net.reported.expected import Expected
from jukinet_sim.juki_net.reported.figures import FigureRow, judged
from jukinet_sim.juki_net.reported.stated import Stated, _members, stated
from jukinet_sim.language.figures import source_key
from jukinet_sim.report.check_table import check_document, check_tables
from jukinet_sim.report.terminal import show
from jukinet_sim.scenario.compile import check_reported, compile_network, national_part
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder

CARDS = "juki_cards_issued_2012_04_12"
RUN = dict.fromkeys(("schema", "scenario", "hash", "status", "seed", "replications", "engine", "fingerprint"), 0)
DAY = Period(dt.date(2012, 4, 2), dt.date(2012, 4, 2))
TINY = shipped_folder() / "tiny.yaml"


def _judge(
    flows: Mapping[str, Mapping[str, int]] | None = None,
    expected: Mapping[str, Expected] | None = None,
    found: Mapping[str, Stated] | None = None,
    period: Period = REPORTED_NINE_MONTHS,
    replications: int = 1,
) -> dict[str, FigureRow]:
    """Judge all figures, by key."""
    rows = judged({"replications": replications, "flows": flows or {}}, expected or {}, found or {}, period)
    return {row.key: row for row in rows}


def _flow(completed: int, records: int = 0, **gone: int) -> dict[str, int]:
    return {"completed": completed, "records": records, "lost": 0, "abandoned": 0, "in_system": 0, **gone}


def test_every_figure_of_the_report_gets_a_row() -> None:
    """Whatever was simulated, all keys are there, in the order of the report, each with a reason."""
    rows = _judge()
    assert list(rows) == list(facts.reported())
    assert all(row.reason for row in rows.values())


def test_cards_put_in_come_out() -> None:
    """580,000 cards in each of two replications are 1,160,000 completed jobs; that is conserved."""
    row = _judge({"cards": _flow(1_160_000)}, {"cards": Expected(580_000, "jobs", CARDS)}, replications=2)[CARDS]
    assert (row.verdict, row.printed, row.expected, row.computed) == ("conserved", 580_000, 580_000, 580_000)
    assert (row.difference, row.failed) == (0, False)
    assert "the volume of the flow cards" in row.reason


def test_a_lost_card_fails_and_its_whereabouts_are_told() -> None:
    """Three cards abandoned in one of two replications are a difference of -3 over all, which fails."""
    flows = {"cards": _flow(1_159_997, abandoned=3)}
    row = _judge(flows, {"cards": Expected(580_000, "jobs", CARDS)}, replications=2)[CARDS]
    assert (row.difference, row.computed, row.failed) == (-3, 579_998.5, True)
    assert row.reason.endswith("3 abandoned")


def test_records_are_counted_where_a_flow_travels_in_files() -> None:
    """A volume of records is held against records, not against the files they come in."""
    row = _judge({"cards": _flow(9, records=580_000)}, {"cards": Expected(580_000, "records", CARDS)})[CARDS]
    assert row.difference == 0


def test_several_flows_may_share_a_volume() -> None:
    """The total of the provisions is the sum over the flows of its rows."""
    total = "provisions_2012_04_12"
    flows = {"provision.a": _flow(1, records=300), "provision.b": _flow(1, records=45)}
    row = _judge(flows, {"provision.a": Expected(300, "records", total), "provision.b": Expected(46, "records", total)})[total]
    assert (row.expected, row.computed, row.difference) == (346, 345, -1)


def test_a_flow_that_never_ran_completed_nothing() -> None:
    """A flow that is missing from the document counts as 0, not as if it held."""
    assert _judge(expected={"cards": Expected(2, "jobs", CARDS)})[CARDS].difference == -2


def test_another_period_is_not_held_against_the_printed_figure() -> None:
    """On a single day what was put in must come out, and the printed figure of nine months is n/a; nothing fails."""
    row = _judge({"cards": _flow(3_000)}, {"cards": Expected(3_000, "jobs", CARDS)}, period=DAY)[CARDS]
    assert (row.difference, row.failed) == (0, False)
    assert "printed for 2012-04-01 to 2012-12-31, this run has another period: n/a" in row.reason


def test_a_scaled_volume_is_said_to_be_another_than_the_printed_one() -> None:
    """A scenario that issues half the cards conserves its own volume and says that it is not the printed one."""
    row = _judge({"cards": _flow(290_000)}, {"cards": Expected(290_000, "jobs", CARDS)})[CARDS]
    assert not row.failed
    assert "another volume than the printed one" in row.reason


def test_a_volume_that_no_flow_takes_is_not_a_flow() -> None:
    """Without a flow that names it, nothing is claimed of the cards issued."""
    row = _judge()[CARDS]
    assert (row.verdict, row.computed, row.difference) == ("not a flow", None, None)
    assert "no flow of this scenario" in row.reason


def test_a_flow_makes_a_volume_of_any_figure() -> None:
    """Where a scenario simulates the call centre, its calls are conserved like any other volume."""
    key = "call_centre_calls_2012_04_12"
    row = _judge({"calls": _flow(19_859)}, {"calls": Expected(19_859, "jobs", key)})[key]
    assert (row.verdict, row.difference) == ("conserved", 0)
    assert row.reason == "received calls of three kinds; the volume of the flow calls"


def test_the_stock_of_cards_follows_from_the_simulated_issue() -> None:
    """6,560,000 cards at the start and 579,998 simulated ones make 7,139,998, within the rounding of 7,140,000."""
    flows = {"cards": _flow(579_998)}
    row = _judge(flows, {"cards": Expected(580_000, "jobs", CARDS)})["juki_cards_cumulative_2012_12_31"]
    assert (row.verdict, row.computed, row.difference) == ("derived", 7_139_998, -2)
    assert row.reason.startswith("within its rounding")
    assert f"with the simulated {CARDS}" in row.reason
    assert not row.failed


def test_a_derived_figure_beyond_its_rounding_is_called_so() -> None:
    """With 20,000 cards lost the stock at the end is further from the printed one than rounding explains."""
    flows = {"cards": _flow(560_000)}
    row = _judge(flows, {"cards": Expected(580_000, "jobs", CARDS)})["juki_cards_cumulative_2012_12_31"]
    assert row.reason.startswith("beyond its rounding")


def test_without_comparable_volumes_printed_figures_are_used() -> None:
    """A day's cards say nothing about the stock after nine months, so it is derived from what is printed: exactly."""
    flows = {"cards": _flow(3_000)}
    rows = _judge(flows, {"cards": Expected(3_000, "jobs", CARDS)}, period=DAY)
    row = rows["juki_cards_cumulative_2012_12_31"]
    assert (row.computed, row.difference) == (7_140_000, 0)
    assert row.reason.startswith("exact")
    assert row.reason.endswith("from printed figures alone")


def test_the_reports_own_contradiction_is_named() -> None:
    """The increase as printed and as it follows from the totals differ by two million, which is the report's doing."""
    row = _judge()["provisions_increase_printed"]
    assert (row.printed, row.computed, row.difference) == (63_702_219, 65_702_219, 2_000_000)
    assert row.reason.startswith("the report contradicts itself")


def test_a_share_and_a_mean_agree_within_their_rounding() -> None:
    """656 / 12,666 is printed as 5.1 %, and 19,859 calls over 187 business days as 106."""
    rows = _judge()
    assert rows["juki_card_share_percent"].computed == pytest.approx(100 * 6_560_000 / 126_660_000)
    assert rows["call_centre_calls_per_day"].computed == pytest.approx(19_859 / 187)
    for key in ("juki_card_share_percent", "call_centre_calls_per_day"):
        assert rows[key].reason.startswith("within its rounding")


def test_a_parameter_stands_where_the_scenario_says() -> None:
    """The size of the kiosk group is shown beside the printed one with the key it stands at; a difference fails nothing."""
    key = "convenience_municipalities_2013_03"
    row = _judge(found={key: Stated("juki_net.groups.kiosk", 60.0)})[key]
    assert (row.verdict, row.printed, row.computed, row.difference) == ("structure", 61, 60, -1)
    assert row.reason.startswith("juki_net.groups.kiosk: ")
    assert not row.failed


@pytest.mark.parametrize(("value", "differs"), [("monthly", False), ("daily", True)])
def test_a_text_is_the_printed_one_or_not(value: str, differs: bool) -> None:
    """A cadence has no difference, but the reason says where it is not as printed."""
    row = _judge(found={"statistics_feed": Stated("juki_net.flows.statistics-feed.batches.cadence", value)})["statistics_feed"]
    assert (row.computed, row.difference) == (value, None)
    assert ("not as printed" in row.reason) is differs


def test_any_figure_may_be_stated_as_a_parameter() -> None:
    """A scenario that takes its shops from the report has them in the model, although they are usually left out."""
    row = _judge(found={"convenience_stores": Stated("juki_net.stations.shop.servers", 14_800.0)})["convenience_stores"]
    assert (row.verdict, row.difference) == ("structure", 0)


def test_a_parameter_that_is_left_out_is_not_a_flow() -> None:
    """Nothing is claimed of kiosks in a scenario without them."""
    row = _judge()["convenience_municipalities_2013_03"]
    assert (row.verdict, row.reason) == ("not a flow", "this scenario leaves it out")


def test_a_plan_is_not_a_flow() -> None:
    """A date of a later year keeps its text and its reason from the table."""
    row = _judge()["prefecture_centre_live"]
    assert (row.verdict, row.printed, row.computed) == ("not a flow", "2014-01", None)
    assert row.reason == facts.coverage()["prefecture_centre_live"].reason


def test_members_of_a_group_are_counted_on_the_date_of_the_figure() -> None:
    """61 municipalities in March 2013 and 10 more in July are 71 by September; those of October do not count."""
    joins = [{"from": "2013-07-01", "municipalities": 10}, {"from": "2013-10-01", "municipalities": 5}]
    group = Group.model_validate({"municipalities": 61, "joins": joins})
    assert _members(group, facts.figure("convenience_municipalities_2013_03").period) == 61
    assert _members(group, facts.figure("convenience_municipalities_2013_09").period) == 71


def test_a_number_called_reported_is_found_wherever_it_stands() -> None:
    """A figure of the scenario that names a reported key is what the scenario states of it."""
    loaded = load(TINY, sets=["juki_net.provisions.lot={value: 14800, reported: convenience_stores}"])
    found = stated(national_part(loaded).spec, compile_network(loaded))
    assert found["convenience_stores"] == Stated("juki_net.provisions.lot", 14_800)


@pytest.fixture(scope="module")
def nation() -> Loaded:
    """The shipped scenario of the whole nation over the reported nine months."""
    return load(shipped_folder() / "fy2012.yaml")


def test_the_nation_states_every_figure_that_is_a_parameter(nation: Loaded) -> None:
    """The shipped scenario has all keys of the table, kiosks as reported; residents lack one town and the rounding."""
    found = stated(national_part(nation).spec, compile_network(nation))
    assert {key for key, said in facts.coverage().items() if said.verdict == "structure"} <= set(found)
    assert found["convenience_municipalities_2013_03"].value == 61
    assert found["convenience_municipalities_2013_09"].value == 71
    assert found["statistics_feed"].value == "monthly"
    assert found["population"].value == pytest.approx(facts.number("population"), abs=2 * 6_000)


def test_the_nation_puts_in_every_reported_volume_exactly(nation: Loaded) -> None:
    """Over the nine months the flows that name a reported volume, 369,045,185 records and 580,000 cards, add up to it."""
    volumes = dict.fromkeys((key for key, said in facts.coverage().items() if said.verdict == "conserved"), 0)
    for one in expected(nation).values():
        if one.key is not None:
            volumes[one.key] += one.count
    assert volumes == {key: facts.number(key) for key in volumes}


@pytest.fixture(scope="module")
def mixed() -> tuple[FigureRow, ...]:
    """One run with a row of each verdict, and a card lost."""
    found = {"statistics_feed": Stated("juki_net.flows.statistics-feed.batches.cadence", "monthly")}
    document = {"replications": 1, "flows": {"cards": _flow(579_999, lost=1)}}
    return judged(document, {"cards": Expected(580_000, "jobs", CARDS)}, found, REPORTED_NINE_MONTHS)


@pytest.mark.parametrize("note", [CARDS, f" {CARDS} ", f"{CARDS}: rounded", f"{CARDS}, rounded"])
def test_a_remark_may_follow_a_key(note: str) -> None:
    """The key ends at the first blank, colon, comma or semicolon."""
    assert source_key(note) == CARDS


def test_the_tables_name_every_figure_and_fit_100_columns(mixed: tuple[FigureRow, ...]) -> None:
    """Figures are grouped by verdict in order, none is missing, and no line is wider than 100 columns."""
    out = io.StringIO()
    show(check_tables(ReportedCheck(figures=mixed), [], "en", judged_from=5), out)
    lines = out.getvalue().splitlines()
    assert all(any(line.startswith(key) for line in lines) for key in facts.reported())
    assert [line.split(":")[0] for line in lines if line.split(":")[0] in facts.VERDICTS] == list(facts.VERDICTS)
    assert max(map(len, lines)) <= 100
    assert any("not validation" in line for line in lines)


def test_the_document_has_every_figure_and_does_not_hold(mixed: tuple[FigureRow, ...]) -> None:
    """As data each figure has its verdict and numbers, and one lost card is enough for the check not to hold."""
    document = check_document(RUN, ReportedCheck(figures=mixed), [])
    assert json.loads(json.dumps(document["reported"], allow_nan=False)) == document["reported"]
    rows: dict[str, Any] = {row["key"]: row for row in document["reported"]}
    assert list(rows) == list(facts.reported())
    assert rows[CARDS]["verdict"] == "conserved"
    assert (rows[CARDS]["printed"], rows[CARDS]["computed"], rows[CARDS]["difference"]) == (580_000, 579_999, -1)
    assert document["held"] is False


def test_a_generic_network_has_no_reported_figures(tmp_path: Path) -> None:
    """The report is about one network only."""
    loaded = load(write_scenario(tmp_path))
    assert check_reported(loaded, compile_network(loaded), {"replications": 1, "flows": {}}) == ReportedCheck()


def test_check_fails_where_a_volume_does_not_come_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million cards put in where the run has fewer: exit 3, and the figure is named with its difference."""
    counted = {"updates.per_event": Expected(10**6, "jobs", CARDS)}
    monkeypatch.setattr(reported_check, "expected_of", lambda *_: counted)
    assert main(["check", str(TINY), "--json", "--quiet", "--replications", "1", "--out", str(tmp_path)]) == 3
    shown = capsys.readouterr()
    row = next(row for row in json.loads(shown.out)["reported"] if row["key"] == CARDS)
    assert row["difference"] == row["computed"] - 10**6 < 0
    assert f"{CARDS}: {row['difference']:+,} against what was put in" in shown.err
