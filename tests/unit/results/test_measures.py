"""Measures: every quantity against what was put into a replication by hand, and in the document and the service levels."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cli_runner import write_scenario
from results_samples import impatient, network, program, sample

from jukinet_sim.cli.app import main
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.subjects import compiled, subject_complaints
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.measures import in_replication, measured
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.load import load

HOUR_S = 3600.0


def measure(*terms: dict[str, Any], unit: str = "h") -> Measure:
    """A measure of these terms, figures as text like in a file."""
    return Measure.model_validate({"unit": unit, "sum": list(terms)})


def amount(term: dict[str, Any], of: ReplicationDigest) -> float | None:
    """The one term in one replication."""
    return in_replication(of, {"m": measure(term)})["m"]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ({"flow": "query", "metric": "arrived"}, 65),
        ({"flow": "query", "metric": "completed"}, 50),
        ({"flow": "query", "metric": "records"}, 150),
        ({"flow": "query", "metric": "lost"}, 10),
        ({"flow": "query", "metric": "abandoned"}, 15),
        ({"flow": "query", "metric": "retried"}, 7),
        ({"flow": "query", "metric": "sojourn_hours"}, 200.0 / HOUR_S),
        ({"flow": "query", "metric": "wait_hours"}, 100.0 / HOUR_S),
        ({"station": "town", "metric": "visits"}, 40),
        ({"station": "town", "metric": "busy_hours"}, 200.0 / HOUR_S),
        ({"station": "town", "metric": "queue_hours"}, 60.0 / HOUR_S),
        ({"station": "town", "metric": "down_hours"}, 20.0 / HOUR_S),
        ({"station": "hall", "metric": "down_hours"}, 0.0),
        ({"pool": "tokens", "metric": "wait_hours"}, 25.0 / HOUR_S),
        ({"pool": "tokens", "metric": "held_hours"}, 200.0 / HOUR_S),
        ({"flow": "query", "metric": "records", "times": "2.5"}, 375.0),
    ],
)
def test_each_quantity_is_the_sum_that_was_put_in(term: dict[str, Any], expected: float) -> None:
    """Counts and areas of the hand-made replication come out, areas as hours."""
    assert amount(term, digest(impatient(), program())) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("metric", ["late", "late_records"])
def test_late_jobs_are_counted_where_a_flow_has_a_due(metric: str) -> None:
    """Late jobs and late records are the counts of the flow."""
    whole = sample()
    query = whole.flows["query"]
    counted = replace(whole, flows={"query": replace(query, counts={**query.counts, "late": 4, "late_records": 11})})
    assert amount({"flow": "query", "metric": metric}, counted) == {"late": 4, "late_records": 11}[metric]


def test_a_beginning_means_all_that_begin_with_it() -> None:
    """`query.*` sums over query.a and query.b, and neither over query nor over queries."""
    whole = sample()
    query = whole.flows["query"]
    several = replace(whole, flows=dict.fromkeys(("query", "query.a", "query.b", "queries.a"), query))
    assert amount({"flow": "query.*", "metric": "records"}, several) == 2 * 150


def test_nothing_that_happened_is_nothing() -> None:
    """A flow of which no job was completed has taken no hours, although its mean sojourn is undefined."""
    idle = Part({"completed": 0}, {"sojourn_s.mean": None})
    assert amount({"flow": "query", "metric": "sojourn_hours"}, replace(sample(), flows={"query": idle})) == 0.0


def test_what_is_unknown_leaves_the_measure_undefined() -> None:
    """Servers that were away at a station where none worked were away for an unknown time, as is the sum with it."""
    metrics = {"in_station": 0.0, "queue_length": 0.0, "utilisation": 0.0, "availability": 0.5}
    broken = replace(sample(), stations={"desk": Part({}, metrics)})
    measures = {"m": measure({"station": "desk", "metric": "down_hours"}, {"flow": "query", "metric": "completed"})}
    assert in_replication(broken, measures) == {"m": None}


def test_measures_build_on_measures_in_any_order() -> None:
    """Yen are hours times yen an hour, wherever the hours stand."""
    measures = {
        "yen": measure({"measure": "hours.*", "times": "1800"}, {"measure": "fee"}, unit="yen"),
        "hours.served": measure({"station": "town", "metric": "busy_hours"}),
        "hours.waited": measure({"station": "town", "metric": "queue_hours"}),
        "fee": measure({"flow": "query", "metric": "completed", "times": "10"}, unit="yen"),
    }
    assert in_replication(sample(), measures)["yen"] == pytest.approx((200.0 + 60.0) / HOUR_S * 1800.0 + 500.0)


def test_a_measure_has_an_interval_over_replications() -> None:
    """Of 50 and 54 completed jobs the mean is 52 and the half-width t(0.975, 1) s / sqrt(2) = 12.706 x 2."""
    first = sample()
    query = first.flows["query"]
    second = replace(first, replication=1, flows={"query": replace(query, counts={**query.counts, "completed": 54})})
    jobs = measured([first, second], {"jobs": measure({"flow": "query", "metric": "completed"}, unit="jobs")})["jobs"]
    assert (jobs["unit"], jobs["value"]["value"], jobs["value"]["n"]) == ("jobs", 52.0, 2)
    assert jobs["value"]["half_width"] == pytest.approx(12.706204736 * 2.0)


COUNTER = """\
scenario: counter
run: {horizon: 2000 s, replications: 4}
network:
  stations:
    desk: {servers: 2}
  pools:
    seats: {tokens: 3}
  flows:
    visit.short:
      arrivals: {poisson: 0.5 /s}
      route: [{acquire: seats}, {visit: desk, demand: {exponential: 1 s}}, {release: seats}]
    visit.long:
      arrivals: {poisson: 0.1 /s}
      records: 3
      route: [{acquire: seats}, {visit: desk, demand: {exponential: 5 s}}, {release: seats}]
measures:
  people: {unit: residents, sum: [{flow: "visit.*", metric: completed}]}
  clerk-hours: {unit: h, sum: [{station: desk, metric: busy_hours}]}
  wages: {unit: yen, sum: [{measure: clerk-hours, times: {value: 2500, assumed: "an hour", range: [1800, 4000]}}]}
  indoors: {unit: h, sum: [{flow: "visit.*", metric: sojourn_hours}]}
slo:
  - {measure: people, above: 3}
  - {measure: wages, below: 1}
"""


def document(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code of a run, and the document it printed."""
    code = main(["run", write_scenario(folder, COUNTER), "--json", "--quiet", "--out", str(folder), *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_measures_are_those_of_the_document_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts over replications, utilisation x servers x time, and Little's law give the same amounts."""
    _, found = document(tmp_path, capsys)
    values = {name: one["value"]["value"] for name, one in found["measures"].items()}
    flows, desk = found["flows"].values(), found["stations"]["desk"]
    assert values["people"] == pytest.approx(sum(flow["completed"] for flow in flows) / 4)
    busy_h = desk["utilisation"]["value"] * 2 * 2000.0 / HOUR_S
    assert values["clerk-hours"] == pytest.approx(busy_h)
    assert values["wages"] == pytest.approx(2500.0 * busy_h)
    spent = [
        math.fsum(
            flow["throughput_per_s"]["per_replication"][k] * flow["sojourn_s"]["mean"]["per_replication"][k] for flow in flows
        )
        for k in range(4)
    ]
    assert found["measures"]["indoors"]["value"]["per_replication"] == pytest.approx([s * 2000.0 / HOUR_S for s in spent])


def test_service_levels_may_be_about_measures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bound in the measure's unit is met or missed like any other, and a missed one exits 99."""
    code, found = document(tmp_path, capsys)
    assert code == 99
    assert [(level["text"], level["met"]) for level in found["slo"]] == [("people > 3", True), ("wages < 1", False)]
    assert found["slo"][0]["value"] == found["measures"]["people"]["value"]


def test_measures_leave_the_sample_path_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With another unit cost every replication is the same, to its fingerprint; only yen change."""
    _, found = document(tmp_path, capsys)
    _, dearer = document(tmp_path, capsys, "--set", "measures.wages.sum.0.times=5000")
    assert dearer["fingerprint"] == found["fingerprint"]
    wages = [one["measures"]["wages"]["value"]["value"] for one in (found, dearer)]
    assert wages[1] == pytest.approx(2.0 * wages[0])


def test_the_table_of_measures_comes_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Measures stand above flows and stations, each with its unit."""
    main(["run", write_scenario(tmp_path, COUNTER), "--quiet", "--out", str(tmp_path)])
    shown = capsys.readouterr().out
    assert shown.index("residents") < shown.index("sojourn mean")


def test_names_are_checked_against_a_compiled_network(tmp_path: Path) -> None:
    """A network that lacks what measures sum up gives a fault at the place of each."""
    measures = load(write_scenario(tmp_path, COUNTER)).scenario.measures
    found = [complaint.objection for complaint in subject_complaints(measures, {}, compiled(network()))]
    assert [(one.what, one.path) for one in found] == [
        ('no flow has a name that begins "visit."', ("measures", "people", "sum", 0, "flow")),
        ('unknown station "desk"', ("measures", "clerk-hours", "sum", 0, "station")),
        ('no flow has a name that begins "visit."', ("measures", "indoors", "sum", 0, "flow")),
    ]


def test_lateness_needs_a_due() -> None:
    """A compiled flow without a due cannot be late, one with a due can."""
    measures = {"m": measure({"flow": "query", "metric": "late"})}
    net = network()

    def faults(due_s: float | None) -> list[str]:
        given = replace(net, flows=(replace(net.flows[0], due_s=due_s),))
        return [found.objection.what for found in subject_complaints(measures, {}, compiled(given))]

    assert faults(None) == ['flow "query" has no due, so none of its jobs is late']
    assert faults(30.0) == []


def test_kept_waiting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Residents kept waiting are the late jobs that the document counts over all replications, per replication."""
    text = COUNTER.replace("      records: 3\n", "      records: 3\n      due: 1 s\n")
    text = text.replace('{flow: "visit.*", metric: completed}', "{flow: visit.long, metric: late}")
    main(["run", write_scenario(tmp_path, text), "--json", "--quiet", "--out", str(tmp_path)])
    found = json.loads(capsys.readouterr().out)
    late = found["flows"]["visit.long"]["late"]
    assert late > 0
    assert found["measures"]["people"]["value"]["value"] == pytest.approx(late / 4)
