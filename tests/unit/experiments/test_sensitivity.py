"""Sensitivity of a scenario: effects and indices against formulas, what is named to be measured first, and what is kept."""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.design.morris import morris_design, screen
from jukinet_sim.experiments.again import repeat_experiment, resume_experiment
from jukinet_sim.experiments.assumptions.factors import factors
from jukinet_sim.experiments.assumptions.thin import thinned
from jukinet_sim.experiments.drafts import point_of
from jukinet_sim.experiments.experiment import FILE, Request, Settings, conduct
from jukinet_sim.experiments.points import write_kept
from jukinet_sim.experiments.verbs.sensitivity.carry import VERB, carry_out
from jukinet_sim.experiments.verbs.sensitivity.chosen import chosen
from jukinet_sim.experiments.verbs.sensitivity.groups import by_words
from jukinet_sim.experiments.verbs.sensitivity.judge import first_of, leader
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.store import DATABASE
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.keep import SCENARIO
from jukinet_sim.scenario.load import lay, load
from jukinet_sim.scenario.shipped import shipped_folder

MM1 = """
scenario: counter
run: {horizon: 40000 s, warm_up: 500 s, seed: 4, engine: fast}
network:
  stations: {desk: {servers: 1}}
  flows:
    people:
      arrivals: {poisson: 0.45 /s}
      route: [{visit: desk, demand: {exponential: 1 s}}]
"""
ARRIVALS, DEMAND = "network.flows.people.arrivals.poisson", "network.flows.people.route.0.demand.exponential"
RATES, TIMES = (0.4, 0.5), (0.6, 1.4)
MM1_RANGES = (f"{ARRIVALS}=0.4 /s..0.5 /s", f"{DEMAND}=0.6 s..1.4 s")
MEAN = "people sojourn.mean"

SUM = """
scenario: line
run: {horizon: 400 s, seed: 4, engine: fast}
network:
  stations: {a: {servers: 1}, b: {servers: 1}, c: {servers: 1}}
  flows:
    parcel:
      arrivals: {renewal: {constant: 20 s}}
      route:
        - {visit: a, demand: {constant: 1 s}}
        - {visit: b, demand: {constant: 2 s}}
        - {visit: c, demand: {constant: 3 s}}
measures:
  wages: {unit: yen, sum: [{station: a, metric: busy_hours, times: {value: 2500, assumed: "an hour", range: [1800, 4000]}}]}
"""
WIDTHS = {"a": 1.0, "b": 2.0, "c": 4.0}
WAGE = "measures.wages.sum.0.times"


def demand(place: str) -> str:
    """The key of the time that a parcel takes at a station."""
    return f"network.flows.parcel.route.{'abc'.index(place)}.demand.constant"


SUM_RANGES = tuple(f"{demand(place)}=1 s..{1 + width:g} s" for place, width in WIDTHS.items())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Writes a scenario into the working directory, which is one of its own."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> str:
        name = f"{text.split('scenario: ')[1].split()[0]}.yaml"
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write


def asked(file: str, *options: str, vary: tuple[str, ...] = ()) -> list[str]:
    """A command line."""
    return ["sensitivity", file, *(word for text in vary for word in ("--vary", text)), *options, "--json", "--quiet"]


def answer(capsys: pytest.CaptureFixture[str], command: list[str], code: int = 0) -> dict[str, Any]:
    """The document that a command prints."""
    assert main([*command, *(["--jobs", "1"] if "--jobs" not in command else [])]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def effect_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    """The entry of a parameter."""
    (found,) = (one for one in document["parameters"] if one["key"] == key)
    return dict(found)


def within(share: float, low: float, high: float) -> float:
    """The value at a share of a range."""
    return low + share * (high - low)


def test_effects_are_those_of_the_formula(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """M/M/1: the mean sojourn is s / (1 - lambda s), so the effects of the same design on it are known; s comes first."""
    command = asked(here(MM1), "--output", MEAN, "--trajectories", "6", "--replications", "3", vary=MM1_RANGES)
    found = answer(capsys, command)
    design = morris_design([ARRIVALS, DEMAND], 6, 4)
    rates, times = within(design.points[:, 0], *RATES), within(design.points[:, 1], *TIMES)
    expected = {one.key: one for one in screen(design, times / (1.0 - rates * times))}
    assert [one["key"] for one in found["parameters"]] == [DEMAND, ARRIVALS]
    for key, one in expected.items():
        said = effect_of(found, key)
        assert one.effect is not None
        # Both see the same trajectories, so that they differ by chance alone: 4.3 is t(.975) for 3 replications.
        assert said["effect"] == pytest.approx(one.effect, abs=4.3 * said["chance"] + 0.01 * one.effect)
        assert said["half_width"] == pytest.approx(one.half_width, rel=0.35)
    assert found["measure_first"] == DEMAND


def test_the_document_is_as_agreed(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that others rely on are there, and what is sorted is sorted."""
    command = asked(here(SUM), "--trajectories", "4", "--output", "parcel sojourn.mean", vary=SUM_RANGES)
    found = answer(capsys, command)
    assert (found["method"], found["output"], found["unit"]) == ("morris", "parcel sojourn.mean", "s")
    assert {"key", "effect", "half_width", "interaction", "chance"} <= set(found["parameters"][0])
    effects = [one["effect"] for one in found["parameters"]]
    assert effects == sorted(effects, reverse=True)
    # The sojourn is the sum of the times: an effect is the width of its range, and nothing varies or interacts.
    for place, width in WIDTHS.items():
        one = effect_of(found, demand(place))
        assert (one["effect"], one["half_width"]) == (pytest.approx(width), pytest.approx(0.0, abs=1e-9))
        assert one["interaction"] == pytest.approx(0.0, abs=1e-9)
    assert found["measure_first"] == demand("c")
    assert effect_of(found, WAGE)["effect"] == 0.0
    assert (found["status"], found["failed"], found["varied"]) == ("complete", 0, 4)


def test_indices_are_those_of_a_sum(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Of a sum of independent uniform times each has the share range^2 / sum of ranges^2, alone and in all."""
    command = asked(
        here(SUM.split("measures:")[0]), "--method", "sobol", "--rows", "32", "--output", "parcel sojourn.mean",
        "--replications", "1", vary=SUM_RANGES,
    )  # fmt: skip
    found = answer(capsys, command)
    total = sum(width**2 for width in WIDTHS.values())
    for place, width in WIDTHS.items():
        one = effect_of(found, demand(place))
        assert abs(one["first"] - width**2 / total) <= one["first_half_width"]
        assert abs(one["total"] - width**2 / total) <= one["total_half_width"]
    assert (found["measure_first"], found["rows"], found["fixed"]) == (demand("c"), 32, [])


def test_a_tornado_goes_to_both_ends(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each time alone moves the sum from its low to its high end, the others at their own values."""
    command = asked(here(SUM), "--method", "tornado", "--output", "parcel sojourn.mean", vary=SUM_RANGES)
    found = answer(capsys, command)
    one = effect_of(found, demand("c"))
    assert (one["low"], one["high"], one["effect"]) == (pytest.approx(4.0), pytest.approx(8.0), pytest.approx(4.0))
    assert one["range"] == ["1 s", "5 s"]
    assert found["value"]["value"] == pytest.approx(6.0)
    assert (found["measure_first"], found["points"]) == (demand("c"), 2 * 4 + 1)


def test_an_assumed_figure_is_varied_without_being_asked_for(
    here: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Its range is that of the scenario, the measure it enters the output; `--vary` narrows the range."""
    found = answer(capsys, asked(here(SUM), "--trajectories", "3"))
    (one,) = found["parameters"]
    assert (found["output"], found["measure_first"], one["key"]) == ("wages", WAGE, WAGE)
    assert (one["now"], one["range"], one["source"], one["note"]) == ("2500", ["1800", "4000"], "assumed", "an hour")
    assert one["effect"] == pytest.approx(found["value"]["value"] * (4000.0 - 1800.0) / 2500.0)
    (narrow,) = answer(capsys, asked("line.yaml", "--trajectories", "3", vary=(f"{WAGE}=2000..5000",)))["parameters"]
    assert narrow["effect"] == pytest.approx(found["value"]["value"] * 3000.0 / 2500.0)


def test_what_nothing_moves_is_said(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """An output that no range moves has nothing to be measured first; without `--output` the next one is looked at."""
    slo = "slo:\n  - {station: b, metric: wait.max, below: 1 s}\n"
    file = here(SUM + slo)
    found = answer(capsys, asked(file, "--output", "b wait.max", "--trajectories", "3"))
    assert (found["measure_first"], found["reason"]) == (None, "no parameter moves it")
    assert "b wait.max" in found["unmoved"]
    other = answer(capsys, asked(file, "--trajectories", "3"))
    assert (other["output"], other["measure_first"]) == ("wages", WAGE)
    assert "b wait.max" in other["unmoved"]
    assert main(["sensitivity", file, "--trajectories", "3", "--quiet", "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert "moves b wait.max" in said
    assert f"Measure this first: {WAGE} (assumed 1800 to 4000, now 2500): it decides wages" in said


def test_equal_effects_cannot_be_told_apart(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Of two times with the same range none stands out, and the answer says which two."""
    ranges = tuple(f"{demand(place)}=1 s..3 s" for place in "ab")
    command = asked(here(SUM), "--output", "parcel sojourn.mean", "--trajectories", "4", "--only", WAGE, vary=ranges)
    found = answer(capsys, command)
    assert found["measure_first"] is None
    assert "cannot be told apart" in found["reason"]


def test_a_warm_up_is_found_once(here: Callable[[str], str], tmp_path: Path) -> None:
    """A warm-up that is to be found is the same at every point."""
    text = MM1.replace("40000 s, warm_up: 500 s", "3000 s, warm_up: auto")
    options = {**OPTIONS, "vary": list(MM1_RANGES), "trajectories": 2, "output": MEAN}
    conduct(Request(VERB, options), [load(here(text))], carry_out, Settings(tmp_path))
    kept = [load(path.parent / SCENARIO).scenario.run.warm_up for path in tmp_path.glob(f"counter/*/{DATABASE}")]
    assert len(kept) >= 4
    assert len(set(kept)) == 1
    assert isinstance(kept[0], float)


def test_points_that_fail_are_counted(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """A point that a limit stops has no output: the answer is partial, says how many and why, and uses the others."""
    budget = "run.event_budget=40..4000*log"
    command = asked(here(SUM), "--output", "parcel sojourn.mean", "--trajectories", "6", vary=(*SUM_RANGES, budget))
    found = answer(capsys, command, code=4)
    assert found["status"] == "partial"
    assert 0 < found["failed"] < found["points"]
    assert "event budget of 40" in found["failures"][0]["why"]
    assert any(setting.startswith("run.event_budget=") for setting in found["failures"][0]["set"])
    assert effect_of(found, demand("c"))["n"] < 6
    assert main([*command[:-2], "--quiet", "--jobs", "1"]) == 4
    assert f"PARTIAL: {found['failed']} of {found['points']} points have no output" in capsys.readouterr().out


TIMES_OF_LONG = [f"network.flows.parcel.route.{i}.demand.constant" for i in range(10)]


def _long(more: str = "") -> str:
    """A line of ten stations, where a parcel takes a second each."""
    names = [f"s{i}" for i in range(10)]
    stations = ", ".join(f"{name}: {{servers: 1}}" for name in names)
    route = "\n".join(f"        - {{visit: {name}, demand: {{constant: 1 s}}}}" for name in names)
    return (
        f"scenario: long\nrun: {{horizon: 600 s, seed: 2, engine: fast}}\nnetwork:\n  stations: {{{stations}}}\n  flows:\n"
        f"    parcel:\n      arrivals: {{renewal: {{constant: 40 s}}}}\n      route:\n{route}\n{more}\n"
    )


def test_many_are_screened_before_indices(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Of more than eight parameters only those that matter have indices; the others are named with the reason."""
    ranges = [f"{key}=1 s..{2.0 if i < 2 else 1.01:g} s" for i, key in enumerate(TIMES_OF_LONG)]
    command = asked(
        here(_long()), "--method", "sobol", "--rows", "8", "--trajectories", "2", "--replications", "1", "--output",
        "parcel sojourn.mean", vary=tuple(ranges),
    )  # fmt: skip
    found = answer(capsys, command)
    assert {one["key"] for one in found["parameters"]} == set(TIMES_OF_LONG[:2])
    why = "effect below 5% of the largest"
    assert {one["key"]: one["why"] for one in found["fixed"]} == dict.fromkeys(TIMES_OF_LONG[2:], why)


def test_two_workers_give_the_same_bytes(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """The answer is the same for any number of processes."""
    file = here(SUM)
    for jobs in ("1", "2"):
        answer(capsys, asked(file, "--trajectories", "3", "--jobs", jobs, "--out", f"runs{jobs}", vary=SUM_RANGES))
    one, two = (next(Path(f"runs{jobs}").glob(f"line/sensitivity-*/{FILE}")).read_bytes() for jobs in (1, 2))
    assert one == two


class _Stops:
    """A watcher that is interrupted after so many replications."""

    def __init__(self, left: list[int]) -> None:
        self.left = left

    def __call__(self, replication: int, simulated_s: float, events: int) -> None:
        """Hear of a replication on its way."""

    def done(self, digest: ReplicationDigest) -> None:
        """Send the signal of Ctrl-C."""
        self.left[0] -= 1
        if not self.left[0]:
            signal.raise_signal(signal.SIGINT)

    def close(self) -> None:
        """Hear that no more will come."""


OPTIONS: dict[str, Any] = {
    "output": None, "method": "morris", "only": [], "vary": list(SUM_RANGES), "groups": None, "trajectories": 3, "rows": 8,
    "every": None, "replications": 2,
}  # fmt: skip


@pytest.mark.parametrize("after", [1, 9])
def test_an_interrupted_analysis_is_completed_to_the_same_bytes(after: int, here: Callable[[str], str], tmp_path: Path) -> None:
    """What was finished is kept, and taking it up gives the answer of one that was not stopped; repeated it is the same."""
    request, loaded = Request(VERB, OPTIONS), load(here(SUM))
    whole = conduct(request, [loaded], carry_out, Settings(tmp_path / "whole"))
    left = [after]
    stopped = conduct(request, [loaded], carry_out, Settings(tmp_path / "cut", watch=lambda *_: _Stops(left)))
    assert (stopped.document, stopped.interrupted) == (None, signal.SIGINT)
    assert stopped.folder is not None
    assert whole.folder is not None
    resumed = resume_experiment(stopped.folder, Settings(tmp_path / "cut"))
    assert resumed.computed == whole.computed - after
    assert (stopped.folder / FILE).read_bytes() == (whole.folder / FILE).read_bytes()
    assert repeat_experiment(whole.folder, Settings(None)).difference is None


def test_points_are_runs_that_others_find(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Each point lies in a run folder, whose scenario is what was run; nothing is computed twice, by whatever method."""
    file = here(SUM)
    answer(capsys, asked(file, "--trajectories", "3", vary=SUM_RANGES))
    kept = sorted(Path("runs/line").glob(f"*/{DATABASE}"))
    for database in kept:
        scenario = load(database.parent / SCENARIO)
        assert point_of(scenario).hash.startswith(database.parent.name)
    answer(capsys, asked(file, "--trajectories", "3", "--output", "parcel sojourn.mean", vary=SUM_RANGES))
    assert sorted(Path("runs/line").glob(f"*/{DATABASE}")) == kept


def test_the_kept_scenario_of_a_national_point_is_what_was_run(tmp_path: Path) -> None:
    """With every assumption of a thinned nation moved, within its range and to both ends, the kept file is the same."""
    loaded = load(shipped_folder() / "fy2012.yaml")
    thin, every = thinned(loaded, None, compile_network(loaded))
    found = factors(thin)
    assert every == 20
    assert len(found) > 100
    for share in (0.0, 0.37, 1.0):
        point = point_of(lay(thin, [one.setting(one.at(share)) for one in found]))
        folder = tmp_path / str(share)
        folder.mkdir()
        write_kept(point.loaded, folder)
        assert point_of(load(folder / SCENARIO)).hash == point.hash


def test_laying_settings_over_is_loading_with_them(here: Callable[[str], str]) -> None:
    """A loaded scenario with settings is the scenario loaded with them; faults name the setting."""
    file = here(SUM)
    sets = [f"{demand('a')}=4 s", f"{WAGE}.value=3000", "run.seed=9"]
    assert lay(load(file), sets).scenario == load(file, sets=sets).scenario
    assert lay(load(file), sets).variant == load(file, sets=sets).variant
    with pytest.raises(ScenarioError, match=r"--set .*constant=4"):
        lay(load(file), [f"{demand('a')}=4"])


def test_patterns_choose_what_is_varied() -> None:
    """A key, its beginning or a pattern chooses assumed figures; one that fits none is refused with what is near."""
    loaded = load(shipped_folder() / "tiny.yaml")
    keys = {one.key for one in chosen(loaded, only=["municipality.cs"])}
    assert keys == {f"juki_net.municipality.cs.{name}" for name in ("servers", "service", "cv")}
    assert {one.key for one in chosen(loaded, only=["*.hsm.per_operation"])} == {
        "juki_net.prefecture.hsm.per_operation", "juki_net.nation.hsm.per_operation",
    }  # fmt: skip
    with pytest.raises(UsageError, match="no assumed figure has such a key"):
        chosen(loaded, only=["municipality.csx"])
    with pytest.raises(ScenarioError, match="bit_rat"):
        chosen(loaded, vary=["juki_net.municipality.line.bit_rat=1 Mbit/s..2 Mbit/s"])


def test_groups_are_what_stands_below_one_entry() -> None:
    """Topics are the first two words of keys, entries the first three; one alone is no group."""
    found = factors(load(shipped_folder() / "fy2012.yaml"))
    topics = by_words(found, 2)
    assert "juki_net.municipality.cs.service" in topics["juki_net.municipality"]
    assert "juki_net.municipalities" not in topics
    assert set(by_words(found, 3)["juki_net.prefecture.hsm"]) == {
        f"juki_net.prefecture.hsm.{name}" for name in ("servers", "per_operation", "operations_per_message")
    }


def test_groups_are_taken_apart_where_they_matter(here: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    """Of two topics only the one that moves the output is taken apart; what is left has the effects of its ranges."""
    price = '{value: 20, assumed: "a guess", range: [10, 40]}'
    terms = (f"      - {{station: s{i}, metric: busy_hours, times: {price}}}" for i in range(10))
    file = here(_long("measures:\n  cost:\n    unit: yen\n    sum:\n" + "\n".join(terms)))
    ranges = tuple(f"{key}=1 s..{2.0 if i < 2 else 1.001:g} s" for i, key in enumerate(TIMES_OF_LONG))
    command = asked(file, "--output", "parcel sojourn.mean", "--trajectories", "4", "--groups", "topic", vary=ranges)
    found = answer(capsys, command)
    assert [(one["key"], len(one["members"])) for one in found["rounds"][0]] == [("network.flows", 10), ("measures.cost", 10)]
    assert found["rounds"][0][1]["effect"] == 0.0
    assert {one["key"] for one in found["fixed"]} == {f"measures.cost.sum.{i}.times" for i in range(10)}
    assert {one["key"] for one in found["parameters"]} == set(TIMES_OF_LONG)
    assert [one["effect"] for one in found["parameters"]] == pytest.approx([1.0] * 2 + [0.001] * 8, rel=1e-6)
    (cost,) = (one for one in found["outputs"] if one["output"] == "cost")
    assert cost["moved"]
    assert {one["key"] for one in cost["screened"]} == {"network.flows", "measures.cost"}
    assert "cannot be told apart" in found["reason"]


@pytest.mark.parametrize(
    ("effects", "key", "said"),
    [
        ([[3.0, 1.0], [3.2, 1.1], [2.9, 0.9]], "a", "times that of the next"),
        ([[3.0, 0.0], [3.2, 0.0], [2.9, 0.0]], "a", "no other matters"),
        ([[3.0, 2.0], [2.0, 2.2], [3.0, 1.9]], None, "cannot be told apart"),
        ([[9.0, 0.1], [0.0, 0.1], [0.0, 0.1]], None, "cannot be told from 0"),
        ([[0.0, 0.0], [0.0, 0.0]], None, "no parameter moves it"),
        ([[3.0, 1.0]], None, "no interval"),
        ([[math.nan, 1.0], [math.nan, 1.1], [math.nan, 1.0]], "b", "no other matters"),
    ],
)
def test_only_what_stands_out_is_measured_first(effects: list[list[float]], key: str | None, said: str) -> None:
    """The largest effect has to be told from 0 and from each other one, pair by pair; an unknown effect is in nobody's way."""
    found = leader(["a", "b"], np.array(effects))
    assert found.key == key
    assert said in found.reason


@pytest.mark.parametrize(
    ("values", "widths", "key"),
    [
        ([0.7, 0.2], [0.1, 0.1], "a"),
        ([0.5, 0.45], [0.1, 0.1], None),
        ([0.1, 0.0], [0.2, 0.1], None),
        ([None, None], [None, None], None),
    ],
)
def test_indices_stand_out_beyond_their_intervals(
    values: list[float | None], widths: list[float | None], key: str | None
) -> None:
    """An index is ahead where the difference is larger than the root of the sum of both squared half-widths."""
    assert first_of(["a", "b"], values, widths).key == key


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "add --vary key=lo..hi"),
        (["--vary", f"{ARRIVALS}=0.4 /s"], "one value is no range"),
        (["--vary", f"{ARRIVALS}=0.4 /s..0.5 /s", "--every", "3"], "a generic network has none"),
        (["--vary", f"{ARRIVALS}=0.4 /s..0.5 /s", "--rows", "10"], "power of two"),
        (["--vary", f"{ARRIVALS}=0.4 /s..0.5 /s", "--trajectories", "1"], "2 or more"),
        (["--vary", "network.flows.people.arivals.poisson=0.4 /s..0.5 /s"], "arrivals"),
        (["--vary", f"{ARRIVALS}=0.4 s..0.5 s"], "/s"),
        (["--vary", f"{ARRIVALS}=0.4 /s..0.5 /s", "--output", "people sojurn.mean"], "people sojourn.mean"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    options: list[str], message: str, here: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Usage that makes no sense ends in code 2 and says what to write instead."""
    file = here(MM1.replace("40000 s", "600 s"))
    assert main(["sensitivity", file, *options, "--quiet", "--jobs", "1"]) == 2
    assert message in capsys.readouterr().err
