"""Windows and places in digests, documents, service levels and measures."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import write_scenario

from jukinet_sim import compile_network, load, simulate, summarise
from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.experiments.asked import outputs_for, read_asked
from jukinet_sim.experiments.figures import read_row
from jukinet_sim.experiments.replicate import run_replications
from jukinet_sim.language.slo import Slo
from jukinet_sim.language.window import Window
from jukinet_sim.report.run_table import run_tables
from jukinet_sim.report.terminal import Table
from jukinet_sim.results.digest import Focused, digest_from_json
from jukinet_sim.results.focused import at
from jukinet_sim.scenario.loaded import dump_resolved

OFFICE = """scenario: office
run: {period: {from: 2012-04-02, to: 2012-04-02}, replications: 3, engine: fast}
network:
  places: {office: {count: 3, weights: [1, 6, 1]}}
  stations:
    web: {servers: 1, per: office}
    db: {servers: 1}
  pools: {lines: {tokens: 2, per: office}}
  flows:
    query:
      origin: office
      arrivals: {piecewise: [{at: 0 h, rate: 1 /h}, {at: 9 h, rate: 60 /h}, {at: 10 h, rate: 1 /h}]}
      due: 1 min
      route:
        - {acquire: lines}
        - {visit: web, demand: {exponential: 30 s}}
        - {release: lines}
        - {visit: db, demand: {exponential: 20 s}}
measures:
  busy: {unit: jobs, sum: [{flow: query, metric: completed, window: busiest 1 h}]}
  visits:
    unit: visits
    sum: [{station: web, metric: visits, window: {from: 2012-04-02 09:00, to: 2012-04-02 10:00}, place: 1}]
slo:
  - {station: web, metric: utilisation, window: busiest 1 h, place: worst, below: 20 %}
  - {flow: query, metric: arrived, window: {from: 2012-04-02 09:00, to: 2012-04-02 10:00}, above: 20}
  - {station: web, metric: wait.max, place: 1, below: 1 h}
  - {measure: busy, above: 20}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office whose middle place is busy from nine to ten."""
    return write_scenario(tmp_path_factory.mktemp("office"), OFFICE)


@pytest.fixture(scope="module")
def results(path: Path) -> Any:
    """Three replications."""
    return simulate(load(path))


def test_verdicts_say_when_and_where(results: Any) -> None:
    """The busy hour at the busy place is what is judged, and the bound that a mean would keep is missed."""
    worst, stretch, one, measure = summarise(results)["slo"]
    assert worst["text"] == "web utilisation, busiest 1 h, worst place < 20 %"
    assert worst["verdict"] == "missed"
    assert (worst["at"]["from"], worst["at"]["from_s"], worst["at"]["place"]) == ("2012-04-02 09:00", 32400.0, "1")
    assert [one["place"] for one in worst["at"]["per_replication"]] == ["1", "1", "1"]
    assert stretch["text"] == "query arrived, 2012-04-02 09:00 to 2012-04-02 10:00 > 20"
    assert stretch["met"]
    assert one["text"] == "web wait.max, place 1 < 1 h"
    assert (one["at"]["from"], one["at"]["place"]) == (None, "1")
    assert measure["met"]
    assert "at" not in measure


def test_measures_sum_what_happened_in_windows(results: Any) -> None:
    """Terms with a window or a place count what happened there."""
    measures = summarise(results)["measures"]
    digests = results.outcome.digests
    key = "flow query completed, busiest 1 h"
    assert measures["busy"]["value"]["per_replication"] == [digest.focused[key].value for digest in digests]
    assert all(digest.focused[key].value > 40 for digest in digests)
    assert all(30 < visits < 70 for visits in measures["visits"]["value"]["per_replication"])


def test_stations_have_their_busiest_hour(results: Any) -> None:
    """In the document and in the first table, beside the mean, at the worst place of a group."""
    document = summarise(results)
    hour = document["stations"]["web"]["busiest_hour"]
    assert hour["utilisation"] == document["slo"][0]["value"]
    assert hour["at"]["place"] == "1"
    assert document["stations"]["db"]["busiest_hour"]["at"]["place"] is None
    for everything in (False, True):
        tables = [one for one in run_tables(document, "en", everything=everything, name="x") if isinstance(one, Table)]
        (stations,) = [one for one in tables if one.columns[0] == "station"]
        assert stations.columns[2] == "busiest hour %"
        assert ("2012-04-02 09:00, 1" in stations.rows[0]) is everything
        (levels,) = [one for one in tables if one.columns[0] == "service level"]
        assert [row[3] for row in levels.rows] == ["2012-04-02 09:00, 1", "", "", ""]


def test_digests_survive_json(results: Any) -> None:
    """What a store keeps turns back into the same digest, and what is no focus is refused."""
    digest = results.outcome.digests[0]
    kept = json.loads(json.dumps(digest.as_json(), allow_nan=False))
    assert digest_from_json(kept) == digest
    for wrong in ({"value": "1"}, {"value": True}, {"value": 1.0, "place": 3}, {"value": 1.0, "more": 1}, {"value": 1e200}, {}):
        with pytest.raises((TypeError, ValueError)):
            digest_from_json({**kept, "focused": {"station web utilisation": wrong}})


def test_a_manifest_reads_back(path: Path) -> None:
    """Service levels as a run's manifest keeps them look at the same windows and places."""
    loaded = load(path)
    written = json.loads(json.dumps(dump_resolved(loaded)))["slo"]
    assert [Slo.model_validate(one) for one in written] == list(loaded.scenario.slo)


def test_the_worst_replication_tells_where() -> None:
    """Where and when come from the replication with the worst value, the smallest where small is bad."""
    each = [Focused(1.0, 0.0, "a"), Focused(None), Focused(3.0, 7200.0, "b")]
    first = dt.date(2012, 4, 2)
    assert at(each, "largest", first)["place"] == "b"  # type: ignore[index]
    found = at(each, "smallest", None)
    assert found is not None
    assert (found["from"], found["place"]) == ("0 s", "a")
    assert found["per_replication"][1] == {"from": None, "from_s": None, "place": None}
    assert at([Focused(None)], "largest", first) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("web utilisation, busiest 1 h, worst place", "station web utilisation, busiest 1 h, worst place"),
        ("station web utilisation, worst place, busiest 60 min", "station web utilisation, busiest 1 h, worst place"),
        ("query sojourn.max, 9 h to 10 h", "flow query sojourn.max, 9 h to 10 h"),
        ("lines wait.max, place 2", "pool lines wait.max, place 2"),
        ("query throughput", "flow query throughput"),
        ("busy", "measure busy value"),
    ],
)
def test_experiments_ask_by_a_text(path: Path, text: str, key: str) -> None:
    """A figure is asked for in the words of a service level, and every replication has a number for it."""
    loaded = load(path)
    network = compile_network(loaded)
    asked = read_asked(text, network, loaded.scenario.measures)
    assert asked.key == key
    settings, (name,) = outputs_for([text], loaded, network)
    judged = {level.name for level in loaded.scenario.slo}
    assert len(settings) == (asked.focused and asked.name not in judged)
    looking = load(path, sets=settings)
    (digest,) = run_replications(compile_network(looking), seed=1, replications=1, engine="fast").digests
    value = read_row(looking.scenario, digest).values[name]
    assert value is not None
    assert value >= 0.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("web utilization", 'unknown metric "utilization"'),
        ("wep utilisation", 'did you mean "web"'),
        ("web utilisation, busy 1 h", "is not a window"),
        ("web utilisation, busiest 30 h", "no whole bin"),
        ("web wait.p99, worst place", "not kept by place"),
        ("web wait.max, place 7", 'no office "7"'),
        ("a b c d", "is no figure"),
    ],
)
def test_what_experiments_cannot_ask(path: Path, text: str, message: str) -> None:
    """A text that cannot be is a usage error that says what to write instead."""
    loaded = load(path)
    network = compile_network(loaded)

    def ask() -> None:
        compile_network(load(path, sets=outputs_for([text], loaded, network)[0]))
        read_asked(text, network)

    with pytest.raises((UsageError, ScenarioError), match=message):
        ask()


def test_a_run_that_did_not_look(results: Any) -> None:
    """Asking a finished run for a window that nobody looked at says so."""
    level = Slo.model_validate({"flow": "query", "metric": "sojourn.max", "window": "busiest 2 h", "below": "1 h"})
    with pytest.raises(UsageError, match="did not look"):
        summarise(results, [level])


def test_texts_of_windows() -> None:
    """A window has one text, whatever units it was written in, and no two widths share one."""
    assert Window.model_validate("busiest 3600 s") == Window.model_validate({"busiest": "1 h"})
    assert Window.model_validate("busiest 3600 s").text == "busiest 1 h"
    assert Window.model_validate("busiest 61.2345 s").text == "busiest 61.2345 s"
    assert Window.model_validate({"from": "2012-04-02 09:00", "to": "2012-04-03 00:00"}).seconds(dt.date(2012, 4, 1)) == (
        33 * 3600.0,
        48 * 3600.0,
    )


def test_places_of_the_nation(tmp_path: Path) -> None:
    """Codes and names of a domain's places are known, kept in a thinned-out nation, and a mistyped one meets its nearest."""
    text = """scenario: mine
extends: fy2012.yaml
run: {period: {from: 2012-04-02, to: 2012-04-02}}
juki_net: {municipalities: {every: 100}}
slo: [{station: cs, metric: utilisation, window: {from: 2012-04-02 09:00, to: 2012-04-02 10:00}, place: PLACE, below: 50 %}]
"""
    for place, label in (("13-007", "13-007 Tokyo-ward-7"), ("Yokohama", "14-001 Yokohama")):
        network = compile_network(load(write_scenario(tmp_path, text.replace("PLACE", place))))
        (focus,) = network.focuses
        assert focus.place is not None
        assert network.level("municipality").label(focus.place) == label
    county = text.replace("station: cs", "station: prefecture_server").replace("PLACE", "Hokaido")
    with pytest.raises(ScenarioError, match='no prefecture "Hokaido"; did you mean "Hokkaido"'):
        compile_network(load(write_scenario(tmp_path, county)))
