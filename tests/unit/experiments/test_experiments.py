"""The verbs of experiments from the command line: what they answer, what they keep, and what they use again."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from jukinet_sim.base.errors import StoreError
from jukinet_sim.cli.app import main
from jukinet_sim.experiments.again import repeat_experiment, resume_experiment
from jukinet_sim.experiments.experiment import FILE, Request, Settings, conduct, read_record
from jukinet_sim.experiments.listing import find
from jukinet_sim.experiments.verbs.sweep import VERB, carry_out
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.store import DATABASE, read_run
from jukinet_sim.scenario.load import load
from jukinet_sim.statistics.paired import difference

SCENARIO = """
scenario: desk
run: {horizon: 400 s, warm_up: 50 s, replications: 6, seed: 3, engine: fast}
network:
  stations:
    desk: {servers: 2}
  flows:
    visitor:
      arrivals: {poisson: 1.2 /s}
      route:
        - {visit: desk, demand: {exponential: 1 s}}
slo:
  - {flow: visitor, metric: sojourn.p95, below: 4 s}
overrides:
  busy: {network: {flows: {visitor: {arrivals: {poisson: 1.8 /s}}}}}
"""
SERVERS = "network.stations.desk.servers"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scenario file in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    return "desk.yaml"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The document that a command prints."""
    assert main([*arguments, "--json", "--quiet", "--jobs", "1"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def folders(pattern: str) -> list[Path]:
    """What is kept."""
    return sorted(Path("runs/desk").glob(pattern))


def test_a_sweep_has_a_row_for_each_point(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every combination is a row with its settings, its figures and whether its service levels are met."""
    found = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=1..3", "--vary", "override=none,busy")
    assert [row["set"] for row in found["points"]] == [
        {SERVERS: servers, "override": override} for servers in (1, 2, 3) for override in ("none", "busy")
    ]
    assert all(row["metrics"]["visitor sojourn.p99"]["n"] == 6 for row in found["points"])
    assert [row["slo_met"] for row in found["points"]] == [False, False, False, False, True, False]
    assert found["status"] == "complete"


def test_a_point_is_the_run_of_its_scenario(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a sweep says of a point is what `run` says of it, and neither computes what the other has."""
    swept = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,3")["points"][1]
    run = answer(capsys, "run", file, "--set", f"{SERVERS}=3")
    assert swept["metrics"]["visitor sojourn.p95"] == run["flows"]["visitor"]["sojourn_s"]["p95"]
    assert swept["metrics"]["desk utilisation"] == run["stations"]["desk"]["utilisation"]
    assert run["hash"].startswith(swept["run"])
    assert len(folders(f"*/{DATABASE}")) == 2


def test_failures_are_rows_with_their_reason(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A point that is no scenario, or that a limit stops, is a row that says so; the others are there, the answer partial."""
    found = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,-1", code=4)
    good, bad = found["points"]
    assert good["error"] is None
    assert (bad["metrics"], bad["slo_met"]) == ({}, None)
    assert "-1" in bad["error"]
    cut = answer(capsys, "sweep", file, "--vary", "run.event_budget=100,100000", code=4)
    assert "event budget of 100" in cut["points"][0]["error"]
    assert (cut["status"], cut["points"][0]["slo_met"]) == ("partial", None)
    assert answer(capsys, "sweep", file, "--vary", "run.event_budget=100,100000", code=4) == cut


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sweep", "desk.yaml"], "nothing is varied; add --vary key=1..5"),
        (["sweep", "desk.yaml", "--vary", "a=3..1"], "write a=1..3"),
        (["compare", "desk.yaml"], "add --with key=value"),
        (["compare", "desk.yaml", "--with", "nonsense"], "this is no setting, and no override of the scenario; write key"),
        (["compare", "desk.yaml", "--with", " "], "this is empty; write key=value or the name of an override"),
        (
            ["compare", "desk.yaml", "--with", f"{SERVERS}=3", "--metric", "visitor sojurn.mean", "--jobs", "1"],
            "visitor sojourn.mean",
        ),
        (["resume", "nothing"], "there is no run in runs/ yet"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    file: str, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], message: str
) -> None:
    """Usage that makes no sense ends in code 2 and says what to write instead."""
    assert main([*arguments, "--quiet"]) == 2
    assert message in capsys.readouterr().err


def test_an_override_is_a_variant(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An override by its name, alone and with settings laid over it, is what the same settings are; a misspelt one is told."""
    rate = "network.flows.visitor.arrivals.poisson"
    variants = ("busy", f"{rate}=1.8 /s", f"busy {SERVERS}=4")
    found = answer(capsys, "compare", file, *(word for one in variants for word in ("--with", one)))
    assert found["scenarios"] == ["desk.yaml", *variants]
    for metric in found["metrics"]:
        _, busy, same, four = (side["per_replication"] for side in metric["values"])
        assert busy == same != four
    assert main(["compare", file, "--with", "bussy", "--quiet"]) == 2
    assert 'did you mean "busy"' in capsys.readouterr().err


def test_a_comparison_is_paired(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Differences are those of the replications, pair by pair, and hold together over all figures shown."""
    found = answer(capsys, "compare", file, "--with", f"{SERVERS}=3 network.flows.visitor.arrivals.poisson=1.1 /s")
    assert found["scenarios"] == ["desk.yaml", f"{SERVERS}=3 network.flows.visitor.arrivals.poisson=1.1 /s"]
    values = {
        one["name"]: [side["per_replication"] for side in one["values"]] for one in found["metrics"]
    }
    assert list(values) == ["visitor sojourn.p95", "visitor sojourn.mean"]
    for one in found["metrics"]:
        assert one["differences"] == [difference(*values[one["name"]], together=len(values)).as_json()]
    assert [level["verdict"] for levels in found["slo"] for level in levels] == ["missed", "met"]


def test_stored_runs_are_compared_without_running(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs that are kept are compared by what is kept of them."""
    hashes = [answer(capsys, "run", file, "--set", f"{SERVERS}={n}", code=code)["hash"][:12] for n, code in ((2, 99), (3, 0))]
    before = [path.stat().st_mtime_ns for path in folders(f"*/{DATABASE}")]
    found = answer(capsys, "compare", *hashes)
    assert found["runs"] == hashes
    assert found["metrics"][1]["differences"][0]["value"] < 0.0
    assert [path.stat().st_mtime_ns for path in folders(f"*/{DATABASE}")] == before


def test_an_experiment_is_kept_and_noticed_when_changed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same question is answered from its folder; one that somebody edited is damage, with a cure."""
    first = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,3")
    assert answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,3") == first
    (folder,) = folders("sweep-*")
    assert main(["show", str(folder)]) == 0
    text = (folder / FILE).read_text()
    (folder / FILE).write_text(text.replace('"n": 6', '"n": 7', 1))
    with pytest.raises(StoreError, match="somebody has changed it"):
        read_record(folder)
    assert main(["rerun", str(folder), "--jobs", "1"]) == 5


def test_repeating_finds_the_same_numbers(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`rerun` computes runs and experiments anew and finds every number again."""
    answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,3")
    for folder in (*folders("sweep-*"), folders(f"*/{DATABASE}")[0].parent):
        assert main(["rerun", str(folder), "--jobs", "1"]) == 0
        assert "are the same to the last bit" in capsys.readouterr().out


def test_a_run_is_extended(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--extend` adds to what is there, and gives the run of as many; without a run there is nothing to add to."""
    assert main(["run", file, "--extend", "4", "--quiet"]) == 2
    assert "there is none of this scenario" in capsys.readouterr().err
    answer(capsys, "run", file, code=99)
    longer = answer(capsys, "run", file, "--extend", "4", code=99)
    assert longer["replications"] == 10
    whole = answer(capsys, "run", file, "--replications", "10", "--out", "other", code=99)
    assert longer == whole


class _Stops:
    """A watcher that is interrupted after so many replications."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear of a replication on its way."""

    def done(self, digest: ReplicationDigest) -> None:
        """Send the signal of Ctrl-C."""
        self.left -= 1
        if not self.left:
            signal.raise_signal(signal.SIGINT)

    def close(self) -> None:
        """Hear that no more will come."""


def test_an_interrupted_experiment_is_completed_to_the_same_bytes(file: str, tmp_path: Path) -> None:
    """Wherever a sweep is stopped, what was finished is kept, and taking it up gives the answer of one that was not."""
    options = {"vary": [f"{SERVERS}=2,3"], "design": "grid", "points": None, "metrics": [], "precision": None}
    request, scenario = Request(VERB, options), load(file)
    whole = conduct(request, [scenario], carry_out, Settings(tmp_path / "whole"))
    assert whole.folder is not None
    for after in (1, 5, 11):
        out = tmp_path / str(after)
        stopped = conduct(request, [scenario], carry_out, Settings(out, watch=lambda *_, after=after: _Stops(after)))
        assert (stopped.document, stopped.interrupted) == (None, signal.SIGINT)
        assert stopped.folder is not None
        kept = [len(read_run(path.parent)[1]) for path in sorted(out.glob(f"*/*/{DATABASE}"))]
        assert sum(kept) == after
        resumed = resume_experiment(stopped.folder, Settings(out))
        assert resumed.computed == 12 - after
        assert (stopped.folder / FILE).read_bytes() == (whole.folder / FILE).read_bytes()
    assert repeat_experiment(whole.folder, Settings(None)).difference is None


def test_every_point_of_a_sweep_gets_its_precision(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each point has as many replications as its own figures take, and all of them are known as well as was asked."""
    found = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,4", "--precision", "4%", "--metric", "visitor sojourn.mean")
    values = [row["metrics"]["visitor sojourn.mean"] for row in found["points"]]
    assert all(value["half_width"] <= 0.04 * value["value"] for value in values)
    numbers = [row["replications"] for row in found["points"]]
    assert numbers[0] > numbers[1] >= 20


def test_every_difference_gets_its_precision(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All differences are known to the share of the first scenario's value that was asked for, with one number for all."""
    asked = ("compare", file, "--with", f"{SERVERS}=3", "--metric", "visitor sojourn.mean", "--precision", "3%")
    (metric,) = answer(capsys, *asked)["metrics"]
    (difference,) = metric["differences"]
    assert difference["half_width"] <= 0.03 * metric["values"][0]["value"]
    assert difference["n"] > 20


def test_figures_in_windows_and_at_places(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A metric may say when: the network then looks there, in a sweep, a comparison and whatever runs that scenario again."""
    name = "desk utilisation, busiest 100 s"
    swept = answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2,3", "--metric", name, "--metric", "desk utilisation")
    assert swept["shown"] == [name, "desk utilisation"]
    for row in swept["points"]:
        busiest, mean = (row["metrics"][one]["per_replication"] for one in swept["shown"])
        assert all(a >= b for a, b in zip(busiest, mean, strict=True))
    (metric,) = answer(capsys, "compare", file, "--with", f"{SERVERS}=3", "--metric", name)["metrics"]
    assert metric["values"][0]["per_replication"] == swept["points"][0]["metrics"][name]["per_replication"]
    setting = "outputs.+={station: desk, metric: utilisation, window: busiest 100 s}"
    run = answer(capsys, "run", file, "--set", setting, code=99)
    (output,) = run["outputs"]
    assert output["name"] == name
    assert output["value"] == swept["points"][0]["metrics"][name]


def test_points_are_listed_on_request(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A list shows what somebody asked for: an experiment, and of its points only those that were run by themselves."""
    answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2..4")
    answer(capsys, "run", file, "--set", f"{SERVERS}=3")
    answer(capsys, "sweep", file, "--vary", f"{SERVERS}=3..5")
    capsys.readouterr()
    assert main(["ls"]) == 0
    shown = capsys.readouterr().out
    assert sorted(line.split()[1] for line in shown.splitlines() if line.startswith("desk")) == ["run", "sweep", "sweep"]
    assert "and 3 points of experiments" in shown
    assert main(["ls", "--all"]) == 0
    assert sum(line.startswith("desk") for line in capsys.readouterr().out.splitlines()) == 6
    assert main(["ls", "--json"]) == 0
    assert sum(one["of_experiment"] for one in json.loads(capsys.readouterr().out)) == 3


def test_the_latest_is_what_somebody_asked_for(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name it is the experiment, although the run of a point may have been written to after it."""
    answer(capsys, "sweep", file, "--vary", f"{SERVERS}=2..4")
    (experiment,) = folders("sweep-*")
    newest = next(path for path in folders("*") if path != experiment) / "manifest.json"
    later = (experiment / FILE).stat().st_mtime_ns + 10**9
    os.utime(newest, ns=(later, later))
    assert find(None, Path("runs")) == experiment


def test_a_name_means_what_somebody_asked_for(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By its scenario's name a run is found that was run by itself, although points of an experiment came after it."""
    main(["run", file, "--quiet", "--jobs", "1"])
    capsys.readouterr()
    (run,) = folders("*")
    answer(capsys, "sweep", file, "--vary", f"{SERVERS}=3..4")
    (experiment,) = folders("sweep-*")
    shutil.rmtree(experiment)
    assert len(folders("*")) == 3
    assert find("desk", Path("runs")) == run
