"""How full queues were, and for how long somebody waited: worked out by hand, from visit rows, and within bounds of areas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import (
    Acquire,
    Flow,
    Network,
    Outage,
    PlaceLevel,
    Poisson,
    Pool,
    Scheduled,
    Station,
    Visit,
    frozen_floats,
)
from tests.properties.test_conservation import BRIEFLY, ENGINES, ROUNDING, run
from tests.twins.compare import run_fast
from tests.twins.networks import networks

DESK = (Visit("s", dist.constant(0.5)),)
TEN_JOBS = [float(second) for second in range(10)]
OUTAGE = (Outage(3.25, 3.875),)
"""From 3.25 s the job that came at 3 s waits again, and others with it. At 7.125 s five wait and the server works on: they
leave the queue at 7.125, 7.375, 7.875, 8.375, 8.875, 9.375 and 9.875 s, while two more come at 8 and 9 s. Then none waits."""


def arriving(at_s: list[float], route: tuple[Visit | Acquire, ...] = DESK, **changes: object) -> Network:
    """One job at each of these times, one server, half a second of service unless the route says otherwise."""
    flow = Flow("f", route, Scheduled(frozen_floats(at_s), (1,) * len(at_s)))
    return replace(Network("queues", 20.0, (Station("s", 1),), (flow,)), **changes)  # type: ignore[arg-type]  # any field


def at_station(one: Replication, station: int = 0) -> list[float]:
    """Peak, number at the end, length and beginning of the longest stretch."""
    return [float(one.station_queues[key][station]) for key in ("peak", "at_end", "longest", "longest_from")]


def at_pool(one: Replication, pool: int = 0) -> list[float]:
    """The same of a pool."""
    return [float(one.pool_queues[key][pool]) for key in ("peak", "at_end", "longest", "longest_from")]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("window_s", "history"),
    [
        ((0.0, 20.0), [5.0, 0.0, 6.625, 3.25]),
        ((0.0, 9.5), [5.0, 1.0, 6.25, 3.25]),
        ((5.0, 20.0), [5.0, 0.0, 4.875, 5.0]),
        ((8.5, 20.0), [2.0, 0.0, 1.375, 8.5]),
        ((10.0, 20.0), [0.0, 0.0, 0.0, 0.0]),
        ((8.5, 9.25), [2.0, 2.0, 0.75, 8.5]),
    ],
)
def test_queue_behind_an_outage(engine: EngineName, window_s: tuple[float, float], history: list[float]) -> None:
    """A job a second behind an outage queue up as worked out; a window cuts the stretch at both its ends."""
    warm_up_s, horizon_s = window_s
    stations = (Station("s", 1, None, OUTAGE),)
    one = run(engine, arriving(TEN_JOBS, stations=stations, warm_up_s=warm_up_s, horizon_s=horizon_s))
    assert at_station(one) == history


@pytest.mark.parametrize("engine", ENGINES)
def test_bins_of_a_series_do_not_cut_a_stretch(engine: EngineName) -> None:
    """Ends of bins, some of them at the very time of an event, change nothing."""
    stations = (Station("s", 1, None, OUTAGE),)
    one = run(engine, arriving(TEN_JOBS, stations=stations, series_bin_s=0.125))
    assert at_station(one) == [5.0, 0.0, 6.625, 3.25]


@pytest.mark.parametrize("engine", ENGINES)
def test_queue_that_is_empty_for_no_time_is_not_interrupted(engine: EngineName) -> None:
    """At 2 s the second job begins and the third comes, so that somebody waits from 1 s to 3 s."""
    one = run(engine, arriving([1.0, 1.0, 2.0], (Visit("s", dist.constant(1.0)),)))
    assert at_station(one) == [1.0, 0.0, 2.0, 1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_queue_of_no_length_in_time_lasted_no_time(engine: EngineName) -> None:
    """The job that comes at 1.5 s, just as the server becomes idle, may stand in the queue but does not wait."""
    one = run(engine, arriving([1.0, 1.5]))
    assert at_station(one)[1:] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_first_of_equal_stretches_is_named(engine: EngineName) -> None:
    """Of two stretches of half a second the earlier is told."""
    one = run(engine, arriving([2.0, 2.0, 5.0, 5.0]))
    assert at_station(one) == [1.0, 0.0, 0.5, 2.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_nobody_waits_for_a_shared_server(engine: EngineName) -> None:
    """Under processor sharing there is no queue, however many share; at the opening of the window neither."""
    one = run(engine, arriving([1.0] * 5, stations=(Station("s", 1, None, (), "ps"),), warm_up_s=1.5, horizon_s=2.0))
    assert one.flow_counts["in_system"].tolist() == [5]
    assert at_station(one) == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_queue_for_tokens(engine: EngineName) -> None:
    """One token, held for 2 s from 1 s on by three jobs that come 0.5 s apart: somebody waits from 1.5 s to 5 s."""
    stations, pools = (Station("s", 5),), (Pool("p", 1),)
    one = run(engine, arriving([1.0, 1.5, 2.0], (Acquire("p"), Visit("s", dist.constant(2.0))), stations=stations, pools=pools))
    assert at_pool(one) == [2.0, 0.0, 3.5, 1.5]


@pytest.mark.parametrize("engine", ENGINES)
def test_queue_for_a_bucket(engine: EngineName) -> None:
    """Of three jobs at 1 s one passes at once and one each second after: somebody waits until 3 s, one at 2.5 s."""
    pools = (Pool("p", 1, refill_per_s=1.0),)
    network = arriving([1.0] * 3, (Acquire("p"), *DESK), stations=(Station("s", 5),), pools=pools)
    assert at_pool(run(engine, network)) == [2.0, 0.0, 2.0, 1.0]
    assert at_pool(run(engine, replace(network, horizon_s=2.5))) == [2.0, 1.0, 1.5, 1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_place_has_a_history_of_its_own(engine: EngineName) -> None:
    """An outage of one of two equal places makes its queue the longer one."""
    towns = PlaceLevel("town", 2, frozen_floats([1.0, 1.0]))
    flow = Flow("f", DESK, Poisson(1.0), origin="town")
    stations = (Station("s", 2, "town", (Outage(50.0, 200.0, 1),)),)
    one = run(engine, Network("places", 400.0, stations, (flow,), levels=(towns,)))
    still, broken = at_station(one, 0), at_station(one, 1)
    assert broken[2] > 150.0 > still[2]
    assert 50.0 <= broken[3] < 100.0
    assert broken[0] > 50.0 > still[0]


@pytest.mark.parametrize("servers", [1, 3])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_longest_stretch_is_that_of_the_visits(servers: int, seed: int) -> None:
    """The longest stretch covered by the waits of visits, as their rows tell them, is the one observed."""
    flow = Flow("f", (Visit("s", dist.exponential(0.8 * servers)),), Poisson(1.0))
    one = run_fast(Network("random", 2000.0, (Station("s", servers),), (flow,), drain=True), seed)
    assert one.visit_rows is not None
    rows = one.visit_rows[1][np.argsort(one.visit_rows[1][:, 0], kind="stable")]
    longest, longest_from, begin, end = 0.0, 0.0, 0.0, -1.0
    for arrive, start in rows[rows[:, 1] > rows[:, 0], :2].tolist():
        begin, end = (arrive, start) if arrive > end else (begin, max(end, start))
        if end - begin > longest:
            longest, longest_from = end - begin, begin
    assert at_station(one)[1:] == [0.0, longest, longest_from]


@BRIEFLY
@given(networks())
def test_histories_are_bounded_by_areas(network: Network) -> None:
    """Somebody waits all through the longest stretch, and never do more than at the peak; stretches lie in the window."""
    one = run_fast(network)
    start_s, end_s = one.window_s
    waits = [station.discipline != "ps" for station in network.stations for _ in range(_places(network, station))]
    for queues, sums, counted in (
        (one.station_queues, one.station_sums, np.array(waits)),
        (one.pool_queues, one.pool_sums, np.ones(len(one.pool_sums["wait"]))),
    ):
        area = sums["queue_area"] * counted
        assert (queues["longest"] <= area * ROUNDING + 1e-9).all()
        assert (area <= queues["peak"] * (end_s - start_s) * ROUNDING + 1e-9).all()
        assert (queues["at_end"] <= queues["peak"]).all()
        some = queues["longest"] > 0.0
        assert (queues["longest_from"][some] >= start_s).all()
        assert (queues["longest_from"] + queues["longest"] <= end_s * ROUNDING)[some].all()
        assert ((queues["peak"] > 0) | ~some).all()


def _places(network: Network, station: Station) -> int:
    return 1 if station.per is None else network.level(station.per).count
