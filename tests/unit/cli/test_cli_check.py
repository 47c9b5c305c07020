"""`check`: conserved inputs and textbook theory, kept apart, and the exit code when either fails."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import MM1, write_scenario
from national import expected

from jukinet_sim.cli.app import main
from jukinet_sim.experiments import theory_check as checks
from jukinet_sim.experiments.theory_check import validated
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.reported.check import ReportedCheck
from jukinet_sim.juki_net.reported.expected import Expected
from jukinet_sim.juki_net.reported.volumes import VolumeRow, conserved
from jukinet_sim.report.check_table import check_document, check_tables
from jukinet_sim.report.terminal import show
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.theory.prediction import Prediction

RUN = dict.fromkeys(("schema", "scenario", "hash", "status", "seed", "replications", "engine", "fingerprint"), 0)
LONG = MM1.replace("2000 s", "20000 s").replace("replications: 3", "replications: 8")


def _value(values: list[float | None]) -> dict[str, Any]:
    return {"value": 1.0, "half_width": None, "level": 0.95, "n": len(values), "per_replication": values}


def test_a_textbook_queue_is_validated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An M/M/1 queue with arrival rate 1/2 and service rate 1 waits rho/(mu - lambda) = 1 s, and the simulation agrees."""
    call = ["check", write_scenario(tmp_path, LONG), "--json", "--quiet", "--engine", "fast", "--out", str(tmp_path)]
    assert main(call) == 0
    document = json.loads(capsys.readouterr().out)
    found = {row["metric"]: row for row in document["validated"]}
    assert found["wait.mean"]["predicted"] == pytest.approx(0.5 / (1.0 - 0.5))
    assert found["utilisation"]["predicted"] == pytest.approx(0.5)
    assert all(row["judged"] and row["met"] for row in found.values())
    assert document["held"] is True


def test_a_run_without_warm_up_misses_theory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty short runs that start empty wait less than the stationary queue: exit 3, and a hint at the warm-up."""
    text = MM1.replace("2000 s", "20 s").replace("100 s", "0 s").replace("replications: 3", "replications: 100")
    file = write_scenario(tmp_path, text.replace("0.5 /s", "0.95 /s"))
    assert main(["check", file, "--out", str(tmp_path)]) == 3
    shown = capsys.readouterr()
    assert "outside" in shown.out
    assert "set run.warm_up" in shown.err
    assert shown.err.splitlines()[-1] == "exit 3: a check did not hold"


def test_distance_is_in_standard_errors() -> None:
    """z = (mean - predicted) / (s / sqrt(n)): for 1, 2, 3 against 0 it is 2 / (1 / sqrt(3))."""
    assert checks._distance(_value([1.0, 2.0, 3.0]), 0.0) == pytest.approx(2.0 * 3.0**0.5)


@pytest.mark.parametrize("values", [[1.0], [None, 1.0], [2.0, 2.0]])
def test_distance_is_unknown_without_spread(values: list[float | None]) -> None:
    """One replication, or equal ones, give no standard error and so no verdict."""
    assert checks._distance(_value(values), 0.0) is None


@pytest.mark.parametrize(("n", "missed"), [(4, False), (5, True)])
def test_few_replications_are_not_judged(n: int, missed: bool) -> None:
    """Below five replications a large z is shown but decides nothing."""
    row = checks.TheoryRow(Prediction("station", "s", "M/M/1", "wait.mean", 1.0), _value([1.0] * n), z=19.0)
    assert row.missed is missed


@pytest.mark.parametrize(("n", "z", "missed"), [(5, 17.4, False), (5, 17.5, True), (20, 5.0, False), (1000, 4.1, True)])
def test_few_replications_widen_the_band(n: int, z: float, missed: bool) -> None:
    """A right prediction is missed 1 time in 16,000 whatever the replications: at 17.45 standard errors with five of them.

    The t quantile for that tail is 17.45 with 4 degrees of freedom and falls to 4 with very many.
    """
    row = checks.TheoryRow(Prediction("station", "s", "M/M/1", "wait.mean", 1.0), _value([1.0] * n), z=z)
    assert row.missed is missed


def test_an_approximation_is_never_judged() -> None:
    """However far a rule of thumb is off, it is shown and marked, decides nothing, and leaves the check to hold."""
    said = Prediction("station", "s", "M/G/c (Allen-Cunneen)", "wait.mean", 1.0, approximate=True)
    row = checks.TheoryRow(said, _value([1.0] * 20), z=50.0)
    assert (row.judged, row.missed) == (False, False)
    document = check_document(RUN, ReportedCheck(), [row])
    assert document["held"] is True
    assert document["validated"][0]["approximate"] is True
    shown = _rendered([row])
    assert "approximate" in shown
    assert "validate nothing" in shown
    assert "Not judged: that takes" not in shown


def test_an_exact_miss_beside_an_approximation_fails() -> None:
    """A rule of thumb in the same table does not excuse an exact prediction that was missed."""
    exact = checks.TheoryRow(Prediction("station", "s", "M/M/1", "wait.mean", 1.0), _value([1.0] * 20), z=9.0)
    said = Prediction("station", "t", "M/G/c (Allen-Cunneen)", "wait.mean", 1.0, approximate=True)
    document = check_document(RUN, ReportedCheck(), [exact, checks.TheoryRow(said, _value([1.0] * 20), z=0.0)])
    assert document["held"] is False
    assert [row["met"] for row in document["validated"]] == [False, True]


def test_rows_of_flows_name_their_flow() -> None:
    """A prediction for a flow is shown as one, in the table and as data, and shares are percentages."""
    row = checks.TheoryRow(Prediction("flow", "calls", "Erlang A", "abandon_fraction", 0.25), _value([1.0] * 20), z=0.5)
    assert check_document(RUN, ReportedCheck(), [row])["validated"][0]["flow"] == "calls"
    shown = _rendered([row])
    assert "flow calls" in shown
    assert "abandon_fraction %" in shown
    assert "25" in shown


def _rendered(rows: list[checks.TheoryRow]) -> str:
    out = io.StringIO()
    show(check_tables(ReportedCheck(), rows, "en", judged_from=5), out)
    return out.getvalue()


@pytest.fixture(scope="module")
def tiny() -> dict[str, Expected]:
    """What must come out of the small shipped scenario of the resident register network."""
    return expected(load(shipped_folder() / "tiny.yaml"))


def test_conserved_has_the_rows_of_the_report(tiny: dict[str, Expected]) -> None:
    """The 44 rows are those of the report, in order, and sum to its total of 369,045,185 records."""
    rows = conserved(tiny, {"replications": 2, "flows": {}})
    assert [row.slug for row in rows] == [row.slug for row in facts.provisions()]
    assert sum(row.reported or 0 for row in rows) == 369_045_185


def test_a_lost_record_is_a_difference(tiny: dict[str, Expected]) -> None:
    """Where one of two replications lost one record, the difference is -1 and the mean is not whole."""
    rows = {row.slug: row for row in conserved(tiny, {"replications": 2, "flows": {}})}
    wanted = rows["national-pension"].expected
    assert wanted > 0
    document = {"replications": 2, "flows": {"provision.national-pension": {"records": 2 * wanted - 1}}}
    (row,) = (row for row in conserved(tiny, document) if row.slug == "national-pension")
    assert (row.difference, row.simulated) == (-1, wanted - 0.5)


def test_a_planners_own_rows_have_nothing_printed_beside_them() -> None:
    """Rows that are not of the report are conserved all the same, with no reported number and no reported sum."""
    document = {"replications": 1, "flows": {"provision.own": {"records": 7}}}
    rows = conserved({"provision.own": Expected(7, "records")}, document)
    assert rows == (VolumeRow("own", None, 7, 7.0, 0),)
    assert check_document(RUN, ReportedCheck(rows), [])["sum"] == {"reported": None, "expected": 7, "simulated": 7}


def test_closure_is_kept_apart_from_validation() -> None:
    """Conserved rows stand under their own heading, and the text says that they validate nothing."""
    rows = (VolumeRow("one", 5, 5, 5.0, 0),)
    lines = [line for line in check_tables(ReportedCheck(rows), [], "en", judged_from=5) if isinstance(line, str)]
    assert lines[0] == "inputs conserved"
    assert any("not validation" in line for line in lines)
    assert any("nothing here is validated against theory" in line for line in lines)


def test_a_difference_does_not_hold() -> None:
    """One record too many is enough for the check to fail."""
    assert check_document(RUN, ReportedCheck((VolumeRow("one", 5, 5, 5.0, 0),)), [])["held"] is True
    assert check_document(RUN, ReportedCheck((VolumeRow("one", 5, 5, 6.0, 1),)), [])["held"] is False


def test_predictions_find_their_figures(tmp_path: Path) -> None:
    """Every metric that theory predicts stands in the document of a run."""
    loaded = load(write_scenario(tmp_path))
    latency = {"mean": _value([1.0, 1.5]), "p95": _value([3.0, 3.5])}
    document = {"stations": {"desk": {"utilisation": _value([0.5, 0.6]), "wait_s": latency}}}
    rows = validated(compile_network(loaded), document)
    assert [row.prediction.metric for row in rows] == ["wait.mean", "wait.p95", "utilisation"]
