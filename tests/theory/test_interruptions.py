"""Pre-emptive priorities, resumed and begun anew, against formulas and cases by hand, on both engines."""

from __future__ import annotations

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Flow, Network, Outage, Poisson, Scheduled, Station, Visit, frozen_floats
from jukinet_sim.theory.priority import mg1_resume_sojourns
from tests.theory.precision import close, replicate, run

EXP = dist.exponential(1.0)


def sojourns(one: Replication) -> list[float]:
    """Return the mean time in the system of the jobs of each flow."""
    times, jobs = one.flow_sums["sojourn"], one.flow_counts["completed"]
    return [float(time) / int(count) for time, count in zip(times, jobs, strict=True)]


def classes(preemptive: str, rates: tuple[float, ...], lasts_s: float) -> Network:
    """M/M/1 with a class for each rate, those before it interrupting it."""
    flows = tuple(Flow(f"class {k}", (Visit("s", EXP),), Poisson(rate), priority=k) for k, rate in enumerate(rates))
    station = Station("s", 1, discipline="priority", preemptive="resume" if preemptive == "resume" else "restart")
    return Network("interrupted", lasts_s, (station,), flows, warm_up_s=200.0)


def test_two_classes_that_resume(engine: EngineName) -> None:
    """The upper class is alone in its world; the lower one stays as Jaiswal's formula says."""
    rates = (0.3, 0.3)
    runs = replicate(engine, lambda lasts_s: classes("resume", rates, lasts_s), 1e6)
    upper, lower = mg1_resume_sojourns(rates, (1.0, 1.0), (1.0, 1.0))
    assert (upper, lower) == pytest.approx((1.0 / 0.7, 1.0 / 0.7 + 0.6 / (0.7 * 0.4)))
    close(engine, [sojourns(one)[0] for one in runs], upper)
    close(engine, [sojourns(one)[1] for one in runs], lower)


def test_services_that_begin_anew_take_longer(engine: EngineName) -> None:
    """A service that begins anew after every interruption takes (E[exp(lam S)] - 1) / lam = 1 / (mu - lam) of the server."""
    runs = replicate(engine, lambda lasts_s: classes("restart", (0.2, 0.4), lasts_s), 1e6)
    busy = [float(one.station_sums["busy_area"][0]) / (one.window_s[1] - one.window_s[0]) for one in runs]
    close(engine, busy, 0.2 + 0.4 / (1.0 - 0.2))


def at(*times_s: float) -> Scheduled:
    """Let jobs come at these instants."""
    return Scheduled(frozen_floats(list(times_s)), (1,) * len(times_s))


@pytest.mark.parametrize(("preemptive", "ends"), [("resume", 6.0), ("restart", 9.0)])
def test_a_service_of_four_seconds_is_interrupted_for_two(engine: EngineName, preemptive: str, ends: float) -> None:
    """Begun at 0 s and interrupted from 3 to 5 s it goes on until 6 s, or begins anew and ends at 9 s."""
    low = Flow("low", (Visit("s", dist.constant(4.0)),), at(0.0), priority=1)
    high = Flow("high", (Visit("s", dist.constant(2.0)),), at(3.0), priority=0)
    station = Station("s", 1, discipline="priority", preemptive="resume" if preemptive == "resume" else "restart")
    one = run(engine, Network("two", 20.0, (station,), (low, high)))
    assert sojourns(one) == [ends, 2.0]
    assert float(one.station_sums["busy_area"][0]) == ends


def test_the_lowest_class_is_interrupted(engine: EngineName) -> None:
    """Of two servers the one with the lowest class is interrupted, and nobody of one's own class."""
    flows = tuple(
        Flow(name, (Visit("s", dist.constant(5.0)),), at(*times_s), priority=rank)
        for name, times_s, rank in (("first", (2.0, 3.0), 0), ("second", (0.0,), 1), ("third", (0.0,), 2))
    )
    one = run(engine, Network("three", 60.0, (Station("s", 2, discipline="priority", preemptive="resume"),), flows))
    # At 2 s the third is interrupted, at 3 s the second; from 7 s on the second goes on, from 8 s on the third.
    assert sojourns(one) == [5.0, 9.0, 11.0]


def test_who_comes_during_an_outage_interrupts_after_it(engine: EngineName) -> None:
    """After an outage the jobs of the highest class have the servers, whoever had them before."""
    low = Flow("low", (Visit("s", dist.constant(4.0)),), at(0.0), priority=1)
    high = Flow("high", (Visit("s", dist.constant(2.0)),), at(3.0), priority=0)
    station = Station("s", 1, outages=(Outage(2.0, 2.0),), discipline="priority", preemptive="resume")
    one = run(engine, Network("out", 20.0, (station,), (low, high)))
    assert sojourns(one) == [8.0, 3.0]
