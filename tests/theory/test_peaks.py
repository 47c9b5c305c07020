"""The busiest hour against hand calculation and against a search over starting times."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    Arrivals,
    Breakdowns,
    Closed,
    ExactCount,
    Flow,
    Gate,
    Network,
    Piecewise,
    PlaceLevel,
    Poisson,
    Schedule,
    Scheduled,
    Sinusoid,
    SpeedFrom,
    Station,
    Visit,
)
from jukinet_sim.theory.peaks import busiest_hour

HOUR = 3600.0
ONE = dist.exponential(1.0)


def one_flow(arrivals: Arrivals, horizon_s: float) -> Network:
    """Build a network whose jobs ask for 1 s at a and .2 s at b, and never come to c."""
    flow = Flow("f", (Visit("a", ONE), Visit("b", dist.constant(0.2))), arrivals)
    return Network("one", horizon_s, tuple(Station(name, 1) for name in "abc"), (flow,))


def test_profiles_that_overlap() -> None:
    """Two flows at their height from 9 to 11 and from 10 to 12 peak together from 10 to 11."""
    day = 24 * HOUR
    morning = Piecewise(np.array([0.0, 9 * HOUR, 11 * HOUR]), np.array([0.1, 1.0, 0.1]), day)
    noon = ExactCount(7200 * 3, np.array([10 * HOUR]), np.array([2.0]), 12 * HOUR)
    flows = (
        Flow("m", (Visit("a", dist.constant(0.5)),), morning),
        Flow("n", (Visit("a", dist.constant(0.1)),), noon),
    )
    peak = busiest_hour(Network("day", 3 * day, (Station("a", 2),), flows))[0]
    assert peak.start_s == pytest.approx(10 * HOUR)
    assert peak.offered_erlangs == pytest.approx(1.0 * 0.5 + 3.0 * 0.1, rel=1e-9)
    assert peak.utilisation == pytest.approx(0.4, rel=1e-9)


def test_a_spike_shorter_than_an_hour_is_averaged() -> None:
    """Twenty minutes at rate 3 among hours at rate 0 weigh as an hour at rate 1, ending with the spike."""
    spike = Piecewise(np.array([0.0, 7200.0, 8400.0]), np.array([0.0, 3.0, 0.0]))
    peak = busiest_hour(one_flow(spike, 20000.0))[0]
    assert peak.offered_erlangs == pytest.approx(1.0, rel=1e-9)
    assert peak.start_s == pytest.approx(8400.0 - HOUR)


def test_first_of_equal_days() -> None:
    """Of many equal days the first one's peak is named."""
    course = Piecewise(np.array([0.0, 30000.0, 40000.0]), np.array([0.1, 0.7, 0.1]), 86400.0)
    peak = busiest_hour(one_flow(course, 275 * 86400.0))[0]
    assert peak.start_s == pytest.approx(30000.0)


def test_steady_flows_peak_at_their_mean() -> None:
    """Without profiles the peak is the offered load, whatever the horizon."""
    for horizon_s in (100.0, 1e6):
        network = one_flow(Poisson(2.0), horizon_s)
        assert [p.offered_erlangs for p in busiest_hour(network)] == pytest.approx([2.0, 0.4, 0.0], rel=1e-9)


def test_maximum_over_all_windows() -> None:
    """No hour of a random course has more load than the one found (checked at 20,000 starting times)."""
    rng = np.random.default_rng(3)
    start_s = np.concatenate([[0.0], np.sort(rng.random(60)) * 86400.0])
    rate = rng.random(61)
    network = one_flow(Piecewise(start_s, rate), 86400.0)
    peak = busiest_hour(network)[0]
    edges = np.append(start_s, 86400.0)
    done = np.concatenate([[0.0], np.cumsum(rate * np.diff(edges))])
    begins = np.linspace(0.0, 86400.0 - HOUR, 20000)
    means = (np.interp(begins + HOUR, edges, done) - np.interp(begins, edges, done)) / HOUR
    assert peak.offered_erlangs >= means.max()
    assert peak.offered_erlangs == pytest.approx(np.interp(peak.start_s, begins, means), rel=1e-3)


def test_peak_of_the_busiest_place() -> None:
    """A station kept per place reports the peak of its busiest place."""
    level = PlaceLevel("town", 2, np.array([1.0, 3.0]))
    course = Piecewise(np.array([0.0, 7200.0]), np.array([0.4, 0.8]), 14400.0)
    flow = Flow("f", (Visit("desk", ONE),), course, origin="town")
    network = Network("places", 86400.0, (Station("desk", 1, per="town"),), (flow,), levels=(level,))
    peak = busiest_hour(network)[0]
    assert (peak.place, peak.start_s) == pytest.approx((1, 7200.0))
    assert peak.offered_erlangs == pytest.approx(0.6, rel=1e-9)


def test_scheduled_jobs_load_the_time_their_visits_take() -> None:
    """Three visits of a second each within an hour are three seconds of that hour, whatever the horizon."""
    network = one_flow(Scheduled(np.array([10.0, 20.0, 30.0]), (1, 1, 1)), 10_000.0)
    assert busiest_hour(network)[0].offered_erlangs == pytest.approx(3.0 / 3600.0, rel=1e-9)


def test_a_long_file_keeps_one_server_busy() -> None:
    """A job that takes hours loads its busiest hour with exactly one server, from its arrival on."""
    visit = Visit("s", dist.constant(1.0), per_record_s=1.0)
    flow = Flow("f", (visit,), Scheduled(np.array([5000.0]), (9_999,)))
    peak = busiest_hour(Network("file", 40_000.0, (Station("s", 4),), (flow,)))[0]
    assert peak.offered_erlangs == pytest.approx(1.0, rel=1e-9)
    assert peak.start_s == pytest.approx(5000.0)


def test_a_table_that_repeats_too_often_counts_at_its_mean() -> None:
    """A pattern of a second, repeated for months, is a steady rate as far as hours are concerned."""
    blink = Piecewise(np.array([0.0, 0.25]), np.array([0.0, 1.0]), 1.0)
    peak = busiest_hour(one_flow(blink, 100 * 86400.0))[0]
    assert peak.offered_erlangs == pytest.approx(0.75, rel=1e-9)


def test_a_wave_peaks_around_its_crest() -> None:
    """The busiest hour of a day's sinusoid is around six o'clock, with the mean of the wave over it, to 1 in 1,000."""
    wave = Sinusoid(0.5, 0.4, 24 * HOUR)
    peak = busiest_hour(one_flow(wave, 48 * HOUR))[0]
    turn = 2.0 * np.pi / (24 * HOUR)
    crest = 0.5 + 0.4 * np.sin(turn * HOUR / 2.0) / (turn * HOUR / 2.0)
    assert peak.offered_erlangs == pytest.approx(crest, rel=1e-3)
    assert peak.start_s == pytest.approx(5.5 * HOUR)


def test_a_fast_wave_counts_at_its_mean() -> None:
    """A wave of seconds over months is a steady rate as far as hours are concerned."""
    peak = busiest_hour(one_flow(Sinusoid(0.5, 0.4, 10.0), 1e7))[0]
    assert peak.offered_erlangs == pytest.approx(0.5, rel=1e-6)


def with_station(station: Station, arrivals: Arrivals, horizon_s: float) -> Network:
    """Build a network whose jobs ask for 1 s at this station."""
    return Network("one", horizon_s, (station,), (Flow("f", (Visit(station.name, ONE),), arrivals),))


def test_servers_on_a_schedule_make_the_peak() -> None:
    """Under a steady load the busiest hour is the first one of the night, with one server in place of four."""
    night = Schedule((0.0, 8 * HOUR, 20 * HOUR), (1, 4, 1), 24 * HOUR)
    peak = busiest_hour(with_station(Station("s", 4, schedule=night), Poisson(0.9), 72 * HOUR))[0]
    assert (peak.start_s, peak.servers, peak.utilisation) == pytest.approx((0.0, 1.0, 0.9), rel=1e-9)


def test_load_and_servers_weigh_against_each_other() -> None:
    """Half the load on a quarter of the servers is busier than all the load on all of them."""
    course = Piecewise(np.array([0.0, 10 * HOUR]), np.array([2.0, 1.0]))
    schedule = Schedule((0.0, 15 * HOUR), (4, 1))
    peak = busiest_hour(with_station(Station("s", 4, schedule=schedule), course, 20 * HOUR))[0]
    assert (peak.start_s, peak.utilisation) == pytest.approx((15 * HOUR, 1.0), rel=1e-9)


def test_an_hour_without_servers_is_infinitely_busy() -> None:
    """Arrivals while nobody works have nobody to go to, and the first such hour is named."""
    office = Schedule((0.0, 8 * HOUR), (1, 0), 24 * HOUR)
    peak = busiest_hour(with_station(Station("s", 1, schedule=office), Poisson(0.1), 48 * HOUR))[0]
    assert (peak.start_s, peak.servers, peak.utilisation) == (8 * HOUR, 0.0, np.inf)


def test_slow_and_failing_servers_count_for_less() -> None:
    """At half speed, and working for .8 of the time, a server does .4 of its work from then on."""
    fails = Breakdowns(dist.constant(8.0), dist.constant(2.0))
    station = Station("s", 1, breakdowns=fails, speed=(SpeedFrom(5 * HOUR, 0.5),))
    peak = busiest_hour(with_station(station, Poisson(0.2), 10 * HOUR))[0]
    assert (peak.start_s, peak.servers) == pytest.approx((5 * HOUR, 0.4), rel=1e-9)
    assert peak.utilisation == pytest.approx(0.5, rel=1e-9)


def test_a_closed_flow_peaks_at_what_the_station_can_do() -> None:
    """A hundred jobs that hardly think keep one server busy, not more."""
    peak = busiest_hour(with_station(Station("s", 1), Closed(100, dist.constant(1.0)), 10_000.0))[0]
    assert peak.utilisation == pytest.approx(1.0, rel=1e-9)


def test_work_that_waits_for_a_gate_needs_no_server_before_it_opens() -> None:
    """Calls of the night are put off to the morning by their gate; without it the station is asked for them in vain."""
    night = Scheduled(np.array([2.0 * HOUR]), (1,))
    day = Piecewise(np.array([0.0, 8 * HOUR, 16 * HOUR]), np.array([0.0, 0.1, 0.0]))
    gate = Gate(np.array([8.0 * HOUR]), np.array([16.0 * HOUR]))
    timetable = Schedule((0.0, 8 * HOUR, 16 * HOUR), (0, 1, 0))
    visit = Visit("desk", dist.constant(1.0))
    for route, servers in (((gate, visit), 1.0), ((visit,), 0.0)):
        flows = (Flow("calls", route, night), Flow("others", (visit,), day))
        network = Network("desk", 24 * HOUR, (Station("desk", 1, schedule=timetable),), flows)
        (peak,) = busiest_hour(network)
        assert peak.servers == servers
