"""Random networks use the whole vocabulary, and a difference between two runs is named."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network import model
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit
from jukinet_sim.verify import twins
from jukinet_sim.verify.random_networks.features import FEATURES, features
from jukinet_sim.verify.random_networks.networks import random_network


def small() -> Replication:
    """Run one queue for a while."""
    flow = Flow("f", (Visit("s", dist.exponential(1.0)),), Poisson(0.8))
    program = compile_program(Network("n", 50.0, (Station("s", 1),), (flow,)))
    return conduct(make_engine("reference", program, 1, 0, keep_rows=True), program, 0)


def test_networks_use_everything() -> None:
    """Among 500 networks every feature occurs at least five times, and none that has no name."""
    used = Counter(feature for number in range(500) for feature in features(random_network(1, number)))
    assert set(used) == FEATURES
    assert min(used.values()) >= 5, used.most_common()[-9:]


UNCHANGED = {"Network.warm_up_auto", "Network.notes"}
"""What no engine reads, and what each engine counts in its own way."""


def said(part: Any) -> Iterator[str]:
    """Name every field that is not at its default, in a description and all that it holds."""
    if isinstance(part, tuple):
        for each in part:
            yield from said(each)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, np.ndarray) or value != field.default:
                yield f"{type(part).__name__}.{field.name}"
                yield from said(value)


def test_networks_say_everything() -> None:
    """Every field of every description takes a value beside its default, and every kind of step and arrivals occurs."""
    found = {name for number in range(200) for name in said(random_network(2, number))}
    kinds = [each for _, each in inspect.getmembers(model, is_dataclass) if each is not model.Focus]
    every = {f"{kind.__name__}.{field.name}" for kind in [*kinds, dist.Distribution] for field in fields(kind)}
    assert every - found == UNCHANGED
    assert {kind.__name__ for kind in get_args(model.Step) + get_args(model.Arrivals)} <= FEATURES


def test_a_network_is_a_function_of_seed_and_number() -> None:
    """The same seed and number make the same network, others make others."""
    assert repr(random_network(5, 3)) == repr(random_network(5, 3))
    assert len({repr(random_network(seed, number).flows) for seed in (5, 6) for number in range(10)}) == 20


@pytest.mark.parametrize("number", range(30))
def test_networks_can_be_laid_out(number: int) -> None:
    """Nothing that is made is refused when it is compiled."""
    assert compile_program(random_network(7, number)).stations >= 1


def test_equal_runs_do_not_differ() -> None:
    """Two runs of one network and seed have no difference."""
    assert twins.differences(small(), small()) == []


@pytest.mark.parametrize("field", ["flow_sums", "station_sums", "pool_sums"])
def test_one_bit_is_a_difference(field: str) -> None:
    """A sum that is off by its last bit is named."""
    run = small()
    sums = getattr(run, field)
    key = sorted(sums)[0]
    changed = {**sums, key: np.nextafter(np.append(sums[key], 0.0), np.inf)[: max(1, sums[key].size)]}
    assert twins.differences(run, replace(run, **{field: changed})) == [f"{field}.{key}"]


def test_limits_are_compared_by_kind() -> None:
    """The step at which a limit was noticed may differ, what limit it was may not."""
    a = replace(small(), limit="the event budget of 9 was used up; most frequent step: f: 0 visit s")
    assert twins.differences(a, replace(a, limit="the event budget of 9 was used up; most frequent step: f: 1 delay")) == []
    assert twins.differences(a, replace(a, limit="too many steps at one instant at f: 0 visit s")) == ["limit"]


def test_a_crash_is_told_with_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that raises makes a verdict, not an end of the battery."""

    def crash(*_: object) -> None:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(twins, "compare", crash)
    verdict = twins.compare_random((1, 17))
    assert (verdict.number, verdict.differences) == (17, ("ZeroDivisionError: here",))
