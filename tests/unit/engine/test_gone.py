"""Room for what is counted of jobs that leave: there is some for every flow and station wherever one can leave at all."""

from __future__ import annotations

import pytest

from jukinet_sim.chance.distributions import constant
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.tally import Tally, jobs_may_leave
from jukinet_sim.network.model import Acquire, Delay, Flow, Loop, Network, Poisson, Pool, Release, Station, Step, Visit

SECOND = constant(1.0)
HELD: tuple[Step, ...] = (Acquire("p"), Delay(SECOND), Release("p"))
HASTY: tuple[Step, ...] = (Acquire("p", patience=SECOND), Delay(SECOND), Release("p"))


@pytest.mark.parametrize(
    ("flow", "capacity", "may"),
    [
        (Flow("f", HELD), None, False),
        (Flow("f", HASTY), None, True),
        (Flow("f", (Loop(HASTY, times=2),)), None, True),
        (Flow("f", HELD, patience=SECOND), None, True),
        (Flow("f", HELD, timeout=SECOND), None, True),
        (Flow("f", HELD), 3, True),
    ],
)
def test_whoever_may_leave_is_counted(flow: Flow, capacity: int | None, may: bool) -> None:
    """Patience at stations and pools, time-outs and full stations are all the ways out before the end."""
    other = Flow("other", (Visit("s", SECOND),), Poisson(1.0))
    flows = (other, Flow(flow.name, flow.route, Poisson(1.0), patience=flow.patience, timeout=flow.timeout))
    network = Network("n", 10.0, (Station("s", 1, capacity=capacity), Station("t", 1)), flows, (Pool("p", 1),))
    tally = Tally(compile_program(network))
    assert jobs_may_leave(network) is may
    assert len(tally.flow_gone) == (2 if may else 1)
    assert len(tally.station_gone) == (2 if may else 1)
