"""The catalogue of metrics against what a run really holds: nothing missing, nothing nameless, every bound readable."""

from __future__ import annotations

from typing import Any

import pytest
from cli_runner import write_scenario
from everything import EVERYTHING

from jukinet_sim import metrics, simulate, summarise
from jukinet_sim.base.errors import UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.language.slo import Slo
from jukinet_sim.results.document import build_document
from jukinet_sim.results.objectives import verdicts
from jukinet_sim.results.rankings import read_ranking
from jukinet_sim.scenario.load import load

NAMES: dict[metrics.Kind, str] = {"flow": "q", "station": "desk", "pool": "tokens", "measure": "m"}
BOUNDS = {"time": "2 s", "rate": "1 /s", "fraction": "50 %", "number": "3"}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run in which everything that has a metric happens."""
    return simulate(load(write_scenario(tmp_path_factory.mktemp("everything"), EVERYTHING)))


def level(metric: metrics.Metric) -> Slo:
    """A service level about a metric."""
    keys = {metric.kind: NAMES[metric.kind], "below": BOUNDS[metric.dimension]}
    return Slo.model_validate(keys if metric.kind == "measure" else {**keys, "metric": metric.name})


@pytest.mark.parametrize("metric", metrics.CATALOGUE, ids=lambda metric: f"{metric.kind} {metric.name}")
def test_every_metric_can_be_judged(metric: metrics.Metric, results: Any) -> None:
    """Each metric leads to a value with one number per replication, in the run that shows them all."""
    document = summarise(results)
    (verdict,) = verdicts(document, [level(metric)], results.outcome.digests)
    assert len(verdict["value"]["per_replication"]) == 2
    assert verdict["value"]["n"] == 2
    assert isinstance(verdict["met"], bool)


def test_a_result_holds_nothing_that_has_no_name(results: Any) -> None:
    """Every figure of a part, and of its places, is in the catalogue."""
    for digest in results.outcome.digests:
        for kind, parts in digest.kinds().items():
            known = {metric.path for metric in metrics.of_kind(kind).values()}
            for part in parts.values():
                assert set(part.metrics) <= known
                assert set(part.places) <= set(metrics.ranked(kind))


def test_what_is_kept_by_place_is_as_the_catalogue_says(results: Any) -> None:
    """A group with a member at every place keeps exactly the figures that places can be ranked by."""
    digest = results.outcome.digests[0]
    assert set(digest.stations["desk"].places) == set(metrics.ranked("station"))
    assert set(digest.pools["tokens"].places) == set(metrics.ranked("pool"))


def test_counts_of_a_flow_that_are_no_metric_balance_it(results: Any) -> None:
    """Only the jobs inside at both ends of the window are counted without a metric: they belong to no period."""
    counted = {metric.source.key for metric in metrics.of_kind("flow").values() if isinstance(metric.source, metrics.Count)}
    assert set(results.outcome.digests[0].flows["q"].counts) - counted == {"in_system", "in_system_at_start"}


@pytest.mark.parametrize("kind", metrics.KINDS)
def test_names_and_paths_are_unique(kind: metrics.Kind) -> None:
    """One name and one place in the document mean one metric."""
    mine = [metric for metric in metrics.CATALOGUE if metric.kind == kind]
    assert len({metric.name for metric in mine}) == len(mine)
    paths = [metric.path for metric in mine if not metric.summed]
    assert len(set(paths)) == len(paths)


@pytest.mark.parametrize("asked", ["queue.max", "queue_peak"])
def test_a_ranking_takes_the_name_or_the_place_in_the_document(asked: str) -> None:
    """The name that scenarios use and the path that documents use mean the same figure."""
    assert read_ranking(f"cs:{asked}", ["cs"], []).metric == "queue_peak"


def test_a_ranking_by_what_places_lack_is_refused() -> None:
    """A figure of the whole group alone is answered with those that places have."""
    with pytest.raises(UsageError, match="availability"):
        read_ranking("cs:availability", ["cs"], [])


def test_service_levels_come_along_with_a_loaded_scenario(results: Any) -> None:
    """From Python a loaded scenario brings its replications, measures and service levels; others may be given instead."""
    assert summarise(results)["replications"] == 2
    assert summarise(results)["measures"]["m"]["value"]["value"] > 0
    assert [one["text"] for one in summarise(results, [level(metrics.of_kind("flow")["lost"])])["slo"]] == ["q lost < 3"]
    assert build_document(results.outcome.digests, scenario="x", run_hash="", seed=1, rule_version=1)["slo"] == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("metrics", "utilisation"),
        ("utilisation", "busy server-time of scheduled server-time"),
        ("wait.p99", "flows.NAME.wait_s.p99.value"),
        ("slo.metric", "What is judged"),
        ("juki_net.flows.NAME.per_year", "Jobs"),
        ("network.stations.NAME.servers", "Number of servers"),
    ],
)
def test_explain_knows_metrics_and_keys_below_any_name(key: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Metrics are explained by their names; NAME stands for any name, and an entry of a list needs no number."""
    assert main(["explain", key]) == 0
    assert said in capsys.readouterr().out


def test_the_table_of_metrics_fits(capsys: pytest.CaptureFixture[str]) -> None:
    """No line is wider than 120 columns, and every metric that is no point of a latency is in it."""
    main(["explain", "metrics"])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 120
    for metric in metrics.CATALOGUE:
        assert metric.name in shown or f"{metric.name.partition('.')[0]}.POINT" in shown
