"""What holds for the differences of any two scenarios."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar, Sequence
from jukinet_sim.scenario.difference import differences
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder

FILES = ("vocabulary.yaml", "tiny.yaml", "textbook/retrial.yaml", "textbook/breakdowns.yaml")
NUMBER = re.compile(r"([0-9]+\.?[0-9]*)( ?[a-zA-Z%/][a-zA-Z/]*)?")
OF_A_FIGURE = re.compile(r"\.(value|range\.[01])$")
STEPS = ("{visit: a, demand: {constant: 1 s}}", "{visit: a, demand: {constant: 2 s}}", "{visit: b, demand: {constant: 1 s}}",
         "{delay: {constant: 1 s}}", "{delay: {constant: 2 s}}", "{loop: 2, of: [{delay: {constant: 1 s}}]}")  # fmt: skip


@cache
def shipped(file: str) -> Loaded:
    """Load a shipped scenario once."""
    return load(shipped_folder() / file)


def numbers(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Yield the dotted path and the text of every number below a node."""
    if isinstance(node, Mapping):
        for key, entry in node.entries.items():
            if key not in ("overrides", "schema"):
                yield from numbers(entry.node, (*path, key))
    elif isinstance(node, Sequence):
        for i, item in enumerate(node.items):
            yield from numbers(item, (*path, str(i)))
    elif isinstance(node, Scalar) and NUMBER.fullmatch(node.text):
        yield ".".join(path), node.text


KEYS = [(file, key, text) for file in FILES for key, text in numbers(shipped(file).tree)]


@pytest.mark.parametrize("file", FILES)
def test_a_scenario_does_not_differ_from_itself(file: str) -> None:
    """Loaded twice, a scenario has no difference."""
    assert differences(shipped(file), load(shipped_folder() / file)) == ()


@settings(max_examples=30, deadline=None)
@given(where=st.sampled_from(KEYS), factor=st.sampled_from([0.5, 1.5, 2, 3]))
def test_one_setting_is_one_difference(where: tuple[str, str, str], factor: float) -> None:
    """Whatever number of a scenario is set to another one, its key is named and no other; a figure stands for its parts."""
    file, key, text = where
    match = NUMBER.fullmatch(text)
    assert match is not None
    changed = f"{float(match[1]) * factor:g}{match[2] or ''}"
    try:
        b = load(shipped_folder() / file, sets=[f"{key}={changed}"])
    except ScenarioError:
        assume(False)
        raise
    found = differences(shipped(file), b)
    assume(float(match[1]) != 0)
    figure = OF_A_FIGURE.sub("", key) if file == "tiny.yaml" else key
    assert [one.key for one in found] == [figure]


@st.composite
def pairs_of_routes(draw: Any) -> tuple[list[str], list[str]]:
    """Draw two routes, the second one often made from the first."""
    route = st.lists(st.sampled_from(STEPS), min_size=1, max_size=7)
    first: list[str] = draw(route)
    second = draw(st.one_of(route, st.permutations(first), st.just(first + first[:1]), st.just(first[1:] or first)))
    return first, list(second)


@settings(max_examples=60, deadline=None)
@given(routes=pairs_of_routes())
def test_entries_add_up(routes: tuple[list[str], list[str]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """There is a difference just where lists are not equal, and what came less what went makes the difference in length."""
    file = tmp_path_factory.mktemp("routes") / "r.yaml"
    file.write_text(
        "scenario: r\nrun: {horizon: 1 s}\nnetwork:\n  stations: {a: {servers: 1}, b: {servers: 1}}\n"
        "  flows: {f: {arrivals: {poisson: 1 /s}, route: []}}\n".replace("[]", "[{delay: {constant: 9 s}}]"),
        encoding="utf-8",
    )
    a, b = (load(file, sets=[f"network.flows.f.route=[{', '.join(route)}]"]) for route in routes)
    found = differences(a, b)
    assert bool(found) == (routes[0] != routes[1])
    changes = [one.change for one in found]
    assert changes.count("added") - changes.count("removed") == len(routes[1]) - len(routes[0])
