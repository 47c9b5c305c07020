"""Routes that are written once and used by many flows: the same network as with the steps written out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

STEPS = "[{visit: web, demand: {exponential: 20 ms}}, {branch: {exit: 1}}]"
HEAD = "scenario: x\nrun: {horizon: 100 s}\nnetwork:\n  stations: {web: {servers: 1}}\n"


def written(folder: Path, text: str) -> Path:
    """Write a scenario file."""
    path = folder / "x.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def flows(route: str) -> str:
    """Two flows that go the same way."""
    return "  flows:\n" + "".join(f"    {name}: {{arrivals: {{poisson: 1 /s}}, route: {route}}}\n" for name in "ab")


def test_a_name_stands_for_the_steps(tmp_path: Path) -> None:
    """Both ways of writing are one network."""
    named = compile_network(load(written(tmp_path, f"  routes: {{way: {STEPS}}}\n" + flows("way"))))
    listed = compile_network(load(written(tmp_path, flows(STEPS))))
    assert named == replace(listed, name=named.name)


def test_a_setting_in_the_route_reaches_every_flow(tmp_path: Path) -> None:
    """A step is changed where it is written, and a flow may be given another route by its name."""
    path = written(tmp_path, f"  routes: {{way: {STEPS}, other: [{{delay: {{constant: 1 s}}}}]}}\n" + flows("way"))
    slower = compile_network(load(path, sets=("network.routes.way.0.demand.exponential=30 ms",)))
    assert [flow.route[0].demand.mean for flow in slower.flows] == [0.03, 0.03]  # type: ignore[union-attr]
    changed = compile_network(load(path, sets=("network.flows.b.route=other",)))
    assert [len(flow.route) for flow in changed.flows] == [2, 1]


def test_a_fault_is_told_once_where_it_is_written(tmp_path: Path) -> None:
    """What is wrong with a step is one fault, however many flows use it."""
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, f"  routes: {{way: {STEPS.replace('web', 'wob')}}}\n" + flows("way")))
    assert [(fault.what, fault.position.line if fault.position else 0) for fault in caught.value.faults] == [
        ('unknown station "wob"', 5)
    ]
