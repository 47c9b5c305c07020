"""The scenario model: figures with a source, distributions, service levels, the JSON schema and the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from jukinet_sim.language.base import Base, BitsPerSecond, Bytes, Figure, Fraction, Seconds
from jukinet_sim.language.distributions import Constant, Exponential, Geometric, GeometricMean
from jukinet_sim.language.merge import NodePath, put
from jukinet_sim.language.network import StateFrom
from jukinet_sim.language.parts import EachPart
from jukinet_sim.language.route import SetStep, SwitchStep, VisitStep
from jukinet_sim.language.shape import alternatives, inside, models
from jukinet_sim.language.slo import Slo
from jukinet_sim.language.source_text import Text
from jukinet_sim.language.stations import SpeedFrom
from jukinet_sim.language.yaml_source import Mapping, Node, Sequence, parse
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import dump_resolved
from jukinet_sim.scenario.schema import Scenario, json_schema
from jukinet_sim.scenario.shipped import shipped_folder
from jukinet_sim.scenario.validate import validate


class Line(Base):
    """A model with figures, as the domain uses them."""

    delay: Figure[Seconds]
    """Delay."""
    rate: Figure[BitsPerSecond] | None = None
    """Bit rate."""
    size: Bytes = 0.0
    """Size."""
    share: Fraction = 0.0
    """Share."""


def message(**keys: object) -> str:
    """Return what is wrong with a line that must be refused."""
    with pytest.raises(ValidationError) as caught:
        Line.model_validate(keys)
    return str(caught.value.errors()[0]["ctx"]["error"])


def test_a_plain_figure_was_set_by_the_author() -> None:
    """A number without a source is the author's own."""
    figure = Line.model_validate({"delay": "20 ms"}).delay
    assert (figure.value, figure.status, figure.note, figure.range) == (0.02, "set", None, None)


def test_an_assumed_figure_has_a_reason_and_a_range() -> None:
    """The range is in SI like the value."""
    keys = {"value": "20 ms", "assumed": "not published", "range": ["10 ms", "0.1 s"]}
    figure = Line.model_validate({"delay": keys}).delay
    assert (figure.value, figure.status, figure.note, figure.range) == (0.02, "assumed", "not published", (0.01, 0.1))


@pytest.mark.parametrize("status", ["derived", "reported"])
def test_other_sources_need_no_range(status: str) -> None:
    """A derived or reported figure says from what or where."""
    rate = Line.model_validate({"delay": "0 s", "rate": {"value": "1 Mbit/s", status: "table 3"}}).rate
    assert rate is not None
    assert (rate.value, rate.status, rate.note) == (1e6, status, "table 3")


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ({"value": "1 s", "assumed": "x", "derived": "y"}, 'cannot be both "assumed" and "derived"'),
        ({"value": "1 s"}, "names no source"),
        ({"value": "1 s", "assumed": "x"}, "an assumed number has no range"),
        ({"value": "1 s", "assumed": "x", "range": ["2 s", "3 s"]}, "lies outside its range"),
        ({"value": "1 s", "assumed": "x", "range": ["3 s", "0 s"]}, "lies outside its range"),
        ({"value": "1 s", "derived": " "}, '"derived" says nothing'),
    ],
)
def test_a_figure_without_a_proper_source_is_refused(figure: dict[str, object], expected: str) -> None:
    """Nothing is silently made up: each figure has exactly one source that says something."""
    assert expected in message(delay=figure)


def test_a_figure_reads_back_what_it_writes() -> None:
    """The resolved form of a figure is legal input."""
    line = Line.model_validate({"delay": {"value": "1 s", "assumed": "x", "range": ["0 s", "2 s"]}})
    assert Line.model_validate(line.model_dump()) == line


def test_python_users_pass_numbers() -> None:
    """Floats in SI are taken as they are; a fraction above 1 or a negative size is not."""
    line = Line(delay=Figure[Seconds](value=0.5), size=10.0, share=0.25)
    assert (line.delay.value, line.size, line.share) == (0.5, 10.0, 0.25)
    assert "more than 1" in message(delay=1.0, share=1.5)
    assert "not at least 0" in message(delay=1.0, size=-1.0)


@pytest.mark.parametrize(
    ("keys", "bound", "text", "path"),
    [
        (
            {"flow": "q", "metric": "sojourn.p99", "below": "2 s"},
            2.0,
            "q sojourn.p99 < 2 s",
            ("sojourn_s", "p99"),
        ),
        (
            {"station": "db", "metric": "utilisation", "below": "80 %"},
            0.8,
            "db utilisation < 80 %",
            ("utilisation",),
        ),
        (
            {"flow": "q", "metric": "throughput", "above": "60 /min"},
            1.0,
            "q throughput > 60 /min",
            ("throughput_per_s",),
        ),
        ({"pool": "p", "metric": "in_use", "below": "4"}, 4.0, "p in_use < 4", ("in_use",)),
    ],
)
def test_a_service_level_reads_its_bound_by_its_metric(
    keys: dict[str, str], bound: float, text: str, path: tuple[str, ...]
) -> None:
    """The bound is a time, a fraction, a rate or a number as the metric demands; the text is kept."""
    slo = Slo.model_validate(keys)
    assert (slo.bound, slo.text, slo.of.keys) == (bound, text, path)


def all_models() -> list[type[Base]]:
    """Return every model that a scenario file can reach."""
    found: dict[type[Base], None] = {}
    todo: list[type[Base]] = [Scenario]
    while todo:
        model = todo.pop()
        if model not in found:
            found[model] = None
            for info in model.model_fields.values():
                todo.extend(_models_in((info.annotation,)))
    return list(found)


def _models_in(kinds: tuple[object, ...]) -> list[type[Base]]:
    """Return the models below an annotation, through tuples and dicts."""
    plain = tuple(kind for one in kinds for kind in alternatives(one))
    return models(plain) + [m for kind in plain if kind not in models(plain) for m in models(inside((kind,), "0"))]


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.__name__)
def test_every_field_is_documented(model: type[Base]) -> None:
    """The attribute docstrings are the reference, so no field is without one, and models are frozen and closed."""
    assert model.model_config["frozen"] is True
    assert model.model_config["extra"] == "forbid"
    for name, info in model.model_fields.items():
        assert info.description, f"{model.__name__}.{name}"
        assert info.description.endswith((".", ")")), f"{model.__name__}.{name}"


def test_the_json_schema_is_plain_json_with_plain_names() -> None:
    """Editors get definitions by readable names, every reference resolves, and descriptions are included."""
    schema = json_schema()
    text = json.dumps(schema)
    references = set(re.findall(r'"#/\$defs/([^"]+)"', text))
    assert references <= set(schema["$defs"])
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in schema["$defs"])
    assert schema["$defs"]["ExponentialOfSeconds"]["properties"]["exponential"]["examples"] == ["20 ms"]
    assert schema["$defs"]["Outage"]["required"] == ["at", "for"]
    assert schema["properties"]["run"]["description"]


def test_the_shipped_scenarios_are_beside_the_package() -> None:
    """In a source checkout the shipped folder is the one at the top of the repository."""
    assert shipped_folder() == Path(__file__).resolve().parents[3] / "scenarios"


SECTION = """
scenario: vocabulary
run: {period: {from: 2012-04-01, to: 2012-12-31}, warm_up: auto, series: 1 h, drain: true}
network:
  places:
    county: {count: 2}
    town: {count: 3, weights: [1, 2, 3], within: county, of: [0, 0, 1]}
  stations:
    desk: {servers: [{at: 0 s, servers: 3}, {at: 8 h, servers: 1}], repeat: 24 h, per: town}
    old: {servers: 3, breakdowns: {up: {exponential: 20 s}, down: {exponential: 2 s}}, per: county}
    hsm: {servers: 1, discipline: ps, outages: [{at: 3600 s, for: 60 s, every: 1 d}]}
    line: {servers: 1, capacity: 9, discipline: priority, per: town, speed: [{at: 1 d, factor: 2, place: 1}]}
  pools:
    lines: {tokens: 2, per: county}
    bucket: {tokens: 9, refill: 5 /s}
  states:
    suite: {per: town, start: 1, changes: [{at: 1 d, to: 2}, {at: 2 d, to: 3, place: 0}]}
  flows:
    a:
      arrivals: {scheduled: [{at: 0 s, records: 10}, {at: 1 h, records: 20}]}
      origin: town
      destination: town
      retry: {attempts: unlimited, backoff: {constant: 1 s}}
      patience: {exponential: 1 min}
      timeout: {constant: 1 h}
      zombie: true
      priority: 2
      route:
        - {visit: desk, per_record: 2 ms}
        - {switch: suite, to: {0: wait, 2: exit}}
        - {visit: line, parts: [{exponential: 5 ms}, {each: 2 ms, of: {geometric: {mean: 3}}, beyond: 1}]}
        - {set: suite, at: destination, to: 4}
        - {acquire: bucket, label: wait}
        - {acquire: lines, at: destination}
        - {visit: old, at: destination, demand: {weibull: {mean: 1 s, cv: 2}}}
        - {release: lines}
        - {gate: uniform, spread: 10 min}
        - {loop: {per_records: 100}, of: [{visit: hsm, demand: {constant: 1 ms}}]}
        - {spawn: b}
    b:
      records: 5
      route: [{visit: desk, demand: {constant: 1 s}}]
    c:
      arrivals: {closed: {jobs: 3, think: {exponential: 1 min}}}
      origin: town
      route: [{visit: desk, demand: {constant: 1 s}}]
"""


def test_places_gates_spawning_and_records_are_read(tmp_path: Path) -> None:
    """The vocabulary of places, record loops, gates and spawned flows loads; a spawned job keeps its parent's place."""
    path = tmp_path / "v.yaml"
    path.write_text(SECTION, encoding="utf-8")
    scenario = load(path).scenario
    assert scenario.network is not None
    assert scenario.run.horizon_s == 275 * 86400.0
    assert scenario.network.stations["hsm"].outages[0].for_s == 60.0
    assert scenario.network.flows["b"].arrivals is None
    assert scenario.network.places["town"].of == (0, 0, 1)


def _paths(node: Node, path: NodePath = ()) -> Iterator[NodePath]:
    """Yield the path of every node below one."""
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            yield from [(*path, key), *_paths(entry.node, (*path, key))]
    elif isinstance(node, Sequence):
        for i, item in enumerate(node.items):
            yield from [(*path, i), *_paths(item, (*path, i))]


def test_speeds_states_and_time_outs_are_read(tmp_path: Path) -> None:
    """Dated changes, token buckets, time-outs, parts of a demand and steps that read or set a state load in SI."""
    path = tmp_path / "v.yaml"
    path.write_text(SECTION, encoding="utf-8")
    network = load(path).scenario.network
    assert network is not None
    assert network.stations["line"].speed == (SpeedFrom(at=86400.0, factor=2.0, place=1),)
    assert network.pools["bucket"].refill == 5.0
    assert network.states["suite"].changes == (StateFrom(at=86400.0, to=2), StateFrom(at=172800.0, to=3, place=0))
    flow = network.flows["a"]
    assert (flow.timeout, flow.zombie) == (Constant(constant=3600.0), True)
    switch, visit, assign = flow.route[1:4]
    assert isinstance(switch, SwitchStep)
    assert switch.to == {0: "wait", 2: "exit"}
    assert isinstance(visit, VisitStep)
    assert visit.parts[0] == Exponential(exponential=0.005)
    assert visit.parts[1] == EachPart(each=0.002, of=Geometric(geometric=GeometricMean(mean=3.0)), beyond=1.0)
    assert isinstance(assign, SetStep)
    assert (assign.set, assign.at, assign.to) == ("suite", "destination", 4)


def test_the_resolved_form_of_every_word_reads_back(tmp_path: Path) -> None:
    """What a run keeps as its scenario, written as JSON, is a scenario that is equal to the one it came from."""
    path = tmp_path / "v.yaml"
    path.write_text(SECTION, encoding="utf-8")
    loaded = load(path)
    assert Scenario.model_validate(json.loads(json.dumps(dump_resolved(loaded)))) == loaded.scenario


GENERIC = sorted(["vocabulary.yaml", *(f"textbook/{path.name}" for path in (shipped_folder() / "textbook").glob("*.yaml"))])


@pytest.mark.parametrize("name", GENERIC)
def test_a_shipped_network_compiles_alike_from_its_resolved_form(name: str, tmp_path: Path) -> None:
    """The resolved scenario, with no unit and every default in it, makes the same network as the file."""
    loaded = load(shipped_folder() / name)
    again = Scenario.model_validate(json.loads(json.dumps(dump_resolved(loaded))))
    assert again.model_copy(update={"extends": loaded.scenario.extends}) == loaded.scenario
    one, two = (repr(compile_network(replace(loaded, scenario=scenario))) for scenario in (loaded.scenario, again))
    assert one == two


@pytest.mark.parametrize("written", ["[]", "{}", "[[x]]", "{a: b}", "''", "x", "-1", "99999999999999999999", "5 s"])
def test_whatever_is_written_anywhere_is_read_or_refused_in_plain_words(written: str) -> None:
    """Each value of a scenario replaced by each of some unfit ones gives a model or objections, never an exception."""
    text = Text("f.yaml", SECTION)
    tree, other = parse(text), parse(Text("other.yaml", written))
    assert isinstance(tree, Mapping)
    for path in _paths(tree):
        changed = put(tree, [(str(part), tree.position) for part in path], other, ())
        assert isinstance(changed, Mapping)
        for place, objection in validate(changed)[1]:
            assert place.file in ("f.yaml", "other.yaml")
            assert objection.what
            assert objection.cure
            assert "does not fit" not in objection.what
