"""The result document and its verdicts, on hand-made replications."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from results_samples import sample

from jukinet_sim.base.errors import UsageError
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.statistics.intervals import over_replications

COUNTS = ("arrived", "completed", "lost", "abandoned", "retried", "in_system", "in_system_at_start", "records")
POINTS = ("mean", "p50", "p90", "p95", "p99")


def document(digests: Sequence[ReplicationDigest], **options: Any) -> dict[str, Any]:
    """The document of these digests under a made-up name."""
    return build_document(digests, scenario="sample", run_hash="ab12", seed=7, rule_version=1, **options)


def with_utilisation(number: int, value: float | None) -> ReplicationDigest:
    """A digest whose hall is busy this much."""
    hall = sample().stations["hall"]
    changed = replace(hall, metrics={**hall.metrics, "utilisation": value})
    return sample(number, stations={**sample().stations, "hall": changed})


def with_series(number: int, arrived: tuple[float, ...]) -> ReplicationDigest:
    """A digest whose flow has a series of arrivals in bins of 60 s."""
    part = replace(sample().flows["query"], series={"arrived": arrived})
    return sample(number, series_bin_s=60.0, flows={"query": part})


def test_top_level_says_what_was_run() -> None:
    """Name, hash, seed, versions and the end of the warm-up stand at the top."""
    found = document([sample(0), sample(1)])
    expected = {
        "schema": 1, "scenario": "sample", "hash": "ab12", "status": "complete", "seed": 7, "replications": 2,
        "engine": "fast", "rule_version": 1, "warm_up_s": 10.0, "events": 601, "visits": 160,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected


def test_flow_counts_are_integers_summed_over_replications() -> None:
    """Counts of three equal replications are three times those of one, and the flow balances."""
    flow = document([sample(k) for k in range(3)])["flows"]["query"]
    assert {key: type(flow[key]) for key in COUNTS} == dict.fromkeys(COUNTS, int)
    assert (flow["arrived"], flow["records"]) == (3 * 40, 3 * 150)
    assert (flow["late"], flow["late_records"]) == (3 * 14, 3 * 42)
    assert flow["in_system_at_start"] + flow["arrived"] == (
        flow["completed"] + flow["lost"] + flow["abandoned"] + flow["in_system"]
    )


def test_every_promised_value_is_there() -> None:
    """Flows, stations and pools carry the value objects that the interface names."""
    found = document([sample(0), sample(1)])
    flow, station, pool = found["flows"]["query"], found["stations"]["town"], found["pools"]["tokens"]
    values = [flow[key] for key in ("throughput_per_s", "loss_fraction", "abandon_fraction")]
    values += [flow[group][point] for group in ("sojourn_s", "wait_s", "wait_all_s") for point in POINTS]
    plain = ("utilisation", "queue_length", "in_station", "throughput_per_s", "availability", "loss_fraction")
    values += [station[key] for key in plain]
    values += [station[group][point] for group in ("wait_s", "wait_all_s") for point in POINTS]
    values += [pool["in_use"], pool["wait_s"]["mean"], flow["late_fraction"]]
    queue = ("queue_peak", "queue_at_end", "longest_queue_s", "longest_queue_from_s")
    values += [part[key] for part in (station, pool) for key in queue]
    for value in values:
        assert set(value) == {"value", "half_width", "level", "n", "per_replication"}
        assert len(value["per_replication"]) == 2


def test_values_are_intervals_over_replications() -> None:
    """A metric is the mean of its per-replication values, at the level asked for."""
    found = document([with_utilisation(0, 0.5), with_utilisation(1, None), with_utilisation(2, 0.7)], level=0.9)
    assert found["stations"]["hall"]["utilisation"] == over_replications([0.5, None, 0.7], 0.9).as_json()


def test_identities_show_their_largest_error() -> None:
    """The document holds the worst replication's error of each identity."""
    assert document([sample(0), sample(3), sample(1)])["identities"] == {"flow balance": 0.0, "Little's law": 3e-12}
    assert document([sample(0, identities={}), sample(3)])["identities"] == {"flow balance": 0.0, "Little's law": 3e-12}


def test_document_is_json_without_nan() -> None:
    """Undefined figures are null, so strict JSON can hold the document."""
    found = document([with_utilisation(0, None)])
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_places_only_if_asked() -> None:
    """Single places appear under `places` of their group, and only on request."""
    digests = [sample(0), sample(1)]
    assert "places" not in document(digests)["stations"]["town"]
    places = document(digests, places=True)["stations"]["town"]["places"]
    assert [place["place"] for place in places] == [0, 1]
    assert [place["wait_s"]["mean"]["value"] for place in places] == [0.0, 2.0]
    assert places[1]["longest_queue_from_s"]["value"] == 40.0
    assert "places" not in document(digests, places=True)["stations"]["hall"]


def test_series_are_means_over_replications() -> None:
    """Each bin of a series is averaged over the replications."""
    found = document([with_series(0, (1.0, 2.0)), with_series(1, (3.0, 7.0))])
    assert found["flows"]["query"]["series"] == {"bin_s": 60.0, "arrived": [2.0, 4.5]}


def test_series_stop_where_the_shortest_stops() -> None:
    """If a limit stopped every replication, bins that some did not reach are not averaged over fewer."""
    stopped = {"complete": False, "limit": "too many events"}
    digests = [replace(with_series(0, (1.0, 2.0)), **stopped), replace(with_series(1, (3.0,)), **stopped)]
    assert document(digests)["flows"]["query"]["series"]["arrived"] == [2.0]


def test_stopped_replication_is_left_out_of_the_figures() -> None:
    """A replication that a limit stopped makes the document partial but moves no figure."""
    whole = [sample(0), sample(1)]
    found = document([*whole, sample(2, complete=False, limit="too many events")])
    assert (found["status"], found["limit"], found["replications"]) == ("partial", "too many events", 2)
    assert found["flows"] == document(whole)["flows"]


def test_only_stopped_replications_are_shown_rather_than_nothing() -> None:
    """Where no replication reached its end, the partial ones make the figures."""
    found = document([sample(0, complete=False, limit="too many events")])
    assert (found["status"], found["replications"]) == ("partial", 1)
    assert found["flows"]["query"]["arrived"] == 40


def test_interrupted_stays_interrupted() -> None:
    """A limit does not hide that the run was interrupted."""
    digests = [sample(0), sample(1, complete=False, limit="too many events")]
    assert document(digests, status="interrupted")["status"] == "interrupted"


def test_no_replication_makes_no_document() -> None:
    """Without replications there is nothing to say."""
    with pytest.raises(ValueError, match="at least one"):
        document([])


def level(metric: str, bound: str, direction: str = "below", kind: str = "station", name: str = "hall") -> Slo:
    """A service level as a scenario file writes it."""
    return Slo.model_validate({kind: name, "metric": metric, direction: bound})


@pytest.mark.parametrize(
    ("bound", "direction", "met"),
    [
        ("70 %", "below", True),
        ("50 %", "below", False),
        ("50 %", "above", True),
        ("70 %", "above", False),
        ("60 %", "below", False),
    ],
)
def test_point_estimate_decides(bound: str, direction: str, met: bool) -> None:
    """A service level is met if the mean, 0.6 here, is on the right side of the bound, whatever the interval's width."""
    digests = [with_utilisation(0, 0.25), with_utilisation(1, 0.95)]
    verdict = document(digests, slo=[level("utilisation", bound, direction)])["slo"][0]
    assert verdict["met"] is met
    assert verdict["value"] == over_replications([0.25, 0.95]).as_json()
    assert verdict["text"] == f"hall utilisation {'<' if direction == 'below' else '>'} {bound}"


def test_undefined_value_does_not_meet_an_objective() -> None:
    """What was never observed cannot be said to meet a bound."""
    found = document([with_utilisation(0, None)], slo=[level("utilisation", "50 %")])
    assert found["slo"][0]["met"] is False


def test_counts_are_judged_per_replication() -> None:
    """A service level about jobs lost or hours waited holds the mean over the replications, with its interval."""
    digests = [sample(0), sample(1)]
    lost, hours = document(digests, slo=[level("lost", "11", kind="flow", name="query"), level("queue_hours", "1")])["slo"]
    each = [digest.flows["query"].counts["lost"] for digest in digests]
    assert lost == {"text": "query lost < 11", "value": over_replications(each).as_json(), "met": True, "verdict": "met"}
    assert sum(each) / 2 < 11
    waited_s = digests[0].stations["hall"].metrics["queue_length"] or 0.0
    assert hours["value"]["value"] == pytest.approx(waited_s * 100.0 / 3600.0)


def test_lateness_of_a_flow_that_is_never_due_is_refused() -> None:
    """A service level that no figure could meet is a usage error that says what a flow needs for it."""
    part = sample().flows["query"]
    never = replace(part, metrics={key: value for key, value in part.metrics.items() if key != "late_fraction"})
    with pytest.raises(UsageError, match='flow "query" has no late_fraction; a flow with "due" has late jobs'):
        document([sample(flows={"query": never})], slo=[level("late_fraction", "50 %", kind="flow", name="query")])


def test_unknown_subject_is_answered_with_the_nearest() -> None:
    """A mistyped station is a usage error that asks for the near miss."""
    with pytest.raises(UsageError, match=r'unknown station "hal"; did you mean "hall"\?'):
        document([sample()], slo=[level("utilisation", "50 %", name="hal")])


def test_subjects_keep_the_order_of_the_network() -> None:
    """Stations appear in the order in which the scenario wrote them."""
    assert list(document([sample()])["stations"]) == ["town", "hall"]


def test_empty_part_is_legal() -> None:
    """A network without pools has an empty mapping of them."""
    assert document([sample(0, pools={})])["pools"] == {}
    assert Part().metrics == {}
