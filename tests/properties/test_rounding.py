"""The exact laws where numbers are so large or so far apart that rounding shows, and where something really is wrong."""

from __future__ import annotations

import pytest

from jukinet_sim.base.errors import JukinetError
from jukinet_sim.chance import distributions as dist
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import IDENTITY_TOLERANCE, conduct
from jukinet_sim.network.model import Flow, Network, Outage, Poisson, Scheduled, SpeedFrom, Station, Visit, frozen_floats
from tests.twins.compare import assert_twins

HUGE = dist.constant(1e15)
MIXED = dist.empirical((0.1, 1e15, 3e11), (8.0, 1.0, 1.0))
MANY = tuple(Outage(0.15 + 0.1 * i, 0.03) for i in range(300))
CHANGES = tuple(SpeedFrom(0.3 * i, 1.3 if i % 2 else 0.7) for i in range(100))


def flow(demand: Distribution, timeout_s: float | None = None, rate: float = 3.0) -> Flow:
    """Build a flow of visits to the one station."""
    timeout = None if timeout_s is None else dist.constant(timeout_s)
    return Flow("f", (Visit("s", demand),), Poisson(rate), timeout=timeout)


CASES = {
    "one that never ends": (Station("s", 1), flow(HUGE)),
    "several servers": (Station("s", 7), flow(MIXED)),
    "stopped again and again": (Station("s", 2, None, MANY), flow(MIXED)),
    "speeds": (Station("s", 2, speed=CHANGES), flow(MIXED)),
    "broken off": (Station("s", 2), flow(MIXED, 0.7)),
    "shared": (Station("s", 2, discipline="ps"), flow(MIXED)),
    "shared and broken off": (Station("s", 2, None, MANY, discipline="ps"), flow(MIXED, 0.7)),
    "shared at a huge speed": (Station("s", 1, discipline="ps", speed=(SpeedFrom(0.0, 1e9),)), flow(dist.exponential(1.0))),
    "above all numbers": (Station("s", 3), flow(dist.constant(1e308))),
}


@pytest.mark.parametrize("warm_up_s", [0.0, 10.1])
@pytest.mark.parametrize("case", CASES)
def test_laws_hold_whatever_the_magnitudes(case: str, warm_up_s: float) -> None:
    """Demands of millions of years in a run of seconds are legal, and an overload is no broken law."""
    station, visits = CASES[case]
    one = assert_twins(Network("huge", 30.0, (station,), (visits,), warm_up_s=warm_up_s))
    assert one.limit is None


def test_a_short_window_after_a_long_past() -> None:
    """Jobs that were in the system for ages before a short window do not break Little's law in it."""
    ages = Scheduled(frozen_floats([0.1 * i for i in range(3000)]), (1,) * 3000)
    held = Flow("f", (Visit("s", dist.uniform(1e9, 1e9 + 10.0)),), ages)
    network = Network("late", 1e9 + 310.0, (Station("s", 5000),), (held,), warm_up_s=1e9 + 1.0)
    assert assert_twins(network).flow_counts["completed"].sum() > 2900


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(("word", "law"), [(L.S_GIVEN, "busy time"), (L.S_AREA_BUSY, "busy time")])
@pytest.mark.parametrize("demand", [dist.exponential(0.2), dist.constant(1e5)], ids=["short", "long"])
def test_a_wrong_booking_is_still_seen(engine: EngineName, word: int, law: str, demand: Distribution) -> None:
    """A millisecond of service that was booked for nobody stops the run with the name of the law."""
    program = compile_program(Network("wrong", 30.0, (Station("s", 1),), (flow(demand),)))
    made = make_engine(engine, program, 1, 0)
    made.tally.sf[word + 1] += 1e-3
    with pytest.raises(JukinetError, match=law):
        conduct(made, program, 0)
    assert IDENTITY_TOLERANCE < 1e-3 / 30.0
