"""`calibrate` from the command line: truths come out of what they make one observe, and what cannot be fitted is refused."""

from __future__ import annotations

import csv
import json
import math
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.experiments.again import repeat_experiment, resume_experiment
from jukinet_sim.experiments.experiment import FILE, Request, Settings, conduct
from jukinet_sim.experiments.verbs.calibrate.carry import VERB, carry_out
from jukinet_sim.experiments.verbs.calibrate.keys import fit_keys
from jukinet_sim.experiments.verbs.calibrate.override import Chosen, override_text
from jukinet_sim.experiments.verbs.calibrate.read_csv import observed_of, read_observations
from jukinet_sim.experiments.verbs.calibrate.start import starts
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.theory.queues import erlang_c

SCENARIOS = Path(__file__).parents[3] / "scenarios"
TANDEM = """
scenario: tandem
run: {horizon: 9000 s, warm_up: 1000 s, replications: 6, seed: 4, engine: fast}
network:
  stations:
    first: {servers: 1}
    second: {servers: 3}
  flows:
    job:
      arrivals: {poisson: 2 /s}
      route:
        - {visit: first, demand: {exponential: 100 ms}}
        - {visit: second, demand: {exponential: 0.5 s}}
"""
FIRST, SECOND = "network.flows.job.route.0.demand.exponential", "network.flows.job.route.1.demand"
FIRST_STEP = "visit: first, demand: {exponential: 100 ms}"
RATE_PER_S, FIRST_S, SECOND_S = 2.0, 0.3, 0.9
HEADER = "kind,name,metric,from,to,value"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A scenario file in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tandem.yaml").write_text(TANDEM)
    return "tandem.yaml"


def write_csv(rows: Iterable[str], header: str = HEADER) -> str:
    """A CSV in the working directory."""
    Path("seen.csv").write_text("\n".join([header, *rows]) + "\n")
    return "seen.csv"


def sojourn_s(servers: int, demand_s: float) -> float:
    """The mean time in an M/M/c station: service, and the wait of Erlang (1917), C / (c mu - lambda)."""
    erlangs = RATE_PER_S * demand_s
    return demand_s + erlang_c(erlangs, servers) / (servers / demand_s - RATE_PER_S)


def theory(relative_error: float | None = 0.01) -> str:
    """What one would observe of the tandem in the long run, whose second station sees Poisson arrivals (Burke 1956)."""
    figures = [
        ("station,first,utilisation", RATE_PER_S * FIRST_S),
        ("station,second,utilisation", RATE_PER_S * SECOND_S / 3),
        ("station,second,wait.mean", sojourn_s(3, SECOND_S) - SECOND_S),
        ("flow,job,throughput", RATE_PER_S),
        ("flow,job,sojourn.mean", sojourn_s(1, FIRST_S) + sojourn_s(3, SECOND_S)),
    ]
    if relative_error is None:
        return write_csv(f"{what},,,{value!r}" for what, value in figures)
    return write_csv((f"{what},,,{value!r},{relative_error * value!r}" for what, value in figures), HEADER + ",error")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The document that a command prints."""
    assert main([*arguments, "--json", "--quiet", "--jobs", "1"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def holds(parameter: dict[str, Any], truth: float) -> bool:
    """Whether the interval of a parameter holds its true value."""
    return bool(parameter["low"] <= truth <= parameter["high"])


def law_starts(file: str, rows: list[dict[str, str]], *fit: str) -> list[tuple[float, bool]]:
    """Where the search would begin, and whether by the utilisation law."""
    keys = fit_keys(fit, load(file))

    def compiled(values: Sequence[float]) -> Network:
        return compile_network(load(file, sets=[key.setting(value) for key, value in zip(keys, values, strict=True)]))

    return [(one.value, one.by_law) for one in starts(keys, observed_of(rows), compiled, load(file).scenario.run)]


def seen(kind: str, name: str, metric: str, value: float) -> dict[str, str]:
    """A row of the CSV, well known."""
    return {"kind": kind, "name": name, "metric": metric, "value": repr(value), "error": "0.001"}


def test_the_search_begins_where_the_utilisation_law_says(file: str) -> None:
    """D = U c / X, with the throughput that was observed or else that of the scenario; bounds and nothing observed count."""
    busy = seen("station", "second", "utilisation", 0.6)
    assert law_starts(file, [busy], SECOND) == [(pytest.approx(0.6 * 3 / 2.0, rel=1e-9), True)]
    more = seen("flow", "job", "throughput", 2.5)
    rate = "network.flows.job.arrivals.poisson"
    assert law_starts(file, [busy, more], SECOND, rate) == [
        (pytest.approx(0.6 * 3 / 2.5, rel=1e-9), True), (pytest.approx(2.5, rel=1e-9), True),
    ]  # fmt: skip
    assert law_starts(file, [busy, more], f"{SECOND}=0.1 s..0.5 s") == [(0.5, True)]
    assert law_starts(file, [busy, more], FIRST) == [(0.1, False)]
    assert law_starts(file, [seen("station", "second", "utilisation", 0.0)], SECOND) == [(0.5, False)]


@pytest.mark.parametrize("relative_error", [0.01, None])
def test_the_demands_of_a_tandem_come_out(file: str, capsys: pytest.CaptureFixture[str], relative_error: float | None) -> None:
    """From figures of theory both demands are found to 3 %, within their intervals, and no figure is left far off."""
    found = answer(capsys, "calibrate", file, "--observed", theory(relative_error), "--fit", f"{FIRST},{SECOND}")
    for key, truth in ((FIRST, FIRST_S), (SECOND, SECOND_S)):
        assert found["parameters"][key]["value"] == pytest.approx(truth, rel=0.03)
        assert holds(found["parameters"][key], truth)
        assert found["parameters"][key]["started_by"] == "utilisation law"
    assert all(abs(one["relative"]) < 0.05 for one in found["residuals"])
    assert found["converged"]


def test_the_demand_of_a_queue_comes_out_of_its_wait_alone(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without utilisations the search begins at the scenario's own value, and gets there all the same."""
    wait = sojourn_s(3, SECOND_S) - SECOND_S
    rows = [f"station,second,wait.mean,,,{wait!r},{0.02 * wait!r}", f"flow,job,throughput,,,{RATE_PER_S},0.02"]
    arguments = ("--observed", write_csv(rows, HEADER + ",error"), "--fit", f"{SECOND}=0.2 s..1.4 s")
    demand = answer(capsys, "calibrate", file, *arguments)["parameters"][SECOND]
    assert demand["started_by"] == "scenario"
    assert demand["value"] == pytest.approx(SECOND_S, rel=0.03)
    assert holds(demand, SECOND_S)


def test_the_document_keeps_to_the_contract(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Parameters with value and interval in SI, residuals in the order of the CSV, an override, and how it was found."""
    found = answer(capsys, "calibrate", file, "--observed", theory(), "--fit", SECOND)
    assert list(found["parameters"]) == [SECOND]
    assert {"value", "low", "high", "unit", "was", "text"} <= set(found["parameters"][SECOND])
    assert found["parameters"][SECOND]["was"] == 0.5
    assert [one["what"] for one in found["residuals"]] == [
        "first utilisation", "second utilisation", "second wait.mean", "job throughput", "job sojourn.mean",
    ]  # fmt: skip
    for one in found["residuals"]:
        assert one["relative"] == pytest.approx((one["simulated"] - one["observed"]) / one["observed"])
    assert (found["status"], found["replications"], found["seed"]) == ("complete", 6, 4)
    # The first station is far from what was observed, which no demand of the second one can mend.
    assert found["misfit"] > 100.0
    assert "the scenario lacks something" in found["warnings"][0]
    assert found["simulations"] >= 4


def test_the_override_runs_and_is_the_run_that_fitted(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Scenario and override together are the last point of the search, figure by figure, and nothing is run again."""
    found = answer(capsys, "calibrate", file, "--observed", theory(), "--fit", f"{FIRST},{SECOND}", "--write", "fitted.yaml")
    assert Path(found["override"]) == Path("fitted.yaml")
    before = sorted(Path("runs/tandem").iterdir())
    run = answer(capsys, "run", file, "--override", "fitted.yaml")
    assert run["hash"].startswith(found["run"])
    assert sorted(Path("runs/tandem").iterdir()) == before
    simulated = {one["what"]: one["simulated"] for one in found["residuals"]}
    assert run["stations"]["second"]["utilisation"]["value"] == simulated["second utilisation"]
    assert run["flows"]["job"]["sojourn_s"]["mean"]["value"] == simulated["job sojourn.mean"]
    again = answer(capsys, "calibrate", file, "--observed", theory(), "--fit", f"{FIRST},{SECOND}")
    assert Path(again["override"]).read_text() == Path("fitted.yaml").read_text()
    assert load(file, overrides=[again["override"]]).scenario.run.horizon == 9000.0


def test_nothing_but_an_override_is_written_over(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--write` names an override file that is new, or was written by a calibration before."""
    Path("mine.yaml").write_text("run: {seed: 2}\n")
    for name, message in (("mine.yaml", "not from a calibration"), ("fitted.txt", "write fitted.yaml")):
        assert main(["calibrate", file, "--observed", theory(), "--fit", FIRST, "--write", name]) == 2
        assert message in capsys.readouterr().err
    assert Path("mine.yaml").read_text() == "run: {seed: 2}\n"


WAVES = """
scenario: waves
run: {horizon: 12 d, replications: 4, seed: 2, engine: fast}
network:
  stations:
    desk: {servers: 2}
  flows:
    visitor:
      arrivals: {piecewise: [{at: 0 h, rate: 1 /min}, {at: 4 d, rate: 1 /min}, {at: 8 d, rate: 1 /min}]}
      route: [{visit: desk, demand: {exponential: 20 s}}]
"""


def test_windows_tell_the_rates_of_a_day(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Throughputs and utilisations of windows give the rate of each hour and the demand, each to 3 %."""
    Path("waves.yaml").write_text(WAVES)
    rates_per_min, demand_s = (2.0, 3.5, 0.8), 24.0
    rows = []
    for number, rate in enumerate(rates_per_min):
        window = f"{96 * number} h,{4 * number + 4} d"
        rows.append(f"flow,visitor,throughput,{window},{rate} /min")
        rows.append(f"station,desk,utilisation,{window},{rate / 60 * demand_s / 2}")
    keys = [f"network.flows.visitor.arrivals.piecewise.{number}.rate" for number in range(3)]
    keys.append("network.flows.visitor.route.0.demand")
    found = answer(capsys, "calibrate", "waves.yaml", "--observed", write_csv(rows), "--fit", ",".join(keys))
    for key, truth in zip(keys, (*(rate / 60 for rate in rates_per_min), demand_s), strict=True):
        assert found["parameters"][key]["value"] == pytest.approx(truth, rel=0.03)
        assert holds(found["parameters"][key], truth)
    assert found["residuals"][2]["what"] == "visitor throughput, 4 d to 8 d"
    assert load("waves.yaml", overrides=[found["override"]]).scenario.network is not None


@pytest.mark.parametrize(
    ("row", "place", "message"),
    [
        ("desk,first,utilisation,,,0.6", "2:1", "write one of flow, station, pool"),
        ("station,frist,utilisation,,,0.6", "2:9", 'did you mean "first"?'),
        ("station,job,throughput,,,2", "2:9", 'it is a flow: write "flow" as its kind'),
        ("station,first,utilization,,,0.6", "2:15", 'did you mean "utilisation"?'),
        ("flow,job,late_fraction,,,1 %", "2:10", "has no due"),
        ("station,first,utilisation,2000 s,40000 s,0.6", "2:34", "the window ends outside the run"),
        ("station,first,utilisation,100 s,4000 s,0.6", "2:27", "within the warm-up"),
        ("station,first,utilisation,4000 s,2000 s,0.6", "2:34", "the window ends before it begins"),
        ("station,first,utilisation,2012-04-02 09:00,2012-04-02 10:00,0.6", "2:27", "no calendar"),
        ("station,first,utilisation,2000 s,,0.6", "2:27", "write from and to"),
        ("station,first,utilisation,soon,4000 s,0.6", "2:27", '"8 h"'),
        ("station,first,longest_queue,2000 s,4000 s,0.6 s", "2:29", "no window"),
        ("station,first,utilisation,,,", "2:29", "write what was measured there, or delete the line"),
        ("station,first,utilisation,,,many", "2:29", "is not a number"),
        ("station,first,utilisation,,,120 %", "2:29", "more than all there is"),
        ("station,first,utilisation,,,12 ms", "2:29", "not a unit of a fraction"),
        ("station,first,loss_fraction,,,0", "2:31", "no fraction is an error"),
        ("flow,job,sojourn.mean,,,3 m", "2:25", "unknown unit"),
        ("station,first,utilisation,,,0.6\nstation,first,utilisation,,,0.7", "3:9", "stands on an earlier line, as 0.6"),
        ("station,first,utilisation,0.6", "2:1", "add or remove commas"),
    ],
)
def test_faults_of_the_csv(file: str, capsys: pytest.CaptureFixture[str], row: str, place: str, message: str) -> None:
    """Each fault is told by file, line and column, with what to write instead."""
    assert main(["calibrate", file, "--observed", write_csv([row]), "--fit", FIRST]) == 2
    said = capsys.readouterr().err
    assert f"seen.csv:{place}: error:" in said
    assert message in said


def test_faults_of_standard_errors(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All faults are told at once: an error of 0, one that is missing, one that is no number."""
    rows = ["flow,job,throughput,,,2 /s,0.1 /s", "station,first,utilisation,,,60 %,", "station,second,utilisation,,,0.6,few"]
    rows += ["flow,job,sojourn.mean,,,1.5,0"]
    assert main(["calibrate", file, "--observed", write_csv(rows, HEADER + ",error"), "--fit", FIRST]) == 2
    said = capsys.readouterr().err
    for part in ("3:34: error: only some rows", '4:34: error: "few" is not a number', "5:29: error: a standard error of 0"):
        assert part in said


def test_what_lacks_columns(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt header is told, and a file that is not there."""
    assert main(["calibrate", file, "--observed", write_csv([], "kind,name,metrik,value"), "--fit", FIRST]) == 2
    assert "rename 'metrik'" in capsys.readouterr().err
    assert main(["calibrate", file, "--observed", "nothing.csv", "--fit", FIRST]) == 2
    assert "cannot read this list of observations" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        (None, "nothing is fitted"),
        ("network.flows.job.rout.0.demand", 'did you mean "route"?'),
        ("network.flows.job.route.0", "this is no single number; fit network.flows.job.route.0.visit"),
        ("network.flows.job.route.0.visit", "only numbers can be fitted"),
        ("network.flows.job.priority", "that is written down"),
        ("network.stations.first.servers", "is not a whole number"),
        (f"{FIRST}=1 s..2 s", "does not lie between them"),
        (f"{FIRST}=1 /s..2 /s", "write both alike"),
        (f"{FIRST}=1 s", "write network.flows.job.route.0.demand.exponential=LO..HI"),
        (f"{SECOND},{SECOND}.exponential", "fitted twice"),
    ],
)
def test_keys_that_cannot_be_fitted(file: str, capsys: pytest.CaptureFixture[str], fit: str | None, message: str) -> None:
    """A key that is not there, is no number, or whose bounds make no sense is refused before anything runs."""
    arguments = [] if fit is None else ["--fit", fit]
    assert main(["calibrate", file, "--observed", theory(), *arguments, "--quiet"]) == 2
    assert message in capsys.readouterr().err


def test_without_observations(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a CSV the cure is the template."""
    assert main(["calibrate", file, "--fit", FIRST]) == 2
    assert "--template" in capsys.readouterr().err


def test_what_cannot_be_told_apart_is_said_with_what_to_measure(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two demands of which only the sum is seen are refused by name; a utilisation would tell them apart."""
    short = ["--set", "network.flows.job.arrivals.poisson=0.01 /s", "--set", f"{FIRST}=0.6 s", "--replications", "3"]
    rows = ["flow,job,sojourn.mean,,,1.2,0.01", "flow,job,in_system,,,0.012,0.0001", "flow,job,throughput,,,0.01,0.001"]
    arguments = ["calibrate", file, *short, "--observed", write_csv(rows, HEADER + ",error"), "--fit", f"{FIRST},{SECOND}"]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert f"{FIRST} and {SECOND} cannot be told apart by the observed figures; measure " in said
    assert "utilisation" in said


def test_what_nothing_tells_apart(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two visits of one station by one flow are the same to every figure that the network has."""
    Path("twice.yaml").write_text(TANDEM.replace("visit: second, demand: {exponential: 0.5 s}", FIRST_STEP))
    keys = f"{FIRST},{SECOND}"
    rows = ["station,first,utilisation,,,0.6,0.01", "flow,job,throughput,,,2,0.02", "flow,job,sojourn.mean,,,0.7,0.02"]
    arguments = ["--observed", write_csv(rows, HEADER + ",error"), "--fit", keys, "--replications", "2"]
    assert main(["calibrate", "twice.yaml", *arguments, "--quiet"]) == 2
    assert "cannot be told apart by the observed figures; no one figure of this network would do" in capsys.readouterr().err


def test_too_few_figures(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One figure fits no two parameters; as many figures as parameters give values without intervals, and say so."""
    observed = write_csv(["station,first,utilisation,,,60 %"])
    assert main(["calibrate", file, "--observed", observed, "--fit", f"{FIRST},{SECOND}", "--quiet"]) == 2
    assert "2 parameters cannot be fitted to 1 observed figures" in capsys.readouterr().err
    found = answer(capsys, "calibrate", file, "--observed", observed, "--fit", FIRST)
    assert found["parameters"][FIRST]["value"] == pytest.approx(0.3, rel=0.03)
    assert (found["parameters"][FIRST]["low"], found["misfit"]) == (None, None)
    assert "observe more" in found["warnings"][0]


def test_a_template_is_filled_in_and_used(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It asks for every utilisation, throughput and mean sojourn; left empty it is refused by line, filled in it is fitted."""
    assert main(["calibrate", file, "--fit", f"{FIRST},{SECOND}", "--template", "t.csv"]) == 0
    assert "jukinet calibrate tandem.yaml --observed t.csv" in capsys.readouterr().out
    rows = list(csv.DictReader(Path("t.csv").read_text().splitlines()))
    assert [(row["name"], row["metric"]) for row in rows] == [
        ("first", "utilisation"), ("second", "utilisation"), ("job", "throughput"), ("job", "sojourn.mean"),
    ]  # fmt: skip
    assert main(["calibrate", file, "--fit", FIRST, "--template", "t.csv"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["calibrate", file, "--fit", f"{FIRST},{SECOND}", "--observed", "t.csv"]) == 2
    assert capsys.readouterr().err.count("write what was measured there, or delete the line") == 4
    measured = ["60 %", "60 %", "2 /s", f"{sojourn_s(1, FIRST_S) + sojourn_s(3, SECOND_S)!r} s"]
    lines = Path("t.csv").read_text().splitlines()
    filled = write_csv(line + value for line, value in zip(lines[1:], measured, strict=True))
    found = answer(capsys, "calibrate", file, "--fit", f"{FIRST},{SECOND}", "--observed", filled)
    assert found["parameters"][SECOND]["value"] == pytest.approx(SECOND_S, rel=0.03)


def test_a_template_asks_for_the_windows_of_rates(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where rates of a table are fitted, it asks for the figures of their hours."""
    Path("waves.yaml").write_text(WAVES)
    key = "network.flows.visitor.arrivals.piecewise.1.rate"
    assert main(["calibrate", "waves.yaml", "--fit", key, "--template", "t.csv"]) == 0
    rows = list(csv.DictReader(Path("t.csv").read_text().splitlines()))
    assert ("visitor", "throughput", "4 d", "8 d") in [(r["name"], r["metric"], r["from"], r["to"]) for r in rows]


def test_fail_over(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A residual beyond the share ends in code 3 and is named; what cannot be read is refused."""
    arguments = ["calibrate", file, "--observed", theory(), "--fit", SECOND, "--quiet"]
    assert main([*arguments, "--fail-over", "10%"]) == 3
    said = capsys.readouterr()
    assert "first utilisation is simulated too far from what was observed: -6" in said.err
    assert "Try next: jukinet run tandem.yaml --override runs/tandem/calibrate-" in said.out
    assert main([*arguments, "--fail-over", "80 %"]) == 0
    assert main([*arguments, "--fail-over", "much"]) == 2


class _Stops:
    """A watcher that is interrupted after so many replications."""

    left = 0

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear of a replication on its way."""

    def done(self, digest: ReplicationDigest) -> None:
        """Send the signal of Ctrl-C."""
        _Stops.left -= 1
        if not _Stops.left:
            signal.raise_signal(signal.SIGINT)

    def close(self) -> None:
        """Hear that no more will come."""


def test_an_interrupted_search_goes_on_to_the_same_bytes(file: str, tmp_path: Path) -> None:
    """Wherever it is stopped, taking it up gives the answer of a search that was not, and so does repeating it."""
    loaded = load(file)
    rows = read_observations(theory(), compile_network(loaded), loaded.scenario.run)
    request = Request(VERB, {"fit": [FIRST, SECOND], "observed": rows, "file": "seen.csv"})
    whole = conduct(request, [loaded], carry_out, Settings(tmp_path / "whole"))
    assert whole.folder is not None
    for after in (3, 20):
        _Stops.left = after
        out = tmp_path / str(after)
        stopped = conduct(request, [loaded], carry_out, Settings(out, watch=lambda *_: _Stops()))
        assert (stopped.document, stopped.interrupted) == (None, signal.SIGINT)
        assert stopped.folder is not None
        resume_experiment(stopped.folder, Settings(out))
        for name in (FILE, "override.yaml"):
            assert (stopped.folder / name).read_bytes() == (whole.folder / name).read_bytes()
    assert repeat_experiment(whole.folder, Settings(None)).difference is None


def test_a_figure_keeps_its_source(tmp_path: Path) -> None:
    """A figure's range bounds the fit; in the override it is derived from the CSV, with its interval as range."""
    loaded = load(SCENARIOS / "tiny.yaml")
    (key,) = fit_keys(["juki_net.prefecture.hsm.per_operation"], loaded)
    text = override_text([Chosen(key, key.in_si(key.written), key.in_si(key.low), key.in_si(key.high))], loaded, "a.csv", [])
    (tmp_path / "over.yaml").write_text(text)
    both = load(SCENARIOS / "tiny.yaml", overrides=[str(tmp_path / "over.yaml")])
    assert both.scenario.juki_net is not None
    figure = both.scenario.juki_net.prefecture.hsm.per_operation
    own = loaded.scenario.juki_net.prefecture.hsm.per_operation  # type: ignore[union-attr]  # tiny.yaml has one
    assert (figure.value, figure.range) == (own.value, own.range)
    assert (figure.status, figure.note) == ("derived", "fitted to a.csv by jukinet calibrate")


def test_the_shipped_example(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its observations are what its truth says, and from them each demand is found to 3 %, within its interval."""
    monkeypatch.chdir(tmp_path)
    folder = SCENARIOS / "calibrate-example"
    truth = answer(capsys, "run", str(folder / "truth.yaml"))
    rows = list(csv.DictReader((folder / "observed.csv").read_text().splitlines()))
    sizes = {"%": 0.01, "/min": 1 / 60, "s": 1.0}
    for row, level in zip(rows, truth["slo"], strict=True):
        number, unit = row["value"].split()
        assert level["text"].startswith(f"{row['name']} {row['metric']}")
        assert float(number) * sizes[unit] == pytest.approx(level["value"]["value"], rel=5e-4)
    demands = {
        "issue.route.0.demand.gamma.mean": 95.0, "issue.route.1.demand": 17.0, "enquiry.route.0.demand": 42.0,
        "enquiry.route.1.demand": 8.0,
    }  # fmt: skip
    fit = ",".join(f"network.flows.{key}" for key in demands)
    arguments = ("--observed", str(folder / "observed.csv"), "--fit", fit, "--replications", "4")
    found = answer(capsys, "calibrate", str(folder / "scenario.yaml"), *arguments)
    for key, true_s in demands.items():
        one = found["parameters"][f"network.flows.{key}"]
        assert one["value"] == pytest.approx(true_s, rel=0.03)
        assert holds(one, true_s)
    assert math.isfinite(found["misfit"])
