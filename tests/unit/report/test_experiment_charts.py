"""Charts of experiments: their rows are the numbers of the answer, and they can be drawn in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from jukinet_sim import compare, sensitivity, size, sweep
from jukinet_sim.cli.app import main
from jukinet_sim.report.charts.differences import difference_rows, short_names
from jukinet_sim.report.charts.effects import effect_rows
from jukinet_sim.report.charts.of_experiment import experiment_plots
from jukinet_sim.report.charts.tried import growth_rows, search_rows, sweep_rows
from jukinet_sim.report.messages.say import LANGUAGES

SCENARIO = """
scenario: desk
run: {horizon: 400 s, warm_up: 50 s, replications: 3, seed: 3, engine: fast}
network:
  stations:
    desk: {servers: 2}
  flows:
    visitor:
      arrivals: {poisson: 1.2 /s}
      route:
        - {visit: desk, demand: {exponential: 1 s}}
slo:
  - {flow: visitor, metric: sojourn.p95, below: 8 s}
  - {station: desk, metric: utilisation, below: 75 %}
overrides:
  busy: {network: {flows: {visitor: {arrivals: {poisson: 1.8 /s}}}}}
"""
SERVERS, DEMAND = "network.stations.desk.servers", "network.flows.visitor.route.0.demand.exponential"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The documents of small experiments by name, and the folder of the runs."""
    folder = tmp_path_factory.mktemp("experiments")
    (folder / "<b>desk.yaml").write_text(SCENARIO)
    file, keep = str(folder / "<b>desk.yaml"), {"out": folder / "runs", "jobs": 1}
    both = {SERVERS: [1, 2, 3], DEMAND: ["0.5 s", "1 s"]}
    return {
        "compare": compare(file, with_=["busy", {SERVERS: 4}], **keep).document,  # type: ignore[arg-type]
        "sweep": sweep(file, vary={SERVERS: "1..3"}, **keep).document,  # type: ignore[arg-type]
        "sweep of two": sweep(file, vary=both, **keep).document,  # type: ignore[arg-type]
        "size": size(file, vary={SERVERS: "1..5"}, growth="50%/year", **keep).document,  # type: ignore[arg-type]
        **{
            method: sensitivity(file, vary={DEMAND: "0.5s..1.5s", SERVERS: "1..4"}, method=method, **keep).document  # type: ignore[arg-type]
            for method in ("morris", "tornado")
        },
        "runs": folder / "runs",
    }


def test_every_chart_can_be_drawn(answers: Mapping[str, Any]) -> None:
    """Each specification compiles in both languages and has something in it; a file name with markup stays a name."""
    drawn = {name: list(experiment_plots(document)) for name, document in answers.items() if name != "runs"}
    assert {name: [plot.name for plot in plots] for name, plots in drawn.items()} == {
        "compare": ["differences"], "sweep": ["sweep"], "sweep of two": ["sweep"], "size": ["search", "growth"],
        "morris": ["effects"], "tornado": ["effects"],
    }  # fmt: skip
    for number, plot in enumerate(plot for plots in drawn.values() for plot in plots):
        language, other = LANGUAGES if number % 2 else reversed(LANGUAGES)
        assert vl_convert.vegalite_to_vega(plot.whole(other))["marks"], plot.name
        svg = vl_convert.vegalite_to_svg(plot.whole(language), allowed_base_urls=[])
        assert len(re.findall("<path", svg)) > 3, plot.name
        assert "<b>" not in svg


def test_differences_are_relative_to_the_first(answers: Mapping[str, Any]) -> None:
    """Each dot is the difference of the document over the first scenario's value, and its line the simultaneous interval."""
    document = answers["compare"]
    rows = difference_rows(document)
    assert {row["scenario"] for row in rows} == {"busy", f"{SERVERS}=4"}
    for metric in document["metrics"]:
        base = metric["values"][0]["value"]
        for name, one in zip(document["scenarios"][1:], metric["differences"], strict=True):
            (row,) = (row for row in rows if (row["figure"], row["scenario"]) == (metric["name"], name))
            assert row["difference"] * base == pytest.approx(one["value"])
            assert (row["high"] - row["low"]) * base == pytest.approx(2.0 * one["half_width"])


def test_files_lose_their_folders_where_that_leaves_them_apart() -> None:
    """Two files of one name keep their folders; settings are no paths."""
    assert short_names(["a/x.yaml", "a/y.yaml", "k=1/s"]) == ["x.yaml", "y.yaml", "k=1/s"]
    assert short_names(["a/x.yaml", "b/x.yaml"]) == ["a/x.yaml", "b/x.yaml"]


def test_a_sweep_has_a_dot_for_each_point_and_figure(answers: Mapping[str, Any]) -> None:
    """Values over the first key; of two keys the second makes lines; in the units that the table shows."""
    document = answers["sweep"]
    rows = sweep_rows(document)
    assert [row["at"] for row in rows if row["figure"] == rows[0]["figure"]] == [1, 2, 3]
    known = [point["metrics"]["desk utilisation"]["value"] for point in document["points"]]
    assert [row["value"] for row in rows if row["figure"] == "desk utilisation [%]"] == pytest.approx([100 * v for v in known])
    assert {row["line"] for row in sweep_rows(answers["sweep of two"])} == {"0.5 s", "1 s"}
    assert sweep_rows({**document, "axes": ["a", "b", "c"]}) == []


def test_a_search_has_its_bounds(answers: Mapping[str, Any]) -> None:
    """Every value that was tried stands beside the bound of each service level, in the bound's own unit."""
    document = answers["size"]
    rows = search_rows(document)
    assert {row["at"] for row in rows} == {tried["set"][SERVERS] for tried in document["evaluated"]}
    assert {(row["figure"].rpartition(" < ")[2], row["bound"]) for row in rows} == {("8 s", 8.0), ("75 %", 75.0)}
    verdict = {tried["set"][SERVERS]: tried["meets"] for tried in document["evaluated"]}
    assert all((row["verdict"] == "enough") == bool(verdict[row["at"]]) for row in rows)
    assert {row["at"] for row in growth_rows(document)} == {t["set"]["growth"] for t in document["growth"]["evaluated"]}
    assert search_rows({**document, "keys": ["a", "b"]}) == []


def test_effects_are_those_of_the_table(answers: Mapping[str, Any]) -> None:
    """A bar is an effect in the output's unit, or reaches from one end of the range to the other."""
    morris, tornado = answers["morris"], answers["tornado"]
    assert [row["high"] for row in effect_rows(morris)] == pytest.approx([one["effect"] for one in morris["parameters"]])
    for end in ("low", "high"):
        assert [row[end] for row in effect_rows(tornado)] == pytest.approx([one[end] for one in tornado["parameters"]])


def test_the_page_and_the_pictures_have_them(answers: Mapping[str, Any], tmp_path: Path) -> None:
    """The report of an experiment holds its chart, and an export writes it as a picture."""
    runs = answers["runs"]
    (folder,) = (runs / "desk").glob("size-*")
    page = tmp_path / "page.html"
    assert main(["report", str(folder), "--runs", str(runs), "--out", str(page)]) == 0
    assert '"search"' in page.read_text(encoding="utf-8")
    assert main(["export", str(folder), "--runs", str(runs), "--to", "svg", "--out", str(tmp_path / "out")]) == 0
    assert {path.name for path in (tmp_path / "out").glob("*.svg")} == {"search.svg", "growth.svg"}
