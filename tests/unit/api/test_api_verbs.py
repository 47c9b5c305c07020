"""The verbs from Python: the same documents as on the command line, kept in the same folders, and how a call ends."""

from __future__ import annotations

import copy
import json
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_runner import environment

import jukinet_sim
from jukinet_sim.api.asking import ScenarioWarning, Way
from jukinet_sim.base.errors import JukinetError, ScenarioError, UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.store import DATABASE, read_run

SCENARIO = """
scenario: desk
run: {horizon: 300 s, warm_up: 50 s, replications: 6, seed: 3, engine: fast}
network:
  stations:
    desk: {servers: 2}
  flows:
    visitor:
      arrivals: {poisson: 1.2 /s}
      route:
        - {visit: desk, demand: {exponential: 1 s}}
slo:
  - {flow: visitor, metric: sojourn.p95, below: 9 s}
overrides:
  busy: {network: {flows: {visitor: {arrivals: {poisson: 1.8 /s}}}}}
"""
SERVERS, RATE = "network.stations.desk.servers", "network.flows.visitor.arrivals.poisson"
DEMAND = "network.flows.visitor.route.0.demand.exponential"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scenario file in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    return "desk.yaml"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The document that a command prints, of a folder of its own."""
    assert main([*arguments, "--json", "--quiet", "--jobs", "1", "--out", "printed"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def kept(out: str) -> list[str]:
    """The folders that are kept below one, and how many replications each of a run has."""
    return sorted(str(path.relative_to(out)) for path in Path(out).glob("*/*"))


@pytest.mark.parametrize(
    ("verb", "options", "words"),
    [
        ("run", {"set": {SERVERS: 3}}, ["--set", f"{SERVERS}=3"]),
        ("run", {"override": "busy", "replications": 2, "seed": 4},
         ["--override", "busy", "--replications", "2", "--seed", "4"]),
        ("compare", {"with_": {SERVERS: 3, RATE: "1.1 /s"}, "metric": "visitor sojourn.p99"},
         ["--with", f"{SERVERS}=3 {RATE}=1.1 /s", "--metric", "visitor sojourn.p99"]),
        ("compare", {"with_": [{SERVERS: 3}, f"{SERVERS}=4"]}, ["--with", f"{SERVERS}=3", "--with", f"{SERVERS}=4"]),
        ("sweep", {"vary": {SERVERS: [2, 3], "override": ["none", "busy"]}, "metric": ["desk utilisation, busiest 100 s"]},
         ["--vary", f"{SERVERS}=2,3", "--vary", "override=none,busy", "--metric", "desk utilisation, busiest 100 s"]),
        ("sweep", {"vary": {SERVERS: "1..3", RATE: "1 /s..1.4 /s"}, "design": "lhs", "points": 3, "replications": 2},
         ["--vary", f"{SERVERS}=1..3", "--vary", f"{RATE}=1 /s..1.4 /s", "--design", "lhs", "--points", "3",
          "--replications", "2"]),
        ("size", {"vary": {SERVERS: "1..3"}, "slack": False, "confidence": 0.9, "cost": {SERVERS: 5}},
         ["--vary", f"{SERVERS}=1..3", "--no-slack", "--confidence", "90 %", "--cost", f"{SERVERS}=5"]),
        ("sensitivity", {"vary": {DEMAND: "0.8 s..1.2 s", RATE: "1 /s..1.3 /s"}, "trajectories": 2},
         ["--vary", f"{DEMAND}=0.8 s..1.2 s", "--vary", f"{RATE}=1 /s..1.3 /s", "--trajectories", "2"]),
    ],
)  # fmt: skip
def test_the_document_is_that_of_the_command_line(
    capsys: pytest.CaptureFixture[str], verb: str, options: dict[str, Any], words: list[str]
) -> None:
    """Asked from Python or from a shell, a question has one answer, to the last digit and in a folder of the same name."""
    answer = getattr(jukinet_sim, verb)("desk.yaml", jobs=1, **options)
    missed = verb == "run" and not all(level["met"] for level in answer.slo)
    assert answer.document == printed(capsys, verb, "desk.yaml", *words, code=99 if missed else 0)
    assert kept("runs") == kept("printed")
    assert answer.folder == Path("runs/desk") / answer.folder.name
    assert (answer.verb, answer.status) == (verb, "complete")
    assert capsys.readouterr().err == ""


def test_a_fit_is_that_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Its document is the same but for where its override lies, which every verb takes, as it does the fitted settings."""
    Path("seen.csv").write_text("kind,name,metric,from,to,value,error\nstation,desk,utilisation,,,0.48,0.01\n")
    fitted = jukinet_sim.calibrate("desk.yaml", observed="seen.csv", fit={DEMAND: "0.5 s..1.5 s"}, jobs=1)
    words = ["--observed", "seen.csv", "--fit", f"{DEMAND}=0.5 s..1.5 s"]
    expected = printed(capsys, "calibrate", "desk.yaml", *words)
    assert fitted.override == fitted.folder / Path(expected["override"]).name
    assert {**fitted.document, "override": expected["override"]} == expected
    # The utilisation law: 1.2 arrivals per second at two servers make 0.48 busy where each takes 0.8 s.
    assert fitted.parameters[DEMAND]["low"] < 0.8 < fitted.parameters[DEMAND]["high"]
    runs = [jukinet_sim.run("desk.yaml", set=fitted.settings, jobs=1), jukinet_sim.run("desk.yaml", override=fitted.override)]
    assert runs[0].document["hash"] == runs[1].document["hash"]
    assert [row["kind"] for row in fitted.rows()] == ["parameter", "residual"]
    assert fitted.to_polars()["observed"].to_list() == [None, 0.48]


def test_an_answer_shows_the_tables_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """As a text, and in a notebook, where nothing of it is taken for a tag."""
    answer = jukinet_sim.sweep("desk.yaml", vary={SERVERS: [2, 3]}, jobs=1)
    assert main(["sweep", "desk.yaml", "--vary", f"{SERVERS}=2,3", "--quiet"]) == 0
    assert str(answer) == capsys.readouterr().out.strip("\n")
    run = jukinet_sim.run("desk.yaml", jobs=1)
    assert main(["run", "desk.yaml", "--quiet"]) == 0
    assert str(run) == capsys.readouterr().out.strip("\n")
    assert "sojourn.p95 &lt; 9 s" in run._repr_html_()
    assert repr(answer) == f"<sweep of desk: complete, kept in {answer.folder}>"


def test_the_natural_things_are_attributes() -> None:
    """What a verb is asked for is found under its name."""
    found = jukinet_sim.size("desk.yaml", vary={SERVERS: [1, 2, 3]}, jobs=1, slack=False)
    assert (found.answer, found.growth) == (2, None)
    assert [row["set"][SERVERS] for row in found.evaluated] == [1, 2]
    compared = jukinet_sim.compare("desk.yaml", with_={SERVERS: 3}, jobs=1)
    (p95, mean) = compared.differences
    assert (p95["figure"], mean["figure"]) == ("visitor sojourn.p95", "visitor sojourn.mean")
    assert mean["difference"] == compared.metrics[1]["differences"][0]["value"] < 0.0
    swept = jukinet_sim.sweep("desk.yaml", vary={SERVERS: [1, 2]}, jobs=1)
    assert [point["slo_met"] for point in swept.points] == [False, True]
    assert jukinet_sim.run("desk.yaml", jobs=1).flows["visitor"]["completed"] > 0


def test_an_answer_cannot_be_changed() -> None:
    """Neither the answer nor anything in its document; a deep copy can, and a pickled answer is equal."""
    answer = jukinet_sim.run("desk.yaml", replications=2, jobs=1, out=None)
    with pytest.raises(AttributeError):
        answer.document = {}
    for change in (
        lambda: answer.document.update(status="fine"),
        lambda: answer.document["flows"].pop("visitor"),
        lambda: answer.document["slo"].append(1),
        lambda: answer.document["slo"].__setitem__(0, 1),
    ):
        with pytest.raises(TypeError, match="read-only"):
            change()
    mine = copy.deepcopy(answer.document)
    mine["slo"].clear()
    assert len(answer.document["slo"]) == 1
    assert pickle.loads(pickle.dumps(answer)) == answer
    assert json.loads(json.dumps(answer.document)) == answer.document


def test_out_none_keeps_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is the same, and no folder is there."""
    for verb, options in (("run", {}), ("compare", {"with_": {SERVERS: 3}}), ("sweep", {"vary": {SERVERS: [2, 3]}})):
        answer = getattr(jukinet_sim, verb)("desk.yaml", out=None, jobs=1, **options)
        assert answer.folder is None
        assert sorted(path.name for path in Path.cwd().iterdir()) == ["desk.yaml"]
    assert repr(answer) == "<sweep of desk: complete, nothing kept>"
    assert answer.document == printed(capsys, "sweep", "desk.yaml", "--vary", f"{SERVERS}=2,3")


def test_a_loaded_scenario_is_taken_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """With what was laid over it when it was loaded, and what is laid over it now."""
    loaded = jukinet_sim.load("desk.yaml", overrides=["busy"], sets=[f"{SERVERS}=3"])
    answer = jukinet_sim.run(loaded, seed=8, set={"run.replications": 2}, jobs=1)
    words = ["--override", "busy", "--set", f"{SERVERS}=3", "--seed", "8", "--set", "run.replications=2"]
    assert answer.document == printed(capsys, "run", "desk.yaml", *words)
    compared = jukinet_sim.compare("desk.yaml", loaded, jobs=1, replications=2)
    assert compared["scenarios"] == ["desk.yaml", f"desk.yaml --override busy --set {SERVERS}=3"]


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: jukinet_sim.run("dsk.yaml"), ScenarioError, 'did you mean "desk.yaml"'),
        (lambda: jukinet_sim.run("desk.yaml", set={SERVERS: -1}), ScenarioError, f"--set {SERVERS}=-1:1:"),
        (lambda: jukinet_sim.run("desk.yaml", set={SERVERS: float("nan")}), UsageError, "write a finite number"),
        (lambda: jukinet_sim.run("desk.yaml", set={SERVERS: {1, 2}}), UsageError, "this is a set"),
        (lambda: jukinet_sim.run("desk.yaml", jobs=0), UsageError, "jobs=0"),
        (lambda: jukinet_sim.sweep("desk.yaml"), UsageError, "nothing is varied"),
        (lambda: jukinet_sim.sweep("desk.yaml", vary={SERVERS: []}), UsageError, f"{SERVERS} has no values"),
        (lambda: jukinet_sim.compare(), UsageError, "nothing is compared"),
        (lambda: jukinet_sim.compare("desk.yaml"), UsageError, "alone is compared with nothing"),
        (lambda: jukinet_sim.compare("desk.yaml", "desk.yaml", names=["a", "a"]), UsageError, "a name of its own"),
        (lambda: jukinet_sim.size("desk.yaml", vary={SERVERS: "1..3"}, confidence=2), UsageError, "--confidence"),
        (lambda: jukinet_sim.Study("desk.yaml", {}).run(), UsageError, "without changes"),
        (lambda: jukinet_sim.Study("desk.yaml", ["busi"]).run(), ScenarioError, 'no override is named "busi"'),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(call: Any, kind: type[JukinetError], message: str) -> None:
    """By an exception of the package that says where and what to write instead, before anything is kept."""
    with pytest.raises(kind) as raised:
        call()
    assert message in str(raised.value)
    assert not Path("runs").exists()


def test_doubts_are_warnings() -> None:
    """What the command line prints as a warning is one of Python's, and points at the line that asked."""
    with pytest.warns(ScenarioWarning, match="desk is offered more work than it can do") as caught:
        jukinet_sim.run("desk.yaml", set={SERVERS: 1}, jobs=1, out=None, replications=1)
    assert [one.filename for one in caught] == [__file__]


class _Stops:
    """A watcher that sends Ctrl-C after so many replications."""

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


@pytest.mark.parametrize(("verb", "options"), [("run", {}), ("sweep", {"vary": {SERVERS: [2, 3]}})])
def test_an_interrupt_is_a_keyboard_interrupt(verb: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is finished is kept, and asking again goes on from there to the same document."""
    ask = getattr(jukinet_sim, verb)
    with monkeypatch.context() as patched:
        patched.setattr(Way, "watch", lambda *_: lambda *_: _Stops(4))
        with pytest.raises(KeyboardInterrupt, match="kept in runs/desk/"):
            ask("desk.yaml", jobs=1, **options)
    assert sum(len(read_run(path.parent)[1]) for path in Path("runs").glob(f"*/*/{DATABASE}")) == 4
    again = ask("desk.yaml", jobs=1, **options)
    assert again.document == ask("desk.yaml", jobs=1, out="whole", **options).document


SCRIPT = f"""
import json, jukinet_sim
answer = jukinet_sim.sweep("desk.yaml", vary={{"{SERVERS}": [2, 3]}}, replications=2, jobs=2)
print(json.dumps(answer.document))
"""


def test_two_processes_need_no_guard(capsys: pytest.CaptureFixture[str]) -> None:
    """A script without `if __name__ ...` runs once, as a notebook's cell does, which has no file."""
    Path("ten_lines.py").write_text(SCRIPT)
    expected = printed(capsys, "sweep", "desk.yaml", "--vary", f"{SERVERS}=2,3", "--replications", "2")
    done = subprocess.run([sys.executable, "ten_lines.py"], capture_output=True, text=True, env=environment(), check=True)
    assert json.loads(done.stdout) == expected
    assert done.stderr == ""
