"""`size`: the smallest value that keeps every service level, the cheapest combination, and the growth that it carries."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.experiments.verbs.size.expected import _first, expected
from jukinet_sim.experiments.verbs.size.slack import FACTORS, MOST_GROWTH, TOLERANCE, until
from jukinet_sim.language.slo import Slo
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.theory.queues import mmc_mean_wait, mmc_wait_quantile

COUNTERS = """
scenario: counters
run: {horizon: 2200 s, warm_up: 200 s, seed: 5, engine: fast}
network:
  stations: {s: {servers: 19}}
  flows:
    f: {arrivals: {poisson: RATE /s}, route: [{visit: s, demand: {exponential: 1 s}}]}
slo:
  - {station: s, metric: wait.p95, below: BOUND s}
"""
TWO = """
scenario: two
run: {horizon: 3000 s, warm_up: 300 s, seed: 5, engine: fast}
network:
  stations: {a: {servers: 1}, b: {servers: 1}}
  flows:
    f: {arrivals: {poisson: 2 /s}, route: [{visit: a, demand: {exponential: 1 s}}, {visit: b, demand: {exponential: 1 s}}]}
measures:
  tokens: {unit: yen, sum: [{station: a, metric: busy_hours, times: 100}]}
slo:
  - {flow: f, metric: sojourn.mean, below: BOUND s}
"""
SERVERS, A, B = (f"network.stations.{name}.servers" for name in "sab")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The document of a search."""
    assert main(["size", *arguments, "--json", "--quiet", "--jobs", "1"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def counters(rate: float, bound: float) -> str:
    """A scenario file with one station."""
    Path("counters.yaml").write_text(COUNTERS.replace("RATE", str(rate)).replace("BOUND", repr(bound)))
    return "counters.yaml"


def two(bound: float = 3.0) -> str:
    """A scenario file with two stations one after the other."""
    Path("two.yaml").write_text(TWO.replace("BOUND", repr(bound)))
    return "two.yaml"


@pytest.mark.parametrize(("rate", "bound", "values"), [(18, 0.91, "19..30"), (9, 1.67, "10..20")])
def test_the_smallest_number_of_servers(capsys: pytest.CaptureFixture[str], rate: int, bound: float, values: str) -> None:
    """The answer is that of the M/M/c formula, found with a third of a scan by twenty replications of each value."""
    servers = range(int(values.split("..")[0]), 31)
    enough = next(c for c in servers if mmc_wait_quantile(rate, 1.0, c, 0.95) < bound)
    found = answer(capsys, counters(rate, bound), "--vary", f"{SERVERS}={values}", "--no-slack")
    assert found["answer"] == enough
    assert found["distinguishable"] is True
    assert 3 * found["replications"] <= 20 * (1 + servers.index(enough))
    assert [row["set"][SERVERS] for row in found["evaluated"]] == [enough - 1, enough]
    assert [row["meets"] for row in found["evaluated"]] == [False, True]
    for row in found["evaluated"]:
        assert row["slo"][0]["value"]["n"] == row["replications"]


def test_a_target_at_a_value_is_not_distinguishable(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the bound is what one value has, that value cannot be told from it, and the answer says so."""
    at = mmc_wait_quantile(18.0, 1.0, 21, 0.95)
    found = answer(capsys, counters(18, at), "--vary", f"{SERVERS}=19..30", "--no-slack")
    assert found["answer"] in (21, 22)
    assert found["distinguishable"] is False
    assert next(row for row in found["evaluated"] if row["set"][SERVERS] == 21)["meets"] is None


def test_no_value_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """Then the answer is null, exit code 3, and there is no growth to speak of."""
    found = answer(capsys, counters(18, 0.91), "--vary", f"{SERVERS}=10..19", code=3)
    assert found["answer"] is None
    assert found["growth"] is None


def test_every_value_is_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """Then it is the first, and no other needs to be tried."""
    found = answer(capsys, counters(18, 0.91), "--vary", f"{SERVERS}=25..30", "--no-slack")
    assert found["answer"] == 25
    assert len(found["evaluated"]) == 1


def test_an_overloaded_value_is_not_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """A value at which a limit stops the run misses, and its row says why."""
    file = counters(18, 0.91)
    found = answer(capsys, file, "--vary", f"{SERVERS}=10,21", "--set", "run.job_budget=2000", "--no-slack")
    assert found["answer"] == 21
    assert "jobs" in found["evaluated"][0]["error"]


def test_the_cheapest_combination(capsys: pytest.CaptureFixture[str]) -> None:
    """It is the one that theory finds by looking at all of them."""
    costs = {A: 3.0, B: 2.0}
    feasible = {
        (a, b): 3.0 * a + 2.0 * b
        for a in range(1, 9)
        for b in range(1, 9)
        if min(a, b) > 2 and mmc_mean_wait(2.0, 1.0, a) + mmc_mean_wait(2.0, 1.0, b) + 2.0 < 2.7
    }
    best = min(feasible, key=lambda at: feasible[at])
    assert sorted(feasible.values())[1] > feasible[best]
    asked = [word for key, cost in costs.items() for word in ("--vary", f"{key}=1..8", "--cost", f"{key}={cost}")]
    found = answer(capsys, two(2.7), *asked, "--no-slack")
    assert found["answer"] == {A: best[0], B: best[1]}
    assert found["cost"] == feasible[best]
    assert len(found["evaluated"]) < 16


def test_a_measured_cost_is_selected_by(capsys: pytest.CaptureFixture[str]) -> None:
    """Of combinations whose cost a run tells the selection says how probably it is right."""
    asked = ("--vary", f"{A}=3..4", "--vary", f"{B}=3..4", "--cost", "tokens", "--worth", "5", "--no-slack")
    found = answer(capsys, two(3.2), *asked)
    assert found["selection"]["probability_of_correct_selection"] == 0.95
    assert found["selection"]["indifference"] == 5.0
    assert len(found["selection"]["systems"]) == 4
    # Two jobs a second with a second of work each: two busy servers, 100 yen for each of their hours.
    assert found["cost"] == pytest.approx(2 * 100 * 2700 / 3600, rel=0.1)


def test_growth_until_the_level_is_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """The factor is that at which the formula meets the bound, within the steps that are tried and what chance leaves."""
    bound = 0.91

    def meets(factor: float) -> bool:
        return 9.0 * factor < 13 and mmc_wait_quantile(9.0 * factor, 1.0, 13, 0.95) < bound

    exact = max(factor for factor in FACTORS if meets(factor))
    found = answer(capsys, counters(9, bound), "--set", f"{SERVERS}=13", "--growth", "21.7%/year")
    growth = found["growth"]
    assert found["answer"] is None
    assert growth["factor"] == pytest.approx(exact, rel=2.5 * TOLERANCE)
    assert growth["years"] == pytest.approx(math.log(growth["factor"]) / math.log(1.217))
    assert growth["until"] is None


def test_no_growth_where_it_is_missed_already(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a value to vary, a scenario that misses its level is a check that failed."""
    found = answer(capsys, counters(18, 0.91), code=3)
    assert found["growth"]["factor"] is None


@pytest.mark.parametrize(
    ("factor", "per_year", "expected_until"),
    [
        # 1.217 to the power of 1, 2 and one half years after 2012-04-02.
        (1.217, 0.217, "2013-04-01"),
        (1.217**2, 0.217, "2014-04-01"),
        (1.217**0.5, 0.217, "2012-10-01"),
        (1.0, 0.217, "2012-04-01"),
        (2.0, 1e-9, None),
    ],
)
def test_in_which_month_growth_gets_there(factor: float, per_year: float, expected_until: str | None) -> None:
    """The month is that in which compound growth from the run's first day reaches the factor; none beyond the calendar."""
    assert until(factor, per_year, dt.date(2012, 4, 2))["until"] == expected_until


def test_there_is_no_month_beyond_what_was_looked_at() -> None:
    """No month is named for at least so much, for nothing, or without a rate."""
    nothing = {"years": None, "until": None}
    first = dt.date(2012, 4, 2)
    assert until(MOST_GROWTH, 0.2, first) == until(None, 0.2, first) == until(2.0, None, first) == nothing


@pytest.mark.parametrize("size", [1, 2, 7])
def test_the_first_that_holds(size: int) -> None:
    """Bisection finds the first index of any, or the size."""
    assert [_first(size, lambda i, at=at: i >= at) for at in range(size + 1)] == list(range(size + 1))


@pytest.mark.parametrize(("servers", "meets"), [(17, False), (20, False), (21, True)])
def test_theory_expects(servers: int, meets: bool) -> None:
    """Unstable or beyond the bound by formula is expected to miss, the rest to meet."""
    loaded = load(counters(18, 0.91), sets=[f"{SERVERS}={servers}"])
    assert expected(compile_network(loaded), loaded.scenario.slo) is meets


def test_theory_does_not_know_everything() -> None:
    """Of a figure without a formula theory says nothing while the station is neither idle nor overloaded."""
    loaded = load(counters(18, 0.91), sets=[f"{SERVERS}=20"])
    level = Slo.model_validate({"station": "s", "metric": "wait.max", "below": "1 s"})
    assert expected(compile_network(loaded), [level]) is None


def test_an_interrupted_or_repeated_search_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """A second call answers from what is kept, and the folder can be repeated with the same numbers."""
    first = answer(capsys, counters(18, 0.91), "--vary", f"{SERVERS}=19..30", "--no-slack")
    assert answer(capsys, "counters.yaml", "--vary", f"{SERVERS}=19..30", "--no-slack") == first
    (folder,) = Path("runs/counters").glob("size-*")
    assert main(["rerun", str(folder), "--quiet", "--jobs", "2"]) == 0
    assert main(["show", str(folder)]) == 0
    assert f"ANSWER: {SERVERS} = 21" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--vary", f"{A}=1..3", "--vary", f"{B}=1..3"), "nothing has a cost"),
        (("--vary", f"{A}=1..3", "--vary", f"{A}=1..3"), "twice"),
        (("--vary", f"{A}=1..3", "--cost", f"{B}=2"), "is not varied"),
        (("--vary", f"{A}=1..3", "--cost", "tokens"), "needs --worth"),
        (("--vary", f"{A}=0.5..3"), "no step"),
        (("--no-slack",), "nothing is asked"),
        (("--growth", "21.7%"), "in which time"),
        (("--growth", "0%/year"), "never grows"),
        (("--growth-key", "network.flows.f.records.x"), "no number that grows"),
        (("--vary", f"{A}=1..3", "--confidence", "95"), "no confidence"),
        (("--vary", f"{A}=1..3", "--set", "slo=null", "--no-slack"), "no service level"),
        (("--vary", f"{A}=one,two", "--no-slack"), "one"),
        (("--vary", f"{A}=3,4", "--vary", f"{B}=3,4", "--cost", "none", "--worth", "1", "--no-slack"), 'no figure "none"'),
    ],
)  # fmt: skip
def test_what_makes_no_search(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str) -> None:
    """Each is a usage error that says what to write instead."""
    assert main(["size", two(), *arguments, "--quiet", "--jobs", "1"]) == 2
    assert message in capsys.readouterr().err


def test_a_nation_is_searched_thinned_first(capsys: pytest.CaptureFixture[str]) -> None:
    """On request one municipality in so many comes first, and the answer is that of the whole nation."""
    file = str(Path(__file__).parents[3] / "scenarios" / "tiny.yaml")
    key = "juki_net.municipality.cs.servers"
    level = "slo=[{flow: updates.per_event, metric: sojourn.p99, below: 1 h}]"
    asked = (file, "--vary", f"{key}=1..3", "--no-slack", "--set", level, "--set", "run.engine=fast")
    thinned, whole = answer(capsys, *asked, "--every", "3"), answer(capsys, *asked, "--every", "1")
    assert whole["searched"] is None
    assert thinned["answer"] == whole["answer"]
    assert thinned["searched"]["every"] == 3


NATION = str(Path(__file__).parents[3] / "scenarios" / "tiny.yaml")
CS = "juki_net.municipality.cs.servers"
HEAVY = (
    "measures=null", "run.series=none",
    *(f"juki_net.{part}=null" for part in ("operators", "monitoring", "attacks", "flows", "call_centre")),
    "slo=[{station: cs, metric: utilisation, place: worst, below: 0.01 %}]",
    "juki_net.municipality.cs.service={value: 50 ms, assumed: a guess, range: [10 ms, 400 ms]}",
)

DRAWS = 8
"""Each is a search of its own, of a nation; the service time of the communication server varies forty-fold between them."""


def test_assumptions_move_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """In draws of all figures with a range another number of servers is enough; a longer service takes more of them."""
    settings = [word for setting in HEAVY for word in ("--set", setting)]
    asked = (NATION, "--vary", f"{CS}=1..64", *settings, "--no-slack", "--assumptions", str(DRAWS))
    found = answer(capsys, *asked)
    assumed = found["assumptions"]
    assert assumed["draws"] == DRAWS
    assert assumed["failed"] == 0
    assert len(assumed["values"]) == DRAWS
    assert assumed["low"] <= assumed["median"] <= assumed["high"]
    assert assumed["low"] < assumed["high"]
    assert None not in assumed["values"]
    assert assumed["enough"] == sum(value <= found["answer"] for value in assumed["values"]) / DRAWS
    assert assumed["mostly_by"] in ("juki_net.municipality.cs.service", None)
    assert assumed["mostly_by"] is None or assumed["rank_correlation"] > 0.0
    (folder,) = Path("runs/tiny").glob("size-*")
    assert main(["show", str(folder)]) == 0
    assert "OVER OUR ASSUMPTIONS" in capsys.readouterr().out


def test_assumptions_move_the_growth(capsys: pytest.CaptureFixture[str]) -> None:
    """The factor has a range over the draws, and so has the month."""
    settings = [word for setting in HEAVY for word in ("--set", setting)]
    asked = (NATION, *settings, "--set", f"{CS}=8", "--growth", "20%/year", "--assumptions", "2")
    found = answer(capsys, *asked, "--most", "20")
    growth = found["growth"]
    assumed = growth["assumptions"]
    first = dt.date(2012, 4, 2)
    known = [end for end in ("low", "median", "high") if assumed[end] is not None]
    assert [assumed[end] for end in known] == sorted(assumed[end] for end in known)
    assert "high" in known
    assert assumed["enough"] == sum(value is not None and value >= growth["factor"] for value in assumed["values"]) / 2
    assert assumed["rank_correlation"] is None or assumed["rank_correlation"] < 0.0
    for end in known:
        assert assumed[f"until_{end}"] == until(assumed[end], 0.2, first)["until"]
    assert growth["until"] == until(growth["factor"], 0.2, first)["until"]


def test_only_assumed_figures_can_be_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario without ranges has nothing to draw."""
    assert main(["size", two(), "--vary", f"{A}=1..3", "--assumptions", "4", "--quiet"]) == 2
    assert "no assumed figure" in capsys.readouterr().err
