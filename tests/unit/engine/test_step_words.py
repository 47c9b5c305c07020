"""Steps of the table in words that stand in the scenario."""

from __future__ import annotations

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.step_words import step_in_words
from jukinet_sim.network.model import (
    Acquire,
    Assign,
    Closed,
    Delay,
    Flow,
    Loop,
    Network,
    Part,
    Pool,
    Release,
    Retry,
    State,
    Station,
    Switch,
    Visit,
)

TIME = dist.exponential(1.0)
ROUTE = (
    Acquire("tokens"),
    Loop((Visit("desk", TIME, parts=(Part(TIME),)), Delay(TIME, "rest")), times=2),
    Switch("mood", ((1, "off"),)),
    Assign("mood", 1),
    Release("tokens", label="off"),
)
NETWORK = Network(
    "words", 10.0, (Station("desk", 1, capacity=3),), (Flow("my.flow", ROUTE, Closed(2, TIME), retry=Retry(3, TIME)),),
    (Pool("tokens", 1),), states=(State("mood"),),
)  # fmt: skip


def test_every_step_of_a_table_has_words() -> None:
    """Each step is named by what it does, its flow and its label; parts as their visit, the end of a loop as the loop."""
    assert [step_in_words(NETWORK, name) for name in compile_program(NETWORK).step_names] == [
        "acquire tokens of my.flow", "loop of my.flow", "visit desk of my.flow", "visit desk of my.flow",
        "delay of my.flow (rest)", "loop of my.flow", "switch mood of my.flow", "set mood of my.flow",
        "release tokens of my.flow (off)", "end of my.flow", "back-off of my.flow", "think time of my.flow",
        "clock: time-out", "clock: breakdown",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["nobody: 0", "my.flow: 99", "plain"])
def test_what_is_not_known_stays_as_it_is(name: str) -> None:
    """A name that is no step of the network is given back."""
    assert step_in_words(NETWORK, name) == name
