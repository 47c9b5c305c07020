"""Assumptions: the figures that are varied, the hypercube over their ranges, and what samples say about headlines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_runner import write_scenario

from jukinet_sim.design.hypercube import latin_hypercube
from jukinet_sim.experiments.assumptions.draws import draw
from jukinet_sim.experiments.assumptions.headlines import Headline, headlines, judged, rank_correlation
from jukinet_sim.experiments.assumptions.parameters import Parameter, parameters
from jukinet_sim.experiments.assumptions.thin import thinned
from jukinet_sim.language.base import Count, Figure, Number
from jukinet_sim.language.figures import figures
from jukinet_sim.network.model import Network, PlaceLevel, frozen_floats
from jukinet_sim.scenario.load import lay, load
from jukinet_sim.scenario.shipped import shipped_folder


def assumed(low: float, high: float, name: str = "p") -> Parameter:
    """A number that is assumed to lie within a range."""
    return Parameter((name,), Figure[Number](value=low, status="assumed", note="a guess", range=(low, high)))


def counted(low: int, high: int) -> Parameter:
    """A whole number that is assumed to lie within a range."""
    return Parameter(("servers",), Figure[Count](value=low, status="assumed", note="a guess", range=(low, high)))


def values(chosen: list[Parameter], samples: int, seed: int) -> list[list[float]]:
    """The values of some parameters in each draw of a Latin hypercube."""
    shares = latin_hypercube([one.name for one in chosen], samples, seed)
    return [[one.at(share) for one, share in zip(chosen, row, strict=True)] for row in shares.tolist()]


@pytest.mark.parametrize("samples", [2, 7, 40])
def test_every_stratum_is_hit_once(samples: int) -> None:
    """Of n samples each n-th of a uniform range holds exactly one, for every parameter."""
    points = values([assumed(10.0, 20.0, name) for name in ("a", "b", "c")], samples, seed=3)
    for i in range(3):
        strata = sorted(math.floor((point[i] - 10.0) / 10.0 * samples) for point in points)
        assert strata == list(range(samples))


def test_strata_of_a_wide_range_are_logarithmic() -> None:
    """Where the ends are five times apart or more, each n-th of the range of logarithms holds one sample."""
    points = values([assumed(0.01, 10.0)], 30, seed=1)
    strata = sorted(math.floor(math.log(value / 0.01) / math.log(1000.0) * 30) for (value,) in points)
    assert strata == list(range(30))


@pytest.mark.parametrize(
    ("low", "high", "middle"),
    [
        (1.0, 5.0, math.sqrt(5.0)),
        (1.0, 4.9, 2.95),
        (0.0, 100.0, 50.0),
        (2.0, 200.0, 20.0),
    ],
)
def test_the_middle_of_a_range(low: float, high: float, middle: float) -> None:
    """Half lies below the geometric mean of a range that is wide and positive, below the arithmetic mean of another."""
    assert assumed(low, high).at(0.5) == pytest.approx(middle)


def test_whole_numbers_are_equally_likely_to_their_ends() -> None:
    """Of 1 to 4 each number is a quarter of the samples; numbers stay whole."""
    drawn = [value for (value,) in values([counted(1, 4)], 40, seed=9)]
    assert all(isinstance(value, int) for value in drawn)
    assert [drawn.count(n) for n in (1, 2, 3, 4)] == [10, 10, 10, 10]


@pytest.mark.parametrize(("low", "high"), [(1, 2), (1, 64), (20_000, 300_000)])
def test_no_value_leaves_its_range(low: int, high: int) -> None:
    """The ends of the distribution are the ends of the range."""
    for parameter in (counted(low, high), assumed(float(low), float(high))):
        assert low <= parameter.at(1e-15) <= parameter.at(1.0 - 1e-15) <= high
    assert counted(low, high).at(1.0 - 1e-15) == high


def test_values_belong_to_seed_and_name() -> None:
    """The same seed gives the same values, whatever other parameters there are; another seed or name gives others."""
    alone = values([assumed(0.0, 1.0, "a")], 20, seed=1)
    beside = values([assumed(0.0, 1.0, "b"), assumed(0.0, 1.0, "a")], 20, seed=1)
    assert [point[0] for point in alone] == [point[1] for point in beside]
    assert [point[0] for point in beside] != [point[1] for point in beside]
    assert values([assumed(0.0, 1.0, "a")], 20, seed=2) != alone


def test_parameters_are_what_rests_on_assumptions() -> None:
    """Of a shipped scenario every assumed figure is found, and every derived one that has a range; no reported one."""
    scenario = load(shipped_folder() / "fy2012.yaml").scenario
    found = parameters(scenario)
    names = {parameter.name: parameter.figure.status for parameter in found}
    assert names["juki_net.nation.hsm.per_operation"] == "assumed"
    assert names["juki_net.updates.per_year"] == names["juki_net.flows.transfer-notice.per_year"] == "derived"
    assert set(names.values()) == {"assumed", "derived"}
    assert "juki_net.flows.card-issue.nine_months" not in names
    assert len(names) == len(found) > 30


def test_what_says_that_it_is_partly_assumed_has_a_range() -> None:
    """No derived figure of a shipped scenario speaks of assumptions, or of what is ours, without a range around it."""
    for path in sorted(shipped_folder().glob("*.yaml")):
        for where, figure in figures(load(path).scenario):
            said = (figure.note or "").lower()
            if figure.status == "derived" and ("assum" in said or "+-" in said or "is ours" in said):
                assert figure.range is not None, (path.name, where)
                assert figure.range[0] < figure.value < figure.range[1], (path.name, where)


@pytest.mark.parametrize(("source", "varied"), [("assumed", True), ("derived", True), ("reported", False)])
def test_a_range_is_varied_but_of_reported_figures(source: str, varied: bool, tmp_path: Path) -> None:
    """Whatever a range stands around, unless the figure is printed."""
    price = COUNTER.replace("assumed:", f"{source}:").replace('"an hour"', '"juki_cards_issued_2012_04_12"')
    scenario = load(write_scenario(tmp_path, price)).scenario
    assert [parameter.name for parameter in parameters(scenario)] == (["measures.wages.sum.1.times"] if varied else [])


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        ([0.0, 0.0, 0.0], "0 in every sample"),
        ([7.0, 7.0, 7.0], "the same in every sample"),
        ([7.0, 7.5, 7.0], None),
        ([0.0, 0.0, 1.0], None),
        ([0.0], None),
        ([None, None], None),
    ],
)
def test_what_no_sample_moves_says_why(drawn: list[float | None], reason: str | None) -> None:
    """Nothing that came about, or something that no varied figure enters; never for one sample alone."""
    found = judged(RATIO, value(7.0), 7.0, drawn, {"p": [1.0, 2.0, 3.0][: len(drawn)]}, scaled=False)["unmoved"]
    assert found is None if reason is None else found.startswith(reason)


def test_a_draw_is_settings_that_keep_where_a_figure_comes_from() -> None:
    """Every figure has the value that its share of the range stands for; source, reason and range are as before."""
    loaded = load(shipped_folder() / "fy2012.yaml")
    drawn, own = draw(loaded, 3), {one.name: one for one in parameters(loaded.scenario)}
    laid = lay(loaded, drawn.settings(1)).scenario
    shares = {key: share[0] for key, share in drawn.by_key([1]).items()}
    assert set(shares) == set(own)
    for one in parameters(laid):
        before = own[one.name]
        assert float(one.figure.value) == pytest.approx(before.at(shares[one.name]), rel=1e-3)
        assert (one.figure.status, one.figure.note) == (before.figure.status, before.figure.note)
        assert one.figure.range == pytest.approx(before.figure.range)


def test_what_is_left_out_of_a_draw_moves_no_other_value() -> None:
    """A figure that is searched keeps its own value, the others are drawn as they would be with it."""
    loaded = load(shipped_folder() / "fy2012.yaml")
    key = "juki_net.nation.hsm.per_operation"
    all_, fewer = draw(loaded, 4).by_key([0, 1, 2, 3]), draw(loaded, 4, leaving=[key]).by_key([0, 1, 2, 3])
    assert set(all_) - set(fewer) == {key}
    assert all(np.array_equal(all_[name], shares) for name, shares in fewer.items())


def test_figures_of_lists_are_drawn(tmp_path: Path) -> None:
    """A figure within a term of a measure is a parameter like any other."""
    loaded = load(write_scenario(tmp_path, COUNTER))
    drawn = draw(loaded, 1)
    (share,) = drawn.by_key([0])["measures.wages.sum.1.times"]
    laid = lay(loaded, drawn.settings(0)).scenario
    assert [term.times.value for term in laid.measures["wages"].sum] == pytest.approx([1.0, 1800.0 + share * 2200.0])


@pytest.mark.parametrize(
    ("y", "expected"),
    [
        ([math.exp(x) for x in range(12)], 1.0),
        ([-(x**3) for x in range(12)], -1.0),
    ],
)
def test_a_monotone_function_has_rank_correlation_one(y: list[float], expected: float) -> None:
    """Whatever its shape, a rising function correlates by 1 and a falling one by -1."""
    assert rank_correlation(np.arange(12.0), np.array(y)) == pytest.approx(expected)


def test_ties_share_their_mean_rank() -> None:
    """Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4 have covariance 4.5 and variances 4.5 and 5, so correlate by sqrt(0.9)."""
    assert rank_correlation(np.array([1.0, 2.0, 3.0, 4.0]), np.array([5.0, 7.0, 7.0, 9.0])) == pytest.approx(math.sqrt(0.9))


def test_without_variation_there_is_no_correlation() -> None:
    """What never changes correlates with nothing."""
    assert rank_correlation(np.arange(4.0), np.ones(4)) is None


def value(mean: float) -> dict[str, Any]:
    """A value object of a document."""
    return {"value": mean, "half_width": 0.1, "level": 0.95, "n": 2, "per_replication": [mean, mean]}


RATIO = Headline("yen", ("measures", "yen", "value"), "yen", "ratio")
LATENCY = Headline("query sojourn.p99", ("flows", "query", "sojourn_s", "p99"), "s", "absolute")
DRAWN = [float(x) for x in range(101)]
POINTS = {"strong": [float(x) for x in range(101)], "weak": [float(x * x % 7) for x in range(101)]}


def test_amounts_are_scaled_by_ratio() -> None:
    """Samples from 0 to 100 around an own value of 50 move a full run's 1,000 by 0 to 2, at 5 and 95 % by 0.1 and 1.9."""
    said = judged(RATIO, value(1000.0), 50.0, DRAWN, POINTS, scaled=True)
    assert (said["low"], said["high"], said["min"], said["max"]) == pytest.approx((100.0, 1900.0, 0.0, 2000.0))
    assert (said["mostly_by"], said["rank_correlation"], said["beyond_chance"]) == ("strong", pytest.approx(1.0), True)


def test_latencies_are_those_of_the_samples() -> None:
    """The 5th and 95th percentile of 0 to 100 are 5 and 95, whatever the full run says."""
    said = judged(LATENCY, value(3.0), 50.0, DRAWN, POINTS, scaled=True)
    assert (said["low"], said["high"]) == pytest.approx((5.0, 95.0))


def test_of_nothing_there_is_no_ratio() -> None:
    """Where the scaled network has none with its own values and samples have some, the full run's range is not known."""
    said = judged(RATIO, value(0.0), 0.0, DRAWN, POINTS, scaled=True)
    assert (said["low"], said["high"]) == (None, None)
    assert said["sampled"]["high"] == pytest.approx(95.0)
    same = judged(RATIO, value(0.0), 0.0, DRAWN, POINTS, scaled=False)
    assert (same["low"], same["high"]) == pytest.approx((5.0, 95.0))
    never = judged(RATIO, value(0.0), 0.0, [0.0] * 101, POINTS, scaled=True)
    assert (never["low"], never["high"]) == (0.0, 0.0)


def test_a_share_of_time_stays_one() -> None:
    """Utilisation that a ratio would put beyond 100 % is 100 %."""
    share = Headline("db utilisation", ("stations", "db", "utilisation"), "fraction", "ratio")
    assert judged(share, value(0.8), 0.5, [0.4, 0.9], {"p": [1.0, 2.0]}, scaled=True)["max"] == 1.0


def test_undefined_samples_are_left_out_and_counted() -> None:
    """A sample in which nothing was observed has no part in range or correlation."""
    drawn = [None, *DRAWN[1:]]
    said = judged(LATENCY, value(3.0), None, drawn, POINTS, scaled=True)
    assert (said["sampled"]["n"], said["min"]) == (100, 1.0)


COUNTER = """\
scenario: counter
run: {horizon: 2000 s, replications: 4, engine: fast}
network:
  stations:
    desk: {servers: 1}
  flows:
    visit:
      arrivals: {poisson: 0.5 /s}
      route: [{visit: desk, demand: {exponential: 1 s}}]
measures:
  wages: {unit: yen, sum: [{flow: visit, metric: completed}, {station: desk, metric: busy_hours, times: {value: 2500, assumed: "an hour", range: [1800, 4000]}}]}
slo:
  - {flow: visit, metric: sojourn.p99, below: 1 h}
  - {station: desk, metric: utilisation, below: 80 %}
  - {measure: wages, below: 1e9}
"""  # noqa: E501  # one line of a scenario


def test_headlines_are_measures_and_service_levels(tmp_path: Path) -> None:
    """Measures come first, a service level about one adds nothing; latencies are absolute, amounts by ratio."""
    scenario = load(write_scenario(tmp_path, COUNTER)).scenario
    assert [(found.name, found.unit, found.by) for found in headlines(scenario, {})] == [
        ("wages", "yen", "ratio"),
        ("visit sojourn.p99", "s", "absolute"),
        ("desk utilisation", "fraction", "ratio"),
    ]


def test_without_measures_and_levels_the_largest_flows_are_headlines() -> None:
    """Mean and p99 sojourn of the five flows with most records, the largest first."""
    scenario = load(shipped_folder() / "fy2012.yaml").scenario.model_copy(update={"measures": {}, "slo": ()})
    document = {"flows": {f"f{i}": {"records": i} for i in range(8)}}
    assert [found.name for found in headlines(scenario, document)] == [
        f"f{i} sojourn.{point}" for i in (7, 6, 5, 4, 3) for point in ("mean", "p99")
    ]


@pytest.mark.parametrize(
    ("own", "count", "asked", "chosen"),
    [
        (1, 1742, None, 20),
        (30, 58, None, 30),
        (2, 871, None, 20),
        (1, 500, None, 10),
        (1, 12, None, 1),
        (1, 1742, 7, 7),
        (30, 58, 7, 7),
    ],
)
def test_the_scaled_nation(own: int, count: int, asked: int | None, chosen: int) -> None:
    """One municipality in 20, in fewer where that would leave less than 50, in as many as the scenario says, or as asked."""
    loaded = load(shipped_folder() / "fy2012.yaml", sets=(f"juki_net.municipalities.every={own}",))
    level = PlaceLevel("municipality", count, frozen_floats([1.0] * count))
    network = Network(name="n", horizon_s=1.0, stations=(), flows=(), levels=(level,))
    thin, every = thinned(loaded, asked, network)
    assert thin.scenario.juki_net is not None
    assert (every, thin.scenario.juki_net.municipalities.every) == (chosen, chosen)
