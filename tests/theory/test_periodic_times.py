"""Times that repeat are multiples of their period, so that what meets once meets for ever."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network.model import (
    Acquire,
    Flow,
    Network,
    Outage,
    Piecewise,
    Pool,
    Renewal,
    Schedule,
    Scheduled,
    SpeedFrom,
    State,
    Station,
    Switch,
    Visit,
    frozen_floats,
)

BEATS: dict[EngineName, int] = {"fast": 30_000, "reference": 3_000}
"""Periods in a run; rounding parts sums from multiples within the first hundred."""
Floats = NDArray[np.float64]


def run(engine: EngineName, network: Network) -> Replication:
    """Run one replication, rows kept."""
    program = compile_program(network)
    return conduct(make_engine(engine, program, 1, 0, keep_rows=True), program, 0)


def visits(one: Replication) -> Floats:
    """Arrival, start and end of each visit, in order of arrival."""
    assert one.visit_rows is not None
    times = one.visit_rows[1]
    return times[np.argsort(times[:, 0], kind="stable")].T


@pytest.mark.parametrize("period_s", [0.1, 0.3, 1.0 / 3.0, 86400.0 / 7.0])
def test_constant_intervals_are_multiples(engine: EngineName, period_s: float) -> None:
    """The k-th arrival of a renewal process with constant intervals comes at k times the interval, rounded once."""
    beats = BEATS[engine]
    beat = Flow("beat", (Visit("s", dist.constant(period_s / 4.0)),), Renewal(dist.constant(period_s)))
    arrive, _, _ = visits(run(engine, Network("beat", beats * period_s, (Station("s", 1),), (beat,))))
    np.testing.assert_array_equal(arrive, np.arange(1, len(arrive) + 1) * period_s)
    assert len(arrive) >= beats - 2


@pytest.mark.parametrize(("period_s", "demand_s"), [(0.1, 0.05), (0.1, 0.03), (0.7, 0.11), (3.6, 1.1), (1.0 / 3.0, 0.1)])
def test_an_outage_that_begins_as_each_service_ends(engine: EngineName, period_s: float, demand_s: float) -> None:
    """Dated changes come first at their instant, so each service is stopped with nothing left to do and ends after the outage.

    The ends of services and the beginnings of outages are equal on paper, and differ in the last bits at many beats.
    """
    beats, lasts_s = BEATS[engine], period_s / 10.0
    outages = tuple(Outage((period_s + demand_s) + i * period_s, lasts_s) for i in range(beats))
    beat = Flow("beat", (Visit("t", dist.constant(demand_s)),), Renewal(dist.constant(period_s)))
    one = run(engine, Network("stop", beats * period_s, (Station("t", 1, None, outages),), (beat,)))
    arrive, start, end = visits(one)
    assert len(arrive) >= beats - 2
    np.testing.assert_array_equal(start, arrive)
    np.testing.assert_allclose(end - arrive, demand_s + lasts_s, rtol=0.0, atol=1e-14 * beats * period_s)
    on_paper, in_engine = [o.at_s for o in outages[: len(arrive)]], arrive + demand_s
    assert np.any(in_engine < on_paper), "rounding must matter in this case"


def test_an_outage_that_ends_as_each_job_comes(engine: EngineName) -> None:
    """A server that is back at the instant of an arrival, first of all, lets nobody wait."""
    beats = BEATS[engine]
    outages = tuple(Outage(0.07 + 0.1 * i, 0.03) for i in range(beats))
    beat = Flow("beat", (Visit("t", dist.constant(0.05)),), Renewal(dist.constant(0.1)))
    arrive, start, _ = visits(run(engine, Network("back", beats * 0.1, (Station("t", 1, None, outages),), (beat,))))
    np.testing.assert_array_equal(start, arrive)


def test_changes_of_every_kind_come_with_their_event(engine: EngineName) -> None:
    """Servers, speeds and states that change within rounding of an arrival count for it."""
    later = np.nextafter(0.3, 1.0)
    come = Flow("f", (Visit("s", dist.constant(1.0)),), Scheduled(frozen_floats([0.3]), (1,)))
    shift = Station("s", 1, schedule=Schedule((0.0, later), (0, 1)))
    quick = Station("s", 1, speed=(SpeedFrom(later, 4.0),))
    for station, ends in ((shift, 0.3 + 1.0), (quick, 0.3 + 0.25)):
        arrive, start, end = visits(run(engine, Network("with", 9.0, (station,), (come,))))
        assert (arrive[0], start[0], end[0]) == (0.3, 0.3, ends)
    chosen = replace(come, route=(Switch("state", ((1, None),)), *come.route))
    state = State("state", 0, None, ((later, None, 1),))
    one = run(engine, Network("chosen", 9.0, (Station("s", 1),), (chosen,), states=(state,)))
    assert one.station_counts["started"].tolist() == [0]


def test_repeated_rates_begin_at_multiples(engine: EngineName) -> None:
    """A table of rates that repeats begins its k-th round at k times its length; nothing comes while the rate is 0."""
    rounds_run, length_s, on_s = BEATS[engine] // 3 * 2, 0.1, 0.03
    rates = Piecewise(frozen_floats([0.0, on_s]), frozen_floats([400.0, 0.0]), length_s)
    flow = Flow("f", (Visit("s", dist.constant(1e-6)),), rates)
    arrive, _, _ = visits(run(engine, Network("rounds", rounds_run * length_s, (Station("s", 100),), (flow,))))
    rounds = np.floor(arrive / length_s + 0.5 * (1.0 - on_s / length_s))
    assert np.all(arrive >= rounds * length_s)
    assert np.all(arrive < rounds * length_s + on_s)
    assert len(np.unique(rounds)) > 0.9975 * rounds_run


def test_rates_that_bring_a_job_in_a_billion_rounds(engine: EngineName) -> None:
    """Rounds that are passed at once bring as many jobs as ever, within five standard deviations of a Poisson count.

    Where a round brings so little that there is no number for it, nothing ever comes.
    """
    for on_s, expected in ((1e-4, 400.0), (5e-324, 0.0)):
        rates = Piecewise(frozen_floats([0.0, on_s]), frozen_floats([1e-5, 0.0]), 0.25)
        horizon_s = 400.0 * 0.25 / (1e-4 * 1e-5)
        flow = Flow("f", (Visit("s", dist.constant(1.0)),), rates)
        one = run(engine, Network("slivers", horizon_s, (Station("s", 1),), (flow,)))
        assert abs(one.flow_counts["arrived"][0] - expected) <= 5.0 * expected**0.5


def test_tokens_come_at_multiples(engine: EngineName) -> None:
    """The k-th token that a bucket gives out in a row comes k intervals after the first."""
    flow = Flow("f", (Acquire("quota"), Visit("s", dist.constant(1e-6))), Scheduled(np.zeros(3000), (1,) * 3000))
    network = Network("tokens", 400.0, (Station("s", 10),), (flow,), (Pool("quota", 1, None, 10.0),))
    arrive, _, _ = visits(run(engine, network))
    np.testing.assert_array_equal(arrive, np.arange(3000) * 0.1)
