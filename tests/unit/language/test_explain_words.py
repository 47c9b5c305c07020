"""`explain` for every key of the shipped scenario that uses all words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jukinet_sim.language.yaml_source import Mapping, Node, Sequence
from jukinet_sim.report.explain import explain
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import shipped_folder


@pytest.fixture(scope="module")
def vocabulary() -> Loaded:
    """The shipped scenario that uses every word of a generic network's own."""
    return load(shipped_folder() / "vocabulary.yaml")


def _keys(node: Node, before: str = "") -> Iterator[str]:
    """Yield the dotted path of every node below one."""
    below: dict[str, Node] = {}
    if isinstance(node, Mapping):
        below = {key: entry.node for key, entry in node.entries.items()}
    elif isinstance(node, Sequence):
        below = {str(i): item for i, item in enumerate(node.items)}
    for key, child in below.items():
        yield before + key
        yield from _keys(child, f"{before}{key}.")


def test_every_key_of_a_file_can_be_explained(vocabulary: Loaded) -> None:
    """Each key, entry and number in use names its value and the line where it is set."""
    keys = list(_keys(vocabulary.tree))
    assert "network.flows.request.route.1.to.1" in keys
    for key in keys:
        lines = explain(key, vocabulary)
        assert any(line.startswith("  value ") for line in lines), key
        assert any(line.startswith("  set at ") and "vocabulary.yaml" in line for line in lines), key


def test_an_entry_of_a_route_is_explained_as_what_it_is(vocabulary: Loaded) -> None:
    """A switch is not described as a visit, and its `to` not as the value that another step sets."""
    shown = "\n".join(explain("network.flows.request.route.1", vocabulary))
    assert "present value of a state" in shown
    assert "Wait for a server" not in shown
    assert "mapping from numbers" in "\n".join(explain("network.flows.request.route.1.to", vocabulary))


def test_other_kinds_than_the_one_in_use_are_explained(vocabulary: Loaded) -> None:
    """A key of another kind of arrivals is explained although the flow's are of a different kind."""
    shown = "\n".join(explain("network.flows.rollout.arrivals.sinusoid.amplitude", vocabulary))
    assert "Largest deviation" in shown
    assert "not used in" in shown
