"""A run in which jobs wait for ever says so before any verdict: document, tables, exit code and last line."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from cli_runner import write_scenario
from results_samples import sample

from jukinet_sim.cli.app import main
from jukinet_sim.engine.stuck import Holder, Stuck
from jukinet_sim.language.slo import Slo
from jukinet_sim.report.run_table import run_tables
from jukinet_sim.report.terminal import show
from jukinet_sim.results.digest import digest_from_json
from jukinet_sim.results.document import build_document

LOCKED = Stuck("deadlock", ("a", "b"), None, 1, 20.0, 9, (Holder("ab", "a", "b", 1, 12.0), Holder("ba", "b", "a", 1, 20.0)))
LEVEL = Slo.model_validate({"flow": "query", "metric": "sojourn.mean", "below": "1e9 s"})
SCENARIO = """\
scenario: locks
run: {horizon: 500 s, replications: 2, engine: fast}
network:
  pools: {a: {tokens: 1}, b: {tokens: 1}}
  flows:
    ab:
      arrivals: {poisson: 0.1 /s}
      route: [{acquire: a}, {delay: {exponential: 1 s}}, {acquire: b}, {delay: {exponential: 1 s}}, {release: b}, {release: a}]
    ba:
      arrivals: {poisson: 0.1 /s}
      route: [{acquire: b}, {delay: {exponential: 1 s}}, {acquire: a}, {delay: {exponential: 1 s}}, {release: a}, {release: b}]
slo:
  - {flow: ab, metric: sojourn.p99, below: 30 s}
"""


def document(*stuck: Stuck, **changes: object) -> dict[str, object]:
    """The document of three replications, the last of which has jobs that wait for ever."""
    digests = [sample(0), sample(1), replace(sample(2), stuck=stuck, **changes)]  # type: ignore[arg-type]  # any field, by name
    return build_document(digests, scenario="s", run_hash="0", seed=1, rule_version=1, slo=[LEVEL])


def test_one_replication_decides_nothing() -> None:
    """A level that would be met is undecided as soon as jobs wait for ever in one replication."""
    assert document()["slo"] == [{**document()["slo"][0], "met": True, "verdict": "met"}]  # type: ignore[index]  # a list
    found = document(LOCKED)
    assert found["status"] == "partial"
    assert (found["slo"][0]["met"], found["slo"][0]["verdict"]) == (None, "undecided")  # type: ignore[index]  # a list


def test_half_a_run_decides_nothing() -> None:
    """A level of a run that a limit stopped is undecided, on whatever side of its bound the estimate is."""
    found = document(complete=False, limit="the event budget of 9 was used up")
    assert (found["status"], found["slo"][0]["verdict"]) == ("partial", "undecided")  # type: ignore[index]  # a list
    stream = StringIO()
    show(run_tables(found, "en", everything=False, name="run"), stream)
    assert "undecided (partial run)" in stream.getvalue()


def test_figures_are_over_the_replications_that_have_it() -> None:
    """Jobs and instants are means over those; how many there are is told."""
    later = replace(LOCKED, jobs=11, since_s=30.0)
    digests = [sample(0), replace(sample(1), stuck=(LOCKED,)), replace(sample(2), stuck=(later,))]
    (one,) = build_document(digests, scenario="s", run_hash="0", seed=1, rule_version=1)["stuck"]
    assert (one["kind"], one["where"], one["in_replications"], one["of_replications"]) == ("deadlock", ["a", "b"], 2, 3)
    assert (one["jobs"]["value"], one["since_s"]["value"]) == (10.0, 25.0)
    assert [(h["flow"], h["holds"], h["waits_for"]) for h in one["holders"]] == [("ab", "a", "b"), ("ba", "b", "a")]


def test_what_is_stuck_survives_the_store() -> None:
    """A digest read back is equal; one written without a word about it has nobody stuck."""
    digest = replace(sample(0), stuck=(LOCKED,))
    kept = json.loads(json.dumps(digest.as_json()))
    assert digest_from_json(kept) == digest
    del kept["stuck"]
    assert digest_from_json(kept).stuck == ()


def test_said_before_any_figure() -> None:
    """The tables begin with who holds what and waits for what; the verdict comes last."""
    stream = StringIO()
    show(run_tables(document(LOCKED), "en", everything=False, name="run"), stream)
    shown = stream.getvalue()
    order = [
        "PARTIAL: deadlock of pools a and b",
        "STUCK: deadlock of pools a and b, in 1 of 3 replications, since 20 s, 9 jobs inside",
        "1 job of ab holds a and waits for a token of b, since 12 s", "sojourn mean", "undecided (stuck)",
    ]  # fmt: skip
    assert [shown.index(text) for text in order] == sorted(shown.index(text) for text in order)


@pytest.mark.parametrize("drain", ["false", "true"])
def test_a_locked_run_does_not_end_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], drain: str
) -> None:
    """Exit code 4, and the last line names the deadlock; `show` prints it again, in JSON as well."""
    monkeypatch.chdir(tmp_path)
    file = write_scenario(tmp_path, SCENARIO)
    assert main(["run", file, "--set", f"run.drain={drain}"]) == 4
    shown = capsys.readouterr()
    assert "undecided (stuck)" in shown.out
    assert shown.err.splitlines()[-1] == (
        "exit 4: deadlock of pools a and b; results are partial and service levels undecided"
    )
    assert main(["show", "locks", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["slo"][0]["met"], found["stuck"][0]["in_replications"]) == ("partial", None, 2)
    assert main(["check", file, "--set", f"run.drain={drain}", "--quiet"]) == 4


def test_without_service_levels_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scenario that asks nothing is told all the same."""
    monkeypatch.chdir(tmp_path)
    assert main(["run", write_scenario(tmp_path, SCENARIO.split("slo:")[0]), "--quiet"]) == 4
    assert capsys.readouterr().err == "exit 4: deadlock of pools a and b; results are partial\n"


def test_a_budget_is_named_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says at which step, in words of the scenario, and what to write to let the run go on."""
    monkeypatch.chdir(tmp_path)
    text = SCENARIO.replace("horizon: 500 s", "horizon: 5000 s, job_budget: 50")
    assert main(["run", write_scenario(tmp_path, text), "--quiet"]) == 4
    shown = capsys.readouterr()
    assert "more than 50 jobs are in the system at once; most frequent step: acquire" in shown.err
    assert 'or write a larger run.job_budget, such as "job_budget: 100"' in shown.err
    assert "deadlock of pools a and b" in shown.out
    assert "met" not in shown.out.split("service level")[1]
