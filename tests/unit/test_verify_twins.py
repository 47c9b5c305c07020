"""Random networks use the whole vocabulary, and a difference between two runs is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import Flow, Network, Poisson, Station, Visit, all_steps
from jukinet_sim.verify import twins
from jukinet_sim.verify.random_networks.networks import random_network

VOCABULARY = {
    "Visit", "Delay", "Gate", "Acquire", "Release", "Branch", "Loop", "Spawn", "Switch", "Assign", "Part",
    "Poisson", "BatchPoisson", "Renewal", "Piecewise", "ExactCount", "Scheduled", "Sinusoid", "Modulated", "Closed",
    "priority", "ps", "capacity", "schedule", "repeat", "breakdowns", "per station", "outages", "speed", "per place",
    "patience", "timeout", "zombie", "retry", "retry for ever", "refill", "state", "states change", "drain", "series", "share",
}  # fmt: skip


def words(network: Network) -> set[str]:
    """Name what a network uses."""
    found = {type(flow.arrivals).__name__ for flow in network.flows}
    for flow in network.flows:
        steps = list(all_steps(flow.route))
        found |= {type(step).__name__ for step in steps} | {"Part" for step in steps if getattr(step, "parts", ())}
        met = {"patience": flow.patience, "timeout": flow.timeout, "retry": flow.retry, "zombie": flow.timeout and flow.zombie}
        met |= {"retry for ever": flow.retry and flow.retry.attempts is None, "share": flow.share is not None}
        found |= {word for word, used in met.items() if used}
    for s in network.stations:
        met = {"capacity": s.capacity, "schedule": s.schedule, "repeat": s.schedule and s.schedule.repeat_s}
        met |= {"breakdowns": s.breakdowns, "per station": s.breakdowns and s.breakdowns.per == "station"}
        met |= {"outages": s.outages, "speed": s.speed, "per place": s.per, s.discipline: True}
        found |= {word for word, used in met.items() if used}
    met = {"refill": any(p.refill_per_s for p in network.pools), "state": network.states, "drain": network.drain}
    met |= {"states change": any(s.changes for s in network.states), "series": network.series_bin_s}
    return found | {word for word, used in met.items() if used}


def small() -> Replication:
    """Run one queue for a while."""
    flow = Flow("f", (Visit("s", dist.exponential(1.0)),), Poisson(0.8))
    program = compile_program(Network("n", 50.0, (Station("s", 1),), (flow,)))
    return conduct(make_engine("reference", program, 1, 0, keep_rows=True), program, 0)


def test_networks_use_everything() -> None:
    """Among 200 networks every word of the vocabulary occurs."""
    found = set().union(*(words(random_network(1, number)) for number in range(200)))
    assert found >= VOCABULARY, VOCABULARY - found


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
