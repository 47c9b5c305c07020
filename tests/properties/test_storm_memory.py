"""What could fill an engine's memory, or wait for it for ever: time-outs set and cancelled at one instant, and many clocks."""

from __future__ import annotations

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import Breakdowns, Flow, Network, Poisson, Retry, Station, Visit
from tests.twins.compare import assert_twins


@pytest.mark.parametrize(
    "retry",
    [Retry(None, dist.constant(0.0)), Retry(None, dist.uniform(0.0, 1.0), 0.5)],
    ids=["no back-off", "back-off that shrinks to nothing"],
)
def test_every_attempt_sets_and_cancels_a_clock(retry: Retry) -> None:
    """Cancelled time-outs of one instant are cleared away before they fill the heap; both engines stop at the same step."""
    flow = Flow("f", (Visit("u", dist.exponential(0.4)),), Poisson(1.0), timeout=dist.constant(5.0), retry=retry)
    network = Network("storm", 200.0, (Station("u", 1, capacity=1),), (flow,), same_instant_budget=20_000)
    run = assert_twins(network)
    assert run.limit is not None
    assert not run.complete


def test_clocks_are_no_jobs() -> None:
    """A station of 2,000 servers that fail runs under a budget of 50 jobs, for the clocks of its servers do not count."""
    breakdowns = Breakdowns(dist.exponential(50.0), dist.exponential(5.0))
    flow = Flow("f", (Visit("u", dist.exponential(0.4)),), Poisson(1.0))
    network = Network("clocks", 20.0, (Station("u", 2000, breakdowns=breakdowns),), (flow,), job_budget=50)
    run = assert_twins(network)
    assert run.limit is None
    assert run.flow_counts["arrived"][0] > 0
